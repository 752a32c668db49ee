"""Reports in, nearest paragraphs out: the front door of the room."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from index import build
from index.build import Added, Progress, make_report, silent
from index.closeness import closeness
from index.config import LONGEST_QUESTION, IndexConfig
from index.embed import Embedder, Floats, load_embedder
from index.fold import fold
from index.keywords import terms
from index.library import Library, LibraryError
from index.models import model_folder
from index.records import Closeness, Hit, Paragraph, Report, Sentence, WenjuError
from index.reembed import reembed
from index.search import Search

__all__ = ["Hit", "Index", "IndexConfig", "Paragraph", "Report", "Sentence", "WenjuError", "fold"]


class SearchError(WenjuError):
    """A question that cannot be searched for."""


class Index:
    """An open library with the model that embeds it. Safe to search from several threads."""

    make_report = staticmethod(make_report)
    model_folder = staticmethod(model_folder)

    def __init__(self, library: Library, config: IndexConfig) -> None:
        """Use `Index.open` instead, which opens the library too."""
        self.config = config
        self._library = library
        self._embedder: Embedder | None = None
        self._search: Search | None = None

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
        self._library.close()

    @property
    def generation(self) -> int:
        """A number that grows with every change of the library."""
        return self._library.generation

    @property
    def empty(self) -> bool:
        """Whether there is no paragraph to be found."""
        return self._library.counts()[0] == 0

    @property
    def embedder(self) -> str:
        """The name of the model in use: "bundled", a folder or a hub name."""
        return self.config.embedder or "bundled"

    def reports(self) -> tuple[Report, ...]:
        """Return every report with its paragraphs, in the order they were first added."""
        return self._library.reports()

    def add(self, paths: Sequence[Path], progress: Progress = silent) -> tuple[Added, ...]:
        """Add report files, or folders of them; say for each what became of it."""
        added = build.add_files(self._library, self._model(), paths, progress)
        self._refresh()
        return added

    def add_reports(self, reports: Sequence[Report], progress: Progress = silent) -> None:
        """Add reports that were made by `make_report`, in one transaction."""
        build.add_reports(self._library, self._model(), reports, progress)
        self._refresh()

    def remove(self, report: str) -> None:
        """Take a report out.

        Raises:
            LibraryError: there is no report of that id.
        """
        self._library.remove(report)
        self._search = None

    def search(self, question: str, top: int = 10) -> tuple[Hit, ...]:
        """Return the `top` paragraphs that fit `question` best, best first."""
        return self.search_many([question], top)[0]

    def search_many(self, questions: Sequence[str], top: int = 10) -> tuple[tuple[Hit, ...], ...]:
        """Search for several questions, which are embedded together.

        Raises:
            SearchError: one of them is too long.
        """
        longest = max(map(len, questions), default=0)
        if longest > LONGEST_QUESTION:
            raise SearchError(
                f"The question has {longest:,} characters, a search takes {LONGEST_QUESTION:,}; shorten it."
            )
        return self._ready().many(questions, top, self.config)

    def embed(self, questions: Sequence[str]) -> Floats:
        """Return the unit vectors that questions are searched by, shape (n, dimension)."""
        model = self._loaded()
        return model.questions([fold(question) for question in questions] if model.table is not None else questions)

    def rarity(self, term: str) -> float:
        """Return the inverse document frequency of a folded term in this library."""
        # Asked for every term of a question: whether the library changed was looked at when it was searched.
        return (self._search or self._ready()).keywords.rarity(term)

    def closeness(self, question: str, texts: Sequence[str]) -> tuple[Closeness, ...]:
        """Say how near each text is to the question."""
        return closeness(self._model(), question, texts)

    @staticmethod
    def terms(text: str) -> tuple[str, ...]:
        """Cut a text into the folded terms that keyword search compares, in order and with repeats."""
        return terms(fold(text))

    def check(self) -> list[str]:
        """Return what is wrong with the library, nothing when all of it agrees; no model is loaded."""
        faults = [] if (verdict := self._library.check()) == "ok" else [f"the SQLite file is damaged: {verdict}"]
        made = self._library.embedder()
        if made is None or faults:
            return faults
        rows, vectors = self._library.counts()
        keywords = build.open_keywords(self._library).count
        if keywords != rows:
            faults.append(f"the keyword index holds {keywords} paragraphs, the library {rows}")
        if (held := build.open_vectors(self._library, made.dimension).count) != vectors or vectors < rows:
            faults.append(f"{rows} paragraphs have {vectors} vectors in the library and {held} in the vector index")
        return faults

    def rebuild(self) -> None:
        """Make the derived files again from SQLite; nothing is embedded and no model is loaded."""
        if made := self._library.embedder():
            build.publish_vectors(self._library, made.dimension)
            build.publish_keywords(self._library)
        self._search = None

    def reembed(self, progress: Progress = silent) -> None:
        """Embed every paragraph again with the model of this index; the old vectors serve until the new are whole.

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

    def _ready(self) -> Search:
        """Return the opened state; one that another program's change left behind is opened anew."""
        opened = self._search
        if opened is None or opened.stamp != build.stamp_of(self._library):
            opened = self._open()
            self._search = opened
        return opened

    def _open(self) -> Search:
        model = self._model()
        stamp = build.stamp_of(self._library)
        vectors = build.open_vectors(self._library, model.dimension)
        return Search(stamp, self._library, model, vectors, build.open_keywords(self._library))

    def _refresh(self) -> None:
        """Open the new state beside the old one, which serves until this one takes its place."""
        self._search = self._open()
