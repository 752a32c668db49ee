"""What split promises: whole sentences, by offsets that rebuild them, never cut inside a quotation or a number."""

from itertools import pairwise
from pathlib import Path

import pytest

from index.document import Facts
from index.outline import BlockKind, outline
from index.read_text import read_text
from index.records import Sentence
from index.split import sentences


def cut(text: str) -> list[str]:
    return [text[one.start : one.end] for one in sentences(text)]


def test_offsets_are_those_of_the_text() -> None:
    assert sentences(" 一二。 三!四") == (Sentence(1, 4), Sentence(5, 7), Sentence(7, 8))


@pytest.mark.parametrize("mark", ["。", "!", "?", ";", "\uff01", "\uff1f", "\uff1b"])
def test_every_end_mark_ends_a_sentence(mark: str) -> None:
    assert cut(f"前句{mark}后句") == [f"前句{mark}", "后句"]


def test_a_run_of_end_marks_is_one_end() -> None:
    assert cut("真的?!当然。。。好") == ["真的?!", "当然。。。", "好"]


@pytest.mark.parametrize("mark", [",", "\uff0c", "、", ":", "\uff1a", "……"])
def test_other_marks_end_none(mark: str) -> None:
    assert cut(f"前{mark}后。") == [f"前{mark}后。"]


@pytest.mark.parametrize(
    "enclosed",
    [
        "“好。走!”",
        '"好。走!"',
        "‘好。走!’",
        "「好。走」",
        "《甲。乙;丙》",
        "(甲;乙。)",
        "\uff08甲。乙\uff09",
        "[a;b]",
        "【甲。】",
    ],
)
def test_nothing_is_cut_inside_quotation_marks_and_brackets(enclosed: str) -> None:
    assert cut(f"前{enclosed}后。尾") == [f"前{enclosed}后。", "尾"]


def test_enclosures_inside_enclosures_are_kept_whole() -> None:
    text = "制定《关于“人民。城市”的方案(草案;一)》并实施。"
    assert cut(text + "好") == [text, "好"]


@pytest.mark.parametrize("number", ["2.5公里", "8.3公里", "4.0 版", "1,234.5元", "3.14159"])
def test_numbers_are_never_cut(number: str) -> None:
    assert cut(f"全长{number}岸线。尾") == [f"全长{number}岸线。", "尾"]


def test_closing_marks_behind_the_end_belong_to_the_sentence() -> None:
    assert cut("“走吧。”他走了。(完。)尾") == ["“走吧。”他走了。", "(完。)尾"]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("“没有关。二。三", ["“没有关。", "二。", "三"]),
        ("多了”一。二", ["多了”一。", "二"]),
        ("甲(乙。丙", ["甲(乙。", "丙"]),
        ('甲"乙。丙', ['甲"乙。', "丙"]),
        ("》甲。《乙。丙", ["》甲。", "《乙。", "丙"]),
    ],
)
def test_an_unbalanced_mark_swallows_nothing(text: str, pieces: list[str]) -> None:
    assert cut(text) == pieces


def test_an_opening_mark_is_a_stray_when_its_partner_is_over_300_characters_off() -> None:
    text = "“" + "长。" * 150 + "”后"
    assert cut(text)[0] == "“长。"
    assert cut("“" + "长。" * 149 + "”后。尾") == ["“" + "长。" * 149 + "”后。", "尾"]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("It grew by 2.5 percent. Exports fell.", ["It grew by 2.5 percent.", "Exports fell."]),
        ("The U.S. economy, e.g. Trade, grew. Good!", ["The U.S. economy, e.g. Trade, grew.", "Good!"]),
        ("Dr. Smith agreed. Did he? Yes.", ["Dr. Smith agreed.", "Did he?", "Yes."]),
        ("“We act. Now,” he said. Fine.", ["“We act. Now,” he said.", "Fine."]),
        ("It's the city's. Ours.", ["It's the city's.", "Ours."]),
        ("see report.txt for v2.0 of it", ["see report.txt for v2.0 of it"]),
    ],
)
def test_english_sentences_end_at_a_full_stop_before_a_capital(text: str, pieces: list[str]) -> None:
    assert cut(text) == pieces


@pytest.mark.parametrize("text", ["", "   ", "\n\u3000"])
def test_a_blank_text_has_no_sentence(text: str) -> None:
    assert sentences(text) == ()


def test_a_text_without_an_end_mark_is_one_sentence() -> None:
    assert cut("最美花园") == ["最美花园"]


def test_sentences_of_the_shipped_report_cover_every_character_in_order(shipped_report: Path) -> None:
    blocks = outline(list(read_text(shipped_report.read_text("utf-8"))), Facts(), "").blocks
    for text in (block.text for block in blocks if block.kind is BlockKind.BODY):
        found = sentences(text)
        gaps = [text[left.end : right.start] for left, right in pairwise(found)]
        assert found[0].start == 0
        assert found[-1].end == len(text)
        assert not "".join(gaps).strip()
        assert all(text[one.start : one.end].strip() == text[one.start : one.end] != "" for one in found)


def test_a_sentence_of_the_shipped_report_is_found_whole(shipped_report: Path) -> None:
    text = next(line for line in shipped_report.read_text("utf-8").splitlines() if "告别旧里" in line)
    assert "五年来共有6万多户居民告别旧里,总量超过前五年一倍以上。" in cut(text)
