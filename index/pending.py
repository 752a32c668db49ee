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
_MADE = "(SELECT row FROM pending_vectors WHERE fingerprint = :made)"
_MISSING = f"FROM paragraphs WHERE row NOT IN {_MADE}"
# A paragraph without vectors gets those of one that says the same, such as in another version of its report.
_SPREAD = f"""
INSERT INTO pending_vectors
  SELECT v.fingerprint, v.id + ((p.row - v.row) << :bits), p.row, v.vector FROM paragraphs p
  JOIN (SELECT MIN(row) AS row, text, sentences FROM paragraphs WHERE row IN {_MADE} GROUP BY text, sentences) AS same
    ON same.text = p.text AND same.sentences = p.sentences
  JOIN pending_vectors v ON v.row = same.row AND v.fingerprint = :made
  WHERE p.row NOT IN {_MADE}
"""


def prepare(db: sqlite3.Connection) -> None:
    """Make the table where there is none."""
    for statement in _TABLE.split(";"):
        db.execute(statement)


def spread(db: sqlite3.Connection, fingerprint: str, bits: int) -> None:
    """Give paragraphs that say the same the same vectors; an id is the row shifted by `bits`, and a place behind."""
    db.execute(_SPREAD, {"made": fingerprint, "bits": bits})


def missing(db: sqlite3.Connection, fingerprint: str) -> list[int]:
    """Return the rows of paragraphs that this embedder has still to make vectors of, in reading order.

    Of several that say the same it is the first.
    """
    first = f"SELECT MIN(row) {_MISSING} GROUP BY text, sentences ORDER BY 1"
    return [row for (row,) in db.execute(first, {"made": fingerprint})]


def keep(db: sqlite3.Connection, fingerprint: str, vectors: Iterable[tuple[int, int, bytes]]) -> None:
    """Keep vectors, each with its id and its paragraph's row; those of a paragraph that is gone are left out."""
    insert = "INSERT OR REPLACE INTO pending_vectors SELECT ?, ?, row, ? FROM paragraphs WHERE row = ?"
    db.executemany(insert, ((fingerprint, id_, vector, row) for id_, row, vector in vectors))


def switch(db: sqlite3.Connection, identity: EmbedderIdentity) -> bool:
    """Put the kept vectors in the place of those in use; False, and nothing done, where a paragraph lacks them."""
    if db.execute(f"SELECT 1 {_MISSING} LIMIT 1", {"made": identity.fingerprint}).fetchone():
        return False
    db.execute("DELETE FROM vectors")
    chosen = "SELECT id, row, vector FROM pending_vectors WHERE fingerprint = ? ORDER BY id"
    db.execute(f"INSERT INTO vectors {chosen}", (identity.fingerprint,))
    db.execute("DELETE FROM pending_vectors")
    db.execute("INSERT OR REPLACE INTO meta VALUES ('embedder', ?)", (json.dumps(asdict(identity)),))
    db.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")
    return True
