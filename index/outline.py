"""Makes an Outline of a report's pieces: its facts, headings, paragraphs, table rows and captions.

Pure text. It knows how Chinese reports number their parts; it does not know formats, sentences or offsets.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import reduce

from index.document import Box, Facts, Piece, PieceKind
from index.front import take_front, take_signature
from index.numbering import (
    CAPTION,
    LIST_LEVEL,
    ORDINAL,
    SENTENCE_END,
    TABLE_CAPTION,
    glued,
    level_of,
    may_be_heading,
)

# Headings by markup come first, so those by number nest below them.
_BELOW_MARKUP = 10
_GAP = Piece(PieceKind.TEXT, "")


class BlockKind(StrEnum):
    """What a block of the report is."""

    HEADING = "heading"
    BODY = "body"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph or caption; `level` is the heading's depth, smaller is outer.

    `page` and `box` say where it stands, for a format with pages.
    """

    kind: BlockKind
    text: str
    level: int = 0
    page: int = 0
    box: Box | tuple[()] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """A report's facts about itself and its blocks in reading order."""

    facts: Facts
    blocks: tuple[Block, ...]


def outline(pieces: Sequence[Piece], known: Facts, fallback_title: str) -> Outline:
    """Read the structure of `pieces`; `fallback_title` names a report that states no title."""
    facts, lines = take_front(list(_lines(pieces)), known)
    facts, lines = take_signature(lines, facts)
    blocks = tuple(_blocks(_joined(lines)))
    marked = next((piece.text for piece in lines if piece.kind is PieceKind.HEADING), "")
    return Outline(replace(facts, title=facts.title or marked or fallback_title), blocks)


def _lines(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield every line of the texts, with a gap between pieces; blanks are made single."""
    for piece in pieces:
        if piece.kind is PieceKind.TEXT:
            yield from (replace(piece, text=_neat(line)) for line in piece.text.split("\n"))
        else:
            cells = tuple(_one_line(cell) for cell in piece.cells)
            yield replace(piece, text=_one_line(piece.text), cells=cells)
        yield _GAP


def _one_line(text: str) -> str:
    lines = [line for part in text.split("\n") if (line := _neat(part))]
    return reduce(glued, lines) if lines else ""


def _neat(text: str) -> str:
    return " ".join(text.replace("\ufeff", "").replace("\u200b", "").replace("\u00ad", "").split())


def _joined(lines: list[Piece]) -> list[Piece]:
    """Join lines that were broken at a fixed width; a gap always parts paragraphs."""
    found: list[Piece] = []
    open_line = False
    for line in lines:
        running = line.kind is PieceKind.TEXT and bool(line.text) and level_of(line.text) is None
        if open_line and running:
            found[-1] = replace(found[-1], text=glued(found[-1].text, line.text))
        elif line.text or line.cells:
            found.append(line)
        open_line = running and not line.text.endswith(SENTENCE_END)
    return found


def _blocks(pieces: list[Piece]) -> Iterator[Block]:
    """Make the blocks; headings by number lie below those by markup."""
    below = _BELOW_MARKUP if any(piece.kind is PieceKind.HEADING for piece in pieces) else 0
    table = _Table()
    at = 0
    while at < len(pieces):
        piece, following = pieces[at], pieces[at + 1] if at + 1 < len(pieces) else _GAP
        bare = ORDINAL.sub("", piece.text, count=1)
        if piece.kind in (PieceKind.COLUMNS, PieceKind.ROW):
            if text := table.row(piece, following):
                yield _as(BlockKind.BODY, piece, text)
        elif _is_doubled(piece, bare, following):
            yield _as(BlockKind.CAPTION, piece, bare)
            at += 1
        else:
            block = _block(pieces[at - 1] if at else _GAP, piece, following, below)
            table = _Table(block.text if block.kind is BlockKind.CAPTION and TABLE_CAPTION.match(block.text) else "")
            yield block
        at += 1


def _as(kind: BlockKind, piece: Piece, text: str, level: int = 0) -> Block:
    return Block(kind, text, level, piece.page, piece.box)


def _is_doubled(piece: Piece, bare: str, following: Piece) -> bool:
    """Say whether this is a caption under its picture that comes again as text."""
    plain = {piece.kind, following.kind} <= {PieceKind.TEXT, PieceKind.CAPTION}
    return plain and bool(bare) and bare == following.text and may_be_heading(bare)


def _block(before: Piece, piece: Piece, following: Piece, below: int) -> Block:
    text = piece.text
    if piece.kind is PieceKind.HEADING:
        return _as(BlockKind.HEADING, piece, text, piece.level)
    if piece.kind in (PieceKind.ITEM, PieceKind.NOTE):
        return _as(BlockKind.BODY, piece, text)
    level = level_of(text)
    # A number under its like is an item of a list, also the last one, behind which text goes on.
    if level is not None and (level < LIST_LEVEL or (_opens_text(following) and level_of(before.text) != level)):
        return _as(BlockKind.HEADING, piece, text, level + below)
    if piece.kind is PieceKind.CAPTION or (CAPTION.match(text) and may_be_heading(text)):
        return _as(BlockKind.CAPTION, piece, text)
    return _as(BlockKind.BODY, piece, text)


def _opens_text(piece: Piece) -> bool:
    """Say whether `piece` is running text or a table: then the numbered line above it heads a part."""
    if piece.kind in (PieceKind.COLUMNS, PieceKind.ROW, PieceKind.ITEM):
        return True
    return bool(piece.text) and not ORDINAL.match(piece.text) and not may_be_heading(piece.text)


class _Table:
    """Makes a sentence of every row of a table, with its column headings and the table's caption."""

    def __init__(self, caption: str = "") -> None:
        self._caption = caption
        self._columns: tuple[str, ...] = ()
        self._in_head = False

    def row(self, piece: Piece, following: Piece) -> str:
        """Return the row's sentence, nothing for column headings above other rows."""
        if piece.kind is PieceKind.COLUMNS:
            self._columns = _stacked(self._columns, piece.cells) if self._in_head else piece.cells
            self._in_head = True
            if following.kind in (PieceKind.COLUMNS, PieceKind.ROW):
                return ""
            return _sentence(self._caption, (), piece.cells)
        self._in_head = False
        return _sentence(self._caption, self._columns, piece.cells)


def _stacked(upper: tuple[str, ...], lower: tuple[str, ...]) -> tuple[str, ...]:
    """Join two rows of column headings; a heading over both rows is named once."""
    width = max(len(upper), len(lower))
    pairs = zip(_padded(upper, width), _padded(lower, width), strict=True)
    return tuple(one if one == other else one + other for one, other in pairs)


def _padded(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*cells, *[""] * (width - len(cells)))


def _sentence(caption: str, columns: tuple[str, ...], cells: tuple[str, ...]) -> str:
    chinese = re.search(r"[\u3400-\u9fff]", "".join((*columns, *cells)))
    colon, comma, stop = ("\uff1a", "\uff0c", "。") if chinese else (": ", ", ", ".")
    named = zip(_padded(columns, len(cells)), (cell.rstrip("。;,\uff1b\uff0c") for cell in cells), strict=False)
    parts = [f"{column}{colon}{cell}" if column else cell for column, cell in named if cell]
    return (f"{caption}{colon}" if caption else "") + comma.join(parts) + stop if parts else ""
