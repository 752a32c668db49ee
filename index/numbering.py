"""The ways reports number their parts, each with its depth, and what a heading may look like. Pure patterns."""

import re

# Full-width marks stand as escapes, which cannot be mistaken for their ASCII look-alikes.
OPEN, CLOSE, COLON = r"[(\uff08\u3014\[]", r"[)\uff09\u3015\]]", r"[:\uff1a]"
_DOT = r"[.\uff0e、]"
_DIGIT = r"[0-9\uff10-\uff19]"
_NUMERAL = "[一二三四五六七八九十百零〇]"
_COUNT = rf"第\s*(?:{_NUMERAL}+|{_DIGIT}+)\s*"
# Outermost first; the position is the heading's level.
_NUMBERED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_COUNT}[编篇部]分?(?:\s|$|{COLON})",
        rf"{_COUNT}章",
        rf"{_COUNT}节",
        rf"{_COUNT}条",
        rf"{_NUMERAL}+\s*[、.\uff0e]",
        rf"{OPEN}\s*{_NUMERAL}+\s*{CLOSE}",
        rf"{_DIGIT}{{1,2}}\s*{_DOT}(?!{_DIGIT})",
        rf"{OPEN}\s*{_DIGIT}{{1,2}}\s*{CLOSE}|{_DIGIT}{{1,2}}[)\uff09]",
    )
)
# From here on a numbered line is a heading only when running text follows it, for lists are numbered so too.
LIST_LEVEL = 6
LONGEST_HEADING = 60  # characters; a longer numbered line is a paragraph
SENTENCE_END = tuple("。!?;:…\uff01\uff1f\uff1b\uff1a")
ORDINAL = re.compile(rf"{_DIGIT}{{1,3}}\s*{_DOT}\s*")
# Those of private use are how Symbol and Wingdings, in which word processors set bullets, come out of a PDF.
BULLET = re.compile(r"[•●○■□▪▫◆◇‣➢▶►\uf06c\uf06e\uf075\uf076\uf0a7\uf0b7\uf0d8\uf0fc]\s*")
LIST_MARK = re.compile(
    rf"{BULLET.pattern}|{_COUNT}[编篇部章节条]|{_NUMERAL}+[、.\uff0e]|{_DIGIT}{{1,2}}{_DOT}"
    rf"|{OPEN}?(?:{_NUMERAL}+|{_DIGIT}{{1,2}}){CLOSE}"
)
CAPTION = re.compile(
    rf"(?:(?:附?[图表]|图表)\s*(?:{_DIGIT}+(?:[-.\u2013]{_DIGIT}+)?|{_NUMERAL}+)\s*(?:{COLON}|[.\s])"
    rf"|(?:Figure|Fig\.|Table)\s+\d+(?:[-.]\d+)?\s*[:.\s])\s*\S"
)
TABLE_CAPTION = re.compile(r"附?表|图表|Table")


def may_be_heading(line: str) -> bool:
    """Say whether `line` is short enough for a heading and no whole sentence."""
    return len(line) <= LONGEST_HEADING and not line.endswith(SENTENCE_END)


def level_of(line: str) -> int | None:
    """Return the level of a numbered heading, None when `line` is none."""
    if may_be_heading(line):
        for level, pattern in enumerate(_NUMBERED):
            if pattern.match(line):
                return level
    return None


def glued(first: str, second: str) -> str:
    """Join two lines of one paragraph; Latin words keep the blank that the line end stood for."""
    if not first or not second:
        return first + second
    return f"{first}{' ' if first[-1].isascii() and second[0].isascii() else ''}{second}"
