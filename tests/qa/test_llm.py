"""A small OpenAI-compatible server on loopback answers with a script; the real client talks to it."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import qa.llm
from qa.llm import Endpoint, ModelError, OpenAiModel
from qa.prompt import Message, Prompt

PROMPT = Prompt((Message("system", "s"), Message("user", "问")))


class Scripted(ThreadingHTTPServer):
    """Streams `pieces`, or answers with the next of `statuses`; keeps what it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pieces: list[str] = ["黄浦", "滨江"]
        self.ends: str | None = "stop"
        self.statuses: list[int] = []
        self.reason = "no"
        self.raw: bytes | None = None
        self.holds_back: threading.Event | None = None
        self.reader_left = threading.Event()
        self.bodies: list[dict[str, object]] = []
        self.keys: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Scripted

    def do_POST(self) -> None:
        self.server.keys.append(self.headers["Authorization"])
        self.server.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        if self.server.holds_back and not self.server.pieces:
            self._wait()  # not even a status line
            return
        self.send_response(status)
        self.send_header("Content-Type", "text/event-stream" if status == 200 else "application/json")
        self.end_headers()
        if status != 200:
            self.wfile.write(json.dumps({"error": {"message": self.server.reason}}).encode())
        elif self.server.raw is not None:
            self.wfile.write(self.server.raw)
        else:
            self._stream()

    def _stream(self) -> None:
        try:
            for piece in self.server.pieces:
                self._chunk({"content": piece}, None)
            if self.server.holds_back:
                self._wait()
            if self.server.ends is not None:
                self._chunk({}, self.server.ends)
                self.wfile.write(b"data: [DONE]\n\n")
        except OSError:
            self.server.reader_left.set()

    def _wait(self) -> None:
        """Say nothing more until the test ends, or the reader hangs up."""
        assert self.server.holds_back
        self.connection.settimeout(0.05)
        while not self.server.holds_back.is_set():
            try:
                if not self.connection.recv(1):
                    self.server.reader_left.set()
                    return
            except TimeoutError:
                continue
            except OSError:
                self.server.reader_left.set()
                return

    def _chunk(self, delta: dict[str, str], ended: str | None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": ended}
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    monkeypatch.setattr(qa.llm, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(qa.llm, "BEAT", 0.02)
    server = Scripted()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    if server.holds_back:
        server.holds_back.set()
    server.shutdown()
    server.server_close()


def model(endpoint: Scripted, key: str = "secret", first: float = 20.0, whole: float = 20.0) -> OpenAiModel:
    return OpenAiModel(Endpoint(endpoint.url, "tiny", key, first, whole))


def written(model: OpenAiModel) -> str:
    return "".join(model.pieces(PROMPT))


def test_the_text_arrives_piece_by_piece(endpoint: Scripted) -> None:
    assert [piece for piece in model(endpoint).pieces(PROMPT) if piece] == ["黄浦", "滨江"]
    assert endpoint.keys == ["Bearer secret"]
    assert endpoint.bodies[0]["model"] == "tiny"
    assert endpoint.bodies[0]["messages"] == [{"role": "system", "content": "s"}, {"role": "user", "content": "问"}]


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (401, r"refused the key \(401\); check WENJU_LLM_KEY"),
        (403, r"refused the key \(403\); check WENJU_LLM_KEY"),
        (404, r"has no such page or model \(404\); check WENJU_LLM_URL, mostly ending in /v1, and tiny"),
        (400, r"refused the request \(400: .*no.*\); check the model tiny"),
        (429, r"too busy, or its quota is used up \(429\), after 3 tries"),
        (500, r"failed \(500: .*no.*\), after 3 tries"),
    ],
)
def test_each_refusal_has_its_own_sentence(endpoint: Scripted, status: int, sentence: str) -> None:
    endpoint.statuses = [status] * 3
    with pytest.raises(ModelError, match=sentence) as told:
        written(model(endpoint))
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_or_failing_endpoint_is_asked_again(endpoint: Scripted, status: int) -> None:
    endpoint.statuses = [status, status]
    assert written(model(endpoint)) == "黄浦滨江"
    assert len(endpoint.bodies) == 3


@pytest.mark.parametrize("status", [400, 401, 404])
def test_what_will_not_get_better_is_not_asked_again(endpoint: Scripted, status: int) -> None:
    endpoint.statuses = [status]
    with pytest.raises(ModelError):
        written(model(endpoint))
    assert len(endpoint.bodies) == 1


def test_a_model_that_allows_no_temperature_is_asked_without(endpoint: Scripted) -> None:
    endpoint.statuses, endpoint.reason = [400], "Unsupported value: 'temperature' does not support 0"
    assert written(model(endpoint)) == "黄浦滨江"
    assert ["temperature" in body for body in endpoint.bodies] == [True, False]


