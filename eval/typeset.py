"""Sets text on pages and writes them as a PDF, byte by byte: another hand than a browser's or a word processor's.

It knows points and pages, and nothing of reports. The font is named and not carried; characters are as wide as they
are high, Latin ones half as wide.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 595, 842  # points, A4
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
