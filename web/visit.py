"""One request on its way through the guard: who it is from, how its answer goes out, what it is refused with.

It does not know who is let in.
"""

import asyncio
import base64
import binascii
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

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
    (b"cross-origin-resource-policy", b"same-origin"),
)
BUSY = "This Wenju is busy; try again in a few seconds."
# Seconds that a client may let pass within the body of a request.
BODY_WAIT = 30.0


@dataclass(slots=True)
class Visit:
    """One request as it goes through: what its answer became."""

    scope: "Scope"
    send: "Send"
    began: float = field(default_factory=time.monotonic)
    status: int = 0
    too_large: bool = False

    @property
    def headers(self) -> dict[bytes, bytes]:
        """The request's headers, names in lower case."""
        return dict(self.scope["headers"])

    @property
    def client(self) -> str:
        """The address it came from; behind a proxy on this machine, the one that the proxy names."""
        return str((self.scope.get("client") or ("",))[0])

    async def answer(self, message: "Message") -> None:
        """Pass a message on with our headers, without leave for other sites, a refusal in our own words."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            if replaced := self._replaced():
                await self.refuse(*replaced)
                self.send = _nowhere
                return
            kept = [pair for pair in message.get("headers", ()) if not pair[0].lower().startswith(b"access-control-")]
            message["headers"] = [*kept, *HEADERS]
        await self.send(message)

    def _replaced(self) -> tuple[int, str] | None:
        if self.too_large:
            return 413, "The request is too large."
        return (503, BUSY) if self.status == 503 and self.scope["path"] != "/health" else None

    async def refuse(self, status: int, reason: str, *headers: tuple[bytes, bytes]) -> None:
        """Answer with a sentence."""
        self.status = status
        more = ((b"retry-after", b"5"),) if status == 503 else ()
        start = [(b"content-type", b"application/json"), *HEADERS, *headers, *more]
        await self.send({"type": "http.response.start", "status": status, "headers": start})
        await self.send({"type": "http.response.body", "body": json.dumps({"detail": reason}).encode()})


def counted(visit: Visit, receive: "Receive", most: int) -> "Receive":
    """Hold a body that does not tell its length to the limit as well, and one that trickles to a time."""
    had, whole = 0, False

    async def next_message() -> "Message":
        nonlocal had, whole
        # Once it has all of the body, whoever reads on waits for the client to leave, as long as that takes.
        message = await (receive() if whole else asyncio.wait_for(receive(), BODY_WAIT))
        whole = not message.get("more_body", False)
        had += len(message.get("body", b""))
        if had > most:
            visit.too_large = True
            return {"type": "http.disconnect"}
        return message

    return next_message


async def _nowhere(_: "Message") -> None:
    """Drop a message."""


async def later(visit: Visit, wait: float, reason: str) -> None:
    """Refuse for now, and say when to come again."""
    await visit.refuse(429, reason, (b"retry-after", str(int(wait) + 1).encode()))


def same_origin(headers: Mapping[bytes, bytes], names: tuple[str, ...] = ()) -> bool:
    """Say whether a request comes from this site's own page, or from no page at all."""
    if headers.get(b"sec-fetch-site", b"none") not in (b"same-origin", b"none"):
        return False
    origin = headers.get(b"origin")
    if origin is None:
        return True
    place = urlsplit(origin).netloc
    return place == headers.get(b"host", b"") or host_name(place) in names


def host_name(host: bytes) -> str:
    """Return the name in "name:port" or "[address]:port"."""
    told = host.decode("latin-1").lower()
    return told[1:].partition("]")[0] if told.startswith("[") else told.partition(":")[0]


def is_address(name: str) -> bool:
    """Say whether this is an IP address, which no other site can claim as its name."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def basic(header: bytes) -> tuple[str, str] | None:
    """Return name and password of an Authorization header."""
    scheme, _, told = header.partition(b" ")
    if scheme.lower() != b"basic":
        return None
    try:
        name, colon, password = base64.b64decode(told, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name, password) if colon else None
