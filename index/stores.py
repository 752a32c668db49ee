"""Opens the derived files of a library, FAISS's and tantivy's, or makes them again from SQLite.

A conductor; nothing is embedded here and no model is loaded.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from index import derived
from index.config import DERIVED_FORM
from index.fold import fold
from index.keywords import Keywords, Row, part_name, terms
from index.library import Library
from index.records import WenjuError
from index.store import LibraryError
from index.vectors import Vectors


@dataclass(frozen=True, slots=True)
class Stores:
    """Both indexes of one state of a library, which `stamp` names."""

    stamp: str
    vectors: Vectors
    keywords: Keywords


def stamp_of(library: Library) -> str:
    """Name the state that derived files are made from: this library at this generation, in the present form."""
    return f"{library.identity}:{library.generation}:{DERIVED_FORM}"


def names_of(every: bool) -> tuple[str, str]:
    """Name the derived files: those of the current versions, or those of every version, made when one is asked."""
    return ("allvectors", "allkeywords") if every else ("vectors", "keywords")


def open_stores(library: Library, dimension: int, every: bool = False) -> Stores:
    """Open the derived files of the present state, or make them again.

    Raises:
        LibraryError: the library is behind them.
    """
    if fault := lost(library):
        raise LibraryError(fault)
    stamp = stamp_of(library)
    vectors, keywords = (derived.find(library.folder, name, stamp) for name in names_of(every))
    if vectors and keywords:
        # Another program may have put later ones in their place meanwhile.
        with suppress(WenjuError):
            return Stores(stamp, Vectors.load(vectors), Keywords(keywords))
    return publish(library, dimension, every)


def publish(library: Library, dimension: int, every: bool = False) -> Stores:
    """Make the derived files from one state of the library; what cannot be written is held in memory."""
    with library.snapshot():
        stamp = stamp_of(library)
        vectors = Vectors(*library.vectors(dimension, every))
        paragraphs = list(library.each_paragraph(every))
    rows: list[Row] = [
        (row, terms(fold(paragraph.text)), part_name(paragraph.report, version))
        for row, paragraph, version in paragraphs
    ]
    for_vectors, for_keywords = names_of(every)
    with suppress(OSError, WenjuError):
        derived.publish(library.folder, for_vectors, stamp, vectors.save)
    return Stores(stamp, vectors, _published(library.folder, for_keywords, stamp, rows))


def _published(library: Path, name: str, stamp: str, rows: list[Row]) -> Keywords:
    try:
        return Keywords(derived.publish(library, name, stamp, lambda folder: Keywords.write(folder, rows)))
    except (OSError, WenjuError):  # such as a full disk: the library itself is whole, so questions are answered
        return Keywords.held(rows)


def rebuild(library: Library, dimension: int) -> None:
    """Make the derived files again: those of the current versions, and those of every version where there are some."""
    for every in (False, True):
        if not every or any(derived.is_there(library.folder, name) for name in names_of(every)):
            publish(library, dimension, every)


def lost(library: Library) -> str:
    """Say so where derived files were made from a later state than the library has: then its last changes are gone."""
    stamps = [derived.stamp_of(library.folder, name) for every in (False, True) for name in names_of(every)]
    identity, now = library.identity, library.generation  # read after the stamps: another program may be adding
    parts = [stamp.rsplit(":", 2) for stamp in stamps]
    later = [int(p[1]) for p in parts if len(p) == 3 and p[0] == identity and p[1].isdecimal() and int(p[1]) > now]
    if not later:
        return ""
    return (
        f"The library {library.folder} holds {now} changes, its derived files were made after {max(later)}: the last "
        "were lost, or an older copy was put in its place. To go on with what it holds, run: python -m index rebuild"
        f" --library {library.folder}"
    )
