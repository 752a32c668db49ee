"""Writes small PDFs by hand: numbered objects, their table of places, and pages of plain Latin lines."""

from collections.abc import Mapping, Sequence

# Left and base line in points, size, text.
Placed = tuple[float, float, float, str]


def written(objects: Sequence[bytes], version: bytes = b"1.4") -> bytes:
    """Return a PDF of `objects`, numbered from 1; the first is the catalogue."""
    data, places = b"%PDF-" + version + b"\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(data)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return data + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


def stream(data: bytes, **entries: bytes) -> bytes:
    """Return a stream object with its length and other entries."""
    shown = b"".join(b" /%s %s" % (name.encode(), value) for name, value in entries.items())
    return b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(data), shown, data)


def objects_of(pages: Sequence[Sequence[Placed]]) -> list[bytes]:
    """Return the objects of a document: catalogue, pages, a font, then a page and its content in turn."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * at) for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for at, lines in enumerate(pages):
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
        objects.append(page % (5 + 2 * at) + b"/Resources << /Font << /F 3 0 R >> >> >>")
        shown = (
            b"BT /F %g Tf %g %g Td (%s) Tj ET" % (size, x, y, text.encode("latin-1")) for x, y, size, text in lines
        )
        objects.append(stream(b"\n".join(shown)))
    return objects


def text_pdf(pages: Sequence[Sequence[Placed]]) -> bytes:
    """Return a PDF of so many pages of lines."""
    return written(objects_of(pages))


def report_pdf() -> bytes:
    """Return a report of two pages: a title, headings, paragraphs, a table, a footnote, page numbers."""
    first: list[Placed] = [
        (200, 760, 20, "Annual report"),
        (72, 720, 14, "1. Housing"),
        *((72, 700 - 16 * n, 11, f"Line {n} says that {n * 7} households moved into new homes") for n in range(8)),
        (72, 560, 11, "in the year. It ends here. Another sentence follows."),
        *((72 + 120 * column, 520 - 16 * row, 11, f"{row}{column}.5") for row in range(4) for column in range(3)),
        (72, 80, 8, "1 Counted at the end of the year."),
        (290, 40, 9, "- 1 -"),
    ]
    second: list[Placed] = [
        (72, 760, 14, "2. Roads"),
        *((72, 730 - 16 * n, 11, f"Road {n} was opened in May; it has {n} lanes.") for n in range(10)),
        (290, 40, 9, "- 2 -"),
    ]
    return text_pdf([first, second])


def with_entry(objects: Sequence[bytes], changed: Mapping[int, bytes]) -> bytes:
    """Return the PDF of `objects` in which those numbered in `changed` are others."""
    return written([changed.get(number, one) for number, one in enumerate(objects, start=1)])
