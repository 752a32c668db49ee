"""What the tests of the room share: hand-made cases, paragraphs, outcomes and scorecards."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from eval.records import Case, Fault, Given, Match, Origin, Outcome, Place, Quote, Scorecard
from index import Hit, Index, Paragraph, Report
from index.records import RankScores, Sentence
from qa import Answer, Citation, Mode, StepTime

QUOTE = Quote(Place("r", 1), "答案在此。", verbatim=True, supports=True)


def paragraph(number: int, text: str, report: str = "r") -> Paragraph:
    return Paragraph(report, number, (), text, (Sentence(0, len(text)),))


def report_of(*texts: str) -> Report:
    paragraphs = tuple(paragraph(number, text) for number, text in enumerate(texts, 1))
    return Report("r", "报告", "", (), (), "", "", "", paragraphs)


def hit(number: int, text: str, score: float = 1.0) -> Hit:
    return Hit(paragraph(number, text), "报告", score, RankScores(None, None, None))


def citation(number: int, text: str, quote: str) -> Citation:
    start = text.find(quote)
    return Citation(1, "r", "报告", (), number, start, start + len(quote), quote)


def answer_of(text: str, citations: tuple[Citation, ...] = (), hits: tuple[Hit, ...] = (), **facts: object) -> Answer:
    whole = Answer("问", "问", text, "", False, 0.9, Mode.EXTRACTIVE, citations, hits, (), (StepTime("cite", 0.1),))
    return replace(whole, **facts)  # type: ignore[arg-type]


def given_of(**facts: object) -> Given:
    whole = Given("答案在此。[1]", 5, False, 0.9, Match(True, 1.0, True), (QUOTE,), 1.0, 0.2, (StepTime("cite", 0.1),))
    return replace(whole, **facts)  # type: ignore[arg-type]


def outcome_of(name: str = "c1", ranks: tuple[int, ...] = (1,), given: Given | None = None, **facts: object) -> Outcome:
    """An answerable case that went well, but for what is given; `answerable`, `kind` and `question` are the case's."""
    case = Case(name, "问题?", ("答案在此。",), ("答案",))
    of_case = {field: facts.pop(field) for field in ("answerable", "kind", "question") if field in facts}
    whole = Outcome(replace(case, **of_case), ranks, 1, (), given, Fault.NONE)  # type: ignore[arg-type]
    return replace(whole, **facts)  # type: ignore[arg-type]


def card_of(*outcomes: Outcome) -> Scorecard:
    origin = Origin("set", "ab12", "dev", "extractive", "c0ffee", 3, "bundled", "one core", "2026-01-01", ())
    return Scorecard(origin, (), (), (), (), (), outcomes)


@pytest.fixture(scope="session")
def shipped_sentences(shipped_report: Path) -> list[str]:
    """The sentences of the report that ships, cut as a library cuts them."""
    texts = [line.strip() for line in shipped_report.read_text("utf-8").splitlines() if line.strip()]
    paragraphs = Index.make_report("shipped", "", texts).paragraphs
    return [one.text[cut.start : cut.end] for one in paragraphs for cut in one.sentences]


@pytest.fixture
def make_outcome() -> Callable[..., Outcome]:
    return outcome_of


@pytest.fixture
def make_given() -> Callable[..., Given]:
    return given_of


@pytest.fixture
def make_card() -> Callable[..., Scorecard]:
    return card_of


@pytest.fixture
def make_answer() -> Callable[..., Answer]:
    return answer_of


@pytest.fixture
def make_citation() -> Callable[..., Citation]:
    return citation


@pytest.fixture
def make_hit() -> Callable[..., Hit]:
    return hit


@pytest.fixture
def make_report() -> Callable[..., Report]:
    return report_of
