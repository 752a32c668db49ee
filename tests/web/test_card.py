"""What an answer looks like as HTML: marks, lead, sources, refusal, and that nothing in it can run."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from qa import Answer, Citation
from qa.records import Doubt, Flag
from web.card import bubble, plain, problem
from web.card import card as card_of
from web.exchange import Exchange, Near
from web.terms import DOUBTS


def card(answer: Answer, done: bool = True, **more: Any) -> str:
    return card_of(Exchange(answer.question, answer, done=done, **more), answer)


def seen(html: str) -> str:
    """The Chinese text of some HTML: English and what only screen readers hear is left out."""
    html = re.sub(r'<span class="en".*?</span>', "", html)
    html = re.sub(r'<span class="unseen">(<span.*?</span>)*</span>', "", html)
    return unescape(re.sub(r"<[^>]+>", "", html))


def test_the_lead_stands_first_and_is_bold_in_the_sentence(answer: Answer) -> None:
    html = card(answer)
    assert '<div class="lead">12座</div>' in html
    assert "全年建桥<strong>12座</strong>。<a " in html


def test_a_mark_becomes_a_link_in_its_colour(answer: Answer) -> None:
    assert '<a class="cite c1" href="#cite" data-mark="1">' in card(answer)


def test_a_mark_without_a_citation_stays_text(answer: Answer) -> None:
    html = card(replace(answer, text="全年建桥12座。[1][7]"))
    assert html.count("<a class") == 2  # in the text and in the list of sources
    assert "[7]" in html


def test_the_sixth_mark_begins_the_colours_again(answer: Answer, cite: Callable[..., Citation]) -> None:
    html = card(replace(answer, text="全年建桥12座。[6]", citations=(cite(mark=6),)))
    assert 'class="cite c1" href="#cite" data-mark="6"' in html


def test_a_source_names_its_section_paragraph_and_strength(answer: Answer) -> None:
    html = card(answer)
    source = html[html.index('<li class="src">') : html.index("</li>")]
    assert seen(source) == "1《桥》一、桥梁 · 第 1 段全年建桥12座。"
    assert "--full:90%" in source
    assert 'data-quote="全年建桥12座。"' in source


def test_the_pieces_of_a_shortened_sentence_are_one_source(answer: Answer, cite: Callable[..., Citation]) -> None:
    html = card(replace(answer, citations=(cite(end=4), cite(start=8, end=14))))
    assert html.count('<li class="src">') == 1
    assert 'data-quote="全年建桥…投资3亿元。"' in html


def test_a_card_carries_where_its_quotations_stand(answer: Answer) -> None:
    carried = re.search(r'data-cites="([^"]*)"', card(answer))
    assert carried is not None
    assert json.loads(unescape(carried.group(1))) == [
        {"mark": 1, "report": "bridges", "version": 1, "paragraph": 1, "start": 0, "end": 8}
    ]


def test_the_foot_tells_confidence_and_time(answer: Answer) -> None:
    html = card(answer)
    assert seen(html[html.index('<div class="foot">') :]) == "引文与原文逐字一致把握：高摘自原文0.03 秒复制链接重问修改"
    assert "把握：中" in card(replace(answer, confidence=0.6))
    assert "把握：低" in card(replace(answer, confidence=0.2))


def test_a_growing_card_has_no_foot(answer: Answer) -> None:
    html = card(answer, done=False)
    assert "foot" not in html
    assert 'class="ans busy"' in html


def test_a_refusal_shows_the_nearest_passages_as_no_answer(answer: Answer) -> None:
    refused = replace(answer, text="报告中没有找到。", lead="", refused=True, citations=())
    html = card(refused, near=(Near("bridges", 1, "投资3亿元。"),), offers=("建了几座桥?",))
    assert 'class="ans no"' in html
    assert "仅供参考，不是答案" in html
    assert '<a class="near-link" href="#cite" data-report="bridges" data-paragraph="1" data-version="1">' in html
    assert '<button type="button" class="chip" lang="zh-CN" data-ask="建了几座桥?">建了几座桥?</button>' in html
    assert "逐字一致" not in html


def test_copying_gives_the_text_with_sources_as_footnotes(answer: Answer) -> None:
    assert plain(answer) == "12座 — 全年建桥12座。[1]\n\n[1] 桥 · 一、桥梁,全线贯通 · ¶1"


def test_a_rewritten_question_is_shown_below_the_asked_one() -> None:
    assert seen(bubble("那路呢?", "修了多少路?")) == "那路呢?已补全为：修了多少路?"
    assert "rew" not in bubble("那路呢?", "那路呢?")


def test_what_a_reader_or_report_wrote_cannot_run(answer: Answer, cite: Callable[..., Citation]) -> None:
    nasty = "<script>alert(1)</script> ![](http://x) \"'<img src=x onerror=y>"
    cited = replace(cite(), quote=nasty, section=(nasty,), title=nasty, report=nasty)
    written = replace(answer, text=f"{nasty}[1]", lead=nasty, citations=(cited,), warnings=(nasty,), searched=nasty)
    html = bubble(nasty, "") + bubble("?", nasty) + card(written)
    assert not re.findall(r"<(?!/?(?:div|span|a|article|ol|li|b|strong|p|svg|path|button)\b)", html)
    assert "onerror=y>" not in html
    assert "<img" not in html


def test_a_problem_is_one_sentence_in_a_card() -> None:
    assert seen(problem("太长了。")) == "这个问题没能回答太长了。重问修改"


def test_a_sentence_that_is_not_verified_is_marked_with_the_reason_and_so_is_its_copy(answer: Answer) -> None:
    text = "全年建桥12座。[1]另建<b>9座。"
    doubted = replace(answer, text=text, lead="", flags=(Flag(11, len(text), Doubt.FIGURE, "9座"),))
    html = card(doubted)
    assert '全年建桥12座。<a class="cite' in html
    assert '<span class="doubt">另建&lt;b&gt;9座。 <small class="why">' in html
    assert "未在原文中核实 · 引用的段落没有这样写：9座" in html
    assert "Not verified · not in the cited paragraph: 9座" in html
    assert "? 未在原文中核实 / not verified: 另建<b>9座。" in plain(doubted)


@pytest.mark.parametrize("reason", Doubt)
def test_every_reason_for_a_doubt_has_its_words(reason: Doubt) -> None:
    assert all(phrase.format(detail="9座") for phrase in DOUBTS[reason])
