"""Finds the vectors nearest to a question's. The only door to FAISS.

Scores are inner products of unit vectors (cosines), higher is better. It does not know texts.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.records import WenjuError

_PIECE = 1 << 20  # bytes that are written at once


class VectorsError(WenjuError):
    """Vectors that do not fit together."""


def _set_threads() -> None:
    """Give a search one thread: readers ask at once, and a second thread for one question costs more."""
    import faiss

    faiss.omp_set_num_threads(1)


class Vectors:
    """An exact FAISS index over unit vectors with ids of its caller's choosing."""

    def __init__(self, ids: NDArray[np.int64], matrix: NDArray[np.float32]) -> None:
        """Index `matrix` of shape (n, d), row i under `ids[i]`."""
        import faiss

        _set_threads()
        self._index: faiss.Index = faiss.IndexIDMap2(faiss.IndexFlatIP(matrix.shape[1]))
        if len(ids):
            self._index.add_with_ids(matrix, ids)

    @classmethod
    def load(cls, path: Path) -> "Vectors":
        """Read an index that `save` wrote; its caller has checked the file's checksum."""
        import faiss

        _set_threads()
        vectors = cls.__new__(cls)
        try:
            vectors._index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise VectorsError(f"The vector index {path} is damaged; run: python -m index rebuild") from error
        return vectors

    def save(self, path: Path) -> None:
        """Write the index to `path`.

        Raises:
            VectorsError: it could not be written as a whole, such as to a full disk.
        """
        import faiss

        # FAISS's own writer says nothing when the last bytes fail; Python's file does.
        try:
            with path.open("wb") as opened:
                faiss.write_index(self._index, faiss.PyCallbackIOWriter(opened.write, _PIECE))  # type: ignore[attr-defined]
        except (OSError, RuntimeError) as error:
            raise VectorsError(f"The vector index {path} cannot be written ({error}); free some space.") from error

    @property
    def count(self) -> int:
        """How many vectors there are."""
        return int(self._index.ntotal)

    def nearest(
        self, questions: NDArray[np.float32], count: int, among: Sequence[int] | None = None
    ) -> list[list[tuple[int, float]]]:
        """Return for each row of `questions`, shape (q, d), the `count` nearest as (id, cosine), best first.

        Only the ids `among` are searched where they are given.

        Raises:
            VectorsError: the questions have another dimension than the index.
        """
        if questions.shape[1] != self._index.d:
            raise VectorsError(
                f"The question has {questions.shape[1]} dimensions, the index {self._index.d}; "
                "run: python -m index rebuild"
            )
        import faiss

        chosen = None
        if among is not None:
            chosen = faiss.SearchParameters()
            chosen.sel = faiss.IDSelectorBatch(np.fromiter(among, np.int64, len(among)))
        scores, ids = self._index.search(questions, min(count, max(1, self.count)), params=chosen)
        # FAISS fills empty places with id -1.
        return [
            [(int(i), float(s)) for i, s in zip(*row, strict=True) if i >= 0] for row in zip(ids, scores, strict=True)
        ]
