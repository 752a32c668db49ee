"""A library's paragraphs as tokens of their windows, and how rare each token is in it.

A conductor over the library, splitting, folding and tokenising; it holds what was tokenised once.
"""

import numpy as np
from numpy.typing import NDArray

from index.config import RARITY_SAMPLE, WINDOW_SENTENCES
from index.embed import Embedder, Tokens
from index.fold import fold
from index.library import Library
from index.records import Paragraph
from index.split import windows


class TokenWindows:
    """The token windows of a library at one generation, made as they are asked for."""

    def __init__(self, library: Library, embedder: Embedder) -> None:
        """Read from `library` with the tokenizer of `embedder`, which has a table."""
        self._library, self._embedder = library, embedder
        self._held: dict[int, list[Tokens]] = {}
        self._rarity: NDArray[np.float32] | None = None

    def of(self, rows: list[int]) -> list[list[Tokens]]:
        """Return the token windows of each row's paragraph; none for a row that is gone."""
        missing = [row for row in rows if row not in self._held]
        found = self._library.paragraphs(missing) if missing else {}
        self._hold({row: found[row][0] for row in missing if row in found})
        return [self._held.get(row, []) for row in rows]

    def rarity(self, size: int) -> NDArray[np.float32]:
        """Return every token's inverse document frequency over a sample of paragraphs, shape (size,)."""
        if self._rarity is None:
            sample = self._library.sample(RARITY_SAMPLE)
            self._hold({row: paragraph for row, paragraph in sample if row not in self._held})
            held = [np.unique(np.concatenate(found)) for row, _ in sample if (found := self._held[row])]
            counts = np.bincount(np.concatenate(held), minlength=size) if held else np.zeros(size)
            rare = np.log(1 + (len(held) - counts + 0.5) / (counts + 0.5))
            self._rarity = rare.astype(np.float32)
        return self._rarity

    def _hold(self, paragraphs: dict[int, Paragraph]) -> None:
        parts = [(row, w, p) for row, p in paragraphs.items() for w in windows(p.sentences, WINDOW_SENTENCES)]
        tokens = self._embedder.tokens([fold(p.text[w.start : w.end]) for _, w, p in parts])
        made: dict[int, list[Tokens]] = {row: [] for row in paragraphs}
        for (row, _, _), found in zip(parts, tokens, strict=True):
            if len(found):
                made[row].append(found)
        self._held.update(made)
