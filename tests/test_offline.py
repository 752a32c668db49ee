"""The main job with every outgoing connection refused: add the report, ask on the command line, ask the window."""

import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from closed import attempts, closed_environment

ROOT = Path(__file__).parents[1]
QUESTION = "黄浦滨江岸线贯通开放了多少公里?"


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the environment of a process without a network, whose library holds the shipped report."""
    environment = closed_environment(tmp_path_factory.mktemp("closed"))
    added = run(environment, "-m", "index", "add", "reports")
    assert added.returncode == 0, added.stderr
    return environment


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_the_guard_refuses_and_writes_down(closed: dict[str, str], tmp_path: Path) -> None:
    watched = closed | {"ATTEMPTS": str(tmp_path / "attempts")}
    asked = run(watched, "-c", "import urllib.request; urllib.request.urlopen('http://192.0.2.1/')")
    assert asked.returncode == 1
    assert attempts(watched) == "192.0.2.1\n"


def test_a_question_is_answered_on_the_command_line(closed: dict[str, str]) -> None:
    asked = run(closed, "-m", "qa", QUESTION, "--json")
    answer = json.loads(asked.stdout)
    assert answer["lead"] == "8.3公里"
    assert not answer["refused"]
    text = next(hit["text"] for hit in answer["hits"] if hit["paragraph"] == answer["citations"][0]["paragraph"])
    cited = answer["citations"][0]
    assert text[cited["start"] : cited["end"]] == cited["quote"]
    assert attempts(closed) == ""


def test_a_question_can_be_limited_to_a_tag(closed: dict[str, str]) -> None:
    asked = run(closed, "-m", "qa", QUESTION, "--json", "--tag", "year=2022", "--report", "huangpu-2022")
    assert json.loads(asked.stdout)["lead"] == "8.3公里"


def test_answering_imports_neither_gradio_nor_torch(closed: dict[str, str]) -> None:
    code = f"import sys; from qa.__main__ import main; main([{QUESTION!r}]); print(*sys.modules, file=sys.stderr)"
    imported = run(closed, "-c", code).stderr.split()
    assert "tantivy" in imported
    assert not {"gradio", "torch", "sentence_transformers", "transformers"} & set(imported)


def test_listing_imports_no_torch_and_no_faiss(closed: dict[str, str]) -> None:
    code = "import sys; from index.__main__ import main; main(['list']); print(*sys.modules, file=sys.stderr)"
    imported = run(closed, "-c", code).stderr.split()
    assert "index.library" in imported
    assert not {"gradio", "torch", "faiss", "sentence_transformers"} & set(imported)


def test_a_batch_keeps_its_order_and_names_broken_lines(closed: dict[str, str], tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    follow_up = {"question": "那加装电梯呢?", "history": [{"question": "新增供应租赁住房多少套?", "answer": "527套"}]}
    lines = [json.dumps({"question": QUESTION}), "{broken", json.dumps(follow_up), '{"question": ""}', '{"q": 1}']
    batch.write_text("\n".join(lines), "utf-8")
    first, broken, third, empty, unknown = map(
        json.loads, run(closed, "-m", "qa", "--batch", str(batch)).stdout.splitlines()
    )
    assert first["lead"] == "8.3公里"
    assert broken["error"].startswith("Line 2 is not a question")
    assert third["searched"] == "加装电梯多少?"
    assert "百余台" in third["text"]
    assert empty["error"] == "Line 4: The question is empty; write what you want to know."
    assert unknown["error"].startswith("Line 5 is not a question")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("-m", "qa", ""), "The question is empty"),
        (("-m", "qa"), "No question was given"),
        (("-m", "qa", "问" * 30_000), "30,000 characters, the limit is 2,000"),
        (("-m", "qa", "问?", "--library", "nowhere"), "There is no library nowhere"),
        (("-m", "qa", "问?", "--library", "tests"), "holds other files"),
        (("-m", "qa", "--batch", "nowhere.jsonl"), "cannot be read"),
        (("-m", "qa", "问?"), "has only one character"),
        (("-m", "qa", "多少户?", "--embedder", "some/model"), "is not on this machine"),
        (("-m", "qa", "多少户?", "--reranker", "some/model"), "The reranker some/model is not on this machine"),
        (
            ("-m", "qa", "多少户?", "--report", "nowhere"),
            "There is no report 'nowhere' in the library; it holds: huangpu",
        ),
        (("-m", "qa", "多少户?", "--tag", "year=1999"), "No report fits year=1999"),
        (("-m", "qa", "多少户?", "--tag", "year"), "is no tag; write it as key=value"),
        (("-m", "qa", "多少户?", "--version", "old"), "is no version"),
    ],
)
def test_bad_input_is_one_sentence_and_code_two(
    closed: dict[str, str], arguments: tuple[str, ...], sentence: str
) -> None:
    told = run(closed, *arguments)
    assert told.returncode == 2
    assert sentence in told.stderr
    assert len(told.stderr.strip().splitlines()) == 1


def test_the_window_answers(closed: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("w") as out:
        server = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=closed, stdout=out, stderr=out)
    try:
        answer = asked_of(address_in(log, server))
    finally:
        server.terminate()
        server.wait(20)
    assert answer["lead"] == "8.3公里"
    assert attempts(closed) == ""


def address_in(log: Path, server: subprocess.Popen[bytes]) -> str:
    """Return the address the server prints once it serves."""
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        found = [word for word in log.read_text("utf-8").split() if word.startswith("http://127.0.0.1:")]
        if found:
            return found[0].rstrip("/")
        time.sleep(0.1)
    pytest.fail(f"the window did not open:\n{log.read_text('utf-8')}")


def asked_of(address: str) -> dict[str, object]:
    """Ask through the public endpoint: post the question, then read the event that carries the answer."""
    body = json.dumps({"question": QUESTION}).encode()
    headers = {"Content-Type": "application/json"}
    with urllib.request.urlopen(
        urllib.request.Request(f"{address}/gradio_api/call/v2/ask", body, headers), timeout=60
    ) as got:
        event = json.load(got)["event_id"]
    with urllib.request.urlopen(f"{address}/gradio_api/call/ask/{event}", timeout=60) as got:
        lines = got.read().decode().splitlines()
    data = next(line for at, line in enumerate(lines) if lines[at - 1] == "event: complete")
    answer: dict[str, object] = json.loads(data.removeprefix("data: "))[0]
    return answer
