"""Scores passages by their tokens: for each token of the question the best cosine in the passage.

Late interaction as in ColBERT (Khattab and Zaharia 2020, equation 3), over a static token table.
Pure arithmetic; it knows token numbers, not texts.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Tokens = NDArray[np.int32]


# Weight below which a question says too little to be met by anything: two stray letters have about half of it,
# a plain word half as much again.
_LEAST = 1.0

# A passage as the tokens of its windows; its score is that of its best window.
Windows = Sequence[Tokens]


def maxsim(
    table: NDArray[np.float32], question: Tokens, passages: Sequence[Windows], rarity: NDArray[np.float32] | None = None
) -> list[float | None]:
    """Return for each passage the weighted mean over the question's tokens of their best cosine in its best window.

    `table` holds a row a token, shape (tokens, d). A token's weight is its row's length, times its
    `rarity` (shape (tokens,)) where given. A passage or question without tokens gives None.
    """
    flat = [(at, tokens) for at, passage in enumerate(passages) for tokens in passage if len(tokens)]
    ours, weights = _units(table[question])
    said = min(1.0, float(weights.sum()) / _LEAST)
    weights = weights if rarity is None else weights * rarity[question]
    scores: list[float | None] = [None] * len(passages)
    total = float(weights.sum())
    if not flat or not total:
        return scores
    # Windows share most of their tokens: each distinct one is compared once.
    distinct, places = np.unique(np.concatenate([tokens for _, tokens in flat]), return_inverse=True)
    cosines = ours @ _units(table[distinct])[0].T
    starts = np.cumsum([0, *(len(tokens) for _, tokens in flat[:-1])])
    means = weights @ np.maximum.reduceat(cosines[:, places], starts, axis=1) * said / total
    for (at, _), mean in zip(flat, means, strict=True):
        earlier = scores[at]
        scores[at] = float(mean) if earlier is None else max(earlier, float(mean))
    return scores


def missed(table: NDArray[np.float32], question: Tokens, passages: Sequence[Tokens]) -> list[float]:
    """Return for each passage how much the question's worst-met token is missing from it, in 0..1.

    That is the largest of (1 - best cosine) x row length over the question's tokens, as a share of the largest length.
    A passage without tokens misses all, a question without tokens misses nothing.
    """
    ours, weights = _units(table[question])
    if not len(question) or not weights.max():
        return [0.0] * len(passages)
    shares = weights / weights.max()
    held = [_units(table[tokens])[0] for tokens in passages]
    best = [(ours @ rows.T).max(axis=1) if len(rows) else np.zeros(len(question)) for rows in held]
    return [float(np.clip((1 - cosines) * shares, 0, 1).max()) for cosines in best]


def _units(rows: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    lengths = np.linalg.norm(rows, axis=1)
    return rows / np.maximum(lengths, 1e-9)[:, None], lengths
