"""Judges one case: which paragraphs are right, which citations stand on the evidence, what went wrong.

Knows neither how paragraphs are found nor how answers are written. Pure functions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.config import DEPTH, KEPT_HITS, LOW_RANK, OPENING, OVERLAP
from eval.records import Case, Fault, Given, Place, Quote, Retrieved
from index import Hit, Paragraph, Report
from qa import Citation

Shelf = dict[Place, Paragraph]


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a quotation stands: offsets into the text of one paragraph."""

    place: Place
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Gold:
    """The right paragraphs of a case, and for each of its quotations the places where it stands."""

    case: Case
    right: frozenset[Place]
    stands: tuple[tuple[Stand, ...], ...]


def shelve(reports: Sequence[Report]) -> Shelf:
    """Return the paragraphs of the reports by their address."""
    return {place_of(paragraph): paragraph for report in reports for paragraph in report.paragraphs}


def place_of(paragraph: Paragraph) -> Place:
    """Return a paragraph's address."""
    return Place(paragraph.report, paragraph.number)


def find_gold(case: Case, shelf: Shelf) -> Gold:
    """Find the right paragraphs of a case and its evidence in the library."""
    if not case.answerable:
        return Gold(case, frozenset(), ())
    named = tuple(place for place in case.places if place in shelf)
    candidates = named if case.places else tuple(shelf)
    stands = tuple(tuple(_stands(quotation, candidates, shelf)) for quotation in case.evidence)
    right = named or (stand.place for found in stands for stand in found)
    return Gold(case, frozenset(right), stands)


def running_text(shelf: Shelf) -> str:
    """Return all paragraphs in reading order as one text without blanks, to find what splitting tore apart."""
    return solid("".join(paragraph.text for paragraph in shelf.values()))


def solid(text: str) -> str:
    """Return a text without blanks."""
    return "".join(text.split())


def is_deep(hits: Sequence[Hit], right: frozenset[Place]) -> bool:
    """Tell whether a ranking tells all that a longer one could: no right paragraph is left to be found."""
    return len(hits) >= KEPT_HITS and right <= {place_of(hit.paragraph) for hit in hits}


def rank_hits(hits: Sequence[Hit], further: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return the ranking that is measured: the answer's hits, then those of the bare search, ten in all.

    An answer is written from fewer than ten hits; what the search had found behind them fills the rest.
    """
    seen: dict[Place, Hit] = {}
    for hit in (*hits, *further):
        seen.setdefault(place_of(hit.paragraph), hit)
    return tuple(seen.values())[:DEPTH]


def find_ranks(hits: Sequence[Hit], right: frozenset[Place]) -> tuple[int, ...]:
    """Return the ranks, from 1, of the right paragraphs among the hits."""
    return tuple(rank for rank, hit in enumerate(hits, 1) if place_of(hit.paragraph) in right)


def keep(hits: Sequence[Hit], right: frozenset[Place]) -> tuple[Retrieved, ...]:
    """Return the first hits in the short form that a scorecard keeps."""
    return tuple(
        Retrieved(place, hit.score, hit.paragraph.text[:OPENING], place in right)
        for hit in hits[:KEPT_HITS]
        for place in (place_of(hit.paragraph),)
    )


def judge_quotes(gold: Gold, citations: Sequence[Citation], shelf: Shelf) -> tuple[Quote, ...]:
    """Tell of each citation whether it is word for word in the library and stands on the evidence."""
    return tuple(_quote(citation, gold, shelf) for citation in citations)


def evidence_cited(gold: Gold, citations: Sequence[Citation]) -> float:
    """Return the share of the case's quotations that a citation stands on.

    Only a case of the kind "several" needs them all; for the others one is enough.
    """
    cited = [any(_stands_on(citation, found) for citation in citations) for found in gold.stands]
    if gold.case.kind == "several":
        return sum(cited) / len(cited) if cited else 0.0
    return float(any(cited))


def find_fault(case: Case, ranks: Sequence[int], right: int, given: Given | None) -> Fault:
    """Return the first step that went wrong, in the order in which the steps are taken.

    A case fails when it is refused wrongly, or its answer does not hold a gold answer, or no citation
    stands on the evidence; where it was only searched, when the right paragraph is below rank three.
    """
    if not case.answerable:
        return Fault.ANSWERED if given is not None and not given.refused else Fault.NONE
    steps = (
        (given is not None and _succeeded(given), Fault.NONE),
        (not right, Fault.SPLIT),
        (not ranks, Fault.RETRIEVED),
        (given is not None and _cites_evidence(given), Fault.TEXT),
        (min(ranks, default=1) > LOW_RANK, Fault.RANKED),
        (given is None, Fault.NONE),
        (given is not None and given.refused, Fault.REFUSED),
    )
    return next((fault for so, fault in steps if so), Fault.SENTENCE)


def _succeeded(given: Given) -> bool:
    held = given.match is None or given.match.holds
    return not given.refused and held and _cites_evidence(given)


def _cites_evidence(given: Given) -> bool:
    return any(quote.supports for quote in given.quotes)


def _quote(citation: Citation, gold: Gold, shelf: Shelf) -> Quote:
    place = Place(citation.report, citation.paragraph)
    paragraph = shelf.get(place)
    quote = citation.quote
    verbatim = paragraph is not None and paragraph.text[citation.start : citation.end] == quote != ""
    supports = any(_stands_on(citation, found) for found in gold.stands)
    return Quote(place, quote, verbatim, supports)


def _stands(quotation: str, candidates: Sequence[Place], shelf: Shelf) -> Iterator[Stand]:
    for place in candidates:
        start = shelf[place].text.find(quotation)
        while quotation and start >= 0:
            yield Stand(place, start, start + len(quotation))
            start = shelf[place].text.find(quotation, start + len(quotation))


def _stands_on(citation: Citation, stands: Sequence[Stand]) -> bool:
    """Tell whether the citation shares with one of the stands half of the shorter of the two."""
    cited = Place(citation.report, citation.paragraph)
    return any(stand.place == cited and _overlaps(citation, stand) for stand in stands)


def _overlaps(citation: Citation, stand: Stand) -> bool:
    shared = min(citation.end, stand.end) - max(citation.start, stand.start)
    shorter = min(citation.end - citation.start, stand.end - stand.start)
    return shared > 0 and shared >= OVERLAP * shorter
