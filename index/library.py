"""The truth on disk: reports in all their versions, paragraphs, vectors and tags, in one SQLite file.

It does not know how texts are embedded or searched.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path

from index.records import EmbedderIdentity, Paragraph, Report, Scope, Selection, Tags, Version
from index.rows import (
    CURRENT,
    JOINED,
    Floats,
    Ids,
    check_rows,
    counts_of,
    digests_of,
    original_of,
    put_original,
    put_report,
    put_tags,
    seal,
    select,
    tags_of,
    unknown,
    vectors_by_text,
    vectors_of,
    versions_of,
)
from index.schema import PARAGRAPH, REPORT, paragraph_of, report_of
from index.seals import Seals, is_sound, seal_library
from index.store import Database, LibraryError, Store, set_meta

_NO_FILES: Mapping[str, bytes] = {}

# A report with one matrix of vectors a paragraph, rows of one matrix in the order of its windows.
Embedded = tuple[Report, Sequence[Floats]]

_PARAGRAPH = ", ".join(f"p.{name}" for name in PARAGRAPH.split(", "))


class Library:
    """One open library folder; safe to read from several threads.

    What is read is of the current versions, unless `every` asks for all of them. The list of reports is compared with
    its checksum when the library is opened, a report with its own before it is used for the first time.
    """

    def __init__(self, folder: Path) -> None:
        """Open the library in `folder`, or create it there.

        Raises:
            LibraryError: the folder holds something else, or the file is damaged, locked or from a later Wenju.
        """
        self.folder = folder
        self._store = Store(folder, seal_library)
        self._reading = self._store.reading
        try:
            self._seals = Seals(self._store)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file; the library cannot be used afterwards."""
        self._store.close()

    @property
    def identity(self) -> str:
        """A name no other library has, so that derived files of another are not taken for this one's."""
        return self._meta("identity")

    @property
    def generation(self) -> int:
        """A number that grows with every change."""
        return int(self._meta("generation"))

    @property
    def empty(self) -> bool:
        """Whether there is no current paragraph; every question asks, so none is counted."""
        with self._reading() as db:
            return db.execute(f"SELECT 1 FROM {CURRENT} LIMIT 1").fetchone() is None

    def embedder(self) -> EmbedderIdentity | None:
        """Return which model made the vectors, None before the first report."""
        stored = self._meta("embedder")
        return EmbedderIdentity(**json.loads(stored)) if stored else None

    def reports(self, every: bool = False) -> tuple[Report, ...]:
        """Return every report with its paragraphs, in the order they were first added, earlier versions first."""
        where = "" if every else "WHERE r.current"
        with self._reading() as db:
            rows = db.execute(f"SELECT {REPORT} FROM reports r {where} ORDER BY position, version").fetchall()
            self._seals.demand(db, ((row[0], row[8]) for row in rows))
            paragraphs: dict[tuple[str, int], list[Paragraph]] = {(row[0], row[8]): [] for row in rows}
            for row in db.execute(f"SELECT {_PARAGRAPH}, p.version FROM {JOINED} {where} ORDER BY p.number"):
                paragraphs[row[1], row[9]].append(paragraph_of(row))
            tags = tags_of(db)
        return tuple(report_of(row, paragraphs[row[0], row[8]], tags.get(row[0], ())) for row in rows)

    def report(self, name: str, version: int = 0) -> Report:
        """Return one report, in its current version where none is asked for.

        Raises:
            LibraryError: there is none.
        """
        numbers = [one.number for one in self.versions(name)]
        if version and version not in numbers:
            known = ", ".join(map(str, numbers))
            raise LibraryError(f"The report {name!r} has no version {version}; it has: {known}.")
        with self._reading() as db:
            at = (name, version or numbers[-1])
            self._seals.demand(db, [at])
            row = db.execute(f"SELECT {REPORT} FROM reports WHERE id = ? AND version = ?", at).fetchone()
            where = "WHERE report = ? AND version = ? ORDER BY number"
            paragraphs = [paragraph_of(one) for one in db.execute(f"SELECT {PARAGRAPH} FROM paragraphs {where}", at)]
            return report_of(row, paragraphs, tags_of(db).get(name, ()))

    def versions(self, name: str) -> tuple[Version, ...]:
        """Return a report's versions, the earliest first.

        Raises:
            LibraryError: there is no report of that id.
        """
        with self._reading() as db:
            found = versions_of(db, name)
            if not found:
                raise LibraryError(unknown(db, name))
        return found

    def paragraphs(self, rows: Sequence[int]) -> dict[int, tuple[Paragraph, str, int]]:
        """Return the paragraphs of `rows`, each with its report's title and version, less rows that are gone."""
        found: dict[int, tuple[Paragraph, str, int]] = {}
        marks = ",".join("?" * len(rows))
        with self._reading() as db:
            query = f"SELECT {_PARAGRAPH}, r.title, r.version FROM {JOINED} WHERE row IN ({marks})"
            held = db.execute(query, tuple(rows)).fetchall()
            self._seals.demand(db, {(row[1], row[10]) for row in held})
            for row in held:
                found[row[0]] = (paragraph_of(row), row[9], row[10])
        return found

    def each_paragraph(self, every: bool = False) -> Iterator[tuple[int, Paragraph, int]]:
        """Yield every paragraph with its row and its report's version."""
        source = JOINED if every else CURRENT
        with self._reading() as db:
            self._seals.demand_all(db, every)
            rows = db.execute(f"SELECT {_PARAGRAPH}, p.version FROM {source} ORDER BY row").fetchall()
        for row in rows:
            yield row[0], paragraph_of(row), row[9]

    def sample(self, count: int) -> list[tuple[int, Paragraph]]:
        """Return at most about `count` paragraphs with their rows, evenly spread over the library."""
        step = max(1, self.counts()[0] // count)
        with self._reading() as db:
            query = f"SELECT {_PARAGRAPH}, r.version FROM {CURRENT} AND row % ? = 0 ORDER BY row"
            rows = db.execute(query, (step,)).fetchall()
            self._seals.demand(db, {(row[1], row[9]) for row in rows})
        return [(row[0], paragraph_of(row)) for row in rows]

    def vectors(self, dimension: int, every: bool = False) -> tuple[Ids, Floats]:
        """Return all vectors, ids of shape (n,) and a matrix of shape (n, dimension)."""
        with self._reading() as db:
            self._seals.demand_all(db, every)
            return vectors_of(db, dimension, every)

    def known_vectors(self, name: str, dimension: int) -> dict[str, Floats]:
        """Return the matrix of each text of a report's current version, of shape (windows, dimension)."""
        with self._reading() as db:
            current = db.execute("SELECT id, version FROM reports WHERE current AND id = ?", (name,)).fetchall()
            self._seals.demand(db, current)
            return vectors_by_text(db, name, dimension)

    def replace(
        self, reports: Sequence[Embedded], embedder: EmbedderIdentity, originals: Mapping[str, bytes] = _NO_FILES
    ) -> None:
        """Put reports in; all of them, or none. One of the same id with other content becomes its next version.

        `originals` are the files to be kept, by report.

        Raises:
            LibraryError: the library holds vectors of another embedder.
        """
        with self.writing() as db:
            held = self.embedder()
            if held and held.fingerprint != embedder.fingerprint and self.counts(every=True)[1]:
                raise LibraryError(f"The library was moved to the embedder {held.name} meanwhile; add with that one.")
            set_meta(db, "embedder", json.dumps(asdict(embedder)))
            for report, vectors in reports:
                put_report(db, report, vectors, originals.get(report.id, b""))
            _advance(db)

    def remove(self, report: str) -> None:
        """Take a report out, with its earlier versions.

        Raises:
            LibraryError: there is no report of that id.
        """
        with self.writing() as db:
            if not db.execute("DELETE FROM reports WHERE id = ?", (report,)).rowcount:
                raise LibraryError(unknown(db, report))
            db.execute("DELETE FROM tags WHERE report = ?", (report,))
            _advance(db)

    def note(self, report: str, digest: str, source: str, tags: Tags) -> None:
        """Keep where and from which bytes a report with the same content was read last, and its tags."""
        with self.writing() as db:
            where = (digest, source, report)
            db.execute("UPDATE reports SET digest = ?, source = ? WHERE id = ? AND current", where)
            put_tags(db, report, tags)
            for version in db.execute("SELECT version FROM reports WHERE id = ? AND current", (report,)).fetchall():
                seal(db, report, version[0])

    def original(self, report: str, version: int = 0) -> bytes | None:
        """Return the file that a report was read from, None where it was not kept."""
        wanted = version or self.versions(report)[-1].number
        with self._reading() as db:
            return original_of(db, report, wanted)

    def keep_original(self, report: str, data: bytes) -> None:
        """Keep the file that a report's current version was read from."""
        version = self.versions(report)[-1].number
        with self.writing() as db:
            put_original(db, report, version, data)

    def tags(self) -> dict[str, Tags]:
        """Return the tags of every report that has some."""
        with self._reading() as db:
            return tags_of(db)

    def select(self, scope: Scope) -> Selection:
        """Return what a scope asks for.

        Raises:
            LibraryError: it asks for a report, a tag or a version that is not there.
        """
        with self._reading() as db:
            found = select(db, scope)
            self._seals.demand(db, found.versions)
            return found

    def counts(self, every: bool = False) -> tuple[int, int]:
        """Return how many paragraphs and how many vectors there are."""
        with self._reading() as db:
            return counts_of(db, every)

    def digests(self) -> dict[str, tuple[str, str, int]]:
        """Return each report's digest, source and count of paragraphs by its id."""
        with self._reading() as db:
            return digests_of(db)

    def check(self) -> str:
        """Return what is wrong with the file and with what is kept of each report, "ok" when all is whole."""
        with self._reading() as db:
            verdict = check_rows(db)
            return verdict if is_sound(db) or verdict != "ok" else "the checksum of its list of reports does not fit"

    def writing(self) -> AbstractContextManager[Database]:
        """Lend the file for one transaction: all of what is done in it stays, or nothing."""
        return self._store.writing()

    def snapshot(self) -> AbstractContextManager[object]:
        """Have all that is read inside be of one state, whatever other programs write meanwhile."""
        return self._reading()

    def settle(self) -> None:
        """Move what was written last into the library's file itself."""
        self._store.settle()

    def _meta(self, key: str) -> str:
        with self._reading() as db:
            row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""


def _advance(db: Database) -> None:
    db.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")
