"""Says whether a figure stands in the paragraph for something else: 13 banks, where it says five banks and 13 prizes.

It compares the words around a figure with those around the same figure, and around other ones, in the report.
"""

import re
from collections.abc import Callable, Sequence

from qa.figures import Figure, rivals, same

# How well each text supports another one, in 0..1.
Near = Callable[[str, Sequence[str]], Sequence[float]]

_APART = re.compile(
    r"[,;:.\u3002!?、()\[\]\uff0c\uff1b\uff1a\uff01\uff1f\uff08\uff09“”《》「」\n](?!\d)|\b(?:and|with|while)\b|和|与|以及"
)
# Another figure's words must be this near to the claim's, and nearer by so much than those of the figure's own place.
# The 206 true statements of tests/qa/held reach .30 and .26, the twelve borrowed figures .44 and .26 or more.
_NEAR, _NEARER = 0.4, 0.2


def borrowed(statement: str, claim: Figure, held: Sequence[tuple[str, Figure]], near: Near) -> bool:
    """Say whether a figure of a `plain` statement fits another figure's place; `held` are figures with their texts."""
    own = [_around(text, one) for text, one in held if same(claim, one)]
    others = [_around(text, one) for text, one in held if rivals(claim, one)]
    if not own or not others:
        return False
    nearness = near(_around(statement, claim), [*own, *others])
    best_own, best_other = max(nearness[: len(own)]), max(nearness[len(own) :])
    return best_other >= _NEAR and best_other - best_own >= _NEARER


def _around(text: str, figure: Figure) -> str:
    """Return the words of the clause that a figure stands in, without the figure."""
    end = figure.start + len(figure.text)
    before = [match.end() for match in _APART.finditer(text, 0, figure.start)]
    after = _APART.search(text, end)
    return f"{text[before[-1] if before else 0 : figure.start]} {text[end : after.start() if after else None]}".strip()
