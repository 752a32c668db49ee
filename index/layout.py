"""Makes Pieces of the Lines of a document's pages: paragraphs, headings by size, footnotes.

Running heads and page numbers are left out, broken lines joined. It does not know PDF.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from math import ceil

from index.document import RAISED, Box, Line, Piece, PieceKind
from index.grid import cells_of, find_table
from index.numbering import SENTENCE_END, glued, level_of, may_be_heading

_MARGIN = 0.12  # of the page's height, above and below, where running heads stand
_AWAY = 1.8  # of the type's size: so far a running head stands from the text
_SMALLER, _LARGER = 0.92, 1.1  # of the body's size: below it a footnote, above it a heading
_LOOSER = 1.35  # of the body's leading: a wider step down parts paragraphs
_NOTE_MARK = re.compile(rf"(?:{RAISED}\d)+|[①-⑳]|\[\d{{1,2}}\]|\*|\d{{1,2}}(?=[\s\u4e00-\u9fff])")
_BULLET = re.compile(r"[•●○■□▪▫◆◇‣➢▶►]\s*")
_PAGE_NUMBER = re.compile(
    r"[-\u2013—·\s]*(?:第\s*)?(?:\d{1,4}|[ivxlc]{1,7})(?:\s*页)?(?:\s*[/,\uff0c]?\s*(?:共|of)?\s*\d{1,4}\s*页?)?[-\u2013—·\s]*",
    re.I,
)
_CONTENTS = re.compile(r"(?:\.\s?|…|·\s?|\u2026){4,}\s*\d{1,4}$")


@dataclass(frozen=True, slots=True)
class _Type:
    """How a document's running text is set, in points; `indented` where first lines are moved in."""

    size: float
    leading: float
    left: float
    right: float
    indented: bool
    bold: bool


def lay_out(lines: Sequence[Line]) -> list[Piece]:
    """Return the pieces that the lines make, with the page and the place of each."""
    kept = [line for line in _without_running(lines) if not _CONTENTS.search(line.text)]
    if not kept:
        return []
    body = _type_of(kept)
    notes = _notes(kept, body)
    flow = [line for line in kept if not any(line in found for found in notes.values())]
    sizes = sorted({round(line.size) for line in flow if line.size > _LARGER * body.size}, reverse=True)
    return list(_Flow(body, sizes, notes).pieces(flow))


def _notes(lines: Sequence[Line], body: _Type) -> dict[int, list[Line]]:
    """Return each page's footnotes: its last lines, in small type, from the first with a mark on."""
    found: dict[int, list[Line]] = {}
    for page in {line.page for line in lines}:
        last: list[Line] = []
        for line in reversed([one for one in lines if one.page == page]):
            if line.size >= _SMALLER * body.size or line.top < 0.5 * line.height:
                break
            last.insert(0, line)
        first = next((at for at, line in enumerate(last) if _NOTE_MARK.match(line.text)), len(last))
        if last[first:]:
            found[page] = last[first:]
    return found


def _without_running(lines: Sequence[Line]) -> list[Line]:
    """Leave out page numbers, and what stands at the same height of many pages with the same words."""
    pages = {page: [line for line in lines if line.page == page] for page in {line.page for line in lines}}
    apart = {id(line) for page in pages.values() for line in _apart(page)}
    seen: dict[tuple[str, int], set[int]] = {}
    for line in lines:
        if id(line) in apart:
            seen.setdefault(_running_key(line), set()).add(line.page)
    often = max(2, round(0.3 * len(pages)))
    return [
        line
        for line in lines
        if id(line) not in apart or not (_PAGE_NUMBER.fullmatch(line.text) or len(seen[_running_key(line)]) >= often)
    ]


def _apart(page: Sequence[Line]) -> list[Line]:
    """Return the first and the last row of a page where they stand in its margin, away from the text."""
    tops = sorted({round(line.top) for line in page})
    found: list[Line] = []
    for outer, inner in ((tops[:1], tops[1:2]), (tops[-1:], tops[-2:-1])):
        row = [line for line in page if abs(line.top - outer[0]) < 0.5 * line.size]
        step = abs(inner[0] - outer[0]) if inner else row[0].height
        if step > _AWAY * row[0].size and all(_in_margin(line) for line in row):
            found += row
    return found


def _in_margin(line: Line) -> bool:
    return line.bottom < _MARGIN * line.height or line.top > (1 - _MARGIN) * line.height


def _running_key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text), round(20 * line.top / line.height)


