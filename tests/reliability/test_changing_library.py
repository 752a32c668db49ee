"""A library that changes: after any steps its answers are those of a fresh build, and a second writer is refused."""

import random
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import nursery
import pytest
from nursery import opened

from index import Index
from qa import Answerer

STEPS, FEW_STEPS = 200, 12
REPORTS = 6
QUESTIONS = (
    "第2号地块有多少户居民签约?",
    nursery.road_of(4),
    "哪个桥宽8米?",
    "第3号地块余下的多少户在下一年签约?",
    "外滩第0号报告的标题是什么?",
)


def answers(index: Index) -> list[tuple[object, ...]]:
    """Return what each question finds and is answered with, without the ids by which a report is kept."""
    if index.empty:
        return []
    answerer = Answerer(index)
    told = [answerer.answer(question) for question in QUESTIONS]
    hits = [tuple((hit.title, hit.paragraph.text, round(hit.score, 4)) for hit in one.hits) for one in told]
    quotes = [tuple((cited.title, cited.quote) for cited in one.citations) for one in told]
    return [
        (one.text, one.refused, round(one.confidence, 4), found, cited)
        for one, found, cited in zip(told, hits, quotes, strict=True)
    ]


class Life:
    """A folder of reports that are edited, renamed, removed and added again, and a library that follows."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.chance, self.reports = chance, folder / "reports"
        nursery.write_reports(self.reports, REPORTS)
        self.index = opened(folder / "library")
        self.index.add([self.reports])
        self.edition = self.spare = 1

    def step(self) -> str:
        path = self.chance.choice(sorted(self.reports.iterdir()))
        what = self.chance.choice(("edit", "rename", "remove", "add again", "add", "reopen"))
        getattr(self, f"_{what.replace(' ', '_')}")(path)
        return f"{what} {path.name}"

    def _edit(self, path: Path) -> None:
        self.edition += 1
        number = int(path.read_text("utf-8").split("第")[1].split("号")[0])
        path.write_text(nursery.text_of(number, self.edition), "utf-8")
        self.index.add([path])

    def _rename(self, path: Path) -> None:
        self.spare += 1
        self.index.add([path.rename(path.with_name(f"s{self.spare:03}.txt"))])

    def _id_of(self, path: Path) -> str:
        return next(one.id for one in self.index.reports() if one.source == str(path.resolve()))

    def _remove(self, path: Path) -> None:
        if len(list(self.reports.iterdir())) > 2:
            self.index.remove(self._id_of(path))
            path.unlink()

    def _add_again(self, path: Path) -> None:
        self.index.remove(self._id_of(path))
        self.index.add([path])

    def _add(self, path: Path) -> None:
        self.spare += 1
        new = path.with_name(f"n{self.spare:03}.txt")
        new.write_text(nursery.text_of(self.spare + 100), "utf-8")
        self.index.add([new])

    def _reopen(self, path: Path) -> None:
        self.index.close()
        self.index = opened(self.index.config.library)


@pytest.mark.parametrize("steps", [FEW_STEPS, pytest.param(STEPS, marks=pytest.mark.long)])
def test_after_every_step_answers_are_those_of_a_fresh_build(folder: Path, steps: int) -> None:
    life = Life(folder, random.Random(6))
    for number in range(steps):
        done = life.step()
        fresh = opened(folder / f"fresh{number}")
        # In the library's own order: of two reports that fit a question alike the earlier comes first.
        fresh.add([Path(one.source) for one in life.index.reports()])
        assert answers(life.index) == answers(fresh), f"step {number}: {done}"
        assert life.index.check() == []
        fresh.close()
        shutil.rmtree(folder / f"fresh{number}")
    life.index.close()


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """A library of two reports in the midst of another program's change."""
    paths = nursery.write_reports(tmp_path / "reports", 3)
    with opened(tmp_path / "library") as index:
        index.add(paths[:2])
    return tmp_path / "library"


def test_a_second_writer_is_refused_within_a_second_and_readers_go_on(held: Path, tmp_path: Path) -> None:
    holder = sqlite3.connect(held / "wenju.sqlite", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    command = [sys.executable, "-m", "index", "add", str(tmp_path / "reports" / "r002.txt"), "--library", str(held)]
    second = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with opened(held) as index:
        while second.poll() is None:
            assert index.search(nursery.road_of(1), 1)[0].paragraph.report == "r001"
        said = second.stdout.read() + second.stderr.read() if second.stdout and second.stderr else ""
        assert second.returncode == 2, said
        assert f"Another program is writing to {held}; try again when it is done." in said
        start = time.monotonic()
        with pytest.raises(Exception, match="Another program is writing"):
            index.remove("r000")
        assert 0.5 < time.monotonic() - start < 3  # SQLite waits one second; the rest is a busy machine's
    holder.execute("ROLLBACK")
    holder.close()
    with opened(held) as index:
        index.add([tmp_path / "reports" / "r002.txt"])
        assert len(index.reports()) == 3
