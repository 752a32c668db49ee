"""Puts hits in the order of a model that reads question and paragraph together: a cross-encoder.

A door to sentence-transformers, and the only one to its cross-encoders. It does not know how hits were found.
"""

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from index import Hit, Index, WenjuError

# So many hits are read again: the right paragraph is hardly ever further down, and each costs a pass of the model.
RERANKED = 30


class RerankerError(WenjuError):
    """A reranker that cannot be loaded or used."""


class Reranker(Protocol):
    """What the room asks of a reranker."""

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """Say how well each text answers the question; higher is better."""


class CrossEncoderReranker:
    """A cross-encoder of sentence-transformers, by folder or hub name; it is loaded for the first question."""

    def __init__(self, name: str, download: bool = False) -> None:
        """Name the model; the hub is asked for it only with `download`."""
        self._name, self._download = name, download
        self._lock = threading.Lock()
        self._predict: object = None

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """Return one score a text.

        Raises:
            RerankerError: the model cannot be loaded, or is none that gives one score a pair.
        """
        with self._lock:  # a second question waits for the model that the first one loads
            if self._predict is None:
                self._predict = self._loaded()
        try:
            found = self._predict.predict([(question, text) for text in texts], show_progress_bar=False)  # type: ignore[attr-defined]
            return [float(score) for score in found]
        except Exception as error:  # whatever the foreign model raises, the reader needs one sentence
            raise RerankerError(
                f"The reranker {self._name} gave no score for each paragraph ({type(error).__name__}); "
                "name a cross-encoder with one output."
            ) from error

    def _loaded(self) -> object:
        folder = Index.model_folder(self._name, self._download, "reranker")
        try:
            from sentence_transformers import CrossEncoder

            return CrossEncoder(str(folder), local_files_only=True)
        except Exception as error:  # whatever the foreign loader raises, the reader needs one sentence
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise RerankerError(
                f"The reranker in {folder} cannot be loaded ({reason}); name another folder."
            ) from error


def rerank(question: str, hits: Sequence[Hit], reranker: Reranker) -> list[Hit]:
    """Return the hits in the reranker's order.

    The scores stay those of the search, dealt out anew from the best down: what follows weighs them on that scale.
    """
    scores = reranker.scores(question, [hit.paragraph.text for hit in hits])
    order = sorted(range(len(hits)), key=lambda at: (-scores[at], at))
    dealt = sorted((hit.score for hit in hits), reverse=True)
    return [replace(hits[at], score=score) for at, score in zip(order, dealt, strict=True)]
