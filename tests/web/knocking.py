"""What the tests of the guard share: requests of an editor and a reader, and plain HTTP to a window that is served."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

# What Gradio hands to a function as its request, as far as one looks at it.
EDITOR: Any = SimpleNamespace(scope={"wenju.role": "editor"})
READER: Any = SimpleNamespace(scope={"wenju.role": "reader"})
API = "/gradio_api"


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, headers with names in lower case, and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


def knock(url: str, data: object = None, headers: Mapping[str, str] | None = None, method: str = "") -> Reply:
    """Send a request, a POST where there is data (as JSON unless it is bytes); return whatever is answered."""
    body = data if isinstance(data, bytes) or data is None else json.dumps(data).encode()
    told = {"content-type": "application/json", **(headers or {})}
    request = urllib.request.Request(url, body, told, method=method or ("GET" if body is None else "POST"))
    try:
        with urllib.request.urlopen(request, timeout=60) as got:
            return Reply(got.status, _lower(got.headers), got.read())
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, _lower(error.headers), error.read())


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def call(address: str, name: str, data: list[object], headers: Mapping[str, str] | None = None) -> tuple[str, Any]:
    """Call an endpoint as a program does; return the last event's kind, or "503" and the like, and what it carries."""
    joined = knock(f"{address}{API}/call/{name}", {"data": data}, headers)
    if joined.status != 200:
        return str(joined.status), joined.text
    event = json.loads(joined.body)["event_id"]
    told = knock(f"{address}{API}/call/{name}/{event}", headers=headers).text
    kind, _, carried = told.strip().split("\n\n")[-1].removeprefix("event: ").partition("\ndata: ")
    return kind, json.loads(carried) if carried else None
