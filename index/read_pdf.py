"""Makes Lines of a PDF's text layer, each with its place and type, and pictures of its pages. The only door to PDFium.

It does not know paragraphs, headings or tables.
"""

import ctypes
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from statistics import median
from typing import Any

import numpy as np

from index.document import RAISED, Glyph, Line, Pixels, ReadError, Span

_WIDE_GAP = 1.2  # of the type's size; a wider gap parts a table's cells
_BOLD = 600  # PDF's font weights; 400 is regular
_TALLEST = 4  # times its width, a page that is rendered
_MOST_PAGES = 5_000
_MOST_CHARACTERS = 20_000_000
_LATIN = "\u2e7f"  # from here on characters are Chinese, or as wide
# Fewer characters on a page that holds a picture, and it is taken for a scan.
_FEWEST_CHARACTERS = 10


@dataclass(frozen=True, slots=True)
class PdfText:
    """A PDF's lines in the order of its pages, and the pages that hold pictures and no text."""

    lines: tuple[Line, ...]
    pages: int
    scanned: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Character:
    text: str
    left: float
    right: float
    top: float
    bottom: float
    base: float
    size: float
    bold: bool


def read_pdf(name: str, data: bytes) -> PdfText:
    """Return the text layer of a PDF.

    Raises:
        ReadError: it is damaged, protected by a password, or too long.
    """
    with _opened(name, data) as document:
        return _text_of(name, document)


def page_image(name: str, data: bytes, page: int, width: int) -> bytes:
    """Return a page of a PDF as a PNG so many pixels wide, nothing where there is no such page.

    Raises:
        ReadError: the PDF is damaged or protected by a password.
    """
    with _opened(name, data) as document:
        if not 1 <= page <= len(document):
            return b""
        across, down = document[page - 1].get_size()
        scale = min(width / across, _TALLEST * width / down)  # a page may be a ribbon
        written = BytesIO()
        document[page - 1].render(scale=scale).to_pil().save(written, "PNG")
        return written.getvalue()


def page_pixels(name: str, data: bytes, page: int, longer_side: int) -> tuple[Pixels, tuple[float, float]]:
    """Return a page of a PDF as a picture whose longer side has so many pixels, and the page's size in points.

    Raises:
        ReadError: the PDF is damaged or protected by a password.
    """
    with _opened(name, data) as document:
        size = document[page - 1].get_size()
        drawn = document[page - 1].render(scale=longer_side / max(size))
        return np.array(drawn.to_pil().convert("RGB")), size


def page_glyphs(name: str, data: bytes, pages: Sequence[int]) -> list[Glyph]:
    """Return the characters of some pages of a PDF in the order of its content; pages that are not there have none."""
    with _opened(name, data) as document:
        return [glyph for page in pages if 1 <= page <= len(document) for glyph in _glyphs(document[page - 1], page)]


def _glyphs(page: Any, number: int) -> Iterator[Glyph]:
    across, down = page.get_size()
    for at, row in enumerate(_rows(list(_characters(page)))):
        for one in row:
            if one.text.strip():
                sides = (one.left / across, one.top / down, one.right / across, one.bottom / down)
                yield Glyph(one.text, number, at, sides)


@contextmanager
def _opened(name: str, data: bytes) -> Iterator[Any]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ReadError(f"{name} is protected by a password; save it without one and add that.") from error
        raise ReadError(f"{name} is a damaged PDF; save or print it to a PDF again and add that.") from error
    try:
        yield document
    except pypdfium2.PdfiumError as error:
        raise ReadError(f"{name} is a damaged PDF ({error}); save or print it again and add that.") from error
    finally:
        document.close()


def _text_of(name: str, document: Any) -> PdfText:
    count = len(document)
    if count > _MOST_PAGES:
        raise ReadError(f"{name} has {count:,} pages, the limit is {_MOST_PAGES:,}; split it into parts.")
    lines: list[Line] = []
    scanned, characters = [], 0
    for number in range(count):
        page = document[number]
        found = list(_characters(page))
        characters += len(found)
        if characters > _MOST_CHARACTERS:
            raise ReadError(f"{name} has more than {_MOST_CHARACTERS:,} characters; split it into parts.")
        if len(found) < _FEWEST_CHARACTERS and _has_picture(page):
            scanned.append(number + 1)
        width, height = page.get_size()
        lines.extend(_line(row, number + 1, width, height) for row in _rows(found))
        page.close()
    return PdfText(tuple(lines), count, tuple(scanned))


def _has_picture(page: Any) -> bool:
    from pypdfium2 import raw

    return any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))


