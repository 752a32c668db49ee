"""Puts readers on a window and says how it bears them: `python tests/reliability/load.py --users 50 --minutes 10`.

Each reader asks, reads the answer, thinks for a while and asks again; each has an address of its own. With `--think 0`
nobody thinks, and more readers than the queue holds are told to come again.
"""

import argparse
import asyncio
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
BUSY = "is busy; try again"
QUESTIONS = (
    "黄浦滨江岸线贯通开放了多少公里?", "五年里有多少户居民告别旧里?", "新增供应租赁住房多少套?", "新增养老床位多少张?",
    "舞台剧《红色的起点》的导演是谁?", "Which company opened its largest flagship store?", "「三會」制度是什麼?",
    "加装电梯多少台?", "区长是谁?", "一般公共预算收入是多少?", "有多少家外资企业?", "How long is the riverfront?",
)  # fmt: skip


@dataclass(slots=True)
class Seen:
    """What the readers saw: seconds of whole answers and of their retrieval, how many were put off, what went wrong."""

    whole: list[float] = field(default_factory=list)
    retrieval: list[float] = field(default_factory=list)
    busy: int = 0
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Borne:
    """How the load was borne; memory in MB after a fifth of the time and at the end, its growth in per cent."""

    users: int
    seconds: float
    think: float
    answers: int
    busy: int
    errors: int
    first_error: str
    p50: float
    p95: float
    retrieval_p50: float
    retrieval_p95: float
    memory_before: float
    memory_after: float
    growth: float


async def reader(number: int, address: str, seen: Seen, think: float, until: float) -> None:
    """Ask again and again until the time is over."""
    place = f"10.{number >> 8 & 255}.{number & 255}.7"
    chance = random.Random(number)
    async with httpx.AsyncClient(base_url=address, headers={"x-forwarded-for": place}, timeout=60) as client:
        await asyncio.sleep(chance.random() * think)
        while True:
            await ask(client, chance.choice(QUESTIONS), seen)
            if time.monotonic() >= until:
                return
            await asyncio.sleep(chance.expovariate(1 / think) if think else 0)


async def ask(client: httpx.AsyncClient, question: str, seen: Seen) -> None:
    """Ask once as a program does, and write down how it went."""
    began = time.perf_counter()
    try:
        joined = await client.post("/gradio_api/call/ask", json={"data": [question, [], "", "", "", ""]})
        if joined.status_code == 503 and BUSY in joined.text and "retry-after" in joined.headers:
            seen.busy += 1
            return
        event = joined.raise_for_status().json()["event_id"]
        told = (await client.get(f"/gradio_api/call/ask/{event}")).raise_for_status().text
        kind, _, data = told.strip().split("\n\n")[-1].removeprefix("event: ").partition("\ndata: ")
        answer = json.loads(data)[0] if kind == "complete" else {}
        if not answer.get("text"):
            raise ValueError(told[-200:])
    except Exception as error:  # whatever it was, it counts
        seen.errors.append(f"{type(error).__name__}: {error}"[:300])
        return
    seen.whole.append(time.perf_counter() - began)
    seen.retrieval.append(answer["seconds"]["retrieve"])


async def bear(address: str, pid: int, users: int, seconds: float, think: float) -> Borne:
    """Put the readers on the window and measure."""
    warm = Seen()
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        for question in QUESTIONS:
            await ask(client, question, warm)
    seen, began = Seen(), time.monotonic()
    memory = [0.0]

    async def watch() -> None:
        await asyncio.sleep(seconds / 5)
        memory[0] = resident(pid)

    crowd = [reader(number, address, seen, think, began + seconds) for number in range(users)]
    await asyncio.gather(watch(), *crowd)
    after = resident(pid)
    return Borne(
        users=users, seconds=round(time.monotonic() - began, 1), think=think, answers=len(seen.whole), busy=seen.busy,
        errors=len(seen.errors), first_error=(seen.errors or [""])[0], p50=share(seen.whole, 50),
        p95=share(seen.whole, 95), retrieval_p50=share(seen.retrieval, 50), retrieval_p95=share(seen.retrieval, 95),
        memory_before=memory[0], memory_after=after, growth=round(100 * (after / memory[0] - 1), 2),
    )  # fmt: skip


def share(times: Sequence[float], percent: int) -> float:
    """Return the percentile in seconds."""
    return round(statistics.quantiles(times, n=100)[percent - 1], 4) if len(times) > 1 else 0.0


def resident(pid: int) -> float:
    """Return the process's memory in MB, as Linux counts it."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


@contextmanager
def window() -> Iterator[tuple[str, int]]:
    """Start a window over the shipped report; give its address and process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "app.py", "--port", str(port), "--library", f"{folder}/library"]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            server.stdout.readline()
            try:
                yield f"http://127.0.0.1:{port}", server.pid
            finally:
                server.terminate()


def borne(users: int, seconds: float, think: float) -> Borne:
    """Start a window, put the readers on it, return how it went."""
    with window() as (address, pid):
        return asyncio.run(bear(address, pid, users, seconds, think))


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--think", type=float, default=5, help="seconds between an answer and the next question, mean")
    asked = parser.parse_args()
    print(json.dumps(asdict(borne(asked.users, asked.minutes * 60, asked.think)), indent=1))


if __name__ == "__main__":
    main()
