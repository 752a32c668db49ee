"""Users of a file sign in; only an editor adds or removes reports, by the window, the API and MCP alike."""

import asyncio
import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browsing import ROOT, serving
from knocking import API, Reply, knock

from app import rules, settings_from
from index import WenjuError
from web.accounts import add_user, read_users

PASSWORDS = {"anna": "editor-secret", "ben": "reader-secret"}
TEXT = "桥梁年报\n\n全年新建成大小桥梁12座，全部按期完工。\n"


def command(users: Path, name: str, role: str) -> subprocess.CompletedProcess[str]:
    """Make a user as a person does, the password on standard input."""
    line = [sys.executable, "app.py", "--users", str(users), "--new-user", name, "--role", role]
    told = PASSWORDS.get(name, "x") + "\n"
    return subprocess.run(line, cwd=ROOT, input=told, capture_output=True, text=True, check=False, timeout=60)


@dataclass(frozen=True, slots=True)
class House:
    """A window with two users."""

    address: str

    def post(self, who: str, path: str, data: object, **headers: str) -> Reply:
        return knock(f"{self.address}{API}/{path}", data, {**basic(who), **headers})

    def reports(self) -> list[str]:
        told = self.post("ben", "run/reports", {"data": []})
        return [report["id"] for report in json.loads(told.body)["data"][0]]


def basic(who: str, password: str = "") -> dict[str, str]:
    if not who:
        return {}
    told = base64.b64encode(f"{who}:{password or PASSWORDS[who]}".encode()).decode()
    return {"authorization": f"Basic {told}"}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("users")
    for name, role in (("anna", "editor"), ("ben", "reader")):
        add_user(folder / "users.toml", name, role, PASSWORDS[name])
    with serving(folder / "library", "--users", str(folder / "users.toml")) as address:
        yield House(address)


@pytest.mark.long
def test_the_command_makes_a_user_and_says_why_it_cannot(tmp_path: Path) -> None:
    users = tmp_path / "users.toml"
    made = command(users, "anna", "editor")
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout == f"{users} has the editor anna now.\n"
    assert PASSWORDS["anna"] not in users.read_text("utf-8")
    user = read_users(users).check("anna", PASSWORDS["anna"])
    assert user is not None
    again = command(users, "anna", "reader")
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)


def test_nothing_but_the_health_page_is_there_without_a_sign_in(guarded: House) -> None:
    for path in ("/", "/config", f"{API}/info", "/theme.css", f"{API}/mcp/", "/assets/x.js"):
        assert knock(guarded.address + path).status == 401
    assert guarded.post("", "run/ask", {"data": ["岸线?", [], "", "", "", ""]}).status == 401
    assert knock(f"{guarded.address}/health").status == 200
    assert knock(f"{guarded.address}/", headers=basic("anna")).status == 200


def test_only_an_editor_adds_and_removes_whichever_way(guarded: House) -> None:
    before = guarded.reports()
    remove = window_event(guarded, "delete")
    for path, data in ways(guarded, "ben"):
        assert "nly an editor" in told(guarded, "ben", path, data)
    taken = {**remove, "event_data": {"report": "huangpu-2022"}, "session_hash": "b1"}
    assert "Only an editor adds or removes" in told(guarded, "ben", "queue/join", taken)
    assert guarded.reports() == before == ["huangpu-2022"]
    for at, (path, data) in enumerate(ways(guarded, "anna")):
        assert "nly an editor" not in told(guarded, "anna", path, data)
        added = [report for report in guarded.reports() if report != "huangpu-2022"]
        assert added, f"way {at}"
        gone = {**remove, "event_data": {"report": added[0]}, "session_hash": f"a{at}"}
        assert "Removed" in told(guarded, "anna", "queue/join", gone)


