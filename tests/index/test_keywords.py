"""What keywords promises: terms a person would count, and BM25 as its formula gives it."""

import math
from pathlib import Path

import pytest

from index.keywords import Keywords, terms

# Lengths 2, 3 and 1 with the mean 2; tantivy keeps lengths below 40 exactly.
ROWS = [(7, ["山", "水"], "a"), (8, ["山", "山", "火"], "b"), (9, ["土"], "b")]


@pytest.fixture
def keywords(tmp_path: Path) -> Keywords:
    Keywords.write(tmp_path / "keywords", ROWS)
    return Keywords(tmp_path / "keywords")


@pytest.mark.parametrize(
    ("folded", "expected"),
    [
        ("旧区改造", ["旧", "区", "改", "造", "旧区", "区改", "改造"]),
        ("山", ["山"]),
        ("全长8.3公里", ["全", "长", "全长", "8.3", "公", "里", "公里"]),
        ("1,234户", ["1,234", "户"]),
        ("gdp增长", ["gdp", "增", "长", "增长"]),
        ("found158 na\u00efve", ["found", "158", "na\u00efve"]),
        ("山,水", ["山", "水"]),
        ("山山", ["山", "山", "山山"]),
        ("ひらカナ", ["ひ", "ら", "カ", "ナ", "ひら", "らカ", "カナ"]),
        ("a_b 3.", ["a", "b", "3"]),
        ("", []),
        ("。,?! 😀", []),
    ],
)
def test_terms_are_characters_pairs_words_and_numbers(folded: str, expected: list[str]) -> None:
    assert list(terms(folded)) == expected


def test_scores_are_those_of_the_bm25_formula(keywords: Keywords) -> None:
    # 山 is in 2 of 3 rows: idf = ln(1 + 1.5 / 2.5) = ln 1.6 = 0.470004.
    # Row 7: once in 2 words, the mean length: 0.470004 * 2.2 / (1 + 1.2) = 0.470004.
    # Row 8: twice in 3 words: 1.2 * (0.25 + 0.75 * 1.5) = 1.65; 0.470004 * 4.4 / 3.65 = 0.566580.
    found = keywords.search(["山"], 10)
    assert [row for row, _ in found] == [8, 7]
    assert [score for _, score in found] == pytest.approx([0.566580, 0.470004], abs=1e-5)


def test_no_row_scores_above_the_highest(keywords: Keywords) -> None:
    # idf of 山 ln 1.6 = 0.470004, of 火 (1 of 3 rows) ln(1 + 2.5 / 1.5) = 0.980829; a word counts once: 2.2 * 1.450833.
    assert keywords.highest(["山", "火", "山"]) == pytest.approx(3.191833, abs=1e-5)
    assert keywords.search(["山", "火"], 1)[0][1] < keywords.highest(["山", "火"])
    assert keywords.highest([]) == 1.0


def test_the_scores_of_several_words_add_up(keywords: Keywords) -> None:
    # 水 is in 1 of 3 rows: ln(1 + 2.5 / 1.5) = 0.980829; row 7 has both words: 0.470004 + 0.980829.
    assert dict(keywords.search(["山", "水"], 10)) == pytest.approx({7: 1.450833, 8: 0.566580}, abs=1e-5)


def test_a_word_asked_twice_counts_twice(keywords: Keywords) -> None:
    assert dict(keywords.search(["山", "山"], 10)) == pytest.approx({7: 0.940007, 8: 1.133160}, abs=1e-5)


def test_only_the_best_are_returned(keywords: Keywords) -> None:
    assert [row for row, _ in keywords.search(["山"], 1)] == [8]


@pytest.mark.parametrize("words", [[], ["金"], ["", " "]])
def test_words_in_no_row_find_nothing(keywords: Keywords, words: list[str]) -> None:
    assert keywords.search(words, 10) == []


@pytest.mark.parametrize("word", ["and", "+山", '"', "terms:山", "*"])
def test_the_words_of_a_query_language_mean_nothing_special(keywords: Keywords, word: str) -> None:
    assert keywords.search([word], 10) == []


def test_equal_scores_come_in_the_order_of_their_rows(tmp_path: Path) -> None:
    Keywords.write(tmp_path / "keywords", [(row, ["山"], "") for row in (5, 6, 7, 8)])
    assert [row for row, _ in Keywords(tmp_path / "keywords").search(["山"], 3)] == [5, 6, 7]


def test_rarity_is_the_inverse_document_frequency(keywords: Keywords) -> None:
    assert keywords.rarity("山") == pytest.approx(math.log(1.6))
    assert keywords.rarity("土") == pytest.approx(math.log(1 + 2.5 / 1.5))
    assert keywords.rarity("金") == pytest.approx(math.log(1 + 3.5 / 0.5))


def test_rows_are_counted(keywords: Keywords) -> None:
    assert keywords.count == 3


def test_an_index_of_nothing_finds_nothing(tmp_path: Path) -> None:
    Keywords.write(tmp_path / "keywords", [])
    empty = Keywords(tmp_path / "keywords")
    assert (empty.count, empty.search(["山"], 10)) == (0, [])


def test_only_the_named_parts_are_searched_and_scores_stay(keywords: Keywords) -> None:
    everywhere = dict(keywords.search(["山"], 9))
    assert keywords.search(["山"], 9, ["b"]) == [(8, everywhere[8])]
    assert keywords.search(["山"], 9, ["c"]) == []
    assert {row for row, _ in keywords.search(["山"], 9, ["a", "b"])} == {7, 8}
