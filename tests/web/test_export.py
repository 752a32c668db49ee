"""A conversation as a file: every answer with its sources, and nothing in it that runs."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest

from qa import Answer, Citation
from web.exchange import Exchange, restored
from web.export import ExportError, export, sources


def made(talk: list[Exchange], kind: str) -> bytes:
    return base64.b64decode(export("桥", talk, kind).bytes)


def test_markdown_has_each_question_its_answer_and_its_sources(answer: Answer) -> None:
    text = made([Exchange("几座?", answer, done=True)], "md").decode()
    assert text.startswith("# 桥\n")
    source = "1. > 全年建桥12座。\n   >\n   > 桥 · 一、桥梁,全线贯通 · 第 1 段\n"
    assert f"## 几座?\n\n**12座** — 全年建桥12座。[1]\n\n{source}" in text


def test_nothing_in_markdown_becomes_a_link_an_image_or_an_element(answer: Answer) -> None:
    nasty = replace(answer, text="![x](http://evil.example) <img>\n# no")
    text = made([Exchange("[a](b)", nasty, done=True)], "md").decode()
    assert "\\!\\[x\\](http" in text
    assert "\\<img\\>" in text
    assert "\n# no" not in text


def test_word_holds_question_answer_quotation_and_place(answer: Answer) -> None:
    import docx

    document = docx.Document(BytesIO(made([Exchange("几座?\x0b", answer, done=True)], "docx")))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[0] == "桥"
    told = ["几座?", "12座 — 全年建桥12座。[1]", "[1] 全年建桥12座。", "桥 · 一、桥梁,全线贯通 · 第 1 段"]
    assert texts[2:] == told


def test_json_can_be_read_back_with_every_source(answer: Answer) -> None:
    exchange = Exchange("几座?", answer, done=True, key="secret")
    told: Any = json.loads(made([exchange], "json"))
    assert (told["form"], told["title"]) == (1, "桥")
    assert "secret" not in json.dumps(told)
    assert restored({**told["turns"][0], "key": "secret"}) == exchange


def test_the_pieces_of_a_shortened_sentence_are_one_source(answer: Answer, cite: Callable[..., Citation]) -> None:
    ((mark, quote, _),) = sources(replace(answer, citations=(cite(end=4), cite(start=8, end=14))))
    assert (mark, quote) == (1, "全年建桥…投资3亿元。")


def test_what_cannot_be_exported_is_said_so(answer: Answer) -> None:
    with pytest.raises(ExportError, match="choose one of md, docx, json"):
        export("", [Exchange("几座?", answer, done=True)], "exe")
    with pytest.raises(ExportError, match="ask a question first"):
        export("", [], "md")


def test_a_file_is_named_after_the_first_question_without_what_a_folder_cannot_hold(answer: Answer) -> None:
    assert export("", [Exchange("../a b?", answer, done=True)], "md").name == "wenju-a-b.md"
