"""What scorecards, cases and comparisons look like, from records written by hand."""

from dataclasses import replace

import pytest

from eval import Cards, Scorecard
from eval.compare import Change, Comparison, Flip
from eval.records import Case, Fault, Given, KindScores, Metric, Origin, Outcome, Place, Quote, Retrieved
from web.case import Span, case_page, painted, spans_of
from web.changes import comparison, differences, kept_list, spoken, stem
from web.scorecard import scorecard
from web.words import both

NAN = float("nan")
HERE = Place("bridges", 1)
TEXTS = {("bridges", 1): "全年建桥12座。投资3亿元。", ("bridges", 2): "修路5公里。"}


def outcome_of(fault: Fault = Fault.SENTENCE, quote: str = "投资3亿元。", kind: str = "lexical") -> Outcome:
    case = Case("1", "几座<桥>?", ("全年建桥12座。",), ("12座",), kind=kind)
    quotes = (Quote(HERE, quote, True, False),) if quote else ()
    given = Given("投资3亿元。[1]", 6, not quote, 0.5, None, quotes, 0.0, 0.1, ())
    return Outcome(case, (2,), 1, (Retrieved(HERE, 1.0, "全年建桥", True),), given, fault)


@pytest.fixture
def card() -> Scorecard:
    metrics = (
        Metric("recall@1", 0.5, 0.25, 0.75, 4),
        Metric("verbatim", 0.999, 0.99, 1.0, 4),
        Metric("seconds_p50", 0.0123, 0.01, 0.02, 4),
        Metric("seconds_p95", 0.04, 0.01, 0.05, 4),
    )
    kinds = (KindScores("lexical", 4, (Metric("holds_answer", 0.5, 0.25, 0.75, 4),)),)
    origin = Origin("own", "0", "", "extractive", "abc", 1, "bundled", "", "2024-01-01 00:00 UTC", ())
    return Scorecard(origin, metrics, kinds, (), (), (), (outcome_of(), outcome_of(Fault.NONE)))


def test_a_figure_stands_with_its_interval(card: Scorecard) -> None:
    assert "<b>0.50</b> <i>0.25–0.75</i>" in scorecard(card, "n")


def test_a_promise_that_is_nearly_kept_is_not_shown_as_kept(card: Scorecard) -> None:
    assert "<b>99%</b>" in scorecard(card, "n")


def test_times_are_told_in_milliseconds_at_median_and_95th_percentile(card: Scorecard) -> None:
    assert f"<b>12</b> <i>/ 40 {both('milliseconds')}</i>" in scorecard(card, "n")


def test_a_figure_that_does_not_apply_has_no_tile(card: Scorecard) -> None:
    assert scorecard(card, "n").count('class="kpi"') == 3


def test_a_bar_has_its_length_and_its_interval(card: Scorecard) -> None:
    assert '<span class="kbar" style="--full:50.0%;--low:25.0%;--wide:50.0%"></span>' in scorecard(card, "n")


def test_a_bar_without_an_interval_has_a_point(card: Scorecard) -> None:
    bare = KindScores("lexical", 1, (Metric("holds_answer", 1.0, NAN, NAN, 1),))
    assert "--full:100.0%;--low:100.0%;--wide:0.0%" in scorecard(replace(card, kinds=(bare,)), "n")


def test_a_failed_case_can_be_filtered_and_opened(card: Scorecard) -> None:
    html = scorecard(card, "n")
    assert '<tr data-kind="lexical" data-fault="sentence">' in html
    assert 'data-case="0" aria-pressed="false">几座&lt;桥&gt;?</button></td><td>2</td>' in html
    assert html.count("data-case=") == 1
    assert '<option value="sentence" data-zh="选错句子"' in html


def test_a_perfect_run_says_so(card: Scorecard) -> None:
    html = scorecard(replace(card, outcomes=(outcome_of(Fault.NONE),)), "n")
    assert "全部答对" in html
    assert "by-fault" not in html


