"""Answers what the page 提问 calls: a question as its answer grows, stop, what the browser kept, a report to read.

The conversation itself lives in the reader's browser: every question brings the turns before it along, so a reload,
a second tab or a new start of the server takes nothing away. It does not know how the page is laid out, how an
answer is found, nor what a card looks like inside.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from threading import Event

from index import Index, WenjuError
from qa import Answerer, Mode
from web.editions import changes_paper, editions_of, first_paper, number_of
from web.examples import Examples
from web.exchange import Exchange, history, kept, nearest, restored
from web.export import Exported, export
from web.limits import limit_of
from web.pages import page_figure
from web.paper import paper
from web.stoppable import until_stopped
from web.talk import LONGEST_QUESTION, too_long, turn
from web.vote import Ballot
from web.words import both

Sent = Mapping[str, object]


class Asking:
    """Answers the page's script; everything of a reader's conversation comes and goes as arguments."""

    def __init__(self, index: Index, answerer: Answerer, ballot: Ballot, examples: Examples) -> None:
        self._index = index
        self._answerer = answerer
        self._examples = examples
        self.ballot = ballot
        self._stops: dict[str, Event] = {}

    @property
    def modelled(self) -> bool:
        """Whether a language model is there to write answers."""
        return self._answerer.mode is Mode.MODEL

    def turn(self, sent: Sent) -> Iterator[dict[str, object]]:
        """Yield the turn as its answer grows: its HTML, at last also what the browser keeps of it.

        `sent` holds the question, the turns before it as `history`, a `run` by which it can be stopped, as `limit`
        what is asked, and as `writer` who is to answer where both can. `back` says that the question stays in the box.
        """
        sent = sent if isinstance(sent, Mapping) else {}
        question = str(sent.get("question", "")).strip()
        if len(question) > LONGEST_QUESTION:
            yield {"html": turn(too_long(question)), "kept": None, "back": True}
            return
        run, stop = str(sent.get("run", "")), Event()
        self._stops[run] = stop
        try:
            for exchange in self._grow(question, sent, stop):
                yield {"html": turn(exchange), "kept": kept(exchange) if exchange.done else None, "back": False}
        finally:
            self._stops.pop(run, None)

    def _grow(self, question: str, sent: Sent, stop: Event) -> Iterator[Exchange]:
        """Yield the exchange as it grows. It alone says that it was stopped: of two writers the later one wins."""
        limit = limit_of(sent.get("limit"))
        exchange = Exchange(question, limit=replace(limit, title=self._title(limit.report)))
        try:
            answers = self._writer(sent).stream(question, history(sent.get("history", ())), limit.scope)
            for answer in until_stopped(answers, stop):
                exchange = replace(exchange, answer=answer)
                if answer.text and not answer.refused:
                    yield exchange
        except WenjuError as error:
            yield replace(exchange, answer=None, problem=escape(str(error)), done=True)
        except Exception:
            logging.getLogger(__name__).exception("a question failed")
            yield replace(exchange, answer=None, problem=both("failed"), done=True)
        else:
            yield self._whole(exchange, stop.is_set())

    def _title(self, id_: str) -> str:
        try:
            return self._index.report(id_).title if id_ else ""
        except WenjuError:  # the answer will say that there is none
            return ""

    def _whole(self, exchange: Exchange, stopped: bool) -> Exchange:
        exchange = replace(exchange, stopped=stopped, done=True)
        answer = exchange.answer
        if answer is None or stopped:
            return exchange
        if answer.refused:
            near = nearest(answer.searched or answer.question, answer.hits)
            exchange = replace(exchange, near=near, offers=self._examples.near(answer.hits))
        return replace(exchange, key=self.ballot.remember(answer))

    def _writer(self, sent: Sent) -> Answerer:
        if self.modelled and sent.get("writer") == Mode.EXTRACTIVE.value:
            return self._answerer.extractive()
        return self._answerer

    def stop(self, sent: Sent) -> bool:
        """Stop the answer of a run, whose own stream then ends with what was written; say whether it was running."""
        found = self._stops.get(str(sent.get("run", "")))
        if found:
            found.set()
        return found is not None

    def show(self, sent: Sent) -> list[str]:
        """Return the HTML of turns that the browser kept; empty for one that cannot be read."""
        turns = sent.get("turns", ())
        return [self._shown(one) for one in turns] if isinstance(turns, Sequence) else []

    def _shown(self, values: object) -> str:
        exchange = restored(values)
        if exchange is None:
            return ""
        return turn(exchange if self.ballot.open(exchange.key) else replace(exchange, key=""))

    def open_report(self, sent: Sent) -> str:
        """Return a report as the pane shows it: by its `id`, in a `version`, or as that version's `changes`."""
        id_, version = str(sent.get("id", "")), number_of(sent.get("version"))
        try:
            if sent.get("changes"):
                return changes_paper(self._index, id_, version)
            return paper(self._index.report(id_, version), editions_of(self._index, id_))
        except WenjuError:
            return first_paper(self._index)

    def show_page(self, sent: Sent) -> str:
        """Return the page of a PDF that a quotation stands on, as it was printed; empty where there is none."""
        return page_figure(self._index, sent)


def exported(sent: Sent) -> Exported:
    """Return turns that the browser kept as a file, in the kind md, docx or json."""
    turns = sent.get("turns", ())
    read = [restored(one) for one in turns] if isinstance(turns, Sequence) else []
    return export(str(sent.get("name", "")), [one for one in read if one], str(sent.get("kind", "")))
