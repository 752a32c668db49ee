import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import sleep

import numpy as np
import pytest

from eval.speed import Reading, measure_embedding, measure_size, measure_speed, measure_start, speed_lines
from index import Hit, Report
from qa import Answer, Turn


@dataclass
class SlowLibrary:
    """Takes 2 ms a search, however many questions it is given."""

    generation: int = 1
    embedder: str = "fake"

    def reports(self) -> tuple[Report, ...]:
        return ()

    def search_many(self, questions: Sequence[str], top: int = 10) -> tuple[tuple[Hit, ...], ...]:
        sleep(0.002)
        return tuple(() for _ in questions)


@dataclass
class SlowAnswers:
    """Takes 4 ms an answer."""

    made: Answer

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        sleep(0.004)
        return self.made


def test_the_benchmark_tells_seconds_and_ratios(make_answer: type) -> None:
    made = make_answer("答")
    readings = measure_speed(SlowLibrary, lambda library: SlowAnswers(made), ["问"] * 10)
    values = {reading.name: reading.value for reading in readings}
    assert 0.004 <= values["answer p50"] < 0.1
    assert values["batch against one by one"] > 3  # ten searches of 2 ms against one
    assert values["answer against bare search"] > 1


class SlowEmbedder:
    """Takes 20 ms to load, and keeps what it is asked."""

    def __init__(self) -> None:
        self.asked: list[Sequence[str]] = []
        self.parallel: set[str | None] = set()

    def embed(self, questions: Sequence[str]) -> np.ndarray:
        sleep(0 if self.asked else 0.02)
        self.asked.append(questions)
        self.parallel.add(os.environ.get("TOKENIZERS_PARALLELISM"))
        return np.zeros((len(questions), 2), np.float32)


def test_an_embedder_is_timed_on_one_core_with_questions_it_has_not_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKENIZERS_PARALLELISM", "true")
    embedder = SlowEmbedder()
    readings = measure_embedding(embedder, ["甲", "乙"])
    assert [(reading.unit, reading.value > 0) for reading in readings] == [("s", True), ("/s", True), ("s", True)]
    assert readings[0].value >= 0.02
    first, batch, *single = embedder.asked
    assert (list(first), list(batch[:3]), len(batch)) == (["甲"], ["甲0", "乙1", "甲2"], 10_000)
    assert len({*first, *batch, *(one for (one,) in single)}) == 1 + 10_000 + 1_000
    assert (embedder.parallel, os.environ["TOKENIZERS_PARALLELISM"]) == ({"false"}, "true")


def test_the_library_is_weighed_with_its_folders(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(b"x" * 500_000)
    assert measure_size(tmp_path)[0] == Reading("library on disk", 0.5, "MB")


def test_imports_are_timed_in_a_fresh_python() -> None:
    assert [reading.name for reading in measure_start()] == ["import index", "import qa"]


def test_readings_stand_below_the_machine_they_were_taken_on() -> None:
    lines = speed_lines([Reading("answer p50", 0.0123, "s")])
    assert lines[0].startswith("commit ")
    assert lines[-1].split() == ["answer", "p50", "0.0123", "s"]
