"""Opens the library's SQLite file: makes it, brings it up to date, locks and translates. The only door to SQLite.

It does not know what the rows mean.
"""

import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from index.records import WenjuError
from index.schema import MIGRATIONS, SCHEMA, SCHEMA_VERSION

DATABASE = "wenju.sqlite"
Database = sqlite3.Connection
_APPLICATION = 0x57454E4A  # "WENJ" in the file's header, so that another program's file is refused


class LibraryError(WenjuError):
    """A library that cannot be opened, read or written as asked."""


class Store:
    """One open file; safe to read from several threads."""

    def __init__(self, folder: Path, finish: Callable[[Database], None] = lambda _: None) -> None:
        """Open the file in `folder`, or make it there; `finish` is the last thing that every change does.

        Raises:
            LibraryError: the folder holds something else, or the file is damaged, locked or from a later Wenju.
        """
        self.folder, self._finish = folder, finish
        self._lock = threading.RLock()
        with _translated(folder):
            _check(folder)
            folder.mkdir(parents=True, exist_ok=True)
            # One second: a second writer is told at once, and a reader outwaits a commit.
            self._db = sqlite3.connect(folder / DATABASE, timeout=1.0, check_same_thread=False, isolation_level=None)
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    def _prepare(self) -> None:
        if _is_blank(self._db):
            self._db.execute("PRAGMA journal_mode = WAL")
            with self.writing() as db:
                if _is_blank(db):  # another program may have been first
                    _create(db)
        if self._db.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
            raise LibraryError(f"{self.folder / DATABASE} is not a Wenju library; name another folder with --library.")
        self._db.execute("PRAGMA synchronous = FULL")
        if _schema(self._db) != SCHEMA_VERSION:
            self._migrate()
        self._db.execute("PRAGMA foreign_keys = ON")

    def _migrate(self) -> None:
        """Bring the tables up to date in one transaction; foreign keys are off, for tables are replaced."""
        with self.writing() as db:
            if (found := _schema(db)) > SCHEMA_VERSION:
                raise LibraryError(
                    f"{self.folder / DATABASE} was made by a later Wenju (tables {found}, this one knows "
                    f"{SCHEMA_VERSION}); update Wenju, or name another folder with --library."
                )
            if not found:
                raise LibraryError(_damaged(self.folder, "its tables have no number"))
            for number in range(found, SCHEMA_VERSION):
                for statement in MIGRATIONS[number].split(";"):
                    db.execute(statement)
            set_meta(db, "schema", str(SCHEMA_VERSION))
            if db.execute("PRAGMA foreign_key_check").fetchone():
                raise LibraryError(_damaged(self.folder, "parts of it belong to nothing"))

    def close(self) -> None:
        """Close the file; it cannot be used afterwards."""
        with self._lock:
            self._db.close()

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """Give the open file to read one state from, whatever other programs write meanwhile."""
        with self._lock, _translated(self.folder):
            if self._db.in_transaction:
                yield self._db
                return
            self._db.execute("BEGIN")
            try:
                yield self._db
            finally:
                self._db.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """Give the open file to write to; all that is written is kept, or nothing."""
        with self._lock, _translated(self.folder):
            self._db.execute("BEGIN IMMEDIATE")
            try:  # a COMMIT that fails leaves the transaction open, to be rolled back
                yield self._db
                self._finish(self._db)
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def settle(self) -> None:
        """Move what the write-ahead log holds into the file, so that a damaged log has nothing to lose."""
        with self._lock, _translated(self.folder):
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def damage(folder: Path, what: str) -> LibraryError:
    """Say that the library's file is damaged, and the way out."""
    return LibraryError(_damaged(folder, what))


def _damaged(folder: Path, what: str) -> str:
    return (
        f"{folder / DATABASE} is damaged or not a Wenju library ({what}); "
        "restore it from a copy, or move it away and add the reports again."
    )


def set_meta(db: Database, key: str, value: str) -> None:
    """Keep one of the library's own values."""
    db.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value))


def _schema(db: Database) -> int:
    row = db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
    if not row:
        return 1
    # What is no number was one.
    return int(row[0]) if str(row[0]).isdecimal() else 0


def _is_blank(db: Database) -> bool:
    """Say whether the file is new, or was left so by a crash before anything was put in."""
    marked = db.execute("PRAGMA application_id").fetchone()[0]
    return not marked and not db.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]


def _create(db: Database) -> None:
    db.execute(f"PRAGMA application_id = {_APPLICATION}")
    for statement in SCHEMA.split(";"):
        db.execute(statement)
    own = (uuid.uuid4().hex, str(SCHEMA_VERSION))
    db.execute("INSERT INTO meta VALUES ('generation', '0'), ('identity', ?), ('schema', ?)", own)


def _check(folder: Path) -> None:
    """Refuse a folder that is neither a library, nor empty, nor still to be made."""
    if folder.exists() and not folder.is_dir():
        raise LibraryError(f"{folder} is a file, not a library folder; name another folder with --library.")
    found = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if found and DATABASE not in found:
        raise LibraryError(f"{folder} holds other files and no {DATABASE}; name an empty or new folder with --library.")


# SQLite's result codes, as sqlite.org/rescode.html has them.
_BUSY, _LOCKED = 5, 6
_NO_ACCESS = (3, 8, 10, 13, 14)  # PERM, READONLY, IOERR, FULL, CANTOPEN


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.ProgrammingError as error:
        raise LibraryError(f"The library {folder} is closed; open it again.") from error
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (_BUSY, _LOCKED):
            raise LibraryError(f"Another program is writing to {folder}; try again when it is done.") from error
        if code in _NO_ACCESS:
            raise LibraryError(
                f"{folder / DATABASE} cannot be used ({error}); check its permissions and free space."
            ) from error
        raise damage(folder, str(error)) from error
    except UnicodeEncodeError as error:
        raise LibraryError(
            f"{error.object[:40]!a} holds half a character, which cannot be kept; "
            "give the text or file a name and content in UTF-8."
        ) from error
    except OSError as error:
        raise LibraryError(f"The library folder {folder} cannot be used ({error.strerror}).") from error
