"""Finds the asked-for piece in the best sentence: a number with its unit, a date, a quoted name.

Says nothing where more than one piece could be meant: a wrong figure in bold is worse than none.
"""

from collections.abc import Sequence

from qa.asked import DATE, QUOTED, Asked, Want, amounts


def lead(shown: str, wanted: Asked) -> str:
    """Return the piece of `shown` that answers, a verbatim part of it, or an empty string."""
    if wanted.want in (Want.NUMBER, Want.SHARE, Want.MONEY):
        return _number(shown, wanted.unit)
    if wanted.want is Want.DATE:
        return _only([match.group().strip() for match in DATE.finditer(shown)])
    if wanted.want is Want.NAME:
        return _only([match.group(1) for match in QUOTED.finditer(shown)])
    return ""


def _number(shown: str, unit: str) -> str:
    found = amounts(shown)
    if unit:
        named = [piece for piece in found if unit[0] in piece or unit in piece]
        if named:
            return _only(named)
    # Without a unit to go by, a span of years tells when, not how many.
    return _only([piece for piece in found if not piece.endswith("年")])


def _only(pieces: Sequence[str]) -> str:
    return pieces[0] if len(set(pieces)) == 1 else ""
