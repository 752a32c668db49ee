"""Adding while asking: every answer is of one state of the library, none fails, and readers hardly wait."""

import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nursery
import pytest
from nursery import opened

from index import Index
from qa import Answer, Answerer

ASKERS, REPORTS = 8, 6
SECONDS, FEW_SECONDS = 60, 2


def edition_text(edition: int, number: int) -> str:
    """A report whose every sentence names its edition, so that two editions in one answer show."""
    facts = "".join(f"第{number}号地块第{one}栋有{one + 3}户,第{edition}版。" for one in range(1, 4))
    return f"第{number}号报告\n\n一、旧改\n\n{facts}\n\n二、道路\n\n第{number}号道路宽{number + 2}米,第{edition}版。"


def write_edition(folder: Path, edition: int) -> None:
    folder.mkdir(exist_ok=True)
    for number in range(REPORTS):
        (folder / f"r{number}.txt").write_text(edition_text(edition, number), "utf-8")


def editions(answer: Answer, number: int) -> set[str]:
    """The editions of one report that an answer's hits are of: one, whatever state was searched."""
    texts = [hit.paragraph.text for hit in answer.hits if hit.paragraph.report == f"r{number}" and hit.paragraph.number]
    return {piece.split("版")[0] for text in texts for piece in text.split("第") if "版" in piece}


class Asking:
    """Askers of one index; they keep what is wrong, and how long each answer took."""

    def __init__(self, index: Index) -> None:
        self.answerer, self.stop = Answerer(index), threading.Event()
        self.wrong: list[str] = []
        self.seconds: list[float] = []

    def ask(self, seed: int) -> None:
        number = seed
        while not self.stop.is_set():
            number = (number + 1) % REPORTS
            start = time.perf_counter()
            try:
                answer = self.answerer.answer(f"第{number}号地块第2栋有多少户?")
            except Exception as error:
                self.wrong.append(f"{type(error).__name__}: {error}")
                continue
            self.seconds.append(time.perf_counter() - start)
            for one in range(REPORTS):
                if len(found := editions(answer, one)) > 1:
                    self.wrong.append(f"editions {found} of r{one} in one answer")

    def run(self, seconds: float, beside: list[object]) -> float:
        """Ask for so long; call what is beside it over and over; return the p95."""
        self.seconds, self.stop = [], threading.Event()
        with ThreadPoolExecutor(ASKERS) as pool:
            asked = [pool.submit(self.ask, seed) for seed in range(ASKERS)]
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                for task in beside:
                    task()  # type: ignore[operator]
                time.sleep(0.05)
            self.stop.set()
            for one in asked:
                one.result()
        return statistics.quantiles(self.seconds, n=20)[-1]


@pytest.mark.parametrize("seconds", [FEW_SECONDS, pytest.param(SECONDS, marks=pytest.mark.long)])
def test_answers_are_of_one_state_while_reports_change(folder: Path, seconds: int) -> None:
    write_edition(folder / "reports", 1)
    with opened(folder / "library") as index:
        index.add([folder / "reports"])
        asking = Asking(index)
        asking.run(0.5, [])  # what is loaded with the first question counts for nobody
        before = asking.run(seconds / 4, [])
        edition = 1

        def change() -> None:
            nonlocal edition
            edition += 1
            write_edition(folder / "reports", edition)
            added = index.add([folder / "reports"])
            asking.wrong.extend(one.message for one in added if one.message)

        busy = asking.run(seconds, [change, lambda: time.sleep(1)])
        answered = len(asking.seconds)
        after = asking.run(seconds / 4, [])
        print({"answers": answered, "editions": edition, "p95 idle": (before, after), "p95 busy": busy})
        assert asking.wrong == []
        assert edition > seconds / 8
        assert answered > 10 * seconds / 4
        assert index.check() == []


def test_two_programs_that_add_and_ask_do_not_disturb_each_other(folder: Path) -> None:
    write_edition(folder / "reports", 1)
    with opened(folder / "library") as writer, opened(folder / "library") as reader:
        writer.add([folder / "reports"])
        asking = Asking(reader)
        edition = 1

        def change() -> None:
            nonlocal edition
            edition += 1
            write_edition(folder / "reports", edition)
            asking.wrong.extend(one.message for one in writer.add([folder / "reports"]) if one.message)

        asking.run(FEW_SECONDS, [change])
        assert asking.wrong == []
        assert edition > 1
        assert nursery.MODEL is not None
        assert reader.check() == []
