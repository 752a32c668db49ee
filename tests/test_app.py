"""The command, its settings, the port, the health page and the guard in the app as it is served."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app import DEFAULT_PORT, fill, listen, main, rules, settings_from
from index import Index, IndexConfig, WenjuError
from qa import Answerer

ROOT = Path(__file__).parent.parent


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_without_arguments_the_environment_decides_and_then_the_defaults() -> None:
    plain = settings_from([], {})
    assert (plain.library, plain.host, plain.port, plain.embedder) == (Path("library"), "127.0.0.1", 0, "")
    told = settings_from([], {"WENJU_LIBRARY": "a", "WENJU_EMBEDDER": "b", "PORT": "81"})
    assert (told.library, told.embedder, told.port) == (Path("a"), "b", 81)
    spoken = settings_from(
        [], {"WENJU_LLM_URL": "http://u/v1", "WENJU_LLM_MODEL": "m", "WENJU_RERANKER": "r"}
    ).answering
    assert (spoken.llm_url, spoken.llm_model, spoken.reranker) == ("http://u/v1", "m", "r")


def test_an_argument_goes_before_the_environment() -> None:
    told = settings_from(["--port", "82", "--library", "c", "--build", "x.txt", "y.txt"], {"PORT": "81"})
    assert settings_from(["--reranker", "x"], {"WENJU_RERANKER": "r"}).answering.reranker == "x"
    assert (told.port, told.library, told.build) == (82, Path("c"), (Path("x.txt"), Path("y.txt")))


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "7 8"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(WenjuError, match="is not a port"):
        settings_from([], {"PORT": port})


@pytest.mark.parametrize("half", ["WENJU_USER", "WENJU_PASSWORD"])
def test_half_a_sign_in_is_refused(half: str) -> None:
    with pytest.raises(WenjuError, match="Sign-in needs both"):
        settings_from([], {half: "x"})


def test_a_taken_port_that_was_asked_for_is_one_sentence_and_exit_code_2(
    taken: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--port", str(taken), "--library", str(tmp_path / "library")]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert f"127.0.0.1:{taken} cannot be used" in told
    assert "--port" in told
    assert not (tmp_path / "library").exists()


def test_without_a_port_the_next_free_one_is_taken() -> None:
    with listen("127.0.0.1", 0) as first, listen("127.0.0.1", 0) as second:
        assert DEFAULT_PORT <= first.getsockname()[1] < second.getsockname()[1]


def test_a_host_that_is_not_this_machine_is_refused() -> None:
    with pytest.raises(WenjuError, match=r"192\.0\.2\.1:7999 cannot be used"):
        listen("192.0.2.1", 7999)


def test_a_wrong_argument_costs_no_gradio() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "app.py", "--port", "x"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "| gradio" not in done.stderr


@pytest.fixture
def index(tmp_path: Path, tiny_model: Path) -> Iterator[Index]:
    with Index.open(IndexConfig(tmp_path / "library", str(tiny_model))) as opened:
        yield opened


def test_an_empty_library_gets_the_shipped_report(index: Index) -> None:
    fill(index, ())
    assert [report.id for report in index.reports()] == ["huangpu-2022"]
    generation = index.generation
    fill(index, ())
    assert index.generation == generation


def test_named_reports_are_added_in_place_of_the_shipped_one(index: Index, tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    own.write_text("桥\n\n全年建桥十二座,总投资三亿元,全部按期完工。\n", "utf-8")
    fill(index, [own])
    assert [report.id for report in index.reports()] == ["own"]


def test_a_file_that_cannot_be_added_is_told(index: Index, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(index, [tmp_path / "none.txt"])
    assert "There is no file" in capsys.readouterr().err


@pytest.fixture
def served(index: Index) -> Callable[..., Any]:
    """The whole app behind a test client: `served()`, or `served(WENJU_USER=…, WENJU_PASSWORD=…)`."""
    from fastapi.testclient import TestClient

    fill(index, ())

    def start(**environment: str) -> Any:
        from web import house

        app = house(index, Answerer(index), rules(settings_from([], environment)))
        return TestClient(app, base_url="http://localhost")

    return start


def test_the_health_page_tells_what_is_there(served: Callable[..., Any]) -> None:
    told = served().get("/health")
    assert told.json() == {"ok": True, "reports": 1, "paragraphs": 29, "generation": 1}
    assert "default-src 'self'" in told.headers["content-security-policy"]


def test_the_window_is_served_without_gradios_own_pages(served: Callable[..., Any]) -> None:
    client = served()
    page = client.get("/").text
    assert "问据 Wenju" in page
    assert client.get("/docs").text.count("swagger") == 0


def test_a_post_from_a_foreign_page_is_refused(served: Callable[..., Any]) -> None:
    client = served()
    body = {"data": ["黄浦滨江岸线贯通开放了多少公里?"]}
    foreign = client.post("/gradio_api/call/ask", json=body, headers={"origin": "http://evil.example"})
    assert foreign.status_code == 403
    own = client.post("/gradio_api/call/ask", json=body, headers={"origin": "http://localhost"})
    assert own.status_code == 200


def test_the_api_names_five_endpoints_and_describes_each(served: Callable[..., Any]) -> None:
    endpoints = served().get("/gradio_api/info").json()["named_endpoints"]
    assert list(endpoints) == ["/ask", "/search", "/reports", "/add_report", "/evaluate"]
    assert endpoints["/ask"]["description"].startswith("Answer a question from the reports")
    assert all(endpoint["description"] for endpoint in endpoints.values())


def test_sign_in_closes_the_window_but_not_the_health_page(served: Callable[..., Any]) -> None:
    client = served(WENJU_USER="a", WENJU_PASSWORD="b")
    assert client.get("/").status_code == 401
    assert client.get("/", auth=("a", "b")).status_code == 200
    assert client.get("/health").status_code == 200
