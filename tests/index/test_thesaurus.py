"""What the thesaurus promises: a report's words for everyday ones, whole words only, the longest first."""

import pytest

from index.config import THESAURUS
from index.fold import fold
from index.thesaurus import Thesaurus, ThesaurusError

LINES = [
    "# housing",
    "老房子装电梯|旧楼装电梯 / 既有多层住宅加装电梯|加装电梯 / adding lifts to old buildings|lift",
    "",
    "搬家|装电梯 / 动迁 / moving house",
]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("老房子装电梯了吗?", ("既有多层住宅加装电梯", "加装电梯")),
        ("我要搬家,旧楼装电梯", ("动迁", "既有多层住宅加装电梯", "加装电梯")),
        ("装电梯", ("动迁",)),
        ("加装电梯多少台?", ("既有多层住宅加装电梯",)),
        ("how many lifts were added?", ("既有多层住宅加装电梯", "加装电梯")),
        ("was it uplifting?", ()),
        ("anything about moving house?", ("动迁",)),
        ("今天天气?", ()),
        ("", ()),
    ],
)
def test_a_question_is_said_in_the_reports_words(question: str, words: tuple[str, ...]) -> None:
    assert Thesaurus(LINES).official(question) == words


@pytest.mark.parametrize("line", ["只有一部分", "甲 / 乙", "甲 /  / c", "甲 / 乙 / c / d"])
def test_a_line_that_is_no_concept_is_named(line: str) -> None:
    with pytest.raises(ThesaurusError, match="Line 2 of the thesaurus"):
        Thesaurus(["# field", line])


def test_an_empty_list_says_nothing() -> None:
    assert Thesaurus([]).official("搬家") == ()


def test_the_list_that_ships_holds_three_thousand_concepts_in_one_form() -> None:
    lines = [line for line in fold(THESAURUS.read_text("utf-8")).splitlines() if not line.startswith("#")]
    assert len(lines) >= 3000
    assert "电梯" in " ".join(Thesaurus(lines).official("老房子装电梯"))
