"""What a person may set, in wenju.toml and in the environment."""

from pathlib import Path

import pytest

from index import WenjuError
from qa import Answerer, QaConfig

WHOLE = """reranker = "models/ranker"
[llm]
url = "http://127.0.0.1:11434/v1"
model = "qwen3:8b"
key = "k"
first_seconds = 5
seconds = 60.5
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_a_file_and_an_environment_the_defaults_hold(folder: Path) -> None:
    assert Answerer.settings({}) == QaConfig()


def test_the_file_in_the_working_directory_is_read(folder: Path) -> None:
    (folder / "wenju.toml").write_text(WHOLE, "utf-8")
    told = Answerer.settings({})
    assert (told.llm_url, told.llm_model, told.llm_key) == ("http://127.0.0.1:11434/v1", "qwen3:8b", "k")
    assert (told.reranker, told.llm_first_seconds, told.llm_seconds) == ("models/ranker", 5.0, 60.5)


def test_the_file_that_is_named_is_read_in_place_of_the_one_that_lies_there(folder: Path) -> None:
    (folder / "wenju.toml").write_text("nonsense", "utf-8")
    other = folder / "other.toml"
    other.write_text('reranker = "r"', "utf-8")
    assert Answerer.settings({"WENJU_CONFIG": str(other)}).reranker == "r"


def test_the_environment_goes_before_the_file(folder: Path) -> None:
    (folder / "wenju.toml").write_text(WHOLE, "utf-8")
    told = Answerer.settings({"WENJU_LLM_MODEL": "other", "WENJU_RERANKER": ""})
    assert (told.llm_url, told.llm_model, told.reranker) == ("http://127.0.0.1:11434/v1", "other", "")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("url = ", r"are not TOML \(Invalid value"),
        ("[llm]\nurl", r"are not TOML \(.*line 2|are not TOML \(.*end of document"),
        ("[llm]\nmodle = 'x'", r"unknown key llm\.modle; known are reranker, llm\.url"),
        ("top = 3", r"unknown key top"),
        ("[llm.url]\nx = 1", r"llm\.url = \{'x': 1\}; it must be a text"),
        ("[llm]\nurl = 5", r"llm\.url = 5; it must be a text"),
        ("reranker = true", r"reranker = True; it must be a text"),
        ("[llm]\nseconds = '60'", r"llm\.seconds = '60'; it must be a number of seconds above 0"),
        ("[llm]\nseconds = 0", r"must be a number of seconds above 0"),
        ("[llm]\nfirst_seconds = true", r"must be a number of seconds above 0"),
    ],
)
def test_each_fault_of_the_file_is_one_sentence(folder: Path, text: str, sentence: str) -> None:
    (folder / "wenju.toml").write_text(text, "utf-8")
    with pytest.raises(WenjuError, match=sentence) as told:
        Answerer.settings({})
    assert "wenju.toml" in str(told.value)
    assert "\n" not in str(told.value)


def test_a_file_that_is_not_there_or_not_utf_8_is_told(folder: Path) -> None:
    with pytest.raises(WenjuError, match=r"none\.toml cannot be read .*WENJU_CONFIG"):
        Answerer.settings({"WENJU_CONFIG": "none.toml"})
    (folder / "wenju.toml").write_bytes("reranker = '模型'".encode("gb18030"))
    with pytest.raises(WenjuError, match="not UTF-8"):
        Answerer.settings({})


@pytest.mark.parametrize(("given", "missing"), [("URL", "MODEL"), ("MODEL", "URL")])
def test_half_a_language_model_is_told(folder: Path, given: str, missing: str) -> None:
    with pytest.raises(WenjuError, match=f"WENJU_LLM_{given} is set and WENJU_LLM_{missing} is not"):
        Answerer.settings({f"WENJU_LLM_{given}": "x"})
