"""The nouns of the room: what a report is made of, and what a search returns.

All records are frozen; nothing here reads, writes or computes.
"""

from dataclasses import dataclass
from enum import StrEnum


class WenjuError(Exception):
    """A fault the user can mend: one sentence that says what was found and the way out."""


class Kind(StrEnum):
    """What a paragraph is: running text, a figure's caption, or the report's facts about itself."""

    BODY = "body"
    CAPTION = "caption"
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as offsets into its paragraph: `paragraph.text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a report, with the headings it stands under.

    `number` counts from 1 in reading order, captions included; the paragraph of the
    report's facts about itself has number 0. `page` counts from 1, 0 where the format has no
    pages; `box` is its place there (left, top, right, bottom as shares of the page), or empty.
    """

    report: str
    number: int
    section: tuple[str, ...]
    text: str
    sentences: tuple[Sentence, ...]
    kind: Kind = Kind.BODY
    page: int = 0
    box: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it was read; `digest` is the SHA-256 of its text, `source` where it was read."""

    id: str
    title: str
    date: str
    breadcrumb: tuple[str, ...]
    authors: tuple[str, ...]
    office: str
    source: str
    digest: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class RankScores:
    """What each ranking gave a paragraph before fusion; None where it gave nothing.

    `keywords` is BM25, `windows` the best cosine over the paragraph and its windows of two
    sentences, `tokens` the mean best cosine of the question's
    tokens in the best such window (MaxSim), `related` BM25 of the words the thesaurus gives.
    """

    keywords: float | None
    windows: float | None
    tokens: float | None
    related: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A paragraph found for a question; a higher `score` is better. Only this room's own search tells the `ranks`."""

    paragraph: Paragraph
    title: str
    score: float
    ranks: RankScores = RankScores(None, None, None)


@dataclass(frozen=True, slots=True)
class Closeness:
    """How near a text is to a question: the cosine of the whole, MaxSim of its tokens, and how much it misses.

    `missed` in 0..1 is what the question's worst-met token lacks. For a model without a token table `tokens` is the
    cosine and `missed` what it lacks of 1.
    """

    cosine: float
    tokens: float
    missed: float


@dataclass(frozen=True, slots=True)
class EmbedderIdentity:
    """Which model made the vectors; `fingerprint` is the SHA-256 of its weights and tokenizer."""

    name: str
    dimension: int
    fingerprint: str
