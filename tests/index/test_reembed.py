"""What moving to another embedder promises: the old vectors serve until it is done, and nothing is embedded twice."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import Index, IndexConfig, WenjuError
from index.build import add_reports
from index.compose import make_report
from index.config import REEMBED_BATCH
from index.library import Library
from index.reembed import reembed
from index.steps import silent

ROOT = Path(__file__).parent.parent.parent
COUNT = 3 * REEMBED_BATCH + 5
# Each text is its own, so that what was embedded can be told apart.
TEXTS = [f"山{number}" if number % 2 else f"水{number}" for number in range(COUNT)]


class Killed(Exception):  # noqa: N818 - it stands for the end of a process, not for a fault
    """Ends a run in its midst."""


@pytest.fixture
def library(tmp_path: Path, axis_embedder: type) -> Iterator[Library]:
    opened = Library(tmp_path / "library")
    add_reports(opened, axis_embedder("山水火"), [make_report("r", "题", TEXTS)], silent)
    yield opened
    opened.close()


@pytest.fixture
def new(axis_embedder: type) -> Any:
    """The embedder that the library is moved to: two axes instead of three."""
    return axis_embedder("水山", "new")


def break_after(embedder: Any, batches: int) -> None:
    """Let an embedder raise at the call after so many."""
    plain, calls = embedder.documents, []

    def documents(texts: Sequence[str]) -> np.ndarray:
        calls.append(len(texts))
        if len(calls) > batches:
            raise Killed
        return plain(texts)

    embedder.documents = documents


def vectors(library: Library) -> np.ndarray:
    made = library.embedder()
    assert made is not None
    return library.vectors(made.dimension)[1]


def test_every_vector_is_the_new_embedder_s(library: Library, new: Any) -> None:
    reembed(library, new, silent)
    assert library.embedder() is not None
    assert (library.embedder().name, library.embedder().dimension, library.embedder().fingerprint) == ("axes", 2, "new")
    assert vectors(library).tolist() == [[0, 1] if number % 2 else [1, 0] for number in range(COUNT)]
    assert new.embedded == TEXTS


def test_a_killed_run_goes_on_and_embeds_nothing_twice(library: Library, new: Any, axis_embedder: type) -> None:
    break_after(new, 2)
    with pytest.raises(Killed):
        reembed(library, new, silent)
    assert new.embedded == TEXTS[: 2 * REEMBED_BATCH]
    again = axis_embedder("水山", "new")
    told: list[tuple[str, int, int]] = []
    reembed(library, again, lambda *step: told.append(step))
    assert again.embedded == TEXTS[2 * REEMBED_BATCH :]
    assert told[0] == ("embedding", 2 * REEMBED_BATCH, COUNT)
    assert told[-3:] == [("embedding", COUNT, COUNT), ("saving", 0, 1), ("saving", 1, 1)]
    assert vectors(library).tolist() == [[0, 1] if number % 2 else [1, 0] for number in range(COUNT)]


def test_what_one_embedder_made_is_not_taken_for_another_s(library: Library, new: Any, axis_embedder: type) -> None:
    break_after(new, 2)
    with pytest.raises(Killed):
        reembed(library, new, silent)
    third = axis_embedder("火水", "third")
    reembed(library, third, silent)
    assert third.embedded == TEXTS
    assert vectors(library).tolist() == [[0, 0] if number % 2 else [0, 1] for number in range(COUNT)]


def test_until_the_switch_nothing_of_the_library_changes(library: Library, new: Any) -> None:
    before, generation, made = vectors(library), library.generation, library.embedder()
    break_after(new, 3)
    with pytest.raises(Killed):
        reembed(library, new, silent)
    assert (library.generation, library.embedder()) == (generation, made)
    assert np.array_equal(vectors(library), before)


def test_paragraphs_that_come_and_go_meanwhile_are_heeded(library: Library, new: Any, axis_embedder: type) -> None:
    plain, old, calls = new.documents, axis_embedder("山水火"), []

    def documents(texts: Sequence[str]) -> np.ndarray:
        calls.append(len(texts))
        if len(calls) == 1:  # another program, in the midst of the first batch
            add_reports(library, old, [make_report("late", "晚", ["水水"])], silent)
        if len(calls) == 2:
            library.remove("r")
        return plain(texts)

    new.documents = documents
    reembed(library, new, silent)
    assert [report.id for report in library.reports()] == ["late"]
    assert vectors(library).tolist() == [[1, 0]]


def test_a_paragraph_s_windows_are_embedded_too(tmp_path: Path, new: Any, axis_embedder: type) -> None:
    library = Library(tmp_path / "windows")
    add_reports(library, axis_embedder("山水火"), [make_report("r", "题", ["山。水。火。"])], silent)
    before = library.vectors(3)[0]
    reembed(library, new, silent)
    ids, matrix = library.vectors(2)
    assert new.embedded == ["山。水。火。", "山。水。", "水。火。"]
    assert ids.tolist() == before.tolist()
    assert matrix.tolist() == [pytest.approx([0.7071, 0.7071], abs=1e-4)] * 2 + [[1, 0]]
    library.close()


def test_long_paragraphs_are_saved_in_smaller_groups(tmp_path: Path, new: Any, axis_embedder: type) -> None:
    library = Library(tmp_path / "long")
    long = "".join(f"山{number}。" for number in range(REEMBED_BATCH - 1))
    add_reports(library, axis_embedder("山水火"), [make_report("r", "题", [long, "水", "火", f"{long}火。"])], silent)
    told: list[tuple[str, int, int]] = []
    reembed(library, new, lambda *step: told.append(step))
    assert [done for step, done, _ in told if step == "embedding"] == [0, 2, 4]
    library.close()


def test_an_empty_library_moves_at_once(tmp_path: Path, new: Any) -> None:
    library = Library(tmp_path / "empty")
    reembed(library, new, silent)
    assert new.embedded == []
    assert library.embedder().fingerprint == "new"
    library.close()


def test_a_report_embedded_by_the_old_model_is_refused_after_the_switch(
    library: Library, new: Any, axis_embedder: type
) -> None:
    reembed(library, new, silent)
    with pytest.raises(WenjuError, match="was moved to the embedder axes meanwhile"):
        add_reports(library, axis_embedder("山水火"), [make_report("late", "晚", ["山"])], silent)


# Two programs on one library, through the front door and the command line.


@pytest.fixture
def models(tmp_path: Path, write_model: Callable) -> tuple[str, str]:
    old = write_model(tmp_path / "old", {"山": (1.0, 0.0, 0.0), "水": (0.0, 1.0, 0.0)})
    return str(old), str(write_model(tmp_path / "new", {"水": (1.0, 0.0), "山": (0.0, 1.0)}))


def test_another_program_is_answered_until_the_switch_and_then_told_the_command(
    tmp_path: Path, models: tuple[str, str]
) -> None:
    old, new = models
    folder = tmp_path / "shared"
    with Index.open(IndexConfig(folder, old)) as asking, Index.open(IndexConfig(folder, new)) as moving:
        asking.add_reports([Index.make_report("r", "题", TEXTS)])
        before = asking.search("山5", 3)
        during = []

        def ask(step: str, done: int, total: int) -> None:
            if (step, done) != ("saving", 1):  # told after the switch
                during.append(asking.search("山5", 3))

        moving.reembed(ask)
        assert during == [before] * 6  # before each of four batches, behind the last, and before the switch
        with pytest.raises(WenjuError) as refused:
            asking.search("山5")
        for told in (f"embedder {new} (2 dimensions", f"not with {old} (3 dimensions"):
            assert told in str(refused.value)
        assert f"give --embedder {new}, or embed" in str(refused.value)
        assert f"python -m index reembed --library {folder} --embedder {old}" in str(refused.value)
        assert moving.search("水4", 1)[0].paragraph.text == "水4"


def test_a_process_that_is_killed_loses_one_batch_at_most(tmp_path: Path, models: tuple[str, str]) -> None:
    old, new = models
    folder = tmp_path / "killed"
    with Index.open(IndexConfig(folder, old)) as index:
        index.add_reports([Index.make_report("r", "题", TEXTS)])
    code = f"""
