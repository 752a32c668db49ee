"""No file is served but the window's own: odd paths by plain HTTP, and file objects in every event of the window."""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from knocking import API, knock

MARK = "geheim-4711-never-served"
# How a path can be asked for: {file} is absolute, {up} climbs to the root first, {quoted} has every byte in per cent.
FORMS = (
    *("{file}", "/{file}", "/{up}{file}", "/{up2}{file}", "/{quoted}", "/%2e%2e/%2e%2e/%2e%2e{file}", "/..;/..;{file}"),
    *(f"{API}/file={{file}}", f"{API}/file={{quoted}}", f"{API}/file/{{file}}", f"{API}/file={{up}}{{file}}"),
    *(f"{API}/file=file://{{file}}", f"{API}/file=//localhost{{file}}", f"{API}/file=\\\\localhost\\c$\\x{{file}}"),
    *(f"{API}/file={{file}}%00.png", f"{API}/file=http://127.0.0.1:1{{file}}", f"{API}/proxy=http://127.0.0.1:1/x"),
    *(f"{API}/stream/a/b/0/playlist-file?x={{file}}", f"{API}/deep_link?session_hash={{file}}", "/gradio_api/runs"),
    *("/static/{up}{file}", "/static/{up2}{file}", "/static//{file}", "/static/%2e%2e/%2e%2e{file}"),
    *("/assets/{up}{file}", "/assets/{up2}{file}", "/assets//{file}", "/assets/..%5c..%5c{file}", "/svelte/{up}{file}"),
    *("/svelte/{up2}{file}", f"{API}/custom_component/x/client/component/{{up}}{{file}}", "/pwa_icon/{up2}{file}"),
    *("/static/%00{file}", "/assets/index.js%00{file}", "/theme.css/{up}{file}", "/config/{up}{file}", "/monitoring"),
)
ATTACKS = 60
# In a file that is served, what shows that it was none of the window's.
LEAKS = (MARK.encode(), b"root:x:", b"SQLite format 3", b"def serve(")


@pytest.fixture(scope="module")
def planted(served_window: Any) -> Iterator[dict[str, Path]]:
    """Files that nobody may read: beside the library, in it, and one that a link in the window's own folder names."""
    secret = served_window.folder / "secret.txt"
    secret.write_text(f"机密\n\n{MARK}。" * 3, "utf-8")
    link = served_window.folder / "gradio" / "link.txt"
    link.symlink_to(secret)
    yield {
        "secret": secret,
        "link": link,
        "database": served_window.library / "wenju.sqlite",
        "passwd": Path("/etc/passwd"),
    }
    link.unlink()


def paths(planted: dict[str, Path]) -> list[str]:
    others = [planted["secret"], planted["database"], planted["passwd"]]
    told = []
    # Every form once, and then again with the link, which lies where Gradio serves from.
    for at, form in enumerate(FORMS * 2):
        file = str(others[at % len(others)] if at < len(FORMS) else planted["link"])
        fits = {"file": file, "up": "../" * 12, "up2": "%2e%2e/" * 12, "quoted": quote(file, safe="")}
        told.append(form.format(**fits))
    return list(dict.fromkeys(told))[:ATTACKS]


def raw(address: str, path: str) -> bytes:
    """Ask for a path as it stands; urllib would tidy it up."""
    line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    try:
        line.putrequest("GET", path.replace(" ", "%20"), skip_accept_encoding=True)
        line.endheaders()
        return line.getresponse().read()
    finally:
        line.close()


def test_no_odd_path_reaches_a_file(served_window: Any, planted: dict[str, Path]) -> None:
    tried = paths(planted)
    assert len(tried) == ATTACKS
    bodies = {path: raw(served_window.address, path) for path in tried}
    assert not [path for path, body in bodies.items() if any(leak in body for leak in LEAKS)]


def file_objects(path: Path) -> list[object]:
    """A file as Gradio's pages write it, in the forms a page never would."""
    plain = {"path": str(path), "orig_name": "x.txt", "meta": {"_type": "gradio.FileData"}}
    url = {**plain, "path": "x.txt", "url": f"file://{path}"}
    served = {**plain, "url": f"{API}/file={path}"}
    return [plain, [plain], url, [served], str(path)]


def told_by_event(address: str, event: dict[str, Any], given: object, session: str) -> str:
    """Set the event off as the page does, and read its stream to the end."""
    data = [given] * max(1, len(event["inputs"]))
    body = {"fn_index": event["id"], "data": data, "session_hash": session, "event_data": given}
    joined = knock(f"{address}{API}/queue/join", body)
    return joined.text + knock(f"{address}{API}/queue/data?session_hash={session}").text


@pytest.mark.parametrize(
    "forms", [slice(0, 1), pytest.param(slice(1, 5), marks=pytest.mark.long)], ids=["plain", "all"]
)
def test_no_event_takes_a_file_that_was_not_sent_to_it(
    served_window: Any, planted: dict[str, Path], forms: slice
) -> None:
    """Every event of the window, by the number that the page calls it by, with file objects as all it is given."""
    address = served_window.address
    events = json.loads(knock(f"{address}/config").body)["dependencies"]
    assert len(events) > 20
    for event in events:
        for at, given in enumerate(file_objects(planted["secret"])[forms]):
            told = told_by_event(address, event, given, f"s{forms.start}x{event['id']}x{at}")
            assert "process_completed" in told or "event_id" not in told
            assert MARK not in told
    reports = knock(f"{address}{API}/run/reports", {"data": []}).text
    assert "huangpu-2022" in reports
    assert "机密" not in reports
    kept = [file for file in served_window.library.rglob("*") if file.is_file()]
    assert not [file for file in kept if MARK.encode() in file.read_bytes()]


def test_a_call_of_a_program_takes_no_path(served_window: Any, planted: dict[str, Path]) -> None:
    unlimited = ["", "", "", ""]
    others = {"ask": [[], *unlimited], "search": [1, *unlimited], "add_report": ["", ""], "evaluate": [""], "turn": []}
    for name, rest in others.items():
        for given in file_objects(planted["secret"]):
            told = knock(f"{served_window.address}{API}/run/{name}", {"data": [given, *rest]}).text
            assert MARK not in told
