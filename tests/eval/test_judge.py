from collections.abc import Callable

import pytest

from eval.judge import evidence_cited, find_fault, find_gold, find_ranks, judge_quotes, keep, rank_hits, shelve
from eval.records import Case, Fault, Given, Place, Quote
from index import Hit, Report
from qa import Citation

MakeReport = Callable[..., Report]
MakeHit = Callable[..., Hit]
Cite = Callable[..., Citation]
MakeGiven = Callable[..., Given]

FIRST = "全区有6万户居民。其中3万户迁居。"
SECOND = "财政收入增长。全区有6万户居民。"
THIRD = "道路已经修好。"


def case_of(*evidence: str, kind: str = "", places: tuple[Place, ...] = ()) -> Case:
    return Case("c", "问", evidence, kind=kind, places=places)


def test_every_paragraph_that_holds_a_quotation_is_right(make_report: MakeReport) -> None:
    shelf = shelve([make_report(FIRST, SECOND, THIRD)])
    assert find_gold(case_of("全区有6万户居民。"), shelf).right == {Place("r", 1), Place("r", 2)}
    assert find_gold(case_of("从未说过"), shelf).right == frozenset()


def test_named_places_count_before_quotations(make_report: MakeReport) -> None:
    shelf = shelve([make_report(FIRST, SECOND)])
    named = case_of("全区有6万户居民。", places=(Place("r", 2), Place("gone", 1)))
    assert find_gold(named, shelf).right == {Place("r", 2)}


def test_an_unanswerable_case_has_no_right_paragraph(make_report: MakeReport) -> None:
    case = Case("c", "问", answerable=False)
    assert find_gold(case, shelve([make_report(FIRST)])).right == frozenset()


def test_the_ranking_is_the_answers_hits_and_then_the_searchs(make_hit: MakeHit) -> None:
    read = [make_hit(3, "丙"), make_hit(1, "甲")]
    searched = [make_hit(number, "文") for number in range(1, 13)]
    ranked = rank_hits(read, searched)
    assert [hit.paragraph.number for hit in ranked] == [3, 1, 2, 4, 5, 6, 7, 8, 9, 10]
    assert find_ranks(ranked, frozenset({Place("r", 1), Place("r", 4)})) == (2, 4)
    assert [hit.right for hit in keep(ranked, frozenset({Place("r", 1)}))] == [False, True, False, False, False]


def test_a_quote_is_verbatim_only_where_its_offsets_say(make_report: MakeReport, make_citation: Cite) -> None:
    shelf = shelve([make_report(FIRST)])
    gold = find_gold(case_of("全区有6万户居民。"), shelf)
    good = make_citation(1, FIRST, "全区有6万户居民。")
    shifted = Citation(1, "r", "", (), 1, 1, 10, good.quote)
    nowhere = Citation(1, "r", "", (), 9, 0, 9, good.quote)
    empty = Citation(1, "r", "", (), 1, 0, 0, "")
    judged = judge_quotes(gold, (good, shifted, nowhere, empty), shelf)
    assert [quote.verbatim for quote in judged] == [True, False, False, False]


def test_a_quote_stands_on_evidence_when_they_share_half_of_the_shorter(
    make_report: MakeReport, make_citation: Cite
) -> None:
    shelf = shelve([make_report(FIRST)])
    gold = find_gold(case_of("全区有6万户居民。"), shelf)  # offsets 0 to 9
    half = Citation(1, "r", "", (), 1, 5, 13, FIRST[5:13])  # 8 long, shares 4
    less = Citation(1, "r", "", (), 1, 6, 14, FIRST[6:14])  # 8 long, shares 3
    assert [quote.supports for quote in judge_quotes(gold, (half, less), shelf)] == [True, False]
    elsewhere = make_citation(1, FIRST, "其中3万户迁居。")
    assert not judge_quotes(gold, (elsewhere,), shelf)[0].supports


def test_evidence_that_stands_twice_is_found_at_both_places(make_report: MakeReport) -> None:
    twice = "上海。又见上海。"
    shelf = shelve([make_report(twice)])
    second = Citation(1, "r", "", (), 1, 5, 7, "上海")
    assert judge_quotes(find_gold(case_of("上海"), shelf), (second,), shelf)[0].supports


def test_only_the_kind_several_needs_all_its_evidence(make_report: MakeReport, make_citation: Cite) -> None:
    shelf = shelve([make_report(FIRST, THIRD)])
    cited = (make_citation(1, FIRST, "全区有6万户居民。"),)
    quotations = ("全区有6万户居民。", "道路已经修好。")
    assert evidence_cited(find_gold(case_of(*quotations, kind="several"), shelf), cited) == 0.5
    assert evidence_cited(find_gold(case_of(*quotations), shelf), cited) == 1.0
    assert evidence_cited(find_gold(case_of(*quotations), shelf), ()) == 0.0


OFF = Quote(Place("r", 2), "别处", True, supports=False)
WRONG = {"match": None, "quotes": (OFF,)}
REFUSED = {"refused": True, "quotes": ()}


@pytest.mark.parametrize(
    ("ranks", "right", "facts", "fault"),
    [
        ((1,), 1, {}, Fault.NONE),
        ((), 1, {}, Fault.NONE),  # answered rightly all the same
        ((), 0, WRONG, Fault.SPLIT),
        ((), 1, WRONG, Fault.RETRIEVED),
        ((4,), 1, WRONG, Fault.RANKED),
        ((4,), 1, REFUSED, Fault.RANKED),
        ((3,), 1, REFUSED, Fault.REFUSED),
        ((1,), 1, WRONG, Fault.SENTENCE),
    ],
)
def test_the_first_step_that_went_wrong_is_named(
    ranks: tuple[int, ...], right: int, facts: dict[str, object], fault: Fault, make_given: MakeGiven
) -> None:
    assert find_fault(case_of("据"), ranks, right, make_given(**facts)) is fault


def test_right_sentence_with_wrong_words_is_a_fault_of_the_text(make_given: MakeGiven) -> None:
    from eval.records import Match

    given = make_given(match=Match(False, 0.2, holds=False))
    assert find_fault(case_of("据"), (1,), 1, given) is Fault.TEXT


def test_answering_the_unanswerable_is_a_fault_and_refusing_it_is_none(make_given: MakeGiven) -> None:
    case = Case("c", "问", answerable=False)
    assert find_fault(case, (), 0, make_given()) is Fault.ANSWERED
    assert find_fault(case, (), 0, make_given(refused=True)) is Fault.NONE


@pytest.mark.parametrize(("ranks", "fault"), [((3,), Fault.NONE), ((4,), Fault.RANKED), ((), Fault.RETRIEVED)])
def test_where_it_was_only_searched_the_rank_decides(ranks: tuple[int, ...], fault: Fault) -> None:
    assert find_fault(case_of("据"), ranks, 1, None) is fault
