"""python -m qa: what it prints, and one sentence for what cannot be done."""

import json
from pathlib import Path

import pytest

from index import Index, IndexConfig
from qa.__main__ import main

QUESTION = "黄浦滨江岸线贯通开放了多少公里?"


@pytest.fixture
def library(tmp_path: Path, shipped_report: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A library of the shipped report, in a working directory without settings."""
    for name in ("LLM_URL", "LLM_MODEL", "LLM_KEY", "RERANKER", "CONFIG", "EMBEDDER"):
        monkeypatch.delenv(f"WENJU_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    with Index.open(IndexConfig(tmp_path / "library")) as index:
        index.add([shipped_report])
    return str(tmp_path / "library")


def test_without_a_question_and_a_terminal_it_says_how_to_ask(library: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--library", library]) == 2
    assert (
        capsys.readouterr().err == 'No question was given; ask one: python -m qa "…", or a file: --batch FILE.jsonl\n'
    )


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ("[llm]\nurl = 5", "llm.url = 5; it must be a text"),
        ("[llm]\nmodle = 'x'", "unknown key llm.modle"),
        ("[llm", "are not TOML"),
        ("[llm]\nurl = 'http://127.0.0.1:9/v1'", "WENJU_LLM_URL is set and WENJU_LLM_MODEL is not"),
        ("reranker = './none/here'", "There is no model folder ./none/here; check the path given as the reranker"),
    ],
)
def test_settings_that_cannot_be_used_are_one_sentence_and_exit_code_2(
    library: str, settings: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "wenju.toml").write_text(settings, "utf-8")
    assert main([QUESTION, "--library", library]) == 2
    told = capsys.readouterr().err
    assert sentence in told
    assert told.count("\n") == 1


def test_an_endpoint_that_is_away_is_told_and_the_report_answers(
    library: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "wenju.toml").write_text("[llm]\nurl = 'http://127.0.0.1:9/v1'\nmodel = 'm'", "utf-8")
    assert main([QUESTION, "--library", library, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["mode"] == "extractive"
    assert "http://127.0.0.1:9/v1 cannot be reached" in told["warnings"][0]
    assert "8.3公里" in told["citations"][0]["quote"]
    assert told["flags"] == []


def test_a_question_in_a_strange_script_is_refused_in_a_sentence_of_its_own(
    library: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["Сколько километров набережной?", "--library", library]) == 0
    assert "question's script (Cyrillic)" in capsys.readouterr().out
