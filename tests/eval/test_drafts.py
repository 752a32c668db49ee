import json
from collections.abc import Callable
from pathlib import Path

import pytest

from eval.cases import read_set
from eval.drafts import Draft, DraftError, Drafts
from eval.records import Status
from index import Index, Report, WenjuError

TEXTS = (
    "新增供应租赁住房527套。因地制宜提供助医、助餐、助浴等服务。",
    "我区在2018年成功创建全国文明城区。重点推动38个旧改项目。",
    "滨江地区成为全市首批低碳示范区。坚持以人民为中心。",
)
HOMES = "新增供应租赁住房多少套\uff1f"


class FakeWriter:
    """Writes what it was handed, and keeps what it was shown."""

    def __init__(self, *written: str) -> None:
        self.written, self.shown = written, list[str]()

    def write(self, instruction: str, text: str) -> str:
        assert "JSON" in instruction
        self.shown.append(text)
        return "\n".join(self.written)


def line(question: str, answer: str) -> str:
    return json.dumps({"question": question, "answer": answer}, ensure_ascii=False)


@pytest.fixture
def report() -> Report:
    return Index.make_report("r", "报告", TEXTS)


@pytest.fixture
def drafts(tmp_path: Path) -> Drafts:
    return Drafts(tmp_path)


def test_a_report_is_asked_for_what_its_sentences_say(drafts: Drafts, report: Report) -> None:
    assert [
        (one.question.rstrip("\uff1f"), one.answers, one.kind, one.paragraph) for one in drafts.propose(report)
    ] == [
        ("新增供应租赁住房多少套", ("527套",), "figure", 1),
        ("因地制宜提供哪些服务", ("助医、助餐、助浴",), "list", 1),
        ("我区哪一年成功创建全国文明城区", ("2018年",), "date", 2),
        ("重点推动多少个旧改项目", ("38个",), "figure", 2),
        ("滨江地区成为全市首批什么", ("低碳示范区",), "name", 3),
    ]


def test_a_few_drafts_are_of_all_kinds(drafts: Drafts, report: Report) -> None:
    assert [one.kind for one in drafts.propose(report, 4)] == ["figure", "list", "date", "name"]


def test_what_was_proposed_once_is_not_proposed_again(drafts: Drafts, report: Report) -> None:
    first = drafts.propose(report, 2)
    drafts.reject(first[0].id)
    second = drafts.propose(report, 0)
    assert (len(first), len(second)) == (2, 3)
    assert not {one.question for one in first} & {one.question for one in second}
    assert drafts.propose(report) == ()


def test_a_question_that_two_sentences_answer_is_not_asked(drafts: Drafts) -> None:
    twice = Index.make_report("r", "", ("新增供应租赁住房527套。", "新增供应租赁住房300套。"))
    assert drafts.propose(twice) == ()


def test_drafts_count_once_they_are_accepted(drafts: Drafts, report: Report) -> None:
    kept, refused, *_ = drafts.propose(report)
    with pytest.raises(WenjuError, match="5 drafts and no accepted case"):
        read_set(drafts.path)
    assert drafts.accept(kept.id).status is Status.ACCEPTED
    assert drafts.reject(refused.id).status is Status.REJECTED
    case_set = read_set(drafts.path)
    (case,) = case_set.cases
    assert (case.question, case.evidence, case.answers) == (HOMES, ("新增供应租赁住房527套。",), ("527套",))
    assert (case_set.drafts, case_set.problems) == (4, ())


def test_an_edited_draft_still_has_to_be_accepted(drafts: Drafts, report: Report) -> None:
    first = drafts.propose(report)[0]
    edited = drafts.edit(first.id, " 建了多少套租赁房? ", ["527"])
    assert (edited.question, edited.answers, edited.status) == ("建了多少套租赁房?", ("527",), Status.DRAFT)
    assert drafts.all()[0] == edited
    assert drafts.edit(first.id, "多少套租赁房?").answers == ("527",)


def test_bad_edits_are_one_sentence(drafts: Drafts, report: Report) -> None:
    first, second, *_ = drafts.propose(report)
    with pytest.raises(DraftError, match="question is empty"):
        drafts.edit(first.id, " ")
    with pytest.raises(DraftError, match=r"asks .* already"):
        drafts.edit(first.id, second.question)
    with pytest.raises(DraftError, match="'999套' is not in the sentence"):
        drafts.edit(first.id, "多少套?", ["999套"])
    with pytest.raises(DraftError, match="There is no draft 'none'"):
        drafts.accept("none")


def test_a_broken_draft_is_named_by_its_line(drafts: Drafts, report: Report) -> None:
    drafts.propose(report, 1)
    with drafts.path.open("a", encoding="utf-8") as file:
        file.write('{"id": "x"}\n')
    with pytest.raises(DraftError, match=r"line 2, is no draft .*mend the line"):
        drafts.all()


def test_a_file_may_be_named_instead_of_a_library(tmp_path: Path, report: Report) -> None:
    path = tmp_path / "mine.jsonl"
    Drafts(path).propose(report, 1)
    assert isinstance(Drafts(path).all()[0], Draft)


def test_a_language_models_questions_are_kept_where_a_sentence_proves_them(drafts: Drafts, report: Report) -> None:
    writer = FakeWriter(
        "好的:",
        line("新添了几套租赁房?", "527套"),
        line("建了几所学校?", "12所"),  # the paragraph does not say
        line("527套是什么?", "527套"),  # tells its own answer
        '{"question": "半个',
        line("", "527套"),
    )
    (draft,) = drafts.propose(report, 1, writer)
    assert writer.shown == [TEXTS[0]]
    assert (draft.question, draft.answers, draft.kind) == ("新添了几套租赁房?", ("527套",), "model")
    assert draft.evidence == "新增供应租赁住房527套。"


def test_a_model_that_is_away_is_told(drafts: Drafts, report: Report, make_report: Callable[..., Report]) -> None:
    class Away:
        def write(self, instruction: str, text: str) -> str:
            raise WenjuError("The model is away.")

    with pytest.raises(WenjuError, match="away"):
        drafts.propose(report, 1, Away())
    assert drafts.all() == ()
