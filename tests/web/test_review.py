"""Votes on their way into a set: accepted, rejected, completed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from eval import Feedback
from index import Report
from qa import Answer
from web.review import LONGEST_QUOTE, Reviewer, review_list


@pytest.fixture
def feedback(tmp_path: Path) -> Feedback:
    return Feedback(tmp_path)


@pytest.fixture
def reviewer(bridges: Report, shelf_of: Any, feedback: Feedback) -> Reviewer:
    return Reviewer(shelf_of([bridges]), feedback)


@pytest.fixture
def refused(answer: Answer) -> Answer:
    return replace(answer, text="没有找到。", lead="", refused=True, citations=())


def press(**sent: str) -> gr.EventData:
    return gr.EventData(None, sent)


def test_a_vote_is_shown_as_text_with_what_was_cited(answer: Answer, feedback: Feedback) -> None:
    feedback.vote(replace(answer, question="<b>几座?"), "up")
    html = review_list(feedback.votes(), ("", ()))
    assert "<b>&lt;b&gt;几座?</b>" in html
    assert '<blockquote lang="zh-CN">全年建桥12座。</blockquote>' in html
    assert "待审 1" in html


def test_nothing_to_review_says_so() -> None:
    assert "还没有人评过" in review_list((), ("", ()))


def test_accepting_is_kept_and_can_be_taken_back(reviewer: Reviewer, answer: Answer, feedback: Feedback) -> None:
    vote = feedback.vote(answer, "up")
    html = reviewer.act(press(id=vote.id, review="accepted"))
    assert feedback.votes()[0].reviewed == "accepted"
    assert '<details class="panel fold" open>' in html
    assert "data-adopt" in html
    assert "data-adopt" not in reviewer.act(press(id=vote.id, review=""))
    assert feedback.votes()[0].reviewed == ""


def test_a_refusal_called_useless_wants_its_passage_first(
    reviewer: Reviewer, refused: Answer, feedback: Feedback
) -> None:
    vote = feedback.vote(refused, "down")
    assert 'data-review="accepted"' not in reviewer.page()
    found = reviewer.act(press(id=vote.id, review="find"))
    assert 'data-review="mark"' in found
    assert 'data-report="bridges" data-paragraph="1"' in found
    html = reviewer.act(press(id=vote.id, review="mark", report="bridges", paragraph="1"))
    assert feedback.votes()[0].passages[0].quote == "全年建桥12座。投资3亿元。"
    assert 'data-review="accepted"' in html


def test_accepted_votes_are_handed_out_as_a_set(reviewer: Reviewer, answer: Answer, feedback: Feedback) -> None:
    feedback.review(feedback.vote(answer, "up").id, "accepted")
    feedback.review(feedback.vote(replace(answer, question="别的?"), "up").id, "rejected")
    (line,) = reviewer.adopt().text.splitlines()
    case = json.loads(line)
    assert (case["question"], case["evidence"], case["answers"]) == ("建了几座桥?", ["全年建桥12座。"], ["12座"])


def test_a_vote_that_is_gone_is_one_line(reviewer: Reviewer) -> None:
    assert '<p class="news bad"' in reviewer.act(press(id="nobody", review="accepted"))


def test_a_long_passage_is_cut(reviewer: Reviewer, refused: Answer, feedback: Feedback, bridges: Report) -> None:
    long = replace(bridges.paragraphs[1], text="长" * 200)
    feedback.passage(refused, long, 0, 200)
    assert f"{'长' * LONGEST_QUOTE}…</blockquote>" in reviewer.page()


def test_a_list_that_was_open_stays_open(reviewer: Reviewer) -> None:
    assert "fold open" not in reviewer.refresh(press(open=""))
    assert 'fold" open>' in reviewer.refresh(press(open="yes"))
