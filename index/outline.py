"""Makes an Outline of a report's text: its title, date, authors, headings, paragraphs and captions.

Pure text. It knows how Chinese reports number their parts; it does not know sentences or offsets.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

# Full-width marks stand as escapes, which cannot be mistaken for their ASCII look-alikes.
_OPEN, _CLOSE, _COLON = r"[(\uff08]", r"[)\uff09]", r"[:\uff1a]"
_DOT = r"[.\uff0e、]"
_NUMERAL = "[一二三四五六七八九十百零〇]"
# The ways reports number their parts, outermost first; the position is the heading's level.
_NUMBERED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"第\s*(?:{_NUMERAL}+|\d+)\s*[编篇部]分?(?:\s|$|{_COLON})",
        rf"第\s*(?:{_NUMERAL}+|\d+)\s*章",
        rf"第\s*(?:{_NUMERAL}+|\d+)\s*节",
        rf"{_NUMERAL}+、",
        rf"{_OPEN}{_NUMERAL}+{_CLOSE}",
        rf"\d{{1,2}}{_DOT}(?!\d)",
        rf"{_OPEN}\d{{1,2}}{_CLOSE}",
    )
)
_LIST_LEVEL = 5  # from here on a numbered line is a heading only when running text follows it
_LONGEST_HEADING = 60  # characters; a longer numbered line is a paragraph
_DATE = re.compile(
    rf"(?:发布日期|发布时间|成文日期|日期|时间|Date)?\s*{_COLON}?\s*(\d{{4}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]"
    r"\s*(\d{1,2})\s*日?(?:\s+[\d:]+)?$"
)
_BREADCRUMB = re.compile(r"\s*[>›»]\s*")
_NAME = r"[\u4e00-\u9fff·]{2,8}"
_BETWEEN = r"[、,\uff0c\s]"
_NAMES = rf"{_NAME}(?:{_BETWEEN}{_NAME})*"
_SIGNED = re.compile(rf"{_OPEN}\s*(\S{{4,40}})\s+({_NAMES})\s*{_CLOSE}$")
_AUTHOR = re.compile(rf"(?:作者|撰稿|执笔)\s*{_COLON}\s*({_NAMES})$")
_OFFICE = re.compile(rf"(?:发布机构|发布单位|单位|来源|责任单位)\s*{_COLON}\s*(\S{{2,40}})$")
_CAPTION = re.compile(rf"(?:图|图表)\s*\d+(?:[-.]\d+)?\s*(?:{_COLON}|[.\s])\s*\S")
_ORDINAL = re.compile(rf"\d{{1,3}}\s*{_DOT}\s*")
_SENTENCE_END = tuple("。!?;:…\uff01\uff1f\uff1b\uff1a")
_MARKDOWN_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*$")


class BlockKind(StrEnum):
    """What a block of the report is."""

    HEADING = "heading"
    BODY = "body"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph or caption; `level` is the heading's depth, smaller is outer."""

    kind: BlockKind
    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Outline:
    """A report's facts about itself and its blocks in reading order; an absent fact is empty."""

    title: str
    date: str
    breadcrumb: tuple[str, ...]
    authors: tuple[str, ...]
    office: str
    blocks: tuple[Block, ...]


@dataclass(slots=True)
class _Facts:
    title: str = ""
    date: str = ""
    breadcrumb: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    office: str = ""

    def take(self, line: str) -> bool:
        """Keep `line` if it states a fact about the report; say whether it did."""
        if found := _DATE.match(line):
            year, month, day = (int(part) for part in found.groups())
            self.date = self.date or f"{year:04d}-{month:02d}-{day:02d}"
        elif found := _AUTHOR.match(line):
            self.authors = _split_names(found.group(1))
        elif found := _OFFICE.match(line):
            self.office = found.group(1)
        else:
            return False
        return True


def outline(text: str, markdown: bool, fallback_title: str) -> Outline:
    """Read the structure of `text`; `fallback_title` names a report that states no title."""
    facts = _Facts()
    lines = [" ".join(line.split()) for line in _plain(text, markdown).split("\n")]
    body = _take_front(lines, facts)
    blocks = tuple(_blocks(_take_signature(body, facts), markdown))
    if not facts.title and markdown:
        facts.title = next((b.text for b in blocks if b.kind is BlockKind.HEADING), "")
    title = facts.title or fallback_title
    return Outline(title, facts.date, facts.breadcrumb, facts.authors, facts.office, blocks)


