"""Has children add reports and lets them die, or their disk fail: run as a program, it prints what went wrong.

One parent loads the model and forks; it starts no thread, so what a child does in it is as in a process of its own.
"""

import ctypes
import errno
import json
import os
import random
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from index import Index, IndexConfig, WenjuError
from index.build import Outcome
from index.embed import Embedder, load_embedder

MODEL: Embedder = load_embedder("")
PLACES = ("外滩", "豫园", "老西门", "淮海中路", "打浦桥", "五里桥", "瑞金", "南京东路", "半淞园", "小东门")

# How a step goes wrong; the numbers are those of faults.c.
COUNT, KILL, KILL_HALFWAY, FAIL_ONCE, FAIL_ON = range(5)


def text_of(number: int, edition: int = 1) -> str:
    """Return the text of a made report: two chapters, five paragraphs, nothing that another says too."""
    place = PLACES[number % len(PLACES)]
    return "\n\n".join(
        [
            f"{place}第{number}号报告",
            "一、旧改",
            f"{place}第{number}号地块有{number * 7 + 3}户居民签约,第{edition}稿写于{1990 + number % 30}年。",
            f"第{number}号地块余下的{number + 11}户在下一年签约。工程由第{number}工程队承担。",
            "二、道路",
            road_of(number),
            f"第{number}号桥宽{number + 4}米,于{edition}月通车。",
        ]
    )


def road_of(number: int) -> str:
    """Return the paragraph that a report is found by."""
    return f"第{number}号道路长{number * 3 + 1}.5公里。路旁种树{number * 19 + 5}棵,设座椅{number + 2}张。"


