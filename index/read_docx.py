"""Makes Pieces of a Word document: headings by style, automatic numbers, lists, tables, footnotes.

The only door to python-docx and to the XML inside. Deleted text, comments and running heads are left out.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from index.counting import Counters, NumberLevel, Numbers
from index.document import Piece, PieceKind, ReadError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_BODY_LEVEL = "9"  # Word's outline level of running text
_HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])$", re.I)
_WIDEST_SPAN = 200  # columns that one cell is taken to reach over


def read_docx(name: str, data: bytes) -> list[Piece]:
    """Return the document's pieces.

    Raises:
        ReadError: it is no whole Word document.
    """
    try:
        from docx import Document

        return list(_Reading(Document(BytesIO(data))).pieces())
    except ReadError:
        raise
    except Exception as error:  # whatever the foreign reader stumbles on, the user needs one sentence
        reason = str(error).splitlines()[0][:80] if str(error) else type(error).__name__
        raise ReadError(
            f"{name} is a damaged Word document ({reason}); open it in a word processor, save it again and add that."
        ) from error


class _Style:
    """What a paragraph style says, with what it inherits."""

    def __init__(self, element: Any, styles: dict[str, Any]) -> None:
        self.level, self.title, self.caption = 0, False, False
        self.number: tuple[str, int] | None = None
        seen: set[int] = set()
        while element is not None and id(element) not in seen:
            seen.add(id(element))
            name = _value(element.find(f"{_W}name"))
            if (found := _HEADING_NAME.match(name)) and not self.level:
                self.level = int(found.group(1))
            self.title = self.title or name.lower() in ("title", "标题", "文档标题")
            self.caption = self.caption or name.lower() in ("caption", "题注")
            outline = _value(element.find(f"{_W}pPr/{_W}outlineLvl"))
            if outline and outline != _BODY_LEVEL and not self.level:
                self.level = int(outline) + 1
            self.number = self.number or _number(element.find(f"{_W}pPr"))
            element = styles.get(_value(element.find(f"{_W}basedOn")))


class _Reading:
    """One document being read."""

    def __init__(self, document: Any) -> None:
        self._document = document
        styles = document.styles.element.findall(f"{_W}style")
        by_id = {style.get(f"{_W}styleId"): style for style in styles}
        self._styles = {name: _Style(style, by_id) for name, style in by_id.items()}
        default = next((s for s in styles if s.get(f"{_W}default") == "1" and s.get(f"{_W}type") == "paragraph"), None)
        self._default = _Style(default, by_id)
        self._counters = Counters(_numbers(document))
        self._notes = _footnotes(document)

    def pieces(self) -> Iterator[Piece]:
        """Yield the pieces of the body in reading order; a footnote follows its paragraph."""
        yield from self._within(self._document.element.body)

    def _within(self, container: Any) -> Iterator[Piece]:
        for element in container:
            if element.tag == f"{_W}p":
                yield from self._paragraph(element)
            elif element.tag == f"{_W}tbl":
                yield from self._table(element)
            elif element.tag in (f"{_W}sdt", f"{_W}ins", f"{_W}smartTag", f"{_W}customXml"):
                content = element.find(f"{_W}sdtContent") if element.tag == f"{_W}sdt" else element
                yield from self._within(content if content is not None else ())

    def _paragraph(self, element: Any) -> Iterator[Piece]:
        settings = element.find(f"{_W}pPr")
        style = self._style_of(settings)
        text = _text(element).strip()
        if text:
            number = _number(settings) or style.number
            mark, bullet = self._counters.next(number) if number else ("", False)
            outline = _value(settings.find(f"{_W}outlineLvl")) if settings is not None else ""
            level = int(outline) + 1 if outline and outline != _BODY_LEVEL else style.level
            if style.title or level:
                yield Piece(PieceKind.HEADING, mark + text, 0 if style.title else level)
            elif style.caption:
                yield Piece(PieceKind.CAPTION, mark + text)
            else:
                yield Piece(PieceKind.ITEM if bullet else PieceKind.TEXT, mark + text)
        for reference in element.iter(f"{_W}footnoteReference"):
            if note := self._notes.pop(reference.get(f"{_W}id"), ""):
                yield Piece(PieceKind.NOTE, note)
        for box in element.iter(f"{_W}txbxContent"):
            if not any(above.tag == f"{_MC}Fallback" for above in box.iterancestors()):
                yield from self._within(box)

    def _style_of(self, settings: Any) -> _Style:
        named = _value(settings.find(f"{_W}pStyle")) if settings is not None else ""
        return self._styles.get(named, self._default)

    def _table(self, table: Any) -> Iterator[Piece]:
        rows = [row for row in table.iter(f"{_W}tr") if next(row.iterancestors(f"{_W}tbl")) is table]
        grid = _grid(rows)
        if max((len(cells) for cells in grid), default=0) < 2 or len(rows) < 2:
            for cell in table.iter(f"{_W}tc"):
                if next(cell.iterancestors(f"{_W}tbl")) is table:
                    yield from self._within(cell)
            return
        heads = [row.find(f"{_W}trPr/{_W}tblHeader") is not None for row in rows]
        if not any(heads):
            heads[0] = True
        for at, cells in enumerate(grid):
            kind = PieceKind.COLUMNS if all(heads[: at + 1]) else PieceKind.ROW
            if any(cells):
                yield Piece(kind, "", cells=cells)


def _value(element: Any) -> str:
    return (element.get(f"{_W}val") or "") if element is not None else ""


def _number(settings: Any) -> tuple[str, int] | None:
    """Return the list and the level of automatic numbering that a paragraph or style asks for."""
    asked = settings.find(f"{_W}numPr") if settings is not None else None
    if asked is None:
        return None
    level = _value(asked.find(f"{_W}ilvl"))
    return _value(asked.find(f"{_W}numId")), int(level) if level.isdigit() else 0


def _text(paragraph: Any) -> str:
    """Return what a paragraph shows: no deleted text, no field codes, no text boxes in it."""
    parts = []
    for node in paragraph.iter(f"{_W}t", f"{_W}br", f"{_W}cr", f"{_W}tab", f"{_W}noBreakHyphen"):
        above = next(node.iterancestors(f"{_W}p", f"{_W}tabs"))
        if above is not paragraph or any(True for _ in node.iterancestors(f"{_W}del", f"{_W}moveFrom")):
            continue
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        else:
            parts.append({f"{_W}tab": " ", f"{_W}noBreakHyphen": "-"}.get(node.tag, "\n"))
    return "".join(parts)


def _grid(rows: list[Any]) -> list[tuple[str, ...]]:
    """Return every row's cells; one that reaches over several rows or columns is given in each."""
    grid: list[tuple[str, ...]] = []
    for row in rows:
        cells: list[str] = []
        for cell in row.iter(f"{_W}tc"):
            if next(cell.iterancestors(f"{_W}tr")) is not row:
                continue
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = merge is not None and merge.get(f"{_W}val") != "restart"
            above = grid[-1][len(cells)] if goes_on and grid and len(cells) < len(grid[-1]) else ""
            text = above or "\n".join(shown for p in cell.iter(f"{_W}p") if (shown := _text(p).strip()))
            span = _value(cell.find(f"{_W}tcPr/{_W}gridSpan"))
            cells += [text] * (min(int(span), _WIDEST_SPAN) if span.isdigit() else 1)
        grid.append(tuple(cells))
    return grid


