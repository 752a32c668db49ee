"""A small OpenAI-compatible server on loopback answers with a script; the real client talks to it."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from qa.llm import ModelError, OpenAiModel
from qa.prompt import Message, Prompt

PROMPT = Prompt((Message("system", "s"), Message("user", "问")))


class Endpoint(ThreadingHTTPServer):
    """Streams `pieces`, or answers with `status`; keeps what it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pieces: list[str] = ["黄浦", "滨江"]
        self.status = 200
        self.bodies: list[dict[str, object]] = []
        self.keys: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        self.server.keys.append(self.headers["Authorization"])
        self.server.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for piece in self.server.pieces if self.server.status == 200 else ():
            chunk = {
                "id": "1",
                "object": "chat.completion.chunk",
                "choices": [{"index": 0, "delta": {"content": piece}}],
            }
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    server = Endpoint()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_the_text_arrives_piece_by_piece(endpoint: Endpoint) -> None:
    model = OpenAiModel(endpoint.url, "tiny", "secret", 5.0)
    assert list(model.pieces(PROMPT)) == ["黄浦", "滨江"]
    assert endpoint.keys == ["Bearer secret"]
    assert endpoint.bodies[0]["model"] == "tiny"
    assert endpoint.bodies[0]["messages"] == [{"role": "system", "content": "s"}, {"role": "user", "content": "问"}]


def test_a_refused_key_is_a_model_error(endpoint: Endpoint) -> None:
    endpoint.status = 401
    with pytest.raises(ModelError, match="401"):
        list(OpenAiModel(endpoint.url, "tiny", "wrong", 5.0).pieces(PROMPT))


def test_an_endpoint_that_is_away_is_a_model_error() -> None:
    with pytest.raises(ModelError):
        list(OpenAiModel("http://127.0.0.1:9/v1", "tiny", "", 2.0).pieces(PROMPT))
