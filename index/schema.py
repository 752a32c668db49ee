"""The library's tables, and the records that their rows make. It opens no file."""

import json
from collections.abc import Sequence

from index.records import Kind, Paragraph, Report, Sentence

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE reports (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, date TEXT NOT NULL, breadcrumb TEXT NOT NULL,
  authors TEXT NOT NULL, office TEXT NOT NULL, source TEXT NOT NULL, digest TEXT NOT NULL,
  position INTEGER NOT NULL);
CREATE TABLE paragraphs (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  report TEXT NOT NULL REFERENCES reports(id) ON DELETE CASCADE,
  number INTEGER NOT NULL, kind TEXT NOT NULL, section TEXT NOT NULL,
  text TEXT NOT NULL, sentences TEXT NOT NULL, UNIQUE (report, number));
CREATE TABLE vectors (
  id INTEGER PRIMARY KEY,
  row INTEGER NOT NULL REFERENCES paragraphs(row) ON DELETE CASCADE,
  vector BLOB NOT NULL);
CREATE INDEX vectors_row ON vectors(row);
"""
REPORT = "id, title, date, breadcrumb, authors, office, source, digest"
PARAGRAPH = "row, report, number, kind, section, text, sentences"


def paragraph_of(row: tuple[int, str, int, str, str, str, str]) -> Paragraph:
    """Make the record of a row of PARAGRAPH's columns."""
    _, report, number, kind, section, text, sentences = row[:7]
    cut = tuple(Sentence(start, end) for start, end in json.loads(sentences))
    return Paragraph(report, number, tuple(json.loads(section)), text, cut, Kind(kind))


def report_of(row: tuple[str, ...], paragraphs: Sequence[Paragraph]) -> Report:
    """Make the record of a row of REPORT's columns and its paragraphs."""
    id_, title, date, breadcrumb, authors, office, source, digest = row
    lists = (tuple(json.loads(breadcrumb)), tuple(json.loads(authors)))
    return Report(id_, title, date, *lists, office, source, digest, tuple(paragraphs))


def report_row(report: Report) -> tuple[str, ...]:
    """Make a row of REPORT's columns."""
    lists = (json.dumps(report.breadcrumb, ensure_ascii=False), json.dumps(report.authors, ensure_ascii=False))
    return (report.id, report.title, report.date, *lists, report.office, report.source, report.digest)


def paragraph_row(paragraph: Paragraph) -> tuple[str | int, ...]:
    """Make a row of PARAGRAPH's columns but the first, which SQLite numbers itself."""
    sentences = json.dumps([(sentence.start, sentence.end) for sentence in paragraph.sentences])
    section = json.dumps(paragraph.section, ensure_ascii=False)
    return (paragraph.report, paragraph.number, paragraph.kind.value, section, paragraph.text, sentences)
