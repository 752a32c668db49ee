"""The library's tables, the steps from earlier ones, and the records that their rows make. It opens no file."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from index.records import Kind, Paragraph, Report, Sentence, Tags

# The number of the tables below, kept in the library; a library without a number has the first ones.
SCHEMA_VERSION = 3

_META = "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);"
_REPORTS = """
CREATE TABLE reports (
  id TEXT NOT NULL, version INTEGER NOT NULL, current INTEGER NOT NULL, added TEXT NOT NULL, seal TEXT NOT NULL,
  title TEXT NOT NULL, date TEXT NOT NULL, breadcrumb TEXT NOT NULL, authors TEXT NOT NULL, office TEXT NOT NULL,
  source TEXT NOT NULL, digest TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (id, version));
"""
_PARAGRAPHS = """
CREATE TABLE paragraphs (
  row INTEGER PRIMARY KEY AUTOINCREMENT, report TEXT NOT NULL, version INTEGER NOT NULL,
  number INTEGER NOT NULL, kind TEXT NOT NULL, section TEXT NOT NULL,
  text TEXT NOT NULL, sentences TEXT NOT NULL, page INTEGER NOT NULL, box TEXT NOT NULL,
  UNIQUE (report, version, number),
  FOREIGN KEY (report, version) REFERENCES reports(id, version) ON DELETE CASCADE);
"""
_VECTORS = """
CREATE TABLE vectors (
  id INTEGER PRIMARY KEY,
  row INTEGER NOT NULL REFERENCES paragraphs(row) ON DELETE CASCADE,
  vector BLOB NOT NULL);
CREATE INDEX vectors_row ON vectors(row);
"""
_TAGS = "CREATE TABLE tags (report TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (report, key));"
# The files of reports with pages, which are shown beside the text; `digest` is the SHA-256 of `data`.
_ORIGINALS = """
CREATE TABLE originals (
  report TEXT NOT NULL, version INTEGER NOT NULL, digest TEXT NOT NULL, data BLOB NOT NULL,
  PRIMARY KEY (report, version),
  FOREIGN KEY (report, version) REFERENCES reports(id, version) ON DELETE CASCADE);
"""
SCHEMA = _META + _REPORTS + _PARAGRAPHS + _VECTORS + _TAGS + _ORIGINALS

# From each number to the next. Rows keep their numbers, so that vectors and derived files stay theirs.
MIGRATIONS = {
    1: f"""
{_REPORTS.replace("TABLE reports", "TABLE new_reports")}
INSERT INTO new_reports SELECT id, 1, 1, '', '', title, date, breadcrumb, authors, office, source, digest, position
  FROM reports;
{_PARAGRAPHS.replace("TABLE paragraphs", "TABLE new_paragraphs")}
INSERT INTO new_paragraphs SELECT row, report, 1, number, kind, section, text, sentences, 0, '[]' FROM paragraphs;
UPDATE sqlite_sequence SET seq = (SELECT MAX(seq) FROM sqlite_sequence) WHERE name = 'new_paragraphs';
DROP TABLE paragraphs;
DROP TABLE reports;
ALTER TABLE new_reports RENAME TO reports;
ALTER TABLE new_paragraphs RENAME TO paragraphs;
{_TAGS}
INSERT INTO tags SELECT id, 'year', substr(date, 1, 4) FROM reports WHERE date <> '';
INSERT INTO tags SELECT id, 'body', office FROM reports WHERE office <> '';
""",
    2: _ORIGINALS,
}
REPORT = "id, title, date, breadcrumb, authors, office, source, digest, version"
PARAGRAPH = "row, report, number, kind, section, text, sentences, page, box"


def paragraph_of(row: Sequence[Any]) -> Paragraph:
    """Make the record of a row of PARAGRAPH's columns."""
    _, report, number, kind, section, text, sentences, page, box = row[:9]
    cut = tuple(Sentence(start, end) for start, end in json.loads(sentences))
    return Paragraph(report, number, tuple(json.loads(section)), text, cut, Kind(kind), page, tuple(json.loads(box)))


def report_of(row: Sequence[Any], paragraphs: Sequence[Paragraph], tags: Tags) -> Report:
    """Make the record of a row of REPORT's columns, its paragraphs and its tags."""
    id_, title, date, breadcrumb, authors, office, source, digest, version = row
    lists = (tuple(json.loads(breadcrumb)), tuple(json.loads(authors)))
    return Report(id_, title, date, *lists, office, source, digest, tuple(paragraphs), version, tags)


def report_row(report: Report) -> tuple[str, ...]:
    """Make a row of REPORT's columns but the version."""
    lists = (json.dumps(report.breadcrumb, ensure_ascii=False), json.dumps(report.authors, ensure_ascii=False))
    return (report.id, report.title, report.date, *lists, report.office, report.source, report.digest)


def paragraph_row(paragraph: Paragraph) -> tuple[str | int, ...]:
    """Make a row of PARAGRAPH's columns but the first, which SQLite numbers itself."""
    sentences = json.dumps([(sentence.start, sentence.end) for sentence in paragraph.sentences])
    section = json.dumps(paragraph.section, ensure_ascii=False)
    place = (paragraph.page, json.dumps(paragraph.box))
    return (paragraph.report, paragraph.number, paragraph.kind.value, section, paragraph.text, sentences, *place)


def seal_of(rows: Iterable[Sequence[Any]]) -> str:
    """Return the SHA-256 over the paragraphs of a report with their vectors, which a check compares."""
    digest = hashlib.sha256()
    for row in rows:
        for value in row:
            digest.update(value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass"))
            digest.update(b"\x00")
    return digest.hexdigest()
