"""What the shipped sets over other texts promise, held against those texts: nothing is embedded or searched."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from eval.cases import read_set
from eval.check import check
from eval.judge import Shelf, find_gold, shelve
from eval.records import Case
from index import fold
from index.archive import Found
from index.compose import report_of
from index.read import read_document

SETS = Path(__file__).parents[2] / "eval" / "sets"
TEXTS = SETS / "texts"
NAMES = ("everyday", "english", "misprints")
# A paraphrase may share less than this part of its character pairs with its evidence.
LARGEST_SHARE = 1 / 20


@cache
def shelf() -> Shelf:
    paths = sorted(TEXTS.glob("*.txt"))
    return shelve([report_of(read_document(Found(path)), path.stem, path.name) for path in paths])


@cache
def cases(*names: str) -> tuple[Case, ...]:
    return tuple(case for name in names for case in read_set(SETS / f"{name}.jsonl").cases)


def pairs(text: str) -> set[str]:
    """Return the pairs of neighbouring characters of the folded text, punctuation and blanks dropped."""
    bare = "".join(character for character in fold(text) if character.isalnum())
    return {bare[at : at + 2] for at in range(len(bare) - 1)}


def share(question: str, evidence: str) -> float:
    """Return which part of a question's pairs its evidence holds."""
    asked = pairs(question)
    return len(asked & pairs(evidence)) / len(asked)


def twins() -> Iterator[tuple[Case, Case]]:
    by_id = {case.id: case for case in cases("misprints")}
    for name, case in by_id.items():
        if name.endswith("-clean"):
            yield case, by_id[name.removesuffix("-clean") + "-misprint"]


def test_share_is_counted_over_the_questions_own_pairs() -> None:
    assert share("退货运费?", "运费由谁,退货") == pytest.approx(2 / 3)
    assert share("送還", "送 还") == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_set_is_clean_against_its_texts(name: str) -> None:
    assert check(read_set(SETS / f"{name}.jsonl"), shelf()) == ()


def test_every_case_stands_in_exactly_one_paragraph() -> None:
    assert [case.id for case in cases(*NAMES) if len(find_gold(case, shelf()).right) != 1] == []


def test_no_text_serves_both_splits() -> None:
    splits: defaultdict[str, set[str]] = defaultdict(set)
    for case in cases(*NAMES):
        for place in find_gold(case, shelf()).right:
            splits[place.report].add(case.split)
    assert len(splits) == len(list(TEXTS.glob("*.txt")))
    assert Counter(tuple(found) for found in splits.values()) == {("dev",): 4, ("test",): 4}


def test_the_origin_of_every_text_is_told() -> None:
    origin = (TEXTS / "ORIGIN").read_text("utf-8")
    assert [path.name for path in TEXTS.glob("*.txt") if path.name not in origin] == []


def test_no_two_questions_are_alike() -> None:
    counts = Counter(fold(case.question) for case in cases(*NAMES))
    assert [question for question, count in counts.items() if count > 1] == []


def test_paraphrases_share_next_to_no_character_pair_with_their_evidence() -> None:
    hard = [case for case in cases("everyday") if case.kind == "paraphrase"]
    assert [case.id for case in hard if share(case.question, case.evidence[0]) >= LARGEST_SHARE] == []


def test_english_questions_hold_no_chinese() -> None:
    assert [case.id for case in cases("english") if any("一" <= mark <= "鿿" for mark in case.question)] == []


def test_a_misprint_differs_from_its_clean_twin_in_one_character() -> None:
    found = list(twins())
    assert len(found) * 2 == len(cases("misprints"))
    for clean, misprint in found:
        assert (clean.kind, misprint.kind) == ("clean", "misprint")
        assert (clean.evidence, clean.answers, clean.split) == (misprint.evidence, misprint.answers, misprint.split)
        folded = fold(clean.question), fold(misprint.question)
        assert len(folded[0]) == len(folded[1])
        assert sum(a != b for a, b in zip(*folded, strict=True)) == 1


@pytest.mark.parametrize(
    ("kind", "everywhere", "in_test"),
    [("colloquial", 200, 90), ("paraphrase", 160, 60), ("english", 220, 150), ("misprint", 80, 50)],
)
def test_there_are_enough_cases_to_measure_on(kind: str, everywhere: int, in_test: int) -> None:
    found = Counter(case.split for case in cases(*NAMES) if case.kind == kind)
    assert found.total() >= everywhere
    assert found["test"] >= in_test
