"""What `python -m index` promises: exit codes 0, 1 and 2, one line for every fault, and JSON that parses."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.__main__ import main

ROOT = Path(__file__).parent.parent.parent
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def run(library: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command on this test's library; give its exit code, output and errors."""
    monkeypatch.setenv("WENJU_LIBRARY", str(library))
    monkeypatch.setenv("WENJU_EMBEDDER", str(tiny_model))

    def ran(*arguments: str | Path) -> tuple[int, str, str]:
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stopped:  # argparse
            code = int(str(stopped.code))
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return ran


@pytest.fixture
def filled(run: Run, shipped_report: Path) -> Run:
    run("add", shipped_report)
    return run


def test_adding_listing_searching_and_removing_the_shipped_report(run: Run, shipped_report: Path) -> None:
    code, out, err = run("add", shipped_report)
    assert (code, err) == (0, "")
    assert out == f"added     {shipped_report}  huangpu-2022, 29 paragraphs\n"
    assert run("add", shipped_report)[1].startswith("unchanged ")
    assert run("list") == (0, "huangpu-2022  建设国际化大都市中心城区核心引领区的黄浦  2022-06-20  29 paragraphs\n", "")
    code, out, err = run("search", "多少户居民告别旧里", "--top", "1")
    assert (code, err) == (0, "")
    assert "huangpu-2022 11  始终把加速推进旧区改造" in out
    assert run("remove", "huangpu-2022") == (0, "removed huangpu-2022\n", "")
    assert run("list") == (0, "The library is empty.\n", "")
    assert run("search", "旧里") == (0, "Nothing was found.\n", "")


def test_adding_prints_json(run: Run, shipped_report: Path) -> None:
    code, out, _ = run("add", shipped_report, "--json")
    added = {"path": str(shipped_report), "report": "huangpu-2022", "outcome": "added", "message": "", "paragraphs": 29}
    assert (code, json.loads(out)) == (0, {"added": [added], "generation": 1})


def test_listing_prints_json(filled: Run) -> None:
    code, out, _ = filled("list", "--json")
    (report,) = json.loads(out)["reports"]
    assert code == 0
    assert (report["id"], report["date"], report["paragraphs"]) == ("huangpu-2022", "2022-06-20", 29)
    assert report["authors"] == ["赵兵", "马亦男", "俞凡"]


def test_searching_prints_json(filled: Run) -> None:
    code, out, _ = filled("search", "告别旧里", "--top", "2", "--json")
    found = json.loads(out)
    assert (code, found["question"], len(found["hits"])) == (0, "告别旧里", 2)
    best = found["hits"][0]
    assert (best["report"], best["paragraph"]) == ("huangpu-2022", 11)
    assert best["section"] == ["二、聚焦民生保障,树立城区品质生活新标杆", "(一)旧区改造跑出加速度"]
    assert set(best["ranks"]) == {"keywords", "windows", "tokens", "related"}


@pytest.mark.parametrize("command", [("check",), ("rebuild",), ("reembed",), ("remove", "huangpu-2022")])
def test_every_other_command_prints_json_too(filled: Run, command: tuple[str, ...]) -> None:
    code, out, _ = filled(*command, "--json")
    assert code == 0
    assert isinstance(json.loads(out), dict)
    assert out.count("\n") == 1


def test_checking_a_whole_library_is_nought(filled: Run) -> None:
    assert filled("check") == (0, "The library is whole.\n", "")


def test_checking_a_library_whose_content_breaks_its_own_rules_is_one(filled: Run, library: Path) -> None:
    database = sqlite3.connect(library / "wenju.sqlite")
    database.execute("PRAGMA writable_schema = ON")
    rule = "replace(sql, 'title TEXT', 'title TEXT CHECK (title = ''x'')')"
    database.execute(f"UPDATE sqlite_master SET sql = {rule} WHERE name = 'reports'")
    database.commit()
    database.close()
    code, out, err = filled("check")
    assert (code, err) == (1, "")
    assert out == "the SQLite file is damaged: CHECK constraint failed in reports\n"


def test_rebuilding_mends_deleted_derived_files(filled: Run, library: Path) -> None:
    shutil.rmtree(library / "derived")
    assert filled("rebuild")[0] == 0
    assert sorted(path.name for path in (library / "derived").glob("*.json")) == ["keywords.json", "vectors.json"]


def one_line(err: str) -> bool:
    return err.count("\n") == 1 and err.endswith(".\n") and "Traceback" not in err


@pytest.mark.parametrize(
    "command", [("list",), ("check",), ("rebuild",), ("reembed",), ("remove", "x"), ("search", "旧里")]
)
def test_a_library_that_is_not_there_is_told_and_not_made(run: Run, library: Path, command: tuple[str, ...]) -> None:
    code, out, err = run(*command)
    assert (code, out) == (2, "")
    assert err == f"There is no library {library}; make it: python -m index add reports/\n"
    assert not library.exists()


