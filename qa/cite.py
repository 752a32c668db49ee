"""Makes verified Citations: every quotation is compared with its paragraph before it is shown.

From sentences that were chosen, or from a language model's text with marks like [2].
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index import Hit, WenjuError
from qa.evidence import Evidence, Span
from qa.hold import Verdict
from qa.records import Citation, Flag

# A statement ends behind its marks, or behind a full stop that no mark follows; "8.3" and "No. 5" do not end one.
_STATEMENT = re.compile(
    r"(.*?(?:(?<![\s.])(?=\s*\[\d{1,3}\])|[。!?\uff01\uff1f][”’」』》\"')\uff09]*|(?<!\bNo)(?<!\bvs)(?<!\bDr)(?<!\bMr)(?<!\bSt)(?<!\bapprox)\.[”’\"')]*(?=\s*\[\d{1,3}\]|\s+[^a-z\s]|\s*$)|(?=\n)|$))"
    r"((?:\s*\[\d{1,3}\])*)([,.;:!?。\uff0c\u3001\uff1b\uff1a\uff01\uff1f]*)(\s*)"
)
_END = re.compile(r"[.。!?\uff01\uff1f][”’」』》\"')\uff09]*\s*$")
# Report, version, paragraph, start and end.
Place = tuple[str, int, int, int, int]
_TRAILING = ",\uff0c;\uff1b:\uff1a、 "


@dataclass(frozen=True, slots=True)
class Statement:
    """A piece of a model's text with the marks behind it, the punctuation behind those, and the blanks that follow."""

    text: str
    marks: tuple[int, ...]
    closing: str
    gap: str

    @property
    def ends(self) -> bool:
        """Whether a sentence ends here."""
        return bool(_END.search(self.text + self.closing)) or "\n" in self.gap


class CitationError(WenjuError):
    """A quotation that is not what its paragraph says; it is never shown as one."""


def citation(mark: int, span: Span, strength: float) -> Citation:
    """Cite a piece of a hit's paragraph under `mark`."""
    paragraph = span.hit.paragraph
    where = (paragraph.report, span.hit.title, paragraph.section, paragraph.number)
    return Citation(mark, *where, span.start, span.end, span.text, strength, span.hit.version)


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
    text: str, hits: Sequence[Hit], judge: Callable[[str, Sequence[Hit]], Verdict]
) -> tuple[str, tuple[Citation, ...], tuple[Flag, ...]]:
    """Renumber the marks of a model's text, link each to the sentence that supports its statement, flag the rest.

    Mark n names the n-th hit; one that names none is dropped. `judge` holds a statement to the hits it cites.
    """
    citations: dict[Place, Citation] = {}
    flags: list[Flag] = []
    written = ""
    before: tuple[Hit, ...] = ()
    for one in _statements(text):
        cited = tuple(hits[mark - 1] for mark in one.marks if 0 < mark <= len(hits))
        verdict = judge(one.text.strip(), cited or before)
        if verdict.doubt and not cited:
            verdict = judge(one.text.strip(), ())
        # What follows a mark inside a sentence stands under the same mark.
        before = () if one.ends else cited or before
        marks = dict.fromkeys(_numbered(citations, span) for span in verdict.spans)
        core = one.text.rstrip()
        start = len(written) + len(core) - len(core.lstrip())
        written += core + "".join(f"[{mark}]" for mark in marks) + one.closing
        if verdict.doubt:
            flags.append(Flag(start, len(written.rstrip()), verdict.doubt, verdict.detail))
        written += one.gap
    return written.rstrip(), tuple(citations.values()), tuple(flags)


def _numbered(citations: dict[Place, Citation], span: Span) -> int:
    """Return the mark of a sentence, the next free one where it has none yet."""
    paragraph = span.hit.paragraph
    key = (paragraph.report, span.hit.version, paragraph.number, span.start, span.end)
    return citations.setdefault(key, citation(len(citations) + 1, span, 1.0)).mark


def _statements(text: str) -> Iterator[Statement]:
    """Cut a text behind its marks, and behind sentences that have none."""
    at = 0
    while at < len(text):
        found = _STATEMENT.match(text, at)
        end = max(found.end() if found else len(text), at + 1)
        body, marks, closing, gap = found.groups() if found else (text[at:], "", "", "")
        yield Statement(body, tuple(int(number) for number in re.findall(r"\d+", marks)), closing, gap)
        at = end


def verify(citations: Sequence[Citation], hits: Sequence[Hit]) -> None:
    """Compare every quotation with its paragraph.

    Raises:
        CitationError: a quotation is not `paragraph.text[start:end]` of the paragraph it names.
    """
    texts = {(hit.paragraph.report, hit.version, hit.paragraph.number): hit.paragraph.text for hit in hits}
    for one in citations:
        text = texts.get((one.report, one.version, one.paragraph), "")
        if not one.quote or text[one.start : one.end] != one.quote:
            raise CitationError(f"The quotation {one.quote[:40]!r} is not in {one.report}, paragraph {one.paragraph}.")
