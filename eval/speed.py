"""The benchmark: what starting, opening and asking cost on this machine, in seconds, bytes and ratios.

Knows nothing of right and wrong answers.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from eval.machine import commit, machine, peak_memory
from eval.subject import Answers, Library

Value = TypeVar("Value")
_EMBEDDED, _SINGLE = 10_000, 1_000  # questions embedded in one batch, and one by one
_STARTS = 3  # starts of a fresh Python; the quickest counts, the first may read from a cold disk


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of the benchmark."""

    name: str
    value: float
    unit: str


class Embeds(Protocol):
    """What is asked of an index whose embedder is timed."""

    def embed(self, questions: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of questions."""


def measure_speed(
    open_library: Callable[[], Library], answers: Callable[[Library], Answers], questions: Sequence[str]
) -> tuple[Reading, ...]:
    """Open the library, put the questions to it one by one and in one batch, and tell what it took."""
    library, opening = _timed(open_library)
    answerer = answers(library)
    _, first = _timed(partial(answerer.answer, questions[0]))
    each = [_timed(partial(answerer.answer, question))[1] for question in questions]
    _, batch = _timed(partial(library.search_many, questions))
    single = [_timed(partial(library.search_many, [question]))[1] for question in questions]
    half, most = np.percentile(each, [50, 95])
    return (
        Reading("open the library", opening, "s"),
        Reading("first answer, models loaded with it", first, "s"),
        Reading("answer p50", float(half), "s"),
        Reading("answer p95", float(most), "s"),
        Reading("answers", len(each) / sum(each), "/s"),
        Reading("searches one by one", len(single) / sum(single), "/s"),
        Reading("searches in one batch", len(questions) / batch, "/s"),
        Reading("batch against one by one", sum(single) / batch, "x"),
        Reading("answer against bare search", sum(each) / sum(single), "x"),
    )


def measure_embedding(library: Embeds, questions: Sequence[str]) -> tuple[Reading, ...]:
    """Tell what loading the embedder takes, and then questions it has not seen, in one batch and one by one.

    On one core; ask before anything else has loaded the embedder.
    """
    parallel = os.environ.get("TOKENIZERS_PARALLELISM")
    os.environ["TOKENIZERS_PARALLELISM"] = "false"  # looked at with every batch
    try:
        _, loading = _timed(partial(library.embed, questions[:1]))
        # A number behind each makes it one that was not cut into tokens before.
        fresh = [f"{questions[at % len(questions)]}{at}" for at in range(_EMBEDDED)]
        _, batch = _timed(partial(library.embed, fresh))
        single = [_timed(partial(library.embed, [f"{one}?"]))[1] for one in fresh[:_SINGLE]]
    finally:
        del os.environ["TOKENIZERS_PARALLELISM"]
        os.environ.update({} if parallel is None else {"TOKENIZERS_PARALLELISM": parallel})
    return (
        Reading("load the embedder, first question", loading, "s"),
        Reading("questions embedded on one core", _EMBEDDED / batch, "/s"),
        Reading("one question embedded p50", float(np.median(single)), "s"),
    )


def measure_start() -> tuple[Reading, ...]:
    """Return what the imports of a fresh Python cost beyond starting it."""
    bare = _start("pass")
    return tuple(Reading(f"import {room}", max(_start(f"import {room}") - bare, 0.0), "s") for room in ("index", "qa"))


def measure_size(library: Path) -> tuple[Reading, ...]:
    """Return the size of a library's folder, and the most memory this process has held so far."""
    size = sum(file.stat().st_size for file in library.rglob("*") if file.is_file())
    return (
        Reading("library on disk", size / 1e6, "MB"),
        Reading("peak memory", peak_memory() / 1e6, "MB"),
    )


def speed_lines(readings: Sequence[Reading]) -> list[str]:
    """Return the readings for a terminal, below the machine they were taken on."""
    head = [f"commit {commit()}", machine(), ""]
    return head + [f"{one.name:38}{one.value:12.4g} {one.unit}" for one in readings]


def _timed(act: Callable[[], Value]) -> tuple[Value, float]:
    start = perf_counter()
    value = act()
    return value, perf_counter() - start


def _start(code: str) -> float:
    start = partial(subprocess.run, [sys.executable, "-c", code], check=True, timeout=120)
    return min(_timed(start)[1] for _ in range(_STARTS))
