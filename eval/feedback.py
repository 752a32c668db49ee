"""Keeps readers' votes on answers in `feedback.jsonl`, and makes cases of those that a reviewer accepted.

Every vote and every change of one is a line more, so nothing is ever lost; the last line of a vote counts.
"""

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from eval.ledger import Ledger
from eval.records import Case
from eval.shape import build
from eval.write_wenju import to_line
from index import Paragraph, WenjuError
from qa import Answer

FILE = "feedback.jsonl"


class FeedbackError(WenjuError):
    """A vote that cannot be given, found or accepted."""


class Verdict(StrEnum):
    """What a reader said of an answer; PASSAGE names the right place."""

    UP = "up"
    DOWN = "down"
    PASSAGE = "passage"


class Review(StrEnum):
    """What a reviewer said of a vote."""

    WAITING = ""
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Passage:
    """A verbatim piece of a paragraph, by its address in the library: `text[start:end] == quote`."""

    report: str
    paragraph: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Vote:
    """What a reader said of one answer. `searched` is the question as it stands alone, `text` the answer.

    `passages` are those the answer cited or, once somebody named it, the right one.
    """

    id: str
    time: str
    question: str
    searched: str
    text: str
    lead: str
    refused: bool
    verdict: Verdict
    passages: tuple[Passage, ...] = ()
    reviewed: Review = Review.WAITING

    @property
    def needs_passage(self) -> bool:
        """Whether nobody can say yet what the right answer is: something was refused, and wrongly."""
        return self.verdict is Verdict.DOWN and self.refused


class Feedback:
    """The votes of one library. Safe to use from several threads and programs."""

    Vote: TypeAlias = Vote
    Passage: TypeAlias = Passage

    def __init__(self, library: Path) -> None:
        """Keep votes in the folder of a library; it is made when the first is given."""
        self._ledger = Ledger(library / FILE)

    def vote(self, answer: Answer, verdict: str) -> Vote:
        """Keep a reader's "up" or "down" on an answer, with what that cited.

        Raises:
            FeedbackError: the verdict is another.
        """
        if verdict not in (Verdict.UP, Verdict.DOWN):
            raise FeedbackError(f"The vote is {verdict!r}; give up or down, or name the passage.")
        cited = tuple(_cited(answer)) if verdict == Verdict.UP else ()
        return self._keep(_vote(answer, Verdict(verdict), cited))

    def passage(self, answer: Answer, paragraph: Paragraph, start: int, end: int) -> Vote:
        """Keep that `paragraph.text[start:end]` is what should have been answered from.

        Raises:
            FeedbackError: the offsets are outside the paragraph.
        """
        return self._keep(_vote(answer, Verdict.PASSAGE, (_piece(paragraph, start, end),)))

    def votes(self) -> tuple[Vote, ...]:
        """Return every vote in its latest state, oldest first; lines that cannot be read are left out."""
        read = (vote for _, vote in self._read() if vote)
        return tuple({vote.id: vote for vote in read}.values())

    def unread(self) -> tuple[int, ...]:
        """Return the numbers of the lines that cannot be read."""
        return tuple(number for number, vote in self._read() if vote is None)

    def review(self, id_: str, reviewed: str) -> Vote:
        """Accept or reject a vote, or with "" take that back.

        Raises:
            FeedbackError: there is no such vote or verdict, or the right passage has to be named first.
        """
        if reviewed not in list(Review):
            raise FeedbackError(f"The review is {reviewed!r}; say accepted, rejected or nothing.")
        return self._change(id_, lambda vote: _reviewed(vote, Review(reviewed)))

    def mark(self, id_: str, paragraph: Paragraph, start: int, end: int) -> Vote:
        """Name the right passage of a vote, as a reviewer does; it waits for its review again.

        Raises:
            FeedbackError: there is no such vote, or the offsets are outside the paragraph.
        """
        passages = (_piece(paragraph, start, end),)
        marked = {"verdict": Verdict.PASSAGE, "passages": passages, "reviewed": Review.WAITING}
        return self._change(id_, lambda vote: replace(vote, **marked))  # type: ignore[arg-type]

    def adopt(self, out: Path) -> int:
        """Add the accepted votes to a set as cases, and return how many were new to it.

        What the set holds stays as it is; votes that say the same are one case.

        Raises:
            WenjuError: the set cannot be read or written.
        """
        cases = {(case.question, case.evidence): case for case in self._cases()}
        target = Ledger(out)
        with target.locked():
            held = [line for line in target.lines() if line.strip()]
            known = {_id_of(line) for line in held}
            added = [to_line(case) for case in cases.values() if case.id not in known]
            if added:
                target.replace([*held, *added])
        return len(added)

    def _cases(self) -> Iterator[Case]:
        # Newest first: of votes that say the same the oldest is kept, so its id stays when more come.
        for vote in reversed(self.votes()):
            if vote.reviewed is Review.ACCEPTED:
                yield case_of(vote)

    def _read(self) -> list[tuple[int, Vote | None]]:
        return [(number, _parse(line)) for number, line in enumerate(self._ledger.lines(), 1) if line.strip()]

    def _keep(self, vote: Vote) -> Vote:
        with self._ledger.locked():
            self._ledger.append(json.dumps(asdict(vote), ensure_ascii=False))
        return vote

    def _change(self, id_: str, change: Callable[[Vote], Vote]) -> Vote:
        with self._ledger.locked():
            vote = next((vote for vote in self.votes() if vote.id == id_), None)
            if vote is None:
                raise FeedbackError(f"There is no vote {id_!r} in {self._ledger.path}; read the list again.")
            changed = change(vote)
            self._ledger.append(json.dumps(asdict(changed), ensure_ascii=False))
        return changed


