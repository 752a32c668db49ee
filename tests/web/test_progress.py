"""Work that takes long: its progress, its end, and that it can be stopped."""

from threading import Event

import pytest

from index import WenjuError
from web.progress import Progress, StoppedError, follow


def test_the_last_thing_shown_is_what_the_work_returns() -> None:
    def work(progress: Progress) -> str:
        progress("answering", 1, 4)
        return "<p>done</p>"

    *bars, last = follow(work)
    assert last == "<p>done</p>"
    assert all("1 / 4" in bar and "--full:25%" in bar for bar in bars)


def test_a_bar_is_not_drawn_anew_under_the_finger_with_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.progress.monotonic", lambda: 0.0)  # no time goes by

    def work(progress: Progress) -> str:
        for done in range(100):
            progress("answering", done, 100)
        return "<p>done</p>"

    seen = list(follow(work))
    assert len(seen) <= 2
    assert seen[-1] == "<p>done</p>"


def test_a_bar_can_be_cancelled_only_where_somebody_answers() -> None:
    going_on, begun = Event(), Event()

    def work(progress: Progress) -> str:
        progress("answering", 1, 4)
        begun.set()
        going_on.wait()
        return ""

    shown = follow(work, key="k<1>")
    assert 'data-stop="k&lt;1&gt;"' in next(shown)
    going_on.set()
    assert list(shown) == [""]


def test_cancelling_ends_the_wait_at_once_and_the_work_at_its_next_step() -> None:
    stop, pressed, ended = Event(), Event(), Event()

    def work(progress: Progress) -> str:
        progress("answering", 1, 4)
        pressed.wait()
        try:
            progress("answering", 2, 4)
        except StoppedError:
            ended.set()
            raise
        return "never shown"

    shown = follow(work, stop, "k")
    next(shown)
    stop.set()
    assert "已取消" in next(shown)  # the work itself is still in the middle of a step
    pressed.set()
    assert ended.wait(5)


def test_a_reader_who_leaves_stops_the_work() -> None:
    stop, left = Event(), Event()

    def work(progress: Progress) -> str:
        progress("answering", 1, 4)
        left.wait()
        return ""

    shown = follow(work, stop, "k")
    next(shown)
    shown.close()
    left.set()
    assert stop.is_set()


def test_an_error_is_one_escaped_line() -> None:
    def work(progress: Progress) -> str:
        raise WenjuError("No <set>.")

    *_, last = follow(work)
    assert last == '<p class="news bad" role="status">No &lt;set&gt;.</p>'
