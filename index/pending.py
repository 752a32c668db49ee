"""Vectors of an embedder that a library is moving to, kept in its file beside those in use until they are whole.

Statements on the file that `library` lends for one transaction; knows neither texts nor models.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict

from index.records import EmbedderIdentity

# A library made before there was such a table gets it at its first move. Paragraphs that go take theirs along.
_TABLE = """
CREATE TABLE IF NOT EXISTS pending_vectors (
  fingerprint TEXT NOT NULL, id INTEGER NOT NULL,
  row INTEGER NOT NULL REFERENCES paragraphs(row) ON DELETE CASCADE,
  vector BLOB NOT NULL, PRIMARY KEY (fingerprint, id));
CREATE INDEX IF NOT EXISTS pending_vectors_row ON pending_vectors(row)
"""
_MISSING = "FROM paragraphs WHERE row NOT IN (SELECT row FROM pending_vectors WHERE fingerprint = ?)"


def prepare(db: sqlite3.Connection) -> None:
    """Make the table where there is none."""
    for statement in _TABLE.split(";"):
        db.execute(statement)


def missing(db: sqlite3.Connection, fingerprint: str) -> list[int]:
    """Return the rows of paragraphs that this embedder has made no vectors of, in reading order."""
    return [row for (row,) in db.execute(f"SELECT row {_MISSING} ORDER BY row", (fingerprint,))]


def keep(db: sqlite3.Connection, fingerprint: str, vectors: Iterable[tuple[int, int, bytes]]) -> None:
    """Keep vectors, each with its id and its paragraph's row; those of a paragraph that is gone are left out."""
    insert = "INSERT OR REPLACE INTO pending_vectors SELECT ?, ?, row, ? FROM paragraphs WHERE row = ?"
    db.executemany(insert, ((fingerprint, id_, vector, row) for id_, row, vector in vectors))


def switch(db: sqlite3.Connection, identity: EmbedderIdentity) -> bool:
    """Put the kept vectors in the place of those in use; False, and nothing done, where a paragraph lacks them."""
    if db.execute(f"SELECT 1 {_MISSING} LIMIT 1", (identity.fingerprint,)).fetchone():
        return False
    db.execute("DELETE FROM vectors")
    chosen = "SELECT id, row, vector FROM pending_vectors WHERE fingerprint = ? ORDER BY id"
    db.execute(f"INSERT INTO vectors {chosen}", (identity.fingerprint,))
    db.execute("DELETE FROM pending_vectors")
    db.execute("INSERT OR REPLACE INTO meta VALUES ('embedder', ?)", (json.dumps(asdict(identity)),))
    db.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")
    return True
