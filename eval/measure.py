"""Outcomes -> Metrics: every figure that applies, overall and by kind, each with its 95 % interval.

A conductor over the formulas. Because a measure is rows and a figure made of them, the bootstrap here
and the randomisation test of a comparison can draw and swap the rows of any measure alike.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter

import numpy as np

from eval import metrics
from eval.config import BOOTSTRAP_ROUNDS, CUTOFFS, INTERVAL, SEED
from eval.records import CalibrationBin, KindScores, Metric, Outcome, StepCost


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure: the row it takes from an outcome, and the sum it makes of rows without NaN.

    `better` is 1 where more is better, -1 where less is, 0 where neither. A `promise` must never fall.
    """

    name: str
    row: Callable[[Outcome], metrics.Row]
    figure: Callable[[metrics.Floats], float]
    better: int = 1
    promise: bool = False


MEASURES = (
    *(Measure(f"recall@{k}", partial(metrics.recall_row, cutoff=k), metrics.mean) for k in CUTOFFS),
    Measure("mrr@10", metrics.reciprocal_rank_row, metrics.mean),
    Measure("ndcg@10", metrics.ndcg_row, metrics.mean),
    Measure("holds_answer", partial(metrics.match_row, of=attrgetter("holds")), metrics.mean),
    Measure("answer_length", metrics.length_row, metrics.median, better=0),
    Measure("exact_match", partial(metrics.match_row, of=attrgetter("exact")), metrics.mean),
    Measure("character_f1", partial(metrics.match_row, of=attrgetter("f1")), metrics.mean),
    Measure("verbatim", metrics.verbatim_row, metrics.mean, promise=True),
    Measure("citation_precision", metrics.citation_precision_row, metrics.mean),
    Measure("citation_recall", metrics.citation_recall_row, metrics.mean),
    Measure("balanced_accuracy", metrics.refusal_row, metrics.balanced_accuracy),
    Measure("refusal_accuracy", metrics.refusal_row, metrics.refusal_accuracy),
    Measure("refusal_precision", metrics.refusal_row, metrics.refusal_precision),
    Measure("refusal_recall", metrics.refusal_row, metrics.refusal_recall),
    Measure("auroc", metrics.confidence_row, metrics.auroc),
    Measure("calibration_error", metrics.confidence_row, metrics.calibration_error, better=-1),
    # Time depends on the machine and on what else it does, so a comparison gives no verdict on it.
    Measure("seconds_p50", metrics.seconds_row, metrics.median, better=0),
    Measure("seconds_p95", metrics.seconds_row, metrics.p95, better=0),
)


def rows_of(measure: Measure, outcomes: Sequence[Outcome]) -> metrics.Floats:
    """Return the rows of a measure, shape (outcomes, numbers of a row), NaN where it does not apply."""
    return np.array([measure.row(outcome) for outcome in outcomes], dtype=np.float64)


def figure_of(measure: Measure, rows: metrics.Floats) -> float:
    """Return the figure over the rows that apply; NaN where none does."""
    applying = rows[~np.isnan(rows[:, 0])]
    return measure.figure(applying) if len(applying) else metrics.NAN


def measure_all(outcomes: Sequence[Outcome]) -> tuple[Metric, ...]:
    """Return every figure that applies, with its percentile-bootstrap interval (Efron 1979)."""
    table = [(measure, rows_of(measure, outcomes)) for measure in MEASURES]
    table = [(measure, rows) for measure, rows in table if not np.isnan(figure_of(measure, rows))]
    draws = np.full((BOOTSTRAP_ROUNDS, len(table)), metrics.NAN)
    random = np.random.default_rng(SEED)
    for draw in draws:
        chosen = random.integers(len(outcomes), size=len(outcomes))
        draw[:] = [figure_of(measure, rows[chosen]) for measure, rows in table]
    return tuple(_metric(measure, rows, draws[:, at]) for at, (measure, rows) in enumerate(table))


def _metric(measure: Measure, rows: metrics.Floats, draws: metrics.Floats) -> Metric:
    low, high = np.nanpercentile(draws, [50 - INTERVAL / 2, 50 + INTERVAL / 2])
    count = int((~np.isnan(rows[:, 0])).sum())
    return Metric(measure.name, figure_of(measure, rows), float(low), float(high), count)


def measure_kinds(outcomes: Sequence[Outcome]) -> tuple[KindScores, ...]:
    """Return every figure for the cases of each kind, in the order the kinds first appear."""
    kinds = dict.fromkeys(outcome.case.kind for outcome in outcomes)
    groups = ((kind, [one for one in outcomes if one.case.kind == kind]) for kind in kinds)
    return tuple(KindScores(kind, len(group), measure_all(group)) for kind, group in groups)


def measure_steps(outcomes: Sequence[Outcome]) -> tuple[StepCost, ...]:
    """Return what each step of answering costs, in the order of the first answer's steps."""
    steps = [step for outcome in outcomes if outcome.given for step in outcome.given.steps]
    names = dict.fromkeys(step.step for step in steps)
    spent = ((name, [step.seconds for step in steps if step.step == name]) for name in names)
    return tuple(
        StepCost(name, float(np.median(seconds)), float(np.percentile(seconds, 95))) for name, seconds in spent
    )


def calibration_of(outcomes: Sequence[Outcome]) -> tuple[CalibrationBin, ...]:
    """Return the metrics.calibration of the confidences that were given."""
    rows = np.array([metrics.confidence_row(outcome) for outcome in outcomes if outcome.given])
    return metrics.calibration(rows) if len(rows) else ()
