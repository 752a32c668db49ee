from collections.abc import Callable
from dataclasses import replace

from eval.check import blocking, check
from eval.judge import shelve
from eval.records import Case, CaseSet, Problem, Severity
from index import Report

MakeReport = Callable[..., Report]


def set_of(*cases: Case, problems: tuple[Problem, ...] = ()) -> CaseSet:
    return CaseSet("set", "ab", cases, (), problems)


def test_a_sound_set_has_no_problem(make_report: MakeReport) -> None:
    cases = Case("a", "问", ("共有6万户。",), ("6万户", "六万户")), Case("b", "问", answerable=False)
    assert check(set_of(*cases), shelve([make_report("开头。共有6万户。")])) == ()


def test_evidence_in_no_paragraph_is_told(make_report: MakeReport) -> None:
    case_set = set_of(Case("a", "问", ("共有6万户。",), ("6万户",)))
    (problem,) = check(case_set, shelve([make_report("共有7万户。")]))
    assert (problem.where, problem.found) == ("case a", "the evidence '共有6万户。' is in no paragraph")
    assert problem.severity is Severity.ERROR


def test_lost_evidence_is_told_by_its_line_and_one_that_stands_is_enough(make_report: MakeReport) -> None:
    shelf = shelve([make_report("共有6万户。")])
    some = Case("a", "问", ("共有6万户。", "从未写过。"), where="line 7")
    (doubt,) = check(set_of(some), shelf)
    assert (doubt.where, doubt.severity) == ("line 7 (case a)", Severity.DOUBT)
    (error,) = check(set_of(replace(some, kind="several")), shelf)
    assert error.severity is Severity.ERROR


def test_evidence_that_runs_over_a_paragraphs_end_is_torn_not_lost(make_report: MakeReport) -> None:
    (problem,) = check(set_of(Case("a", "问", ("居民。 道路",))), shelve([make_report("有居民。", "道路好。")]))
    assert problem.severity is Severity.DOUBT


def test_answers_outside_the_evidence_are_told(make_report: MakeReport) -> None:
    case_set = set_of(Case("a", "问", ("共有6万户。",), ("16万户", "七万户")))
    (problem,) = check(case_set, shelve([make_report("共有6万户。")]))
    assert problem.found == "no answer is in the evidence: '16万户'"


def test_an_answer_of_one_character_is_noted(make_report: MakeReport) -> None:
    case_set = set_of(Case("a", "问", ("是的,有5户。",), ("是", "5")))
    (problem,) = check(case_set, shelve([make_report("是的,有5户。")]))
    assert problem.found == "the answer '是' is held by nearly any text"
    assert problem.severity is Severity.NOTE


def test_problems_of_form_come_first_and_only_errors_block(make_report: MakeReport) -> None:
    broken = Problem("line 1", "broken JSON", "mend it")
    doubtful = Case("a", "问", ("文。",), ("不在",))
    found = check(set_of(doubtful, problems=(broken,)), shelve([make_report("文。")]))
    assert found[0] == broken
    assert len(found) == 2
    assert blocking(found) == (broken,)
