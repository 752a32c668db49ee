from collections.abc import Callable
from dataclasses import replace

import pytest

from eval.choose import choose, ground, notes_of
from eval.intake import SetError
from eval.judge import find_gold, shelve
from eval.records import Case, CaseSet, Plan, Problem, Severity
from index import Report

HERE = Case("here", "多少户?", ("有6万户。",), where="line 1")
LOST = Case("lost", "多少户?", ("从未写过。",), where="line 2")
NONE = Case("none", "谁的猫?", answerable=False)


@pytest.fixture
def report(make_report: Callable[..., Report]) -> Report:
    return make_report("有6万户。", "道路好。")


def grounded(report: Report, plan: Plan, *cases: Case) -> list[str]:
    shelf = shelve([report])
    golds = [find_gold(case, shelf) for case in cases]
    return [gold.case.id for gold in ground(CaseSet("set", "d", cases), golds, shelf, plan)]


def test_a_case_whose_evidence_is_lost_stops_a_run_by_its_line(report: Report) -> None:
    with pytest.raises(SetError, match=r"1 case.s. whose evidence is in no report; the first, line 2 \(case lost\)"):
        grounded(report, Plan(), HERE, LOST, NONE)


def test_skipping_leaves_it_out(report: Report) -> None:
    assert grounded(report, Plan(skip_bad=True), HERE, LOST, NONE) == ["here", "none"]


def test_one_quotation_that_stands_is_enough_but_for_several_places(report: Report) -> None:
    both = replace(HERE, id="both", evidence=("有6万户。", "从未写过。"))
    assert grounded(report, Plan(skip_bad=True), both, HERE) == ["both", "here"]
    assert grounded(report, Plan(skip_bad=True), replace(both, kind="several"), HERE) == ["here"]


def test_evidence_torn_by_splitting_is_run_and_counted(report: Report) -> None:
    torn = Case("torn", "路呢?", ("万户。道路",))
    assert grounded(report, Plan(), HERE, torn) == ["here", "torn"]


def test_a_library_with_none_of_the_evidence_is_the_wrong_one(report: Report) -> None:
    with pytest.raises(SetError, match="None of the evidence"):
        grounded(report, Plan(skip_bad=True), LOST, NONE)


def test_notes_keep_no_set_from_being_run() -> None:
    note = Problem("line 1", "the field 'x' is not read", "", Severity.NOTE)
    case_set = CaseSet("set", "d", (HERE,), (), (note,))
    assert choose(case_set, Plan()) == (HERE,)
    assert notes_of(case_set) == (note,)
