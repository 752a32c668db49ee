"""The nouns of reading: what every reader makes of a file, whatever its format. Nothing here reads or computes."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from index.records import WenjuError

# Left, top, right, bottom as shares of the page's width and height, from its upper left corner.
Box = tuple[float, float, float, float]
# A picture of shape (height, width, 3), each value 0 to 255.
Pixels = NDArray[np.uint8]


class ReadError(WenjuError):
    """A file that cannot be read as a report."""


class PieceKind(StrEnum):
    """What a piece of a file is by its markup; TEXT where the markup does not say."""

    TEXT = "text"
    HEADING = "heading"
    ITEM = "item"
    COLUMNS = "columns"
    ROW = "row"
    CAPTION = "caption"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Piece:
    """One paragraph, heading, list item, table row, caption or footnote, in reading order.

    The `text` of a TEXT may hold line ends where its lines were broken. `level` is a heading's
    depth, 1 the outermost. `cells` are those of a ROW, or of the COLUMNS that head a table.
    `page` counts from 1, 0 where the format has no pages; `box` is its place there, or empty.
    """

    kind: PieceKind
    text: str
    level: int = 0
    cells: tuple[str, ...] = ()
    page: int = 0
    box: Box | tuple[()] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a report states about itself; an absent fact is empty."""

    title: str = ""
    date: str = ""
    breadcrumb: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    office: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was read.

    `facts` come from its metadata, for what the text does not state. `digest` is the SHA-256 of a
    text file's text, of any other file's bytes. `remark` says what a reader should know, such as
    pages that could not be read.
    """

    name: str
    pieces: tuple[Piece, ...]
    facts: Facts
    digest: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of a line without a wide gap in it; `left` and `right` in points."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page: where it stands, in points from the page's upper left corner, and its type.

    `height` is that of the page. A raised figure, such as a footnote's number, follows a RAISED mark.
    """

    spans: tuple[Span, ...]
    top: float
    bottom: float
    size: float
    bold: bool
    page: int
    width: float
    height: float

    @property
    def text(self) -> str:
        """The whole line."""
        return " ".join(span.text for span in self.spans)

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.spans[0].left

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.spans[-1].right


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character as it is shown on a page; `line` counts the page's lines."""

    text: str
    page: int
    line: int
    box: Box


# A character of private use, which no text holds.
RAISED = "\ue000"
