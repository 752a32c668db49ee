"""What is too large, too much or of another kind is refused with a sentence, and the window goes on."""

import json
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
from knocking import API, knock

from web.guard import LARGEST_REQUEST


def form(name: str, size: int) -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\nContent-Type: text/plain\r\n\r\n'
    return head.encode() + b"a" * size + b"\r\n--b--\r\n"


MULTIPART = {"content-type": "multipart/form-data; boundary=b"}


def test_a_file_over_the_limit_is_refused_and_one_below_is_not(served_window: Any) -> None:
    url = f"{served_window.address}{API}/upload"
    assert knock(url, form("a.txt", 21_000_000), MULTIPART).status == 413
    assert knock(url, form("a.txt", 1_000_000), MULTIPART).status == 200


def test_a_request_that_tells_a_length_over_the_limit_is_refused_before_it_is_read(served_window: Any) -> None:
    place = urlsplit(served_window.address)
    with socket.create_connection((place.hostname, place.port), 10) as line:
        head = f"POST {API}/run/ask HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Length: {LARGEST_REQUEST + 1}\r\n\r\n"
        line.sendall(head.encode())
        assert line.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.long
def test_a_request_that_tells_no_length_is_held_to_the_limit(served_window: Any) -> None:
    place = urlsplit(served_window.address)
    with socket.create_connection((place.hostname, place.port), 30) as line:
        line.sendall(
            f"POST {API}/run/ask HTTP/1.1\r\nHost: {place.netloc}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        try:
            for _ in range(LARGEST_REQUEST // 1_000_000 + 2):
                line.sendall(b"F4240\r\n" + b"a" * 1_000_000 + b"\r\n")
        except OSError:  # it hung up, as it may
            return
        assert b" 413 " in line.recv(100) or b" 400 " in line.recv(100)


@pytest.mark.parametrize("name", ["report.exe", "report.pickle", "report"])
def test_a_file_of_another_kind_is_no_report(served_window: Any, name: str) -> None:
    told = json.loads(knock(f"{served_window.address}{API}/run/add_report", {"data": [name, "文本", ""]}).body)
    assert "these are read: .txt" in told["error"] or "give one with an ending" in told["error"]
