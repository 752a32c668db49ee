"""Expected values are worked out by hand from the CMRC 2018 evaluation's definitions."""

import pytest

from eval.text import character_f1, exact_match, holds, length, match, plain


def test_marks_and_blanks_are_no_part_of_an_answers_length() -> None:
    assert plain("共有6万多户。[1] 另有3户。[12]") == "共有6万多户。 另有3户。"
    assert length("共有6万多户。[1] 另有3户。[12]") == 12


def test_exact_match_ignores_case_and_punctuation() -> None:
    assert exact_match("“五型经济”。", ["五型经济"])
    assert exact_match("gdp", ["税收", "GDP"])
    assert not exact_match("五型经济发展", ["五型经济"])


@pytest.mark.parametrize(
    ("prediction", "answers", "expected"),
    [
        # 共有6万多户居民 is 8 tokens, 6万多户 is 4, all 4 shared: precision 4/8, recall 4/4.
        ("共有6万多户居民", ["6万多户"], 2 * 0.5 * 1 / 1.5),
        # The longest common run of 甲乙丁 and 甲乙丙丁 is 甲乙: precision 2/3, recall 2/4.
        ("甲乙丁", ["甲乙丙丁"], 2 * (2 / 3) * 0.5 / (2 / 3 + 0.5)),
        # A number is one token, so 2021 and 2022 share nothing.
        ("2021", ["2022"], 0.0),
        # Punctuation is left out, and the best answer counts.
        ("甲。乙", ["丙", "甲乙"], 1.0),
        ("", ["甲"], 0.0),
    ],
)
def test_character_f1_is_that_of_the_longest_common_run(prediction: str, answers: list[str], expected: float) -> None:
    assert character_f1(prediction, answers) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("五年来共有6万多户居民告别旧里。[1]", "6 万多户"),
        ("佔比超過80%。", "占比超过80%"),
        ("共６,０００户", "6000户"),
        ("在2021、2022年", "2021"),
        ("增长6.5%。", "6.5%"),
    ],
)
def test_an_answer_is_held_whatever_its_script_and_punctuation(text: str, answer: str) -> None:
    assert holds(text, [answer])


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("共有16万户", "6万户"),
        ("增长6.5%", "5%"),
        ("增长15个", "1.5"),
        ("在2021、2022年", "20212022"),
        ("占比80个", "80%"),
        ("前半…后半", "前半后半"),
        ("任何文字", "。"),
    ],
)
def test_part_of_a_number_or_words_across_a_gap_are_not_held(text: str, answer: str) -> None:
    assert not holds(text, [answer])


def test_the_lead_is_the_short_form_and_the_text_the_long_one() -> None:
    found = match("共有6万多户居民。[1]", "6万多户", ["6万多户"])
    assert found is not None
    assert (found.exact, found.f1, found.holds) == (True, 1.0, True)
    without_lead = match("共有6万多户居民。[1]", "", ["6万多户"])
    assert without_lead is not None
    assert not without_lead.exact


def test_without_gold_answers_there_is_nothing_to_match() -> None:
    assert match("文字", "", ()) is None
