"""What the left side shows: the conversation, the welcome, the examples."""

from dataclasses import replace

from index import Report
from qa import Answer
from web.talk import Exchange, conversation, hint_row, too_long, welcome
from web.terms import EXAMPLES, SHIPPED_REPORT


def test_the_conversation_is_a_live_region_that_waits_for_the_whole_answer(answer: Answer) -> None:
    growing = conversation((Exchange("几座?", answer),))
    assert 'role="log" aria-live="polite" aria-busy="true"' in growing
    assert 'aria-busy="false"' in conversation((Exchange("几座?", answer, done=True),))


def test_a_question_without_an_answer_yet_shows_that_work_goes_on(answer: Answer) -> None:
    assert "正在翻报告" in conversation((Exchange("几座?"),))
    assert "正在翻报告" in conversation((Exchange("几座?", replace(answer, text="")),))


def test_turns_are_counted_from_the_first(answer: Answer) -> None:
    done = Exchange("几座?", answer, done=True)
    html = conversation((done, done))
    assert html.index('data-turn="0"') < html.index('data-turn="1"')


def test_an_overlong_question_is_refused_with_its_length_and_shown_in_short() -> None:
    refused = too_long("长" * 5000)
    assert refused.question == "长" * 80 + "…"
    assert "问题有 5000 个字，最多 2000 个" in refused.problem
    assert refused.done


def test_the_shipped_report_has_six_examples_in_both_languages(bridges: Report) -> None:
    shipped = replace(bridges, id=SHIPPED_REPORT)
    assert len(EXAMPLES) == 6
    assert welcome([shipped]).count("data-ask=") == 12
    assert hint_row([shipped]).count('class="chip zh"') == 6


def test_another_library_has_no_examples(bridges: Report) -> None:
    assert "data-ask" not in welcome([bridges]) + hint_row([bridges])
    assert "data-ask" not in hint_row([replace(bridges, id=SHIPPED_REPORT), bridges])


def test_the_welcome_names_the_report_as_text(bridges: Report) -> None:
    assert "桥 &amp; &quot;路&quot; · 2024-03-01" in welcome([bridges])
    assert "另有 1 份" in welcome([bridges, bridges])


def test_an_empty_library_is_said_so() -> None:
    assert "书架还是空的" in welcome([])
