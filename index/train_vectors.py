"""Makes the rows of the static embedder: word vectors from co-occurrence, then contrastive training.

It knows token numbers only, neither the words nor where they come from.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.train_pairs import Batch, Ids

if TYPE_CHECKING:
    import torch
    from scipy.sparse import csr_matrix

Rows = NDArray[np.float32]

WINDOW = 6  # tokens to each side that count as context; nearer ones count for more
SMOOTHING = 0.75  # exponent on context counts (Levy, Goldberg and Dagan 2015)
RARITY = 1e-3  # smooth inverse frequency a / (a + p) (Arora, Liang and Ma 2017)
SCALE = 20.0  # cosine to logit: a temperature of 0.05
INNER = (64, 128)  # leading dimensions that must also do on their own (Matryoshka)


@dataclass(frozen=True)
class Schedule:
    """How long and how fast to train."""

    steps: int
    rate: float = 2e-3
    seed: int = 0


def start_rows(sequences: Sequence[Ids], size: int, dimensions: int, seed: int) -> Rows:
    """Return `size` rows: truncated SVD of positive pointwise mutual information, U * sqrt(S), by rarity.

    Rows of words never seen are zero. Token 0 (unknown) counts as a gap.
    """
    counts = _co_occurrences(sequences, size)
    vectors = _decompose(_positive_information(counts), dimensions, seed)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    frequency = np.bincount(np.concatenate(sequences), minlength=size)
    rarity = RARITY / (RARITY + frequency / frequency.sum())
    rows: Rows = (vectors / np.maximum(lengths, 1e-6) * rarity[:, None]).astype(np.float32)
    rows[0] = 0
    return rows


def train_rows(
    start: Rows,
    parts: Sequence[Sequence[int]],
    draw: Callable[[], Batch],
    schedule: Schedule,
    report: Callable[[int, float], None],
) -> Rows:
    """Return the trained rows, each the sum of a word's own vector and those of its parts.

    Symmetric InfoNCE with the batch as negatives; `report` gets the step and its loss.
    """
    import torch

    torch.manual_seed(schedule.seed)
    table = _Table(start, parts)
    optimizer = torch.optim.Adam(table.parameters(), lr=schedule.rate, fused=True)
    for step in range(schedule.steps):
        for group in optimizer.param_groups:
            group["lr"] = schedule.rate * (1 - step / schedule.steps)
        loss = _loss(table, draw())
        optimizer.zero_grad()
        torch.autograd.backward([loss])
        optimizer.step()
        report(step + 1, float(loss.detach()))
    return table.fold()


def _co_occurrences(sequences: Sequence[Ids], size: int) -> "csr_matrix":
    """Count pairs of tokens at most WINDOW apart, weighted linearly down to 1 / WINDOW."""
    from scipy.sparse import csr_matrix

    gap = np.zeros(WINDOW, dtype=np.int64)
    tokens = np.concatenate([piece for sequence in sequences for piece in (sequence, gap)])
    counts = csr_matrix((size, size), dtype=np.float64)
    for distance in range(1, WINDOW + 1):
        left, right = tokens[:-distance], tokens[distance:]
        seen = (left > 0) & (right > 0)
        keys, times = np.unique(left[seen] * size + right[seen], return_counts=True)
        weight = (WINDOW + 1 - distance) / WINDOW
        counts = counts + csr_matrix((times * weight, (keys // size, keys % size)), shape=(size, size))
    return (counts + counts.T).tocsr()


def _positive_information(counts: "csr_matrix") -> "csr_matrix":
    """Turn counts into positive pointwise mutual information with smoothed contexts."""
    cells = counts.tocoo()
    totals = np.asarray(counts.sum(axis=1)).ravel()
    smoothed = totals**SMOOTHING
    smoothed /= smoothed.sum()
    expected = totals[cells.row] * smoothed[cells.col]
    cells.data = np.maximum(np.log(np.maximum(cells.data, 1e-12) / expected), 0).astype(np.float32)
    information = cells.tocsr()
    information.eliminate_zeros()
    return information


def _decompose(matrix: "csr_matrix", dimensions: int, seed: int) -> Rows:
    """Randomised truncated SVD (Halko, Martinsson and Tropp 2011) with four power iterations."""
    width = min(dimensions + 32, matrix.shape[0])
    basis = np.random.default_rng(seed).standard_normal((matrix.shape[0], width), dtype=np.float32)
    transposed = matrix.T.tocsr()
    for _ in range(4):
        basis = np.linalg.qr(matrix @ basis)[0]
        basis = np.linalg.qr(transposed @ basis)[0]
    basis = np.linalg.qr(matrix @ basis)[0]
    inner, strengths, _ = np.linalg.svd((transposed @ basis).T, full_matrices=False)
    vectors = (basis @ inner)[:, :dimensions] * np.sqrt(strengths[:dimensions])
    padded = np.zeros((matrix.shape[0], dimensions), dtype=np.float32)
    padded[:, : vectors.shape[1]] = vectors
    return padded


class _Table:
    """The trainable vectors: one for each word, one for each part (part 0 stays zero)."""

    def __init__(self, start: Rows, parts: Sequence[Sequence[int]]) -> None:
        import torch

        widest = max((len(of_word) for of_word in parts), default=1)
        padded = np.zeros((len(parts), max(widest, 1)), dtype=np.int64)
        for word, of_word in enumerate(parts):
            padded[word, : len(of_word)] = of_word
        self._parts = torch.from_numpy(padded)
        self._shares = (self._parts > 0).sum(1).clamp(min=1).float().rsqrt()
        self._own = torch.from_numpy(start.copy()).requires_grad_()
        self._shared = torch.zeros(int(padded.max()) + 1, start.shape[1]).requires_grad_()

    def parameters(self) -> "list[torch.Tensor]":
        return [self._own, self._shared]

    def rows(self, words: "torch.Tensor") -> "torch.Tensor":
        """Return the rows of `words`, with gradients."""
        from torch.nn.functional import embedding, embedding_bag

        parts = embedding_bag(self._parts[words], self._shared, mode="sum", padding_idx=0)
        return embedding(words, self._own, padding_idx=0) + parts * self._shares[words, None]

    def fold(self) -> Rows:
        """Return all rows, parts added in; the unknown word's is zero."""
        import torch

        with torch.no_grad():
            rows: Rows = self.rows(torch.arange(len(self._own))).numpy()
        rows[0] = 0
        return rows


def _loss(table: _Table, batch: Batch) -> "torch.Tensor":
    import torch

    bags = [*batch.questions, *batch.passages]
    words, places = torch.unique(torch.from_numpy(np.concatenate(bags)), return_inverse=True)
    starts = torch.from_numpy(np.cumsum([0] + [len(bag) for bag in bags[:-1]]))
    sums = torch.nn.functional.embedding_bag(places, table.rows(words), starts, mode="mean")
    widths = [*(width for width in INNER if width < sums.shape[1]), sums.shape[1]]
    losses = [_contrast(sums[:, :width], torch.from_numpy(batch.same)) for width in widths]
    return torch.stack(losses).mean()


def _contrast(sums: "torch.Tensor", same: "torch.Tensor") -> "torch.Tensor":
    """Symmetric InfoNCE (van den Oord et al. 2018); pairs that share a text are no negatives."""
    import torch
    from torch.nn.functional import cross_entropy, normalize

    questions, passages = normalize(sums, eps=1e-6).chunk(2)
    logits = (SCALE * questions @ passages.T).masked_fill(same, -math.inf)
    own = torch.arange(len(questions))
    return (cross_entropy(logits, own) + cross_entropy(logits.T, own)) / 2
