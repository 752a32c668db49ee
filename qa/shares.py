"""Finds shares and multiples in a text however they are written: 75 %, 3/4, 四分之三, three quarters; 一倍, double.

Pure text, folded. It does not know of what they are shares.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qa.numerals import CHINESE, ENGLISH, chinese_value, english_value

_Pattern = tuple[re.Pattern[str], Callable[[re.Match[str]], float]]

_PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "tenth": 10}
_SHARES: tuple[_Pattern, ...] = (
    (re.compile(rf"({CHINESE})分之({CHINESE})"), lambda m: _chinese_share(m[1], m[2])),
    (re.compile(r"百分百"), lambda m: 1.0),
    (re.compile(r"(\d+(?:\.\d+)?) *(?:%|per ?cent\b|个百分点|percentage points?)"), lambda m: float(m[1]) / 100),
    (re.compile(rf"({ENGLISH}) (?:per ?cent\b|percentage points?)"), lambda m: english_value(m[1]) / 100),
    (re.compile(r"(?<![\d/.])(\d{1,2})[/⁄](\d{1,2})(?![\d/])"), lambda m: float(m[1]) / (float(m[2]) or 1.0)),
    (re.compile(r"([一二三四五六七八九])成([一二三四五六七八九])?(?![立为功员果长套])"), lambda m: _tenths(m[1], m[2])),
    (re.compile(r"([\d.]+)成(?![立为功员果长套])"), lambda m: float(m[1].strip(".") or 0) / 10),
    (
        re.compile(
            r"\b(one|two|three|four|five|six|seven|eight|nine|a)[ -](half|third|quarter|fourth|fifth|tenth)s?\b"
        ),
        lambda m: english_value(m[1] if m[1] != "a" else "one") / _PARTS[m[2]],
    ),
    (re.compile(r"[一过近]半(?=数|[^年天日岁径])|\bhalf\b"), lambda m: 0.5),
)
_TIMES: tuple[_Pattern, ...] = (
    (re.compile(rf"({CHINESE})多?倍"), lambda m: chinese_value(m[1])),
    (re.compile(r"翻(?:了)?(一|两|三|四)?番"), lambda m: 2 ** chinese_value(m[1] or "一")),
    (
        re.compile(rf"({ENGLISH})(?: times\b(?= (?:as|the|more|larger|higher|what|that)\b)|-?fold\b)"),
        lambda m: english_value(m[1]),
    ),
    (re.compile(r"\b(?:double[ds]?|doubling|twice|twofold)\b"), lambda m: 2.0),
    (re.compile(r"\b(?:triple[ds]?|tripling|threefold)\b"), lambda m: 3.0),
    (re.compile(r"\b(?:quadruple[ds]?|quadrupling)\b"), lambda m: 4.0),
)


@dataclass(frozen=True, slots=True)
class Share:
    """A share in 0..1, or a multiple, as it is written."""

    text: str
    start: int
    value: float
    multiple: bool


def shares(text: str) -> Iterator[Share]:
    """Yield the shares of a folded text, then its multiples."""
    left = text
    for pattern, value in (*_SHARES, *_TIMES):
        for match in pattern.finditer(left):
            yield Share(match[0], match.start(), value(match), any(pattern is one for one, _ in _TIMES))
        left = pattern.sub(lambda match: "\0" * len(match[0]), left)


def _chinese_share(whole: str, part: str) -> float:
    return chinese_value(part) / (chinese_value(whole) or 1.0)


def _tenths(tenths: str, more: str | None) -> float:
    return chinese_value(tenths) / 10 + (chinese_value(more) / 100 if more else 0.0)
