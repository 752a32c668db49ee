"""Opens the derived files of a library, FAISS's and tantivy's, or makes them again from SQLite.

A conductor; nothing is embedded here and no model is loaded.
"""

from pathlib import Path

from index import derived
from index.config import DERIVED_FORM
from index.fold import fold
from index.keywords import Keywords, part_name, terms
from index.library import Library
from index.vectors import Vectors


def stamp_of(library: Library) -> str:
    """Name the state that derived files are made from: this library at this generation, in the present form."""
    return f"{library.identity}:{library.generation}:{DERIVED_FORM}"


def names_of(every: bool) -> tuple[str, str]:
    """Name the derived files: those of the current versions, or those of every version, made when one is asked."""
    return ("allvectors", "allkeywords") if every else ("vectors", "keywords")


def open_vectors(library: Library, dimension: int, every: bool = False) -> Vectors:
    """Open the FAISS file, or make it again from the library's own vectors."""
    path = derived.find(library.folder, names_of(every)[0], stamp_of(library))
    return Vectors.load(path) if path else publish_vectors(library, dimension, every)


def publish_vectors(library: Library, dimension: int, every: bool = False) -> Vectors:
    """Make the FAISS file from the library's own vectors; nothing is embedded."""
    # The stamp comes first: a change by another program meanwhile leaves the file behind, never ahead.
    stamp = stamp_of(library)
    vectors = Vectors(*library.vectors(dimension, every))
    derived.publish(library.folder, names_of(every)[0], stamp, vectors.save)
    return vectors


def open_keywords(library: Library, every: bool = False) -> Keywords:
    """Open the keyword index, or make it again from the library's paragraphs."""
    path = derived.find(library.folder, names_of(every)[1], stamp_of(library))
    return Keywords(path or publish_keywords(library, every))


def publish_keywords(library: Library, every: bool = False) -> Path:
    """Make the keyword index from the library's paragraphs."""
    stamp = stamp_of(library)
    rows = [
        (row, terms(fold(paragraph.text)), part_name(paragraph.report, version))
        for row, paragraph, version in library.each_paragraph(every)
    ]
    return derived.publish(library.folder, names_of(every)[1], stamp, lambda folder: Keywords.write(folder, rows))


def rebuild(library: Library, dimension: int) -> None:
    """Make the derived files again: those of the current versions, and those of every version where there are some."""
    for every in (False, True):
        if not every or any(derived.is_there(library.folder, name) for name in names_of(every)):
            publish_vectors(library, dimension, every)
            publish_keywords(library, every)
