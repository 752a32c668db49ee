"""Lays out the page 提问: the conversation on the left, the report on the right, the question box below.

It does not know what an answer is: the page's script calls what web/asking.py answers.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import gradio as gr

from index import Report
from web.asking import Asking, exported
from web.limits import limits
from web.paper import empty_paper, paper
from web.talk import hint_row, talk_frame, welcome
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
  openReport: async sent => { props.value = await server.open_report(sent); },
  showPage: sent => server.show_page(sent)
});"""
_ON_TALK = """window.wenju = Object.assign(window.wenju || {}, {server});
document.dispatchEvent(new Event('wenju-server'));"""


@dataclass(frozen=True, slots=True)
class AskPage:
    """The page's parts that show the library and are renewed with it."""

    start: gr.HTML
    hints: gr.HTML
    paper: gr.HTML
    limit: gr.HTML


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
            limit, hints = _ask_bar(asking, reports)
        with gr.Column(elem_id="doc"):
            gr.HTML(_CLOSE, elem_id="close-sheet", apply_default_css=False)
            pane = gr.HTML(
                paper(reports[0]) if reports else empty_paper(),
                elem_id="paper",
                js_on_load=_ON_PAPER,
                server_functions=_pane_functions(asking),
                apply_default_css=False,
            )
    # A call of its own, not an event of the page: the page's events share one stream, which an answer can close early.
    gr.api(_turn(asking), api_name="turn", concurrency_limit=AT_ONCE, api_visibility="undocumented")
    return AskPage(start, hints, pane, limit)


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


def _pane_functions(asking: Asking) -> list[object]:
    def open_report(sent: dict[str, object]) -> str:
        return asking.open_report(sent)

    def show_page(sent: dict[str, object]) -> str:
        return asking.show_page(sent)

    return [open_report, show_page]


def _turn(asking: Asking) -> Callable[[dict[str, object]], Iterator[dict[str, object]]]:
    def turn(sent: dict[str, object]) -> Iterator[dict[str, object]]:
        """Answer a question of the page as it grows."""
        yield from asking.turn(sent)

    return turn


def _ask_bar(asking: Asking, reports: tuple[Report, ...]) -> tuple[gr.HTML, gr.HTML]:
    writers = [("model", WORDS["writes_model"]), ("extractive", WORDS["writes_report"])]
    writer = choice("writer", "writer", writers) if asking.modelled else ""
    with gr.Column(elem_id="askbar"):
        gr.HTML('<p id="note" role="status" aria-live="polite"></p>', elem_id="notes", apply_default_css=False)
        with gr.Row(elem_id="askbox"):
            limit = gr.HTML(limits(reports, {}), elem_id="within", apply_default_css=False)
            if writer:
                gr.HTML(writer, elem_id="who", apply_default_css=False)
            gr.HTML(_BOX, elem_id="question", apply_default_css=False)
            gr.HTML(_KEYS, elem_id="keys", apply_default_css=False)
        return limit, gr.HTML(hint_row(reports, ()), elem_id="hints", apply_default_css=False)
