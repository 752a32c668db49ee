"""Damaged files: no damage is ever used. It is told with the way out, or mended, or lies where nothing is read."""

import random
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import nursery
import pytest

from index import Hit, Report, WenjuError
from index.records import Scope

DAMAGES, FEW_DAMAGES = 1_000, 60
LOGS, FEW_LOGS = 100, 10
QUESTIONS = (nursery.road_of(2), "第4号地块有多少户居民签约?", "桥宽多少米?")
EVERYTHING = Scope(version="all")
DATABASE = "wenju.sqlite"

Left = tuple[Path, tuple[tuple[Report, ...], ...]]


@dataclass(frozen=True, slots=True)
class View:
    """All that a library shows: its reports in every version, what questions find, and what is wrong with it."""

    reports: tuple[Report, ...]
    hits: tuple[tuple[Hit, ...], ...]
    faults: tuple[str, ...]


def view_of(library: Path) -> View:
    with nursery.opened(library) as index:
        hits = [index.search(question, 5, scope) for question in QUESTIONS for scope in (Scope(), EVERYTHING)]
        return View(index.every_version(), tuple(hits), tuple(index.check()))


def seen(library: Path) -> View | str:
    """Return what a library shows, or the sentence that it is refused with."""
    try:
        return view_of(library)
    except WenjuError as error:
        return str(error)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed library of six reports, one of them in two versions, with tags and all its derived files."""
    folder = tmp_path_factory.mktemp("whole")
    paths = nursery.write_reports(folder / "reports", 6)
    with nursery.opened(folder / "library") as index:
        index.add(paths)
        paths[2].write_text(nursery.text_of(2, edition=2), "utf-8")
        index.add(paths)
    assert view_of(folder / "library").faults == ()
    return folder / "library"


def files_of(library: Path) -> list[Path]:
    return sorted(path.relative_to(library) for path in library.rglob("*") if path.is_file() and path.stat().st_size)


def damaged(path: Path, chance: random.Random) -> str:
    """Change one byte, or cut the file; say what was done."""
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data))
    if chance.random() < 0.25:
        path.write_bytes(data[:at])
        return f"{path.name} cut to {at} of {len(data)} bytes"
    bits = chance.randrange(1, 256)
    data[at] ^= bits
    path.write_bytes(data)
    return f"{path.name}, byte {at} changed by {bits:#04x}"


@pytest.mark.parametrize("count", [FEW_DAMAGES, pytest.param(DAMAGES, marks=pytest.mark.long)])
def test_no_damage_is_ever_used(whole: Path, folder: Path, count: int) -> None:
    chance, expected, files = random.Random(3), view_of(whole), files_of(whole)
    became: Counter[str] = Counter()
    for _ in range(count):
        work = folder / "library"
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(whole, work)
        # Half of the damage is in the one file that cannot be made again.
        file = Path(DATABASE) if chance.random() < 0.5 else chance.choice(files)
        done = damaged(work / file, chance)
        found = seen(work)
        if isinstance(found, str):
            assert file == Path(DATABASE), f"{done}: a derived file was not mended but told: {found}"
            assert "restore it from a copy" in found or "name another folder" in found, f"{done}: {found}"
            assert "\n" not in found
            became["told"] += 1
            continue
        assert found.reports == expected.reports, done
        assert found.hits == expected.hits, done
        if file == Path(DATABASE):
            became["found by check" if found.faults else "nothing was there"] += 1
        else:
            assert found.faults == (), f"{done}: not mended"
            became["mended"] += 1
    print(dict(became))  # shown by pytest -s, and quoted in docs/RELIABILITY.md
    assert became["told"] > count / 20
    assert became["mended"] > count / 4


@pytest.fixture
def left(folder: Path) -> Left:
    """A library as a kill leaves it, with changes in its write-ahead log alone, and every state it ever was in."""
    work, paths = folder / "open", nursery.write_reports(folder / "reports", 4)
    states = []
    with nursery.opened(work) as index:
        index.add(paths[:1])
        states.append(index.every_version())
        holder = nursery.opened(work)  # keeps the log from being moved into the file
        with holder._library.snapshot():
            holder.reports()
            for path in paths[1:]:
                index.add([path])
                states.append(index.every_version())
            shutil.copytree(work, folder / "left")
        holder.close()
    return folder / "left", tuple(states)


@pytest.mark.parametrize("count", [FEW_LOGS, pytest.param(LOGS, marks=pytest.mark.long)])
def test_a_damaged_write_ahead_log_is_told_or_nothing_is_lost(left: Left, folder: Path, count: int) -> None:
    library, states = left
    chance = random.Random(4)
    became: Counter[str] = Counter()
    assert view_of(shutil.copytree(library, folder / "untouched")).reports == states[-1]
    for number in range(count):
        work = shutil.copytree(library, folder / f"log{number}")
        done = damaged(work / f"{DATABASE}-wal", chance)
        found = seen(work)
        if isinstance(found, str):
            assert "the last were lost" in found or "restore it from a copy" in found, f"{done}: {found}"
            became["told"] += 1
        else:
            assert found.reports == states[-1], done
            became["nothing was there"] += 1
        shutil.rmtree(work)
    print(dict(became))
    assert became["told"] > count / 2
