"""The formulas of the figures: retrieval, answers, citations, refusal, confidence, each with its source.

Pure; knows neither how outcomes came about nor how figures are put together. A row is what an outcome
says of itself in numbers (NaN where it does not apply); a figure is made of many rows without NaN.
"""

from collections.abc import Callable, Sequence
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from eval.config import CALIBRATION_BINS, CURVE_POINTS, DEPTH
from eval.records import CalibrationBin, CurvePoint, Fault, Match, Outcome

Floats = NDArray[np.float64]
Row = tuple[float, ...]
NAN = float("nan")


# ---------------------------------------------------------------- rows


def recall_row(outcome: Outcome, cutoff: int) -> Row:
    """1 where a right paragraph is among the first `cutoff` (top-k accuracy, Karpukhin et al. 2020)."""
    return (float(any(rank <= cutoff for rank in outcome.ranks)) if outcome.case.answerable else NAN,)


def reciprocal_rank_row(outcome: Outcome) -> Row:
    """1 / rank of the first right paragraph among ten, else 0 (MRR@10, MS MARCO)."""
    ranks = [rank for rank in outcome.ranks if rank <= DEPTH]
    return (1 / min(ranks) if ranks else 0.0,) if outcome.case.answerable else (NAN,)


def ndcg_row(outcome: Outcome) -> Row:
    """NDCG@10 with gain 1 for right paragraphs and discount log2(rank + 1) (Järvelin and Kekäläinen 2002)."""
    if not outcome.case.answerable:
        return (NAN,)
    gained = sum(1 / np.log2(rank + 1) for rank in outcome.ranks if rank <= DEPTH)
    ideal = sum(1 / np.log2(rank + 1) for rank in range(1, min(outcome.right, DEPTH) + 1))
    return (float(gained / ideal) if ideal else 0.0,)


def match_row(outcome: Outcome, of: Callable[[Match], float]) -> Row:
    """Return what the answer's match with the gold answers says; a refusal matches none."""
    given = outcome.given
    if given is None or given.match is None:
        return (NAN,)
    return (0.0 if given.refused else float(of(given.match)),)


def length_row(outcome: Outcome) -> Row:
    """Return the characters of an answer to an answerable question."""
    given = outcome.given
    applies = given is not None and not given.refused and outcome.case.answerable
    return (float(given.length) if given is not None and applies else NAN,)


def verbatim_row(outcome: Outcome) -> Row:
    """Tell whether all quotes of an answer are word for word in the paragraphs they name."""
    quotes = outcome.given.quotes if outcome.given else ()
    return (float(all(quote.verbatim for quote in quotes)) if quotes else NAN,)


def citation_precision_row(outcome: Outcome) -> Row:
    """Return the share of an answer's quotes that stand on gold evidence (after ALCE, Gao et al. 2023)."""
    quotes = outcome.given.quotes if outcome.given else ()
    if not quotes or not outcome.case.answerable or not outcome.case.evidence:
        return (NAN,)
    return (fmean(quote.supports for quote in quotes),)


def citation_recall_row(outcome: Outcome) -> Row:
    """Return the share of the needed evidence that is cited; a wrong refusal cites none."""
    if outcome.given is None or not outcome.case.answerable or not outcome.case.evidence:
        return (NAN,)
    return (outcome.given.evidence_cited,)


def refusal_row(outcome: Outcome) -> Row:
    """(should be refused, was refused)."""
    if outcome.given is None:
        return (NAN, NAN)
    return float(not outcome.case.answerable), float(outcome.given.refused)


def confidence_row(outcome: Outcome) -> Row:
    """(confidence, is answerable)."""
    if outcome.given is None:
        return (NAN, NAN)
    return outcome.given.confidence, float(outcome.case.answerable)


def seconds_row(outcome: Outcome) -> Row:
    """Seconds from question to answer."""
    return (outcome.given.seconds if outcome.given else NAN,)


# ---------------------------------------------------------------- figures


def mean(rows: Floats) -> float:
    """Return the mean of a row's first number."""
    return float(rows[:, 0].mean())


def median(rows: Floats) -> float:
    """Return the median of a row's first number."""
    return float(np.median(rows[:, 0]))


def p95(rows: Floats) -> float:
    """Return the 95th percentile of a row's first number."""
    return float(np.percentile(rows[:, 0], 95))


def _share(part: NDArray[np.bool_], of: NDArray[np.bool_]) -> float:
    return float((part & of).sum() / of.sum()) if of.any() else NAN


def balanced_accuracy(rows: Floats) -> float:
    """Return the mean of the shares rightly refused and rightly answered (Brodersen et al. 2010)."""
    should, did = rows[:, 0] == 1, rows[:, 1] == 1
    return (_share(did, should) + _share(~did, ~should)) / 2


def refusal_accuracy(rows: Floats) -> float:
    """Return the share of questions rightly refused or rightly answered; unlike the others it tells of one kind."""
    return float((rows[:, 0] == rows[:, 1]).mean())


def refusal_precision(rows: Floats) -> float:
    """Return the share of refusals that were right."""
    return _share(rows[:, 0] == 1, rows[:, 1] == 1)


def refusal_recall(rows: Floats) -> float:
    """Return the share of unanswerable questions that were refused."""
    return _share(rows[:, 1] == 1, rows[:, 0] == 1)


def auroc(rows: Floats) -> float:
    """Return the chance that an answerable question gets more confidence than another (Fawcett 2006).

    Equal confidences count one half.
    """
    yes, no = rows[rows[:, 1] == 1, 0], np.sort(rows[rows[:, 1] == 0, 0])
    if not yes.size or not no.size:
        return NAN
    below, upto = np.searchsorted(no, yes, "left"), np.searchsorted(no, yes, "right")
    return float((below + upto).mean() / (2 * no.size))


def calibration_error(rows: Floats) -> float:
    """Return the expected calibration error over equal-width bins (Guo et al. 2017, equation 3)."""
    return sum(one.count * abs(one.confidence - one.answerable) for one in calibration(rows)) / len(rows)


def calibration(rows: Floats) -> tuple[CalibrationBin, ...]:
    """Return the bins that hold a case: mean confidence and share answerable."""
    place = np.clip(rows[:, 0] * CALIBRATION_BINS, 0, CALIBRATION_BINS - 1).astype(int)
    bins = (rows[place == number] for number in range(CALIBRATION_BINS))
    return tuple(CalibrationBin(float(one[:, 0].mean()), float(one[:, 1].mean()), len(one)) for one in bins if len(one))


def risk_coverage(outcomes: Sequence[Outcome]) -> tuple[CurvePoint, ...]:
    """Return the share wrong among the most confident share of questions (El-Yaniv and Wiener 2010).

    An answer to an unanswerable question is wrong whatever it says; of a refused one is judged the refusal.
    """
    given = sorted(
        (outcome for outcome in outcomes if outcome.given),
        key=lambda outcome: -outcome.given.confidence if outcome.given else 0.0,
    )
    wrong = np.cumsum([not outcome.case.answerable or outcome.fault is not Fault.NONE for outcome in given])
    counts = {round(len(given) * step / CURVE_POINTS) for step in range(1, CURVE_POINTS + 1)} - {0}
    return tuple(CurvePoint(count / len(given), float(wrong[count - 1] / count)) for count in sorted(counts))
