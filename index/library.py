"""The truth on disk: reports, paragraphs and vectors in one SQLite file. The only door to SQLite.

It does not know how texts are embedded or searched.
"""

import json
import sqlite3
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.records import EmbedderIdentity, Paragraph, Report, WenjuError
from index.schema import PARAGRAPH, REPORT, SCHEMA, paragraph_of, paragraph_row, report_of, report_row

DATABASE = "wenju.sqlite"
_APPLICATION = 0x57454E4A  # "WENJ" in the file's header, so that another program's file is refused
# A vector's id is its paragraph's row and its place among the paragraph's vectors, so FAISS needs no map.
ORDINAL_BITS = 16

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]

# A report with one matrix of vectors a paragraph, rows of one matrix in the order of its windows.
Embedded = tuple[Report, Sequence[Floats]]


class LibraryError(WenjuError):
    """A library that cannot be opened, read or written as asked."""


class Library:
    """One open library folder; safe to read from several threads."""

    def __init__(self, folder: Path) -> None:
        """Open the library in `folder`, or create it there.

        Raises:
            LibraryError: the folder holds something else, or the file is damaged or locked.
        """
        self.folder = folder
        self._lock = threading.RLock()
        with _translated(folder):
            _check(folder)
            folder.mkdir(parents=True, exist_ok=True)
            # One second: a second writer is told at once, and a reader outwaits a commit.
            self._db = sqlite3.connect(folder / DATABASE, timeout=1.0, check_same_thread=False, isolation_level=None)
            self._prepare()

    def _prepare(self) -> None:
        self._db.execute("PRAGMA foreign_keys = ON")
        if _is_blank(self._db):
            self._db.execute("PRAGMA journal_mode = WAL")
            with self.writing() as db:
                if _is_blank(db):  # another program may have been first
                    _create(db)
        if self._db.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
            raise LibraryError(f"{self.folder / DATABASE} is not a Wenju library; name another folder with --library.")
        self._db.execute("PRAGMA synchronous = FULL")

    def close(self) -> None:
        """Close the file; the library cannot be used afterwards."""
        with self._lock:
            self._db.close()

    @property
    def identity(self) -> str:
        """A name no other library has, so that derived files of another are not taken for this one's."""
        return self._meta("identity")

    @property
    def generation(self) -> int:
        """A number that grows with every change."""
        return int(self._meta("generation"))

    def embedder(self) -> EmbedderIdentity | None:
        """Return which model made the vectors, None before the first report."""
        stored = self._meta("embedder")
        return EmbedderIdentity(**json.loads(stored)) if stored else None

    def reports(self) -> tuple[Report, ...]:
        """Return every report with its paragraphs, in the order they were first added."""
        with self._reading() as db:
            rows = db.execute(f"SELECT {REPORT} FROM reports ORDER BY position").fetchall()
            paragraphs: dict[str, list[Paragraph]] = {row[0]: [] for row in rows}
            for row in db.execute(f"SELECT {PARAGRAPH} FROM paragraphs ORDER BY number"):
                paragraphs[row[1]].append(paragraph_of(row))
        return tuple(report_of(row, paragraphs[row[0]]) for row in rows)

    def paragraphs(self, rows: Sequence[int]) -> dict[int, tuple[Paragraph, str]]:
        """Return the paragraphs of `rows`, each with its report's title, less rows that are gone."""
        found: dict[int, tuple[Paragraph, str]] = {}
        marks = ",".join("?" * len(rows))
        columns = ", ".join(f"p.{name}" for name in PARAGRAPH.split(", "))
        source = f"paragraphs p JOIN reports r ON r.id = p.report WHERE row IN ({marks})"
        with self._reading() as db:
            for row in db.execute(f"SELECT {columns}, r.title FROM {source}", tuple(rows)):
                found[row[0]] = (paragraph_of(row), row[7])
        return found

    def each_paragraph(self) -> Iterator[tuple[int, Paragraph]]:
        """Yield every paragraph with its row."""
        with self._reading() as db:
            rows = db.execute(f"SELECT {PARAGRAPH} FROM paragraphs ORDER BY row").fetchall()
        yield from ((row[0], paragraph_of(row)) for row in rows)

    def sample(self, count: int) -> list[tuple[int, Paragraph]]:
        """Return at most about `count` paragraphs with their rows, evenly spread over the library."""
        step = max(1, self.counts()[0] // count)
        with self._reading() as db:
            rows = db.execute(f"SELECT {PARAGRAPH} FROM paragraphs WHERE row % ? = 0 ORDER BY row", (step,)).fetchall()
        return [(row[0], paragraph_of(row)) for row in rows]

    def vectors(self, dimension: int) -> tuple[Ids, Floats]:
        """Return all vectors, ids of shape (n,) and a matrix of shape (n, dimension)."""
        with self._reading() as db:
            rows = db.execute("SELECT id, vector FROM vectors ORDER BY id").fetchall()
        ids = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
        matrix = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float32).reshape(len(rows), dimension)
        return ids, matrix

    def replace(self, reports: Sequence[Embedded], embedder: EmbedderIdentity) -> None:
        """Put reports in, in place of earlier texts of the same id; all of them, or none."""
        with self.writing() as db:
            held = self.embedder()
            if held and held.fingerprint != embedder.fingerprint and self.counts()[1]:
                raise LibraryError(f"The library was moved to the embedder {held.name} meanwhile; add with that one.")
            _set(db, "embedder", json.dumps(asdict(embedder)))
            for report, vectors in reports:
                position = db.execute("SELECT position FROM reports WHERE id = ?", (report.id,)).fetchone()
                db.execute("DELETE FROM reports WHERE id = ?", (report.id,))
                _insert(db, report, vectors, position[0] if position else _next_position(db))
            _advance(db)

    def remove(self, report: str) -> None:
        """Take a report out.

        Raises:
            LibraryError: there is no report of that id.
        """
        with self.writing() as db:
            if not db.execute("DELETE FROM reports WHERE id = ?", (report,)).rowcount:
                known = ", ".join(row[0] for row in db.execute("SELECT id FROM reports ORDER BY position")) or "none"
                raise LibraryError(f"There is no report {report!r} in the library; it holds: {known}.")
            _advance(db)

    def counts(self) -> tuple[int, int]:
        """Return how many paragraphs and how many vectors there are."""
        with self._reading() as db:
            counted = db.execute("SELECT (SELECT COUNT(*) FROM paragraphs), (SELECT COUNT(*) FROM vectors)").fetchone()
        return int(counted[0]), int(counted[1])

    def digests(self) -> dict[str, tuple[str, str, int]]:
        """Return each report's digest, source and count of paragraphs by its id."""
        query = "SELECT id, digest, source, (SELECT COUNT(*) FROM paragraphs WHERE report = id) FROM reports"
        with self._reading() as db:
            return {row[0]: (row[1], row[2], row[3]) for row in db.execute(query)}

    def check(self) -> str:
        """Return SQLite's own verdict on the file, "ok" when it is whole."""
        with self._reading() as db:
            return str(db.execute("PRAGMA integrity_check").fetchone()[0])

    def _meta(self, key: str) -> str:
        with self._reading() as db:
            row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _translated(self.folder):
            yield self._db

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend the file for one transaction: all of what is done in it stays, or nothing."""
        with self._lock, _translated(self.folder):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise


def _is_blank(db: sqlite3.Connection) -> bool:
    """Say whether the file is new, or was left so by a crash before anything was put in."""
    marked = db.execute("PRAGMA application_id").fetchone()[0]
    return not marked and not db.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]


def _create(db: sqlite3.Connection) -> None:
    db.execute(f"PRAGMA application_id = {_APPLICATION}")
    for statement in SCHEMA.split(";"):
        db.execute(statement)
    db.execute("INSERT INTO meta VALUES ('generation', '0'), ('identity', ?)", (uuid.uuid4().hex,))


def _check(folder: Path) -> None:
    """Refuse a folder that is neither a library, nor empty, nor still to be made."""
    if folder.exists() and not folder.is_dir():
        raise LibraryError(f"{folder} is a file, not a library folder; name another folder with --library.")
    found = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if found and DATABASE not in found:
        raise LibraryError(f"{folder} holds other files and no {DATABASE}; name an empty or new folder with --library.")


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise LibraryError(f"Another program is writing to {folder}; try again when it is done.") from error
        raise LibraryError(
            f"{folder / DATABASE} cannot be used ({error}); check its permissions and free space."
        ) from error
    except sqlite3.DatabaseError as error:
        raise LibraryError(
            f"{folder / DATABASE} is damaged or not a Wenju library ({error}); "
            "restore it from a copy, or move it away and add the reports again."
        ) from error
    except UnicodeEncodeError as error:
        raise LibraryError(
            f"{error.object[:40]!a} holds half a character, which cannot be kept; "
            "give the text or file a name and content in UTF-8."
        ) from error
    except OSError as error:
        raise LibraryError(f"The library folder {folder} cannot be used ({error.strerror}).") from error


def _set(db: sqlite3.Connection, key: str, value: str) -> None:
    db.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value))


def _advance(db: sqlite3.Connection) -> None:
    db.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")


def _next_position(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT COALESCE(MAX(position), 0) + 1 FROM reports").fetchone()[0])


def _insert(db: sqlite3.Connection, report: Report, vectors: Sequence[Floats], position: int) -> None:
    db.execute("INSERT INTO reports VALUES (?,?,?,?,?,?,?,?,?)", (*report_row(report), position))
    for paragraph, matrix in zip(report.paragraphs, vectors, strict=True):
        row = db.execute(
            "INSERT INTO paragraphs (report, number, kind, section, text, sentences) VALUES (?,?,?,?,?,?)",
            paragraph_row(paragraph),
        ).lastrowid
        assert row is not None
        rows = ((row << ORDINAL_BITS | ordinal, row, vector.tobytes()) for ordinal, vector in enumerate(matrix))
        db.executemany("INSERT INTO vectors VALUES (?,?,?)", rows)
