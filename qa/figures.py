"""Finds the figures that a text states - numbers with what they count, shares, multiples, dates - and compares them.

Pure text, Chinese and English, in any written form: 3/4 is 四分之三 is 75%. It does not know what a report says.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index import fold
from qa.numerals import CHINESE, ENGLISH, chinese_value, english_value

# What a number counts; a kind stands on its own, but THING is any count of things and BARE says nothing.
BARE, THING = "", "thing"
_THINGS = {BARE, THING, "people", "household", "home", "bed"}
_UNITS: tuple[tuple[str, float, str, str], ...] = (
    ("area", 1e6, "平方公里|平方千米|km2", r"square kilomet\w+|sq\.? ?km"),
    ("area", 1.0, "平方米|平米|m2", r"square met\w+|sq\.? ?m"),
    ("area", 1e4, "公顷", r"hectares?"),
    ("length", 1e3, "公里|千米", r"kilomet\w+|kms?"),
    ("length", 1.0, "米", r"met(?:er|re)s?|m"),
    ("money", 1.0, "元|块钱", r"yuan|rmb|cny|dollars?"),
    ("minute", 1.0, "分钟", r"minutes?|mins?"),
    ("hour", 1.0, "个?小时", r"hours?"),
    ("month", 1.0, "个月", r"months?"),
    ("year", 1.0, "周?年", r"years?|anniversary"),
    ("day", 1.0, "天|日", r"days?"),
    ("people", 1.0, "人次|人|名|位", r"people|persons?|participants?|attendances?|attendees?|visits?|residents?|members?"),
    ("household", 1.0, "户", r"households?|families"),
    ("home", 1.0, "套", r"homes?|flats?|apartments?|dwellings?"),
    ("bed", 1.0, "张", r"beds?"),
    (
        THING,
        1.0,
        "个|家|处|台|部|项|场|件|条|座|支|批|类|级|门|种|期|届|所|次|栋|幢|间|只|辆|款|册|篇|份|道|枚|本|大|家|字|版|章|街坊|楼|岁|亩|吨",
        r"",
    ),
)
_CHINESE_UNIT = re.compile("|".join(f"(?P<u{at}>{unit})" for at, (_, _, unit, _) in enumerate(_UNITS)))
_ENGLISH_UNIT = re.compile("|".join(rf"(?P<u{at}>{unit})\b" for at, (_, _, _, unit) in enumerate(_UNITS) if unit))
# Words that may stand between an English number and what it counts, such as "747 dormitory-style beds".
_BETWEEN = re.compile(r"[\s-]*(?!(?:in|of|for|to|by|at|and|with|from|per|over|on)\b)[a-z'-]+")
_WORDS_BETWEEN = 4

_BELOW = re.compile(
    r"(?:将?近|接近|不足|不到|未满|未达|低于|少于|小于|\b(?:nearly|almost|under|below|less than|fewer than|close to)) *$"
)
_ABOVE = re.compile(
    r"(?:超过?|逾|多于|高于|大于|至少|不少于|不低于|突破|[上过](?=百|千|万)"
    r"|\b(?:over|more than|above|exceed\w*|at least|upwards of|in excess of)) *(?:the |a )?$"
)
_MORE = re.compile(r" *(?:多|余|以上|\+(?!\d)|plus\b|-plus\b|or more|odd\b)")
_LESS = re.compile(r" *(?:以下|以内|or less|or fewer)")
# 几万 and "hundreds" name no figure.
_VAGUE = re.compile(r"[几数]$")

_MONTHS = "january february march april may june july august september october november december".split()
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
    re.compile(rf"\b(?P<month>{_MONTH}) (?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? )?(?:of )?{_YEAR}"),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month>{_MONTH}),?(?: {_YEAR})?"),
    re.compile(rf"\b(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b"),
    re.compile(rf"(?P<close>\b(?:end of|late|year-end) ){_YEAR}\b"),
    re.compile(r"(?<![\d.,])(?P<year>(?:19|20)\d\d)(?![\d,%]|\.\d| *[个家户套张项人名台处场万亿元米公])(?=[^a-z]|s?\b)"),
)
_SHARES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], float]], ...] = (
    (re.compile(rf"({CHINESE})分之({CHINESE})"), lambda m: _chinese_share(m[1], m[2])),
    (re.compile(r"百分百"), lambda m: 1.0),
    (re.compile(r"(\d+(?:\.\d+)?) *(?:%|per ?cent\b|个百分点|percentage points?)"), lambda m: float(m[1]) / 100),
    (re.compile(rf"({ENGLISH}) (?:per ?cent\b|percentage points?)"), lambda m: english_value(m[1]) / 100),
    (re.compile(r"(?<![\d/.])(\d{1,2})[/⁄](\d{1,2})(?![\d/])"), lambda m: float(m[1]) / (float(m[2]) or 1.0)),
    (re.compile(r"([一二三四五六七八九])成([一二三四五六七八九])?(?![立为功员果长套])"), lambda m: _tenths(m[1], m[2])),
    (re.compile(r"([\d.]+)成(?![立为功员果长套])"), lambda m: float(m[1].strip(".") or 0) / 10),
    (
        re.compile(r"\b(one|two|three|four|five|six|seven|eight|nine|a)[ -](half|third|quarter|fourth|fifth|tenth)s?\b"),
        lambda m: english_value(m[1] if m[1] != "a" else "one") / _PARTS[m[2]],
    ),
    (re.compile(r"[一过近]半(?=数|[^年天日岁径])|\bhalf\b"), lambda m: 0.5),
)
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "tenth": 10}
_TIMES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], float]], ...] = (
    (re.compile(rf"({CHINESE})多?倍"), lambda m: chinese_value(m[1])),
    (re.compile(r"翻(?:了)?(一|两|三|四)?番"), lambda m: 2 ** chinese_value(m[1] or "一")),
    (re.compile(rf"({ENGLISH})(?: times\b(?= (?:as|the|more|larger|higher|what|that)\b)|-?fold\b)"), lambda m: english_value(m[1])),
    (re.compile(r"\b(?:double[ds]?|doubling|twice|twofold)\b"), lambda m: 2.0),
    (re.compile(r"\b(?:triple[ds]?|tripling|threefold)\b"), lambda m: 3.0),
    (re.compile(r"\b(?:quadruple[ds]?|quadrupling)\b"), lambda m: 4.0),
)
_ORDINAL = re.compile(rf"第({CHINESE})|\b(\d+)(?:st|nd|rd|th)\b")
_CHINESE_NUMBER = re.compile(CHINESE)
_ENGLISH_NUMBER = re.compile(ENGLISH)
_LONE = re.compile(r"[百千万亿一]|one|an?")  # more often part of a word than a figure
# Names that hold digits but state no figure.
_NAMES = re.compile(r"covid-19|24/7|\b[a-z]+\d+\w*")
_WAYS = re.compile(r"个?(?:方面|层面|维度|点)|\s*(?:main |key |broad )?(?:aspects?|areas?|ways?|points?|things?|respects?)\b")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a text: how it is written there, its value, what it counts, and which way it leans.

    `lean` is 1 for "more than", -1 for "nearly" or "less than", else 0. A date has `date`, where 0 stands for a
    year, month or day that is not said. `counted` says whether a writer surely meant a figure: 两江 holds none.
    """

    text: str
    start: int
    value: float
    kind: str = BARE
    lean: int = 0
    date: tuple[int, int, int] = (0, 0, 0)
    counted: bool = True


