"""What each command does with its arguments, and what it prints.

A conductor over the room; argument names and the way they are given are __main__'s.
"""

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path

from eval import reading, speed
from eval.cases import read_set
from eval.check import blocking, check
from eval.choose import choose, notes_of
from eval.compare import compare
from eval.compose import Writer
from eval.crew import Crew, crew_size
from eval.drafts import Drafts
from eval.feedback import FILE, Feedback, Review
from eval.judge import shelve
from eval.opening import (
    Bench,
    bar,
    demand_writable,
    fused,
    index_config,
    named,
    opened,
    qa_config,
    report_of,
    temporary,
)
from eval.page import render
from eval.records import CaseSet, Plan, Scorecard, Setting, Severity
from eval.run import evaluate
from eval.scorecard import load_card, save_card
from eval.subject import Answers, Library, Subject, own_reports, silent
from eval.sweep import Cell, cells_of, configs_of, run_name, split_of, sweep
from eval.table import card_lines, comparison_lines, problem_line, sweep_lines
from index import Index, Report, WenjuError
from qa import Answerer

_PROBLEMS_SHOWN = 200
_NOTES_SHOWN = 5


def run_command(options: argparse.Namespace) -> int:
    """Put a set's questions to a library and print the scorecard."""
    case_set = read_set(options.set)
    plan = Plan(options.split, options.limit, options.retrieval_only, options.skip_bad)
    for target in (options.json, options.html):
        demand_writable(target)
    _tell_notes(case_set)
    config = index_config(options.library)
    config = fused(config, options.fusion.split(",")) if options.fusion is not None else config
    with bar() as progress, opened(case_set, config, progress) as index:
        subject = _subject(index, len(choose(case_set, plan)), options.workers, plan)
        card = evaluate(case_set, subject, plan, progress)
    if options.json:
        save_card(card, options.json)
    if options.html:
        options.html.write_text(render(card), encoding="utf-8")
    print("\n".join(card_lines(card)))
    return 0


def _subject(index: Index, cases: int, workers: int, plan: Plan) -> Subject:
    """Return who is asked: nobody, this process, or several where there is work for them."""
    alone = Subject.of(index, None if plan.retrieval_only else Answerer(index, qa_config()))
    size = crew_size(workers, cases)
    if plan.retrieval_only or size == 1:
        return alone
    settings = (*alone.settings, Setting("workers", str(size)))
    return Subject(index, Crew(index.config, qa_config(), size), settings)


def _tell_notes(case_set: CaseSet) -> None:
    notes = notes_of(case_set)
    told = [problem_line(note) for note in notes[:_NOTES_SHOWN]]
    if len(notes) > _NOTES_SHOWN:
        told.append(f"and {len(notes) - _NOTES_SHOWN} more; see them with `python -m eval check`")
    if case_set.drafts:
        told.append(f"{case_set.drafts} proposed cases are left out: nobody accepted them.")
    for line in told:
        print(line, file=sys.stderr)


def sweep_command(options: argparse.Namespace) -> int:
    """Print one table over settings."""
    case_set, cells = read_set(options.set), cells_of(options.vary)
    plan = Plan(split_of(case_set, options.split), options.limit, options.retrieval_only, options.skip_bad)
    config, qa = index_config(options.library), qa_config()
    for cell in cells:  # a setting that makes no sense is told before the first long run
        configs_of(cell, config, qa)
    _tell_notes(case_set)
    rows = []
    with bar() as progress, Bench(case_set, config, progress) as bench:

        def measure(cell: Cell) -> Scorecard:
            wanted, answering = configs_of(cell, config, qa)
            with bench.library(wanted) as index:
                answers = None if plan.retrieval_only else Answerer(index, answering)
                return evaluate(case_set, Subject.of(index, answers), plan, named(progress, cell.name))

        for row in sweep(cells, options.folder, run_name(case_set, plan, bench.generation), measure):
            rows.append(row)
            print(f"{len(rows)} of {len(cells)}: {row.cell.name}{', read back' * row.resumed}", file=sys.stderr)
    print("\n".join(sweep_lines(rows)))
    return 0


