"""Holds a language model's sentence to the paragraphs it cites: the sentences that bear it out, or a doubt.

Every figure and every quoted name must stand in a cited paragraph, in any of its written forms. It does not know
how marks are written, or how near two texts are: that it is told.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index import Hit
from qa.declined import besides, declines
from qa.evidence import Span
from qa.figures import Figure, figures, plain, same
from qa.records import Doubt
from qa.rivals import Near, borrowed

_QUOTED = re.compile(r"[“《「『]([^“”《》「」『』]{2,40})[”》」』]|\"([^\"\n]{2,60})\"")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_NOT_SPOKEN = re.compile(r"[\W_]+")
# A sentence that only leads to the next ones, or that says what the reports do not say, states nothing of its own.
_FRAME = re.compile(r"[:\uff1a]\W*$")
# How near a paragraph's best sentence must be to bear out a statement without a mark, in the same script and across
# two; and how much nearer another paragraph must be than the cited one before the mark is called wrong.
# On tests/qa/held 19 of 20 inventions without a mark are flagged and 4 of 206 true statements; the numbers hang on
# the bundled table.
_SUPPORTED, _SUPPORTED_ACROSS = 0.48, 0.3
_NEARER = 0.2
# A quoted name in another script cannot be compared letter by letter; it must at least be this near.
_NAME_NEAR = 0.25


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a statement: one supporting span a cited hit (or a found one), and a doubt if there is one."""

    spans: tuple[Span, ...]
    doubt: Doubt | None = None
    detail: str = ""


def hold(statement: str, cited: Sequence[Hit], hits: Sequence[Hit], near: Near) -> Verdict:
    """Compare a statement with the hits it cites; one that cites none, with all of them."""
    silent = declines(statement)
    claims = _claims(plain(besides(statement) if silent else statement))
    states = bool(claims) or not (silent or _FRAME.search(statement) or _bare(statement))
    if cited:
        found = [_best(statement, claims, hit, near) for hit in cited]
        doubt = _doubt(statement, claims, cited, near) if states else None
        # Figures that stand in the cited paragraph show that it is the right one.
        if states and not (claims or doubt) and _elsewhere(statement, max(support for _, support in found), hits, near):
            doubt = Doubt.MARK, ""
        return Verdict(tuple(span for span, _ in found), *(doubt or ()))
    return _without_mark(statement, claims, hits, near) if states else Verdict(())


def _without_mark(statement: str, claims: Sequence[Figure], hits: Sequence[Hit], near: Near) -> Verdict:
    """Find a paragraph that bears out a statement without a mark."""
    ranked = sorted(((_best(statement, claims, hit, near), hit) for hit in hits), key=lambda one: -one[0][1])
    for (span, support), hit in ranked:
        if support >= _enough(statement, hit) and not _doubt(statement, claims, [hit], near):
            return Verdict((span,))
    return Verdict((), *(_doubt(statement, claims, hits, near) or (Doubt.UNSUPPORTED, "")))


def _elsewhere(statement: str, support: float, hits: Sequence[Hit], near: Near) -> bool:
    """Say whether another hit is clearly nearer to a statement than those it cites."""
    return any(_best(statement, (), hit, near)[1] >= max(support + _NEARER, _enough(statement, hit)) for hit in hits)


def _enough(statement: str, hit: Hit) -> float:
    return _SUPPORTED if _chinese(statement) == _chinese(hit.paragraph.text) else _SUPPORTED_ACROSS


def _chinese(text: str) -> bool:
    """Say whether a text is Chinese rather than one in letters that names something Chinese."""
    return 3 * len(_CHINESE.findall(text)) > len(text)


def _claims(statement: str) -> tuple[Figure, ...]:
    return tuple(one for one in figures(statement) if one.counted)


def _bare(statement: str) -> bool:
    return len(_NOT_SPOKEN.sub("", statement)) < 2


def _whole(hit: Hit) -> str:
    """Return all that the model was shown of a hit: title, headings and text."""
    return "\n".join([hit.title, *hit.paragraph.section, hit.paragraph.text])


def _best(statement: str, claims: Sequence[Figure], hit: Hit, near: Near) -> tuple[Span, float]:
    """Return the sentence of a hit that supports a statement best, and how well; its figures count most."""
    spans = [Span(hit, s.start, s.end) for s in hit.paragraph.sentences]
    support = near(statement, [span.text for span in spans])

    def worth(at: int) -> float:
        met = sum(any(same(claim, one) for one in figures(plain(spans[at].text))) for claim in claims)
        return support[at] + met

    best = max(range(len(spans)), key=worth)
    return spans[best], support[best]


def _doubt(statement: str, claims: Sequence[Figure], hits: Sequence[Hit], near: Near) -> tuple[Doubt, str] | None:
    held = [(text, one) for hit in hits for text in [plain(_whole(hit))] for one in figures(text)]
    for claim in claims:
        stands = any(same(claim, one) for _, one in held)
        if not stands or borrowed(plain(statement), claim, held, near):
            return Doubt.FIGURE, claim.text
    return _strange_name(statement, hits, near)


def _strange_name(statement: str, hits: Sequence[Hit], near: Near) -> tuple[Doubt, str] | None:
    texts = [_whole(hit) for hit in hits]
    letters = _NOT_SPOKEN.sub("", plain(" ".join(texts)))
    for match in _QUOTED.finditer(statement):
        name = match[1] or match[2]
        if _NOT_SPOKEN.sub("", plain(name)) in letters:
            continue
        if _CHINESE.search(name) or not _CHINESE.search(letters) or max(near(name, texts)) < _NAME_NEAR:
            return Doubt.NAME, name
    return None
