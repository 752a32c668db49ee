"""Makes example questions from the reports themselves, and keeps those that the reports answer right.

Questions are drafted from a report's sentences; one is kept where its answer cites the paragraph it was drafted
from and holds the drafted answer. It does not know how a question is drafted, answered or shown.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from logging import getLogger
from pathlib import Path
from threading import Condition, Thread

from eval import Drafts
from index import Hit, Index, Report, WenjuError
from qa import Answer, Answerer

# Example questions of the welcome, and of a refusal.
SHOWN, OFFERED = 6, 2
# Reports that questions are drafted from, and drafts that are tried of each: a second's work on the shipped report.
REPORTS, TRIED = 3, 40
# Characters of a question that is neither vague nor long.
EASY = 18
# Seconds that a page leaves room for its examples; a busy machine makes them slowly.
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Example:
    """A question that the library answers, with the heading and the paragraph it was drafted from."""

    question: str
    chapter: str
    report: str
    paragraph: int


class Examples:
    """The examples of a library as it is now, made in a thread of their own."""

    def __init__(self, index: Index) -> None:
        self._index = index
        # Never by a language model: a hundred questions would be put to it at every start.
        self._answerer = Answerer(index)
        self._made: tuple[Example, ...] = ()
        self._generation = self._begun = -1
        self._change = Condition()

    def all(self, patience: float = 0.0) -> tuple[Example, ...]:
        """Return the examples of the library as it is; those that are not made in time are left out."""
        now = self._index.generation
        with self._change:
            if self._begun != now:
                self._begun = now
                Thread(target=self._make, args=(now,), daemon=True).start()
            self._change.wait_for(lambda: self._generation == now, patience)
            return self._made if self._generation == now else ()

    def shown(self, patience: float = PATIENCE) -> tuple[Example, ...]:
        """Return the examples of the welcome: from as many chapters as there are, in reading order."""
        return spread(self.all(patience), SHOWN)

    def near(self, hits: Sequence[Hit]) -> tuple[str, ...]:
        """Return questions to offer instead of a refusal: about the passages found first, then any."""
        places = [(hit.paragraph.report, hit.paragraph.number) for hit in hits]
        made = self.all()
        close = [one for place in places for one in made if (one.report, one.paragraph) == place]
        return tuple(dict.fromkeys(one.question for one in (*close, *made)))[:OFFERED]

    def _make(self, generation: int) -> None:
        try:
            made = tuple(self._right())
        except Exception:  # the window works without examples
            getLogger(__name__).exception("example questions could not be made")
            made = ()
        self._made_for(generation, made)

    def _made_for(self, generation: int, made: tuple[Example, ...]) -> None:
        with self._change:
            if generation == self._begun:  # not those of a library that has changed meanwhile
                self._made, self._generation = made, generation
            self._change.notify_all()

    def _right(self) -> Iterator[Example]:
        for report in self._index.reports()[:REPORTS]:
            headings = {paragraph.number: paragraph.section for paragraph in report.paragraphs}
            for draft in drafted(report):
                section = headings.get(draft.paragraph, ())
                try:
                    answer = self._answerer.answer(draft.question)
                except WenjuError:
                    continue
                if answers(answer, draft):
                    chapter = section[-1] if section else report.title
                    yield Example(draft.question, chapter, report.id, draft.paragraph)


def drafted(report: Report) -> Sequence[Drafts.Draft]:
    """Draft questions about a report without keeping them."""
    with tempfile.TemporaryDirectory() as folder:
        return Drafts(Path(folder) / "examples.jsonl").propose(report, TRIED)


def answers(answer: Answer, draft: Drafts.Draft) -> bool:
    """Say whether an answer is the drafted one, from the drafted place."""
    cited = {(one.report, one.paragraph) for one in answer.citations}
    holds = any(told in answer.text for told in draft.answers)
    return not answer.refused and holds and (draft.report, draft.paragraph) in cited


def spread(examples: Sequence[Example], count: int) -> tuple[Example, ...]:
    """Return `count` examples, one of each report and chapter before a second of any; the easiest to take in first."""
    chapters: dict[tuple[str, str], list[Example]] = {}
    for one in examples:
        chapters.setdefault((one.report, one.chapter), []).append(one)
    ranked = [sorted(same, key=lambda one: abs(len(one.question) - EASY)) for same in chapters.values()]
    rounds = [same[at] for at in range(count) for same in ranked if at < len(same)]
    # Where there are more chapters than places, the places are spread over them.
    first = [same[0] for same in ranked]
    taken = [first[at * len(first) // count] for at in range(count)] if len(first) > count else rounds[:count]
    return tuple(one for one in examples if one in taken)
