"""Makes the HTML of the left side: the conversation so far, the welcome before it, the example questions.

Pure text in, escaped HTML out; it does not know Gradio or where an answer comes from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from index import Report
from qa import Answer
from web.card import bubble, card, problem, waiting
from web.terms import EXAMPLES, SHIPPED_REPORT
from web.words import both, pair

# Characters; a question is a sentence or two, and a pasted page should be added as a report instead.
LONGEST_QUESTION = 2000
# Characters that are shown of a question that was too long.
_PREVIEW = 80


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question of a conversation and what came of it so far.

    `problem` is escaped HTML; beside an answer it says why that one is not whole. By its `key` a growing answer
    can be stopped, and a whole one judged.
    """

    question: str
    answer: Answer | None = None
    problem: str = ""
    done: bool = False
    key: str = ""


Talk = tuple[Exchange, ...]


def conversation(talk: Talk) -> str:
    """Return the whole conversation as one live region."""
    growing = talk[-1] if talk and not talk[-1].done else None
    busy = f'aria-busy="true" data-run="{escape(growing.key)}"' if growing else 'aria-busy="false"'
    turns = "".join(_turn(exchange, at) for at, exchange in enumerate(talk))
    name = f'<h2 class="unseen" id="talk-name">{both("conversation")}</h2>'
    log = f'role="log" aria-live="polite" {busy} aria-labelledby="talk-name"'
    return f'<div class="talk" {log}>{name}{turns}</div>'


def _turn(exchange: Exchange, at: int) -> str:
    answer = exchange.answer
    asked = bubble(exchange.question, answer.searched if answer else "")
    # The first answer of a stream has been searched for but not written.
    if answer and (answer.text or answer.refused):
        stopped = f'<p class="rew">{exchange.problem}</p>' if exchange.problem else ""
        return asked + card(answer, at, exchange.done, exchange.key if exchange.done else "") + stopped
    return asked + (problem(exchange.problem) if exchange.problem else waiting())


def too_long(question: str) -> Exchange:
    """Return the exchange in which an overlong question is refused."""
    sentence = both("too_long", length=len(question), limit=LONGEST_QUESTION)
    return Exchange(f"{question[:_PREVIEW]}…", problem=sentence, done=True)


def welcome(reports: Sequence[Report]) -> str:
    """Return what the conversation shows before the first question."""
    if not reports:
        return f'<div class="start"><h2>{both("no_reports")}</h2><p>{both("no_reports_way")}</p></div>'
    first = reports[0]
    facts = escape(" · ".join(fact for fact in (first.title, first.date) if fact))
    if len(reports) > 1:
        facts = f"{facts} · {both('and_others', count=len(reports) - 1)}"
    opener = f'<button type="button" class="chip opener" data-sheet>{both("open_report")}</button>'
    examples = "".join(_example(chapter, question) for chapter, question in _examples(reports))
    tries = f'<h3>{both("try")}</h3><div class="tries">{examples}</div>' if examples else ""
    return (
        f'<div class="start"><h2>{both("hello")}</h2><p>{both("promise")}</p>'
        f'<p class="which"><span lang="zh-CN">{facts}</span>{opener}</p>{tries}</div>'
    )


def hint_row(reports: Sequence[Report]) -> str:
    """Return the examples as the row of chips below the question box."""
    chips = "".join(_buttons("chip", question) for _, question in _examples(reports))
    return f'<div class="hints">{chips}</div>'


def _examples(reports: Sequence[Report]) -> Sequence[tuple[tuple[str, str], tuple[str, str]]]:
    """Return the example questions, none when the shipped report is not the one that will be asked."""
    return EXAMPLES if [report.id for report in reports] == [SHIPPED_REPORT] else ()


def _example(chapter: tuple[str, str], question: tuple[str, str]) -> str:
    return _buttons("try", question, f"<small>{pair(*chapter)}</small>")


def _buttons(classes: str, question: tuple[str, str], before: str = "") -> str:
    """Return the button that asks a question, once in each language; one of the two shows."""
    return "".join(
        f'<button type="button" class="{classes} {language}" lang="{code}" data-ask="{escape(text)}">{before}'
        f"<span>{escape(text)}</span></button>"
        for language, code, text in zip(("zh", "en"), ("zh-CN", "en"), question, strict=True)
    )
