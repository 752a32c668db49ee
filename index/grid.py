"""Finds the tables among a page's lines by the gaps in them, and their cells. It knows lines and nothing else."""

from collections.abc import Sequence

from index.document import Line, Span

_LONGEST_STEP = 3.2  # of the leading; rows that are further apart belong to two tables
_WRAPPED_STEP = 1.3  # of the leading; a closer line with fewer cells goes on in the cells of the row above
_WIDEST_LEADING = 1.7  # of the type's size, within a cell
_FEWEST_ROWS = 2


def find_table(lines: Sequence[Line], at: int, leading: float) -> list[list[Line]] | None:
    """Return the rows of the table that begins with line `at`, each the lines it takes; None where there is none."""
    rows: list[list[Line]] = []
    while at < len(lines):
        line = lines[at]
        if rows and not _follows(rows, line, leading):
            break
        if len(line.spans) > 1 and not (rows and _goes_on(rows, line, leading)):
            rows.append([line])
        elif rows and _goes_on(rows, line, leading):
            rows[-1].append(line)
        else:
            break
        at += 1
    return rows if len(rows) >= _FEWEST_ROWS and len(_columns(rows)) > 1 else None


def _follows(rows: list[list[Line]], line: Line, leading: float) -> bool:
    """Say whether a line stands close below the rows, or as one of their kind at the top of the next page."""
    above = rows[-1][-1]
    if line.page == above.page:
        return 0 <= line.top - above.top <= _LONGEST_STEP * leading
    columns = _columns(rows)
    inside = all(any(span.left < right and left < span.right for left, right in columns) for span in line.spans)
    return line.page == above.page + 1 and len(line.spans) == len(columns) and inside


def _goes_on(rows: list[list[Line]], line: Line, leading: float) -> bool:
    """Say whether a line with fewer cells than the row above is the rest of some of them."""
    first = rows[-1][0]
    close = line.page == first.page and line.top - rows[-1][-1].top < _WRAPPED_STEP * min(
        leading, _WIDEST_LEADING * line.size
    )
    inside = all(any(_overlap(span, cell) for cell in first.spans) for span in line.spans)
    narrow = all(span.right - span.left < 0.6 * (line.width or 1.0) for span in line.spans)
    return close and len(line.spans) < len(first.spans) and inside and narrow


def _overlap(one: Span, other: Span) -> bool:
    return one.left < other.right and other.left < one.right


def _columns(rows: list[list[Line]]) -> list[tuple[float, float]]:
    """Return where the columns stand: the cells' places, put together where they overlap."""
    found: list[tuple[float, float]] = []
    for span in sorted((span for row in rows for line in row for span in line.spans), key=lambda one: one.left):
        if found and span.left < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], span.right))
        else:
            found.append((span.left, span.right))
    return found


def cells_of(rows: list[list[Line]]) -> list[tuple[list[Line], tuple[str, ...]]]:
    """Return every row's lines with its cells, one a column; an empty one where nothing stands."""
    columns = _columns(rows)
    found = []
    for row in rows:
        cells = [""] * len(columns)
        for line in row:
            for span in line.spans:
                at = next(at for at, (left, right) in enumerate(columns) if left <= span.left <= right)
                cells[at] += ("\n" if cells[at] else "") + span.text
        found.append((row, tuple(cells)))
    return found
