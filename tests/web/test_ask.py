"""What happens between a question and the screen: growing, stopping, failing, remembering."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import Event
from typing import Any

import gradio as gr
import pytest

from index import Report, WenjuError
from qa import Answer, Mode, Turn
from web.ask import Asking
from web.talk import Exchange, Talk


def pressed(question: str | None = None) -> gr.EventData:
    """The event of Enter, or of a press on an example."""
    return gr.EventData(None, {"question": question} if question else None)


def last(asking: Asking, text: str, talk: Talk = (), example: str | None = None) -> tuple[Any, Talk, Any]:
    *_, screen = asking.reply(text, talk, pressed(example))
    return screen


def test_an_answer_grows_on_the_screen_and_the_box_is_emptied_once(
    bridges: Report, answer: Answer, shelf_of: Any, scripted: Any, ballot: Any
) -> None:
    asking = Asking(shelf_of([bridges]), scripted(replace(answer, text=""), answer), ballot)
    screens = list(asking.reply("几座?", (), pressed()))
    assert screens[0][2] == ""
    assert all(box != "" for _, _, box in screens[1:])
    assert "正在翻报告" in str(screens[0][0])
    assert "12座" in str(screens[-1][0])
    (whole,) = screens[-1][1]
    assert whole == Exchange("几座?", answer, done=True, key=whole.key)


@pytest.mark.parametrize("text", ["", "  \n ", None])
def test_an_empty_question_changes_nothing(text: str, shelf_of: Any, scripted: Any, ballot: Any) -> None:
    answerer = scripted()
    ((screen, talk, _),) = Asking(shelf_of([]), answerer, ballot).reply(text, (), pressed())
    assert (screen, talk, answerer.asked) == (gr.skip(), (), [])


def test_an_overlong_question_is_not_asked_and_stays_in_the_box(shelf_of: Any, scripted: Any, ballot: Any) -> None:
    answerer = scripted()
    screen, _, box = last(Asking(shelf_of([]), answerer, ballot), "长" * 2001)
    assert "问题有 2001 个字" in screen
    assert box == gr.skip()
    assert not answerer.asked


def test_a_press_on_an_example_asks_it_and_leaves_the_box(
    answer: Answer, shelf_of: Any, scripted: Any, ballot: Any
) -> None:
    answerer = scripted(answer)
    screens = list(Asking(shelf_of([]), answerer, ballot).reply("半句话", (), pressed("几座?")))
    assert all(box == gr.skip() for _, _, box in screens)
    assert answerer.asked == [("几座?", [])]


def test_earlier_turns_are_told_but_not_those_that_failed(
    answer: Answer, shelf_of: Any, scripted: Any, ballot: Any
) -> None:
    answerer = scripted(answer)
    talk = (Exchange("几座?", answer, done=True), Exchange("坏", problem="x", done=True))
    last(Asking(shelf_of([]), answerer, ballot), "那路呢?", talk)
    assert answerer.asked == [("那路呢?", [Turn("几座?", "全年建桥12座。[1]")])]


def test_an_error_is_one_escaped_sentence(shelf_of: Any, scripted: Any, ballot: Any) -> None:
    screen, _, _ = last(Asking(shelf_of([]), scripted(WenjuError("No <report>.")), ballot), "几座?")
    assert "No &lt;report&gt;." in screen


def test_an_unforeseen_error_shows_no_traceback(shelf_of: Any, scripted: Any, ballot: Any) -> None:
    screen, _, _ = last(Asking(shelf_of([]), scripted(ZeroDivisionError("secret")), ballot), "几座?")
    assert "出了点意外" in screen
    assert "secret" not in screen


class Pausing:
    """An answerer that writes one answer and then keeps silent until the test lets it go on."""

    mode = Mode.EXTRACTIVE

    def __init__(self, first: Answer, second: Answer) -> None:
        self.first, self.second, self.go_on = first, second, Event()

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Answer]:
        yield self.first
        assert self.go_on.wait(10)
        yield self.second


def stopped_after_first(first: Answer, shelf_of: Any, ballot: Any) -> tuple[str, Talk]:
    """Ask, press Stop at the first piece while the answerer keeps silent; return the last screen."""
    answerer = Pausing(first, replace(first, text="太晚了。"))
    asking = Asking(shelf_of([]), answerer, ballot)  # type: ignore[arg-type]
    screens = asking.reply("几座?", (), pressed())
    next(screens)
    shown, talk, _ = next(screens)
    run = re.search('data-run="(.+?)"', str(shown))
    assert run is not None
    asking.stop(gr.EventData(None, {"run": run.group(1)}))
    *_, (shown, talk, _) = screens
    answerer.go_on.set()
    return str(shown), talk


def test_stopping_keeps_what_was_written(answer: Answer, shelf_of: Any, ballot: Any) -> None:
    shown, talk = stopped_after_first(answer, shelf_of, ballot)
    assert "12座" in shown
    assert "已停止" in shown
    assert "data-run" not in shown
    assert talk[-1].done


def test_stopping_before_the_first_word_says_so(answer: Answer, shelf_of: Any, ballot: Any) -> None:
    shown, _ = stopped_after_first(replace(answer, text=""), shelf_of, ballot)
    assert "已停止" in shown
    assert "busy" not in shown.replace("aria-busy", "")


@pytest.mark.parametrize("run", ["gone", "", None])
def test_stopping_what_does_not_run_changes_nothing(run: str | None, shelf_of: Any, scripted: Any, ballot: Any) -> None:
    Asking(shelf_of([]), scripted(), ballot).stop(gr.EventData(None, {"run": run}))


def test_a_whole_answer_is_not_called_stopped(answer: Answer, shelf_of: Any, scripted: Any, ballot: Any) -> None:
    screen, _, _ = last(Asking(shelf_of([]), scripted(answer), ballot), "几座?")
    assert "已停止" not in screen


def test_a_report_that_is_gone_gives_way_to_the_first(
    bridges: Report, shelf_of: Any, scripted: Any, ballot: Any
) -> None:
    asking = Asking(shelf_of([bridges]), scripted(), ballot)
    assert 'data-report="bridges"' in asking.open_report("gone")


def test_the_endpoint_gives_plain_values(answer: Answer, shelf_of: Any, scripted: Any, ballot: Any) -> None:
    given = Asking(shelf_of([]), scripted(answer), ballot).answer("几座?")
    assert (given["text"], given["lead"], given["refused"]) == ("全年建桥12座。[1]", "12座", False)


def test_the_endpoint_tells_a_bad_question_in_one_sentence(shelf_of: Any, scripted: Any, ballot: Any) -> None:
    with pytest.raises(gr.Error, match="The question is empty"):
        Asking(shelf_of([]), scripted(WenjuError("The question is empty.")), ballot).answer("")
