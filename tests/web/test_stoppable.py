"""A stream that can be left: what it yields, how it ends, and what it raises."""

from collections.abc import Iterator
from threading import Event

import pytest

from web.stoppable import until_stopped


def test_all_pieces_come_in_order_and_nothing_calls_it_stopped() -> None:
    stop = Event()
    assert list(until_stopped(iter([1, 2, 3]), stop)) == [1, 2, 3]
    assert not stop.is_set()


def test_a_silent_stream_is_left_when_it_is_stopped() -> None:
    stop, go_on = Event(), Event()

    def silent() -> Iterator[int]:
        yield 1
        go_on.wait(10)
        yield 2

    heard = until_stopped(silent(), stop)
    assert next(heard) == 1
    stop.set()
    assert list(heard) == []
    go_on.set()


def test_a_stream_that_nobody_reads_any_more_is_closed() -> None:
    closed, read = Event(), Event()

    def endless() -> Iterator[int]:
        try:
            while True:
                read.wait(0.01)
                yield 1
        finally:
            closed.set()

    heard = until_stopped(endless(), Event())
    next(heard)
    heard.close()  # type: ignore[attr-defined]
    assert closed.wait(10)


def test_what_the_stream_raises_is_raised_to_the_reader() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise ValueError("out of ink")

    heard = until_stopped(failing(), Event())
    assert next(heard) == 1
    with pytest.raises(ValueError, match="out of ink"):
        next(heard)
