"""Reads a stream that may keep silent for long, so that it can be left at any moment.

It does not know what the stream carries.
"""

from collections.abc import Iterator
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TypeVar

Piece = TypeVar("Piece")

# Seconds until a press on Stop is noticed while the stream keeps silent.
_NOTICED = 0.05


def until_stopped(pieces: Iterator[Piece], stop: Event) -> Iterator[Piece]:
    """Yield the pieces until they end or `stop` is set; what the stream raises is raised here.

    The stream is read in a thread of its own: a language model may be silent for a minute.
    """
    heard: SimpleQueue[tuple[Piece] | Exception | None] = SimpleQueue()
    left = Event()
    Thread(target=_read, args=(pieces, heard, left), daemon=True).start()
    try:
        while not stop.is_set():
            try:
                told = heard.get(timeout=_NOTICED)
            except Empty:
                continue
            if told is None:
                return
            if isinstance(told, Exception):
                raise told
            yield told[0]
    finally:
        left.set()  # also where the reader has gone: nobody waits for the rest


def _read(pieces: Iterator[Piece], heard: "SimpleQueue[tuple[Piece] | Exception | None]", left: Event) -> None:
    try:
        for piece in pieces:
            heard.put((piece,))
            if left.is_set():
                return
        heard.put(None)
    except Exception as error:  # whatever it was, the one who waits must hear of it
        heard.put(error)