def write_reports(folder: Path, count: int) -> list[Path]:
    """Write so many report files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"r{number:03}.txt" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_text(text_of(number), "utf-8")
    return paths


def opened(library: Path) -> Index:
    """Open a library with the model that is loaded already."""
    index = Index.open(IndexConfig(library))
    index._embedder = MODEL
    return index


def child(task: Callable[[], None]) -> int:
    """Fork a child that does the task; it ends with 0, or with 1 and its traceback."""
    if pid := os.fork():
        return pid
    status = 1
    try:
        task()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def told(task: Callable[[], str], seconds: float = 60) -> str:
    """Have a child do a task; return what it says, or how it ended."""
    reading, writing = os.pipe()

    def tell() -> None:
        signal.alarm(int(seconds))
        os.write(writing, task().encode()[:60_000])

    pid = child(tell)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(pid, 0)
    return said if status == 0 else f"ended with status {status}: {said}"


def fault_of(library: Path, acknowledged: list[str]) -> str:
    """Say what is wrong with a library that was left behind: not whole, something lost, or half a report in it."""
    with opened(library) as index:
        reports = {report.id: report for report in index.reports()}
        if lost := [name for name in acknowledged if name not in reports]:
            return f"lost: {lost}"
        for name, report in reports.items():
            bodies = [paragraph.text for paragraph in report.paragraphs if paragraph.number]
            if bodies != [line for line in text_of(int(name[1:])).split("\n\n")[1:] if line[1] != "、"]:
                return f"{name} is not what was added: {bodies}"
        for name in acknowledged[-2:]:
            number = int(name[1:])
            hit = index.search(road_of(number), 1)[0].paragraph
            if hit.report != name:
                return f"{name} is not found, {hit.report} is"
        return "; ".join(index.check())


def add_and_acknowledge(library: Path, paths: list[Path], pipe: int, together: bool) -> None:
    """Add reports, all in one call or each in its own, and say by a line what is in."""
    with opened(library) as index:
        done = iter(paths)

        def progress(step: str, at: int, _: int) -> None:
            if step == "saving" and at:
                os.write(pipe, f"{next(done).stem}\n".encode())

        if together:
            index.add(paths, progress)
        else:
            for path in paths:
                index.add([path])
                os.write(pipe, f"{path.stem}\n".encode())


def kill_while_adding(work: Path, paths: list[Path], after: float, together: bool) -> tuple[list[str], bool]:
    """Kill a child so many seconds into its adding; return what it acknowledged, and whether it was done before."""
    shutil.rmtree(work, ignore_errors=True)
    reading, writing = os.pipe()
    pid = child(lambda: add_and_acknowledge(work, paths, writing, together))
    os.close(writing)
    time.sleep(after)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    with os.fdopen(reading, "rb") as pipe:
        return pipe.read().decode().split(), status == 0


def kill_at_random(folder: Path, kills: int, reports: int) -> dict[str, object]:
    """Kill at random moments; every third time each report is added by a call of its own."""
    paths = write_reports(folder / "reports", reports)
    chance = random.Random(1)
    work, faults, acknowledged, finished = folder / "library", [], 0, 0
    lasts = {together: _seconds(work, paths, together) for together in (True, False)}
    for number in range(kills):
        together = number % 3 > 0
        names, whole = kill_while_adding(work, paths, chance.uniform(0, lasts[together]), together)
        acknowledged, finished = acknowledged + len(names), finished + whole
        if work.exists() and (fault := told(lambda names=names: fault_of(work, names))):
            faults.append(f"kill {number}: {fault}")
    return {"kills": kills, "acknowledged": acknowledged, "finished": finished, "faults": faults}


def _seconds(work: Path, paths: list[Path], together: bool) -> float:
    shutil.rmtree(work, ignore_errors=True)
    start = time.monotonic()
    reading, writing = os.pipe()
    os.waitpid(child(lambda: add_and_acknowledge(work, paths, writing, together)), 0)
    os.close(reading)
    os.close(writing)
    return time.monotonic() - start


def _base(folder: Path) -> tuple[Path, list[Path]]:
    """Make the library that every step begins with; two reports in it, two files to add."""
    base, paths = folder / "base", write_reports(folder / "reports", 4)

    def make() -> None:
        with opened(base) as index:
            index.add(paths[:2])

    os.waitpid(child(make), 0)
    return base, paths


def _again(base: Path, work: Path) -> None:
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(base, work)


def _steps(base: Path, work: Path, added: list[Path]) -> int:
    """Return how many steps one adding takes."""
    _again(base, work)
    faults = ctypes.CDLL(None)

    def add() -> str:
        faults.fault_arm(str(work).encode(), 0, COUNT, 0)
        with opened(work) as index:
            index.add(added)
        return str(faults.fault_disarm())

    return int(told(add))


def kill_at_every_step(folder: Path, stride: int) -> dict[str, object]:
    """Kill before every step of adding two reports, and in the middle of every write."""
    base, paths = _base(folder)
    work, wrong, faults = folder / "library", [], ctypes.CDLL(None)
    steps = _steps(base, work, paths[2:])
    killed = 0
    for how in (KILL, KILL_HALFWAY):
        for step in range(0, steps, stride):
            _again(base, work)

            def add(step: int = step, how: int = how) -> None:
                faults.fault_arm(str(work).encode(), step, how, 0)
                with opened(work) as index:
                    index.add(paths[2:])

            _, status = os.waitpid(child(add), 0)
            killed += os.WIFSIGNALED(status)
            if fault := told(lambda: fault_of(work, ["r000", "r001"]) or _goes_on(work, paths)):
                wrong.append(f"step {step}, {how}: {fault}")
    return {"steps": steps, "killed": killed, "faults": wrong}


def _goes_on(work: Path, paths: list[Path]) -> str:
    """Say what is wrong with adding the rest."""
    with opened(work) as index:
        outcomes = [one.outcome for one in index.add(paths[2:])]
        if not set(outcomes) <= {Outcome.ADDED, Outcome.UNCHANGED}:
            return f"adding again gave {outcomes}"
    return fault_of(work, [path.stem for path in paths])


def fail_every_step(folder: Path, stride: int) -> dict[str, object]:
    """Have every step fail once with EIO, and every step from it on with ENOSPC."""
    base, paths = _base(folder)
    work, wrong, faults = folder / "library", [], ctypes.CDLL(None)
    steps = _steps(base, work, paths[2:])
    told_of: dict[str, int] = {}
    for how, number in ((FAIL_ONCE, errno.EIO), (FAIL_ON, errno.ENOSPC)):
        for step in range(0, steps, stride):
            _again(base, work)

            def attempt(step: int = step, how: int = how, number: int = number) -> str:
                faults.fault_arm(str(work).encode(), step, how, number)
                said = _attempted(work, paths, faults)
                return said if said.startswith("!") else said + (_goes_on(work, paths) and "!later")

            said = told(attempt)
            if said.startswith(("!", "ended")) or said.endswith("!later"):
                wrong.append(f"step {step}, {errno.errorcode[number]}: {said}")
            told_of[said.split("(")[0][:60]] = told_of.get(said.split("(")[0][:60], 0) + 1
    return {"steps": steps, "told": told_of, "faults": wrong}


def _attempted(work: Path, paths: list[Path], faults: ctypes.CDLL) -> str:
    """Add while the disk fails, ask while it does; return the sentence that was told, or what is wrong after a "!"."""
    try:
        with opened(work) as index:
            said = "; ".join(one.message for one in index.add(paths[2:]) if one.outcome is Outcome.FAILED)
            if index.search(road_of(1), 1)[0].paragraph.report != "r001":
                return "!what was there is not found any more"
            faults.fault_disarm()
            if not said and len(index.reports()) != 4:
                return "!nothing was said, and not all was added"
    except WenjuError as error:
        said = str(error)
        faults.fault_disarm()
    except BaseException:
        return "!" + traceback.format_exc()
    with opened(work) as index:
        if index.search(road_of(1), 1)[0].paragraph.report != "r001":
            return "!what was there is not found any more"
    return said


if __name__ == "__main__":
    scenario, at, *numbers = sys.argv[1:]
    done = globals()[scenario](Path(at), *map(int, numbers))
    print(json.dumps(done, ensure_ascii=False))
