"""The log's lines: what is in them, and that neither a question nor a message that holds one is."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Index, IndexConfig, WenjuError
from qa import Mode, QaConfig
from web.journal import noted, open_journal

QUESTION = "滨江岸线有多少公里?"


@pytest.fixture(autouse=True)
def kept_handlers() -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), logging.getLogger("wenju").level
    yield
    for handler in set(root.handlers) - set(before):
        handler.close()
    root.handlers[:] = before
    logging.getLogger("wenju").setLevel(level)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(IndexConfig(tmp_path / "library")) as opened:
        opened.add_reports([Index.make_report("r", "滨江", ["滨江岸线有8.3公里。"])])
        yield opened


def lines(log: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]


def test_a_question_is_noted_without_its_words(index: Index, tmp_path: Path) -> None:
    open_journal(str(tmp_path / "log"))
    noted(index, QaConfig()).answer(QUESTION)
    (line,) = lines(tmp_path / "log")
    assert (line["event"], line["level"], line["characters"]) == ("question", "info", len(QUESTION))
    assert line["outcome"] in ("answered", "refused")
    assert "滨江" not in json.dumps(line, ensure_ascii=False)


def test_its_words_are_written_where_that_is_asked_for(index: Index, tmp_path: Path) -> None:
    open_journal(str(tmp_path / "log"), questions=True)
    noted(index, QaConfig(), words=True).answer(QUESTION)
    assert lines(tmp_path / "log")[0]["question"] == QUESTION


def test_its_words_are_written_too_where_the_reader_wants_no_language_model(index: Index, tmp_path: Path) -> None:
    open_journal(str(tmp_path / "log"), questions=True)
    modelled = noted(index, QaConfig(llm_url="http://127.0.0.1:9/v1", llm_model="m"), words=True)
    plain = modelled.extractive()
    plain.answer(QUESTION)
    assert (modelled.mode, plain.mode) == (Mode.MODEL, Mode.EXTRACTIVE)
    assert lines(tmp_path / "log")[0]["question"] == QUESTION


def test_a_question_that_cannot_be_asked_and_one_that_is_left_are_noted(index: Index, tmp_path: Path) -> None:
    open_journal(str(tmp_path / "log"))
    with pytest.raises(WenjuError):
        noted(index, QaConfig()).answer("")
    stream = noted(index, QaConfig()).stream(QUESTION)
    next(stream)
    stream.close()
    assert [line["outcome"] for line in lines(tmp_path / "log")] == ["QuestionError", "stopped"]


@pytest.mark.parametrize("questions", [False, True])
def test_a_traceback_is_told_by_its_places(questions: bool, tmp_path: Path) -> None:
    open_journal(str(tmp_path / "log"), questions)
    try:
        raise ValueError(f"cannot read {QUESTION}")
    except ValueError:
        logging.getLogger("elsewhere").exception("a question failed")
    (line,) = lines(tmp_path / "log")
    assert (line["event"], line["level"]) == ("a question failed", "error")
    assert str(line["error"]).startswith("ValueError < test_journal.py:")
    assert ("message" in line) is questions
    assert ("滨江" in json.dumps(line, ensure_ascii=False)) is questions


def test_a_log_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WenjuError, match="cannot be written"):
        open_journal(str(tmp_path / "none" / "log"))