def _footnotes(document: Any) -> dict[str, str]:
    """Return each footnote's text by its id."""
    from docx.oxml.parser import parse_xml

    parts = [one.target_part for one in document.part.rels.values() if one.reltype == _FOOTNOTES]
    notes = parse_xml(parts[0].blob).findall(f"{_W}footnote") if parts else []
    return {
        note.get(f"{_W}id"): "\n".join(_text(p) for p in note.iter(f"{_W}p")).strip()
        for note in notes
        if note.get(f"{_W}type") in (None, "normal")
    }


def _numbers(document: Any) -> Numbers:
    """Return how each list numbers its levels, by the list's id."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    if all(one.reltype != RELATIONSHIP_TYPE.NUMBERING for one in document.part.rels.values()):
        return {}
    numbering = document.part.numbering_part.element
    kinds = {
        kind.get(f"{_W}abstractNumId"): {
            int(level.get(f"{_W}ilvl")): NumberLevel(
                _value(level.find(f"{_W}numFmt")),
                _value(level.find(f"{_W}lvlText")),
                int(_value(level.find(f"{_W}start")) or 1),
                _value(level.find(f"{_W}suff")) != "nothing",
            )
            for level in kind.findall(f"{_W}lvl")
        }
        for kind in numbering.findall(f"{_W}abstractNum")
    }
    return {
        one.get(f"{_W}numId"): kinds.get(_value(one.find(f"{_W}abstractNumId")), {})
        for one in numbering.findall(f"{_W}num")
    }
