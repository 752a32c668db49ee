"""Arguments and environment -> configs, an open library, a progress bar: what the commands of the room begin with.

Knows no command; the only door to the terminal's progress bar.
"""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Self

from tqdm import tqdm

from eval.records import CaseSet
from eval.subject import Progress, own_library, silent
from index import Index, IndexConfig, Report, WenjuError
from qa import Answerer, QaConfig


def index_config(library: Path | None) -> IndexConfig:
    """Return the index's settings; WENJU_LIBRARY and WENJU_EMBEDDER stand in for what is not given."""
    folder = library or Path(os.environ.get("WENJU_LIBRARY") or "library")
    return IndexConfig(library=folder, embedder=os.environ.get("WENJU_EMBEDDER", ""))


def qa_config() -> QaConfig:
    """Return the settings of answering: the environment's, then those of wenju.toml."""
    return Answerer.settings(os.environ)


def fused(config: IndexConfig, weights: Sequence[str]) -> IndexConfig:
    """Return `config` with the fusion weights that were asked for in every language, and without the thesaurus.

    Raises:
        WenjuError: they are not three numbers.
    """
    try:
        keywords, windows, tokens = (float(weight) for weight in weights)
    except ValueError as error:
        raise WenjuError(f"The fusion is {','.join(weights)!r}; give three numbers, such as 0.4,0.2,0.4.") from error
    asked = replace(config.chinese, keywords=keywords, windows=windows, tokens=tokens, related=0.0)
    return replace(config, chinese=asked, reworded=asked, foreign=asked, without_tokens=asked)


@contextmanager
def opened(case_set: CaseSet | None, config: IndexConfig, progress: Progress = silent) -> Iterator[Index]:
    """Open the library that a set is put to: one of its own paragraphs where it brings some.

    Raises:
        WenjuError: there is no library, or it is empty.
    """
    if case_set and case_set.articles:
        with own_library(case_set, config, progress) as index:
            yield index
        return
    way_out = f"build it with `python -m index add reports/ --library {config.library}`"
    if not config.library.is_dir():
        raise WenjuError(f"There is no library at {config.library}; {way_out}.")
    with Index.open(config) as index:
        if not index.reports():
            raise WenjuError(f"The library at {config.library} is empty; {way_out}.")
        yield index


class Bench:
    """What a sweep is measured on: the library, or copies of it embedded anew, the last of which is kept."""

    def __init__(self, case_set: CaseSet, config: IndexConfig, progress: Progress = silent) -> None:
        """Open the library of a set; its own paragraphs if it has any."""
        self._case_set, self._config, self._progress = case_set, config, progress
        self._copies, self._embedder = ExitStack(), config.embedder
        self._index = self._copies.enter_context(opened(case_set, config, progress))
        self.generation = self._index.generation
        self._reports = self._index.reports()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._copies.close()

    def library(self, wanted: IndexConfig) -> Index:
        """Open the library under other settings, embedded anew where they name another embedder."""
        if wanted.embedder != self._embedder:
            self._copies.close()  # the model before is of no more use
            self._index = self._copies.enter_context(temporary(wanted))
            self._index.add_reports(self._reports, self._progress)
            self._embedder = wanted.embedder
        return Index.open(replace(wanted, library=self._index.config.library))


@contextmanager
def temporary(config: IndexConfig) -> Iterator[Index]:
    """Open an empty library that is gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="wenju-eval-") as folder,
        Index.open(replace(config, library=Path(folder) / "library")) as index,
    ):
        yield index


def report_of(name: str, config: IndexConfig) -> Report:
    """Return a report of the library by its id or title, or one that is read from a file.

    Raises:
        WenjuError: there is neither.
    """
    if Path(name).is_file():
        with temporary(replace(config, embedder="")) as index:
            (added,) = index.add([Path(name)])
            if added.outcome == "failed":
                raise WenjuError(added.message)
            return index.reports()[0]
    with opened(None, config) as index:
        reports = index.reports()
    found = next((report for report in reports if name in (report.id, report.title)), None)
    if found is None:
        known = ", ".join(report.id for report in reports[:5])
        raise WenjuError(f"{name} is neither a file nor a report of {config.library}, which holds {known}; name one.")
    return found


def demand_writable(target: Path | None) -> None:
    """Find out before a long run, not behind it, that its result cannot be written.

    Raises:
        WenjuError: it cannot.
    """
    if target and (target.is_dir() or not target.parent.is_dir()):
        raise WenjuError(f"{target} cannot be written; name a file in a folder that exists.")


@contextmanager
def bar() -> Iterator[Progress]:
    """Show progress on the terminal's last line, and nothing where there is no terminal."""
    with tqdm(disable=not sys.stderr.isatty(), leave=False) as shown:

        def progress(step: str, done: int, total: int) -> None:
            shown.desc, shown.total, shown.n = step, total, done
            shown.update(0)

        yield progress


def named(progress: Progress, name: str) -> Progress:
    """Put a name before every step."""
    return lambda step, done, total: progress(f"{name}: {step}", done, total)
