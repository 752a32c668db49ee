"""Puts reports, vectors, tags and original files into the library's tables, inside the caller's transaction.

It does not know files, locks or models.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from index.records import ALL_VERSIONS, Report, Scope, Selection, Tags, Version
from index.schema import PARAGRAPH, REPORT, paragraph_of, paragraph_row, report_row, seal_of
from index.store import Database, LibraryError

# A vector's id is its paragraph's row and its place among the paragraph's vectors, so FAISS needs no map.
ORDINAL_BITS = 16
JOINED = "paragraphs p JOIN reports r ON r.id = p.report AND r.version = p.version"
CURRENT = f"{JOINED} WHERE r.current"
_IDS_OF = "SELECT v.id FROM vectors v JOIN paragraphs p ON p.row = v.row WHERE p.report = ? AND p.version = ?"
_COUNT = "(SELECT COUNT(*) FROM paragraphs p WHERE p.report = r.id AND p.version = r.version)"
# What a report's seal is over: its facts, its paragraphs and their vectors. What an index leads to is looked up in the
# table by its row, for SQLite answers from the index alone where it can, and other searches do not use the index.
_SEALED = (
    "SELECT title, date, breadcrumb, authors, office, digest FROM reports WHERE id = ? AND version = ?",
    "SELECT t.number, t.kind, t.section, t.text, t.sentences, t.page, t.box FROM paragraphs p "
    "JOIN paragraphs t ON t.row = p.row AND +t.report = p.report AND +t.version = p.version "
    "WHERE p.report = ? AND p.version = ? ORDER BY p.number",
    "SELECT t.id - (p.row << 16), t.vector FROM paragraphs p JOIN vectors v ON v.row = p.row "
    "JOIN vectors t ON t.id = v.id AND +t.row = p.row WHERE p.report = ? AND p.version = ? ORDER BY p.number, v.id",
)
Floats = NDArray[np.float32]
Ids = NDArray[np.int64]


def put_report(db: Database, report: Report, vectors: Sequence[Floats], original: bytes = b"") -> None:
    """Put a report in: new, in place of the same content, or as the next version beside the earlier ones.

    `original` is its file, empty where that is not to be kept.
    """
    current = db.execute(
        "SELECT version, position, added FROM reports WHERE id = ? AND current", (report.id,)
    ).fetchone()
    version, position, added = current or (0, _next_position(db), "")
    if current and _same_content(db, report, version):
        original = original or original_of(db, report.id, version) or b""
        db.execute("DELETE FROM reports WHERE id = ? AND version = ?", (report.id, version))
    else:
        db.execute("UPDATE reports SET current = 0 WHERE id = ?", (report.id,))
        version, added = version + 1, datetime.now(UTC).isoformat(timespec="seconds")
    columns = f"{REPORT}, position, added, current, seal"
    row = (*report_row(report), version, position, added, 1, "")
    db.execute(f"INSERT INTO reports ({columns}) VALUES ({','.join('?' * len(row))})", row)
    for paragraph, matrix in zip(report.paragraphs, vectors, strict=True):
        _put_vectors(db, _put_paragraph(db, paragraph_row(paragraph), version), matrix)
    put_tags(db, report.id, report.tags)
    put_original(db, report.id, version, original)
    seal(db, report.id, version)


def _put_paragraph(db: Database, row: tuple[str | int, ...], version: int) -> int:
    columns = f"{PARAGRAPH.removeprefix('row, ')}, version"
    marks = ",".join("?" * (len(row) + 1))
    made = db.execute(f"INSERT INTO paragraphs ({columns}) VALUES ({marks})", (*row, version)).lastrowid
    assert made is not None
    return made


def _put_vectors(db: Database, row: int, matrix: Floats) -> None:
    rows = ((row << ORDINAL_BITS | ordinal, row, vector.tobytes()) for ordinal, vector in enumerate(matrix))
    db.executemany("INSERT INTO vectors VALUES (?,?,?)", rows)


def put_tags(db: Database, report: str, tags: Tags) -> None:
    """Keep `tags` as all the tags that a report has."""
    db.execute("DELETE FROM tags WHERE report = ?", (report,))
    db.executemany("INSERT INTO tags VALUES (?,?,?)", [(report, key, value) for key, value in tags])


def put_original(db: Database, report: str, version: int, data: bytes) -> None:
    """Keep the file that a version was read from, with its checksum."""
    if data:
        row = (report, version, hashlib.sha256(data).hexdigest(), data)
        db.execute("INSERT OR REPLACE INTO originals VALUES (?,?,?,?)", row)


def original_of(db: Database, report: str, version: int) -> bytes | None:
    """Return the file that a version was read from, None where it was not kept whole."""
    query = "SELECT digest, data FROM originals WHERE report = ? AND version = ?"
    found = db.execute(query, (report, version)).fetchone()
    # One that is damaged is shown to nobody; `check` names it, and adding the file again mends it.
    return bytes(found[1]) if found and found[0] == hashlib.sha256(found[1]).hexdigest() else None


def seal(db: Database, report: str, version: int) -> None:
    """Keep the checksum of what the report holds now."""
    made = seal_now(db, report, version)
    db.execute("UPDATE reports SET seal = ? WHERE id = ? AND version = ?", (made, report, version))


def seal_every(db: Database) -> None:
    """Keep the checksum of every version of every report."""
    for report, version in db.execute("SELECT id, version FROM reports").fetchall():
        seal(db, report, version)


def seal_now(db: Database, report: str, version: int) -> str:
    """Return the checksum of what the report holds now; none where a text is no text any more."""
    rows = [row for query in _SEALED[:2] for row in db.execute(query, (report, version))]
    # The checksum is over bytes, which are the same for a text and a blob.
    if any(isinstance(value, bytes) for row in rows for value in row):
        return ""
    return seal_of(chain(rows, db.execute(_SEALED[2], (report, version))))


def counts_of(db: Database, every: bool) -> tuple[int, int]:
    """Return how many paragraphs and how many vectors there are, of the current versions or of `every` one."""
    source = JOINED if every else CURRENT
    vectors = f"vectors v JOIN {source.replace('JOIN', 'ON p.row = v.row JOIN', 1)}"
    counted = db.execute(f"SELECT (SELECT COUNT(*) FROM {source}), (SELECT COUNT(*) FROM {vectors})").fetchone()
    return int(counted[0]), int(counted[1])


def check_rows(db: Database) -> str:
    """Return what is wrong with the file and with what is kept of each report, "ok" when all is whole."""
    verdict = str(db.execute("PRAGMA integrity_check").fetchone()[0])
    if verdict != "ok":
        return verdict
    if db.execute("PRAGMA foreign_key_check").fetchone():
        return "a paragraph or vector belongs to no report"
    for name, version, sealed in db.execute("SELECT id, version, seal FROM reports").fetchall():
        if sealed != seal_now(db, name, version):
            return f"the checksum of report {name!r}, version {version}, does not fit"
    for name, version, digest, data in db.execute("SELECT report, version, digest, data FROM originals"):
        if digest != hashlib.sha256(data).hexdigest():
            return f"the checksum of the original file of report {name!r}, version {version}, does not fit"
    return "ok"


def _same_content(db: Database, report: Report, version: int) -> bool:
    facts = db.execute(f"SELECT {REPORT} FROM reports WHERE id = ? AND version = ?", (report.id, version)).fetchone()
    query = f"SELECT {PARAGRAPH} FROM paragraphs WHERE report = ? AND version = ? ORDER BY number"
    held = [paragraph_of(row) for row in db.execute(query, (report.id, version))]
    # Where it was read and from which bytes is no content.
    return tuple(facts[1:6]) == report_row(report)[1:6] and tuple(held) == report.paragraphs


def _next_position(db: Database) -> int:
    return int(db.execute("SELECT COALESCE(MAX(position), 0) + 1 FROM reports").fetchone()[0])


def tags_of(db: Database) -> dict[str, Tags]:
    """Return the tags of every report that has some, sorted by key."""
    found: dict[str, list[tuple[str, str]]] = {}
    for report, key, value in db.execute("SELECT report, key, value FROM tags ORDER BY key"):
        found.setdefault(report, []).append((key, value))
    return {report: tuple(tags) for report, tags in found.items()}


def vectors_by_text(db: Database, report: str, dimension: int) -> dict[str, Floats]:
    """Return the matrix of each text of a report's current version, of shape (windows, dimension)."""
    joined = "paragraphs p JOIN reports r ON r.id = p.report AND r.version = p.version JOIN vectors v ON v.row = p.row"
    query = f"SELECT p.row, p.text, v.vector FROM {joined} WHERE r.current AND r.id = ? ORDER BY v.id"
    held: dict[int, tuple[str, list[bytes]]] = {}
    for row, text, vector in db.execute(query, (report,)):
        held.setdefault(row, (text, []))[1].append(vector)
    return {
        text: np.frombuffer(b"".join(parts), np.float32).reshape(len(parts), dimension) for text, parts in held.values()
    }


