"""The nouns of the room: what a report is made of, and what a search returns.

All records are frozen; nothing here reads, writes or computes.
"""

from dataclasses import dataclass
from enum import StrEnum

# A report's tags: pairs of key and value, one value a key, sorted.
Tags = tuple[tuple[str, str], ...]
# The version of a Scope that means all of them.
ALL_VERSIONS = "all"


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
class Place:
    """A part of a page: left, top, right, bottom as shares of its width and height, from its upper left corner."""

    page: int
    box: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it was read; `digest` is the SHA-256 of its content, `source` where it was read.

    `version` counts from 1, the largest is the current one. `tags` are those of the report, in
    whatever version: its year and issuing body where it states them, and what its readers gave it.
    """

    id: str
    title: str
    date: str
    breadcrumb: tuple[str, ...]
    authors: tuple[str, ...]
    office: str
    source: str
    digest: str
    paragraphs: tuple[Paragraph, ...]
    version: int = 1
    tags: Tags = ()


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a report: when it was added, and how many paragraphs it has."""

    number: int
    added: str
    title: str
    paragraphs: int
    current: bool


@dataclass(frozen=True, slots=True)
class Scope:
    """What part of a library is asked; an empty field asks for everything.

    `reports` are ids, of which one must fit; `tags` pairs, all of which must. `version` is a
    number or "all"; empty means the current versions.
    """

    reports: tuple[str, ...] = ()
    tags: Tags = ()
    version: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """A Scope as one library holds it: the reports' versions as (id, version), and their vectors' ids."""

    versions: tuple[tuple[str, int], ...]
    vectors: tuple[int, ...]


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
    """A paragraph found for a question; a higher `score` is better. `version` is its report's.

    Only this room's own search tells the `ranks`.
    """

    paragraph: Paragraph
    title: str
    score: float
    ranks: RankScores = RankScores(None, None, None)
    version: int = 1


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
