"""Makes Pieces of a Markdown text: headings, items, tables and footnotes by their marks, which are dropped."""

import re
from collections.abc import Iterator

from index.document import Piece, PieceKind

_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*$")
_UNDERLINED = re.compile(r"(=+|-+)\s*$")
_ITEM = re.compile(r"[ \t]*[-*+][ \t]+(?=\S)")
_NOTE = re.compile(r"\[\^[^\]]+\]:\s*")
_RULE = re.compile(r"[ \t]*(?:[-*_][ \t]*){3,}$")
_COLUMNS_END = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")
_BAR = re.compile(r"(?<!\\)\|")


def read_markdown(text: str) -> Iterator[Piece]:
    """Yield the text's pieces; a paragraph or item keeps its line ends."""
    kind, open_lines = PieceKind.TEXT, list[str]()
    lines = _settings_dropped(text).replace("\f", "\n\n").split("\n")
    lines = [re.sub(r"^[ \t]*>[ \t]?", "", line) for line in lines]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        mark = _ITEM.match(line) or _NOTE.match(line)
        if len(open_lines) == 1 and kind is PieceKind.TEXT and _UNDERLINED.match(line):
            yield Piece(PieceKind.HEADING, _plain(open_lines.pop()), 1 if line.startswith("=") else 2)
        elif _is_blank(line) or (piece := _whole(line, following)):
            yield from _closed(kind, open_lines)
            kind = PieceKind.TEXT
            if not _is_blank(line) and piece:
                yield piece
        elif mark:
            yield from _closed(kind, open_lines)
            kind = PieceKind.NOTE if line.startswith("[^") else PieceKind.ITEM
            open_lines.append(line[mark.end() :])
        else:
            open_lines.append(line)
    yield from _closed(kind, open_lines)


def _settings_dropped(text: str) -> str:
    """Drop a block of settings before the text, as site generators keep it."""
    return re.sub(r"\A---\n(?:[\w-]+:.*\n|[ \t]+.*\n)+---\n", "", text)


def _is_blank(line: str) -> bool:
    marks = _RULE.match(line) or _FENCE.match(line) or ("|" in line and _COLUMNS_END.match(line))
    return not line.strip() or bool(marks)


def _whole(line: str, following: str) -> Piece | None:
    """Return the piece that a single line makes by its mark."""
    if found := _HEADING.match(line):
        return Piece(PieceKind.HEADING, _plain(found.group(2)), len(found.group(1)))
    if line.lstrip().startswith("|"):
        cells = _BAR.split(line.strip().removeprefix("|").removesuffix("|"))
        kind = PieceKind.COLUMNS if "|" in following and _COLUMNS_END.match(following) else PieceKind.ROW
        return Piece(kind, "", cells=tuple(_plain(cell.replace("\\|", "|")).strip() for cell in cells))
    return None


def _closed(kind: PieceKind, lines: list[str]) -> Iterator[Piece]:
    if lines and (text := _plain("\n".join(lines))).strip():
        yield Piece(kind, text)
    lines.clear()


def _plain(text: str) -> str:
    """Drop pictures, link targets, references to footnotes and emphasis."""
    text = re.sub(r"!\[([^\]]*)\]\([^)]*\)", "", text)
    text = re.sub(r"\[\^[^\]]+\]", "", text)
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    return re.sub(r"(\*\*|__|`)(.+?)\1", r"\2", text)
