"""The nouns of the room: a turn of talk, a citation, an answer. All frozen."""

from dataclasses import dataclass
from enum import StrEnum

from index import Hit


class Mode(StrEnum):
    """Who wrote the answer's text: the report itself, or a language model."""

    EXTRACTIVE = "extractive"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier question of the conversation and the text it was answered with."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim piece of one paragraph: `paragraph.text[start:end] == quote`.

    A sentence that was shortened is several pieces, which share its `mark` (1, 2, 3, ...).
    `report`, `version` and `paragraph` name the paragraph; `strength` in 0..1 says how well the
    sentence fits the question.
    """

    mark: int
    report: str
    title: str
    section: tuple[str, ...]
    paragraph: int
    start: int
    end: int
    quote: str
    strength: float = 0.0
    version: int = 1


class Doubt(StrEnum):
    """Why a sentence that a language model wrote is not verified."""

    FIGURE = "figure"
    NAME = "name"
    MARK = "mark"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Flag:
    """A sentence of an answer that the reports do not bear out: `answer.text[start:end]`.

    `detail` is the figure or the quoted name that stands in no cited paragraph, or stands there for something
    else; it is empty where the content stands in another paragraph than the cited one (MARK), or in none.
    """

    start: int
    end: int
    reason: Doubt
    detail: str = ""


@dataclass(frozen=True, slots=True)
class StepTime:
    """How long one step of answering took, in seconds."""

    step: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with all it stands on.

    `text` carries marks like [1] behind what they support. `lead` is the asked-for piece (a
    figure, a date) when it can be told; it is part of the first citation's quote, or empty.
    `searched` is the stand-alone question. `confidence` in 0..1 estimates that the reports
    answer the question at all. A refused answer has no citations; its hits are the nearest.
    `flags` name the sentences of a language model that were not found in the reports.
    """

    question: str
    searched: str
    text: str
    lead: str
    refused: bool
    confidence: float
    mode: Mode
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    warnings: tuple[str, ...]
    seconds: tuple[StepTime, ...]
    flags: tuple[Flag, ...] = ()
