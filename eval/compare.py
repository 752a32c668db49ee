"""Two Scorecards -> what changed, and whether it is more than chance.

A conductor over the measures; knows neither files nor how a change is shown.
"""

from dataclasses import dataclass, replace

import numpy as np

from eval.config import RANDOMISATION_ROUNDS, SEED, SIGNIFICANCE
from eval.measure import MEASURES, Measure, figure_of, rows_of
from eval.metrics import Floats
from eval.records import Fault, Outcome, Scorecard
from index import WenjuError

Pair = tuple[Outcome, Outcome]


@dataclass(frozen=True, slots=True)
class Change:
    """One metric before and after, with the p-value of a paired randomisation test (None: not tested).

    `verdict` is "better", "worse" or "" (no more than chance, or a metric without a good direction).
    """

    name: str
    before: float
    after: float
    p: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Flip:
    """A case that was right in one run and failed in the other."""

    id: str
    question: str
    before: Fault
    after: Fault


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between two scorecards, over the `shared` cases both have."""

    shared: int
    changes: tuple[Change, ...]
    mended: tuple[Flip, ...]
    broken: tuple[Flip, ...]


class CompareError(WenjuError):
    """Two scorecards that cannot be compared."""


def compare(before: Scorecard, after: Scorecard) -> Comparison:
    """Compare two runs over the cases they share (same id and question).

    Raises:
        CompareError: they share no case.
    """
    pairs = _pairs(before, after)
    if not pairs:
        raise CompareError(
            f"The scorecards share no case ({before.origin.set_name} and {after.origin.set_name}); "
            "compare two runs of one set and split."
        )
    broken = tuple(_flip(pair) for pair in pairs if _failed(pair) == (False, True))
    mended = tuple(_flip(pair) for pair in pairs if _failed(pair) == (True, False))
    return Comparison(len(pairs), _changes(pairs), mended, broken)


def randomisation_p(measure: Measure, before: Floats, after: Floats) -> float:
    """Return the two-sided p-value of a paired randomisation test (Noreen 1989; Smucker et al. 2007).

    The rows of a case change sides with chance one half; counted is how often the figures then differ
    at least as much as they did.
    """
    seen = abs(figure_of(measure, after) - figure_of(measure, before))
    if np.array_equal(before, after, equal_nan=True) or np.isnan(seen):
        return 1.0
    random = np.random.default_rng(SEED)
    reached = 0
    for _ in range(RANDOMISATION_ROUNDS):
        swap = random.random((len(before), 1)) < 0.5
        one, other = np.where(swap, after, before), np.where(swap, before, after)
        reached += abs(figure_of(measure, other) - figure_of(measure, one)) >= seen - 1e-12
    return float((reached + 1) / (RANDOMISATION_ROUNDS + 1))


def _pairs(before: Scorecard, after: Scorecard) -> list[Pair]:
    earlier = {(one.case.id, one.case.question): one for one in before.outcomes}
    asked = ((earlier.get((one.case.id, one.case.question)), one) for one in after.outcomes)
    return [(first, second) for first, second in asked if first is not None]


def _changes(pairs: list[Pair]) -> tuple[Change, ...]:
    changes = []
    for measure in MEASURES:
        before = rows_of(measure, [pair[0] for pair in pairs])
        after = rows_of(measure, [pair[1] for pair in pairs])
        first, second = figure_of(measure, before), figure_of(measure, after)
        if not np.isnan(first) and not np.isnan(second):
            changes.append((measure, Change(measure.name, first, second, _p(measure, before, after), "")))
    return _with_verdicts(changes)


def _p(measure: Measure, before: Floats, after: Floats) -> float | None:
    return randomisation_p(measure, before, after) if measure.better else None


def _with_verdicts(changes: list[tuple[Measure, Change]]) -> tuple[Change, ...]:
    """Judge the changes, with Holm's correction (1979) for the number of metrics that are tested."""
    tested = sorted((change.p, change.name) for _, change in changes if change.p is not None)
    significant: set[str] = set()
    for place, (p, name) in enumerate(tested):
        if p > SIGNIFICANCE / (len(tested) - place):
            break
        significant.add(name)
    return tuple(_judged(measure, change, measure.name in significant) for measure, change in changes)


def _judged(measure: Measure, change: Change, significant: bool) -> Change:
    gain = (change.after - change.before) * measure.better
    verdict = ("better" if gain > 0 else "worse") if significant and gain else ""
    if measure.promise and gain < 0:  # one broken quotation is one too many: no matter of chance
        verdict = "worse"
    return replace(change, verdict=verdict)


def _failed(pair: Pair) -> tuple[bool, bool]:
    return pair[0].fault is not Fault.NONE, pair[1].fault is not Fault.NONE


def _flip(pair: Pair) -> Flip:
    case = pair[1].case
    return Flip(case.id, case.question, pair[0].fault, pair[1].fault)
