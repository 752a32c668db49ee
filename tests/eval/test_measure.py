from collections.abc import Callable

import pytest

from eval.measure import MEASURES, calibration_of, measure_all, measure_kinds, measure_steps
from eval.records import Given, Metric, Outcome
from qa import StepTime

Make = Callable[..., Outcome]
MakeGiven = Callable[..., Given]


def named(metrics: tuple[Metric, ...]) -> dict[str, Metric]:
    return {metric.name: metric for metric in metrics}


def test_names_of_measures_are_distinct() -> None:
    assert len({measure.name for measure in MEASURES}) == len(MEASURES)


def test_a_metric_counts_only_the_cases_it_applies_to(make_outcome: Make, make_given: MakeGiven) -> None:
    outcomes = [
        make_outcome("a", ranks=(1,), given=make_given()),
        make_outcome("b", ranks=(4,), given=make_given(refused=True, quotes=())),
        make_outcome("c", ranks=(), answerable=False, given=make_given(refused=True, match=None, quotes=())),
    ]
    found = named(measure_all(outcomes))
    assert (found["recall@1"].value, found["recall@1"].count) == (0.5, 2)
    assert found["mrr@10"].value == (1 + 1 / 4) / 2
    assert (found["verbatim"].value, found["verbatim"].count) == (1.0, 1)
    assert found["balanced_accuracy"].value == (1 + 1 / 2) / 2
    assert found["refusal_precision"].count == 3


def test_searched_only_gives_retrieval_figures_only(make_outcome: Make) -> None:
    assert set(named(measure_all([make_outcome()]))) == {*(f"recall@{k}" for k in (1, 3, 5, 10)), "mrr@10", "ndcg@10"}


def test_the_interval_of_an_even_share_is_that_of_the_binomial(make_outcome: Make) -> None:
    outcomes = [make_outcome(str(at), ranks=(1,) if at % 2 else ()) for at in range(100)]
    half = named(measure_all(outcomes))["recall@1"]
    # The standard error of 0.5 over 100 cases is 0.05, so the interval is 0.5 plus and minus 0.098.
    assert half.value == 0.5
    assert half.low == pytest.approx(0.402, abs=0.02)
    assert half.high == pytest.approx(0.598, abs=0.02)


def test_the_interval_of_certainty_has_no_width_and_every_run_gives_the_same(make_outcome: Make) -> None:
    sure = named(measure_all([make_outcome(str(at)) for at in range(5)]))["recall@1"]
    assert (sure.low, sure.high) == (1.0, 1.0)
    mixed = [make_outcome(str(at), ranks=(1,) if at % 3 else (2,)) for at in range(20)]
    assert measure_all(mixed) == measure_all(mixed)


def test_kinds_keep_their_order_and_their_own_figures(make_outcome: Make) -> None:
    outcomes = [make_outcome("a", kind="z"), make_outcome("b", kind="a", ranks=()), make_outcome("c", kind="z")]
    kinds = measure_kinds(outcomes)
    assert [(kind.kind, kind.cases) for kind in kinds] == [("z", 2), ("a", 1)]
    assert [named(kind.metrics)["recall@1"].value for kind in kinds] == [1.0, 0.0]


def test_steps_are_told_at_the_median_and_the_95th_percentile(make_outcome: Make, make_given: MakeGiven) -> None:
    spent = [make_given(steps=(StepTime("retrieve", second),)) for second in (1.0, 2.0, 3.0)]
    (step,) = measure_steps([make_outcome(given=given) for given in spent])
    assert (step.step, step.p50, step.p95) == ("retrieve", 2.0, pytest.approx(2.9))


def test_without_answers_nothing_is_calibrated(make_outcome: Make) -> None:
    assert calibration_of([make_outcome()]) == ()
