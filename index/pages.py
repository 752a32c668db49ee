"""Shows pages of the library's originals: a page as a picture, and where on it a sentence stands.

A conductor over the library, the process aside and the search for places; one page at a time.
"""

import threading
from collections.abc import Sequence

from index.aside import Aside
from index.config import PAGE_WIDTH
from index.document import Glyph
from index.library import Library
from index.marks import PAGES, places_of
from index.records import Paragraph, Place


class Pages:
    """The pages of one library; safe to ask from several threads."""

    def __init__(self, library: Library) -> None:
        """Start nothing before a page is asked for."""
        self._library, self._aside, self._lock = library, Aside(), threading.Lock()
        # Of the page that was looked at last: an answer quotes several sentences of one paragraph.
        self._seen: tuple[tuple[str, int, int, int], Sequence[Glyph]] | None = None

    def close(self) -> None:
        """End the process that draws."""
        with self._lock:
            self._aside.close()

    def image(self, report: str, page: int, version: int = 0) -> bytes | None:
        """Return a page as a PNG, None where the original was not kept or has no such page.

        Raises:
            LibraryError: there is no such report.
            ReadError: the page takes too much time or memory, or is damaged.
        """
        data = self._library.original(report, version)
        if data is None:
            return None
        with self._lock:
            return self._aside.image(report, data, page, PAGE_WIDTH) or None

    def places(self, paragraph: Paragraph, start: int, end: int, version: int = 0) -> tuple[Place, ...]:
        """Return where `paragraph.text[start:end]` stands, a place a line; nothing where the original was not kept.

        Raises:
            LibraryError: there is no such report.
            ReadError: the page takes too much time or memory, or is damaged.
        """
        if not paragraph.page:
            return ()
        with self._lock:
            glyphs = self._glyphs(paragraph, version)
        return places_of(paragraph, start, end, glyphs) if glyphs is not None else ()

    def _glyphs(self, paragraph: Paragraph, version: int) -> Sequence[Glyph] | None:
        """Return the characters of a paragraph's pages, None where the original was not kept."""
        at = (paragraph.report, version, paragraph.page, self._library.generation)
        if self._seen is None or self._seen[0] != at:
            data = self._library.original(paragraph.report, version)
            if data is None:
                return None
            pages = range(paragraph.page, paragraph.page + PAGES)
            self._seen = at, self._aside.glyphs(paragraph.report, data, pages)
        return self._seen[1]
