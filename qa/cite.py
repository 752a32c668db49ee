"""Makes verified Citations: every quotation is compared with its paragraph before it is shown.

From sentences that were chosen, or from a language model's text with marks like [2].
"""

import re
from collections.abc import Callable, Sequence

from index import Hit, WenjuError
from qa.evidence import Evidence, Span
from qa.records import Citation

_MARK = re.compile(r"\s*[\[【](\d{1,2})[\]】]")
_TRAILING = ",\uff0c;\uff1b:\uff1a、 "


class CitationError(WenjuError):
    """A quotation that is not what its paragraph says; it is never shown as one."""


def citation(mark: int, span: Span, strength: float) -> Citation:
    """Cite a piece of a hit's paragraph under `mark`."""
    paragraph = span.hit.paragraph
    where = (paragraph.report, span.hit.title, paragraph.section, paragraph.number)
    return Citation(mark, *where, span.start, span.end, span.text, strength)


def quoted(chosen: Sequence[Evidence]) -> tuple[str, tuple[Citation, ...]]:
    """Write the chosen sentences one after another, each with its mark; "…" stands where one was cut."""
    texts, citations = [], []
    for mark, one in enumerate(chosen, start=1):
        shown = _tidy(one)
        before = "…" if shown.start > one.sentence.start else ""
        after = "…" if shown.end < one.sentence.end else ""
        texts.append(f"{before}{shown.text}{after}[{mark}]")
        citations.append(citation(mark, shown, one.strength))
    return "".join(texts), tuple(citations)


def _tidy(one: Evidence) -> Span:
    """Drop the comma on which a cut sentence would end."""
    shown = one.shown
    if shown.end == one.sentence.end:
        return shown
    return Span(shown.hit, shown.start, shown.start + len(shown.text.rstrip(_TRAILING)))


def marked(
    text: str, hits: Sequence[Hit], supporting: Callable[[str, Hit], Span | None]
) -> tuple[str, tuple[Citation, ...]]:
    """Renumber the marks of a model's text in order of use and link each to its supporting sentence.

    Mark n names the n-th hit; one that names none is dropped. `supporting` finds the sentence of a hit
    that supports a statement best.
    """
    citations: dict[tuple[str, int, int, int], Citation] = {}
    pieces: list[str] = []
    at = statement = 0
    for found in _MARK.finditer(text):
        pieces.append(text[at : found.start()])
        if text[at : found.start()].strip():
            statement = at
        at = found.end()
        number = int(found.group(1))
        span = (
            supporting(_last_sentence(text[statement : found.start()]), hits[number - 1])
            if 0 < number <= len(hits)
            else None
        )
        if span is not None:
            paragraph = span.hit.paragraph
            key = (paragraph.report, paragraph.number, span.start, span.end)
            made = citations.setdefault(key, citation(len(citations) + 1, span, 1.0))
            pieces.append(f"[{made.mark}]")
    pieces.append(text[at:])
    return "".join(pieces).strip(), tuple(citations.values())


def _last_sentence(text: str) -> str:
    parts = [part for part in re.split(r"(?<=[。!?\uff01\uff1f\n])", text) if part.strip()]
    return parts[-1] if parts else text


def verify(citations: Sequence[Citation], hits: Sequence[Hit]) -> None:
    """Compare every quotation with its paragraph.

    Raises:
        CitationError: a quotation is not `paragraph.text[start:end]` of the paragraph it names.
    """
    texts = {(hit.paragraph.report, hit.paragraph.number): hit.paragraph.text for hit in hits}
    for one in citations:
        text = texts.get((one.report, one.paragraph), "")
        if not one.quote or text[one.start : one.end] != one.quote:
            raise CitationError(f"The quotation {one.quote[:40]!r} is not in {one.report}, paragraph {one.paragraph}.")
