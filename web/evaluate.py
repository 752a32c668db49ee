"""Makes the page 评测: choose or upload a set, run it, see scorecard, cases and comparison; review; drafts.

It lays the page out and connects its events; what happens then is the examiner's business.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial

import gradio as gr
from gradio.events import Dependency

from web.drafting import Drafting, build_drafting
from web.examiner import Examiner, Screen
from web.review import Reviewer, build_review
from web.sets import chooser
from web.words import WORDS, both

# The endings of a set in one file.
ENDINGS = [".jsonl", ".json", ".csv"]
# Runs that may be under way on the page at once; all but one of them wait for their turn.
AT_ONCE = 8

_KEYS = (
    f'<button type="button" class="go" data-does="run">{both("run")}</button>'
    f'<button type="button" class="pill" data-does="compare" hidden>{both("compare_last")}</button>'
)
_ON_KEYS = """element.addEventListener('click', event => {
  const button = event.target.closest('button');
  if (!button) return;
  if (button.dataset.does === 'run') trigger('submit', {set: document.querySelector('#set').value});
  else trigger('select', {card: document.querySelector('.scorecard').dataset.card});
});"""
_ON_RESULT = """element.addEventListener('click', event => {
  const button = event.target.closest('[data-case], [data-stop]');
  if (!button) return;
  if (button.dataset.stop) trigger('stop', {run: button.dataset.stop});
  else trigger('select', {card: element.querySelector('.scorecard').dataset.card, case: button.dataset.case});
});
window.wenju = Object.assign(window.wenju || {}, {download: async sent => await server.download(sent)});"""
_ON_KEPT = """element.addEventListener('click', event => {
  const button = event.target.closest('[data-kept]');
  if (!button) return;
  const card = element.querySelector('#later').value, before = element.querySelector('#earlier')?.value || '';
  trigger(button.dataset.kept === 'open' ? 'select' : 'submit', {card, before});
});"""


@dataclass(frozen=True, slots=True)
class EvaluatePage:
    """The page's parts that its events read and write. `kept`, `review` and `drafts` show what is on disk."""

    sets: gr.HTML
    own: gr.UploadButton
    keys: gr.HTML
    notes: gr.HTML
    result: gr.HTML
    case: gr.HTML
    kept: gr.HTML
    review: gr.HTML
    drafts: gr.HTML


def build_evaluate(examiner: Examiner, reviewer: Reviewer, drafting: Drafting) -> EvaluatePage:
    """Lay the page out inside the open Blocks and connect its events."""

    def download(sent: dict[str, str]) -> dict[str, str]:  # Gradio marks a server function; it cannot mark a method
        return asdict(examiner.download(sent))

    with gr.Column(elem_id="page-evaluate", elem_classes="page"):
        about = f"<h1>{both('evaluate_title')}</h1><p>{both('evaluate_hint')}</p>"
        gr.HTML(about, elem_classes="about", apply_default_css=False)
        with gr.Row(elem_classes="bench"):
            sets = gr.HTML(chooser(()), elem_id="sets", apply_default_css=False)
            own = gr.UploadButton(WORDS["own_set"][0], file_types=ENDINGS, elem_id="own-set", min_width=0)
            keys = gr.HTML(_KEYS, elem_id="bench-keys", js_on_load=_ON_KEYS, apply_default_css=False)
        notes = gr.HTML("", elem_classes="notes", apply_default_css=False)
        result = gr.HTML(
            "", elem_id="result", js_on_load=_ON_RESULT, server_functions=[download], apply_default_css=False
        )
        case = gr.HTML("", elem_id="case", apply_default_css=False)
        kept = gr.HTML(examiner.kept(), elem_id="kept", js_on_load=_ON_KEPT, apply_default_css=False)
        review, drafts = build_review(reviewer), build_drafting(drafting)
    page = EvaluatePage(sets, own, keys, notes, result, case, kept, review, drafts)
    _connect(examiner, drafting, page)
    return page


def _connect(examiner: Examiner, drafting: Drafting, page: EvaluatePage) -> None:
    def run_drafts() -> Iterator[Screen]:
        yield from examiner.run_file(drafting.drafts.path)

    screen, mine = [page.result, page.case], gr.State(())
    quick = partial(_event, queue=False)  # not behind a run that fills the queue's stream
    _event(page.own.upload, examiner.upload, [page.own, mine], [page.notes, page.sets, mine])
    for event, act, inputs in (
        (page.keys.submit, examiner.run, mine),
        (page.drafts.submit, run_drafts, None),
        (page.keys.select, examiner.compare, None),
        (page.kept.submit, examiner.compare, None),
    ):
        ran = _event(event, act, inputs, screen, concurrency_limit=AT_ONCE, concurrency_id="evaluate")
        _event(ran.then, examiner.kept, None, page.kept, queue=False)
    quick(page.result.stop, examiner.stop, None, None)
    quick(page.result.select, examiner.open_case, None, page.case)
    quick(page.kept.select, examiner.open_card, None, screen)


def _event(
    event: Callable[..., Dependency], act: object, inputs: object, outputs: object, **more: object
) -> Dependency:
    return event(act, inputs, outputs, show_progress="hidden", api_visibility="private", **more)
