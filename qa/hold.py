"""Holds a language model's sentence to the paragraphs it cites: the sentences that bear it out, or a doubt.

Every figure and every quoted name must stand in a cited paragraph, in any of its written forms. It does not know
how marks are written, or how near two texts are: that it is told.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index import Hit
from qa.evidence import Span
from qa.figures import Figure, figures, plain, same
from qa.records import Doubt

# How well each text supports a statement, in 0..1; the statement may be in another language.
Near = Callable[[str, Sequence[str]], Sequence[float]]

_QUOTED = re.compile(r"[“《「『]([^“”《》「」『』]{2,40})[”》」』]|\"([^\"\n]{2,60})\"")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_NOT_SPOKEN = re.compile(r"[\W_]+")
# A sentence that only leads to the next ones, or that says what the reports do not say, states nothing of its own.
_FRAME = re.compile(r"[:\uff1a]\W*$")
_SILENT = re.compile(
    r"(?:没有|未能?|无法|不能|并未|并无|不曾|无从|不)(?:明确|直接|具体|从[^,。]{0,12}中?)?(?:提及|提到|说明|给出|涉及|包含|包括|找到|回答|写明|写到|记载|披露"
    r"|透露|确定|得知|判断|知道|看到|查到|涵盖|提供|显示)|没有(?:任何|足够|相关|有关|这方面|对应)*的?(?:信息|内容|资料|答案|记载|说明|数据)|未在[^,。]{0,12}中"
    r"|\b(?:(?:do|does|did)(?: not|n't)|never) (?:\w+ly )?(?:say|mention|state|provide|contain|include|specify|answer|give|address"
    r"|disclose|indicate|tell|cover|discuss|describe|know|find|report)|\bnot (?:\w+ly )?(?:mentioned|stated|provided|specified|found"
    r"|given|answered|contained|covered|available|addressed|included|disclosed|in the (?:\w+ )?(?:reports?|passages?))"
    r"|\bno (?:\w+ )?(?:information|mention|answer|details?|data)\b"
    r"|(?:can(?:not|'t)|\bcould(?: not|n't)|\bunable to|\bimpossible to) (?:\w+ly )?(?:answer|determine|find|say|tell|know|provide|be (?:found|answered|determined))",
    re.IGNORECASE,
)
# Calibrated on the statements of tests/qa/held: see eval/LOG.md.
SUPPORTED = 0.5
# A quoted name in another script cannot be compared letter by letter; it must at least be this near.
NAME_NEAR = 0.5
# The words around a figure must not fit another figure of the paragraph this much better than its own place.
RIVAL = 0.2
_AROUND = 14  # characters on each side of a Chinese figure that say what it counts


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a statement: one supporting span a cited hit (or a found one), and a doubt if there is one."""

    spans: tuple[Span, ...]
    doubt: Doubt | None = None
    detail: str = ""


def says_nothing_found(statement: str) -> bool:
    """Say whether a statement tells that the reports do not answer."""
    return bool(_SILENT.search(plain(statement)))


def hold(statement: str, cited: Sequence[Hit], hits: Sequence[Hit], near: Near) -> Verdict:
    """Compare a statement with the hits it cites; one that cites none, with all of them."""
    claims = _claims(plain(statement))
    if cited:
        spans = tuple(_best(statement, claims, hit, near)[0] for hit in cited)
        doubt = _doubt(statement, claims, cited, near)
        return Verdict(spans, *doubt) if doubt else Verdict(spans)
    if says_nothing_found(statement) or (not claims and (_FRAME.search(statement) or _bare(statement))):
        return Verdict(())
    ranked = sorted(((_best(statement, claims, hit, near), hit) for hit in hits), key=lambda one: -one[0][1])
    for (span, support), hit in ranked:
        if support >= SUPPORTED and not _doubt(statement, claims, [hit], near):
            return Verdict((span,))
    missing = _doubt(statement, claims, hits, near)
    return Verdict((), *(missing or (Doubt.UNSUPPORTED, "")))


def _claims(statement: str) -> tuple[Figure, ...]:
    return tuple(one for one in figures(statement) if one.counted)


def _bare(statement: str) -> bool:
    return len(_NOT_SPOKEN.sub("", statement)) < 2


@lru_cache(maxsize=2_000)
def _held(text: str) -> tuple[Figure, ...]:
    return figures(plain(text))


def _whole(hit: Hit) -> str:
    """Return all that the model was shown of a hit: title, headings and text."""
    return "\n".join([hit.title, *hit.paragraph.section, hit.paragraph.text])


def _best(statement: str, claims: Sequence[Figure], hit: Hit, near: Near) -> tuple[Span, float]:
    """Return the sentence of a hit that supports a statement best, and how well; its figures count most."""
    spans = [Span(hit, s.start, s.end) for s in hit.paragraph.sentences]
    support = near(statement, [span.text for span in spans])

    def worth(at: int) -> float:
        met = sum(any(same(claim, one) for one in _held(spans[at].text)) for claim in claims)
        return support[at] + met

    best = max(range(len(spans)), key=worth)
    return spans[best], support[best]


def _doubt(statement: str, claims: Sequence[Figure], hits: Sequence[Hit], near: Near) -> tuple[Doubt, str] | None:
    held = [one for hit in hits for one in _held(_whole(hit))]
    for claim in claims:
        if not any(same(claim, one) for one in held):
            return Doubt.FIGURE, claim.text
    return _strange_name(statement, hits, near)


def _strange_name(statement: str, hits: Sequence[Hit], near: Near) -> tuple[Doubt, str] | None:
    texts = [_whole(hit) for hit in hits]
    letters = _NOT_SPOKEN.sub("", plain(" ".join(texts)))
    for match in _QUOTED.finditer(statement):
        name = match[1] or match[2]
        if _NOT_SPOKEN.sub("", plain(name)) in letters:
            continue
        if _CHINESE.search(name) or not _CHINESE.search(letters) or max(near(name, texts)) < NAME_NEAR:
            return Doubt.NAME, name
    return None
