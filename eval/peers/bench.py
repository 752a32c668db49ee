"""A set in, one row a peer out: every peer ranks the same paragraphs for the same questions and is judged as Wenju is.

A conductor over rankers, runs and figures. Follow-up questions are left out: no peer here rephrases them.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from time import perf_counter

import numpy as np

from eval.machine import commit, machine
from eval.opening import fused
from eval.peers.rankers import Bm25, Half, Lsa, MiniLm, Ranker, Reciprocal, Scores, jieba_words, single_characters
from eval.records import CaseSet, Metric, Plan, Scorecard
from eval.run import evaluate
from eval.subject import Library, Progress, Subject
from index import Hit, Index, Report

_FIGURES = ("recall@1", "recall@3", "mrr@10")


@dataclass(frozen=True, slots=True)
class Row:
    """A peer with its scorecard, and the seconds that building and asking it took."""

    name: str
    card: Scorecard
    seconds: float

    def metric(self, name: str) -> Metric:
        """Return a figure over all cases."""
        return next(metric for metric in self.card.metrics if metric.name == name)


class Ranked:
    """Paragraphs in a ranker's order of preference: stands where an Index stands in a run."""

    generation = 0

    def __init__(self, embedder: str, reports: Sequence[Report], ranker: Ranker) -> None:
        """Rank the paragraphs of `reports`, in whose order the ranker was made."""
        self.embedder = embedder
        self._reports, self._ranker = tuple(reports), ranker
        self._places = [(paragraph, report.title) for report in reports for paragraph in report.paragraphs]

    def reports(self) -> tuple[Report, ...]:
        """Return the reports as they were given."""
        return self._reports

    def search_many(self, questions: Sequence[str], top: int = 10) -> tuple[tuple[Hit, ...], ...]:
        """Return the best paragraphs of each question, best first; equal ones in reading order."""
        return tuple(self._hits(scores, top) for scores in self._ranker.scores(questions))

    def _hits(self, scores: Scores, top: int) -> tuple[Hit, ...]:
        best = np.argsort(-scores, kind="stable")[:top]
        return tuple(Hit(*self._places[int(at)], float(scores[at])) for at in best if np.isfinite(scores[at]))


def bench(index: Index, case_set: CaseSet, plan: Plan, progress: Progress) -> Iterator[Row]:
    """Yield a row for Wenju and for each peer, over the paragraphs of an open library."""
    cases = tuple(case for case in case_set.cases if not case.history)
    alone = replace(case_set, cases=cases)
    for name, library in _libraries(index):
        start = perf_counter()
        card = evaluate(alone, Subject(library(), None), plan, progress)
        yield Row(name, card, perf_counter() - start)


def _libraries(index: Index) -> Iterator[tuple[str, Callable[[], Library]]]:
    """Yield every peer by name, to be built when its turn has come."""
    reports = index.reports()
    texts = [paragraph.text for report in reports for paragraph in report.paragraphs]
    made: dict[str, Ranker] = {}  # mixtures are of rankers that were built before

    def ranked(name: str, build: Callable[[], Ranker]) -> tuple[str, Callable[[], Library]]:
        def library() -> Library:
            made[name] = build()
            return Ranked(name, reports, made[name])

        return name, library

    yield "Wenju", lambda: index
    keywords = fused(index.config, ("1", "0", "0"))
    yield "BM25, characters and pairs (ours)", lambda: Index.open(keywords)
    yield ranked("BM25, jieba words", lambda: Bm25(texts, jieba_words))
    yield ranked("LSA, characters and pairs", lambda: Lsa(texts))
    yield ranked("MiniLM", lambda: MiniLm(texts))
    characters = Bm25(texts, single_characters)
    yield ranked("MiniLM + BM25 characters, half", lambda: Half(made["MiniLM"], characters))
    mixed = "MiniLM + BM25 jieba words, RRF"
    yield ranked(mixed, lambda: Reciprocal(made["MiniLM"], made["BM25, jieba words"]))


def lines(rows: Sequence[Row]) -> list[str]:
    """Return one table for a terminal, with the 95 % interval of recall@1."""
    head = f"{'':34}{'recall@1':>9}{'':17}{'@3':>6}{'MRR':>8}{'seconds':>9}"
    return [head, *map(_line, rows)]


def _line(row: Row) -> str:
    first, third, mean = (row.metric(name) for name in _FIGURES)
    figures = f"{first.value:9.3f}  [{first.low:.3f}, {first.high:.3f}]{third.value:8.3f}{mean.value:8.3f}"
    return f"{row.name:34}{figures}{row.seconds:9.1f}"


def to_json(rows: Sequence[Row]) -> str:
    """Return the figures of all rows, overall and by kind, without the questions, which are the set's own."""
    origin = rows[0].card.origin
    whole = {
        "set": origin.set_name,
        "digest": origin.set_digest,
        "split": origin.split,
        "questions": rows[0].metric(_FIGURES[0]).count,
        "commit": commit(),
        "machine": machine(),
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "rows": [_record(row) for row in rows],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _record(row: Row) -> dict[str, object]:
    kinds = {kind.kind: {one.name: round(one.value, 4) for one in kind.metrics} for kind in row.card.kinds}
    figures = {name: {key: _short(value) for key, value in asdict(row.metric(name)).items()} for name in _FIGURES}
    first = {kind: found["recall@1"] for kind, found in kinds.items() if "recall@1" in found}
    return {"name": row.name, "seconds": round(row.seconds, 1), "figures": figures, "recall@1 by kind": first}


def _short(value: object) -> object:
    return round(value, 4) if isinstance(value, float) else value
