"""Says whether a figure stands in the paragraph for something else: 13 banks, where it says five banks and 13 prizes.

It compares the words around a figure with those around the same figure, and around other ones, in the report.
"""

import re
from collections.abc import Callable, Sequence

from qa.figures import Figure, figures, rivals, same

# How well each text supports another one, in 0..1.
Near = Callable[[str, Sequence[str]], Sequence[float]]

_APART = re.compile(
    r"[,;:.\u3002!?、()\[\]\uff0c\uff1b\uff1a\uff01\uff1f\uff08\uff09“”《》「」\n](?!\d)|\b(?:and|with|while)\b|和|与|以及"
)
# Another figure's words must be this near to the claim's, and nearer by so much than those of the figure's own place.
# Of the 248 true statements of tests/qa/held one is .38 near and .24 nearer, the others less of both; of the 23
# borrowed figures 18 are .44 near and .24 nearer, or more.
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
    """Return the words of the clause that a figure stands in, up to the next figure, without the figure."""
    others = [one for one in figures(text) if one.counted and one.start != figure.start]
    end = figure.start + len(figure.text)
    borders = [match.span() for match in _APART.finditer(text)]
    borders += [(one.start, one.start + len(one.text)) for one in others]
    before = max((close for _, close in borders if close <= figure.start), default=0)
    after = min((start for start, _ in borders if start >= end), default=len(text))
    return f"{text[before : figure.start]} {text[end:after]}".strip()
