"""Finds the dates in a text however they are written: 2022-06-20, 二〇二二年六月二十日, June 20th, 2022, 2021年底.

Pure text, folded. It does not know what happened on them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.numerals import chinese_value

_MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november"]
_MONTHS += ["december"]
_MONTH = "|".join([f"{month}|{month[:3]}\\b\\.?" for month in _MONTHS] + [r"sept\b\.?"])
_NUMERAL = r"[〇零一二三四五六七八九十]"
_YEAR = r"(?P<year>(?:19|20)\d\d|[一二][〇零一二三四五六七八九]{3})"
_DATES = (
    re.compile(r"(?P<year>(?:19|20)\d\d)[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?(?!\d)"),
    re.compile(
        rf"{_YEAR}年(?:(?P<month>\d{{1,2}}|{_NUMERAL}{{1,3}})月(?:份|(?P<day>\d{{1,2}}|{_NUMERAL}{{1,3}})[日号])?"
        r"|(?P<close>年?[底末])|(?P<open>年?初))?"
    ),
    re.compile(rf"(?P<month>\d{{1,2}}|{_NUMERAL}{{1,3}})月(?:份|(?P<day>\d{{1,2}}|{_NUMERAL}{{1,3}})[日号])"),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month>{_MONTH}),?(?: {_YEAR})?"),
    re.compile(rf"\b(?P<month>{_MONTH}) (?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? )?(?:of )?{_YEAR}"),
    re.compile(rf"\b(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b"),
    re.compile(rf"(?P<close>\b(?:end of|late|year-end) ){_YEAR}\b"),
    re.compile(
        r"(?<![\d.,])(?P<year>(?:19|20)\d\d)(?![\d,%]|\.\d| *[个家户套张项人名台处场万亿元米公])(?=[^a-z]|s?\b)"
    ),
)


@dataclass(frozen=True, slots=True)
class Date:
    """A date as it is written; a year, month or day that is not said is 0."""

    text: str
    start: int
    year: int
    month: int
    day: int


def dates(text: str) -> Iterator[Date]:
    """Yield the dates of a folded text, those with most parts first; the end of a year is its December."""
    left = text
    for pattern in _DATES:
        for match in pattern.finditer(left):
            parts = match.groupdict()
            month = 12 if parts.get("close") else 1 if parts.get("open") else _month(parts.get("month"))
            yield Date(match[0], match.start(), _number(parts.get("year")), month, _number(parts.get("day")))
        left = pattern.sub(lambda match: "\0" * len(match[0]), left)


def _number(text: str | None) -> int:
    return int(chinese_value(text)) if text else 0


def _month(text: str | None) -> int:
    if text and text[0].isascii() and text[0].isalpha():
        return next(at for at, month in enumerate(_MONTHS, start=1) if month.startswith(text[:3]))
    return _number(text)