import os, signal
from index import Index, IndexConfig
from pathlib import Path
def progress(step, done, total):
    if done >= {2 * REEMBED_BATCH}:
        os.kill(os.getpid(), signal.SIGKILL)
Index.open(IndexConfig(Path({str(folder)!r}), {new!r})).reembed(progress)
"""
    killed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, timeout=120)
    assert killed.returncode not in (0, 1)
    with Index.open(IndexConfig(folder, old)) as index:
        assert index.search("水4", 1)[0].paragraph.text == "水4"
    told: list[int] = []
    with Index.open(IndexConfig(folder, new)) as index:
        index.reembed(lambda step, done, total: told.append(done))
        assert told[0] == 2 * REEMBED_BATCH
        assert index.check() == []


def test_the_command_stopped_by_hand_says_how_to_go_on(
    tmp_path: Path, models: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from index.__main__ import main

    old, new = models
    folder = str(tmp_path / "stopped")
    (tmp_path / "r.txt").write_text("山水\n\n" + "。\n".join(TEXTS), "utf-8")
    assert main(["add", str(tmp_path / "r.txt"), "--library", folder, "--embedder", old]) == 0

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Index, "reembed", stop)
    capsys.readouterr()
    assert main(["reembed", "--library", folder, "--embedder", new]) == 130
    assert capsys.readouterr().err == "Stopped. What was saved stays; the same command goes on from there.\n"
    monkeypatch.undo()
    assert main(["reembed", "--library", folder, "--embedder", new]) == 0
    assert main(["search", "水4", "--library", folder, "--embedder", new]) == 0
