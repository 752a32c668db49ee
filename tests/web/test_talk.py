"""What the left side shows: a turn of the conversation, the welcome, the examples."""

from dataclasses import replace

from index import Report
from qa import Answer
from web.examples import Example
from web.exchange import Exchange
from web.talk import hint_row, talk_frame, too_long, turn, welcome
from web.terms import EXAMPLES, SHIPPED_REPORT

ONE = Example("建了几座<桥>?", "一、桥梁,全线贯通", "bridges", 1)


def test_the_conversation_is_a_log_beside_a_live_region_that_hears_whole_answers_only() -> None:
    frame = talk_frame()
    assert 'role="log" aria-live="off"' in frame
    assert 'id="live" class="unseen" role="status" aria-live="polite"' in frame


def test_a_question_without_an_answer_yet_shows_that_work_goes_on(answer: Answer) -> None:
    assert "正在翻报告" in turn(Exchange("几座?"))
    assert "正在翻报告" in turn(Exchange("几座?", replace(answer, text="")))


def test_an_answer_broken_off_stays_and_says_so(answer: Answer) -> None:
    html = turn(Exchange("几座?", answer, stopped=True, done=True))
    assert "12座" in html
    assert "已停止" in html
    assert "busy" not in turn(Exchange("几座?", stopped=True, done=True))


def test_an_overlong_question_is_refused_with_its_length_and_shown_in_short() -> None:
    refused = too_long("长" * 5000)
    assert refused.question == "长" * 80 + "…"
    assert "问题有 5000 个字，最多 2000 个" in refused.problem
    assert refused.done


def test_the_welcome_holds_places_until_the_examples_are_made(bridges: Report) -> None:
    assert welcome([bridges]).count("place") == 6
    assert "place" not in welcome([bridges], [ONE])
    assert "可以这样问" not in welcome([bridges], [])


def test_an_example_shows_its_chapter_and_asks_its_question_as_text(bridges: Report) -> None:
    html = welcome([bridges], [ONE])
    assert 'data-ask="建了几座&lt;桥&gt;?"' in html
    assert "<small>一、桥梁</small>" in html
    assert "建了几座&lt;桥&gt;?" in hint_row([bridges], [ONE])


def test_the_shipped_report_alone_has_english_examples_for_english_readers(bridges: Report) -> None:
    shipped = replace(bridges, id=SHIPPED_REPORT)
    assert welcome([shipped], [ONE]).count('class="try en"') == len(EXAMPLES) == 6
    assert 'class="try zh"' in welcome([shipped], [ONE])
    assert 'class="try"' in welcome([shipped, bridges], [ONE])
    assert "try en" not in welcome([shipped, bridges], [ONE])


def test_the_welcome_names_the_report_its_date_and_office_as_text(bridges: Report) -> None:
    html = welcome([bridges])
    assert "桥 &amp; &quot;路&quot;" in html
    assert "2024-03-01 · 路桥处" in html
    assert "另有 1 份" in welcome([bridges, bridges])


def test_the_welcome_has_the_table_of_contents(bridges: Report) -> None:
    html = welcome([bridges])
    assert '<a href="#cite" data-goto="1">一、桥梁</a>' in html
    assert '<a href="#cite" data-goto="2">二、道路</a>' in html


def test_an_empty_library_is_said_so() -> None:
    assert "书架还是空的" in welcome([])
