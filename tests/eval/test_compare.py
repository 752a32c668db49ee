from collections.abc import Callable

import numpy as np
import pytest

from eval.compare import Change, Comparison, Flip, compare, randomisation_p
from eval.measure import MEASURES
from eval.records import Fault, Given, Outcome, Quote, Scorecard
from index import WenjuError

Make = Callable[..., Outcome]
MakeGiven = Callable[..., Given]
MakeCard = Callable[..., Scorecard]


def changes(comparison: Comparison) -> dict[str, Change]:
    return {change.name: change for change in comparison.changes}


def recalled(make_outcome: Make, *first: bool) -> list[Outcome]:
    return [make_outcome(str(at), ranks=(1,) if right else ()) for at, right in enumerate(first)]


def test_identical_cards_show_no_change(make_outcome: Make, make_card: MakeCard) -> None:
    card = make_card(*recalled(make_outcome, True, False, True))
    comparison = compare(card, card)
    assert {(change.p, change.verdict) for change in comparison.changes} == {(1.0, "")}
    assert (comparison.shared, comparison.mended, comparison.broken) == (3, (), ())


def test_a_clear_win_is_better_and_its_reverse_is_worse(make_outcome: Make, make_card: MakeCard) -> None:
    poor = make_card(*recalled(make_outcome, *[False] * 40))
    good = make_card(*recalled(make_outcome, *[True] * 30, *[False] * 10))
    won, lost = changes(compare(poor, good))["recall@1"], changes(compare(good, poor))["recall@1"]
    assert (won.before, won.after, won.verdict) == (0.0, 0.75, "better")
    assert lost.verdict == "worse"
    assert won.p is not None
    assert won.p < 0.001


def test_one_case_more_is_no_more_than_chance(make_outcome: Make, make_card: MakeCard) -> None:
    before = make_card(*recalled(make_outcome, *[True] * 20, *[False] * 20))
    after = make_card(*recalled(make_outcome, *[True] * 21, *[False] * 19))
    change = changes(compare(before, after))["recall@1"]
    assert (change.p, change.verdict) == (1.0, "")


def test_the_p_value_is_the_share_of_swaps_that_reach_the_difference() -> None:
    # Three cases of three differ, all one way: of the 8 ways to swap them 2 reach the difference.
    recall = next(measure for measure in MEASURES if measure.name == "recall@1")
    before, after = np.zeros((3, 1)), np.ones((3, 1))
    assert randomisation_p(recall, before, after) == pytest.approx(2 / 8, abs=0.03)


def test_a_broken_quotation_is_worse_without_regard_to_chance(
    make_outcome: Make, make_given: MakeGiven, make_card: MakeCard
) -> None:
    sound = make_given()
    altered = make_given(quotes=(Quote(sound.quotes[0].place, "改", verbatim=False, supports=True),))
    before = make_card(*(make_outcome(str(at), given=sound) for at in range(50)))
    after = make_card(*(make_outcome(str(at), given=altered if at == 7 else sound) for at in range(50)))
    assert changes(compare(before, after))["verbatim"].verdict == "worse"
    assert changes(compare(after, before))["verbatim"].verdict == ""


def test_time_gets_no_verdict(make_outcome: Make, make_given: MakeGiven, make_card: MakeCard) -> None:
    quick = make_card(*(make_outcome(str(at), given=make_given(seconds=0.1)) for at in range(50)))
    slow = make_card(*(make_outcome(str(at), given=make_given(seconds=9.0)) for at in range(50)))
    change = changes(compare(quick, slow))["seconds_p50"]
    assert (change.before, change.after, change.p, change.verdict) == (0.1, 9.0, None, "")


def test_flipped_cases_are_told_both_ways(make_outcome: Make, make_card: MakeCard) -> None:
    before = make_card(make_outcome("a", fault=Fault.TEXT), make_outcome("b"), make_outcome("c", fault=Fault.RANKED))
    after = make_card(make_outcome("a"), make_outcome("b", fault=Fault.REFUSED), make_outcome("c", fault=Fault.TEXT))
    comparison = compare(before, after)
    assert comparison.mended == (Flip("a", "问题?", Fault.TEXT, Fault.NONE),)
    assert comparison.broken == (Flip("b", "问题?", Fault.NONE, Fault.REFUSED),)


def test_only_cases_of_the_same_question_are_paired(make_outcome: Make, make_card: MakeCard) -> None:
    before = make_card(make_outcome("a"), make_outcome("b"), make_outcome("old"))
    after = make_card(make_outcome("a"), make_outcome("b", question="另问?"), make_outcome("new"))
    assert compare(before, after).shared == 1


def test_cards_without_a_shared_case_are_refused(make_outcome: Make, make_card: MakeCard) -> None:
    with pytest.raises(WenjuError, match="share no case"):
        compare(make_card(make_outcome("a")), make_card(make_outcome("b")))


def test_a_metric_that_one_card_lacks_is_left_out(
    make_outcome: Make, make_given: MakeGiven, make_card: MakeCard
) -> None:
    searched, answered = make_card(make_outcome()), make_card(make_outcome(given=make_given()))
    assert "holds_answer" not in changes(compare(searched, answered))
