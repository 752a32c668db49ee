"""Says what is wrong with a library: its file, every checksum, and whether its three stores agree.

A conductor; it changes nothing and loads no model.
"""

from index import derived, stores
from index.library import Library


def verify(library: Library) -> list[str]:
    """Return the faults, nothing when all of it agrees.

    Derived files that are missing or behind are no fault: they are made again when they are needed.
    """
    if (verdict := library.check()) != "ok":
        return [f"the SQLite file is damaged: {verdict}"]
    made = library.embedder()
    if made is None:
        return []
    faults = [
        f"the derived file {name} is damaged: its checksum does not fit; run: python -m index rebuild"
        for every in (False, True)
        for name in stores.names_of(every)
        if derived.is_damaged(library.folder, name, stores.stamp_of(library))
    ]
    faults += [fault] if (fault := stores.lost(library)) else []
    return faults or _disagreements(library, made.dimension)


def _disagreements(library: Library, dimension: int) -> list[str]:
    rows, vectors = library.counts()
    opened = stores.open_stores(library, dimension)
    faults = []
    if (held := opened.keywords.count) != rows:
        faults.append(f"the keyword index holds {held} paragraphs, the library {rows}")
    if (held := opened.vectors.count) != vectors or vectors < rows:
        faults.append(f"{rows} paragraphs have {vectors} vectors in the library and {held} in the vector index")
    return faults
