"""Holds a conversation in a terminal: reads questions, shows each answer as it grows, keeps the turns.

The only door to rich. It does not know how an answer is found.
"""

from collections.abc import Callable, Generator
from contextlib import closing, suppress
from functools import partial
from typing import TYPE_CHECKING

from index import Scope, WenjuError
from qa.answer import Answerer
from qa.readable import after, before, led
from qa.records import Answer, Turn

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

WELCOME = (
    "Wenju 问据 ({mode}). 直接提问;/new 开始新话题,空行或 Ctrl-D 结束,Ctrl-C 停止作答。\n"
    "Ask; /new starts a new topic, an empty line or Ctrl-D ends, Ctrl-C stops an answer."
)
STOPPED = "(已停止 / stopped)"
_AGAIN = "/new"
_EVERYTHING = Scope()


def terminal() -> "Console":
    """Return this process's terminal, with line editing where the platform has it."""
    from rich.console import Console

    with suppress(ImportError):
        import readline  # noqa: F401 - being imported is all that it takes
    return Console(highlight=False, markup=False, emoji=False)


def chat(
    answerer: Answerer, console: "Console", read: Callable[[str], str] = input, scope: Scope = _EVERYTHING
) -> None:
    """Answer questions from the reports of `scope`, each with the turns before it, until the reader has no more."""
    console.print(WELCOME.format(mode=answerer.mode.value), style="dim")
    turns: list[Turn] = []
    while question := _next(console, read):
        if question == _AGAIN:
            turns = []
            continue
        try:
            answer = _shown(partial(answerer.stream, question, turns, scope), console)
        except WenjuError as error:
            console.print(str(error), style="red")
            continue
        if answer is None:
            console.print(STOPPED, style="yellow")
        else:
            turns.append(Turn(question, answer.text))


def _next(console: "Console", read: Callable[[str], str]) -> str:
    try:
        return read("\n? ").strip()
    except (EOFError, KeyboardInterrupt):
        console.print()
        return ""


def _shown(answered: Callable[[], Generator[Answer, None, None]], console: "Console") -> Answer | None:
    """Show the answer while it grows, then whole; return it, or None when the reader stopped it."""
    from rich.live import Live

    answer = None
    try:
        with (
            Live(console=console, auto_refresh=False, transient=True) as live,
            closing(answered()) as grown,
        ):
            for answer in grown:
                live.update(_styled(answer), refresh=True)
    except KeyboardInterrupt:
        return None
    if answer is not None:
        for line in before(answer):
            console.print(line, style="dim")
        console.print(_styled(answer))
        for line in after(answer):
            console.print(line, style="yellow" if line[0] in "?!" else "dim")
    return answer


def _styled(answer: Answer) -> "Text":
    """Return the lead and the text, the lead in bold, marks in colour, and what is not verified underlined."""
    from rich.text import Text

    text = Text(answer.text)
    text.highlight_regex(r"\[\d{1,2}\]", "cyan")
    for flag in answer.flags:
        text.stylize("underline yellow", flag.start, flag.end)
    return Text(led(answer), "bold") + text