@pytest.mark.parametrize("question", ["", "   ", "\u3000"])
def test_an_empty_question_is_refused(filled: Run, question: str) -> None:
    assert filled("search", question) == (2, "", "The question is empty; write what you want to find.\n")


@pytest.mark.parametrize("top", ["0", "-1"])
def test_a_top_below_one_is_refused(filled: Run, top: str) -> None:
    code, out, err = filled("search", "旧里", "--top", top)
    assert (code, out) == (2, "")
    assert one_line(err)


@pytest.mark.parametrize(
    "arguments",
    [(), ("frobnicate",), ("add",), ("remove",), ("search",), ("search", "x", "--top", "three"), ("list", "x")],
)
def test_a_wrong_command_line_is_two(run: Run, arguments: tuple[str, ...]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert "error:" in err


def test_a_report_that_is_not_there_cannot_be_removed(filled: Run) -> None:
    code, out, err = filled("remove", "nope")
    assert (code, out) == (2, "")
    assert err == "There is no report 'nope' in the library; it holds: huangpu-2022.\n"


def test_a_bad_file_among_good_ones_is_told_and_the_code_is_two(run: Run, tmp_path: Path, shipped_report: Path) -> None:
    (tmp_path / "image.txt").write_bytes(b"\x89PNG\x00")
    code, out, err = run("add", tmp_path / "image.txt", shipped_report, tmp_path / "missing.txt")
    assert (code, err) == (2, "")
    bad, good, missing = out.splitlines()
    assert bad.startswith("failed ")
    assert "image.txt is a picture (PNG); save the report as text" in bad
    assert good.startswith("added ")
    assert "There is no file" in missing


def test_a_folder_without_reports_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    code, out, err = run("add", tmp_path / "nothing")
    assert (code, out) == (2, "")
    assert one_line(err)


@pytest.mark.parametrize("content", [b"junk" * 200, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_library_is_told_in_one_line(run: Run, library: Path, content: bytes) -> None:
    library.mkdir()
    (library / "wenju.sqlite").write_bytes(content)
    code, out, err = run("list")
    assert (code, out) == (2, "")
    assert one_line(err)


def test_a_folder_of_other_files_is_not_made_a_library(run: Run, tmp_path: Path, shipped_report: Path) -> None:
    code, out, err = run("add", shipped_report, "--library", shipped_report.parent)
    assert (code, out) == (2, "")
    assert one_line(err)


def test_another_embedder_is_refused_and_reembed_mends_it(filled: Run, other_model: Path) -> None:
    code, out, err = filled("search", "黄浦", "--embedder", other_model)
    assert (code, out) == (2, "")
    assert "python -m index reembed --library" in err
    assert err.endswith(f"--embedder {other_model}\n")
    assert err.count("\n") == 1
    assert filled("reembed", "--embedder", other_model)[0] == 0
    assert filled("search", "黄浦", "--embedder", other_model)[0] == 0


@pytest.mark.parametrize("name", ["/no/such/model", "nobody/no-such-model"])
def test_an_embedder_that_is_not_there_is_told_in_one_line(filled: Run, name: str, no_network: list[object]) -> None:
    code, out, err = filled("search", "黄浦", "--embedder", name)
    assert (code, out) == (2, "")
    assert one_line(err)


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={"PATH": "", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_listing_loads_none_of_the_heavy_libraries(filled: Run, library: Path) -> None:
    script = (
        "import sys; from index.__main__ import main; main(['list']);"
        "heavy = {'torch', 'faiss', 'gradio', 'tantivy', 'sentence_transformers', 'transformers', 'openai'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = python("-c", script, WENJU_LIBRARY=str(library), PYTHONUTF8="1")
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps such a file name")
def test_a_file_name_that_is_no_text_is_refused_without_a_crash(tmp_path: Path, tiny_model: Path) -> None:
    path = tmp_path / "bad\udcff.txt"
    path.write_text("山高水长。", "utf-8")
    done = python("-m", "index", "add", str(path), "--library", str(tmp_path / "l"), "--embedder", str(tiny_model))
    assert (done.returncode, done.stderr) == (2, "")
    assert "holds half a character" in done.stdout


def test_a_terminal_that_lacks_characters_does_not_end_a_command(filled: Run, library: Path) -> None:
    done = python("-m", "index", "list", "--library", str(library), PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("huangpu-2022  \\u5efa\\u8bbe")


def test_the_door_is_a_module(filled: Run, library: Path) -> None:
    done = python("-m", "index", "list", "--library", str(library), PYTHONUTF8="1")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("huangpu-2022 ")


def test_errors_go_to_the_error_stream_and_the_code_is_two(tmp_path: Path) -> None:
    done = python("-m", "index", "list", "--library", str(tmp_path / "none"), PYTHONUTF8="1")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("There is no library ")
