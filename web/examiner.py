"""Answers the events of the page 评测: runs a set, cancels, opens a case, compares, hands out downloads.

It does not know how the page is laid out, nor how a case is judged.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from secrets import token_hex
from threading import Event, Lock

import gradio as gr

from eval import Cards, Plan, Scorecard, Subject, evaluate, read_set
from index import Index, WenjuError
from qa import Answerer
from web.case import Texts, case_page
from web.changes import comparison, differences, kept_list, stem
from web.progress import Progress, Work, follow, news
from web.scorecard import scorecard
from web.sets import UploadedSet, chooser, set_file, set_news
from web.words import both

# Scorecards, and sets with paragraphs of their own, that stay in memory for whoever opens a case.
KEPT_OPEN = 6
# Seconds between two looks whether the run before has ended.
_TURN = 0.3

# The result, and the case below it, which a new result closes.
Screen = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Download:
    """A file for the reader's browser to save."""

    name: str
    kind: str
    text: str


class Examiner:
    """Holds what all readers share: the kept scorecards, and the turn of who may run a set."""

    def __init__(self, index: Index, answerer: Answerer, library: Path) -> None:
        self._index = index
        self._answerer = answerer
        self.cards = Cards(library / "scorecards")
        self._card = lru_cache(KEPT_OPEN)(self.cards.load)
        self._stops: dict[str, Event] = {}
        self._own: dict[str, Texts] = {}
        # One run at a time keeps a core free for those who ask.
        self._turn = Lock()

    def upload(self, path: str, sets: Sequence[UploadedSet]) -> tuple[str, str, Sequence[UploadedSet]]:
        """Read an uploaded set; return what is to be said of it, the choice of sets, and the reader's own."""
        try:
            case_set = read_set(Path(path))
        except WenjuError as error:
            return news(both("set_unread", message=error), good=False), chooser(sets), sets
        one = UploadedSet(path, case_set.name, len(case_set.cases))
        grave = [problem for problem in case_set.problems if problem.severity == "error"]
        problems = [f"{problem.where}: {problem.found}; {problem.mend}" for problem in grave]
        return set_news(one.name, one.cases, problems), chooser((*sets, one)), (*sets, one)

    def run(self, event: gr.EventData, sets: Sequence[UploadedSet]) -> Iterator[Screen]:
        """Run the set that was chosen on the page."""
        chosen = set_file(sent(event).get("set", ""), sets)
        if chosen is None:
            yield news(both("choose_first"), good=False), ""
            return
        yield from self.run_file(*chosen)

    def run_file(self, path: Path, split: str = "") -> Iterator[Screen]:
        """Run a split of a set, all of it where the split is empty, and keep the scorecard."""

        def work(progress: Progress) -> str:
            self._wait(progress)
            try:
                card = self._evaluate(path, split, progress)
            finally:
                self._turn.release()
            return scorecard(card, self.cards.keep(card))

        yield from self._follow(work)

    def _wait(self, progress: Progress) -> None:
        while not self._turn.acquire(timeout=_TURN):
            progress("waiting", 0, 0)

    def _evaluate(self, path: Path, split: str, progress: Progress) -> Scorecard:
        progress("reading", 0, 0)
        case_set = read_set(path)
        if case_set.articles:
            texts = {(one.id, at): text for one in case_set.articles for at, text in enumerate(one.texts, 1)}
            self._own = dict([*self._own.items(), (case_set.digest, texts)][-KEPT_OPEN:])
        with Subject.opened(case_set, self._index, self._answerer, progress) as subject:
            return evaluate(case_set, subject, Plan(split=split, skip_bad=True), progress)

    def _follow(self, work: Work) -> Iterator[Screen]:
        """Show the work's progress with a button to cancel it."""
        key, stop = token_hex(8), Event()
        self._stops[key] = stop
        try:
            yield from ((html, "") for html in follow(work, stop, key))
        finally:
            self._stops.pop(key, None)

    def stop(self, event: gr.EventData) -> None:
        """Cancel the run whose button was pressed."""
        if found := self._stops.get(sent(event).get("run", "")):
            found.set()

    def open_card(self, event: gr.EventData) -> Screen:
        """Show a kept scorecard."""
        name = sent(event).get("card", "")
        try:
            return scorecard(self._card(name), name), ""
        except WenjuError as error:
            return news(both("not_opened", message=error), good=False), ""

    def open_case(self, event: gr.EventData) -> str:
        """Show a case of a kept scorecard beside its paragraphs."""
        told = sent(event)
        try:
            card = self._card(told.get("card", ""))
            outcome = dict(enumerate(card.outcomes))[int(told.get("case", ""))]
        except (WenjuError, ValueError, KeyError):
            return news(both("work_failed"), good=False)
        own = self._own.get(card.origin.set_digest)
        return case_page(outcome, own or self._texts(), on_shelf=own is None)

    def _texts(self) -> Texts:
        reports = self._index.reports()
        return {(one.report, one.number): one.text for report in reports for one in report.paragraphs}

    def compare(self, event: gr.EventData) -> Iterator[Screen]:
        """Compare two kept scorecards; where no earlier one is named, with the last of the same set."""
        told = sent(event)
        name = told.get("card", "")
        before = told.get("before") or self.before(name)

        def work(progress: Progress) -> str:
            progress("comparing", 0, 0)
            card = self._card(name)
            made = Cards.compare(self._card(before), card)
            return scorecard(card, name, differences(made), comparison(made, before))

        if before:
            yield from self._follow(work)
        else:
            yield self.open_card(event)[0] + news(both("nothing_before"), good=False), ""

    def before(self, name: str) -> str:
        """Return the name of the run of the same set and split before this one, or nothing."""
        names = self.cards.names()
        earlier = names[names.index(name) + 1 :] if name in names else ()
        return next((one for one in earlier if stem(one) == stem(name)), "")

    def kept(self) -> str:
        """Show the list of kept scorecards."""
        return kept_list(self.cards.names())

    def download(self, sent: Mapping[str, str]) -> Download:
        """Return a scorecard as a file."""
        name, what = sent["card"], sent["what"]
        card = self._card(name)
        if what == "json":
            return Download(f"{name}.json", "application/json", Cards.to_json(card))
        if what == "html":
            return Download(f"{name}.html", "text/html", Cards.render(card))
        return Download(f"{name}-failures.jsonl", "application/jsonl", Cards.failures(card))


def sent(event: gr.EventData) -> dict[str, str]:
    """Return what the page's script sent, all of it as text."""
    data = event._data if isinstance(event._data, dict) else {}
    return {str(name): str(value) for name, value in data.items()}
