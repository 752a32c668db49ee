"""Who is let in: sign-in, foreign pages, headers. The app behind the guard only says that it was reached."""

import asyncio
import base64
from collections.abc import Mapping
from typing import Any

import pytest

from web.accounts import one_editor
from web.guard import Guard, Rules
from web.visit import same_origin


async def reached(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"reached"})


def request(guard: Guard, method: str = "GET", path: str = "/", headers: Mapping[bytes, bytes] | None = None) -> Any:
    """Return the status and the headers of the answer."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    told = {b"host": b"127.0.0.1:7860", **(headers or {})}
    scope = {"type": "http", "method": method, "path": path, "headers": list(told.items())}
    asyncio.run(guard(scope, None, send))  # type: ignore[arg-type]
    return sent[0]["status"], dict(sent[0]["headers"])


HERE = {b"host": b"127.0.0.1:7860"}


def test_every_answer_forbids_what_comes_from_elsewhere() -> None:
    _, headers = request(Guard(reached))
    policy = headers[b"content-security-policy"].decode()
    assert "default-src 'self'" in policy
    assert "connect-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "http" not in policy
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"referrer-policy"] == b"same-origin"


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (b"http://127.0.0.1:7860", 200),
        (b"https://127.0.0.1:7860", 200),
        (b"http://evil.example", 403),
        (b"http://127.0.0.1:7861", 403),
        (b"null", 403),
        (b"", 403),
    ],
)
def test_a_post_from_another_sites_page_is_refused(origin: bytes, status: int) -> None:
    assert request(Guard(reached), "POST", "/gradio_api/queue/join", headers={**HERE, b"origin": origin})[0] == status


def test_reading_from_another_page_is_the_browsers_business() -> None:
    assert request(Guard(reached), "GET", headers={**HERE, b"origin": b"http://evil.example"})[0] == 200


def test_a_program_that_sends_no_origin_is_let_in() -> None:
    assert same_origin(HERE)


def test_sign_in_is_asked_for_and_the_right_one_lets_in() -> None:
    guard = Guard(reached, Rules(one_editor("读者", "密:码")))
    right = b"Basic " + base64.b64encode("读者:密:码".encode())
    wrong = b"Basic " + base64.b64encode("读者:猜".encode())
    status, headers = request(guard)
    assert status == 401
    assert headers[b"www-authenticate"].startswith(b"Basic ")
    assert b"content-security-policy" in headers
    assert request(guard, headers={b"authorization": wrong})[0] == 401
    assert request(guard, headers={b"authorization": right})[0] == 200


def test_the_health_page_needs_no_sign_in() -> None:
    assert request(Guard(reached, Rules(one_editor("a", "b"))), path="/health")[0] == 200
