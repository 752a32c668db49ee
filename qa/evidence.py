"""Finds the sentences of the hits that answer a question, scores them, and cuts long ones to size.

It points into paragraphs and never makes text. It does not know whether to refuse.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index import Hit, Index
from qa.asked import Asked, Want, fit
from qa.config import LONGEST_SENTENCE, QaConfig

# A clause ends behind these; what stands in quotation marks or brackets stays in one piece.
_CLAUSE = re.compile(
    r"(?:“[^”]*”|《[^》]*》|\([^)]*\)|\uff08[^\uff09]*\uff09|[^,\uff0c:\uff1a;\uff1b])*[,\uff0c:\uff1a;\uff1b]?"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a hit's paragraph: `hit.paragraph.text[start:end]`."""

    hit: Hit
    start: int
    end: int

    @property
    def text(self) -> str:
        """The piece itself."""
        return self.hit.paragraph.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a hit and how well it answers; `shown` is the part of it that is shown.

    `strength` is the score as a share of the highest there can be, `cosine` its closeness to the question as a whole,
    `fit` whether it holds the kind asked for.
    """

    sentence: Span
    shown: Span
    score: float
    strength: float
    cosine: float
    fit: float


# The sentences of popular paragraphs come with every question; the terms of one take about 10 KB.
@lru_cache(maxsize=4_000)
def _held(text: str) -> frozenset[str]:
    return frozenset(Index.terms(text))


class TermWeights:
    """Weighs terms by how rare they are in the library; a pair of characters counts more than one."""

    def __init__(self, index: Index, content: str) -> None:
        """Weigh the terms of a question's content."""
        self._index = index
        self.weights = {term: self._weight(term) for term in index.terms(content)}
        self.total = sum(self.weights.values())

    def _weight(self, term: str) -> float:
        # A lone character is held by chance far more often than a pair or a number.
        return self._index.rarity(term) * (0.25 if len(term) == 1 and not term.isdigit() else 1.0)

    def coverage(self, *texts: str) -> float:
        """Return the share in 0..1 of the question's weight that the texts hold together."""
        held = frozenset[str]().union(*(_held(text) for text in texts))
        kept = sum(weight for term, weight in self.weights.items() if term in held)
        return kept / self.total if self.total else 0.0


def find_evidence(
    index: Index, question: str, wanted: Asked, hits: Sequence[Hit], config: QaConfig
) -> tuple[Evidence, ...]:
    """Return every sentence of the hits as Evidence, the best first."""
    spans = [Span(hit, s.start, s.end) for hit in hits for s in hit.paragraph.sentences]
    if not spans:
        return ()
    weights = TermWeights(index, wanted.content)
    texts = [span.text for span in spans]
    whole = index.closeness(question, texts)
    # Asking words (多少, which) are met nowhere or anywhere; the tokens of the content tell more.
    parts = index.closeness(wanted.content, texts)
    best_hit = max(hit.score for hit in hits)
    counted = config.evidence
    highest = counted.coverage + counted.context + counted.cosine + counted.tokens + counted.fit
    found = []
    for span, near, part in zip(spans, whole, parts, strict=True):
        fits = fit(span.text, wanted)
        score = (
            counted.coverage * weights.coverage(span.text)
            + counted.context * weights.coverage(span.text, _before(span), *span.hit.paragraph.section[-1:])
            + counted.cosine * near.cosine
            + counted.tokens * part.tokens
            + counted.fit * fits
            + counted.paragraph * (span.hit.score - best_hit)
        )
        shown = _cut(span, weights, wanted)
        found.append(Evidence(span, shown, score, max(0.0, min(1.0, score / highest)), near.cosine, fits))
    return tuple(sorted(found, key=lambda one: -one.score))


# A question of several parts wants a sentence for each, also when it asks for numbers.
_PARTS = re.compile(
    r"分别|各[有是为]|[,;]\s*(?:又|其中|还|里面|以及)|\b(?:both|respectively|each)\b|\band (?:how|what|which|when)\b"
)


def choose(found: Sequence[Evidence], wanted: Asked, config: QaConfig) -> tuple[Evidence, ...]:
    """Return the one to three sentences to show, in reading order of the hits they stand in."""
    if not found:
        return ()
    wide = wanted.want in (Want.LIST, Want.OTHER) or _PARTS.search(wanted.folded)
    limit = config.sentences if wide else config.narrow
    close = [one for one in found if one.score >= found[0].score - config.near][:limit]
    texts: dict[str, Evidence] = {}
    for one in close:
        texts.setdefault(one.sentence.text, one)
    order = {id(one.sentence.hit): at for at, one in enumerate(found)}
    return tuple(sorted(texts.values(), key=lambda one: (order[id(one.sentence.hit)], one.sentence.start)))


def _before(span: Span) -> str:
    """Return the sentence before this one, which often names what this one speaks of."""
    ends = [s for s in span.hit.paragraph.sentences if s.end <= span.start]
    return span.hit.paragraph.text[ends[-1].start : ends[-1].end] if ends else ""


def _clauses(span: Span) -> Iterator[Span]:
    at = 0
    while at < len(span.text):
        match = _CLAUSE.match(span.text, at)
        end = max(match.end() if match else at, at + 1)
        yield Span(span.hit, span.start + at, span.start + end)
        at = end


def _cut(span: Span, weights: TermWeights, wanted: Asked) -> Span:
    """Return the run of clauses, at most LONGEST_SENTENCE characters, that holds most of what is asked."""
    if span.end - span.start <= LONGEST_SENTENCE:
        return span
    clauses = list(_clauses(span))
    worth = [weights.coverage(clause.text) + 0.05 * fit(clause.text, wanted) for clause in clauses]
    first = last = max(range(len(clauses)), key=lambda at: worth[at])
    while True:
        sides = [at for at in (first - 1, last + 1) if 0 <= at < len(clauses)]
        fitting = [at for at in sides if _length(clauses, min(at, first), max(at, last)) <= LONGEST_SENTENCE]
        if not fitting:
            return Span(span.hit, clauses[first].start, clauses[last].end)
        taken = max(fitting, key=lambda at: (worth[at], at))
        first, last = min(first, taken), max(last, taken)


def _length(clauses: Sequence[Span], first: int, last: int) -> int:
    return clauses[last].end - clauses[first].start
