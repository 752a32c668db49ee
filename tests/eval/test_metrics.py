"""Every formula against a value worked out by hand; nDCG also against a well-kept library where it is installed."""

from collections.abc import Callable
from functools import partial
from math import log2

import numpy as np
import pytest

from eval import metrics
from eval.records import CurvePoint, Fault, Given, Match, Outcome, Place, Quote

Make = Callable[..., Outcome]
MakeGiven = Callable[..., Given]


def rows(*values: tuple[float, ...]) -> metrics.Floats:
    return np.array(values, dtype=np.float64)


def test_recall_counts_a_right_paragraph_among_the_first_k(make_outcome: Make) -> None:
    assert metrics.recall_row(make_outcome(ranks=(3, 7)), 3) == (1.0,)
    assert metrics.recall_row(make_outcome(ranks=(3, 7)), 1) == (0.0,)
    assert metrics.recall_row(make_outcome(ranks=()), 10) == (0.0,)


def test_reciprocal_rank_is_that_of_the_first_right_paragraph(make_outcome: Make) -> None:
    assert metrics.reciprocal_rank_row(make_outcome(ranks=(4, 5))) == (0.25,)
    assert metrics.reciprocal_rank_row(make_outcome(ranks=())) == (0.0,)


def test_ndcg_discounts_by_the_logarithm_of_the_rank(make_outcome: Make) -> None:
    gained = 1 / log2(3) + 1 / log2(6)  # right at ranks 2 and 5
    ideal = 1 + 1 / log2(3) + 1 / log2(4)  # three right paragraphs at ranks 1, 2, 3
    assert metrics.ndcg_row(make_outcome(ranks=(2, 5), right=3))[0] == pytest.approx(gained / ideal)
    assert gained / ideal == pytest.approx(0.477623, abs=1e-6)
    assert metrics.ndcg_row(make_outcome(ranks=(1,), right=1)) == (1.0,)
    assert metrics.ndcg_row(make_outcome(ranks=(), right=0)) == (0.0,)


def test_ndcg_and_reciprocal_rank_agree_with_trec_eval(make_outcome: Make) -> None:
    trec_eval = pytest.importorskip("pytrec_eval", reason="the test extra brings pytrec-eval-terrier")
    random = np.random.default_rng(5)
    for _ in range(50):
        right = sorted(int(rank) for rank in random.choice(30, size=random.integers(1, 15), replace=False) + 1)
        ranks = tuple(rank for rank in right if rank <= 10)
        qrels = {"q": {f"d{rank}": 1 for rank in right}}
        ten = {"q": {f"d{rank}": 100.0 - rank for rank in range(1, 11)}}
        judged = trec_eval.RelevanceEvaluator(qrels, {"ndcg_cut_10", "recip_rank", "success_1,3,5,10"}).evaluate(ten)[
            "q"
        ]
        outcome = make_outcome(ranks=ranks, right=len(right))
        assert metrics.ndcg_row(outcome)[0] == pytest.approx(judged["ndcg_cut_10"])
        assert metrics.reciprocal_rank_row(outcome)[0] == pytest.approx(judged["recip_rank"])
        for cutoff in (1, 3, 5, 10):
            assert metrics.recall_row(outcome, cutoff)[0] == judged[f"success_{cutoff}"]


@pytest.mark.parametrize(
    "row", [partial(metrics.recall_row, cutoff=1), metrics.reciprocal_rank_row, metrics.ndcg_row, metrics.length_row]
)
def test_unanswerable_cases_do_not_count_for_retrieval(
    row: Callable[[Outcome], metrics.Row], make_outcome: Make, make_given: MakeGiven
) -> None:
    assert np.isnan(row(make_outcome(answerable=False, given=make_given()))[0])


def test_a_refusal_matches_no_answer_but_has_no_length(make_outcome: Make, make_given: MakeGiven) -> None:
    refused = make_outcome(given=make_given(refused=True))
    assert metrics.match_row(refused, lambda match: match.f1) == (0.0,)
    assert np.isnan(metrics.length_row(refused)[0])
    assert metrics.length_row(make_outcome(given=make_given(length=7))) == (7.0,)
    assert metrics.match_row(make_outcome(given=make_given(match=Match(False, 0.4, True))), lambda m: m.f1) == (0.4,)


