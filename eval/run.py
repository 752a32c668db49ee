"""Cases -> Scorecard: puts every question of a set to Wenju, judges what comes back, and sums it up.

A conductor: it names the steps. What it needs of the other rooms are the protocols of `eval/subject.py`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from eval import judge, measure, text
from eval.choose import choose, ground
from eval.config import DEPTH, SEARCH_BATCH
from eval.machine import commit, machine
from eval.metrics import risk_coverage
from eval.records import CaseSet, Given, Origin, Outcome, Plan, Scorecard
from eval.subject import Asked, Library, Many, Progress, Subject, ask, silent
from index import Hit


def evaluate(case_set: CaseSet, subject: Subject, plan: Plan, progress: Progress = silent) -> Scorecard:
    """Run the cases of a plan and return the scorecard.

    Raises:
        SetError: the set cannot be run, or its evidence is not in the library.
        WenjuError: a question could not be answered at all; the case is named.
    """
    cases = choose(case_set, plan)
    shelf = judge.shelve(subject.library.reports())
    golds = ground(case_set, [judge.find_gold(case, shelf) for case in cases], shelf, plan)
    given = _ask_all(golds, subject, progress)
    ranked = _rank(golds, given, subject.library, progress)
    progress("measuring", 0, 1)
    outcomes = tuple(_outcome(gold, one, hits, shelf) for gold, one, hits in zip(golds, given, ranked, strict=True))
    return _scorecard(_origin(case_set, subject, plan, given), outcomes)


def _ask_all(golds: Sequence[judge.Gold], subject: Subject, progress: Progress) -> list[Asked | None]:
    """Put every case; progress is told before each, so that it can stop the run."""
    answers, cases = subject.answers, [gold.case for gold in golds]
    if answers is None:
        return [None] * len(cases)
    told: list[Asked | None] = []
    progress("answering", 0, len(cases))
    each = answers.each(cases) if isinstance(answers, Many) else (ask(answers, case) for case in cases)
    for asked in each:
        told.append(asked)
        if len(told) < len(cases):
            progress("answering", len(told), len(cases))
    return told


def _rank(
    golds: Sequence[judge.Gold], given: Sequence[Asked | None], library: Library, progress: Progress
) -> list[tuple[Hit, ...]]:
    """Return the ranking of each case: the answer's hits and, where they do not tell all, a deeper search's."""
    ranked = [one.answer.hits if one else () for one in given]
    shallow = [at for at, gold in enumerate(golds) if not judge.is_deep(ranked[at], gold.right)]
    for start in range(0, len(shallow), SEARCH_BATCH):
        progress("searching", start, len(shallow))
        batch = shallow[start : start + SEARCH_BATCH]
        asked = ((given[at], golds[at].case) for at in batch)
        questions = [one.answer.searched if one else case.question for one, case in asked]
        for at, further in zip(batch, library.search_many(questions, DEPTH), strict=True):
            ranked[at] = judge.rank_hits(ranked[at], further)
    return ranked


def _outcome(gold: judge.Gold, asked: Asked | None, hits: Sequence[Hit], shelf: judge.Shelf) -> Outcome:
    hits = hits[:DEPTH]
    ranks = judge.find_ranks(hits, gold.right)
    given = _given(gold, asked, shelf) if asked else None
    fault = judge.find_fault(gold.case, ranks, len(gold.right), given)
    return Outcome(gold.case, ranks, len(gold.right), judge.keep(hits, gold.right), given, fault)


def _given(gold: judge.Gold, asked: Asked, shelf: judge.Shelf) -> Given:
    answer = asked.answer
    return Given(
        text=answer.text,
        length=text.length(answer.text),
        refused=answer.refused,
        confidence=answer.confidence,
        match=text.match(answer.text, answer.lead, gold.case.answers),
        quotes=judge.judge_quotes(gold, answer.citations, shelf),
        evidence_cited=judge.evidence_cited(gold, answer.citations),
        seconds=asked.seconds,
        steps=answer.seconds,
    )


def _origin(case_set: CaseSet, subject: Subject, plan: Plan, given: Sequence[Asked | None]) -> Origin:
    modes = {str(one.answer.mode) for one in given if one}
    return Origin(
        set_name=case_set.name,
        set_digest=case_set.digest,
        split=plan.split,
        mode=" and ".join(sorted(modes)) or "retrieval only",
        commit=commit(),
        generation=subject.library.generation,
        embedder=_public_name(subject.library.embedder),
        machine=machine(),
        date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        settings=subject.settings,
    )


def _public_name(embedder: str) -> str:
    """Return a model's name without the folders that lead to it, which are nobody's business."""
    return Path(embedder).name if Path(embedder).is_absolute() else embedder


def _scorecard(origin: Origin, outcomes: tuple[Outcome, ...]) -> Scorecard:
    return Scorecard(
        origin=origin,
        metrics=measure.measure_all(outcomes),
        kinds=measure.measure_kinds(outcomes),
        steps=measure.measure_steps(outcomes),
        calibration=measure.calibration_of(outcomes),
        risk_coverage=risk_coverage(outcomes),
        outcomes=outcomes,
    )
