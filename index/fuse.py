"""Makes one ranking of several: standardised scores, weighted and added. Pure arithmetic.

Standard scores over the candidates of one question; rank fusion measured below BM25 alone
because it forgets by how much the best stands out.
"""

from collections.abc import Sequence
from dataclasses import astuple

import numpy as np
from numpy.typing import NDArray

from index.config import FusionWeights

Scores = NDArray[np.float64]


def standardise(scores: Sequence[float | None]) -> Scores:
    """Return standard scores; a candidate a ranking does not hold gets that ranking's lowest score."""
    held = [score for score in scores if score is not None]
    if not held:
        return np.zeros(len(scores))
    lowest = min(held)
    filled = np.array([lowest if score is None else score for score in scores], dtype=np.float64)
    spread = float(filled.std())
    return (filled - filled.mean()) / spread if spread > 1e-9 else np.zeros(len(scores))


def fuse(rankings: Sequence[tuple[float, Sequence[float | None]]]) -> Scores:
    """Add rankings, each (weight, score of every candidate), higher is better."""
    total = np.zeros(len(rankings[0][1]))
    for weight, scores in rankings:
        if weight:
            total += weight * standardise(scores)
    return total


def blend(one: FusionWeights, other: FusionWeights, share: float) -> FusionWeights:
    """Return the weights that lie between two, at `share` (clipped to 0..1) of the way to the other."""
    part = min(max(share, 0.0), 1.0)
    ours, theirs = astuple(one), astuple(other)
    return FusionWeights(*(a + part * (b - a) for a, b in zip(ours, theirs, strict=True)))
