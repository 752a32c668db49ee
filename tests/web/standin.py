"""A stand-in for a language model's server: speaks the OpenAI protocol on loopback and does what a test tells it."""

import json
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Does = Callable[["Handler", str], None]


class StandIn(ThreadingHTTPServer):
    """`does(handler, prompt)` answers each request; `keys` and `prompts` are what came."""

    daemon_threads = True

    def __init__(self, does: Does, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.does = does
        self.keys: list[str] = []
        self.prompts: list[str] = []
        self.over = threading.Event()
        self.scheme = "https" if tls else "http"
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    @property
    def url(self) -> str:
        return f"{self.scheme}://localhost:{self.server_port}/v1"

    def handle_error(self, *_: object) -> None:
        """Say nothing: a client that leaves is part of the game."""


class Handler(BaseHTTPRequestHandler):
    server: StandIn

    def do_POST(self) -> None:
        self.server.keys.append(self.headers.get("Authorization", ""))
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.prompts.append("\n".join(message["content"] for message in body["messages"]))
        self.server.does(self, self.server.prompts[-1])

    def start(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def put(self, piece: str) -> None:
        choice = {"index": 0, "delta": {"content": piece}, "finish_reason": None}
        self.raw(f"data: {json.dumps(self.chunk(choice))}\n\n".encode())

    def end(self) -> None:
        choice: dict[str, Any] = {"index": 0, "delta": {}, "finish_reason": "stop"}
        self.raw(f"data: {json.dumps(self.chunk(choice))}\n\ndata: [DONE]\n\n".encode())

    def raw(self, told: bytes) -> None:
        self.wfile.write(told)
        self.wfile.flush()

    @staticmethod
    def chunk(choice: dict[str, Any]) -> dict[str, Any]:
        return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}

    def log_message(self, *_: object) -> None:
        pass


def says(text: str) -> Does:
    """Write this text."""

    def does(handler: Handler, _: str) -> None:
        handler.start()
        handler.put(text)
        handler.end()

    return does


def obeys(handler: Handler, prompt: str) -> None:
    """Write whatever a passage orders: what stands behind the word OUTPUT or 输出, up to the end of its line."""
    orders = re.findall(r"(?:OUTPUT|输出)[:\uff1a](.*)", prompt)
    handler.start()
    handler.put("\n".join(orders) or "NOT IN THE REPORTS")
    handler.end()


@contextmanager
def standing_in(does: Does, tls: ssl.SSLContext | None = None) -> Iterator[StandIn]:
    """Serve until the block ends."""
    server = StandIn(does, tls)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
