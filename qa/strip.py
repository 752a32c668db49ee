"""Makes plain text of what a language model writes: no markup, no pictures, no thinking aloud, no hidden characters.

It does not know what the text says; marks like [1] come through in one form.
"""

import html
import re

# A reasoning model's thoughts; while they are still being written there is no answer yet.
_THOUGHTS = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.{0,1000}?-->", re.DOTALL)
# Written so that a digit or a word could be hidden from the reader or turned round.
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^[ \t]*(?:```|~~~).*$", re.MULTILINE), ""),
    (re.compile(r"!\[[^\]]*\](?:\([^)\n]*\)?|\[[^\]]*\])?"), ""),
    (re.compile(r"^[ \t]*\[[^\]]+\]:[ \t]+\S+.*$", re.MULTILINE), ""),
    (re.compile(r"\[(\d{1,2})\]\([^)\n]*\)"), r"[\1]"),
    (re.compile(r"\[([^\]\n]+)\]\([^)\n]*\)"), r"\1"),
    (re.compile(r"^[ \t]*\|?(?:[^|\n]*\|)+[^|\n]*\n[ \t]*\|?[ \t:|-]*-[ \t:|-]*$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*#{1,6}[ \t]+(.*?)[ \t#:\uff1a]*$", re.MULTILINE), r"\1:"),
    (re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE), ""),
    (
        re.compile(
            r"^[ \t]*(?:[-*+•·][ \t]+|\d{1,2}[.)][ \t]+|\d{1,2}、|[(\uff08]\d{1,2}[)\uff09][ \t]*)", re.MULTILINE
        ),
        "",
    ),
    (re.compile(r"(\*{1,3}|~~)(?=\S)([^\n]{1,300}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<!\w)(_{1,3})(?=\S)([^\n]{1,300}?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"`([^`\n]*)`"), r"\1"),
    (re.compile(r"\\([\\%*_#$\[\]()~`-])"), r"\1"),
)
_ROW = re.compile(r"^[ \t]*\|(.*)\|[ \t]*$", re.MULTILINE)
# The ways in which models write the mark of a passage; several numbers in one pair of brackets are several marks.
_MARK = re.compile(
    r"(?:\[|\u3010|\uff3b)\s*(?:\^|passages?|sources?|段落|来源|资料|原文|文献)?\s*"
    r"(?P<numbers>\d{1,2}(?:\s*[,\u3001\uff0c;]\s*\d{1,2})*)(?:†[^\]\u3011]*)?\s*(?:\]|\u3011|\uff3d)",
    re.IGNORECASE,
)


def strip(text: str) -> str:
    """Return the plain text, its marks in the form [1][2]."""
    plain = _THOUGHTS.sub("", text)
    plain = _HIDDEN.sub("", html.unescape(plain))
    plain = _TAG.sub(lambda tag: "\n" if tag[0].lower().startswith(("<br", "</p", "</li")) else "", plain)
    for pattern, written in _RULES:
        plain = pattern.sub(written, plain)
    plain = _ROW.sub(lambda row: " ".join(cell.strip() for cell in row[1].split("|")), plain)
    plain = _MARK.sub(lambda mark: "".join(f"[{number}]" for number in re.findall(r"\d+", mark["numbers"])), plain)
    return re.sub(r"\n[ \t]*(?:\n[ \t]*)+", "\n", plain).strip()
