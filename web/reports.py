"""Makes the page 报告: the list of reports, adding files with progress, removing with a second click.

It does not know how a file is read or embedded.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import gradio as gr
from gradio.events import Dependency

from index import Index, Report, WenjuError
from web.guard import may_edit
from web.paper import body_count
from web.progress import Progress, follow, news
from web.received import ENDINGS, receive
from web.words import WORDS, both, hidden

_ON_TABLE = """element.addEventListener('click', event => {
  const button = event.target.closest('[data-remove]');
  if (button && button.classList.contains('sure')) trigger('delete', {report: button.dataset.remove});
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

    def add(self, files: Sequence[str], request: gr.Request | None = None) -> Iterator[str]:
        """Add the uploaded files; yield a progress bar, at last one line a file."""
        if not may_edit(request):
            yield news(both("editors_only"), good=False)
            return

        def work(progress: Progress) -> str:
            library = self._index.config.library
            added = self._index.add([receive(library, Path(name)) for name in files], progress)
            return "".join(outcome(Path(one.path).name, one.outcome, one.paragraphs, one.message) for one in added)

        yield from follow(work)

    def remove(self, event: gr.EventData, request: gr.Request | None = None) -> str:
        """Take out the report whose button was pressed twice."""
        if not may_edit(request):
            return news(both("editors_only"), good=False)
        id_ = str(event._data["report"])
        title = next((report.title for report in self._index.reports() if report.id == id_), "")
        try:
            self._index.remove(id_)
        except WenjuError:
            return news(both("removed_earlier"), good=False)
        return news(both("removed", title=title))


def build_reports(shelf: Shelf, reports: Sequence[Report]) -> ReportsPage:
    """Lay the page out inside the open Blocks and connect its events."""
    with gr.Column(elem_id="page-reports", elem_classes="page"):
        with gr.Row(elem_classes="pagehead"):
            gr.HTML(f"<h1>{both('reports_title')}</h1><p>{both('reports_hint')}</p>", apply_default_css=False)
            add = gr.UploadButton(
                WORDS["add"][0], file_types=[*ENDINGS], file_count="multiple", elem_id="add", min_width=0
            )
        notes = gr.HTML("", elem_classes="notes", apply_default_css=False)
        listing = gr.HTML(table(reports), js_on_load=_ON_TABLE, apply_default_css=False)
    added = add.upload(shelf.add, add, notes, show_progress="hidden", concurrency_limit=1, api_visibility="private")
    removed = listing.delete(shelf.remove, None, notes, show_progress="hidden", api_visibility="private")
    return ReportsPage(listing, (added, removed))


def table(reports: Sequence[Report]) -> str:
    """Return the list of reports, each with the button that takes it out."""
    if not reports:
        return f'<p class="none">{both("no_reports")}</p>'
    heads = "".join(f"<th>{both(key)}</th>" for key in ("title", "date", "paragraphs", "source"))
    rows = "".join(_row(report) for report in reports)
    return (
        f'<table class="shelf"><thead><tr>{heads}<th>{hidden("remove")}</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _row(report: Report) -> str:
    date = escape(report.date) or both("unnamed")
    source = escape(Path(report.source).name) or both("unnamed")
    title = f'<a href="#ask" data-open="{escape(report.id)}" lang="zh-CN">{escape(report.title)}</a>'
    remove = (
        f'<button type="button" class="chip remove" data-remove="{escape(report.id)}">'
        f'<span class="first">{both("remove")}</span><span class="second">{both("remove_sure")}</span></button>'
    )
    count = f'{body_count(report)}<span class="unit"> {both("unit")}</span>'
    return f"<tr><td>{title}</td><td>{date}</td><td>{count}</td><td>{source}</td><td>{remove}</td></tr>"


def outcome(name: str, what: str, paragraphs: int, message: str) -> str:
    """Return one line about what became of a file."""
    if what == "failed":
        return news(both("add_failed", message=message), good=False, name=name)
    return news(both(what, paragraphs=paragraphs), name=name)
