"""What the window says: both languages of every phrase, and examples that the shipped report answers."""

import json
import re
from pathlib import Path

import pytest

from index import Index, IndexConfig
from qa import Answerer
from web.terms import EXAMPLES, FAULTS, KINDS, METRICS, SPLITS, STEPS
from web.words import WORDS, both, choice, script_words

# What the report says to each example, in their order.
SAID = ("6家", "华为", "6万多户", "8.3公里", "民主协商机制", "7.1 公里")


@pytest.mark.parametrize("table", [WORDS, STEPS, METRICS, FAULTS, KINDS, SPLITS])
def test_every_phrase_has_both_languages_with_the_same_blanks(table: dict[str, tuple[str, str]]) -> None:
    for chinese, english in table.values():
        assert chinese
        assert english
        assert not re.search(r"[\u4e00-\u9fff]", english)
        assert set(re.findall(r"{\w+}", chinese)) == set(re.findall(r"{\w+}", english))


def test_a_blank_is_filled_with_text_that_cannot_run() -> None:
    assert both("rewritten", question="<b>") == (
        '<span class="zh" lang="zh-CN">已补全为：&lt;b&gt;</span><span class="en" lang="en">Read as: &lt;b&gt;</span>'
    )


def test_the_scripts_phrases_cannot_end_its_element() -> None:
    assert "<" not in script_words()
    assert json.loads(script_words())["placeholder"][0] == "就报告提问，回车发送"


def test_the_shipped_report_answers_every_example_in_both_languages(shipped_report: Path, tmp_path: Path) -> None:
    with Index.open(IndexConfig(tmp_path / "library")) as index:
        index.add([shipped_report])
        answerer = Answerer(index)
        for (_, questions), said in zip(EXAMPLES, SAID, strict=True):
            for question in questions:
                answer = answerer.answer(question)
                assert not answer.refused, question
                assert said in answer.text, question


def test_a_choice_carries_both_languages_and_what_is_chosen() -> None:
    assert choice("kind", "kind_of", [("a<", ("甲", "A")), ("b", ("乙", "B"))], chosen="b") == (
        '<label class="choice"><span class="unseen"><span class="zh" lang="zh-CN">题型</span>'
        '<span class="en" lang="en">Kind</span></span><select id="kind">'
        '<option value="a&lt;" data-zh="甲" data-en="A">甲</option>'
        '<option value="b" data-zh="乙" data-en="B" selected>乙</option></select></label>'
    )
