"""Compares an answer's text with gold answers: exact match, character F1, and whether it holds one.

Knows nothing of retrieval, citations or sets. Pure functions.
"""

import re
from collections.abc import Sequence

from eval.records import Match
from index import fold

MARK = re.compile(r"\[\d+\]")
# Punctuation that the CMRC 2018 evaluation leaves out before it compares.
_CMRC_PUNCTUATION = frozenset("-:_*^/\\~`+=\uff0c。\uff1a\uff1f\uff01“”\uff1b’《》…·、「」\uff08\uff09\uff0d\uff5e『』")
# One Chinese character, or one run of letters and digits (a decimal stays whole), or one other sign.
_TOKEN = re.compile(r"[\u4e00-\u9fa5]|[^\W_\u4e00-\u9fa5]+(?:[.,]\d+)*|\S")
# A comma that only groups thousands: 6,000 is 6000.
_GROUPING = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# What is left out when a gold answer is looked for: all but letters, digits, percent signs and the
# point inside a number. Between two digits it leaves a bar, or "2021, 2022" would become one number.
_FILLER = re.compile(r"(?P<between>(?<=\d)(?:(?!\.\d)[^\w%‰]|_)+(?=\d))|(?!(?<=\d)\.(?=\d))[^\w%‰]|_")


def plain(text: str) -> str:
    """Return an answer's text without its citation marks."""
    return MARK.sub("", text).strip()


def length(text: str) -> int:
    """Count the characters of an answer, marks and blanks left out."""
    return len("".join(plain(text).split()))


def exact_match(prediction: str, answers: Sequence[str]) -> bool:
    """Tell whether the prediction is an answer, but for case and punctuation (CMRC 2018 `calc_em_score`)."""
    return _bare(prediction) in {_bare(answer) for answer in answers}


def character_f1(prediction: str, answers: Sequence[str]) -> float:
    """Return the best F1 in 0..1 by longest common substring (CMRC 2018 `calc_f1_score`).

    Tokens are single Chinese characters and whole Latin words or numbers. The original cuts the
    Latin parts with NLTK; here a pattern does, which differs only in rare signs.
    """
    return max((_f1(_tokens(prediction), _tokens(answer)) for answer in answers), default=0.0)


def holds(text: str, answers: Sequence[str]) -> bool:
    """Tell whether the text holds an answer, in folded form without spaces and punctuation.

    A number must stand alone: 6 is not held by 16 or 6.5. An answer may not reach across "…",
    where something was left out.
    """
    pieces = [_solid(piece) for piece in plain(text).split("…")]
    wanted = [_solid(answer) for answer in answers]
    return any(_within(piece, answer) for answer in wanted if answer for piece in pieces)


def match(text: str, lead: str, answers: Sequence[str]) -> Match | None:
    """Compare an answer with the gold answers; None where there are none.

    Exact match and F1 are of the short form, the lead, where there is one; `holds` is of the text.
    """
    if not answers:
        return None
    short = lead or plain(text)
    return Match(exact_match(short, answers), character_f1(short, answers), holds(text, answers))


def _bare(text: str) -> str:
    return "".join(sign for sign in text.lower().strip() if sign not in _CMRC_PUNCTUATION)


def _tokens(text: str) -> list[str]:
    return [token for token in _TOKEN.findall(text.lower()) if token not in _CMRC_PUNCTUATION]


def _f1(prediction: list[str], answer: list[str]) -> float:
    common = _longest_common(prediction, answer)
    if not common:
        return 0.0
    precision, recall = common / len(prediction), common / len(answer)
    return 2 * precision * recall / (precision + recall)


def _longest_common(first: list[str], second: list[str]) -> int:
    """Return the length of the longest run of tokens that both hold."""
    best, row = 0, [0] * (len(second) + 1)
    for token in first:
        row = [0, *(row[at] + 1 if token == other else 0 for at, other in enumerate(second))]
        best = max(best, *row)
    return best


def _solid(text: str) -> str:
    joined = _GROUPING.sub("", fold(text))
    return _FILLER.sub(lambda found: "|" if found["between"] else "", joined)


def _within(text: str, answer: str) -> bool:
    before = r"(?<!\d)(?<!\d\.)" if answer[0].isdigit() else ""
    after = r"(?!\d)(?!\.\d)" if answer[-1].isdigit() else ""
    return re.search(before + re.escape(answer) + after, text) is not None
