"""What a browser keeps of an answer, and that it is read back whole or not at all."""

import json
from dataclasses import replace

import pytest

from index import Hit
from qa import Answer
from web.exchange import Exchange, Near, history, kept, nearest, nearest_sentence, restored


def test_what_was_kept_as_json_comes_back_the_same(answer: Answer, hit: Hit) -> None:
    found = replace(answer, hits=(hit,))
    before = Exchange("几座?", found, done=True, key="k", near=(Near("b", 1, "x"),), offers=("y",))
    assert restored(json.loads(json.dumps(kept(before)))) == replace(before, answer=answer)


def test_a_question_without_an_answer_is_not_kept() -> None:
    assert kept(Exchange("几座?", problem="x", done=True)) is None


@pytest.mark.parametrize(
    ("field", "value"), [("citations", 1), ("citations", [1]), ("mode", "oracle"), ("seconds", [])]
)
def test_an_answer_that_was_tampered_with_is_not_read(field: str, value: object, answer: Answer) -> None:
    values = kept(Exchange("几座?", answer, done=True))
    assert values is not None
    assert restored({**values, "answer": {**values["answer"], field: value}}) is None  # type: ignore[dict-item]


def test_only_the_last_turns_are_told() -> None:
    told = [{"question": str(at), "answer": "x"} for at in range(20)]
    assert [turn.question for turn in history(told)] == [str(at) for at in range(8, 20)]


def test_the_nearest_sentence_is_the_one_that_shares_words(hit: Hit) -> None:
    assert nearest_sentence("投资多少亿", hit.paragraph) == "投资3亿元。"
    assert nearest("投资多少亿", (hit,) * 5) == (Near("bridges", 1, "投资3亿元。"),) * 3
