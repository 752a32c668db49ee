"""Finds the figures a text states - numbers with what they count, shares, multiples, dates - and compares them.

Pure text, Chinese and English, in any written form: 3/4 is 四分之三 is 75%. It does not know what a report says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from index import fold
from qa.dates import dates
from qa.numerals import CHINESE, ENGLISH, chinese_value, english_value
from qa.shares import shares

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
    (
        "people",
        1.0,
        "人次|人|名|位",
        r"people|persons?|participants?|attendances?|attendees?|visits?|residents?|members?",
    ),
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
    r"(?:将?近|接近|不足|不到|未满|未达|[低少小]于|\b(?:nearly|almost|under|below|less than|fewer than|close to)) *$"
)
_ABOVE = re.compile(
    r"(?:超过?|逾|多于|高于|大于|至少|不少于|不低于|突破|[上过](?=百|千|万)"
    r"|\b(?:over|more than|above|exceed\w*|at least|upwards of|in excess of)) *(?:the |a )?$"
)
_MORE = re.compile(r" *(?:多|余|以上|\+(?!\d)|plus\b|-plus\b|or more|odd\b)")
_LESS = re.compile(r" *(?:以下|以内|or less|or fewer)")
# 几万 and "hundreds" name no figure.
_VAGUE = re.compile(r"[几数]$")

_ORDINAL = re.compile(rf"第({CHINESE})|\b(\d+)(?:st|nd|rd|th)\b")
_CHINESE_NUMBER = re.compile(CHINESE)
_ENGLISH_NUMBER = re.compile(ENGLISH)
_LONE = re.compile(r"[百千万亿一]|one|an?")  # more often part of a word than a figure
# Names that hold digits but state no figure.
_NAMES = re.compile(r"covid-19|24/7|\b[a-z]+\d+\w*")
# A figure that is rounded is a multiple of this at least.
_ROUND = 10
# "In three respects" counts what the sentence itself lists; more than so many are counted in the report.
_MANY = 9
_WAYS = re.compile(
    r"个?(?:方面|层面|维度|点)|\s*(?:main |key |broad )?(?:aspects?|areas?|ways?|points?|things?|respects?)\b"
)


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


# The sentences of popular paragraphs come with every question.
@lru_cache(maxsize=4_000)
def figures(text: str) -> tuple[Figure, ...]:
    """Return the figures of a `plain` text in order."""
    found: list[Figure] = []
    left = _blotted(_NAMES, text)
    for read in (_dates, _shares, _ordinals, _numbers):
        for one in read(left):
            found.append(one)
            left = left[: one.start] + "\0" * len(one.text) + left[one.start + len(one.text) :]
    return tuple(sorted(found, key=lambda one: one.start))


def same(claim: Figure, held: Figure) -> bool:
    """Say whether what is claimed is what is held: value, kind and lean, each as far as it is said."""
    if any(claim.date):
        return _same_date(claim, held)
    if not _kinds_fit(claim, held) or claim.lean * held.lean < 0:
        return False
    near = abs(claim.value - held.value) <= 1e-9 * max(abs(claim.value), 1.0) or _rounded_down(claim, held)
    # 一倍以上 above something is "more than double" it.
    return near or (claim.kind == "times" and abs(claim.value - held.value) == 1.0)


def _rounded_down(claim: Figure, held: Figure) -> bool:
    """Say whether "over 5,000" is claimed of 5,200: the held value, cut behind the claim's last digit that is not 0."""
    if claim.lean != 1 or claim.value < _ROUND or claim.value % _ROUND:
        return False
    place = _ROUND
    while claim.value % (10 * place) == 0:
        place *= 10
    return held.value // place * place == claim.value


def _same_date(claim: Figure, held: Figure) -> bool:
    if not any(held.date):
        return claim.date[1:] == (0, 0) and held.kind in (BARE, "year") and claim.value == held.value
    return all(not said or said == there for said, there in zip(claim.date, held.date, strict=True))


def rivals(claim: Figure, held: Figure) -> bool:
    """Say whether a text that holds `held` could have been misread as `claim`: the same kind, another value."""
    dated = any(claim.date) or any(held.date)
    return held.counted and not dated and not same(claim, held) and _kinds_fit(claim, held)


def _kinds_fit(claim: Figure, held: Figure) -> bool:
    if not held.counted:  # the 十 of 十法, which "ten methods" may count
        return claim.kind in _THINGS and "." not in claim.text
    if claim.kind in (held.kind, BARE):
        return True
    if claim.kind in ("ratio", "times") or held.kind == "ordinal":
        return False
    loose = {BARE, THING} if claim.kind == "ordinal" else {BARE}
    return held.kind in loose or (THING in (claim.kind, held.kind) and {claim.kind, held.kind} <= _THINGS)


def _blotted(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: "\0" * len(match[0]), text)


def _dates(text: str) -> Iterator[Figure]:
    for one in dates(text):
        yield Figure(one.text, one.start, float(one.year), "date", date=(one.year, one.month, one.day))


def _shares(text: str) -> Iterator[Figure]:
    for one in shares(text):
        lean = _lean(text, one.start, one.start + len(one.text))
        yield Figure(one.text, one.start, one.value, "times" if one.multiple else "ratio", lean)


def _ordinals(text: str) -> Iterator[Figure]:
    for match in _ORDINAL.finditer(text):
        value = chinese_value(match[1] or match[2])
        kind = "year" if text[match.end() :].startswith(" anniversary") else "ordinal"
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
    vague = bool(_VAGUE.search(text[: match.start()])) or (value <= _MANY and bool(_WAYS.match(text, match.end())))
    shown = text[match.start() : after] + unit
    lean = _lean(text, match.start(), match.end()) or _lean(text, match.start(), after + len(unit))
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
