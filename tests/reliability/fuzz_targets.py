"""What the fuzzer throws bytes at: the splitter, every reader, and page layout, each with what must hold of its result.

A target may raise ReadError, which is a sentence for the reader; anything else that it raises is a found case.
"""

import struct
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree.ElementTree import Element, SubElement, tostring
from zipfile import ZIP_STORED, ZipFile

from index.archive import Found
from index.compose import report_of
from index.document import Document, Facts, Line, ReadError, Span
from index.layout import lay_out
from index.read import read_document
from index.records import Sentence
from index.split import sentences, windows

# A Word document whose one part is replaced by the fuzzer's bytes: it could hardly guess a ZIP's checksums.
PARTS = ("word/document.xml", "word/styles.xml", "word/numbering.xml", "word/footnotes.xml")
_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_WORD = f'xmlns:w="{_NAMESPACE}"'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>{}</Types>'
)
_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def demand_sentences(text: str, cut: tuple[Sentence, ...]) -> None:
    """Demand that sentences stand in order, none is empty or begins with a blank, and only blanks stand between."""
    at = 0
    for one in cut:
        quote = text[one.start : one.end]
        assert quote, f"a sentence is empty: {one}"
        assert quote == quote.strip(), f"a sentence begins or ends with a blank: {quote!r}"
        assert one.start >= at, f"a sentence begins before the one before ends: {one}"
        assert not text[at : one.start].strip(), f"text stands between sentences: {text[at : one.start]!r}"
        at = one.end
    assert not text[at:].strip(), f"text stands behind the last sentence: {text[at:]!r}"


def demand_report(document: Document) -> None:
    """Demand that a document becomes a report whose paragraphs all hold text and whole sentences."""
    report = report_of(document, "r", "")
    for paragraph in report.paragraphs:
        assert paragraph.number == 0 or paragraph.text.strip(), "a paragraph is empty"
        demand_sentences(paragraph.text, paragraph.sentences)
        for window in windows(paragraph.sentences, 2):
            assert 0 <= window.start < window.end <= len(paragraph.text), f"a window lies outside: {window}"


def split(data: bytes) -> None:
    text = data.decode("utf-8", "surrogatepass" if data[:1] == b"\xed" else "replace")
    demand_sentences(text, sentences(text))


def _read(name: str, data: bytes) -> None:
    with TemporaryDirectory(prefix="fuzz", dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        demand_report(read_document(Found(path)))


def text(data: bytes) -> None:
    _read("a.txt", data)


def markdown(data: bytes) -> None:
    _read("a.md", data)


def html(data: bytes) -> None:
    _read("a.html", data)


def pdf(data: bytes) -> None:
    _read("a.pdf", data)


def docx(data: bytes) -> None:
    """Take the first byte for the part that the rest replaces: as it stands, or from 128 on as a walk through tags."""
    if data:
        name = PARTS[data[0] % len(PARTS)]
        content = data[1:] if data[0] < 128 else _walk(Path(name).stem, data[1:])
        _read("a.docx", word_document({name: content}))


_TAGS = (
    *("p", "r", "t", "tbl", "tr", "tc", "sdt", "sdtContent", "ins", "del", "pPr", "pStyle", "numPr", "ilvl", "numId"),
    *("outlineLvl", "tcPr", "gridSpan", "vMerge", "trPr", "tblHeader", "footnoteReference", "txbxContent", "br", "tab"),
    *("body", "style", "name", "basedOn", "num", "abstractNum", "abstractNumId", "lvl", "start", "numFmt", "lvlText"),
    *("suff", "footnote", "tabs", "noBreakHyphen", "moveFrom", "smartTag", "customXml"),
)
_ATTRIBUTES = ("val", "id", "styleId", "type", "default", "numId", "abstractNumId", "ilvl")
_DEEPEST = 300  # elements inside each other; libxml2 refuses more than 256
_VALUES = ("", "0", "1", "2", "9", "-1", "99999999999", "heading 1", "Title", "decimal", "%1.%2", "restart", "x", "1.5")


def _walk(root: str, data: bytes) -> bytes:
    """Return XML in which every pair of bytes opens an element, closes one, gives it a value, or writes a word."""
    top = Element(f"{{{_NAMESPACE}}}{root}")
    at = [top, SubElement(top, f"{{{_NAMESPACE}}}body")] if root == "document" else [top]
    for how, what in zip(data[::2], data[1::2], strict=False):
        if how < 120 and len(at) < _DEEPEST:
            at.append(SubElement(at[-1], f"{{{_NAMESPACE}}}{_TAGS[what % len(_TAGS)]}"))
        elif how < 180:
            at = at[: max(1, len(at) - 1 - how % 3)]
        elif how < 220:
            at[-1].set(f"{{{_NAMESPACE}}}{_ATTRIBUTES[what % len(_ATTRIBUTES)]}", _VALUES[how % len(_VALUES)])
        else:
            at[-1].text = (at[-1].text or "") + _WORDS[what % len(_WORDS)]
    return tostring(top)


def word_document(replaced: dict[str, bytes]) -> bytes:
    """Return a small Word document in which some parts are replaced."""
    empty = {"document": "<w:body/>", "styles": "", "numbering": "", "footnotes": ""}
    parts = {f"word/{name}.xml": f"<w:{name} {_WORD}>{body}</w:{name}>".encode() for name, body in empty.items()}
    kinds = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_KIND}.{"document.main" if at == 0 else name}+xml"/>'
        for at, name in enumerate(empty)
    )
    own = "".join(
        f'<Relationship Id="r{at}" Type="{_OFFICE}/{name}" Target="{name}.xml"/>' for at, name in enumerate(empty) if at
    )
    whole = f'<Relationship Id="r" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    parts |= {
        "[Content_Types].xml": _TYPES.format(kinds).encode(),
        "_rels/.rels": _RELATIONS.format(whole).encode(),
        "word/_rels/document.xml.rels": _RELATIONS.format(own).encode(),
    }
    written = BytesIO()
    with ZipFile(written, "w", ZIP_STORED) as package:
        for name, content in (parts | replaced).items():
            package.writestr(name, content)
    return written.getvalue()


def layout(data: bytes) -> None:
    """Take every eight bytes for a line: where it stands, its type, and a word; PDFium itself is not in the way."""
    demand_report(Document("r", tuple(lay_out(list(_lines(data)))), Facts(), ""))


_WORDS = (
    "一、总体情况",
    "全市生产总值增长8.3%。",
    "表1 收入",
    "12",
    "注:",
    "- 3 -",
    "(二)",
    "甲",
    "4.5",
    "① 见上。",
    "the end",
)


def _lines(data: bytes) -> Iterator[Line]:
    page = 1
    for left, gap, top, size, word, more, bold, turn in struct.iter_unpack("8B", data[: len(data) // 8 * 8]):
        page += turn > 240
        first = Span(_WORDS[word % len(_WORDS)], left * 2.0, left * 2.0 + 60)
        second = Span(_WORDS[more % len(_WORDS)], first.right + gap, first.right + gap + 40)
        spans = (first, second) if gap > 20 else (first,)
        height = 4.0 + size % 24
        yield Line(spans, top * 3.0, top * 3.0 + height, height, bold > 200, page, 595.0, 842.0)


TARGETS: dict[str, Callable[[bytes], None]] = {
    one.__name__: one for one in (split, text, markdown, html, docx, layout, pdf)
}


def attempt(target: str, data: bytes) -> str:
    """Run a target; return what it refused the bytes with, nothing where it read them."""
    try:
        TARGETS[target](data)
    except ReadError as error:
        return str(error)
    return ""