def plain(text: str) -> str:
    """Return the folded form that figures are read from: no blank between a number and a Chinese character."""
    folded = fold(text).replace("\N{MINUS SIGN}", "-")
    return re.sub(r"(?<=[\d.]) +(?=[\u4e00-\u9fff%])|(?<=[\u4e00-\u9fff]) +(?=\d)", "", folded)


def figures(text: str) -> tuple[Figure, ...]:
    """Return the figures of a `plain` text in order."""
    found: list[Figure] = []
    left = _blotted(_NAMES, text)
    for read in (_dates, _shares, _times, _ordinals, _numbers):
        for one in read(left):
            found.append(one)
            left = left[: one.start] + "\0" * len(one.text) + left[one.start + len(one.text) :]
    return tuple(sorted(found, key=lambda one: one.start))


def same(claim: Figure, held: Figure) -> bool:
    """Say whether what is claimed is what is held: value, kind and lean, each as far as it is said."""
    if any(claim.date):
        return _same_date(claim, held)
    if not _kinds_fit(claim.kind, held.kind) or claim.lean * held.lean < 0:
        return False
    near = abs(claim.value - held.value) <= 1e-9 * max(abs(claim.value), 1.0)
    # 一倍以上 above something is "more than double" it.
    return near or (claim.kind == "times" and abs(claim.value - held.value) == 1.0)


def _same_date(claim: Figure, held: Figure) -> bool:
    if not any(held.date):
        return claim.date[1:] == (0, 0) and held.kind in (BARE, "year") and claim.value == held.value
    return all(not said or said == there for said, there in zip(claim.date, held.date, strict=True))


def _kinds_fit(one: str, other: str) -> bool:
    return one == other or BARE in (one, other) or (THING in (one, other) and {one, other} <= _THINGS)


