"""Makes lines of text of an Answer, as a terminal shows them: the sources, the doubts, the warnings.

It does not know colours, or where the lines go.
"""

from qa.config import DOUBTS
from qa.records import Answer

_NEAREST, _GLANCE = 3, 60  # passages shown with a refusal, and the characters of each


def readable(answer: Answer) -> str:
    """Return the whole answer as plain lines."""
    return "\n".join([*before(answer), f"{led(answer)}{answer.text}", "", *after(answer)]).rstrip()


def led(answer: Answer) -> str:
    """Return what stands before the text: the asked-for piece and a dash, where there is one."""
    return f"{answer.lead} — " if answer.lead else ""


def before(answer: Answer) -> list[str]:
    """Return what stands above the answer: the question as it was searched, where that differs."""
    return [f"({answer.searched})"] if answer.searched != answer.question.strip() else []


def after(answer: Answer) -> list[str]:
    """Return what stands below it: sources by mark, nearest passages of a refusal, doubts, warnings."""
    lines = []
    if answer.refused:
        near = [hit.paragraph for hit in answer.hits[:_NEAREST]]
        lines += [f"  ~ {' > '.join(one.section)} #{one.number}: {one.text[:_GLANCE]}…" for one in near]
    for c in answer.citations:
        lines.append(f"[{c.mark}] {c.title} | {' > '.join(c.section)} #{c.paragraph} ({c.start}-{c.end})")
    for flag in answer.flags:
        why = DOUBTS[flag.reason].format(detail=flag.detail)
        lines.append(f"? 未在原文中核实 / not verified: {answer.text[flag.start : flag.end]} ({why})")
    return [*lines, *(f"! {warning}" for warning in answer.warnings)]
