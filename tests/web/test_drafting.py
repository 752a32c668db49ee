"""Drafted questions: looked at, edited, accepted, rejected, handed out."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from eval import Drafts
from index import Report
from web.drafting import Drafting, draft_list

SENTENCE = "五年来共有6万多户居民告别旧里,总量超过前五年一倍以上。"


@pytest.fixture
def drafting(bridges: Report, shelf_of: Any, tmp_path: Path) -> Drafting:
    paragraph = replace(bridges.paragraphs[2], text=SENTENCE, sentences=())
    from index.records import Sentence

    paragraph = replace(paragraph, sentences=(Sentence(0, len(SENTENCE)),))
    report = replace(bridges, paragraphs=(*bridges.paragraphs[:2], paragraph))
    return Drafting(shelf_of([report]), Drafts(tmp_path))


def press(**sent: str) -> gr.EventData:
    return gr.EventData(None, sent)


def test_drafts_are_proposed_for_the_chosen_report_and_wait(drafting: Drafting) -> None:
    html = drafting.propose(press(report="bridges"))
    (draft, *_) = drafting.drafts.all()
    assert draft.status == "draft"
    assert f'data-id="{draft.id}"' in html
    assert "data-drafts" not in html  # nothing is accepted yet, so there is no set
    assert "没有新的可起草" in drafting.propose(press(report="bridges"))


def test_a_report_that_is_gone_is_one_line(drafting: Drafting) -> None:
    assert '<p class="news bad"' in drafting.propose(press(report="nobody"))


def test_accepting_keeps_what_was_edited(drafting: Drafting) -> None:
    drafting.propose(press(report="bridges"))
    id_ = drafting.drafts.all()[0].id
    html = drafting.act(press(does="accept", id=id_, question="多少户搬走了?", answers="6万多户 | 6万多"))
    (draft, *_) = drafting.drafts.all()
    assert (draft.question, draft.answers, draft.status) == ("多少户搬走了?", ("6万多户", "6万多"), "accepted")
    assert "data-drafts" in html


def test_a_rejected_draft_can_still_be_accepted(drafting: Drafting) -> None:
    drafting.propose(press(report="bridges"))
    draft = drafting.drafts.all()[0]
    html = drafting.act(press(does="reject", id=draft.id))
    assert drafting.drafts.all()[0].status == "rejected"
    assert 'data-draft="accept"' in html


def test_an_edit_without_a_question_is_one_line(drafting: Drafting) -> None:
    drafting.propose(press(report="bridges"))
    html = drafting.act(press(does="accept", id=drafting.drafts.all()[0].id, question=" ", answers=""))
    assert '<p class="news bad"' in html
    assert drafting.drafts.all()[0].status == "draft"


def test_a_draft_is_shown_as_text(drafting: Drafting, bridges: Report) -> None:
    drafting.propose(press(report="bridges"))
    draft = replace(drafting.drafts.all()[0], question='"><script>', evidence="<i>", answers=("<u>",))
    html = draft_list([draft], [bridges])
    assert 'value="&quot;&gt;&lt;script&gt;"' in html
    assert "<i>" not in html
    assert "<u>" not in html


def test_the_drafts_are_handed_out_as_they_lie(drafting: Drafting) -> None:
    drafting.propose(press(report="bridges"))
    first = json.loads(drafting.accepted().text.splitlines()[0])
    assert first["evidence"] == [SENTENCE]


def test_without_a_report_there_is_nothing_to_draft_from() -> None:
    assert "书架还是空的" in draft_list((), ())
