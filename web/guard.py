"""Stands before every request: sign-in, security headers, no posts from other sites' pages.

It does not know what is behind it.
"""

import base64
import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Gradio's page starts from inline scripts and draws with compiled templates and inline styles.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)


class Guard:
    """The middleware; an empty `user` means that no one has to sign in."""

    def __init__(self, app: "ASGIApp", user: str = "", password: str = "") -> None:
        self._app = app
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._expected = f"Basic {token}".encode() if user else b""

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer the request, or refuse it with 401 or 403."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])

        async def dressed(message: "Message") -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        if not self._signed_in(scope["path"], headers):
            challenge = [(b"www-authenticate", b'Basic realm="Wenju", charset="UTF-8"')]
            await _refuse(dressed, 401, b"Sign in with the name and password of this Wenju.", challenge)
        elif scope["method"] not in ("GET", "HEAD", "OPTIONS") and not same_origin(headers):
            await _refuse(dressed, 403, b"This request came from another site's page and was refused.", [])
        else:
            await self._app(scope, receive, dressed)

    def _signed_in(self, path: str, headers: Mapping[bytes, bytes]) -> bool:
        given = headers.get(b"authorization", b"")
        # The health page stays open: whoever watches the service has no password.
        return not self._expected or path == "/health" or hmac.compare_digest(given, self._expected)


def same_origin(headers: Mapping[bytes, bytes]) -> bool:
    """Say whether a request comes from this site's own page, or from no page at all."""
    origin = headers.get(b"origin")
    return origin is None or urlsplit(origin).netloc == headers.get(b"host", b"")


async def _refuse(send: "Send", status: int, reason: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    start = [(b"content-type", b"text/plain; charset=utf-8"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": reason})
