"""Reports in, nearest paragraphs out: the front door of the room."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from index import build, stores
from index.build import Adding
from index.changes import Change, changes
from index.closeness import closeness
from index.compose import make_report
from index.config import LONGEST_QUESTION, IndexConfig
from index.embed import Embedder, Floats, load_embedder
from index.fold import fold
from index.keywords import terms
from index.library import Library
from index.models import model_folder
from index.pages import Pages
from index.records import Closeness, Hit, Paragraph, Place, Report, Scope, Tags, Version, WenjuError
from index.reembed import reembed
from index.scope import scope_of
from index.search import Search
from index.steps import Added, FileStep, Following, Progress, as_one, silent
from index.store import LibraryError
from index.verify import verify

__all__ = ["Hit", "Index", "IndexConfig", "Paragraph", "Report", "Scope", "WenjuError", "fold"]

_EVERYTHING = Scope()
_PLAINLY = Adding()


class SearchError(WenjuError):
    """A question that cannot be searched for."""


class Index:
    """An open library with the model that embeds it. Safe to search from several threads."""

    make_report = staticmethod(make_report)
    scope = staticmethod(scope_of)
    adding = Adding
    read = staticmethod(build.read)
    model_folder = staticmethod(model_folder)

    def __init__(self, library: Library, config: IndexConfig) -> None:
        """Use `Index.open` instead, which opens the library too."""
        self.config = config
        self._library = library
        self._pages = Pages(library)
        self._embedder: Embedder | None = None
        # By whether every version is searched, or the current ones.
        self._search: dict[bool, Search] = {}
        self._opening = threading.Lock()

    @classmethod
    def open(cls, config: IndexConfig | None = None) -> Self:
        """Open or create the library that `config` names; no model is loaded before it is needed.

        Raises:
            LibraryError: the folder holds something else, or its file is damaged.
        """
        config = config or IndexConfig()
        return cls(Library(config.library), config)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the library's file."""
        self._pages.close()
        self._library.close()

    @property
    def generation(self) -> int:
        """A number that grows with every change of the library."""
        return self._library.generation

    @property
    def empty(self) -> bool:
        """Whether there is no paragraph to be found."""
        return self._library.empty

    @property
    def size(self) -> tuple[int, int]:
        """How many reports and paragraphs there are, without reading them."""
        return len(self._library.digests()), self._library.counts()[0]

    @property
    def embedder(self) -> str:
        """The name of the model in use: "bundled", a folder or a hub name."""
        return self.config.embedder or "bundled"

    def reports(self) -> tuple[Report, ...]:
        """Return every report with its paragraphs, in the order they were first added."""
        return self._library.reports()

    def report(self, report: str, version: int = 0) -> Report:
        """Return one report, in its current version where none is asked for.

        Raises:
            LibraryError: there is none.
        """
        return self._library.report(report, version)

    def every_version(self) -> tuple[Report, ...]:
        """Return every version of every report with its paragraphs, earlier versions first."""
        return self._library.reports(every=True)

    def versions(self, report: str) -> tuple[Version, ...]:
        """Return a report's versions, the earliest first."""
        return self._library.versions(report)

    def diff(self, report: str, before: int = 0, after: int = 0) -> tuple[Change, ...]:
        """Return what changed from one version to another; by default from the last but one to the current one."""
        after = after or self.versions(report)[-1].number
        old = before or max(after - 1, 1)
        return changes(self.report(report, old).paragraphs, self.report(report, after).paragraphs)

    def page_image(self, report: str, page: int, version: int = 0) -> bytes | None:
        """Return a page of a PDF as a PNG, None where its original was not kept or has no such page."""
        return self._pages.image(report, page, version)

    def boxes(self, paragraph: Paragraph, start: int, end: int, version: int = 0) -> tuple[Place, ...]:
        """Return where `paragraph.text[start:end]` stands on its pages, a place a line, to be marked on their images.

        Empty where the original was not kept; the whole paragraph's place where its page is a picture.
        """
        return self._pages.places(paragraph, start, end, version)

    def add(
        self,
        paths: Sequence[Path],
        progress: Progress = silent,
        adding: Adding = _PLAINLY,
        following: Following = silent,
    ) -> tuple[Added, ...]:
        """Add report files, folders or ZIPs of them; say for each what became of it.

        `following` is told every step of every file, `progress` of all files as one piece of work.
        """
        together = as_one(progress)

        def tell(one: FileStep) -> None:
            together(one)
            following(one)

        added = build.add_files(self._library, self._model(), paths, tell, adding)
        self._refresh()
        return added

    def add_reports(self, reports: Sequence[Report], progress: Progress = silent) -> None:
        """Add reports that were made by `make_report`, in one transaction."""
        build.add_reports(self._library, self._model(), reports, progress)
        self._refresh()

    def tag(self, report: str, tags: Tags) -> None:
        """Give a report these tags instead of those it has.

        Raises:
            LibraryError: there is no report of that id.
        """
        held = self.report(report)
        self._library.note(report, held.digest, held.source, tags)

    def remove(self, report: str) -> None:
        """Take a report out.

        Raises:
            LibraryError: there is no report of that id.
        """
        self._library.remove(report)
        self._library.settle()

    def search(self, question: str, top: int = 10, scope: Scope = _EVERYTHING) -> tuple[Hit, ...]:
        """Return the `top` paragraphs of `scope` that fit `question` best, best first."""
        return self.search_many([question], top, scope)[0]

    def search_many(
        self, questions: Sequence[str], top: int = 10, scope: Scope = _EVERYTHING
    ) -> tuple[tuple[Hit, ...], ...]:
        """Search for several questions, which are embedded together.

        Raises:
            SearchError: one of them is too long.
            LibraryError: the scope names a report, tag or version that is not there.
        """
        longest = max(map(len, questions), default=0)
        if longest > LONGEST_QUESTION:
            raise SearchError(
                f"The question has {longest:,} characters, a search takes {LONGEST_QUESTION:,}; shorten it."
            )
        within = self._library.select(scope) if scope != _EVERYTHING else None
        return self._ready(bool(scope.version)).many(questions, top, self.config, within)

    def embed(self, questions: Sequence[str]) -> Floats:
        """Return the unit vectors that questions are searched by, shape (n, dimension)."""
        model = self._loaded()
        return model.questions([fold(question) for question in questions] if model.table is not None else questions)

    def rarity(self, term: str) -> float:
        """Return the inverse document frequency of a folded term in this library."""
        # Asked for every term of a question: whether the library changed was looked at when it was searched.
        return (self._search.get(False) or self._ready()).keywords.rarity(term)

    def closeness(self, question: str, texts: Sequence[str]) -> tuple[Closeness, ...]:
        """Say how near each text is to the question."""
        return closeness(self._model(), question, texts)

    @staticmethod
    def terms(text: str) -> tuple[str, ...]:
        """Cut a text into the folded terms that keyword search compares, in order and with repeats."""
        return terms(fold(text))

    def check(self) -> list[str]:
        """Return what is wrong with the library, nothing when all of it agrees; no model is loaded."""
        return verify(self._library)

    def rebuild(self) -> None:
        """Make the derived files again from SQLite; nothing is embedded and no model is loaded."""
        if made := self._library.embedder():
            stores.rebuild(self._library, made.dimension)
        self._search = {}

    def reembed(self, progress: Progress = silent) -> None:
        """Embed every paragraph of every version again with the model of this index; the old vectors serve meanwhile.

        A run that was broken off goes on where it stopped.
        """
        reembed(self._library, self._loaded(), progress)
        self._refresh()

    def _loaded(self) -> Embedder:
        if self._embedder is None:
            self._embedder = load_embedder(self.config.embedder, self.config.download)
        return self._embedder

    def _model(self) -> Embedder:
        """Return the model after making sure that it is the one the library's vectors are from."""
        model = self._loaded()
        made = self._library.embedder()
        if made and made.fingerprint != model.fingerprint and self._library.reports():
            embedder = f" --embedder {self.config.embedder}" if self.config.embedder else ""
            raise LibraryError(
                f"The library {self.config.library} was built with the embedder {made.name} "
                f"({made.dimension} dimensions, weights {made.fingerprint[:8]}), not with {self.embedder} "
                f"({model.dimension} dimensions, weights {model.fingerprint[:8]}); give --embedder {made.name}, "
                f"or embed it again: python -m index reembed --library {self.config.library}{embedder}"
            )
        return model

    def _ready(self, every: bool = False) -> Search:
        """Return the opened state; what a change left behind serves until one thread has opened the new one."""
        opened = self._search.get(every)
        if opened is not None and opened.stamp == stores.stamp_of(self._library):
            return opened
        if opened is not None and self._opening.locked():
            return opened
        with self._opening:
            opened = self._search.get(every)
            if opened is None or opened.stamp != stores.stamp_of(self._library):
                opened = self._search[every] = self._open(every)
            return opened

    def _open(self, every: bool = False) -> Search:
        model = self._model()
        opened = stores.open_stores(self._library, model.dimension, every)
        return Search(opened.stamp, self._library, model, opened.vectors, opened.keywords)

    def _refresh(self) -> None:
        """Open the new state beside the old one, which serves until this one takes its place."""
        self._library.settle()
        with self._opening:
            self._search = {False: self._open()}
