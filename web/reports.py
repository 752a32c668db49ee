"""Makes the page 报告: adding files with the progress of each, tags, removing with a second click.

It does not know how a file is read or embedded, nor what the list looks like inside.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path

import gradio as gr
from gradio.events import Dependency

from index import Index, Report, WenjuError
from web.guard import may_edit
from web.paper import body_count
from web.progress import Progress, follow, news, waiting_bar
from web.received import ENDINGS, receive
from web.shelf import Tags, table, tags_from
from web.words import WORDS, both

_ON_TABLE = """element.addEventListener('click', event => {
  const button = event.target.closest('[data-remove]');
  if (button && button.classList.contains('sure')) trigger('delete', {report: button.dataset.remove});
});
element.addEventListener('submit', event => {
  event.preventDefault();
  const form = event.target.closest('form.tagging');
  if (form) trigger('submit', {report: form.dataset.report, tags: form.querySelector('input').value});
});"""


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """The page's list, and the events after which the library may have changed."""

    table: gr.HTML
    changes: tuple[Dependency, ...]


class Shelf:
    """Answers the page's events."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def add(self, files: Sequence[str], tags: str = "", request: gr.Request | None = None) -> Iterator[str]:
        """Add the uploaded files one after another; yield what became of each, the progress of one, and who waits."""
        if not may_edit(request):
            yield news(both("editors_only"), good=False)
            return
        names = [Path(name).name for name in files]
        try:
            given = tags_from(tags)
        except WenjuError as error:
            yield news(escape(str(error)), good=False)
            return
        told = ""
        for at, file in enumerate(files):
            rest = "".join(waiting_bar(name) for name in names[at + 1 :])
            latest = ""
            for latest in follow(partial(self._add, Path(file), given), name=names[at]):
                yield told + latest + rest
            told += latest

    def _add(self, file: Path, tags: Tags, progress: Progress) -> str:
        library = self._index.config.library
        added = self._index.add([receive(library, file)], progress, self._index.adding(tags=tags))
        told = ""
        for one in added:
            # As the list counts: without captions and the facts.
            count = body_count(self._index.report(one.report)) if one.report else 0
            told += outcome(Path(one.path).name, one.outcome, count, one.message)
        return told

    def remove(self, event: gr.EventData, request: gr.Request | None = None) -> str:
        """Take out the report whose button was pressed twice."""
        if not may_edit(request):
            return news(both("editors_only"), good=False)
        id_ = str(event._data["report"])
        try:
            title = self._index.report(id_).title
            self._index.remove(id_)
        except WenjuError:
            return news(both("removed_earlier"), good=False)
        return news(both("removed", title=title))

    def tag(self, event: gr.EventData, request: gr.Request | None = None) -> str:
        """Give a report the tags that its form holds."""
        if not may_edit(request):
            return news(both("editors_only"), good=False)
        id_ = str(event._data["report"])
        try:
            self._index.tag(id_, tags_from(str(event._data["tags"])))
            title = self._index.report(id_).title
        except WenjuError as error:
            return news(escape(str(error)), good=False)
        return news(both("tags_saved", title=title))


def build_reports(shelf: Shelf, reports: Sequence[Report]) -> ReportsPage:
    """Lay the page out inside the open Blocks and connect its events."""
    with gr.Column(elem_id="page-reports", elem_classes="page"):
        with gr.Row(elem_classes="pagehead"):
            gr.HTML(f"<h1>{both('reports_title')}</h1><p>{both('reports_hint')}</p>", apply_default_css=False)
            tags = gr.Textbox("", show_label=False, container=False, max_lines=1, elem_id="new-tags", min_width=0)
            add = gr.UploadButton(
                WORDS["add"][0], file_types=[*ENDINGS], file_count="multiple", elem_id="add", min_width=0
            )
        gr.HTML(f'<p id="drop" aria-hidden="true">{both("drop_here")}</p>', elem_id="drops", apply_default_css=False)
        notes = gr.HTML("", elem_classes="notes", apply_default_css=False)
        listing = gr.HTML(table(reports), js_on_load=_ON_TABLE, apply_default_css=False)
    added = add.upload(
        shelf.add, [add, tags], notes, show_progress="hidden", concurrency_limit=1, api_visibility="private"
    )
    removed = listing.delete(shelf.remove, None, notes, show_progress="hidden", api_visibility="private")
    tagged = listing.submit(shelf.tag, None, notes, show_progress="hidden", api_visibility="private")
    return ReportsPage(listing, (added, removed, tagged))


def outcome(name: str, what: str, paragraphs: int, message: str) -> str:
    """Return one line about what became of a file."""
    if what == "failed":
        return news(both("add_failed", message=message), good=False, name=name)
    return news(both(what, paragraphs=paragraphs), name=name)
