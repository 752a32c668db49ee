"""A window that is told to stop ends by itself, soon and with code 0, and leaves a whole library behind."""

import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from browsing import ROOT, free_port, serving
from knocking import API, knock
from standin import Handler, standing_in

from index import Index, IndexConfig

LONGEST = 15.0  # seconds on a busy machine; the server gives open pages two, and the library two
MOMENT = 0.3
MANY = tuple(at / 8 for at in range(20))
REPORT = "桥梁年报\n\n" + "".join(f"第{n}座桥梁于当年建成，长{n}米，总投资{n}万元。\n\n" for n in range(400))


def whole(library: Path) -> list[str]:
    """Return the reports of a library that is found to be whole."""
    with Index.open(IndexConfig(library)) as index:
        assert index.check() == []
        return [report.id for report in index.reports()]


@pytest.mark.parametrize("moment", [MOMENT, *(pytest.param(one, marks=pytest.mark.long) for one in MANY)])
def test_a_report_that_is_being_added_is_there_whole_or_not_at_all(moment: float, tmp_path: Path) -> None:
    library = tmp_path / "library"
    with serving(library) as address:
        sent = {"data": ["bridges.txt", REPORT, ""]}
        adding = threading.Thread(target=quietly, args=(f"{address}{API}/run/add_report", sent), daemon=True)
        adding.start()
        time.sleep(moment)
    adding.join(20)
    assert whole(library) in (["huangpu-2022"], ["huangpu-2022", "bridges"])


def quietly(url: str, data: object) -> None:
    try:
        knock(url, data)
    except OSError:  # the server has gone
        return


@pytest.mark.long
def test_it_stops_while_a_language_model_says_nothing(tmp_path: Path) -> None:
    def hangs(handler: Handler, _: str) -> None:
        handler.server.over.wait(60)

    with standing_in(hangs) as model:
        began = time.monotonic()
        with serving(tmp_path / "library", WENJU_LLM_URL=model.url, WENJU_LLM_MODEL="m") as address:
            asked = f"{address}{API}/run/ask"
            threading.Thread(
                target=quietly, args=(asked, {"data": ["岸线多少公里?", [], "", "", "", ""]}), daemon=True
            ).start()
            while not model.prompts:
                assert time.monotonic() - began < 60
                time.sleep(0.05)
            began = time.monotonic()
        assert time.monotonic() - began < LONGEST


@pytest.mark.long
def test_a_question_that_is_being_answered_is_finished(tmp_path: Path) -> None:
    def slowly(handler: Handler, _: str) -> None:
        time.sleep(0.7)
        handler.start()
        handler.put("滨江8.3公里岸线贯通开放[1]。")
        handler.end()

    told = list[object]()
    with standing_in(slowly) as model:
        with serving(tmp_path / "library", WENJU_LLM_URL=model.url, WENJU_LLM_MODEL="m") as address:
            question = {"data": ["黄浦滨江岸线贯通开放了多少公里?", [], "", "", "", ""]}
            asked = f"{address}{API}/run/ask"
            asking = threading.Thread(target=lambda: told.append(json.loads(knock(asked, question).body)))
            asking.start()
            while not model.prompts:
                time.sleep(0.02)
        asking.join(20)
    assert "8.3公里" in str(told)


@pytest.mark.long
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("after", [0.1, 0.8, 2.0])
def test_it_can_be_stopped_while_it_starts(sign: signal.Signals, after: float, tmp_path: Path) -> None:
    command = [sys.executable, "app.py", "--port", str(free_port()), "--library", str(tmp_path / "library")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        time.sleep(after)
        server.send_signal(sign)
        _, told = server.communicate(timeout=30)
    assert server.returncode in (0, 130, -sign), told
    assert not (tmp_path / "library").exists() or whole(tmp_path / "library") in ([], ["huangpu-2022"])