def versions_of(db: Database, report: str) -> tuple[Version, ...]:
    """Return a report's versions, the earliest first."""
    query = f"SELECT version, added, title, {_COUNT}, current FROM reports r WHERE id = ? ORDER BY version"
    return tuple(Version(row[0], row[1], row[2], row[3], bool(row[4])) for row in db.execute(query, (report,)))


def digests_of(db: Database) -> dict[str, tuple[str, str, int]]:
    """Return each report's digest, source and count of paragraphs by its id."""
    query = f"SELECT id, digest, source, {_COUNT} FROM reports r WHERE current ORDER BY position"
    return {row[0]: (row[1], row[2], row[3]) for row in db.execute(query)}


def vectors_of(db: Database, dimension: int, every: bool) -> tuple[Ids, Floats]:
    """Return the vectors of current versions or of `every`, ids of shape (n,) and a matrix of shape (n, dimension)."""
    current = "JOIN paragraphs p ON p.row = v.row JOIN reports r ON r.id = p.report AND r.version = p.version"
    where = "" if every else f"{current} WHERE r.current"
    rows = db.execute(f"SELECT v.id, v.vector FROM vectors v {where} ORDER BY v.id").fetchall()
    ids = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
    return ids, np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float32).reshape(len(rows), dimension)


def select(db: Database, scope: Scope) -> Selection:
    """Return what a scope asks for.

    Raises:
        LibraryError: it asks for a report, a tag or a version that is not there.
    """
    tags = tags_of(db)
    listed = db.execute("SELECT id, version, current FROM reports ORDER BY position, version").fetchall()
    for name in scope.reports:
        if name not in {row[0] for row in listed}:
            raise LibraryError(unknown(db, name))
    kept = [
        (name, version)
        for name, version, current in listed
        if (not scope.reports or name in scope.reports)
        and set(scope.tags) <= set(tags.get(name, ()))
        and (scope.version in (ALL_VERSIONS, str(version)) if scope.version else current)
    ]
    if not kept and listed:
        raise LibraryError(nothing(scope, tags))
    ids = (row[0] for one in kept for row in db.execute(_IDS_OF, one))
    return Selection(tuple(kept), tuple(ids))


def unknown(db: Database, report: str) -> str:
    """Say that a report is not there, and which are."""
    known = ", ".join(row[0] for row in db.execute("SELECT id FROM reports WHERE current ORDER BY position")) or "none"
    return f"There is no report {report!r} in the library; it holds: {known}."


def nothing(scope: Scope, tags: dict[str, Tags]) -> str:
    """Say that nothing fits a scope, and which tags there are."""
    asked = [*(f"report {name}" for name in scope.reports), *(f"{key}={value}" for key, value in scope.tags)]
    asked += [f"version {scope.version}"] if scope.version else []
    known = sorted({f"{key}={value}" for one in tags.values() for key, value in one})
    shown = ", ".join(known[:20]) + (" …" if len(known) > 20 else "")
    return f"No report fits {', '.join(asked)}; the tags in the library are: {shown or 'none'}."
