"""Keeps proposed questions in `drafts.jsonl` until a person has accepted, edited or rejected them.

The file is a set in Wenju JSONL whose lines carry a status; a run counts the accepted ones only.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from typing import TypeAlias, TypeVar

from eval.compose import Writer, compose
from eval.ledger import Ledger
from eval.propose import Proposal, propose
from eval.records import Case, Status
from eval.write_wenju import to_line
from index import Paragraph, Report, WenjuError

FILE = "drafts.jsonl"
_KIND = "draft-"
Value = TypeVar("Value")


class DraftError(WenjuError):
    """A draft that cannot be made, found or changed."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposed question. `evidence` is a verbatim sentence of paragraph `paragraph` of `report`.

    `kind` names what it asks for: figure, date, name or list, or that a language model asked ("model").
    """

    id: str
    question: str
    evidence: str
    answers: tuple[str, ...]
    kind: str
    report: str
    paragraph: int
    status: Status = Status.DRAFT


class Drafts:
    """The drafts of one library. Safe to use from several threads and programs."""

    Draft: TypeAlias = Draft

    def __init__(self, library: Path) -> None:
        """Keep drafts in the folder of a library, or in a file that ends in .jsonl."""
        self.path = library if library.suffix == ".jsonl" else library / FILE
        self._ledger = Ledger(self.path)

    def propose(self, report: Report, count: int = 20, writer: Writer | None = None) -> tuple[Draft, ...]:
        """Add at most `count` questions (0: all) about a report, and return those that are new.

        They are spread over the report and over what they ask for. With a `writer`, a language model
        proposes; without one, patterns do.

        Raises:
            WenjuError: the drafts cannot be read or written, or the model is away.
        """
        with self._ledger.locked():
            drafts = self.all()
            known = {draft.question for draft in drafts}
            found = composed(report, writer, count) if writer else proposed(report)
            new = [draft for draft in _distinct(found) if draft.question not in known]
            new = _chosen(new, count or len(new))
            self._write([*drafts, *new])
        return tuple(new)

    def all(self) -> tuple[Draft, ...]:
        """Return every draft, oldest first.

        Raises:
            DraftError: a line is no draft.
        """
        lines = enumerate(self._ledger.lines(), 1)
        return tuple(self._parse(line, number) for number, line in lines if line.strip())

    def accept(self, id_: str) -> Draft:
        """Let a draft count as a case. Raises DraftError where there is no such draft."""
        return self._change(id_, lambda draft: replace(draft, status=Status.ACCEPTED))

    def reject(self, id_: str) -> Draft:
        """Keep a draft out for good; it is not proposed again. Raises DraftError where there is none."""
        return self._change(id_, lambda draft: replace(draft, status=Status.REJECTED))

    def edit(self, id_: str, question: str, answers: Sequence[str] = ()) -> Draft:
        """Put a better question and, where any are given, other answers.

        Raises:
            DraftError: there is no such draft, the question is empty or asked by another draft, or an answer
                is not in the evidence.
        """
        told = tuple(answer.strip() for answer in answers if answer.strip())
        return self._change(id_, lambda draft: self._edited(draft, question.strip(), told))

    def _edited(self, draft: Draft, question: str, answers: tuple[str, ...]) -> Draft:
        if not question:
            raise DraftError("The question is empty; write one, or reject the draft.")
        if any(one.question == question and one.id != draft.id for one in self.all()):
            raise DraftError(f"Another draft asks {question!r} already; reject one of the two.")
        if strange := [answer for answer in answers if answer not in draft.evidence]:
            raise DraftError(f"The answer {strange[0]!r} is not in the sentence; copy it from there.")
        return replace(draft, question=question, answers=answers or draft.answers)

    def _change(self, id_: str, change: Callable[[Draft], Draft]) -> Draft:
        with self._ledger.locked():
            drafts = {draft.id: draft for draft in self.all()}
            if id_ not in drafts:
                raise DraftError(f"There is no draft {id_!r} in {self.path}; read the list again.")
            drafts[id_] = change(drafts[id_])
            self._write(list(drafts.values()))
        return drafts[id_]

    def _write(self, drafts: Sequence[Draft]) -> None:
        self._ledger.replace([_line(draft) for draft in drafts])

    def _parse(self, line: str, number: int) -> Draft:
        try:
            fields = json.loads(line)
            source, evidence = fields["source"], fields["evidence"][0]
            told = (fields["question"], evidence, tuple(fields["answers"]), fields["kind"].removeprefix(_KIND))
            place = (str(source["report"]), int(source["paragraph"]))
            return Draft(fields["id"], *told, *place, Status(fields["status"]))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
            raise DraftError(
                f"{self.path}, line {number}, is no draft ({error!r:.60}); mend the line or take it out."
            ) from error


def proposed(report: Report) -> Iterator[Draft]:
    """Yield what the patterns find in the sentences of a report, in reading order."""
    for paragraph in report.paragraphs:
        for one in paragraph.sentences if paragraph.number else ():  # number 0 is made from the report's facts
            sentence = paragraph.text[one.start : one.end]
            for proposal in propose(sentence):
                yield _draft(proposal, sentence, paragraph)


def composed(report: Report, writer: Writer, count: int) -> Iterator[Draft]:
    """Yield what a language model finds in paragraphs spread over a report; not more are read than needed."""
    paragraphs = [one for one in report.paragraphs if one.number]
    for paragraph in _spread(paragraphs, count or len(paragraphs)):
        for sentence, proposal in compose(writer, paragraph):
            yield _draft(proposal, sentence, paragraph)


def _draft(proposal: Proposal, sentence: str, paragraph: Paragraph) -> Draft:
    name = hashlib.sha256(f"{paragraph.report}\n{proposal.question}".encode()).hexdigest()[:12]
    told = (proposal.question, sentence, proposal.answers, proposal.kind)
    return Draft(f"draft-{name}", *told, paragraph.report, paragraph.number)


def _distinct(drafts: Iterator[Draft]) -> list[Draft]:
    """Return the drafts whose question is asked once; of two sentences with one question neither answers it."""
    by_question: dict[str, list[Draft]] = {}
    for draft in drafts:
        by_question.setdefault(draft.question, []).append(draft)
    return [same[0] for same in by_question.values() if len(same) == 1]


def _chosen(drafts: Sequence[Draft], count: int) -> list[Draft]:
    """Return `count` drafts, as many of one kind as of another as far as they go, each kind spread over the report."""
    kinds = Counter(draft.kind for draft in drafts)
    quotas: Counter[str] = Counter()
    for kind in cycle(kinds):
        if quotas.total() == min(count, len(drafts)):
            break
        quotas[kind] += quotas[kind] < kinds[kind]
    taken = {one.id for kind in kinds for one in _spread([d for d in drafts if d.kind == kind], quotas[kind])}
    return [draft for draft in drafts if draft.id in taken]


def _spread(values: Sequence[Value], count: int) -> list[Value]:
    return list(values) if count >= len(values) else [values[at * len(values) // count] for at in range(count)]


def _line(draft: Draft) -> str:
    case = Case(draft.id, draft.question, (draft.evidence,), draft.answers, kind=f"{_KIND}{draft.kind}")
    return to_line(case, draft.status, {"report": draft.report, "paragraph": draft.paragraph})
