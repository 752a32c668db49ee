"""Makes a growing progress bar, then the result, of work that runs in a thread of its own and can be stopped.

It does not know what the work is; the work reports (step, done, total) and returns HTML.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from logging import getLogger
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic

from index import WenjuError
from web.terms import STEPS
from web.words import both, pair

Progress = Callable[[str, int, int], None]
Work = Callable[[Progress], str]

# Seconds until a press on Cancel is noticed; the work itself may be in the middle of a long step.
_NOTICED = 0.2
# Seconds between two drawings: with each of sixty questions a second, the bar takes its button from under a press.
_PACE = 0.5


class StoppedError(Exception):
    """Raised inside the work, from its own report of progress, once it was cancelled."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far the work has come."""

    name: str
    done: int
    total: int


def follow(work: Work, stop: Event | None = None, key: str = "", name: str = "") -> Iterator[str]:
    """Yield a progress bar as `work` goes on, at last the HTML it returns or one line on what went wrong.

    Where a `key` is given, the bar has a button to cancel; whoever answers it sets `stop`. `name` is what the work
    is about.
    """
    stop = stop or Event()
    heard: SimpleQueue[Step | str] = SimpleQueue()
    Thread(target=_run, args=(work, heard, stop, name), daemon=True).start()
    drawn = -_PACE
    try:
        while isinstance(latest := _latest(heard, stop, drawn + _PACE), Step):
            yield progress_bar(latest, key, name)
            drawn = monotonic()
        yield latest
    finally:
        stop.set()  # also where the reader has gone: nobody waits for the rest


def _run(work: Work, heard: "SimpleQueue[Step | str]", stop: Event, about: str) -> None:
    def progress(name: str, done: int, total: int) -> None:
        if stop.is_set():
            raise StoppedError
        heard.put(Step(name, done, total))

    try:
        heard.put(work(progress))
    except StoppedError:
        return
    except WenjuError as error:
        heard.put(news(escape(str(error)), good=False, name=about))
    except Exception:  # whatever it was, the page that waits must hear of it
        getLogger(__name__).exception("work failed")
        heard.put(news(both("work_failed"), good=False, name=about))


def _latest(heard: "SimpleQueue[Step | str]", stop: Event, after: float) -> Step | str:
    """Return the result when it comes, or `after` that time the newest step; those that are past are skipped."""
    latest: Step | str | None = None
    while not stop.is_set():
        with suppress(Empty):
            latest = heard.get(timeout=_NOTICED)
        if isinstance(latest, str) or (latest is not None and heard.empty() and monotonic() >= after):
            return latest
    return news(both("cancelled"))


def progress_bar(step: Step, key: str = "", about: str = "") -> str:
    """Return a progress bar with the step's name, what it is about, and with a `key` the button that cancels."""
    percent = round(100 * step.done / step.total) if step.total else 0
    name = pair(*STEPS.get(step.name, (step.name, step.name)))
    named = f"<b>{escape(about)}</b> " if about else ""
    count = f" {step.done} / {step.total}" if step.total > 1 else ""
    cancel = f'<button type="button" class="chip" data-stop="{escape(key)}">{both("cancel")}</button>' if key else ""
    return (
        f'<div class="progress"><span class="step">{named}<span role="status">{name}</span>{count}</span>{cancel}'
        f'<span class="bar" style="--full:{percent}%"></span></div>'
    )


def waiting_bar(about: str) -> str:
    """Return the empty bar of work that has not begun."""
    named = f"<b>{escape(about)}</b> {both('waits')}"
    return (
        f'<div class="progress idle"><span class="step">{named}</span><span class="bar" style="--full:0%"></span></div>'
    )


def news(sentence: str, good: bool = True, name: str = "") -> str:
    """Return a line of news; `sentence` is escaped HTML, `name` the file it is about."""
    named = f"<b>{escape(name)}</b> " if name else ""
    return f'<p class="news {"good" if good else "bad"}" role="status">{named}{sentence}</p>'