def _blotted(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: "\0" * len(match[0]), text)


def _dates(text: str) -> Iterator[Figure]:
    taken = text
    for pattern in _DATES:
        for match in pattern.finditer(taken):
            parts = match.groupdict()
            month = 12 if parts.get("close") else 1 if parts.get("open") else _month(parts.get("month"))
            date = (_number(parts.get("year")), month, _number(parts.get("day")))
            yield Figure(match[0], match.start(), float(date[0]), "date", date=date)
        taken = _blotted(pattern, taken)


def _number(text: str | None) -> int:
    return int(chinese_value(text)) if text else 0


def _month(text: str | None) -> int:
    if text and text[0].isascii() and text[0].isalpha():
        return next(at for at, month in enumerate(_MONTHS, start=1) if month.startswith(text[:3]))
    return _number(text)


def _shares(text: str) -> Iterator[Figure]:
    yield from _valued(_SHARES, text, "ratio")


def _times(text: str) -> Iterator[Figure]:
    yield from _valued(_TIMES, text, "times")


def _valued(
    patterns: Sequence[tuple[re.Pattern[str], Callable[[re.Match[str]], float]]], text: str, kind: str
) -> Iterator[Figure]:
    for pattern, value in patterns:
        for match in pattern.finditer(text):
            yield Figure(match[0], match.start(), value(match), kind, _lean(text, match.start(), match.end()))
        text = _blotted(pattern, text)


def _chinese_share(whole: str, part: str) -> float:
    return chinese_value(part) / (chinese_value(whole) or 1.0)


def _tenths(tenths: str, more: str | None) -> float:
    return chinese_value(tenths) / 10 + (chinese_value(more) / 100 if more else 0.0)


def _ordinals(text: str) -> Iterator[Figure]:
    for match in _ORDINAL.finditer(text):
        value = chinese_value(match[1] or match[2])
        kind = "year" if text[match.end() :].startswith(" anniversary") else BARE
        yield Figure(match[0], match.start(), value, kind, counted=value != 1)


def _numbers(text: str) -> Iterator[Figure]:
    taken = text
    for pattern, value in ((_ENGLISH_NUMBER, english_value), (_CHINESE_NUMBER, chinese_value)):
        for match in pattern.finditer(taken):
            if pattern is _ENGLISH_NUMBER and _goes_on(text, match.end()):
                continue  # 6 of 6万
            yield _counted(text, match, value(match[0].strip()))
            taken = taken[: match.start()] + "\0" * len(match[0]) + taken[match.end() :]


def _goes_on(text: str, end: int) -> bool:
    return text[end : end + 1] in tuple("十百千万亿")


def _counted(text: str, match: re.Match[str], value: float) -> Figure:
    """Make a Figure of a number and of what stands around it."""
    after = match.end()
    approximate = _MORE.match(text, after)
    after = approximate.end() if approximate else after
    kind, factor, unit = _unit(text, after)
    written = match[0].strip()
    arabic = any(character.isdigit() for character in written)
    long = len(written) > 1 and any(character in written for character in "十百千万亿")
    sure = arabic or long or bool(unit) or bool(approximate) or written.isascii()
    lone = bool(_LONE.fullmatch(written)) and not (approximate or (unit and written not in ("一", "one", "a", "an")))
    vague = bool(_VAGUE.search(text[: match.start()])) or bool(_WAYS.match(text, match.end()))
    shown = text[match.start() : after] + unit
    lean = _lean(text, match.start(), match.end())
    return Figure(shown, match.start(), value * factor, kind, lean, counted=sure and not lone and not vague)


def _lean(text: str, start: int, end: int) -> int:
    before = text[max(0, start - 16) : start]
    if _BELOW.search(before) or _LESS.match(text, end):
        return -1
    return int(bool(_ABOVE.search(before) or _MORE.match(text, end)))


def _unit(text: str, at: int) -> tuple[str, float, str]:
    """Return the kind, the factor and the word of the unit that follows a number."""
    chinese = _CHINESE_UNIT.match(text, at)
    if chinese:
        kind, factor, *_ = _UNITS[int((chinese.lastgroup or "u0")[1:])]
        return kind, factor, chinese[0]
    for _ in range(_WORDS_BETWEEN):
        blank = re.compile(r"[\s-]*").match(text, at)
        start = blank.end() if blank else at
        if named := _ENGLISH_UNIT.match(text, start):
            kind, factor, *_ = _UNITS[int((named.lastgroup or "u0")[1:])]
            return kind, factor, ""
        word = _BETWEEN.match(text, at)
        if not word:
            break
        at = word.end()
    return BARE, 1.0, ""
