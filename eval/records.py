"""The nouns of the room: cases, what came of them, and the scorecard made of both.

All records are frozen; nothing here reads, answers or computes.
"""

from dataclasses import dataclass
from enum import StrEnum

from qa import StepTime, Turn


class Severity(StrEnum):
    """Whether a case cannot be run, runs but looks wrong, or carries something that is not read."""

    ERROR = "error"
    DOUBT = "doubt"
    NOTE = "note"


class Fault(StrEnum):
    """The first step that went wrong for a case."""

    NONE = "none"
    SPLIT = "split"
    RETRIEVED = "retrieved"
    RANKED = "ranked"
    SENTENCE = "sentence"
    REFUSED = "refused"
    ANSWERED = "answered"
    TEXT = "text"


class Status(StrEnum):
    """Whether a person has looked at a case that was proposed; only accepted ones count."""

    DRAFT = "draft"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Place:
    """A paragraph by its address in the library."""

    report: str
    number: int


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what is known of its answer.

    A paragraph is right when it is one of `places` or, where none are named, when its text holds one
    of the verbatim quotations in `evidence`. `answers` are alternatives. `where` is the line it was read from.
    """

    id: str
    question: str
    evidence: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    answerable: bool = True
    kind: str = ""
    split: str = ""
    history: tuple[Turn, ...] = ()
    places: tuple[Place, ...] = ()
    note: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """Paragraphs that a set brings with it; they become one report, numbered from 1."""

    id: str
    title: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a set: where, what was found, and how to mend it."""

    where: str
    found: str
    mend: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class CaseSet:
    """A set as it was read: its good cases, its own articles if it has any, and its problems.

    `digest` begins the SHA-256 of its files; `drafts` counts cases left out because nobody accepted them.
    """

    name: str
    digest: str
    cases: tuple[Case, ...]
    articles: tuple[Article, ...] = ()
    problems: tuple[Problem, ...] = ()
    drafts: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Which cases of a set are run, and whether they are answered or only searched for.

    An empty `split` takes all; a `limit` of 0 takes all, another is spread evenly over the set.
    """

    split: str = ""
    limit: int = 0
    retrieval_only: bool = False
    skip_bad: bool = False


@dataclass(frozen=True, slots=True)
class Retrieved:
    """One paragraph of a ranking, with the beginning of its text."""

    place: Place
    score: float
    opening: str
    right: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """A citation as judged: is it word for word in its paragraph, and does it stand on the evidence?"""

    place: Place
    text: str
    verbatim: bool
    supports: bool


@dataclass(frozen=True, slots=True)
class Match:
    """How a text compares with the gold answers; the best of them counts. `f1` is in 0..1."""

    exact: bool
    f1: float
    holds: bool


@dataclass(frozen=True, slots=True)
class Given:
    """The answer a case was given. `match` is None where the case names no gold answer.

    `length` counts characters without citation marks and blanks.
    `evidence_cited` is the share of the needed evidence that a citation stands on, in 0..1.
    """

    text: str
    length: int
    refused: bool
    confidence: float
    match: Match | None
    quotes: tuple[Quote, ...]
    evidence_cited: float
    seconds: float
    steps: tuple[StepTime, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case. `ranks` are those of right paragraphs among the first ten, from 1.

    `right` counts the right paragraphs in the library; `given` is None where it was only searched.
    """

    case: Case
    ranks: tuple[int, ...]
    right: int
    retrieved: tuple[Retrieved, ...]
    given: Given | None
    fault: Fault


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure with its 95 % interval and the number of cases it stands on."""

    name: str
    value: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class KindScores:
    """The metrics over the cases of one kind."""

    kind: str
    cases: int
    metrics: tuple[Metric, ...]


@dataclass(frozen=True, slots=True)
class StepCost:
    """Seconds that one step of answering takes, at the median and at the 95th percentile."""

    step: str
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Cases of like confidence: the mean confidence and the share that the reports do answer."""

    confidence: float
    answerable: float
    count: int


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """If only the most confident share of the questions (`coverage`) were answered: the share wrong."""

    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting under which a scorecard was made."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a scorecard comes from: set, code, library and machine."""

    set_name: str
    set_digest: str
    split: str
    mode: str
    commit: str
    generation: int
    embedder: str
    machine: str
    date: str
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A run of a set: its origin, its figures overall and by kind, and every outcome."""

    origin: Origin
    metrics: tuple[Metric, ...]
    kinds: tuple[KindScores, ...]
    steps: tuple[StepCost, ...]
    calibration: tuple[CalibrationBin, ...]
    risk_coverage: tuple[CurvePoint, ...]
    outcomes: tuple[Outcome, ...]