def ways(guarded: House, who: str) -> list[tuple[str, object]]:
    """Every way to send a report: the endpoint by three paths, and the window's button."""
    sent = guarded.post(
        who, "upload", upload("bridges.txt", TEXT), **{"content-type": "multipart/form-data; boundary=b"}
    )
    path = json.loads(sent.body)[0]
    file = {"path": path, "orig_name": "bridges.txt", "meta": {"_type": "gradio.FileData"}}
    return [
        ("run/add_report", {"data": ["one.txt", TEXT + "一。", ""]}),
        ("call/add_report", {"data": ["two.txt", TEXT + "二。", ""]}),
        ("call/v2/add_report", {"name": "three.txt", "text": TEXT + "三。"}),
        ("queue/join", {**window_event(guarded, "upload"), "data": [[file], ""], "session_hash": f"w{who}"}),
    ]


def upload(name: str, text: str) -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\nContent-Type: text/plain\r\n\r\n'
    return head.encode() + text.encode() + b"\r\n--b--\r\n"


def window_event(guarded: House, kind: str) -> dict[str, object]:
    config = json.loads(knock(f"{guarded.address}/config", headers=basic("ben")).body)
    first = next(one for one in config["dependencies"] if [target[1] for target in one["targets"]] == [kind])
    return {"fn_index": first["id"], "data": [None] * len(first["inputs"])}


def told(guarded: House, who: str, path: str, data: object) -> str:
    """Send it and read what comes of it to the end."""
    joined = guarded.post(who, path, data)
    event = json.loads(joined.body).get("event_id") if joined.body.startswith(b"{") else None
    if event is None:
        return joined.text
    session = data.get("session_hash") if isinstance(data, dict) else None
    where = f"queue/data?session_hash={session}" if session else f"{path}/{event}"
    return knock(f"{guarded.address}{API}/{where}", headers=basic(who)).text


@pytest.mark.parametrize(("who", "right"), [("anna", True), ("ben", False)])
def test_the_tools_of_mcp_know_who_calls(guarded: House, who: str, right: bool) -> None:
    pytest.importorskip("mcp")

    async def use() -> tuple[Any, Any]:
        import httpx
        from mcp import ClientSession
        from mcp.client.streamable_http import streamable_http_client

        async with (
            httpx.AsyncClient(headers=basic(who), timeout=30) as client,
            streamable_http_client(f"{guarded.address}{API}/mcp/", http_client=client) as (reading, writing, _),
            ClientSession(reading, writing) as session,
        ):
            await session.initialize()
            asked = await session.call_tool("search", {"question": "滨江岸线", "top": 1})
            added = await session.call_tool("add_report", {"name": f"mcp-{who}.txt", "text": TEXT + who})
            return asked, added

    asked, added = asyncio.run(use())
    assert not asked.isError
    assert added.isError is not right
    assert (f"mcp-{who}" in guarded.reports()) is right


def test_guesses_are_slowed_down_but_the_right_user_is_not_shut_out_elsewhere(guarded: House) -> None:
    strange = {"x-forwarded-for": "203.0.113.9"}
    tried = [knock(f"{guarded.address}/", headers={**basic("anna", f"wrong{n}"), **strange}).status for n in range(12)]
    assert tried[0] == 401
    assert 429 in tried
    assert knock(f"{guarded.address}/", headers=basic("anna")).status == 200


OTHERS = ("0.0.0.0", "192.168.1.5", "::", "wenju.example")


@pytest.mark.parametrize("host", OTHERS)
def test_other_machines_are_not_served_without_a_sign_in_unless_told_so(host: str) -> None:
    with pytest.raises(WenjuError, match=r"--users FILE for a sign-in .*, or --open"):
        settings_from(["--host", host], {})
    assert settings_from(["--host", host, "--open"], {}).host == host
    assert settings_from(["--host", host, "--users", "users.toml"], {}).users == Path("users.toml")
    assert settings_from(["--host", host], {"WENJU_USER": "a", "WENJU_PASSWORD": "b"}).user == "a"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.2"])
def test_this_machine_alone_needs_none(host: str) -> None:
    assert settings_from(["--host", host], {}).host == host
    assert settings_from([], {}).host == "127.0.0.1"


def test_a_file_of_users_that_cannot_be_used_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "users.toml").write_text("[users.a]\nrole = 'editor'\npassword = 'plain'\n", "utf-8")
    with pytest.raises(WenjuError, match="is no hash; make one"):
        rules(settings_from(["--users", str(tmp_path / "users.toml")], {}))
