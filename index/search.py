"""Question in, Hits out: keywords and vectors and token matches, fused.

A conductor: every ranking is another file's work. It holds one consistent state of a library.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.config import CANDIDATES, REWORDED, THESAURUS, WORD_FOR_WORD, FusionWeights, IndexConfig
from index.embed import Embedder
from index.fold import fold
from index.fuse import blend, fuse
from index.keywords import Keywords, part_name, terms
from index.library import Library
from index.maxsim import maxsim
from index.records import Hit, RankScores, Selection
from index.rows import ORDINAL_BITS
from index.thesaurus import Thesaurus
from index.vectors import Vectors
from index.windows import TokenWindows

_CHINESE = re.compile(r"[\u3400-\u9fff]")
# Vectors asked for: a paragraph has several windows, so the nearest vectors repeat paragraphs.
_VECTORS_PER_CANDIDATE = 10


@lru_cache(maxsize=1)
def _thesaurus() -> Thesaurus:
    """The list that ships, read at the first question."""
    return Thesaurus(fold(THESAURUS.read_text("utf-8")).splitlines())


def official_words(folded: str) -> tuple[str, ...]:
    """Return the words in which reports write what a folded question says in everyday ones."""
    return _thesaurus().official(folded)


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate row and what each ranking gave it."""

    row: int
    score: float
    ranks: RankScores


class Search:
    """A library at one generation, ready to be asked."""

    def __init__(self, stamp: str, library: Library, embedder: Embedder, vectors: Vectors, keywords: Keywords) -> None:
        """Keep the opened parts, which are only read; `stamp` names the state they were made from."""
        self.stamp, self.keywords = stamp, keywords
        self._library, self._embedder, self._vectors = library, embedder, vectors
        self._windows = TokenWindows(library, embedder)

    def many(
        self, questions: Sequence[str], top: int, config: IndexConfig, within: Selection | None = None
    ) -> tuple[tuple[Hit, ...], ...]:
        """Return for each question its `top` best paragraphs, best first; all `within` where that is given."""
        folded = [fold(question) for question in questions]
        ready = folded if self._embedder.table is not None else list(questions)
        if not ready or not self._vectors.count:
            return tuple(() for _ in questions)
        count = CANDIDATES * _VECTORS_PER_CANDIDATE
        nearest = self._vectors.nearest(self._embedder.questions(ready), count, within.vectors if within else None)
        parts = [part_name(*version) for version in within.versions] if within else []
        ranked = (self._rank(text, near, config, parts) for text, near in zip(folded, nearest, strict=True))
        return tuple(self._hits(found[:top]) for found in ranked)

    def _rank(
        self, folded: str, nearest: list[tuple[int, float]], config: IndexConfig, parts: Sequence[str]
    ) -> list[Found]:
        windows: dict[int, float] = {}
        for vector, cosine in nearest:  # best first, so a row's first is its best
            windows.setdefault(vector >> ORDINAL_BITS, cosine)
        keywords = dict(self.keywords.search(terms(folded), CANDIDATES, parts))
        related = dict(self.keywords.search(terms(" ".join(official_words(folded))), CANDIDATES, parts))
        rows = list(dict.fromkeys([*keywords, *list(windows)[:CANDIDATES], *related]))
        tokens = self._token_scores(folded, rows)
        ranks = [
            RankScores(keywords.get(row), windows.get(row), token, related.get(row))
            for row, token in zip(rows, tokens, strict=True)
        ]
        weights = self._weights(folded, max(keywords.values(), default=0.0), config)
        scores = fuse(
            [
                (weights.keywords, [rank.keywords or 0.0 for rank in ranks]),
                (weights.windows, [rank.windows for rank in ranks]),
                (weights.tokens, [rank.tokens for rank in ranks]),
                (weights.related, [rank.related or 0.0 for rank in ranks]),
            ]
        )
        found = [Found(row, float(score), rank) for row, score, rank in zip(rows, scores, ranks, strict=True)]
        return sorted(found, key=lambda one: (-one.score, one.row))

    def _weights(self, folded: str, best: float, config: IndexConfig) -> FusionWeights:
        """Return how much each ranking counts; `best` is the best paragraph's BM25."""
        if self._embedder.table is None:
            return config.without_tokens
        if not _CHINESE.search(folded):
            return config.foreign
        met = best / self.keywords.highest(terms(folded))
        return blend(config.reworded, config.chinese, (met - REWORDED) / (WORD_FOR_WORD - REWORDED))

    def _token_scores(self, folded: str, rows: list[int]) -> list[float | None]:
        table = self._embedder.table
        if table is None:
            return [None] * len(rows)
        rarity = self._windows.rarity(len(table))
        return maxsim(table, self._embedder.tokens([folded])[0], self._windows.of(rows), rarity)

    def _hits(self, found: Sequence[Found]) -> tuple[Hit, ...]:
        paragraphs = self._library.paragraphs([one.row for one in found])
        # A row can be gone when the library changed since this state was opened.
        held = [(one, paragraphs[one.row]) for one in found if one.row in paragraphs]
        return tuple(Hit(paragraph, title, one.score, one.ranks, version) for one, (paragraph, title, version) in held)
