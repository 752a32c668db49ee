"""What a set is put to: a library, and who answers from it. A set with paragraphs of its own gets a library of its own.

Knows neither cases nor figures.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Protocol, Self, runtime_checkable

from eval.records import Case, CaseSet, Setting
from index import Hit, Index, IndexConfig, Report, WenjuError
from qa import Answer, Answerer, Turn

# Called with the step's name, how much is done, and how much there is in all. It may raise to stop.
Progress = Callable[[str, int, int], None]


class Library(Protocol):
    """What is asked of the index: its paragraphs, and the nearest of them."""

    @property
    def generation(self) -> int:
        """A number that grows with every change."""

    @property
    def embedder(self) -> str:
        """The name of the embedding model."""

    def reports(self) -> tuple[Report, ...]:
        """Return all reports with their paragraphs."""

    def search_many(self, questions: Sequence[str], top: int = 10) -> tuple[tuple[Hit, ...], ...]:
        """Return the nearest paragraphs of each question, best first."""


class Answers(Protocol):
    """What is asked of the answerer."""

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Answer a question that follows the turns of a conversation."""


@runtime_checkable
class Many(Protocol):
    """Who answers cases several at once."""

    def each(self, cases: Sequence[Case]) -> Iterator["Asked"]:
        """Yield what each case was answered, in order."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer and the seconds it took."""

    answer: Answer
    seconds: float


def ask(answers: Answers, case: Case) -> Asked:
    """Put one case.

    Raises:
        WenjuError: it could not be answered at all; the case is named.
    """
    start = perf_counter()
    try:
        answer = answers.answer(case.question, case.history)
    except WenjuError as error:
        raise WenjuError(f"Case {case.id} could not be answered: {error}") from error
    return Asked(answer, perf_counter() - start)


def silent(step: str, done: int, total: int) -> None:
    """Report no progress."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is measured: a library and who answers from it, one by one or many (None: it is only searched)."""

    library: Library
    answers: Answers | Many | None
    settings: tuple[Setting, ...] = ()

    @classmethod
    def of(cls, index: Index, answerer: Answerer | None) -> Self:
        """Return an open library and its answerer with the settings they stand under."""
        settings = settings_of(index.config) if answerer is None else settings_of(index.config, answerer.config)
        return cls(index, answerer, settings)

    @classmethod
    @contextmanager
    def opened(
        cls, case_set: CaseSet, index: Index, answerer: Answerer | None, progress: Progress = silent
    ) -> Iterator[Self]:
        """Open what a set is put to: the open library, or one of the set's own paragraphs under like settings."""
        if not case_set.articles:
            yield cls.of(index, answerer)
            return
        with own_library(case_set, index.config, progress) as own:
            yield cls.of(own, answerer and Answerer(own, answerer.config))


def own_reports(case_set: CaseSet) -> tuple[Report, ...]:
    """Return the articles of a set as reports."""
    return tuple(Index.make_report(one.id, one.title, one.texts) for one in case_set.articles)


@contextmanager
def own_library(case_set: CaseSet, config: IndexConfig, progress: Progress = silent) -> Iterator[Index]:
    """Open a temporary library of the paragraphs that a set brings with it."""
    with (
        tempfile.TemporaryDirectory(prefix="wenju-eval-") as folder,
        Index.open(replace(config, library=Path(folder) / "library")) as index,
    ):
        index.add_reports(own_reports(case_set), progress)
        yield index


def settings_of(*configs: object) -> tuple[Setting, ...]:
    """Return the settings that figures depend on: all but the embedder, keys, addresses and folders."""
    return tuple(
        Setting(field.name, str(getattr(config, field.name)))
        for config in configs
        if is_dataclass(config)
        for field in fields(config)
        if not field.name.endswith(("key", "url", "embedder")) and not isinstance(getattr(config, field.name), Path)
    )
