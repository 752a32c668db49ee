"""Makes Pieces of an HTML page: its headings, paragraphs, lists and tables. The only door to selectolax.

What belongs to the site and not to the report is left out: menus, forms, scripts, footers, buttons.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.document import Facts, Piece, PieceKind

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_DROPPED = [
    *("script", "style", "noscript", "template", "iframe", "svg", "object", "form", "button", "select", "textarea"),
    *("nav", "footer", "aside", "video", "audio", "canvas"),
]
_HIDDEN = (
    '[hidden], [aria-hidden="true"], [style*="display:none"], [style*="display: none"], [role="navigation"], '
    '[role="contentinfo"], [role="search"], [role="complementary"]'
)
_BLOCK = re.compile(
    r"address|article|blockquote|body|center|dd|details|div|dl|dt|fieldset|figcaption|figure|h[1-6r]|header|li|main|ol"
    r"|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul|caption"
)
_KINDS = {"li": PieceKind.ITEM, "dd": PieceKind.ITEM, "figcaption": PieceKind.CAPTION, "caption": PieceKind.CAPTION}
# Short lines that belong to the page around the report.
_CHROME = re.compile(
    r"[【\[(]?\s*(?:上一篇|下一篇|打印|关闭|分享|收藏|返回|字号|字体|浏览次数|点击数|扫一扫|责任编辑|相关链接|相关阅读)"
)
_LONGEST_CHROME = 40  # characters
_MENU = 3  # from so many links on, a block of hardly anything else is a menu
_WIDEST_SPAN = 200  # columns or rows that one cell is taken to reach over


def read_html(text: str) -> tuple[list[Piece], Facts]:
    """Return the page's pieces, and the facts that its head states."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text)
    facts = _facts(tree)
    tree.strip_tags(_DROPPED)
    for node in tree.css(_HIDDEN):
        node.decompose()
    walk = _Walk()
    if tree.body is not None:
        walk.through(tree.body)
    return _without_menus(walk.pieces), facts


def _facts(tree: "LexborHTMLParser") -> Facts:
    """Return what the head states; public offices name theirs as GB/T 37364 asks (ArticleTitle, PubDate)."""
    stated: dict[str, str] = {}
    for node in tree.css("meta[name][content]"):
        name, content = node.attributes.get("name") or "", node.attributes.get("content") or ""
        stated.setdefault(name.lower(), " ".join(content.split()))
    title = tree.css_first("title")
    date = re.match(r"\d{4}-\d{2}-\d{2}", stated.get("pubdate", ""))
    author = stated.get("author", "")
    return Facts(
        title=stated.get("articletitle") or (" ".join(title.text().split()) if title else ""),
        date=date.group() if date else "",
        authors=(author,) if re.fullmatch(r"[\u4e00-\u9fff·]{2,4}", author) else (),
        office=stated.get("contentsource", ""),
    )


