"""Stands before every request: which names and paths are served, sign-in, foreign pages, pace, size, headers.

It does not know what is behind it, only under which paths that lies.
"""

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from web.accounts import Accounts, Role, User
from web.journal import note
from web.pace import Pace
from web.visit import BUSY, Visit, basic, counted, host_name, is_address, later, same_origin

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

# All that the window and programs use. Gradio has more: it would fetch addresses for a stranger (file=http:, proxy=).
SERVED = re.compile(
    r"/(|health|config/?|theme\.css|favicon\.ico|robots\.txt|manifest\.json|(assets|static|svelte)/[\w./@+~ -]+"
    r"|gradio_api/(info/?|openapi\.json|app_id/?|startup-events|theme\.css|reset/?|cancel|queue/(join|data|status)"
    r"|component_server/?|upload|upload_progress|heartbeat/[\w-]+|mcp(/[\w./-]*)?|(call(/v2)?|run|api)/\w+(/[\w-]*)?))"
)
# Bytes of a request: files come by `upload`, each held to its own limit there; a report in base64 anywhere else.
LARGEST_FILES, LARGEST_REQUEST = 200_000_000, 28_000_000
# Requests that are being worked on at once; a question in the queue is not one of them.
MOST_AT_ONCE = 64
# Wrong passwords a minute from one address.
GUESSES = 10
_ROLE, _USER = "wenju.role", "wenju.user"


@dataclass(frozen=True, slots=True)
class Rules:
    """Who is let in: `accounts` where one has to sign in, `names` the host names that are known, requests a minute.

    Without accounts a name that is not known is refused: another site's name may be made to point here.
    """

    accounts: Accounts | None = None
    names: tuple[str, ...] = ()
    per_minute: int = 600
    burst: int = 120


class Guard:
    """The middleware."""

    def __init__(self, app: "ASGIApp", rules: Rules | None = None) -> None:
        self._app = app
        self._rules = rules or Rules()
        self._pace = Pace(self._rules.per_minute, self._rules.burst)
        self._guesses = Pace(GUESSES, GUESSES)
        self._under_way = 0

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer the request, or refuse it."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http":
            await self._answer(Visit(scope, send), receive)
        else:
            await self._app(scope, receive, send)

    async def _answer(self, visit: Visit, receive: "Receive") -> None:
        try:
            if not await self._refused(visit):
                await self._let_in(visit, receive)
        finally:
            if visit.scope["method"] not in ("GET", "HEAD") or visit.status >= 400:
                took = round((time.monotonic() - visit.began) * 1000)
                told = {"method": visit.scope["method"], "path": visit.scope["path"][:200], "status": visit.status}
                note("request", **told, ms=took, client=visit.client, user=visit.scope.get(_USER, ""))

    async def _refused(self, visit: Visit) -> bool:
        """Refuse what may not pass; the order is from what costs least."""
        scope, headers = visit.scope, visit.headers
        changes = scope["method"] not in ("GET", "HEAD", "OPTIONS")
        if scope["path"] == "/health" and not changes:
            return False  # whoever watches the service has no password, and may know it under any name
        if not self._rules.accounts and not self._known(headers):
            name = headers.get(b"host", b"").decode("latin-1")[:80]
            await visit.refuse(421, f"Wenju is not known under the name {name!r}; start it with --name to add one.")
        elif not SERVED.fullmatch(scope["path"]) or ".." in scope["path"]:
            await visit.refuse(404, "There is nothing here.")
        elif changes and not same_origin(headers, self._rules.names):
            await visit.refuse(403, "This request came from another site's page and was refused.")
        elif changes and (wait := self._pace.spend(visit.client)):
            await later(visit, wait, "These are too many requests from one place; wait a little.")
        else:
            return not await self._signed_in(visit)
        return True

    def _known(self, headers: Mapping[bytes, bytes]) -> bool:
        name = host_name(headers.get(b"host", b""))
        return name == "localhost" or name in self._rules.names or is_address(name)

    async def _signed_in(self, visit: Visit) -> bool:
        accounts = self._rules.accounts
        if accounts is None:
            visit.scope[_ROLE] = Role.EDITOR
            return True
        user, pair = None, basic(visit.headers.get(b"authorization", b""))
        if pair:
            user = accounts.known(*pair)
            if user is None and (wait := self._guesses.wait(visit.client)):
                await later(visit, wait, "These were too many wrong passwords; wait a little.")
                return False
            user = user or await self._checked(accounts, visit, pair)
        if user is None:
            challenge = (b"www-authenticate", b'Basic realm="Wenju", charset="UTF-8"')
            await visit.refuse(401, "Sign in with a name and password of this Wenju.", challenge)
            return False
        visit.scope[_ROLE], visit.scope[_USER] = user.role, user.name
        return True

    async def _checked(self, accounts: Accounts, visit: Visit, pair: tuple[str, str]) -> User | None:
        # Taken before the check and given back after a right one: a burst of guesses must not run side by side.
        self._guesses.spend(visit.client)
        user = await asyncio.to_thread(accounts.check, *pair)
        if user is not None:
            self._guesses.give(visit.client)
        return user

    async def _let_in(self, visit: Visit, receive: "Receive") -> None:
        if visit.scope["method"] != "POST":
            await self._app(visit.scope, receive, visit.answer)
            return
        most = LARGEST_FILES if visit.scope["path"] == "/gradio_api/upload" else LARGEST_REQUEST
        told = visit.headers.get(b"content-length", b"0")
        if not told.isdigit() or int(told) > most:
            await visit.refuse(413, f"The request has {told.decode('latin-1')} bytes, the limit is {most:,}.")
        elif self._under_way >= MOST_AT_ONCE:
            await visit.refuse(503, BUSY)
        else:
            self._under_way += 1
            try:
                await self._app(visit.scope, counted(visit, receive, most), visit.answer)
            finally:
                self._under_way -= 1


def may_edit(request: object) -> bool:
    """Say whether who sent this request may add and remove reports; `request` is Gradio's or Starlette's."""
    scope = getattr(getattr(request, "request", None) or request, "scope", None)
    return isinstance(scope, dict) and scope.get(_ROLE) == Role.EDITOR
