"""Counts the automatic numbers of a word processor's lists: 一、, 第二章, (3), 1.2. Pure arithmetic, no files."""

import re
from dataclasses import dataclass

_FIGURES = "零一二三四五六七八九"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_STEMS = "甲乙丙丁戊己庚辛壬癸"


@dataclass(frozen=True, slots=True)
class NumberLevel:
    """How one level of a list is numbered: `text` such as 第%1章, and whether a gap follows it."""

    form: str
    text: str
    start: int = 1
    gap: bool = True


# The levels of every list by its id.
Numbers = dict[str, dict[int, NumberLevel]]


class Counters:
    """The counts of a document's lists as it is read from its start."""

    def __init__(self, numbers: Numbers) -> None:
        """Count the lists of `numbers`."""
        self._numbers = numbers
        self._counts: dict[str, dict[int, int]] = {}

    def next(self, number: tuple[str, int]) -> tuple[str, bool]:
        """Return the mark before the next paragraph of a list's level, and whether the list has bullets."""
        name, depth = number
        levels = self._numbers.get(name, {})
        if depth not in levels:
            return "", False
        level = levels[depth]
        if level.form in ("bullet", "none"):
            return "", level.form == "bullet"
        counts = self._counts.setdefault(name, {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [one for one in counts if one > depth]:
            del counts[deeper]
        mark = re.sub(r"%([1-9])", lambda found: self._shown(name, int(found.group(1)) - 1), level.text)
        # A tab behind 1. or 第一章 is shown as a gap, one behind 、 or a bracket is not.
        return mark + (" " if level.gap and re.search(r"[\w.]$", mark) else ""), False

    def _shown(self, name: str, depth: int) -> str:
        level = self._numbers[name].get(depth, NumberLevel("decimal", ""))
        return shown(level.form, self._counts[name].setdefault(depth, level.start))


def shown(form: str, count: int) -> str:
    """Return `count` in the form that a word processor names."""
    if "chinese" in form.lower() or form in ("japaneseCounting", "ideographDigital", "taiwaneseCounting"):
        return chinese(count)
    if form.startswith("decimalEnclosedCircle") and 0 < count <= len(_CIRCLED):
        return _CIRCLED[count - 1]
    if form == "ideographTraditional" and 0 < count <= len(_STEMS):
        return _STEMS[count - 1]
    if form in ("upperLetter", "lowerLetter") and 0 < count <= 26:
        return chr(ord("A" if form == "upperLetter" else "a") + count - 1)
    if form in ("upperRoman", "lowerRoman"):
        return _roman(count) if form == "upperRoman" else _roman(count).lower()
    return str(count)


def chinese(count: int) -> str:
    """Return a number below a hundred as it is written: 十二, 三十; a larger one figure by figure."""
    if not 0 <= count < 100:
        return "".join(_FIGURES[int(figure)] for figure in str(abs(count)))
    tens, ones = divmod(count, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_FIGURES[tens]}十"
    return head + (_FIGURES[ones] if ones or not tens else "")


def _roman(count: int) -> str:
    found = ""
    for value, sign in ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV")):
        found += sign * (count // value)
        count %= value
    return found + "I" * count