def test_a_change_is_told_with_its_direction_and_verdict(card: Scorecard) -> None:
    html = scorecard(card, "n", {"recall@1": (-0.1, "worse"), "verbatim": (0.0, "")})
    assert '<span class="delta worse"><span aria-hidden="true">▼</span> −0.10' in html
    assert '<span class="delta">±0.00</span>' in html


def test_evidence_and_citations_are_painted_apart_and_together() -> None:
    assert painted("0123456789", [Span(1, 5, True), Span(3, 8, False)]) == (
        '0<mark class="gold">12</mark><mark class="gold cited">34</mark><mark class="cited">567</mark>89'
    )


def test_what_is_painted_cannot_run() -> None:
    assert painted("<b>&", [Span(0, 3, True)]) == '<mark class="gold">&lt;b&gt;</mark>&amp;'


def test_evidence_and_citation_are_found_in_their_paragraph() -> None:
    assert spans_of(outcome_of(), TEXTS) == {("bridges", 1): [Span(0, 8, True), Span(8, 14, False)]}


def test_a_named_place_is_the_only_one_that_is_searched() -> None:
    named = replace(outcome_of(quote=""), case=replace(outcome_of().case, places=(Place("bridges", 2),)))
    assert spans_of(named, TEXTS) == {("bridges", 2): []}


def test_a_case_shows_both_marks_the_ranking_and_the_way_into_the_report() -> None:
    html = case_page(outcome_of(), TEXTS, on_shelf=True)
    assert '<mark class="gold">全年建桥12座。</mark><mark class="cited">投资3亿元。</mark>' in html
    assert '<li class="found">' in html
    assert 'data-open="bridges" data-at="1"' in html
    assert "几座&lt;桥&gt;?" in html


def test_a_paragraph_that_is_gone_leaves_its_quotation() -> None:
    html = case_page(outcome_of(), {}, on_shelf=True)
    assert '<p lang="zh-CN"><mark class="cited">投资3亿元。</mark></p>' in html


def test_a_case_to_be_refused_says_so() -> None:
    case = Case("1", "几时?", answerable=False)
    html = case_page(replace(outcome_of(quote=""), case=case, ranks=()), TEXTS, on_shelf=False)
    assert "应当拒答" in html
    assert "没有应引的原文" in html


@pytest.fixture
def made() -> Comparison:
    changes = (
        Change("recall@1", 0.5, 0.4, 0.2, ""),
        Change("mrr@10", 0.5, 0.9, 0.001, "better"),
        Change("answer_length", 10, 12, None, ""),
    )
    return Comparison(4, changes, (), (Flip("1", "几<座>?", Fault.NONE, Fault.RANKED),))


def test_a_comparison_lists_verdicts_and_flips(made: Cards.Comparison) -> None:
    html = comparison(made, "own-all-20240101-000000")
    assert "与 own-all · 2024-01-01 00:00:00" in html
    assert '<span class="verdict better">' in html
    assert "p 0.001" in html
    assert "几&lt;座&gt;?" in html


def test_figures_without_a_verdict_are_a_press_away(made: Cards.Comparison) -> None:
    before, behind = comparison(made, "x").split("<details>")
    assert "MRR@10" in before
    assert "答案长度" not in before
    assert "答案长度" in behind


def test_differences_are_signed(made: Cards.Comparison) -> None:
    assert differences(made)["answer_length"] == (2, "")


def test_a_kept_name_is_read_as_set_day_and_time() -> None:
    assert spoken("huangpu-dev-20240102-030405-2") == "huangpu-dev · 2024-01-02 03:04:05-2"
    assert stem("huangpu-dev-20240102-030405-2") == stem("huangpu-dev-20250102-030405") == "huangpu-dev"
    assert spoken("mine") == stem("mine") == "mine"


def test_nothing_kept_shows_no_list_and_one_alone_nothing_to_compare() -> None:
    assert kept_list([]) == ""
    assert 'data-kept="compare"' not in kept_list(["a"])
    assert '<option value="a" data-zh="a" data-en="a" selected>' in kept_list(["b", "a"])
