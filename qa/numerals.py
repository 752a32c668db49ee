"""Makes the value of a number however it is written: 6万, 二〇二二, 一百四十, 2.5 million, twenty-five thousand.

Pure text, folded. It does not know what is counted, or what a report says.
"""

import re

# A run of Arabic and Chinese digits; blanks between a digit and a Chinese character are gone already.
CHINESE = r"(?:\d+(?:,\d{3})*(?:\.\d+)?|[〇零一二两三四五六七八九十百千万亿])+"
_DIGITS = {digit: at for at, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_STEPS = {"十": 10, "百": 100, "千": 1_000}
_BLOCKS = {"万": 10_000, "亿": 100_000_000}
_PART = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|.")

_ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_TEENS = ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {word: at for at, word in enumerate((*_ONES, *_TEENS))} | {word: 20 + 10 * at for at, word in enumerate(_TENS)}
_LARGE = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "k": 1_000, "bn": 1_000_000_000}
_WORD = "|".join(sorted([*_WORDS, "hundred", "thousand", "million", "billion", "dozen"], key=len, reverse=True))
_ARABIC = r"(?<![a-z\d.,])\d+(?:,\d{3})*(?:\.\d+)?"
# "a" counts only before a word such as "hundred".
ENGLISH = (
    rf"{_ARABIC}(?:k|bn)\b|(?:{_ARABIC}|\b(?:{_WORD})\b|\ban? (?:hundred|thousand|million|billion|dozen)\b)"
    rf"(?:(?:[\s-]|(?:(?<=hundred)|(?<=thousand)|(?<=million)) and )(?:{_WORD})\b)*"
)


def chinese_value(text: str) -> float:
    """Return the value of a run that CHINESE matches: 6万, 2万5千, 三千五, 二〇二二, 5,200."""
    parts = _PART.findall(text)
    if len(parts) > 1 and all(part in _DIGITS for part in parts):  # digits read out one by one, as of a year
        return float("".join(str(_DIGITS[part]) for part in parts))
    total = block = 0.0
    last, step = 0.0, 1.0
    spoken = False  # a digit that stands alone behind 百 or 千 is one of the next lower step
    for part in parts:
        if part in _STEPS:
            step = float(_STEPS[part])
            block, last, spoken = block + (last or 1.0) * step, 0.0, True
        elif part in _BLOCKS:
            step = float(_BLOCKS[part])
            total, block, last = total + (block + last or 1.0) * step, 0.0, 0.0
            spoken = True
        else:
            last = float(_DIGITS[part]) if part in _DIGITS else float(part.replace(",", ""))
            spoken = spoken and last != 0
    tail = last * step / 10 if spoken and step > 10 and last in range(1, 10) else last
    return total + block + tail


def english_value(text: str) -> float:
    """Return the value of what ENGLISH matches: sixty thousand, a hundred and forty, 2.5 million, 25k."""
    total = block = 0.0
    for word in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?|[a-z]+", text):
        if word[0].isdigit():
            block += float(word.replace(",", ""))
        elif word in _WORDS:
            block += _WORDS[word]
        elif word in ("hundred", "dozen"):
            block = (block or 1.0) * (100 if word == "hundred" else 12)
        elif word in _LARGE:
            total, block = total + (block or 1.0) * _LARGE[word], 0.0
    return total + block
