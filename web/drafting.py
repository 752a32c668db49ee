"""Makes the list of drafted questions, to be accepted, edited or rejected, and answers its events.

It does not know how questions are drafted or where drafts are kept.
"""

from collections.abc import Sequence
from dataclasses import asdict
from html import escape

import gradio as gr

from eval import Drafts
from index import Index, Report, WenjuError
from web.card import place_name
from web.examiner import Download, sent
from web.progress import news
from web.scorecard import kind_name
from web.words import both, choice, hidden

# Drafts on the page; looking at these uncovers the next.
MOST_DRAFTS = 40

_ON_DRAFTS = """element.addEventListener('click', event => {
  const button = event.target.closest('[data-draft]');
  if (!button) return;
  const row = button.closest('.draft'), does = button.dataset.draft;
  if (does === 'run') trigger('submit', {});
  else if (does === 'propose') trigger('select', {report: element.querySelector('#draft-report').value});
  else {
    const [question, answers] = ['.question', '.answers'].map(box => row.querySelector(box).value);
    trigger('input', {does, id: row.dataset.id, question, answers});
  }
});
window.wenju = Object.assign(window.wenju || {}, {drafts: async () => await server.accepted('')});"""


class Drafting:
    """Answers the list's events."""

    def __init__(self, index: Index, drafts: Drafts) -> None:
        self._index = index
        self.drafts = drafts

    def page(self, opened: bool = False, said: str = "", chosen: str = "") -> str:
        """Return the list as it stands."""
        return draft_list(self.drafts.all(), self._index.reports(), (opened, chosen), said)

    def propose(self, event: gr.EventData) -> str:
        """Draft questions for the chosen report."""
        id_ = sent(event).get("report", "")
        report = next((one for one in self._index.reports() if one.id == id_), None)
        if report is None:
            return self.page(True, news(both("removed_earlier"), good=False))
        try:
            made = self.drafts.propose(report)
        except WenjuError as error:
            return self.page(True, news(escape(str(error)), good=False), id_)
        told = news(both("drafted", count=len(made))) if made else news(both("nothing_new"))
        return self.page(True, told, id_)

    def act(self, event: gr.EventData) -> str:
        """Accept a draft as it was edited, or reject it."""
        pressed = sent(event)
        id_ = pressed.get("id", "")
        try:
            if pressed.get("does") == "accept":
                answers = [part.strip() for part in pressed.get("answers", "").split("|") if part.strip()]
                self._edit(id_, pressed.get("question", "").strip(), answers)
                self.drafts.accept(id_)
            else:
                self.drafts.reject(id_)
        except WenjuError as error:
            return self.page(True, news(escape(str(error)), good=False))
        return self.page(True)

    def _edit(self, id_: str, question: str, answers: Sequence[str]) -> None:
        before = next((one for one in self.drafts.all() if one.id == id_), None)
        if before and (question, tuple(answers)) != (before.question, before.answers):
            self.drafts.edit(id_, question, answers)

    def accepted(self) -> Download:
        """Return the drafts' file; only its accepted questions are run."""
        return Download("drafts.jsonl", "application/jsonl", self.drafts.path.read_text(encoding="utf-8"))


def build_drafting(drafting: Drafting) -> gr.HTML:
    """Lay the list out inside the open Blocks and connect its events."""

    def accepted(_: object) -> dict[str, str]:  # Gradio marks a server function, which it cannot do to a method
        return asdict(drafting.accepted())

    listing = gr.HTML(
        drafting.page(), elem_id="drafts", js_on_load=_ON_DRAFTS, server_functions=[accepted], apply_default_css=False
    )
    for event, act in ((listing.select, drafting.propose), (listing.input, drafting.act)):
        event(act, None, listing, queue=False, show_progress="hidden", api_visibility="private")
    return listing


def draft_list(
    drafts: Sequence[Drafts.Draft], reports: Sequence[Report], view: tuple[bool, str] = (False, ""), said: str = ""
) -> str:
    """Return the drafts, those to be looked at first; `view` says whether the list is open, and for which report."""
    opened, chosen = view
    order = {"draft": 0, "accepted": 1, "rejected": 2}
    ordered = sorted(drafts, key=lambda draft: order.get(draft.status, 3))
    waiting = sum(draft.status == "draft" for draft in drafts)
    rows = "".join(_row(draft) for draft in ordered[:MOST_DRAFTS])
    body = f'<ul class="drafts">{rows}</ul>{_set(drafts)}' if drafts else f'<p class="hint">{both("no_drafts")}</p>'
    count = f' <span class="tag">{both("review_count", count=waiting)}</span>' if waiting else ""
    return (
        f'<details class="panel fold"{" open" if opened else ""}><summary><h2>{both("drafts")}</h2>{count}</summary>'
        f'<p class="hint">{both("drafts_hint")}</p>{_maker(reports, chosen)}{said}{body}</details>'
    )


def _maker(reports: Sequence[Report], chosen: str) -> str:
    if not reports:
        return f'<p class="hint">{both("no_reports")}</p>'
    options = [(report.id, (report.title, report.title)) for report in reports]
    button = f'<button type="button" class="chip" data-draft="propose">{both("draft")}</button>'
    return f'<p class="maker">{choice("draft-report", "the_report", options, chosen)}{button}</p>'


def _row(draft: Drafts.Draft) -> str:
    answers = " | ".join(draft.answers)
    status = f"<span>{both(draft.status)}</span>" if draft.status != "draft" else ""
    accept = "" if draft.status == "accepted" else _button("accept", "accept")
    reject = "" if draft.status == "rejected" else _button("reject", "reject")
    return (
        f'<li class="draft {escape(draft.status)}" data-id="{escape(draft.id)}">'
        f'<label>{hidden("question")}<input class="question" value="{escape(draft.question)}"></label>'
        f'<label class="small"><span>{both("answers")}</span><input class="answers" value="{escape(answers)}"></label>'
        f'<blockquote lang="zh-CN">{escape(draft.evidence)}</blockquote><p class="acts">'
        f'<span class="tag">{kind_name(draft.kind)}</span><span>{place_name(draft.paragraph)}</span>'
        f"{status}{accept}{reject}</p></li>"
    )


def _button(does: str, label: str) -> str:
    return f'<button type="button" class="chip" data-draft="{does}">{both(label)}</button>'


def _set(drafts: Sequence[Drafts.Draft]) -> str:
    count = sum(draft.status == "accepted" for draft in drafts)
    if not count:
        return ""
    run = f'<button type="button" class="chip" data-draft="run">{both("run_drafts", count=count)}</button>'
    save = f'<button type="button" class="chip" data-drafts>{both("download_drafts", count=count)}</button>'
    return f'<p class="acts">{run}{save}</p>'
