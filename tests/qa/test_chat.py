"""A conversation in a terminal: with a console that writes into memory, and in a real pseudo-terminal."""

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from index import Index, IndexConfig, Scope
from qa import Answerer, QaConfig
from qa.chat import STOPPED, chat
from qa.config import ConfidenceWeights
from qa.prompt import Prompt

SURE = QaConfig(confidence=ConfidenceWeights(bias=20.0))


class Stopped:
    """A model whose reader presses Ctrl-C at the second piece."""

    def pieces(self, prompt: Prompt) -> Iterator[str]:
        yield "岸线"
        raise KeyboardInterrupt


@pytest.fixture
def talk() -> Callable[..., str]:
    """Hold a conversation of the given questions; return what the terminal showed."""

    def hold(answerer: Answerer, *questions: str) -> str:
        asked = iter(questions)

        def read(prompt: str) -> str:
            try:
                return next(asked)
            except StopIteration:
                raise EOFError from None

        console = Console(file=StringIO(), width=200, highlight=False, markup=False)
        chat(answerer, console, read)
        assert isinstance(console.file, StringIO)
        return console.file.getvalue()

    return hold


def test_a_question_is_answered_with_its_mark_and_source(fake_index, talk: Callable[..., str]) -> None:
    shown = talk(Answerer(fake_index, SURE), "滨江岸线贯通了多少公里?")
    assert "率先实现滨江8.3公里岸线贯通开放。[1]" in shown
    assert "[1] 报告 | 一、章 #1 (0-18)" in shown


def test_every_question_of_a_conversation_is_put_to_its_scope(fake_index) -> None:
    asked, scope = iter(["滨江岸线多少公里?", "那旧里呢?", ""]), Scope(tags=(("year", "2022"),))
    chat(Answerer(fake_index, SURE), Console(file=StringIO()), lambda _: next(asked), scope)
    assert fake_index.scopes == [scope, scope]


def test_a_follow_up_stands_on_the_turns_before_it_and_new_forgets_them(fake_index, talk: Callable[..., str]) -> None:
    shown = talk(Answerer(fake_index, SURE), "滨江岸线多少公里?", "那旧里呢?", "/new", "那旧里呢?")
    assert "(旧里多少?)" in shown
    assert fake_index.asked == ["滨江岸线多少公里?", "旧里多少?", "那旧里呢?"]


def test_an_empty_line_ends_the_talk(fake_index, talk: Callable[..., str]) -> None:
    talk(Answerer(fake_index, SURE), "", "滨江岸线多少公里?")
    assert fake_index.asked == []


def test_a_bad_question_is_told_and_the_talk_goes_on(fake_index, talk: Callable[..., str]) -> None:
    shown = talk(Answerer(fake_index, SURE), "?", "滨江岸线贯通了多少公里?")
    assert "no letter or digit" in shown
    assert "8.3公里" in shown


def test_what_is_not_verified_is_told_with_the_reason(fake_index, talk: Callable[..., str]) -> None:
    class Inventing:
        def pieces(self, prompt: Prompt) -> Iterator[str]:
            yield "滨江岸线长9.4公里[1]。"

    shown = talk(Answerer(fake_index, SURE, Inventing()), "滨江岸线贯通了多少公里?")
    assert "? 未在原文中核实 / not verified: 滨江岸线长9.4公里[1]。 (9.4公里 does not stand in" in shown


def test_ctrl_c_stops_an_answer_and_the_next_question_is_a_first_one(fake_index, talk: Callable[..., str]) -> None:
    shown = talk(Answerer(fake_index, SURE, Stopped()), "滨江岸线多少公里?", "那旧里呢?")
    assert shown.count(STOPPED) == 2
    assert fake_index.asked == ["滨江岸线多少公里?", "那旧里呢?"]


def test_a_reports_brackets_are_not_taken_for_markup(fake_index, talk: Callable[..., str]) -> None:
    fake_index.texts = ("滨江岸线[bold]8.3公里[/nonsense]贯通。",)
    assert "[bold]8.3公里[/nonsense]" in talk(Answerer(fake_index, SURE), "滨江岸线贯通了多少公里?")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_without_a_question_a_terminal_gets_a_conversation(tmp_path: Path, shipped_report: Path) -> None:
    import pty

    with Index.open(IndexConfig(tmp_path / "library")) as index:
        index.add([shipped_report])
    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WENJU_")} | {
        "TERM": "dumb"
    }
    command = [sys.executable, "-m", "qa", "--library", str(tmp_path / "library")]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, close_fds=True)
    os.close(theirs)
    try:
        assert "Ctrl-D" in heard(ours, "? ")
        os.write(ours, "黄浦滨江岸线贯通开放了多少公里?\n".encode())
        assert "8.3公里" in heard(ours, "[1] ")
        os.write(ours, b"\n")
        assert process.wait(60) == 0
    finally:
        process.kill()
        os.close(ours)


def heard(terminal: int, until: str) -> str:
    """Read what a terminal shows until it shows `until`."""
    seen, limit = b"", time.monotonic() + 60
    while until not in seen.decode("utf-8", "replace"):
        assert time.monotonic() < limit, f"the terminal showed only {seen!r}"
        if select.select([terminal], [], [], 0.2)[0]:
            seen += os.read(terminal, 4096)
    return seen.decode("utf-8", "replace")
