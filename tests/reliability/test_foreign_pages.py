"""No page of another site can have the window do something, nor read what it answers."""

import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
from knocking import API, knock

QUESTION = {"data": ["黄浦滨江岸线贯通开放了多少公里?", [], "", "", "", ""]}
ENDPOINTS = (
    *(f"{API}/call/{name}" for name in ("ask", "search", "reports", "add_report", "evaluate", "turn")),
    *(f"{API}/call/v2/{name}" for name in ("ask", "add_report")),
    *(f"{API}/run/{name}" for name in ("ask", "add_report", "predict")),
    *(f"{API}/api/{name}" for name in ("ask", "add_report")),
    *(f"{API}/{name}" for name in ("queue/join", "upload", "component_server", "cancel", "reset", "mcp/")),
    f"{API}/mcp/messages",
)
FOREIGN = ("http://evil.example", "https://127.0.0.1.evil.example", "null", "http://localhost:1")
SITES = ("cross-site", "same-site")


def test_twenty_endpoints_refuse_four_foreign_origins(served_window: Any) -> None:
    assert len(ENDPOINTS) == 20
    for endpoint in ENDPOINTS:
        answers = [knock(served_window.address + endpoint, QUESTION, {"origin": origin}) for origin in FOREIGN]
        assert [one.status for one in answers] == [403] * len(FOREIGN), endpoint


def test_twenty_endpoints_refuse_what_the_browser_says_is_not_from_here(served_window: Any) -> None:
    own = served_window.address
    for endpoint in ENDPOINTS:
        answers = [knock(own + endpoint, QUESTION, {"origin": own, "sec-fetch-site": site}) for site in SITES]
        assert [one.status for one in answers] == [403] * len(SITES), endpoint


def test_the_own_page_and_a_program_are_let_in(served_window: Any) -> None:
    own = served_window.address
    for headers in ({"origin": own, "sec-fetch-site": "same-origin"}, {"origin": own}, {}):
        assert knock(f"{own}{API}/run/search", {"data": ["滨江岸线", 1, "", "", "", ""]}, headers).status == 200


@pytest.mark.parametrize("path", ["/", "/config", f"{API}/info", "/health"])
def test_no_other_site_is_given_leave_to_read(served_window: Any, path: str) -> None:
    for name in ("127.0.0.1", "wenju.example"):  # Gradio gives leave on any name but the local ones
        for origin in FOREIGN:
            headers = {"origin": origin, "host": f"{name}:{urlsplit(served_window.address).port}"}
            told = knock(served_window.address + path, headers=headers).headers
            asked = {**headers, "access-control-request-method": "POST"}
            preflight = knock(served_window.address + path, headers=asked, method="OPTIONS").headers
            assert not [one for one in (*told, *preflight) if one.startswith("access-control-")]


@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil.example:7860"])
def test_a_name_that_another_site_points_here_is_not_served(served_window: Any, name: str) -> None:
    """DNS rebinding: the page's origin and the host agree, for the browser believes that it is at home."""
    headers = {"host": name, "origin": f"http://{name}", "sec-fetch-site": "same-origin"}
    assert knock(f"{served_window.address}{API}/run/ask", QUESTION, headers).status == 421
    assert knock(served_window.address, headers=headers).status == 421


def test_no_socket_of_a_browser_is_opened(served_window: Any) -> None:
    place = urlsplit(served_window.address)
    with socket.create_connection((place.hostname, place.port), 10) as line:
        line.sendall(
            f"GET {API}/queue/join HTTP/1.1\r\nHost: {place.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        assert b" 101 " not in line.recv(200)


@pytest.mark.parametrize("path", ["/", "/config", "/health", "/nowhere", f"{API}/file=/etc/passwd", f"{API}/info"])
def test_every_answer_carries_the_headers(served_window: Any, path: str) -> None:
    told = knock(served_window.address + path).headers
    assert "frame-ancestors 'self'" in told["content-security-policy"]
    assert "object-src 'none'" in told["content-security-policy"]
    assert told["x-content-type-options"] == "nosniff"
