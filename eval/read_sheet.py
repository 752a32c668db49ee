"""Reads a spreadsheet saved as CSV into Cases, for people who work in sheets.

It has the columns question and answer, and may have id, split, kind, evidence and note; " | " parts
several answers or quotations. A row without an answer is unanswerable. Without evidence a
paragraph counts as right when it holds an answer word for word.
"""

import csv
import io
from functools import partial

from eval.intake import BadCaseError, Desk, Fields, SetError, one_text
from eval.records import Case

_COLUMNS = ("question", "answer", "id", "split", "kind", "evidence", "note")


def read_sheet(text: str, desk: Desk) -> None:
    """Read every row below the names of the columns.

    Raises:
        SetError: the columns question and answer are not named, or a quotation mark is never closed.
    """
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        names = [name.strip().lower() for name in next(rows, [])]
        if not {"question", "answer"} <= set(names):
            raise SetError(f"The first line of the sheet names {names}; it must name question and answer.")
        desk.unread("line 1", set(names), _COLUMNS)
        for row in rows:
            if any(row):
                desk.take(f"line {rows.line_num}", partial(_case, names, row, rows.line_num))
    except csv.Error as error:
        raise SetError(f"Line {rows.line_num} of the sheet is broken ({error}); save it again as CSV.") from error


def _case(names: list[str], row: list[str], line: int) -> Case:
    if len(row) > len(names):
        raise BadCaseError("more cells than columns", 'put a text that holds a comma in "quotation marks"')
    cells: Fields = {name: cell.strip() for name, cell in zip(names, row, strict=False)}
    answers, evidence = _parts(cells, "answer"), _parts(cells, "evidence")
    return Case(
        id=one_text(cells, "id") or f"line-{line}",
        question=one_text(cells, "question", needed=True),
        evidence=evidence or answers,
        answers=answers,
        answerable=bool(answers or evidence),
        kind=one_text(cells, "kind"),
        split=one_text(cells, "split"),
        note=one_text(cells, "note"),
    )


def _parts(cells: Fields, name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in one_text(cells, name).split(" | ") if part.strip())
