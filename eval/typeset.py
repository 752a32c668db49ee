"""Sets a made report on pages and writes them as a PDF, byte by byte: another hand than a browser's.

It sets as printed reports are set: first lines moved in and no gap between paragraphs, a running head, page numbers,
tables that go on over the page. The font is named and not carried; Latin characters are half as wide as Chinese ones.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.carry import Made, Part, PartKind

WIDTH, HEIGHT = 595, 842  # points, A4
_LEFT, _TOP, _BOTTOM = 72, 90, 760  # points; text stands between the margins
_MEASURE = 36 * 12  # points, a full line of 36 characters
_SIZE, _LEADING = 12, 20
_HEADINGS = {1: 20, 2: 16, 3: 14}  # points, by level; 1 is the title
_NEVER_FIRST = "、,，。.;；:：!！?？%”’」』》〉】)）"
_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500] /FontDescriptor 5 0 R "
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>",
    b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
    b"/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
)
_FIRST_PAGE = 6  # objects before it: the catalogue, the list of pages, and the font's three


@dataclass(frozen=True, slots=True)
class Placed:
    """A run of text: where it begins, `top` from the page's upper edge, and its size, all in points."""

    text: str
    left: float
    top: float
    size: float


def typeset(made: Made) -> bytes:
    """Return the report as a PDF."""
    setting = _Setting(made)
    return write_pdf([[*page, *_running(made, number)] for number, page in enumerate(setting.pages, start=1)])


def _running(made: Made, number: int) -> Iterator[Placed]:
    yield Placed(made.title, _LEFT, 40, 9)
    foot = f"— {number} —"
    yield Placed(foot, (WIDTH - width_of(foot, 9)) / 2, 795, 9)


class _Setting:
    """The pages of one report as they fill."""

    def __init__(self, made: Made) -> None:
        self.pages: list[list[Placed]] = [[]]
        self._top = float(_TOP)
        for text, size in ((made.title, _HEADINGS[1]), *((line, _SIZE) for line in made.front)):
            self._line(text, (WIDTH - width_of(text, size)) / 2, size)
            self._top += size
        for part in made.parts:
            self._part(part)

    def _part(self, part: Part) -> None:
        if part.kind is PartKind.TABLE:
            for row in part.rows:
                self._row(row)
        elif part.kind is PartKind.HEADING:
            self._top += _LEADING
            if self._top > _BOTTOM - 3 * _LEADING:  # no heading stands last on its page
                self._turn()
            self._line(part.text, _LEFT, _HEADINGS[part.level])
        elif part.kind is PartKind.CAPTION:
            self._line(part.text, (WIDTH - width_of(part.text, _SIZE)) / 2, _SIZE)
        else:
            text = f"• {part.text}" if part.kind is PartKind.ITEM else part.text
            for at, line in enumerate(broken(text)):
                self._line(line, _LEFT + (0 if at else 2 * _SIZE), _SIZE)

    def _row(self, cells: Sequence[str]) -> None:
        if self._top + _LEADING > _BOTTOM:
            self._turn()
        wide = _MEASURE / len(cells)
        self.pages[-1] += [Placed(cell, _LEFT + at * wide, self._top, _SIZE) for at, cell in enumerate(cells)]
        self._top += 1.3 * _LEADING

    def _line(self, text: str, left: float, size: float) -> None:
        if self._top + _LEADING > _BOTTOM:
            self._turn()
        self.pages[-1].append(Placed(text, left, self._top, size))
        self._top += _LEADING * size / _SIZE

    def _turn(self) -> None:
        self.pages.append([])
        self._top = float(_TOP)


def broken(text: str) -> list[str]:
    """Cut a paragraph into lines, the first two characters shorter; numbers and words stay whole.

    A mark that begins no line takes the character before it along.
    """
    lines, room = [""], _MEASURE - 2.0 * _SIZE
    for piece in re.findall(rf"[\x21-\x7e]+[{_NEVER_FIRST}]*|.[{_NEVER_FIRST}]*", text):
        if width_of(lines[-1] + piece.rstrip(), _SIZE) > room:
            lines.append("")
            room = float(_MEASURE)
        lines[-1] += piece
    return [line.strip() for line in lines]


def width_of(text: str, size: float) -> float:
    """Return how wide a run of text is, in points."""
    return sum(size if sign > "\xff" else size / 2 for sign in text)


def write_pdf(pages: Sequence[Sequence[Placed]], lying: bool = False) -> bytes:
    """Return a PDF with these texts on its pages; `lying` ones are A4 on its side, kept upright and shown turned."""
    numbers = range(_FIRST_PAGE, _FIRST_PAGE + 2 * len(pages), 2)
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        *_FONT,
    ]
    for number, placed in zip(numbers, pages, strict=True):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Rotate %d /Contents %d 0 R "
            b"/Resources << /Font << /F 3 0 R >> >> >>" % (WIDTH, HEIGHT, 90 * lying, number + 1)
        )
        high = WIDTH if lying else HEIGHT
        content = b"\n".join([b"0 1 -1 0 %d 0 cm" % WIDTH if lying else b"", *(_shown(one, high) for one in placed)])
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    return _file(objects)


def _shown(one: Placed, high: int) -> bytes:
    # The baseline lies so far below the top as the font's ascent says.
    place = f"{one.left:.2f} {high - one.top - 0.88 * one.size:.2f} Td"
    return f"BT /F {one.size:.2f} Tf {place} <{one.text.encode('utf-16-be').hex()}> Tj ET".encode()


def _file(objects: Sequence[bytes]) -> bytes:
    data, places = b"%PDF-1.5\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (size, table, trailer)