def _characters(page: Any) -> Iterator[_Character]:
    """Yield a page's characters in the order of its content; a line end is one of its own."""
    from pypdfium2 import raw

    text = page.get_textpage()
    upright = _upright(page)
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    for at in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, at)
        sign = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
        if sign in ("\r", "\n"):
            yield _Character("\n", 0, 0, 0, 0, 0, 0, False)
            continue
        if not sign or sign in "\x02\ufffe\x00" or abs(raw.FPDFText_GetCharAngle(text, at) % 1.5707963) > 0.1:
            continue  # what has no meaning, and a watermark across the page
        raw.FPDFText_GetLooseCharBox(text, at, box)
        raw.FPDFText_GetCharOrigin(text, at, x, y)
        raw.FPDFText_GetMatrix(text, at, matrix)
        scale = abs(matrix.a * matrix.d - matrix.b * matrix.c) ** 0.5
        size = raw.FPDFText_GetFontSize(text, at) * (scale or 1.0)
        bold = raw.FPDFText_GetFontWeight(text, at) >= _BOLD
        (x1, y1), (x2, y2) = upright(box.left, box.top), upright(box.right, box.bottom)
        sides = (min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2))
        yield _Character(sign, *sides, upright(x.value, y.value)[1], size, bold)
    text.close()


def _upright(page: Any) -> Callable[[float, float], tuple[float, float]]:
    """Return what makes of a place in the page's own space one from the upper left corner, as the page is shown."""
    left, bottom, right, top = page.get_bbox()
    turned: dict[int, Callable[[float, float], tuple[float, float]]] = {
        0: lambda x, y: (x - left, top - y),
        90: lambda x, y: (y - bottom, x - left),
        180: lambda x, y: (right - x, y - bottom),
        270: lambda x, y: (top - y, right - x),
    }
    return turned[page.get_rotation() % 360]


def _rows(characters: list[_Character]) -> Iterator[list[_Character]]:
    """Cut the characters into lines; pieces of one line that were drawn one after the other become one."""
    row: list[_Character] = []
    for character in characters:
        if character.text == "\n":
            continue
        if row and character.text.strip() and not _same_line(row, character):
            if any(one.text.strip() for one in row):
                yield _in_order(row)
            row = []
        row.append(character)
    if any(one.text.strip() for one in row):
        yield _in_order(row)


def _in_order(row: list[_Character]) -> list[_Character]:
    """Sort a line by the middles of its characters: PDFium sorts by left sides, which brackets set close overlap.

    What was drawn twice to look bold is kept once. A blank that PDFium guessed goes where characters touch, and
    between a Chinese and a Latin one, where word processors leave a narrow gap that no one wrote.
    """
    found: list[_Character] = []
    row = sorted(row, key=lambda one: one.left + one.right)
    for at, one in enumerate(row):
        before = found[-1] if found else None
        drawn = before and before.text == one.text and one.text not in "—…"  # those come as one glyph of two
        twice = drawn and before and one.left - before.left < 0.2 * one.size
        if before and not one.text.strip() and one.left == one.right and at + 1 < len(row):
            following = row[at + 1]
            narrow = 0.35 if (following.text > _LATIN) != (before.text > _LATIN) else 0.12
            twice = following.left - before.right < narrow * max(following.size, before.size)
        if not twice:
            found.append(one)
    return found


def _same_line(row: list[_Character], character: _Character) -> bool:
    before = next((one for one in reversed(row) if one.text.strip()), row[-1])
    near = abs(character.base - before.base) <= 0.5 * max(before.size, character.size)
    return near and character.left > before.left - max(before.size, character.size)


def _line(row: list[_Character], page: int, width: float, height: float) -> Line:
    shown = [one for one in row if one.text.strip()]
    size = median(one.size for one in shown)
    base = median(one.base for one in shown)
    return Line(
        spans=tuple(_spans(row, size, base)),
        top=min(one.top for one in shown),
        bottom=max(one.bottom for one in shown),
        size=size,
        bold=all(one.bold for one in shown),
        page=page,
        width=width,
        height=height,
    )


def _spans(row: list[_Character], size: float, base: float) -> Iterator[Span]:
    text, left, right = "", row[0].left, row[0].left
    for one in row:
        if not one.text.strip():
            text += " " if text else ""
            continue
        if text.strip() and one.left - right > _WIDE_GAP * size:
            yield Span(" ".join(text.split()), left, right)
            text = ""
        if not text.strip():
            text, left = "", one.left
        raised = one.text.isdigit() and one.size < 0.8 * size and base - one.base > 0.15 * size
        text += (RAISED if raised else "") + one.text
        right = one.right
    yield Span(" ".join(text.split()), left, right)
