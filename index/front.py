"""Takes what a report states about itself from its first and last lines: title, date, authors, office, breadcrumb.

It does not know headings below the title, paragraphs or tables.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.document import Facts, Piece, PieceKind
from index.numbering import CLOSE, COLON, LONGEST_HEADING, OPEN, level_of, may_be_heading

_DATE = re.compile(
    rf"{OPEN}?(?:(?:发布|发文|成文|印发|更新)?(?:日期|时间)|Date)?\s*{COLON}?\s*(\d{{4}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]"
    rf"\s*(\d{{1,2}})\s*日?(?:[\sT]+[\d:]+)?{CLOSE}?$"
)
_OCCASION = re.compile(r"[—\u2013-]*\s*(\d{4})年(\d{1,2})月(\d{1,2})日在")
_BREADCRUMB = re.compile(r"\s*[>›»]\s*")
_BEFORE_CRUMBS = re.compile(rf"(?:您?(?:的|所在)?当前(?:的)?位置|您(?:的|所在的)位置|位置)\s*{COLON}?\s*")
_NAME = r"[\u4e00-\u9fff·]{2,8}"
_BETWEEN = r"[、,\uff0c\s]"
_NAMES = rf"{_NAME}(?:{_BETWEEN}+{_NAME})*"
_SIGNED = re.compile(rf"{OPEN}\s*(\S{{4,40}})\s+({_NAMES})\s*{CLOSE}$")
_AUTHOR = re.compile(rf"(?:作者|撰稿|执笔)\s*{COLON}\s*({_NAMES})$")
_OFFICE = re.compile(rf"(?:发布机构|发文机关|发布单位|单位|来源|信息来源|文章来源|责任单位)\s*{COLON}\s*(\S{{2,40}})$")
_LABEL = re.compile(
    rf"\s+(?=(?:发布|发文|成文|印发|更新)?(?:日期|时间|机构|机关|单位)\s*{COLON}|(?:信息|文章)?来源\s*{COLON}"
    rf"|(?:作者|撰稿|执笔|责任编辑|编辑|浏览次数|点击数|字体|字号)\s*{COLON})"
)
_IDLE_LABEL = re.compile(rf"(?:责任编辑|编辑|浏览次数|点击数|字体|字号)\s*{COLON}")


@dataclass(slots=True)
class _Gathered:
    facts: Facts

    def take(self, line: str) -> bool:
        """Keep `line` if it states a fact about the report; say whether it did."""
        parts = _LABEL.split(line)
        if len(parts) > 1:
            taken = [self.take(part) or bool(_IDLE_LABEL.match(part)) for part in parts]
            return all(taken)
        if found := _DATE.match(line):
            self.date(found)
        elif found := _AUTHOR.match(line):
            self.facts = replace(self.facts, authors=split_names(found.group(1)))
        elif found := _OFFICE.match(line):
            self.facts = replace(self.facts, office=found.group(1))
        else:
            return False
        return True

    def date(self, found: re.Match[str]) -> None:
        """Keep the first date that is stated."""
        year, month, day = (int(part) for part in found.groups())
        if not self.facts.date and 1 <= month <= 12 and 1 <= day <= 31:
            self.facts = replace(self.facts, date=f"{year:04d}-{month:02d}-{day:02d}")


def take_front(lines: Sequence[Piece], known: Facts) -> tuple[Facts, list[Piece]]:
    """Take facts from the short lines before the first paragraph; return them and the lines that are left.

    `known` is what the file's metadata state, for what its text does not.
    """
    gathered = _Gathered(Facts())
    named = _named(lines, known.title)
    kept: list[Piece] = []
    for at, piece in enumerate(lines):
        line = piece.text
        if at == named:
            gathered.facts = replace(gathered.facts, title=line)
        elif piece.kind not in (PieceKind.TEXT, PieceKind.HEADING) or not _front(piece, gathered, named > at, kept):
            return _filled(gathered.facts, known), [*kept, *lines[at:]]
    return _filled(gathered.facts, known), kept


def _front(piece: Piece, gathered: _Gathered, title_follows: bool, kept: list[Piece]) -> bool:
    """Take one line of the front; say whether the next one can belong to it too."""
    line = piece.text
    if not line or (piece.kind is PieceKind.TEXT and gathered.take(line)):
        return True
    crumbs = _BREADCRUMB.split(_BEFORE_CRUMBS.sub("", line, count=1))
    if len(crumbs) > 1 and not gathered.facts.breadcrumb and len(line) < LONGEST_HEADING:
        gathered.facts = replace(gathered.facts, breadcrumb=tuple(crumb for crumb in crumbs if crumb))
    elif title_follows:
        kept.append(piece)  # a letterhead above the title
    elif piece.kind is PieceKind.TEXT and not gathered.facts.title and may_be_heading(line) and level_of(line) is None:
        gathered.facts = replace(gathered.facts, title=line)
    else:
        if found := _OCCASION.match(line):
            gathered.date(found)
        return False
    return True


def _named(lines: Sequence[Piece], title: str) -> int:
    """Return where the title stands if markup or metadata tell it, -1 if they do not."""
    for at, piece in enumerate(lines):
        marked = piece.kind is PieceKind.HEADING and piece.level <= 1 and level_of(piece.text) is None
        if marked or (title and piece.kind is PieceKind.TEXT and piece.text == title):
            return at
        if piece.kind not in (PieceKind.TEXT, PieceKind.CAPTION) or not may_be_heading(piece.text):
            return -1
    return -1


def _filled(facts: Facts, known: Facts) -> Facts:
    return Facts(
        facts.title or known.title,
        facts.date or known.date,
        facts.breadcrumb or known.breadcrumb,
        facts.authors or known.authors,
        facts.office or known.office,
    )


def take_signature(lines: list[Piece], facts: Facts) -> tuple[Facts, list[Piece]]:
    """Take the authors' line that closes many reports: (office name, name)."""
    at = next((at for at in range(len(lines) - 1, -1, -1) if lines[at].text or lines[at].cells), -1)
    if at >= 0 and (found := _SIGNED.match(lines[at].text)):
        return replace(facts, office=found.group(1), authors=split_names(found.group(2))), lines[:at]
    return facts, lines


def split_names(names: str) -> tuple[str, ...]:
    """Cut a list of names."""
    return tuple(re.split(rf"{_BETWEEN}+", names))