def test_one_altered_quote_breaks_an_answers_promise(make_outcome: Make, make_given: MakeGiven) -> None:
    good, altered = Quote(Place("r", 1), "甲", True, True), Quote(Place("r", 1), "乙", False, True)
    assert metrics.verbatim_row(make_outcome(given=make_given(quotes=(good, good)))) == (1.0,)
    assert metrics.verbatim_row(make_outcome(given=make_given(quotes=(good, altered)))) == (0.0,)
    assert np.isnan(metrics.verbatim_row(make_outcome(given=make_given(quotes=())))[0])


def test_citation_precision_is_the_share_of_quotes_on_gold_evidence(make_outcome: Make, make_given: MakeGiven) -> None:
    on, off = Quote(Place("r", 1), "甲", True, True), Quote(Place("r", 2), "乙", True, False)
    assert metrics.citation_precision_row(make_outcome(given=make_given(quotes=(on, off, off)))) == (1 / 3,)


def test_citation_recall_of_a_wrong_refusal_is_nothing(make_outcome: Make, make_given: MakeGiven) -> None:
    refused = make_given(refused=True, quotes=(), evidence_cited=0.0)
    assert metrics.citation_recall_row(make_outcome(given=refused)) == (0.0,)
    assert metrics.citation_recall_row(make_outcome(given=make_given(evidence_cited=0.5))) == (0.5,)


# (should be refused, was refused): 2 unanswerable with 1 refused; 4 answerable with 1 refused.
DECISIONS = rows((1, 1), (1, 0), (0, 0), (0, 0), (0, 0), (0, 1))


def test_refusal_figures() -> None:
    assert metrics.balanced_accuracy(DECISIONS) == (1 / 2 + 3 / 4) / 2
    assert metrics.refusal_accuracy(DECISIONS) == 4 / 6
    assert metrics.refusal_precision(DECISIONS) == 1 / 2
    assert metrics.refusal_recall(DECISIONS) == 1 / 2


def test_where_nothing_should_be_refused_balanced_accuracy_has_no_value() -> None:
    assert np.isnan(metrics.balanced_accuracy(rows((0, 0), (0, 1))))
    assert np.isnan(metrics.refusal_precision(rows((1, 0))))


def test_auroc_counts_pairs_and_halves_ties() -> None:
    # 0.9 beats 0.6 and 0.2; 0.6 ties with 0.6 and beats 0.2: 3.5 of 4 pairs.
    assert metrics.auroc(rows((0.9, 1), (0.6, 1), (0.6, 0), (0.2, 0))) == 3.5 / 4
    assert metrics.auroc(rows((0.1, 1), (0.9, 0))) == 0.0
    assert np.isnan(metrics.auroc(rows((0.5, 1))))


def test_calibration_error_weighs_the_gap_of_each_bin() -> None:
    # Bin 0.9-1: confidence 0.95, one of two answerable, gap 0.45; bin 0.2-0.3: confidence 0.25, none, gap 0.25.
    judged = rows((0.95, 1), (0.95, 0), (0.25, 0))
    assert metrics.calibration_error(judged) == pytest.approx((2 * 0.45 + 0.25) / 3)
    assert [one.count for one in metrics.calibration(judged)] == [1, 2]


def test_a_confidence_of_one_is_in_the_last_bin() -> None:
    assert metrics.calibration_error(rows((1.0, 1), (1.0, 1))) == 0.0


def test_risk_grows_as_less_sure_questions_are_covered(make_outcome: Make, make_given: MakeGiven) -> None:
    sure = ((0.6, Fault.TEXT), (0.9, Fault.NONE), (0.8, Fault.RETRIEVED), (0.7, Fault.NONE))
    outcomes = [make_outcome(given=make_given(confidence=one), fault=fault) for one, fault in sure]
    assert metrics.risk_coverage(outcomes) == (
        CurvePoint(0.25, 0.0),
        CurvePoint(0.5, 0.5),
        CurvePoint(0.75, 1 / 3),
        CurvePoint(1.0, 0.5),
    )


def test_a_question_that_cannot_be_answered_is_a_risk_when_it_is_covered(
    make_outcome: Make, make_given: MakeGiven
) -> None:
    refused = make_outcome(answerable=False, given=make_given(refused=True))
    assert metrics.risk_coverage([refused])[-1] == CurvePoint(1.0, 1.0)
    assert metrics.risk_coverage([make_outcome()]) == ()
