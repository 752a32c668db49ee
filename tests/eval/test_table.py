from collections.abc import Callable
from dataclasses import replace

from eval.compare import Change, Comparison, Flip
from eval.measure import measure_all, measure_kinds
from eval.records import Fault, Outcome, Problem, Scorecard, Severity
from eval.table import card_lines, comparison_lines, problem_line


def test_a_card_is_shown_overall_and_by_kind(
    make_outcome: Callable[..., Outcome], make_card: Callable[..., Scorecard]
) -> None:
    outcomes = (make_outcome("a", kind="lexical"), make_outcome("b", kind="", ranks=(2,)))
    card = replace(make_card(*outcomes), metrics=measure_all(outcomes), kinds=measure_kinds(outcomes))
    lines = card_lines(card)
    assert lines[0] == "set dev: 2 cases, extractive"
    assert "c0ffee" in lines[1]
    assert lines[4].split() == ["kind", "n", "recall@1", "@3", "@5", "MRR@10"]
    assert lines[5].split() == ["all", "2", "0.500", "1.000", "1.000", "0.750"]
    assert lines[6].split() == ["lexical", "1", "1.000", "1.000", "1.000", "1.000"]
    assert lines[7].split()[0] == "(none)"
    assert "mrr@10                 0.750  [0.500, 1.000]  over 2" in lines


def test_a_comparison_is_shown_with_its_verdicts_and_flips() -> None:
    flips = tuple(Flip(str(at), "问", Fault.TEXT, Fault.NONE) for at in range(21))
    changes = (Change("recall@1", 0.5, 0.75, 0.001, "better"), Change("seconds_p50", 0.1, 0.2, None, ""))
    lines = comparison_lines(Comparison(30, changes, flips, ()))
    assert lines[3] == "recall@1                0.500    0.750   +0.250   0.0010  better"
    assert lines[4].split() == ["seconds_p50", "0.100", "0.200", "+0.100", "-"]
    assert "  0  问  (text -> none)" in lines
    assert "  and 1 more" in lines
    assert lines[-1] == "0 cases broken"


def test_a_problem_is_one_line() -> None:
    assert problem_line(Problem("line 3", "broken", "mend it", Severity.DOUBT)) == "doubt: line 3: broken; mend it"
