"""Set + Plan -> the cases that are run, and what has to be told about the others.

Knows neither how a case is put nor how it is judged beyond where its evidence stands.
"""

from collections.abc import Sequence

from eval.check import blocking, strays
from eval.intake import SetError
from eval.judge import Gold, Shelf
from eval.records import Case, CaseSet, Plan, Problem, Severity

_WAYS_OUT = "See them all with `python -m eval check`, or leave them out with --skip-bad."


def choose(case_set: CaseSet, plan: Plan) -> tuple[Case, ...]:
    """Return the cases that a plan takes.

    Raises:
        SetError: the set has broken cases that the plan does not skip, or the split holds no case.
    """
    if not plan.skip_bad:
        _refuse(case_set, blocking(case_set.problems), "broken case(s)")
    cases = [case for case in case_set.cases if plan.split in {"", case.split}]
    if not cases:
        splits = ", ".join(sorted({case.split or "(none)" for case in case_set.cases})) or "(no case)"
        raise SetError(f"{case_set.name} has no case in the split {plan.split!r}; its splits are: {splits}.")
    if not 0 < plan.limit < len(cases):
        return tuple(cases)
    return tuple(cases[at * len(cases) // plan.limit] for at in range(plan.limit))


def ground(case_set: CaseSet, golds: Sequence[Gold], shelf: Shelf, plan: Plan) -> tuple[Gold, ...]:
    """Return the cases that can be judged in this library: those whose evidence is in it.

    Raises:
        SetError: none of the evidence is there, or some is not and the plan does not skip such cases.
    """
    wanted = [gold for gold in golds if gold.case.answerable]
    if wanted and not any(gold.right for gold in wanted):
        raise SetError(
            f"None of the evidence of {case_set.name} is in this library, so nothing could be found; "
            "add the report that the set was written for (python -m index add), or name its --library."
        )
    stray = strays(golds, shelf)
    if not plan.skip_bad:
        _refuse(case_set, tuple(stray.values()), "case(s) whose evidence is in no report")
    return tuple(gold for gold in golds if gold.case.id not in stray)


def notes_of(case_set: CaseSet) -> tuple[Problem, ...]:
    """Return what does not keep a set from being run, but should be known."""
    return tuple(problem for problem in case_set.problems if problem.severity is not Severity.ERROR)


def _refuse(case_set: CaseSet, found: Sequence[Problem], what: str) -> None:
    if found:
        first = found[0]
        told = f"the first, {first.where}: {first.found}; {first.mend}"
        raise SetError(f"{case_set.name} has {len(found)} {what}; {told}. {_WAYS_OUT}")
