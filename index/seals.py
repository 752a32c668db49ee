"""Compares what a library holds with its checksums before it is used.

Two kinds: a report's seal is over its facts, paragraphs and vectors; the library's is over all that is small, the
reports' seals among it. So a library is opened at the cost of its list of reports, and a report is read once more than
it is used. It does not know what is searched.
"""

from collections.abc import Iterable

from index.rows import seal, seal_now
from index.schema import seal_of
from index.store import Database, Store, damage, set_meta

_KEY = "seal"
_HEAD = (
    "SELECT key, value FROM meta WHERE key <> 'seal' ORDER BY key",
    "SELECT * FROM reports ORDER BY id, version",
    "SELECT report, key, value FROM tags ORDER BY report, key",
)


def seal_library(db: Database) -> None:
    """Keep the checksum of the list of reports, their tags and the library's own values."""
    set_meta(db, _KEY, _head(db))


def is_sound(db: Database) -> bool:
    """Say whether the library's own checksum fits, where it has one."""
    kept = db.execute("SELECT value FROM meta WHERE key = ?", (_KEY,)).fetchone()
    return kept is None or kept[0] == _head(db)


def _head(db: Database) -> str:
    rows = [row for query in _HEAD for row in db.execute(query)]
    # The checksum is over bytes, which are the same for a text and a blob.
    return "" if any(isinstance(value, bytes) for row in rows for value in row) else seal_of(rows)


class Seals:
    """What of one open library was compared with its checksum; a report is compared once, and again when it changed."""

    def __init__(self, store: Store) -> None:
        """Compare the list of reports; give checksums to what is from tables that had none.

        Raises:
            LibraryError: the checksum of the list does not fit.
        """
        self._folder = store.folder
        self._sound: set[tuple[str, int, str]] = set()
        with store.reading() as db:
            if not is_sound(db):
                raise damage(self._folder, "the checksum of its list of reports does not fit")
            unsealed = db.execute("SELECT id, version FROM reports WHERE seal = ''").fetchall()
            sealed = db.execute("SELECT 1 FROM meta WHERE key = ?", (_KEY,)).fetchone()
        if unsealed or not sealed:
            with store.writing() as db:  # which seals the list
                for name, version in unsealed:
                    seal(db, name, version)

    def demand(self, db: Database, reports: Iterable[tuple[str, int]]) -> None:
        """Compare reports, each by its id and version.

        Raises:
            LibraryError: a checksum does not fit.
        """
        for name, version in set(reports):
            found = db.execute("SELECT seal FROM reports WHERE id = ? AND version = ?", (name, version)).fetchone()
            sealed = (name, version, found[0] if found else "")
            if sealed not in self._sound:
                if not found or found[0] != seal_now(db, name, version):
                    raise damage(self._folder, f"the checksum of report {name!r}, version {version}, does not fit")
                self._sound.add(sealed)

    def demand_all(self, db: Database, every: bool) -> None:
        """Compare all current reports, or `every` version.

        Raises:
            LibraryError: a checksum does not fit.
        """
        where = "" if every else "WHERE current"
        self.demand(db, db.execute(f"SELECT id, version FROM reports {where}").fetchall())