def draft_command(options: argparse.Namespace) -> int:
    """Propose questions about a report."""
    config, qa = index_config(options.library), qa_config()
    if options.count < 0:
        raise WenjuError(f"--count is {options.count}; give a whole number, 0 for all.")
    demand_writable(options.out)
    if options.out is None:
        with opened(None, config):  # drafts are kept in a library; there must be one
            pass
    drafts = Drafts(options.out or config.library)
    with temporary(config) as index:
        answerer = Answerer(index, qa)
        writer = answerer if isinstance(answerer, Writer) and qa.llm_url and qa.llm_model else None
        new = drafts.propose(report_of(options.report, config), options.count, writer)
    for draft in new:
        print(f"{draft.kind:8}{draft.question}  ({' / '.join(draft.answers)})")
    waiting = sum(draft.status == "draft" for draft in drafts.all())
    print(f"{len(new)} new drafts; {waiting} wait in {drafts.path}. They count once a person has accepted them.")
    return 0


def adopt_command(options: argparse.Namespace) -> int:
    """Make a set of the accepted votes."""
    library = index_config(options.library).library
    if not (library / FILE).exists():
        raise WenjuError(f"There is no {FILE} in {library}; it is written when readers vote in the window.")
    demand_writable(options.out)
    feedback = Feedback(library)
    count, votes = feedback.adopt(options.out), feedback.votes()
    reviews = [sum(vote.reviewed is review for vote in votes) for review in Review]
    print(
        f"{count} new cases in {options.out}. Of {len(votes)} votes {reviews[1]} are accepted, {reviews[2]} rejected,"
    )
    print(f"and {reviews[0]} wait for a review in the window.")
    if unread := feedback.unread():
        print(f"Lines of {library / FILE} that cannot be read: {', '.join(map(str, unread))}.", file=sys.stderr)
    return 0


def check_command(options: argparse.Namespace) -> int:
    """Print what is wrong with a set; 1 where there is something to mend."""
    case_set = read_set(options.set)
    problems = check(case_set, shelve(_reports(case_set, options.library)))
    for problem in problems[:_PROBLEMS_SHOWN]:
        print(problem_line(problem))
    if len(problems) > _PROBLEMS_SHOWN:
        print(f"and {len(problems) - _PROBLEMS_SHOWN} more")
    grave = [problem for problem in problems if problem.severity is not Severity.NOTE]
    errors, unreadable = len(blocking(problems)), len(blocking(case_set.problems))
    sound = len(case_set.cases) - (errors - unreadable)
    print(f"{sound} cases can be run; {errors} errors, {len(grave)} in all to mend.")
    return 1 if grave else 0


def compare_command(options: argparse.Namespace) -> int:
    """Print what changed between two scorecards; 1 where that was asked for and something is worse."""
    comparison = compare(load_card(options.before), load_card(options.after))
    print("\n".join(comparison_lines(comparison)))
    worse = [change.name for change in comparison.changes if change.verdict == "worse"]
    if worse and options.fail_if_worse:
        print(f"Worse: {', '.join(worse)}.", file=sys.stderr)
    return 1 if worse and options.fail_if_worse else 0


def speed_command(options: argparse.Namespace) -> int:
    """Print the benchmark."""
    case_set = read_set(options.set)
    questions = [case.question for case in case_set.cases if not case.history][: max(options.limit, 1)]
    starts = speed.measure_start()
    with ExitStack() as stack:
        config = stack.enter_context(opened(case_set, index_config(options.library), silent)).config
        embedded = speed.measure_embedding(stack.enter_context(Index.open(config)), questions)
        asked = speed.measure_speed(lambda: stack.enter_context(Index.open(config)), _answerer, questions)
        sizes = speed.measure_size(config.library)
    print("\n".join(speed.speed_lines((*starts, *embedded, *asked, *sizes))))
    return 0


def reading_command(options: argparse.Namespace) -> int:
    """Print how fast and how truly each format is read; 1 where a share is below what is asked for."""
    if options.count < 1:
        raise WenjuError(f"--count is {options.count}; give a number of reports from 1 up.")
    found = reading.measure_reading(options.count)
    print("\n".join([*speed.speed_lines(()), *reading.reading_lines(found)]))
    for form, program in (("browser pdf", "Chromium"), ("office pdf", "LibreOffice")):
        if not any(one.form == form for one in found):
            print(f"No {program} was found to make PDFs; the format {form} was left out.", file=sys.stderr)
    poor = [one.form for one in found if min(one.same, one.placed) < options.at_least * one.parts]
    if poor:
        print(f"Below {options.at_least}: {', '.join(poor)}.", file=sys.stderr)
    return 1 if poor else 0


def _answerer(library: Library) -> Answers:
    assert isinstance(library, Index)
    return Answerer(library, qa_config())


def _reports(case_set: CaseSet, library: Path | None) -> tuple[Report, ...]:
    """Return the reports that a set is about; its own are not embedded for that."""
    if case_set.articles:
        return own_reports(case_set)
    with opened(case_set, index_config(library)) as index:
        return index.reports()
