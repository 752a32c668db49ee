"""Writes the log as JSON, one object a line: who did what, how it went, how long it took.

Never a key or a password, and what a reader asked only where that is wanted. It does not know what is served.
"""

import json
import logging
import sys
import traceback
from collections.abc import Generator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from index import Index, Scope, WenjuError
from qa import Answer, Answerer, QaConfig, Turn

_EVERYTHING = Scope()
NAME = "wenju"
_log = logging.getLogger(NAME)


class _Lines(logging.Formatter):
    """One JSON object a record. A traceback is told by its places: its messages may hold what a reader asked."""

    def __init__(self, questions: bool) -> None:
        super().__init__()
        self._questions = questions

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, object] = {"time": at, "level": record.levelname.lower(), "event": record.getMessage()}
        told |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[1]:
            told["error"] = _places(record.exc_info[1])
            if self._questions:
                told["message"] = str(record.exc_info[1])
        return json.dumps(told, ensure_ascii=True, default=str)


def _places(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join((type(error).__name__, *(f"{Path(one.filename).name}:{one.lineno}" for one in reversed(frames))))


def open_journal(where: str = "", questions: bool = False) -> None:
    """Send warnings and errors to standard error, and, where it is named ("-" is standard error), all lines to a file.

    Raises:
        WenjuError: the file cannot be written.
    """
    root = logging.getLogger()
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if where == "-":
        handlers[0].addFilter(_ours_or_serious)
    else:
        handlers[0].setLevel(logging.WARNING)
    if where and where != "-":
        try:
            handlers.append(logging.FileHandler(where, encoding="utf-8"))
        except OSError as error:
            raise WenjuError(f"The log {where} cannot be written ({error.strerror}); check --log.") from error
        handlers[-1].addFilter(_ours_or_serious)
    for old in list(root.handlers):
        root.removeHandler(old)
    for handler in handlers:
        handler.setFormatter(_Lines(questions))
        root.addHandler(handler)
    _log.setLevel(logging.INFO if where else logging.WARNING)


def _ours_or_serious(record: logging.LogRecord) -> bool:
    return record.name == NAME or record.levelno >= logging.WARNING


def note(event: str, **facts: object) -> None:
    """Write one line."""
    _log.info(event, extra={"facts": facts})


def noted(index: Index, config: QaConfig, words: bool = False) -> Answerer:
    """Return an Answerer whose questions are noted, with their words or without."""
    answerer = NotedAnswerer(index, config)
    answerer.words = words
    return answerer


class NotedAnswerer(Answerer):
    """An Answerer that notes every question: its length, how it went, how long it took; its words if `words` is set."""

    words = False

    def stream(
        self, question: str, history: Sequence[Turn] = (), scope: Scope = _EVERYTHING
    ) -> Generator[Answer, None, None]:
        """Yield as an Answerer does."""
        began, last = datetime.now(UTC), None
        try:
            for last in super().stream(question, history, scope):
                yield last
        except WenjuError as error:
            self._note(question, began, outcome=type(error).__name__)
            raise
        except GeneratorExit:
            self._note(question, began, outcome="stopped")
            raise
        if last is not None:
            outcome = "refused" if last.refused else "answered"
            self._note(question, began, outcome=outcome, mode=str(last.mode), sources=len(last.citations))

    def _note(self, question: str, began: datetime, **facts: object) -> None:
        took = round((datetime.now(UTC) - began).total_seconds() * 1000)
        text = {"question": question} if self.words else {}
        note("question", characters=len(question), ms=took, **facts, **text)
