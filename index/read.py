"""Makes a Document of a file: tells its format by its content, and has that format's reader read it.

A conductor: decoding and every format are other files' work.
"""

import hashlib
import re
from collections.abc import Sequence
from pathlib import PurePath

from index.archive import Found, bytes_of
from index.decode import decode
from index.document import Document, Facts, Line, Piece, ReadError
from index.layout import lay_out
from index.package import refuse_harm
from index.read_docx import read_docx
from index.read_html import read_html
from index.read_markdown import read_markdown
from index.read_pdf import PdfText, page_pixels, read_pdf
from index.read_text import read_text
from index.recognise import LONGER_SIDE, evened, is_installed, recognise
from index.steps import Progress, silent

_ENDINGS = {
    ".pdf": "PDF",
    ".docx": "DOCX",
    ".html": "HTML",
    ".htm": "HTML",
    ".xhtml": "HTML",
    ".md": "Markdown",
    ".markdown": "Markdown",
    ".txt": "text",
}
# How files begin that are no report, and what they are.
_FOREIGN = (
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"BM", "a picture (BMP)"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"ID3", "a sound"),
    (b"SQLite format 3\x00", "a database"),
    (b"{\\rtf", "an RTF document"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_RECOGNITION = 'install text recognition (pip install -c constraints.txt -e ".[ocr]") and add it again'
_WAY_OUT = "save the report as text, Markdown, HTML, DOCX or PDF and add that"


def read_document(found: Found, encoding: str = "", going: Progress = silent) -> Document:
    """Read a report file; `encoding` names that of a text, empty means that it is found out.

    `going` is told each page of a scan that is recognised.

    Raises:
        ReadError: the file is missing, empty, too large, protected, damaged, or no report.
    """
    data = bytes_of(found)
    name = found.name
    if not data:
        raise ReadError(f"{name} is empty; add a file with the report's text in it.")
    form = _form_of(name, data)
    if form == "PDF":
        document = _pdf(name, data, going)
    elif form == "DOCX":
        document = _docx(name, data)
    else:
        document = _text(name, data, form, encoding)
    if not document.pieces:
        raise ReadError(f"{name} holds no text; add a file with the report's text in it.")
    return document


def _form_of(name: str, data: bytes) -> str:
    """Name the format that the content has; an ending that says another is told."""
    claimed = _ENDINGS.get(PurePath(name).suffix.lower(), "")
    if b"%PDF-" in data[:1024]:
        return _agreed(name, claimed, "PDF", ".pdf")
    if data.startswith(b"PK\x03\x04"):
        if claimed != "DOCX" and b"word/document.xml" not in data:
            raise ReadError(f"{name} is a ZIP archive; name it .zip, or unpack it and add its files.")
        return _agreed(name, claimed, "DOCX", ".docx")
    if data.startswith(_OLE):
        if _PROTECTED in data:
            raise ReadError(f"{name} is protected by a password; save it without one and add that.")
        raise ReadError(f"{name} is a document of Word 2003 or older; save it as DOCX and add that.")
    for start, what in _FOREIGN:
        if data.startswith(start) and not _is_plain(data):
            raise ReadError(f"{name} is {what}; {_WAY_OUT}.")
    if claimed in ("PDF", "DOCX"):
        raise ReadError(
            f"{name} is no {claimed} by its content; save it as {claimed} again, or give it its own ending."
        )
    if not claimed and re.match(rb"\s*(?:<!doctype html|<html)", data[:1024].lstrip(b"\xef\xbb\xbf"), re.I):
        return "HTML"
    return claimed or "text"


def _is_plain(data: bytes) -> bool:
    """Say whether the first bytes are those of a text: BMW is a word, too."""
    return all(byte >= 0x20 or byte in b"\t\r\n\f" for byte in data[:200]) and not data.startswith(b"{\\rtf")


def _agreed(name: str, claimed: str, form: str, ending: str) -> str:
    if claimed not in ("", form):
        raise ReadError(f"{name} is a {form} by its content; rename it to end in {ending} and add it again.")
    return form


def _text(name: str, data: bytes, form: str, encoding: str) -> Document:
    declared = _declared(data) if form == "HTML" else ""
    text = decode(name, data, encoding or declared)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    if form == "HTML":
        pieces, facts = read_html(text)
    else:
        pieces, facts = list(read_markdown(text) if form == "Markdown" else read_text(text)), Facts()
    return Document(PurePath(name).stem, tuple(pieces), facts, digest)


def _declared(data: bytes) -> str:
    """Return the encoding that a page states and has; the statement is often wrong."""
    found = _DECLARED.search(data[:4096])
    stated = found.group(1).decode("ascii").lower() if found else ""
    stated = "gb18030" if stated in ("gb2312", "gbk", "x-gbk") else "big5hkscs" if stated == "big5" else stated
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        try:
            data.decode(stated or "utf-8")
        except (UnicodeDecodeError, LookupError):
            return ""
        return stated
    return ""


def _docx(name: str, data: bytes) -> Document:
    refuse_harm(name, data)
    return _binary(name, data, read_docx(name, data))


def _pdf(name: str, data: bytes, going: Progress) -> Document:
    found = read_pdf(name, data)
    if not found.scanned:
        return _binary(name, data, lay_out(found.lines))
    pages = ", ".join(map(str, found.scanned[:10])) + (" …" if len(found.scanned) > 10 else "")
    if is_installed():
        lines = sorted([*found.lines, *_recognised(name, data, found, going)], key=lambda line: line.page)
        remark = f"{name}: page {pages} is a picture whose text was recognised; single characters may be wrong."
        return _binary(name, data, lay_out(lines), remark)
    if not found.lines:
        raise ReadError(f"{name} is scanned: its {found.pages} pages are pictures without text; {_RECOGNITION}.")
    remark = f"{name}: page {pages} holds a picture and no text, which was not read; {_RECOGNITION}."
    return _binary(name, data, lay_out(found.lines), remark)


def _recognised(name: str, data: bytes, found: PdfText, going: Progress) -> list[Line]:
    lines: list[Line] = []
    for done, page in enumerate(found.scanned):
        going("recognising", done, len(found.scanned))
        pixels, size = page_pixels(name, data, page, LONGER_SIDE)
        lines += recognise(name, pixels, page, size)
    return evened(lines)


def _binary(name: str, data: bytes, pieces: Sequence[Piece], remark: str = "") -> Document:
    return Document(PurePath(name).stem, tuple(pieces), Facts(), hashlib.sha256(data).hexdigest(), remark)
