"""Makes the list in which votes of readers are reviewed, and answers its events; accepted ones become a set.

It does not know how votes are kept or what a vote means for a set.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path

import gradio as gr

from eval import Feedback
from index import Hit, Index, WenjuError
from web.card import place_name
from web.examiner import Download, sent
from web.exchange import nearest_sentence
from web.progress import news
from web.vote import find_paragraph
from web.words import both

# Votes on the page, the newest first; reviewing these uncovers the next.
MOST_VOTES = 60
# Paragraphs offered as the right passage of a vote that lacks it.
CANDIDATES = 4
# Characters that are shown of a passage; a reader may have named a whole paragraph.
LONGEST_QUOTE = 160

_ON_REVIEW = """element.addEventListener('click', event => {
  const button = event.target.closest('[data-review]');
  if (button) trigger('input', {...button.dataset});
});
addEventListener('hashchange', () => {
  const list = element.querySelector('details');
  if (location.hash === '#evaluate') trigger('focus', {open: list && list.open ? 'yes' : ''});
});
window.wenju = Object.assign(window.wenju || {}, {adopt: async () => await server.adopt('')});"""


class Reviewer:
    """Answers the list's events."""

    def __init__(self, index: Index, feedback: Feedback) -> None:
        self._index = index
        self._feedback = feedback

    def page(self, opened: bool = False, asked: str = "", said: str = "") -> str:
        """Return the list; the vote `asked` shows paragraphs to choose the right one from."""
        votes = self._feedback.votes()
        found = next((vote for vote in votes if vote.id == asked), None)
        hits = self._index.search(found.searched or found.question, CANDIDATES) if found else ()
        return review_list(votes, (asked, hits), opened, said)

    def refresh(self, event: gr.EventData) -> str:
        """Return the list with the votes that came meanwhile."""
        return self.page(bool(sent(event).get("open")))

    def act(self, event: gr.EventData) -> str:
        """Accept, reject, take back, or name the right passage, as the pressed button says."""
        pressed = sent(event)
        id_, what = pressed.get("id", ""), pressed.get("review", "")
        try:
            if what == "find":
                return self.page(True, asked=id_)
            if what == "mark":
                self._mark(id_, pressed)
            else:
                self._feedback.review(id_, what if what in ("accepted", "rejected") else "")
        except WenjuError as error:
            return self.page(True, said=news(escape(str(error)), good=False))
        return self.page(True)

    def _mark(self, id_: str, pressed: dict[str, str]) -> None:
        paragraph = find_paragraph(self._index, pressed.get("report", ""), pressed.get("paragraph", ""))
        self._feedback.mark(id_, paragraph, 0, len(paragraph.text))

    def adopt(self) -> Download:
        """Return the accepted votes as a set."""
        with tempfile.TemporaryDirectory(prefix="wenju-adopt-") as folder:
            out = Path(folder) / "from-use.jsonl"
            self._feedback.adopt(out)
            return Download(out.name, "application/jsonl", out.read_text(encoding="utf-8"))


def build_review(reviewer: Reviewer) -> gr.HTML:
    """Lay the list out inside the open Blocks and connect its events."""

    def adopt(_: object) -> dict[str, str]:  # Gradio marks a server function, which it cannot do to a method
        return asdict(reviewer.adopt())

    listing = gr.HTML(
        reviewer.page(), elem_id="review", js_on_load=_ON_REVIEW, server_functions=[adopt], apply_default_css=False
    )
    for event, act in ((listing.input, reviewer.act), (listing.focus, reviewer.refresh)):
        event(act, None, listing, queue=False, show_progress="hidden", api_visibility="private")
    return listing


def review_list(
    votes: Sequence[Feedback.Vote], asked: tuple[str, Sequence[Hit]], opened: bool = False, said: str = ""
) -> str:
    """Return the votes, those that wait first, the newest of each first; `asked` names a vote and its candidates."""
    waiting = [vote for vote in votes if not vote.reviewed]
    ordered = [*reversed(waiting), *reversed([vote for vote in votes if vote.reviewed])]
    rows = "".join(_row(vote, asked[1] if vote.id == asked[0] else ()) for vote in ordered[:MOST_VOTES])
    accepted = sum(vote.reviewed == "accepted" for vote in votes)
    adopt = (
        f'<button type="button" class="chip" data-adopt>{both("adopt", count=accepted)}</button>' if accepted else ""
    )
    body = f'<ul class="votes">{rows}</ul>{adopt}' if votes else f'<p class="hint">{both("no_votes")}</p>'
    count = f' <span class="tag">{both("review_count", count=len(waiting))}</span>' if waiting else ""
    return (
        f'<details class="panel fold"{" open" if opened else ""}><summary><h2>{both("review")}</h2>{count}</summary>'
        f'<p class="hint">{both("review_hint")}</p>{said}{body}</details>'
    )


def _row(vote: Feedback.Vote, hits: Sequence[Hit]) -> str:
    quotes = "".join(f'<blockquote lang="zh-CN">{escape(_cut(one.quote))}</blockquote>' for one in vote.passages)
    refused = f'<span class="tag">{both("refused_word")}</span>' if vote.refused else ""
    return (
        f'<li class="vote {escape(vote.reviewed)}"><p class="asked"><b>{escape(vote.question)}</b> '
        f'<span class="tag {"good" if vote.verdict == "up" else ""}">{both(vote.verdict)}</span>{refused}</p>'
        f'<p class="told">{escape(vote.text)}</p>{quotes}{_candidates(vote, hits)}'
        f'<p class="acts">{_acts(vote)}</p></li>'
    )


def _cut(quote: str) -> str:
    return quote if len(quote) <= LONGEST_QUOTE else f"{quote[:LONGEST_QUOTE]}…"


def _acts(vote: Feedback.Vote) -> str:
    if vote.reviewed:
        return f"<span>{both(vote.reviewed)}</span>{_button(vote.id, '', 'undo')}"
    if vote.needs_passage:
        find = _button(vote.id, "find", "find_passage")
        return f"<span>{both('needs_passage')}</span>{find}{_button(vote.id, 'rejected', 'reject')}"
    return _button(vote.id, "accepted", "accept") + _button(vote.id, "rejected", "reject")


def _button(id_: str, what: str, label: str, more: str = "") -> str:
    return (
        f'<button type="button" class="chip" data-review="{what}" data-id="{escape(id_)}"{more}>{both(label)}</button>'
    )


def _candidates(vote: Feedback.Vote, hits: Sequence[Hit]) -> str:
    rows = "".join(_candidate(vote, hit) for hit in hits)
    return f'<ul class="candidates">{rows}</ul>' if rows else ""


def _candidate(vote: Feedback.Vote, hit: Hit) -> str:
    paragraph = hit.paragraph
    place = f' data-report="{escape(paragraph.report)}" data-paragraph="{paragraph.number}"'
    shown = escape(nearest_sentence(vote.searched or vote.question, paragraph))
    return (
        f'<li><span>{place_name(paragraph.number)}</span> <span lang="zh-CN">{shown}</span> '
        f"{_button(vote.id, 'mark', 'right_passage', place)}</li>"
    )