def test_the_waits_grow_and_an_endpoint_may_ask_for_its_own() -> None:
    class Refusal:
        def __init__(self, **headers: str) -> None:
            self.response = type("Response", (), {"headers": headers})

    pause: Callable[[object, int], float] = qa.llm._pause
    assert [pause(Refusal(), tried) for tried in (1, 2, 3)] == [0.5, 1.0, 2.0]
    assert pause(Refusal(**{"retry-after": "3"}), 1) == 3.0
    assert pause(Refusal(**{"retry-after": "3600"}), 1) == 8.0


def test_an_endpoint_that_is_away_is_told_with_its_address() -> None:
    with pytest.raises(ModelError, match=r"http://127\.0\.0\.1:9/v1 cannot be reached .*WENJU_LLM_URL"):
        written(OpenAiModel(Endpoint("http://127.0.0.1:9/v1", "tiny")))


@pytest.mark.parametrize("url", ["127.0.0.1:9", "htp://x/v1", "http://[::1", "nonsense"])
def test_an_address_that_is_none_is_one_sentence(url: str) -> None:
    with pytest.raises(ModelError) as told:
        written(OpenAiModel(Endpoint(url, "tiny")))
    assert url in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("key", ["sécret", "sec\nret", "密钥"])
def test_a_key_that_no_header_can_hold_is_told_without_the_key(endpoint: Scripted, key: str) -> None:
    with pytest.raises(ModelError) as told:
        written(model(endpoint, key))
    assert key not in str(told.value)


def test_an_endpoint_that_repeats_the_key_does_not_have_it_shown(endpoint: Scripted) -> None:
    endpoint.statuses, endpoint.reason = [400], "bad key secret"
    with pytest.raises(ModelError) as told:
        written(model(endpoint))
    assert "secret" not in str(told.value)


def test_a_stream_that_ends_without_saying_so_was_cut(endpoint: Scripted) -> None:
    endpoint.ends = None
    with pytest.raises(ModelError, match="broke off before the end"):
        written(model(endpoint))


def test_a_text_that_ran_into_the_limit_of_length_is_not_whole(endpoint: Scripted) -> None:
    endpoint.ends = "length"
    with pytest.raises(ModelError, match="limit of length"):
        written(model(endpoint))


@pytest.mark.parametrize(
    "raw", [b'data: {"choices": [{"delta": {"content": "\xff\xfe"}}]}\n\n', b"data: {nonsense\n\n", b"\x00\x01"]
)
def test_what_is_not_utf_8_or_json_is_one_sentence(endpoint: Scripted, raw: bytes) -> None:
    endpoint.raw = raw
    with pytest.raises(ModelError) as told:
        written(model(endpoint))
    assert "\n" not in str(told.value)


def test_an_error_inside_the_stream_is_told(endpoint: Scripted) -> None:
    endpoint.raw = b'data: {"error": {"message": "out of memory"}}\n\n'
    with pytest.raises(ModelError):
        written(model(endpoint))


def test_a_text_without_an_end_is_cut_off(endpoint: Scripted) -> None:
    endpoint.pieces = ["无尽" * 500] * 200
    with pytest.raises(ModelError, match="more than 20,000 characters"):
        written(model(endpoint))


@pytest.mark.parametrize("pieces", [[], ["岸线"]], ids=["not even a status line", "in the middle"])
def test_a_silent_endpoint_runs_into_a_limit_and_is_hung_up_on(endpoint: Scripted, pieces: list[str]) -> None:
    endpoint.pieces, endpoint.holds_back = pieces, threading.Event()
    limit = "wrote nothing for 0.2 seconds" if not pieces else "did not finish within 0.4 seconds"
    with pytest.raises(ModelError, match=limit):
        written(model(endpoint, first=0.2, whole=0.4))
    assert endpoint.reader_left.wait(10)


@pytest.mark.parametrize("pieces", [[], ["岸线"]], ids=["not even a status line", "in the middle"])
def test_closing_the_iterator_hangs_up_on_a_silent_endpoint(endpoint: Scripted, pieces: list[str]) -> None:
    endpoint.pieces, endpoint.holds_back = pieces, threading.Event()
    stream = model(endpoint).pieces(PROMPT)
    seen = ""
    while not endpoint.bodies or len(seen) < len("".join(pieces)):
        seen += next(stream)
    stream.close()
    assert endpoint.reader_left.wait(10)


def test_a_reader_who_stops_while_a_busy_endpoint_is_waited_for_is_not_answered_later(
    endpoint: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qa.llm, "FIRST_WAIT", 60.0)
    endpoint.statuses = [429, 429]
    stream = model(endpoint).pieces(PROMPT)
    while not endpoint.bodies:
        next(stream)
    stream.close()
    assert len(endpoint.bodies) == 1
