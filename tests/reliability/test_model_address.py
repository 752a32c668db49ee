"""Where a language model answers is set by configuration alone; the key goes to that host and to no other."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from knocking import API, knock
from standin import Handler, says, standing_in

from index import WenjuError
from qa import Answerer
from qa.llm import Endpoint, ModelError, OpenAiModel
from qa.prompt import Message, Prompt

PROMPT = Prompt((Message("user", "问"),))
HOSTILE = (
    "file:///etc/passwd", "ftp://evil.example/v1", "gopher://evil.example:70/_x", "javascript:alert(1)", "data:,x",
    "unix:///var/run/docker.sock", "//evil.example/v1", "evil.example/v1", "http://", "https:///v1",
    "http:evil.example", "http://key:secret@evil.example/v1", "http://127.0.0.1@evil.example/v1",
    "http://evil.example\\@127.0.0.1/v1", "http://127.0.0.1:11434\r\nHost: evil.example/v1",
    "http://evil.example/v1 http://other.example", "http://evil.example/\x00", "http://169.254.169.254/latest/meta-data/",
    "http://[fe80::1]/v1", "http://[::ffff:169.254.169.254]/v1", "http://2852039166/v1", "http://0xA9FEA9FE/v1",
    "http://0.0.0.0/v1", "http://[::]/v1", "http://224.0.0.1/v1", "http://evil.example:99999/v1",
    "http://evil.example:port/v1", "http://[::1/v1", "http://evil.example/v1?next=http://x",
    "http://evil.example/v1#@127.0.0.1", "http://ev\u0131l.example/v1", "http://evil..example/v1",
)  # fmt: skip
COUNT = 30


class Trap(ThreadingHTTPServer):
    """Counts who comes, whatever they want."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), BaseHTTPRequestHandler)
        self.visits = 0

    def verify_request(self, *_: object) -> bool:
        self.visits += 1
        return False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


@contextmanager
def trap() -> Iterator[Trap]:
    server = Trap()
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("address", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_address_is_refused_before_anything_is_sent(address: str, no_network: list[object]) -> None:
    assert len(HOSTILE) >= COUNT
    with pytest.raises(WenjuError, match="WENJU_LLM_URL") as told:
        Answerer.settings({"WENJU_LLM_URL": address, "WENJU_LLM_MODEL": "m", "WENJU_LLM_KEY": "k"})
    assert "secret" not in str(told.value)
    assert no_network == []


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:11434/v1", "https://api.deepseek.com", "https://api.openai.com/v1/", "http://[::1]:8000/v1",
        "http://host.docker.internal:1234/v1", "http://ollama:11434/v1", "https://models.example.org/a/b-c/v1",
        "http://10.0.0.7/v1", "http://gpu_box/v1",
    ],
)  # fmt: skip
def test_an_address_that_people_use_is_not(address: str) -> None:
    assert Answerer.settings({"WENJU_LLM_URL": address, "WENJU_LLM_MODEL": "m"}).llm_url == address


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("form", ["{trap}/chat/completions", "{trap}", "//127.0.0.1:{port}/v1"])
def test_no_redirect_is_followed(status: int, form: str) -> None:
    with trap() as elsewhere:

        def away(handler: Handler, _: str) -> None:
            handler.start(status, "text/html", Location=form.format(trap=elsewhere.url, port=elsewhere.server_port))

        with standing_in(away) as server, pytest.raises(ModelError, match=f"points elsewhere \\({status}\\)"):
            list(OpenAiModel(Endpoint(server.url, "m", "marked-key", 5.0, 5.0)).pieces(PROMPT))
        assert server.keys == ["Bearer marked-key"]
        assert elsewhere.visits == 0


def test_no_proxy_reads_a_key_that_is_sent_in_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    with trap() as proxy, standing_in(says("好[1]。")) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
        assert "".join(OpenAiModel(Endpoint(server.url, "m", "k", 5.0, 5.0)).pieces(PROMPT)) == "好[1]。"
        assert proxy.visits == 0


NAMES = ("url", "llm_url", "base_url", "endpoint", "WENJU_LLM_URL", "config", "model", "proxy", "api_base", "server")


@pytest.mark.parametrize("ask", ["turn", "ask", "call", "headers", "query"])
def test_nothing_a_browser_sends_sets_the_address(served_window: Any, ask: str) -> None:
    question = "黄浦滨江岸线贯通开放了多少公里?"
    with trap() as elsewhere:
        more = dict.fromkeys(NAMES, elsewhere.url)
        post: dict[str, Callable[[], object]] = {
            "turn": lambda: knock(here("run/turn"), {"data": [{"question": question, "writer": "model", **more}]}),
            "ask": lambda: knock(
                here("run/ask"),
                {"data": [question, [{"question": "a", "answer": "b", **more}], "", "", "", ""], **more},
            ),
            "call": lambda: knock(here("call/v2/ask"), {"question": question, **more}),
            "headers": lambda: knock(
                here("run/ask"), {"data": [question, [], "", "", "", ""]}, {f"x-{k}": v for k, v in more.items()}
            ),
            "query": lambda: knock(
                here(f"run/ask?llm_url={elsewhere.url}&url={elsewhere.url}"), {"data": [question, [], "", "", "", ""]}
            ),
        }

        def here(path: str) -> str:
            return f"{served_window.address}{API}/{path}"

        post[ask]()
        assert elsewhere.visits == 0