class _Walk:
    """Collects the pieces of a tree in reading order, without recursion: a page may nest very deep."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self._text: list[str] = []
        self._linked = self._links = 0
        self._kind, self._level = PieceKind.TEXT, 0

    def through(self, root: "LexborNode") -> None:
        """Visit every node below `root`."""
        stack: list[tuple[LexborNode, bool]] = [(root, False)]
        while stack:
            node, leaving = stack.pop()
            tag = node.tag or ""
            if leaving:
                self._leave(node, tag)
            elif tag == "-text":
                self._add(node.text_content or "", node)
            elif tag == "table" and (rows := table_rows(node)):
                self._close()
                self.pieces.extend(rows)
            elif tag == "br":
                self._text.append("\n")
            elif not (tag == "sup" and _is_reference(node)):
                self._enter(tag)
                stack.append((node, True))
                stack.extend((child, False) for child in reversed(list(node.iter(include_text=True))))

    def _add(self, text: str, node: "LexborNode") -> None:
        inside = _ancestors(node, 3)
        # A line end in the source is a blank on the page, but Chinese lines are broken without one.
        text = re.sub(r"(?<=[^\x00-\xff])[ \t]*\r?\n\s*(?=[^\x00-\xff])", "", text)
        text = text if "pre" in inside else re.sub(r"\s+", " ", text)
        if "a" in inside and text.strip():
            self._linked, self._links = self._linked + len(text.strip()), self._links + 1
        self._text.append(text)

    def _enter(self, tag: str) -> None:
        if _BLOCK.fullmatch(tag):
            self._close()
            heading = re.fullmatch(r"h([1-6])", tag)
            self._kind = PieceKind.HEADING if heading else _KINDS.get(tag, self._kind)
            self._level = int(heading.group(1)) if heading else 0

    def _leave(self, node: "LexborNode", tag: str) -> None:
        if _BLOCK.fullmatch(tag):
            self._close()
            outer = next((one for one in _ancestors(node, 4) if one in _KINDS), "")
            self._kind, self._level = _KINDS.get(outer, PieceKind.TEXT), 0

    def _close(self) -> None:
        text = "\n".join(line.strip() for line in "".join(self._text).split("\n")).strip()
        plain = "".join(text.split())
        only_links = self._linked >= 0.8 * len(plain)
        crumbs = re.search(r"[>›»]", text)
        menu = self._links >= _MENU and only_links and not crumbs
        chrome = len(plain) <= _LONGEST_CHROME and _CHROME.match(text)
        if text and not menu and not chrome:
            # A list item that is a link and nothing else is marked by its level, see _without_menus.
            lone = self._kind is PieceKind.ITEM and only_links and bool(self._links)
            self.pieces.append(Piece(self._kind, text, -1 if lone else self._level))
        self._text, self._linked, self._links = [], 0, 0


def _ancestors(node: "LexborNode", count: int) -> list[str]:
    found: list[str] = []
    above = node.parent
    while above is not None and len(found) < count:
        found.append(above.tag or "")
        above = above.parent
    return found


def _is_reference(node: "LexborNode") -> bool:
    """Say whether a raised text is the number of a footnote: a link to it."""
    return node.css_first('a[href^="#"]') is not None


def _without_menus(pieces: list[Piece]) -> list[Piece]:
    """Drop runs of list items that are nothing but links."""
    kept: list[Piece] = []
    run: list[Piece] = []
    for piece in [*pieces, Piece(PieceKind.TEXT, "")]:
        if piece.level < 0:
            run.append(piece)
            continue
        if len(run) < _MENU:
            kept.extend(Piece(one.kind, one.text) for one in run)
        run = []
        kept.append(piece)
    return kept[:-1]


def table_rows(table: "LexborNode") -> list[Piece]:
    """Return the pieces of a table of data; nothing for one that only lays the page out."""
    rows = [row for row in table.css("tr") if _cells(row)]
    grid = list(_grid(rows))
    if table.css_first("table table") or len(rows) < 2 or max((len(row) for row in grid), default=0) < 2:
        return []
    caption = table.css_first("caption")
    pieces = [Piece(PieceKind.CAPTION, _text_of(caption))] if caption and _text_of(caption) else []
    heads = [all(cell.tag == "th" for cell in _cells(row)) for row in rows]
    if not any(heads):
        heads[0] = True
    for at, cells in enumerate(grid):
        kind = PieceKind.COLUMNS if heads[at] and all(heads[:at]) else PieceKind.ROW
        pieces.append(Piece(kind, "", cells=cells))
    return pieces


def _cells(row: "LexborNode") -> list["LexborNode"]:
    return [cell for cell in row.iter() if cell.tag in ("td", "th")]


def _grid(rows: list["LexborNode"]) -> Iterator[tuple[str, ...]]:
    """Yield every row's cells; one that reaches over several rows or columns is given in each."""
    hanging: dict[int, tuple[str, int]] = {}
    for row in rows:
        line: list[str] = []
        waiting = _cells(row)
        while waiting or len(line) in hanging:
            if len(line) in hanging:
                text, left = hanging.pop(len(line))
                span = 1
            else:
                cell = waiting.pop(0)
                text, left, span = _text_of(cell), _span(cell, "rowspan"), _span(cell, "colspan")
            for _ in range(span):
                if left > 1:
                    hanging[len(line)] = (text, left - 1)
                line.append(text)
        yield tuple(line)


def _span(cell: "LexborNode", name: str) -> int:
    written = (cell.attributes.get(name) or "1").strip()
    return min(max(int(written), 1), _WIDEST_SPAN) if written.isascii() and written.isdigit() else 1


def _text_of(node: "LexborNode") -> str:
    return " ".join(node.text(separator=" ").split()) if node.css_first("p, div, br") else " ".join(node.text().split())