def _plain(text: str, markdown: bool) -> str:
    """Drop what is markup only: pictures, link targets, emphasis and rules of a Markdown text."""
    text = text.replace("\u3000", " ").replace("\ufeff", "")
    if not markdown:
        return text
    text = re.sub(r"!\[([^\]]*)\]\([^)]*\)", "", text)
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"(\*\*|__|`)(.+?)\1", r"\2", text)
    text = re.sub(r"^[ \t]*([-*_][ \t]*){3,}$", "", text, flags=re.M)
    text = re.sub(r"^[ \t:|-]+$", "", text, flags=re.M)
    text = re.sub(r"^[ \t]*>[ \t]?", "", text, flags=re.M)
    # A blank line in place of the bullet, so that items are not taken for one hard-wrapped paragraph.
    return re.sub(r"^[ \t]*[-*+][ \t]+", "\n", text, flags=re.M)


def _take_front(lines: list[str], facts: _Facts) -> list[str]:
    """Take breadcrumb, title, date and authors from the short lines before the first paragraph."""
    for at, line in enumerate(lines):
        if not line or facts.take(line):
            continue
        if not facts.title and (heading := _MARKDOWN_HEADING.match(line)) and len(heading.group(1)) == 1:
            facts.title = heading.group(2)
        elif len(crumbs := _BREADCRUMB.split(line)) > 1 and not facts.title and len(line) < _LONGEST_HEADING:
            facts.breadcrumb = tuple(crumb for crumb in crumbs if crumb)
        elif not facts.title and _may_be_heading(line) and _level(line) is None and "|" not in line:
            facts.title = line
        else:
            return lines[at:]
    return []


def _take_signature(lines: list[str], facts: _Facts) -> list[str]:
    """Take the authors' line that closes many reports: (office name, name)."""
    for at in range(len(lines) - 1, -1, -1):
        if not lines[at]:
            continue
        if found := _SIGNED.match(lines[at]):
            facts.office, facts.authors = found.group(1), _split_names(found.group(2))
            return lines[:at]
        return lines
    return lines


def _split_names(names: str) -> tuple[str, ...]:
    return tuple(re.split(rf"{_BETWEEN}+", names))


def _may_be_heading(line: str) -> bool:
    return len(line) <= _LONGEST_HEADING and not line.endswith(_SENTENCE_END)


def _level(line: str) -> int | None:
    """Return the level of a numbered heading, None when `line` is none."""
    if _may_be_heading(line):
        for level, pattern in enumerate(_NUMBERED):
            if pattern.match(line):
                return level
    return None


def _blocks(lines: list[str], markdown: bool) -> Iterator[Block]:
    texts = _joined(lines, markdown)
    at = 0
    while at < len(texts):
        text = texts[at]
        following = texts[at + 1] if at + 1 < len(texts) else ""
        bare = _ORDINAL.sub("", text, count=1)
        if bare == following and _may_be_heading(bare):  # a caption under its picture and again as text
            yield Block(BlockKind.CAPTION, bare)
            at += 1
        else:
            yield _block(texts[at - 1] if at else "", text, following, markdown)
        at += 1


def _block(before: str, text: str, following: str, markdown: bool) -> Block:
    if markdown and (found := _MARKDOWN_HEADING.match(text)):
        return Block(BlockKind.HEADING, found.group(2), len(found.group(1)))
    level = _level(text)
    # A number under its like is an item of a list, also the last one, behind which text goes on.
    if level is not None and (level < _LIST_LEVEL or (_opens_text(following) and _level(before) != level)):
        # Markdown's own headings come first, so numbers below them nest inside.
        return Block(BlockKind.HEADING, text, level + (10 if markdown else 0))
    if _CAPTION.match(text) and _may_be_heading(text):
        return Block(BlockKind.CAPTION, text)
    return Block(BlockKind.BODY, text)


def _opens_text(line: str) -> bool:
    """Say whether `line` is running text: then the numbered line above it heads a part."""
    return bool(line) and not _ORDINAL.match(line) and not _may_be_heading(line)


def _joined(lines: list[str], markdown: bool) -> list[str]:
    """Join lines that were broken at a fixed width; a blank line always parts paragraphs."""
    texts: list[str] = []
    open_line = False
    for line in lines:
        heads = bool(line) and (_level(line) is not None or (markdown and bool(_MARKDOWN_HEADING.match(line))))
        row = markdown and line.startswith("|")
        if open_line and line and not heads and not row:
            glue = " " if texts[-1][-1].isascii() and line[0].isascii() else ""
            texts[-1] += glue + line
        elif line:
            texts.append(line)
        open_line = bool(line) and not heads and not row and not line.endswith(_SENTENCE_END)
    return texts
