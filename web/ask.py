"""Makes the page 提问: the conversation on the left, the report on the right, and what the page's script calls.

The conversation itself lives in the reader's browser: every question brings the turns before it along, so a reload,
a second tab or a new start of the server takes nothing away. It does not know how an answer is found, nor what a card
looks like inside.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from html import escape
from threading import Event

import gradio as gr

from index import Index, Report, WenjuError
from qa import Answerer, Mode
from web.examples import Examples
from web.exchange import Exchange, history, kept, nearest, restored
from web.export import Exported, export
from web.paper import paper, shelf_paper
from web.stoppable import until_stopped
from web.talk import LONGEST_QUESTION, hint_row, talk_frame, too_long, turn, welcome
from web.vote import Ballot
from web.words import WORDS, both, choice, hidden

# Questions answered at once, over all readers; one answer keeps one core busy.
AT_ONCE = 4

_SEND = (
    '<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M10 16.5V4M4.8 9.2L10 4l5.2 5.2" fill="none" '
    'stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>'
)
_STOP = (
    '<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">'
    '<rect x="5.5" y="5.5" width="9" height="9" rx="1.6" fill="currentColor"/></svg>'
)
_CLOSE = (
    '<div class="dochead"><span class="running" lang="zh-CN" aria-hidden="true"></span>'
    '<button type="button" data-close-sheet><svg class="icon" viewBox="0 0 20 20" aria-hidden="true">'
    '<path d="M4.5 4.5l11 11m0-11l-11 11" '
    f'stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/></svg>{hidden("close")}</button></div>'
)
_BOX = f'<label>{hidden("question")}<textarea rows="1" autofocus enterkeyhint="send"></textarea></label>'
_KEYS = (
    f'<button type="button" class="send" data-does="submit">{_SEND}{hidden("send")}</button>'
    f'<button type="button" class="send stop" data-does="stop">{_STOP}{hidden("stop")}</button>'
)
_BAR = (
    f'<div class="talkbar"><button type="button" class="plain-key" data-talks>{both("talks")}</button>'
    f'<button type="button" class="plain-key" data-new>{both("new_talk")}</button>'
    f'<span class="talk-title"></span><span class="takes">{both("export")}'
    + "".join(
        f'<button type="button" class="plain-key" data-export="{kind}">{name}</button>'
        for kind, name in (("md", "Markdown"), ("docx", "Word"), ("json", "JSON"))
    )
    + "</span></div>"
)
_ON_PAPER = """window.wenju = Object.assign(window.wenju || {}, {
  openReport: async id => { props.value = await server.open_report(id); }
});"""
_ON_TALK = """window.wenju = Object.assign(window.wenju || {}, {server});
document.dispatchEvent(new Event('wenju-server'));"""

Sent = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class AskPage:
    """The page's parts that show the library and are renewed with it."""

    start: gr.HTML
    hints: gr.HTML
    paper: gr.HTML


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

        `sent` holds the question, the turns before it as `history`, a `run` by which it can be stopped, and as
        `writer` who is to answer where both can. `back` says that the question stays in the box.
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
        exchange = Exchange(question)
        try:
            answers = self._writer(sent).stream(question, history(sent.get("history", ())))
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
            return type(self._answerer)(self._index, replace(self._answerer.config, llm_url="", llm_model=""))
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

    def open_report(self, id_: str) -> str:
        """Return the report of that id as the pane shows it."""
        reports = self._index.reports()
        found = next((report for report in reports if report.id == id_), None)
        return paper(found) if found else shelf_paper(reports)


def exported(sent: Sent) -> Exported:
    """Return turns that the browser kept as a file, in the kind md, docx or json."""
    turns = sent.get("turns", ())
    read = [restored(one) for one in turns] if isinstance(turns, Sequence) else []
    return export(str(sent.get("name", "")), [one for one in read if one], str(sent.get("kind", "")))


def build_ask(asking: Asking, reports: tuple[Report, ...]) -> AskPage:
    """Lay the page out inside the open Blocks and connect what its script calls."""
    with gr.Row(elem_id="page-ask", elem_classes="page"):
        with gr.Column(elem_id="chat"):
            gr.HTML(_BAR, elem_id="talkbar", apply_default_css=False)
            start = gr.HTML(welcome(reports), elem_id="start", apply_default_css=False)
            functions = _functions(asking)
            gr.HTML(
                talk_frame(), elem_id="talk", js_on_load=_ON_TALK, server_functions=functions, apply_default_css=False
            )
            hints = _ask_bar(asking, reports)
        with gr.Column(elem_id="doc"):
            gr.HTML(_CLOSE, elem_id="close-sheet", apply_default_css=False)
            pane = gr.HTML(
                shelf_paper(reports),
                elem_id="paper",
                js_on_load=_ON_PAPER,
                server_functions=[_report_opener(asking)],
                apply_default_css=False,
            )
    # A call of its own, not an event of the page: the page's events share one stream, which an answer can close early.
    gr.api(_turn(asking), api_name="turn", concurrency_limit=AT_ONCE, api_visibility="undocumented")
    return AskPage(start, hints, pane)


def _functions(asking: Asking) -> list[object]:
    """Return what the script calls without waiting in the queue; Gradio marks each, which it cannot do to a method."""

    def vote(sent: dict[str, str]) -> str:
        return asking.ballot.cast(sent)

    def stop(sent: dict[str, object]) -> bool:
        return asking.stop(sent)

    def show(sent: dict[str, object]) -> list[str]:
        return asking.show(sent)

    def take(sent: dict[str, object]) -> dict[str, str]:
        return asdict(exported(sent))

    return [vote, stop, show, take]


def _report_opener(asking: Asking) -> object:
    def open_report(id_: str) -> str:
        return asking.open_report(id_)

    return open_report


def _turn(asking: Asking) -> Callable[[dict[str, object]], Iterator[dict[str, object]]]:
    def turn(sent: dict[str, object]) -> Iterator[dict[str, object]]:
        """Answer a question of the page as it grows."""
        yield from asking.turn(sent)

    return turn


def _ask_bar(asking: Asking, reports: tuple[Report, ...]) -> gr.HTML:
    writers = [("model", WORDS["writes_model"]), ("extractive", WORDS["writes_report"])]
    writer = choice("writer", "writer", writers) if asking.modelled else ""
    with gr.Column(elem_id="askbar"):
        gr.HTML('<p id="note" role="status" aria-live="polite"></p>', elem_id="notes", apply_default_css=False)
        with gr.Row(elem_id="askbox"):
            if writer:
                gr.HTML(writer, elem_id="who", apply_default_css=False)
            gr.HTML(_BOX, elem_id="question", apply_default_css=False)
            gr.HTML(_KEYS, elem_id="keys", apply_default_css=False)
        return gr.HTML(hint_row(reports, ()), elem_id="hints", apply_default_css=False)
