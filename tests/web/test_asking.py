"""What happens between a question and the page: growing, stopping, failing, keeping, asking again."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import Event
from typing import Any

import pytest

from index import Hit, Report, Scope, WenjuError
from qa import Answer, Mode, Turn
from web.asking import Asking, exported


class NoExamples:
    """Offers one question whatever was found."""

    def near(self, hits: Sequence[Hit]) -> tuple[str, ...]:
        return ("建了几座桥?",)


@pytest.fixture
def asking(shelf_of: Any, ballot: Any, bridges: Report) -> Any:
    """`asking(answerer)` makes what answers the page over a library with one report."""

    def make(answerer: Any) -> Asking:
        return Asking(shelf_of([bridges]), answerer, ballot, NoExamples())  # type: ignore[arg-type]

    return make


def last(asking: Asking, question: str, **more: object) -> Any:
    *_, told = asking.turn({"question": question, "run": "r", **more})
    return told


def test_an_answer_grows_and_its_last_piece_says_what_to_keep(answer: Answer, scripted: Any, asking: Any) -> None:
    pieces = list(asking(scripted(replace(answer, text=""), answer)).turn({"question": " 几座? ", "run": "r"}))
    assert [piece["kept"] is None for piece in pieces] == [True, False]
    assert "12座" in pieces[0]["html"]
    assert "busy" in pieces[0]["html"]
    assert "busy" not in pieces[-1]["html"]
    assert pieces[-1]["kept"]["question"] == "几座?"


def test_an_overlong_question_is_not_asked_and_stays_in_the_box(scripted: Any, asking: Any) -> None:
    answerer = scripted()
    told = last(asking(answerer), "长" * 2001)
    assert "问题有 2001 个字" in told["html"]
    assert (told["back"], told["kept"], answerer.asked) == (True, None, [])


def test_earlier_turns_are_told_as_the_page_sent_them(answer: Answer, scripted: Any, asking: Any) -> None:
    answerer = scripted(answer)
    last(
        asking(answerer),
        "那路呢?",
        history=[{"question": "几座?", "answer": "12座。"}, {"question": "坏", "answer": ""}],
    )
    assert answerer.asked == [("那路呢?", [Turn("几座?", "12座。")])]


@pytest.mark.parametrize("told", [None, "x", [1], [{"question": "x"}], {"a": "b"}])
def test_turns_that_cannot_be_read_are_no_turns(told: object, answer: Answer, scripted: Any, asking: Any) -> None:
    answerer = scripted(answer)
    last(asking(answerer), "几座?", history=told)
    assert answerer.asked == [("几座?", [])]


def test_an_error_is_one_escaped_sentence_with_a_way_out(scripted: Any, asking: Any) -> None:
    told = last(asking(scripted(WenjuError("No <report>."))), "几座?")
    assert "No &lt;report&gt;." in told["html"]
    assert "data-again" in told["html"]
    assert told["kept"] is None


def test_an_unforeseen_error_shows_no_traceback(scripted: Any, asking: Any) -> None:
    told = last(asking(scripted(ZeroDivisionError("secret"))), "几座?")
    assert "出了点意外" in told["html"]
    assert "secret" not in told["html"]


class Pausing:
    """An answerer that writes one answer and then keeps silent until the test lets it go on."""

    mode = Mode.EXTRACTIVE

    def __init__(self, first: Answer) -> None:
        self.first, self.go_on = first, Event()

    def stream(self, question: str, history: Sequence[Turn], scope: Scope) -> Iterator[Answer]:
        yield self.first
        assert self.go_on.wait(10)
        yield replace(self.first, text="太晚了。")


def test_stopping_keeps_what_was_written(answer: Answer, asking: Any) -> None:
    answerer = Pausing(answer)
    page = asking(answerer)
    pieces = page.turn({"question": "几座?", "run": "r"})
    next(pieces)
    assert page.stop({"run": "r"})
    (told,) = pieces
    answerer.go_on.set()
    assert "12座" in told["html"]
    assert "已停止" in told["html"]
    assert "太晚了" not in told["html"]
    assert told["kept"]["stopped"]


@pytest.mark.parametrize("run", ["gone", "", None])
def test_stopping_what_does_not_run_changes_nothing(run: str | None, scripted: Any, asking: Any) -> None:
    assert not asking(scripted()).stop({"run": run})


def test_only_whole_answers_can_be_judged(answer: Answer, scripted: Any, asking: Any) -> None:
    assert "data-vote" in last(asking(scripted(answer)), "几座?")["html"]
    assert "data-vote" not in last(asking(scripted(answer, WenjuError("?"))), "几座?")["html"]


def test_a_whole_answer_is_not_called_stopped(answer: Answer, scripted: Any, asking: Any) -> None:
    assert "已停止" not in last(asking(scripted(answer)), "几座?")["html"]


def test_a_refusal_offers_the_nearest_passages_and_questions_that_are_answered(
    answer: Answer, hit: Hit, scripted: Any, asking: Any
) -> None:
    refused = replace(
        answer, text="报告中没有找到。", lead="", refused=True, citations=(), hits=(hit,), searched="投资几亿?"
    )
    told = last(asking(scripted(refused)), "投资几亿?")
    assert told["kept"]["near"] == [{"report": "bridges", "paragraph": 1, "text": "投资3亿元。", "version": 1}]
    assert told["kept"]["offers"] == ["建了几座桥?"]


def test_a_kept_conversation_is_shown_again_as_it_was(answer: Answer, scripted: Any, asking: Any) -> None:
    page = asking(scripted(answer))
    told = last(page, "几座?")
    assert page.show({"turns": [told["kept"]]}) == [told["html"]]


def test_an_answer_from_before_a_new_start_cannot_be_judged(answer: Answer, scripted: Any, asking: Any) -> None:
    page = asking(scripted(answer))
    kept = {**last(page, "几座?")["kept"], "key": "of another server"}
    (html,) = page.show({"turns": [kept]})
    assert "12座" in html
    assert "data-vote" not in html


@pytest.mark.parametrize("kept", [None, {}, {"question": "x"}, [], "<b>", {"question": "x", "answer": {}}])
def test_what_cannot_be_read_is_left_out(kept: object, scripted: Any, asking: Any) -> None:
    assert asking(scripted()).show({"turns": [kept]}) == [""]
    assert asking(scripted()).show({"turns": 7}) == []


def test_a_report_that_is_gone_gives_way_to_the_first(scripted: Any, asking: Any) -> None:
    assert 'data-report="bridges"' in asking(scripted()).open_report({"id": "gone"})


def test_a_question_is_put_to_what_was_chosen_and_says_so(answer: Answer, scripted: Any, asking: Any) -> None:
    answerer = scripted(answer)
    told = last(asking(answerer), "几座?", limit="report=bridges&tag=place%3D江桥&version=1")
    assert answerer.scopes == [Scope(("bridges",), (("place", "江桥"),), "1")]
    assert "只问：" in told["html"]
    assert "《桥 &amp; &quot;路&quot;》、地点：江桥、第 1 版" in told["html"]
    assert told["kept"]["limit"]["query"] == "report=bridges&tag=place%3D%E6%B1%9F%E6%A1%A5&version=1"
    assert asking(answerer).show({"turns": [told["kept"]]})[0].count("只问") == 1


def test_a_limit_that_cannot_be_read_is_told_in_one_sentence(scripted: Any, asking: Any) -> None:
    assert "is no tag" in last(asking(scripted()), "几座?", limit="tag=江桥")["html"]
    assert "is no version" in last(asking(scripted()), "几座?", limit="version=新")["html"]


def test_a_kept_conversation_becomes_a_file(answer: Answer, scripted: Any, asking: Any) -> None:
    kept = last(asking(scripted(answer)), "几座?")["kept"]
    assert exported({"turns": [kept], "name": "桥/路", "kind": "md"}).name == "wenju-桥-路.md"
