"""What fold promises: one form for all spellings of the same text."""

import pytest

from index.fold import fold


def test_full_width_letters_digits_and_marks_become_plain_ones() -> None:
    assert fold("\uff21\uff22\uff23\uff11\uff12\uff13\uff0c\uff1f") == "abc123,?"


def test_case_is_dropped() -> None:
    assert fold("GDP Growth") == "gdp growth"


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [("經濟發展", "经济发展"), ("臺灣", "台湾"), ("頭髮與發現", "头发与发现"), ("乾隆", "乾隆"), ("著名", "著名")],
)
def test_traditional_characters_become_simplified_by_their_word(traditional: str, simplified: str) -> None:
    assert fold(traditional) == simplified


def test_compatibility_characters_are_written_out() -> None:
    assert fold("①㎡Ⅳ\ufb01") == "1m2ivfi"


@pytest.mark.parametrize("text", ["经济 发展", "", "😀", "𠀀"])
def test_a_folded_text_stays_as_it_is(text: str) -> None:
    assert fold(text) == text


def test_folding_twice_changes_nothing_more() -> None:
    once = fold("\uff27\uff24\uff30 經濟 \ufb01 ①")
    assert fold(once) == once


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    assert fold("甲\ud800乙") == "甲\ufffd乙"


def test_two_surrogates_that_make_a_character_become_that_character() -> None:
    assert fold("\ud83d\ude00") == "😀"
