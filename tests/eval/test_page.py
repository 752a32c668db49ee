import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from eval.look import FAULTS, NAMES
from eval.measure import MEASURES, calibration_of, measure_all, measure_kinds, measure_steps
from eval.metrics import risk_coverage
from eval.page import render
from eval.records import Fault, Given, Outcome, Place, Quote, Retrieved, Scorecard
from qa import Turn

Make = Callable[..., Outcome]
MakeGiven = Callable[..., Given]
MakeCard = Callable[..., Scorecard]

ATTACK = '<script>alert(1)</script><img src="https://evil.example/x">&"\''


class Tags(HTMLParser):
    """Collects the tags of a page and how deep they are still open at its end."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in {"meta"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def full(card: Scorecard) -> Scorecard:
    outcomes = card.outcomes
    return replace(
        card,
        metrics=measure_all(outcomes),
        kinds=measure_kinds(outcomes),
        steps=measure_steps(outcomes),
        calibration=calibration_of(outcomes),
        risk_coverage=risk_coverage(outcomes),
    )


@pytest.fixture
def failed(make_outcome: Make, make_given: MakeGiven) -> Outcome:
    """A failed case whose every text tries to break out of the page."""
    quotes = (Quote(Place(ATTACK, 3), ATTACK, True, False),)
    outcome = make_outcome("bad" + ATTACK, kind=ATTACK, question=ATTACK, fault=Fault.SENTENCE, ranks=(2,))
    case = replace(outcome.case, evidence=(ATTACK,), answers=(ATTACK,), history=(Turn(ATTACK, ATTACK),))
    hits = (Retrieved(Place(ATTACK, 1), 0.4, ATTACK, True),)
    return replace(outcome, case=case, retrieved=hits, given=make_given(text=ATTACK, quotes=quotes))


def test_nothing_is_fetched_and_nothing_runs(failed: Outcome, make_card: MakeCard) -> None:
    page = render(full(make_card(failed)))
    tags = Tags(page)
    assert not {"script", "img", "link", "iframe", "object", "image", "use", "a"} & set(tags.names)
    assert not {"src", "href", "onload", "onclick"} & tags.attributes
    assert not re.search(r"url\(|@import", page)
    assert tags.open == []


def test_every_text_is_escaped(failed: Outcome, make_card: MakeCard) -> None:
    card = full(make_card(failed))
    origin = replace(card.origin, set_name=ATTACK, embedder=ATTACK, machine=ATTACK)
    page = render(replace(card, origin=origin))
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("&lt;script&gt;") >= 12


def test_a_failed_case_tells_evidence_ranks_and_the_step_that_failed(
    make_outcome: Make, make_given: MakeGiven, make_card: MakeCard
) -> None:
    hits = (Retrieved(Place("r", 8), 0.9, "别的段落", False), Retrieved(Place("r", 1), 0.4, "对的段落", True))
    bad = make_outcome("bad", ranks=(2,), retrieved=hits, fault=Fault.SENTENCE, given=make_given(confidence=0.61))
    page = render(full(make_card(bad, make_outcome("good", given=make_given()))))
    assert "Failed cases (1 / 2)" in page
    for told in ("答案在此。", "选错句子 wrong sentence", "<dd>2</dd>", "0.61", "1. r §8 (0.90) 别的段落"):
        assert told in page
    assert "class=right>2. r §1" in page


def test_figures_stand_with_their_interval_and_count(make_outcome: Make, make_card: MakeCard) -> None:
    page = render(full(make_card(make_outcome("a"), make_outcome("b", ranks=(2,)))))
    assert '首位命中 recall@1</td><td class="n">0.500</td><td class="n">0.000 – 1.000</td><td class="n">2</td>' in page


def test_a_card_without_answers_or_failures_makes_a_page(make_outcome: Make, make_card: MakeCard) -> None:
    assert "searched only" in render(full(make_card(make_outcome())))


def test_every_measure_and_every_fault_has_a_name() -> None:
    assert {measure.name for measure in MEASURES} == set(NAMES)
    assert {*FAULTS, Fault.NONE} == set(Fault)
