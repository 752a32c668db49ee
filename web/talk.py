"""Makes the HTML of the left side: a turn of the conversation, the welcome before it, the example questions.

Pure text in, escaped HTML out; it does not know Gradio or where an answer comes from.
"""

from collections.abc import Sequence
from html import escape

from index import Report
from web.card import bubble, card, problem, short_heading, waiting
from web.examples import SHOWN, Example
from web.exchange import Exchange
from web.paper import chapters, facts
from web.terms import EXAMPLES, SHIPPED_REPORT
from web.words import both, hidden

# Characters; a question is a sentence or two, and a pasted page should be added as a report instead.
LONGEST_QUESTION = 2000
# Characters that are shown of a question that was too long.
_PREVIEW = 80


def turn(exchange: Exchange) -> str:
    """Return a question and what came of it so far."""
    answer = exchange.answer
    asked = bubble(exchange.question, answer.searched if answer else "", exchange.limit)
    stopped = f'<p class="rew stopped">{both("stopped")}</p>' if exchange.stopped else ""
    # The first answer of a stream has been searched for but not written.
    if answer and (answer.text or answer.refused):
        return asked + card(exchange, answer) + stopped
    if stopped:
        return asked + problem(both("stopped"))
    return asked + (problem(exchange.problem) if exchange.problem else waiting())


def talk_frame() -> str:
    """Return the empty conversation, and what its script shows before or without an answer from the server."""
    shapes = {
        "waiting": waiting(),
        "unreachable": problem(both("unreachable")),
        "queue_full": problem(both("queue_full")),
        "failed": problem(both("failed")),
        "editing": (
            f'<form class="editing"><label>{hidden("question")}<textarea rows="2"></textarea></label>'
            f'<span><button type="submit" class="chip go-edit">{both("send")}</button>'
            f'<button type="button" class="chip" data-cancel-edit>{both("cancel_edit")}</button></span></form>'
        ),
        "bubble": bubble("", ""),
    }
    templates = "".join(f'<template data-shape="{name}">{html}</template>' for name, html in shapes.items())
    return (
        f'<h2 class="unseen" id="talk-name">{both("conversation")}</h2>'
        '<div id="turns" class="talk" role="log" aria-live="off" aria-labelledby="talk-name" tabindex="-1"></div>'
        f'<p id="live" class="unseen" role="status" aria-live="polite"></p>{templates}'
    )


def too_long(question: str) -> Exchange:
    """Return the exchange in which an overlong question is refused."""
    sentence = both("too_long", length=len(question), limit=LONGEST_QUESTION)
    return Exchange(f"{question[:_PREVIEW]}…", problem=sentence, done=True)


def welcome(reports: Sequence[Report], examples: Sequence[Example] | None = None) -> str:
    """Return what the page shows before the first question; without `examples`, places to put them in."""
    if not reports:
        return f'<div class="start"><h2>{both("no_reports")}</h2><p>{both("no_reports_way")}</p></div>'
    own = "try zh" if _shipped(reports) else "try"
    tries = _places() if examples is None else "".join(_example(one, own) for one in examples) + _english(reports)
    tried = f'<h3>{both("try")}</h3><div class="tries">{tries}</div>' if tries else ""
    return (
        f'<div class="start"><h2>{both("hello")}</h2><p>{both("promise")}</p>'
        f"{_first(reports)}{tried}{_contents(reports[0])}</div>"
    )


def _first(reports: Sequence[Report]) -> str:
    """Return what the report in the pane is."""
    others = f" · {both('and_others', count=len(reports) - 1)}" if len(reports) > 1 else ""
    opener = f'<button type="button" class="chip opener" data-sheet>{both("open_report")}</button>'
    return (
        f'<div class="which"><b lang="zh-CN">{escape(reports[0].title)}</b>'
        f'<span><span lang="zh-CN">{facts(reports[0])}</span>{others}</span>{opener}</div>'
    )


def _contents(report: Report) -> str:
    items = "".join(
        f'<li><a href="#cite" data-goto="{number}">{escape(heading)}</a></li>' for heading, number in chapters(report)
    )
    return f'<h3>{both("contents")}</h3><ol class="chapters" lang="zh-CN">{items}</ol>' if items else ""


def hint_row(reports: Sequence[Report], examples: Sequence[Example]) -> str:
    """Return the examples as the row of chips below the question box."""
    other = " zh" if _shipped(reports) else ""
    own = "".join(_button(f"chip{other}", one.question) for one in examples)
    english = "".join(_button("chip en", question, "en") for question in _in_english(reports))
    return f'<div class="hints">{own}{english}</div>'


def _places() -> str:
    return '<span class="try place" aria-hidden="true"></span>' * SHOWN


def _example(one: Example, classes: str) -> str:
    return _button(classes, one.question, "zh-CN", f"<small>{escape(short_heading(one.chapter))}</small>")


def _english(reports: Sequence[Report]) -> str:
    return "".join(
        _button("try en", question, "en", f"<small>{escape(chapter)}</small>")
        for (_, chapter), (_, question) in (EXAMPLES if _shipped(reports) else ())
    )


def _in_english(reports: Sequence[Report]) -> list[str]:
    return [question for _, (_, question) in EXAMPLES] if _shipped(reports) else []


def _shipped(reports: Sequence[Report]) -> bool:
    """Say whether the shipped report alone will be asked; English examples are written for that one."""
    return [report.id for report in reports] == [SHIPPED_REPORT]


def _button(classes: str, question: str, language: str = "zh-CN", before: str = "") -> str:
    return (
        f'<button type="button" class="{classes}" lang="{language}" data-ask="{escape(question)}">{before}'
        f"<span>{escape(question)}</span></button>"
    )