def case_of(vote: Vote) -> Case:
    """Return what an accepted vote says as a case.

    Where there is no passage, the reports do not answer the question: it was refused rightly (up), or
    should have been (down).
    """
    evidence = tuple(dict.fromkeys(passage.quote for passage in vote.passages))
    held = vote.verdict is Verdict.UP and vote.lead and any(vote.lead in quote for quote in evidence)
    return Case(
        id=f"use-{vote.id}",
        question=vote.searched,
        evidence=evidence,
        answers=(vote.lead,) if held else (),
        answerable=bool(evidence),
        kind="use" if evidence else "use-unanswerable",
        note=f"{vote.verdict} {vote.time}",
    )


def _vote(answer: Answer, verdict: Verdict, passages: tuple[Passage, ...]) -> Vote:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    told = (answer.question, answer.searched, answer.text, answer.lead, answer.refused)
    return Vote(secrets.token_hex(6), now, *told, verdict, passages)


def _reviewed(vote: Vote, review: Review) -> Vote:
    if review is Review.ACCEPTED and vote.needs_passage:
        raise FeedbackError(
            f"The vote {vote.id} says that a refusal is wrong, but not where the answer stands; name the passage first."
        )
    return replace(vote, reviewed=review)


def _cited(answer: Answer) -> Iterator[Passage]:
    """Yield each cited sentence whole: the pieces of a shortened one, and what was left out between them."""
    texts = {(hit.paragraph.report, hit.paragraph.number): hit.paragraph.text for hit in answer.hits}
    for mark in dict.fromkeys(citation.mark for citation in answer.citations):
        pieces = [citation for citation in answer.citations if citation.mark == mark]
        first, start, end = pieces[0], min(one.start for one in pieces), max(one.end for one in pieces)
        text = texts.get((first.report, first.paragraph))
        if text is None or any(one.paragraph != first.paragraph for one in pieces):
            start, end, quote = first.start, first.end, first.quote
        else:
            quote = text[start:end]
        yield Passage(first.report, first.paragraph, start, end, quote)


def _piece(paragraph: Paragraph, start: int, end: int) -> Passage:
    if not 0 <= start < end <= len(paragraph.text) or not paragraph.text[start:end].strip():
        raise FeedbackError(
            f"The passage {start} to {end} is not in the {len(paragraph.text)} characters of paragraph "
            f"{paragraph.number} of {paragraph.report}; mark at least one of them."
        )
    return Passage(paragraph.report, paragraph.number, start, end, paragraph.text[start:end])


def _parse(line: str) -> Vote | None:
    try:
        vote = build(Vote, json.loads(line))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return vote if isinstance(vote, Vote) else None


def _id_of(line: str) -> str:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return ""
    return str(fields.get("id", "")) if isinstance(fields, dict) else ""
