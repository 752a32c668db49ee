"""Finds what is wrong with a set beyond its form: evidence in no paragraph, answers outside the evidence.

A conductor; knows no format and no library, only cases and paragraphs.
"""

from collections.abc import Iterator, Sequence

from eval.judge import Gold, Shelf, find_gold, running_text, solid
from eval.records import Case, CaseSet, Problem, Severity
from eval.text import holds


def check(case_set: CaseSet, shelf: Shelf) -> tuple[Problem, ...]:
    """Return all problems of a set, those of its form first; `shelf` holds the library's paragraphs."""
    golds = [find_gold(case, shelf) for case in case_set.cases]
    lost = strays(golds, shelf)
    doubts = (problem for gold in golds for problem in _doubts(gold, lost.get(gold.case.id)))
    return (*case_set.problems, *doubts)


def strays(golds: Sequence[Gold], shelf: Shelf) -> dict[str, Problem]:
    """Return by its id each case whose evidence is in no report, and what to say about it.

    Evidence that only runs over the end of a paragraph is not lost: splitting tore it, which a run counts.
    """
    doubtful = [gold for gold in golds if gold.case.answerable and not _stands(gold)]
    running = running_text(shelf) if doubtful else ""
    found = ((gold, _lost(gold, running)) for gold in doubtful)
    mend = "copy it from one paragraph, or add the report it is from"
    return {
        gold.case.id: Problem(_where(gold.case), f"the evidence {quotation!r} is in no paragraph", mend)
        for gold, quotation in found
        if quotation
    }


def blocking(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Return the problems that keep a case from being run."""
    return tuple(problem for problem in problems if problem.severity is Severity.ERROR)


def _stands(gold: Gold) -> bool:
    """Tell whether there is enough evidence in the library: all of it for a case of several places, else some."""
    return bool(gold.right) and (gold.case.kind != "several" or all(gold.stands))


def _lost(gold: Gold, running: str) -> str:
    """Return the first quotation that is not even in the running text, if that leaves too little."""
    away = [
        quotation
        for quotation, stands in zip(gold.case.evidence, gold.stands, strict=False)
        if not stands and solid(quotation) not in running
    ]
    enough = gold.case.kind != "several" and len(away) < len(gold.case.evidence)
    return "" if enough or not away else away[0]


def _where(case: Case) -> str:
    return f"{case.where} (case {case.id})" if case.where else f"case {case.id}"


def _doubts(gold: Gold, lost: Problem | None) -> Iterator[Problem]:
    case, where = gold.case, _where(gold.case)
    if lost:
        yield lost
    for quotation, stands in zip(case.evidence, gold.stands, strict=False):
        if not stands and not lost:
            mend = "copy it from one paragraph, or add the report it is from"
            yield Problem(where, f"the evidence {quotation!r} is in no paragraph", mend, Severity.DOUBT)
    for answer in case.answers:
        if len(answer.strip()) == 1 and not answer.strip().isdigit():
            mend = "write an answer of two characters or more"
            yield Problem(where, f"the answer {answer!r} is held by nearly any text", mend, Severity.NOTE)
    # One is enough: the others may be other ways to say it.
    if case.answers and case.evidence and not any(holds(quotation, case.answers) for quotation in case.evidence):
        mend = "quote the sentence that holds one, or take an answer's words from there"
        yield Problem(where, f"no answer is in the evidence: {case.answers[0]!r}", mend, Severity.DOUBT)
