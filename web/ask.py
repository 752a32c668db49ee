"""Makes the page 提问: the conversation on the left, the report on the right, and the events between them.

It does not know how an answer is found, nor what a card looks like inside.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from secrets import token_hex
from threading import Event

import gradio as gr

from index import Index, Report, WenjuError
from qa import Answerer, Turn, to_json
from web.paper import paper, shelf_paper
from web.stoppable import until_stopped
from web.talk import LONGEST_QUESTION, Exchange, Talk, conversation, hint_row, too_long, welcome
from web.vote import Ballot
from web.words import WORDS, both, hidden

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
    '<button type="button"><svg class="icon" viewBox="0 0 20 20" aria-hidden="true">'
    '<path d="M4.5 4.5l11 11m0-11l-11 11" '
    f'stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/></svg>{hidden("close")}</button>'
)
_KEYS = (
    f'<button type="button" class="send" data-does="submit">{_SEND}{hidden("send")}</button>'
    f'<button type="button" class="send stop" data-does="stop">{_STOP}{hidden("stop")}</button>'
)
_ON_KEYS = """element.addEventListener('click', event => {
  const button = event.target.closest('button');
  if (!button) return;
  if (button.dataset.does === 'submit') trigger('submit');
  else trigger('stop', {run: document.querySelector('#talk .talk').dataset.run});
});"""
_ON_EXAMPLE = """element.addEventListener('click', event => {
  const chip = event.target.closest('[data-ask]');
  if (chip) trigger('select', {question: chip.dataset.ask});
});"""
_ON_PAPER = """window.wenju = Object.assign(window.wenju || {}, {
  openReport: async id => { props.value = await server.open_report(id); }
});"""

_ON_TALK = """window.wenju = Object.assign(window.wenju || {}, {vote: async sent => await server.vote(sent)});"""

Screen = tuple[object, Talk, object]


@dataclass(frozen=True, slots=True)
class AskPage:
    """The page's parts. All but `talk` and `state` show the library and are renewed with it."""

    start: gr.HTML
    talk: gr.HTML
    hints: gr.HTML
    paper: gr.HTML
    state: gr.State


class Asking:
    """Answers the page's events; everything a reader's session holds comes and goes as arguments."""

    def __init__(self, index: Index, answerer: Answerer, ballot: Ballot) -> None:
        self._index = index
        self._answerer = answerer
        self.ballot = ballot
        self._stops: dict[str, Event] = {}

    def reply(self, text: str, talk: Talk, event: gr.EventData) -> Iterator[Screen]:
        """Yield the conversation as the answer grows; the box is emptied once, at the start."""
        chosen = (event._data or {}).get("question") if isinstance(event._data, dict) else None
        question = (chosen or text or "").strip()
        if not question:
            yield gr.skip(), talk, gr.skip()
        elif len(question) > LONGEST_QUESTION:
            talk = (*talk, too_long(question))
            yield conversation(talk), talk, gr.skip()
        else:
            emptied: object = gr.skip() if chosen else ""
            for grown in self._grow(talk, question):
                yield conversation(grown), grown, emptied
                emptied = gr.skip()

    def _grow(self, talk: Talk, question: str) -> Iterator[Talk]:
        run, stop = token_hex(8), Event()
        self._stops[run] = stop
        try:
            for exchange in self._answered(Exchange(question, key=run), talk, stop):
                yield (*talk, exchange)
        finally:
            del self._stops[run]

    def _answered(self, exchange: Exchange, talk: Talk, stop: Event) -> Iterator[Exchange]:
        """Yield the exchange as it grows. It alone says that it was stopped: of two writers the later one wins."""
        yield exchange
        history = [Turn(past.question, past.answer.text) for past in talk if past.answer and past.answer.text]
        problem = ""
        try:
            for answer in until_stopped(self._answerer.stream(exchange.question, history), stop):
                exchange = replace(exchange, answer=answer)
                yield exchange
            problem = both("stopped") if stop.is_set() else ""
        except WenjuError as error:
            problem = escape(str(error))
        except Exception:
            logging.getLogger(__name__).exception("a question failed")
            problem = both("failed")
        key = self.ballot.remember(exchange.answer) if exchange.answer and not problem else ""
        yield replace(exchange, problem=problem, done=True, key=key)

    def stop(self, event: gr.EventData) -> None:
        """Stop the answer whose run the page names; its own stream then ends with what was written."""
        run = event._data.get("run") if isinstance(event._data, dict) else None
        if found := self._stops.get(str(run)):
            found.set()

    def open_report(self, id_: str) -> str:
        """Return the report of that id as the pane shows it."""
        reports = self._index.reports()
        found = next((report for report in reports if report.id == id_), None)
        return paper(found) if found else shelf_paper(reports)

    def answer(self, question: str) -> dict[str, object]:
        """Answer one question from the reports: its text, its citations with offsets, its confidence."""
        try:
            return to_json(self._answerer.answer(question))
        except WenjuError as error:
            raise gr.Error(str(error), print_exception=False) from error


def build_ask(asking: Asking, reports: tuple[Report, ...]) -> AskPage:
    """Lay the page out inside the open Blocks and connect its events."""

    def open_report(id_: str) -> str:  # Gradio marks a server function, which it cannot do to a method
        return asking.open_report(id_)

    def vote(sent: dict[str, str]) -> str:
        return asking.ballot.cast(sent)

    with gr.Row(elem_id="page-ask", elem_classes="page"):
        with gr.Column(elem_id="chat"):
            start = gr.HTML(welcome(reports), elem_id="start", js_on_load=_ON_EXAMPLE, apply_default_css=False)
            talk = gr.HTML("", elem_id="talk", js_on_load=_ON_TALK, server_functions=[vote], apply_default_css=False)
            box, keys, hints = _ask_bar(reports)
        with gr.Column(elem_id="doc"):
            gr.HTML(_CLOSE, elem_id="close-sheet", apply_default_css=False)
            pane = gr.HTML(
                shelf_paper(reports),
                elem_id="paper",
                js_on_load=_ON_PAPER,
                server_functions=[open_report],
                apply_default_css=False,
            )
    page = AskPage(start, talk, hints, pane, gr.State(()))
    _connect(asking, page, box, keys)
    return page


def _ask_bar(reports: tuple[Report, ...]) -> tuple[gr.Textbox, gr.HTML, gr.HTML]:
    with gr.Column(elem_id="askbar"):
        with gr.Row(elem_id="askbox"):
            box = gr.Textbox(
                label=" / ".join(WORDS["question"]),
                placeholder=WORDS["placeholder"][0],
                show_label=False,
                container=False,
                lines=1,
                max_lines=6,
                autofocus=True,
                elem_id="question",
            )
            keys = gr.HTML(_KEYS, elem_id="keys", js_on_load=_ON_KEYS, apply_default_css=False)
        hints = gr.HTML(hint_row(reports), elem_id="hints", js_on_load=_ON_EXAMPLE, apply_default_css=False)
    return box, keys, hints


def _connect(asking: Asking, page: AskPage, box: gr.Textbox, keys: gr.HTML) -> None:
    gr.on(
        [box.submit, keys.submit, page.start.select, page.hints.select],
        asking.reply,
        [box, page.state],
        [page.talk, page.state, box],
        show_progress="hidden",
        trigger_mode="once",
        concurrency_limit=AT_ONCE,
        api_visibility="private",
    )
    # Not by Gradio's `cancels`: it leaves the run's last update free to arrive after the stop's.
    keys.stop(asking.stop, queue=False, show_progress="hidden", api_visibility="private")
    gr.api(asking.answer, api_name="ask", concurrency_limit=AT_ONCE)
