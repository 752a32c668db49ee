"""The shipped report, the bundled model, and a scripted stand-in for a language model that writes hand-made answers.

`held/true.jsonl` holds true statements as models word them, `held/planted.jsonl` answers with planted false figures,
`held/unmarked.jsonl` inventions without a mark; the two `fresh` files were written after the rules, as a check.
In an answer, [p11] stands for the passage of paragraph 11.
Counts are printed: python -m pytest tests/qa/test_held.py -rP
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Index, IndexConfig
from qa import Answer, Answerer, QaConfig
from qa.prompt import Prompt

HELD = Path(__file__).parent / "held"


class StandIn:
    """Writes the answer of the line whose question it is asked, with the passage's number for every [p...]."""

    def __init__(self, index: Index, answer: str) -> None:
        self.texts = {one.number: one.text for one in index.reports()[0].paragraphs}
        self.written = answer

    def pieces(self, prompt: Prompt) -> Iterator[str]:
        shown = prompt.messages[-1].content
        passages = re.findall(r"^\[(\d+)\] .*\n(.*)$", shown, re.MULTILINE)
        numbers = {text: number for number, text in passages}

        def mark(found: re.Match[str]) -> str:
            text = self.texts[int(found[1])]
            return f"[{numbers.get(text, '99')}]"

        yield re.sub(r"\[p(\d+)\]", mark, self.written)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, shipped_report: Path) -> Iterator[Index]:
    with Index.open(IndexConfig(tmp_path_factory.mktemp("held") / "library")) as opened:
        opened.add([shipped_report])
        yield opened


def lines(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (HELD / name).read_text("utf-8").splitlines()]


def answered(index: Index, question: object, text: object) -> Answer:
    return Answerer(index, QaConfig(top=40), StandIn(index, str(text))).answer(str(question))


def flagged(answer: Answer) -> list[str]:
    return [f"{answer.text[flag.start : flag.end]}  <- {flag.reason} {flag.detail}" for flag in answer.flags]


def marks(text: object) -> int:
    return len(re.findall(r"\[p\d+\]", str(text)))


@pytest.mark.parametrize(("name", "least", "most"), [("true.jsonl", 200, 6), ("fresh_true.jsonl", 40, 1)])
def test_of_200_true_statements_at_most_6_are_flagged(index: Index, name: str, least: int, most: int) -> None:
    cases = lines(name)
    wrong = [told for case in cases for told in flagged(answered(index, case["question"], case["answer"]))]
    written = sum(marks(case["answer"]) for case in cases)
    print(f"{name}: true statements: {written}, wrongly flagged: {len(wrong)}", *wrong, sep="\n  ")
    assert written >= least
    assert len(wrong) <= most


def test_every_mark_of_a_true_statement_leads_to_the_paragraph_it_names(index: Index) -> None:
    texts = {one.number: one.text for one in index.reports()[0].paragraphs}
    for case in lines("true.jsonl"):
        named = [int(number) for number in re.findall(r"\[p(\d+)\]", str(case["answer"]))]
        answer = answered(index, case["question"], case["answer"])
        cited = {one.mark: one for one in answer.citations}
        assert [cited[int(mark)].paragraph for mark in re.findall(r"\[(\d+)\]", answer.text)] == named
        assert all(texts[one.paragraph][one.start : one.end] == one.quote for one in answer.citations)


@pytest.mark.parametrize(("name", "least", "share"), [("planted.jsonl", 100, 0.95), ("fresh_planted.jsonl", 36, 0.88)])
def test_of_100_planted_false_figures_at_least_95_are_flagged(
    index: Index, name: str, least: int, share: float
) -> None:
    planted = found = others = 0
    missed = []
    for case in lines(name):
        answer = answered(index, case["question"], case["answer"])
        doubted = [answer.text[flag.start : flag.end] for flag in answer.flags]
        pieces = [str(piece) for piece in case["planted"]]  # type: ignore[attr-defined]
        hit = [piece for piece in pieces if any(piece in sentence for sentence in doubted)]
        planted, found = planted + len(pieces), found + len(hit)
        missed += [f"{piece}: {answer.text}" for piece in pieces if piece not in hit]
        others += sum(not any(piece in sentence for piece in pieces) for sentence in doubted)
    told = f"{name}: planted false figures: {planted}, flagged: {found}, true sentences beside them flagged: {others}"
    print(told, *missed, sep="\n  ")
    assert planted >= least
    assert found >= share * planted
    assert others <= 2


def test_an_invention_without_a_mark_is_flagged_and_a_true_statement_without_one_gets_its_mark(index: Index) -> None:
    inventions = [answered(index, case["question"], case["text"]) for case in lines("unmarked.jsonl")]
    caught = sum(bool(answer.flags) for answer in inventions)
    unmarked = [(case["question"], re.sub(r" ?\[p\d+\]", "", str(case["answer"]))) for case in lines("true.jsonl")]
    written = sum(marks(case["answer"]) for case in lines("true.jsonl"))
    wrong = [told for question, text in unmarked for told in flagged(answered(index, question, text))]
    print(f"inventions: {len(inventions)}, flagged: {caught}; true statements: {written}, flagged: {len(wrong)}")
    assert caught >= 0.9 * len(inventions)
    assert len(wrong) <= 0.08 * written
