"""The room's door on the command line, over a small library of its own."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from eval import Drafts, Feedback
from eval.__main__ import main
from eval.scorecard import load_card
from index import Index, IndexConfig
from qa import Answer

CASE = {"id": "a", "split": "dev", "kind": "lexical", "question": "税收占比是多少?"}
CASE |= {"evidence": ["高端服务业总税收占比超过80%。"], "answers": ["超过80%"]}
NOT_TOLD = {"id": "b", "split": "dev", "kind": "off-topic", "question": "谁的猫?", "answerable": False}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, shipped_report: Path) -> Path:
    folder = tmp_path_factory.mktemp("eval") / "library"
    with Index.open(IndexConfig(folder, str(tiny_model))) as index:
        index.add([shipped_report])
    return folder


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, library: Path, tiny_model: Path) -> None:
    monkeypatch.setenv("WENJU_EMBEDDER", str(tiny_model))
    monkeypatch.setenv("WENJU_LIBRARY", str(library))
    for name in ("URL", "MODEL", "KEY"):
        monkeypatch.delenv(f"WENJU_LLM_{name}", raising=False)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write(tmp_path / "small.jsonl", CASE, NOT_TOLD)


def write(path: Path, *cases: object) -> Path:
    path.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases), encoding="utf-8")
    return path


@pytest.mark.usefixtures("environment")
def test_run_prints_the_table_and_writes_card_and_page(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card, page = tmp_path / "card.json", tmp_path / "card.html"
    assert main(["run", str(small), "--split", "dev", "--json", str(card), "--html", str(page)]) == 0
    printed = capsys.readouterr().out
    assert "small dev: 2 cases, extractive" in printed
    assert "verbatim" in printed
    assert [outcome.case.id for outcome in load_card(card).outcomes] == ["a", "b"]
    assert "税收占比是多少?" in page.read_text("utf-8") or "Failed cases (0 / 2)" in page.read_text("utf-8")


@pytest.mark.usefixtures("environment")
def test_run_can_only_search(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(small), "--retrieval-only", "--limit", "1"]) == 0
    assert "1 cases, retrieval only" in capsys.readouterr().out


@pytest.mark.usefixtures("environment")
def test_a_set_with_its_own_paragraphs_needs_no_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WENJU_LIBRARY", str(tmp_path / "none"))
    qas = [{"id": "q", "question": "黄浦何处?", "answers": [{"text": "中心", "answer_start": 3}]}]
    squad = {"data": [{"id": "x", "paragraphs": [{"context": "黄浦在中心城区。", "qas": qas}]}]}
    path = write(tmp_path / "squad.json", squad)
    assert main(["run", str(path), "--retrieval-only"]) == 0
    assert main(["check", str(path)]) == 0
    assert "1 cases can be run" in capsys.readouterr().out


@pytest.mark.usefixtures("environment")
def test_check_tells_what_is_wrong_and_exits_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "set.jsonl", CASE, {**CASE, "id": "x", "evidence": ["从未写过。"], "answers": []}, 5)
    assert main(["check", str(path)]) == 1
    printed = capsys.readouterr().out
    assert "error: line 3: no JSON object" in printed
    assert "error: line 2 (case x): the evidence '从未写过。' is in no paragraph" in printed
    assert "1 cases can be run; 2 errors, 2 in all to mend." in printed


@pytest.mark.usefixtures("environment")
def test_check_of_a_sound_set_exits_0(small: Path) -> None:
    assert main(["check", str(small)]) == 0


@pytest.mark.usefixtures("environment")
def test_compare_exits_1_only_where_it_is_asked_to_and_a_metric_is_worse(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card, worse = tmp_path / "card.json", tmp_path / "worse.json"
    assert main(["run", str(small), "--json", str(card)]) == 0
    worse.write_text(card.read_text("utf-8").replace('"verbatim":true', '"verbatim":false'), "utf-8")
    assert main(["compare", str(card), str(card), "--fail-if-worse"]) == 0
    assert main(["compare", str(card), str(worse)]) == 0
    assert main(["compare", str(card), str(worse), "--fail-if-worse"]) == 1
    assert "Worse: verbatim." in capsys.readouterr().err


@pytest.mark.usefixtures("environment")
def test_speed_prints_the_machine_and_the_readings(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["speed", str(small), "--limit", "2"]) == 0
    printed = capsys.readouterr().out
    for name in ("import index", "answer p95", "library on disk", "peak memory"):
        assert name in printed


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "none.jsonl"], "There is no set at none.jsonl"),
        (["run", "{set}", "--split", "test"], "its splits are: dev"),
        (["run", "{set}", "--library", "none"], "There is no library at none; build it with `python -m index add"),
        (["run", "{set}", "--library", "{empty}"], "is empty; build it with `python -m index add"),
        (["run", "{set}", "--json", "/no/where/card.json"], "cannot be written"),
        (["compare", "{set}", "{set}"], "no scorecard"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_2(
    arguments: list[str], told: str, small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty"
    Index.open(IndexConfig(empty)).close()
    filled = [argument.format(set=small, empty=empty) for argument in arguments]
    assert main(filled) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


@pytest.mark.usefixtures("environment")
def test_broken_lines_stop_a_run_and_skip_bad_leaves_them_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "set.jsonl", CASE, {"id": 5})
    assert main(["run", str(path)]) == 2
    assert "line 2: id is not a text" in capsys.readouterr().err
    assert main(["run", str(path), "--skip-bad", "--retrieval-only"]) == 0


@pytest.mark.usefixtures("environment")
def test_fusion_weights_can_be_set_for_a_run_and_stand_in_its_card(small: Path, tmp_path: Path) -> None:
    card = tmp_path / "card.json"
    assert main(["run", str(small), "--retrieval-only", "--fusion", "1,0,0", "--json", str(card)]) == 0
    settings = {setting.name: setting.value for setting in load_card(card).origin.settings}
    assert settings["chinese"].startswith("FusionWeights(keywords=1.0, windows=0.0, tokens=0.0")


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("weights", ["1,0", "a,b,c", ""])
def test_broken_fusion_weights_are_told(small: Path, weights: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(small), "--retrieval-only", "--fusion", weights]) == 2
    assert "give three numbers, such as 0.4,0.2,0.4" in capsys.readouterr().err


@pytest.mark.usefixtures("environment")
def test_lost_evidence_stops_a_run_by_its_line_and_skip_bad_leaves_it_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "set.jsonl", CASE, {**CASE, "id": "x", "evidence": ["从未写过。"]})
    assert main(["run", str(path)]) == 2
    assert "1 case(s) whose evidence is in no report; the first, line 2 (case x)" in capsys.readouterr().err
    assert main(["run", str(path), "--skip-bad", "--retrieval-only"]) == 0
    assert "1 cases, retrieval only" in capsys.readouterr().out


@pytest.mark.usefixtures("environment")
def test_run_warns_of_fields_that_are_not_read_and_of_drafts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "set.jsonl", {**CASE, "colour": "red"}, {**CASE, "id": "d", "status": "draft"})
    assert main(["run", str(path), "--retrieval-only"]) == 0
    told = capsys.readouterr().err
    assert "note: line 1: the field 'colour' is not read" in told
    assert "1 proposed cases are left out: nobody accepted them." in told


@pytest.mark.usefixtures("environment")
def test_drafts_are_proposed_from_the_library_or_a_file_and_count_once_accepted(
    tmp_path: Path, shipped_report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "drafts.jsonl"
    assert main(["draft", "huangpu-2022", "--out", str(out), "--count", "5"]) == 0
    assert "5 new drafts; 5 wait" in capsys.readouterr().out
    assert main(["draft", str(shipped_report), "--out", str(out), "--count", "3"]) == 0
    assert "3 new drafts; 8 wait" in capsys.readouterr().out
    assert main(["run", str(out)]) == 2
    assert "8 drafts and no accepted case" in capsys.readouterr().err
    Drafts(out).accept(Drafts(out).all()[0].id)
    assert main(["run", str(out)]) == 0
    assert "1 cases, extractive" in capsys.readouterr().out


@pytest.mark.usefixtures("environment")
def test_accepted_votes_become_a_set(
    library: Path, tmp_path: Path, make_answer: Callable[..., Answer], capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "adopted.jsonl"
    assert main(["adopt", "--out", str(out), "--library", str(tmp_path)]) == 2
    assert "There is no feedback.jsonl" in capsys.readouterr().err
    feedback = Feedback(tmp_path)
    with Index.open(IndexConfig(library)) as index:
        paragraph = index.reports()[0].paragraphs[2]
    first = feedback.passage(make_answer("答"), paragraph, 0, 8)
    feedback.vote(make_answer("答"), "down")
    feedback.review(first.id, "accepted")
    assert main(["adopt", "--out", str(out), "--library", str(tmp_path)]) == 0
    assert "1 new cases" in capsys.readouterr().out
    assert main(["run", str(out), "--retrieval-only"]) == 0


@pytest.mark.usefixtures("environment")
def test_a_sweep_is_one_table_and_reads_finished_cells_back(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sweep = ["sweep", str(small), "--vary", "fusion=1:0:0,0:0:1", "--vary", "top=3", "--folder", str(tmp_path / "s")]
    assert main(sweep) == 0
    first = capsys.readouterr()
    assert first.out.count("top=3") == 2
    assert "read back" not in first.err
    assert main(sweep) == 0
    second = capsys.readouterr()
    assert second.out == first.out
    assert second.err.count("read back") == 2


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["sweep", "{set}", "--vary", "colour=red"], "write one of embedder, fusion, top"),
        (["sweep", "{set}", "--vary", "top=0"], "top is '0'"),
        (["sweep", "{set}", "--vary", "fusion=1:0"], "fusion is '1:0'"),
        (["sweep", "{set}", "--vary", "top=3", "--split", "test"], "must not see the split test"),
        (["draft", "nowhere"], "neither a file nor a report"),
        (["draft", "nowhere", "--count", "-1"], "--count is -1"),
    ],
)
def test_bad_sweeps_and_drafts_are_one_sentence(
    arguments: list[str], told: str, small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([argument.format(set=small) for argument in arguments]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


@pytest.mark.usefixtures("environment")
def test_two_processes_give_the_answers_of_one(small: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    assert main(["run", str(small), "--workers", "1", "--json", str(one)]) == 0
    assert main(["run", str(small), "--workers", "2", "--json", str(two)]) == 0
    first, second = load_card(one), load_card(two)
    assert [given.text for o in first.outcomes if (given := o.given)] == [
        g.text for o in second.outcomes if (g := o.given)
    ]
    assert "workers" in {setting.name for setting in second.origin.settings}
