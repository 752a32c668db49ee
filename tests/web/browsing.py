"""What the tests in a real browser share: starting the window as a user does, asking as a reader does."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, NoReturn

import pytest

ROOT = Path(__file__).parent.parent.parent
# A real browser calls home by itself unless it is told not to.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
QUESTION = "黄浦滨江岸线贯通开放了多少公里?"
PHONE = {"viewport": {"width": 360, "height": 740}}


def missing(what: str) -> NoReturn:
    """Skip with the reason, or fail where a browser is demanded."""
    if os.environ.get("WENJU_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{what}, and WENJU_REQUIRE_BROWSER=1 demands the browser tests")
    pytest.skip(what)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def serving(
    library: Path, *options: str, heard: list[str] | None = None, ends: int = 0, **environment: str
) -> Iterator[str]:
    """Start the window as a user does, over a new library that fills itself with the shipped report.

    What it prints is put on `heard`. It is told to stop at the end, and must then leave with the code `ends`.
    """
    port = int(environment.get("PORT") or free_port())
    command = [sys.executable, "app.py", "--port", str(port), "--library", str(library), *options]
    settings = {**os.environ, **environment}
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=settings
    ) as server:
        assert server.stdout is not None
        told = [] if heard is None else heard
        for line in server.stdout:
            told.append(line)
            if line.startswith("Wenju: http"):
                break
        else:
            pytest.fail("the server did not start: " + "".join(told))
        # A pipe that nobody reads fills up, and the server would wait for it.
        Thread(target=told.extend, args=(server.stdout,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            assert server.wait(20) == ends


def at_home(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:"))


def ask(page: Any, question: str) -> Any:
    """Ask as a reader does; return the card once the answer is whole."""
    before = page.locator("#turns .turn").count()
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    page.locator("#turns .ans:not(.busy)").nth(before).wait_for()
    return page.locator("#turns .ans").nth(before)


def lit(page: Any) -> str:
    return str(page.locator("#paper .p.hit mark.h1").inner_text())


def set_of(folder: Path, count: int) -> Path:
    """Write a set of an answered and an unanswerable question that is answered, `count` times."""
    cases = []
    for at in range(count):
        evidence = ["率先实现黄浦滨江8.3公里岸线贯通开放"]
        cases.append({"id": f"r{at}", "question": QUESTION, "evidence": evidence, "answers": ["8.3公里"], "kind": "r"})
        wrong = {"id": f"w{at}", "question": QUESTION, "answerable": False, "kind": "w"}
        cases.append(wrong)
    path = folder / f"own{count}.jsonl"
    path.write_text("\n".join(json.dumps(case) for case in cases), "utf-8")
    return path


def bring_set(page: Any, path: Path) -> None:
    """Upload a set on the page of evaluation and wait until it is chosen."""
    page.click("nav [data-page=evaluate]")
    page.set_input_files("#page-evaluate input[type=file]", path)
    page.locator(".notes .good", has_text=path.stem).wait_for()
    assert page.locator("#set option:checked").inner_text().startswith(path.stem)
