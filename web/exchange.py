"""One question and what came of it; and the same as plain values, for the reader's browser to keep.

What comes back from a browser is read as a stranger's: it may be from an earlier version, or made by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from index import Hit, Paragraph
from qa import Answer, Citation, Mode, StepTime, Turn, to_json
from web.limits import EVERYTHING, Limit, limit_from

# Nearest passages of a refusal that are worth a look, and the characters shown of each.
NEAREST = 3
SNIPPET = 60
# Earlier turns that are told with a question; a follow-up leans on the last few.
LONGEST_HISTORY = 12


@dataclass(frozen=True, slots=True)
class Near:
    """A passage near a question that was refused: its report, its paragraph and a glance at it."""

    report: str
    paragraph: int
    text: str
    version: int = 1


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question of a conversation and what came of it so far.

    `problem` is escaped HTML and says why there is no answer; `stopped`, that an answer was broken off.
    `offers` are questions the reports do answer, for a refusal. By its `key` a whole answer can be judged.
    `limit` is what part of the library it was put to.
    """

    question: str
    answer: Answer | None = None
    problem: str = ""
    stopped: bool = False
    done: bool = False
    key: str = ""
    near: tuple[Near, ...] = ()
    offers: tuple[str, ...] = ()
    limit: Limit = EVERYTHING


def kept(exchange: Exchange) -> dict[str, object] | None:
    """Return what a browser keeps of a done exchange; None where there is no answer to keep."""
    if exchange.answer is None:
        return None
    answer = to_json(exchange.answer)
    answer["hits"] = []
    answer["citations"] = [asdict(cited) for cited in exchange.answer.citations]
    return {
        "question": exchange.question,
        "answer": answer,
        "stopped": exchange.stopped,
        "key": exchange.key,
        "near": [asdict(one) for one in exchange.near],
        "offers": list(exchange.offers),
        "limit": {**asdict(exchange.limit), "query": exchange.limit.query},
    }


def restored(values: object) -> Exchange | None:
    """Read what `kept` wrote; None where it cannot be read."""
    try:
        return _exchange(_mapping(values))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _exchange(values: Mapping[str, object]) -> Exchange:
    near = tuple(
        Near(str(one["report"]), _number(one["paragraph"]), str(one["text"]), _number(one.get("version", 1)))
        for one in _mappings(values["near"])
    )
    return Exchange(
        question=str(values["question"]),
        answer=_answer(_mapping(values["answer"])),
        stopped=bool(values["stopped"]),
        done=True,
        key=str(values["key"]),
        near=near[:NEAREST],
        offers=tuple(str(one) for one in _list(values["offers"])),
        limit=limit_from(_mapping(values.get("limit", {}))),
    )


def _answer(values: Mapping[str, object]) -> Answer:
    return Answer(
        question=str(values["question"]),
        searched=str(values["searched"]),
        text=str(values["text"]),
        lead=str(values["lead"]),
        refused=bool(values["refused"]),
        confidence=float(str(values["confidence"])),
        mode=Mode(str(values["mode"])),
        citations=tuple(_citation(one) for one in _mappings(values["citations"])),
        hits=(),
        warnings=tuple(str(one) for one in _list(values["warnings"])),
        seconds=tuple(StepTime(step, float(str(took))) for step, took in _mapping(values["seconds"]).items()),
    )


def _citation(values: Mapping[str, object]) -> Citation:
    return Citation(
        mark=_number(values["mark"]),
        report=str(values["report"]),
        title=str(values["title"]),
        section=tuple(str(heading) for heading in _list(values["section"])),
        paragraph=_number(values["paragraph"]),
        start=_number(values["start"]),
        end=_number(values["end"]),
        quote=str(values["quote"]),
        strength=float(str(values["strength"])),
        version=_number(values.get("version", 1)),
    )


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError(f"{value!r:.40} is no object")
    return value


def _list(value: object) -> Sequence[object]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise TypeError(f"{value!r:.40} is no list")
    return value


def _mappings(value: object) -> list[Mapping[str, object]]:
    return [_mapping(one) for one in _list(value)]


def _number(value: object) -> int:
    return int(str(value))


def history(told: object) -> list[Turn]:
    """Read the turns before a question as the page tells them: `[{question, answer}, ...]`."""
    try:
        turns = [Turn(str(one["question"]), str(one["answer"])) for one in _mappings(told)]
    except (KeyError, TypeError):
        return []
    return [turn for turn in turns if turn.question and turn.answer][-LONGEST_HISTORY:]


def nearest(question: str, hits: Sequence[Hit]) -> tuple[Near, ...]:
    """Return the passages a refusal shows, each with the sentence that is nearest to the question."""
    return tuple(
        Near(hit.paragraph.report, hit.paragraph.number, nearest_sentence(question, hit.paragraph), hit.version)
        for hit in hits[:NEAREST]
    )


def nearest_sentence(question: str, paragraph: Paragraph) -> str:
    """Return the sentence that shares most character pairs with `question`, cut to a glance."""
    wanted = {question[at : at + 2] for at in range(len(question) - 1)}
    sentences = [paragraph.text[s.start : s.end] for s in paragraph.sentences] or [paragraph.text]
    best = max(sentences, key=lambda sentence: sum(pair in sentence for pair in wanted))
    return best if len(best) <= SNIPPET else f"{best[:SNIPPET]}…"
