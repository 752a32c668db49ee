"""With every outgoing connection refused, Wenju does its whole main job; a hub's model is told to be away."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from browsing import at_home, serving
from closed import ROOT, attempts, closed_environment
from knocking import API, knock

QUESTION = "黄浦滨江岸线贯通开放了多少公里?"
TEXT = "桥梁年报\n\n全年新建成大小桥梁12座，全部按期完工。\n"
SOON = 20.0  # seconds on a machine that others use, imports included; a hub that is asked keeps one waiting for minutes
CLOSED = ("PYTHONPATH", "ATTEMPTS")
UNLIMITED = ("", "", "", "")  # report, tag, year, version


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return closed_environment(tmp_path_factory.mktemp("nowhere"))


@pytest.mark.long  # tests/test_offline.py has the short form
def test_the_window_does_its_whole_job(closed: dict[str, str], tmp_path: Path) -> None:
    with serving(tmp_path / "library", **{name: closed[name] for name in CLOSED}) as address:

        def run(name: str, *data: object) -> Any:
            return json.loads(knock(f"{address}{API}/run/{name}", {"data": data}).body)["data"][0]

        for path in ("/", "/config", f"{API}/info", "/theme.css", "/health"):
            assert knock(address + path).status == 200
        assert run("ask", QUESTION, [], *UNLIMITED)["lead"] == "8.3公里"
        assert run("search", "滨江岸线", 1, *UNLIMITED)[0]["report"] == "huangpu-2022"
        assert run("add_report", "bridges.txt", TEXT, "")["outcome"] == "added"
        assert run("ask", "全年新建成多少座桥梁?", [], *UNLIMITED)["lead"] == "12座"
        assert len(run("reports")) == 2
    assert attempts(closed) == ""


@pytest.mark.long
@pytest.mark.browser
def test_no_page_asks_another_host(closed: dict[str, str], tmp_path: Path, chromium: Any) -> None:
    with serving(tmp_path / "library", **{name: closed[name] for name in CLOSED}) as address:
        context = chromium.new_context(locale="zh-CN")
        page, strays, sent = context.new_page(), list[str](), list[str]()
        page.on("request", lambda request: sent.append(request.url))
        page.goto(address)
        page.wait_for_selector("#start .start", timeout=30_000)
        for name in ("reports", "evaluate", "ask"):
            page.click(f"nav [data-page={name}]")
        page.fill("#question textarea", QUESTION)
        page.press("#question textarea", "Enter")
        page.locator("#turns .ans:not(.busy)").wait_for(timeout=30_000)
        strays += [url for url in sent if not at_home(url, address)]
        context.close()
    assert len(sent) > 20
    assert strays == []
    assert attempts(closed) == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("-m", "qa", "多少户?", "--embedder", "some/model"), "is not on this machine"),
        (("-m", "qa", "多少户?", "--reranker", "some/model"), "is not on this machine"),
        (("-m", "index", "add", "reports", "--embedder", "some/model"), "--download"),
        (("app.py", "--embedder", "some/model"), "is not on this machine"),
    ],
)
def test_a_hub_model_that_is_not_on_disk_is_told_soon(
    closed: dict[str, str], arguments: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    environment = closed | {"WENJU_LIBRARY": str(tmp_path / "library"), "HF_HOME": str(tmp_path / "hub")}
    if arguments[:2] == ("-m", "qa"):
        subprocess.run([sys.executable, "-m", "index", "add", "reports"], cwd=ROOT, env=environment, check=True)
    began = time.monotonic()
    told = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    took = time.monotonic() - began
    assert told.returncode == 2
    assert sentence in told.stderr
    assert took < SOON
    assert attempts(closed) == ""