def _type_of(lines: Sequence[Line]) -> _Type:
    counts: Counter[float] = Counter()
    for line in lines:
        counts[round(line.size, 1)] += len(line.text)
    size = counts.most_common(1)[0][0]
    body = [line for line in lines if abs(line.size - size) < 0.5]
    whole = [line for line in body if len(line.spans) == 1] or body
    steps = [
        below.top - above.top
        for above, below in pairwise(whole)
        if above.page == below.page and 0.8 * size < below.top - above.top < 3 * size
    ]
    left = Counter(round(line.left) for line in whole).most_common(1)[0][0]
    rights = sorted(line.right for line in whole)
    leading = sorted(steps)[len(steps) // 4] if steps else 1.5 * size  # the tighter steps are inside paragraphs
    firsts = sum(
        1.2 * size < above.left - left < 3 * size and abs(below.left - left) < size
        for above, below in pairwise(body)
        if above.page == below.page and below.top - above.top < _LOOSER * leading
    )
    return _Type(
        size,
        leading,
        left,
        rights[ceil(0.95 * (len(rights) - 1))],
        firsts > 0.03 * len(body) and firsts > 1,
        sum(line.bold for line in body) > 0.5 * len(body),
    )


class _Flow:
    """Puts lines together as they come; footnotes wait until the paragraph over their page's end is whole."""

    def __init__(self, body: _Type, sizes: Sequence[int], notes: dict[int, list[Line]]) -> None:
        self._body, self._sizes, self._notes = body, sizes, notes
        self._open: list[Line] = []
        self._waiting = sorted(notes)
        self._columns: tuple[str, ...] = ()

    def pieces(self, lines: Sequence[Line]) -> Iterator[Piece]:
        """Yield the pieces of all lines."""
        at = 0
        while at < len(lines):
            if table := find_table(lines, at, self._body.leading):
                yield from self._closed(lines[at].page)
                yield from self._rows(table)
                at += sum(len(row) for row in table)
                continue
            if not (self._open and self._goes_on(self._open[-1], lines[at])):
                yield from self._closed(lines[at].page)
            self._open.append(lines[at])
            at += 1
        yield from self._closed(lines[-1].page + 1 if lines else 1)

    def _closed(self, page: int) -> Iterator[Piece]:
        """Yield the paragraph that is whole now, and the footnotes of the pages before `page`."""
        if self._open:
            self._columns = ()
            yield self._piece(self._open)
            self._open = []
        while self._waiting and self._waiting[0] < page:
            yield from self._note_pieces(self._notes[self._waiting.pop(0)])

    def _note_pieces(self, lines: Sequence[Line]) -> Iterator[Piece]:
        text = ""
        for line in lines:
            mark = _NOTE_MARK.match(line.text)
            if mark and text:
                yield Piece(PieceKind.NOTE, text, page=line.page, box=place_of(lines))
            text = line.text[mark.end() :].strip() if mark else glued(text, line.text)
        yield Piece(PieceKind.NOTE, text, page=lines[0].page, box=place_of(lines))

    def _rows(self, table: list[list[Line]]) -> Iterator[Piece]:
        """Yield a table's rows; one that goes on from the page before keeps its column headings."""
        for at, (row, cells) in enumerate(cells_of(table)):
            if cells == self._columns:
                continue
            heads = at == 0 and len(cells) != len(self._columns)
            self._columns = cells if heads else self._columns
            kind = PieceKind.COLUMNS if heads else PieceKind.ROW
            yield Piece(kind, "", cells=cells, page=row[0].page, box=place_of(row))

    def _piece(self, lines: list[Line]) -> Piece:
        page = lines[0].page
        noted = any(line.page in self._notes for line in lines)
        texts = [re.sub(rf"{RAISED}\d" if noted else RAISED, "", line.text) for line in lines]
        text = reduce(_unbroken, texts)
        place = place_of([line for line in lines if line.page == page])
        level = self._heading_level(lines[0])
        kind = PieceKind.HEADING if level and may_be_heading(text) else PieceKind.TEXT
        if bullet := _BULLET.match(text):
            kind, text = PieceKind.ITEM, text[bullet.end() :]
        return Piece(kind, text, level if kind is PieceKind.HEADING else 0, page=page, box=place)

    def _heading_level(self, line: Line) -> int:
        """Return how deep a heading the line is by its type, 0 for running text."""
        if line.size > _LARGER * self._body.size:
            return self._sizes.index(round(line.size)) + 1
        bold = line.bold and not self._body.bold and line.size > 0.97 * self._body.size
        return len(self._sizes) + 1 if bold and may_be_heading(line.text) else 0

    def _goes_on(self, above: Line, line: Line) -> bool:
        """Say whether `line` goes on with the paragraph that `above` belongs to."""
        same_page = above.page == line.page and line.top > above.top
        step = line.top - above.top
        if abs(above.size - line.size) > 0.6 or level_of(line.text) is not None or _BULLET.match(line.text):
            return False
        if level := self._heading_level(above):
            return same_page and self._heading_level(line) == level and step < 1.9 * above.size
        apart = same_page and step > _LOOSER * self._body.leading * max(1.0, line.size / self._body.size)
        over = not same_page and above.text.endswith(SENTENCE_END) and not self._body.indented
        return not (self._heading_level(line) or apart or over or self._moved_in(above, line)) and self._full(
            above, line
        )

    def _moved_in(self, above: Line, line: Line) -> bool:
        """Say whether `line` begins further right, as a paragraph's first line does."""
        moved, least = line.left - self._body.left, 0.8 * self._body.size
        return moved > least and (self._body.indented or line.left - above.left > least)

    def _full(self, above: Line, line: Line) -> bool:
        """Say whether the first word of `line` had no room left behind `above`."""
        word = re.match(r"[\x21-\x7e]+", line.text)
        each = (line.right - line.left) / max(1, len(line.text))
        # A Chinese line ends early before a character that a closing mark follows, for none may begin a line.
        tied = re.match(r".[”’」』》〉】)\uff09、,\uff0c。.;\uff1b:\uff1a!\uff01?\uff1f%]*", line.text)
        need = len(word.group()) * each if word else len(tied.group() if tied else " ") * self._body.size
        return above.right + need + 1.1 * self._body.size > self._body.right


def _unbroken(first: str, second: str) -> str:
    """Join two lines; a word cut by a hyphen becomes one."""
    if re.search(r"[A-Za-z]-$", first) and re.match(r"[a-z]", second):
        return first[:-1] + second
    return glued(first, second)


def place_of(lines: Sequence[Line]) -> Box:
    """Return the place of lines of one page, as shares of its size."""
    width, height = lines[0].width or 1.0, lines[0].height or 1.0
    sides = (
        min(line.left for line in lines) / width,
        min(line.top for line in lines) / height,
        max(line.right for line in lines) / width,
        max(line.bottom for line in lines) / height,
    )
    left, top, right, bottom = (round(min(max(side, 0.0), 1.0), 4) for side in sides)
    return left, top, right, bottom
