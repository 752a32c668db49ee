"""What stands in docs/programs.md, run as it stands against a window started as a user does."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import ROOT, serving

PAGE = (ROOT / "docs" / "programs.md").read_text("utf-8")
PRINTED = "http://127.0.0.1:7860"
TOOLS = {"ask", "search", "reports", "add_report", "evaluate"}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("programs") / "library") as here:
        yield here


def example(language: str, address: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.S)
    assert found is not None
    assert PRINTED in found[1]
    return found[1].replace(PRINTED, address)


def run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_python_example_asks_searches_adds_lists_and_evaluates(address: str, tmp_path: Path) -> None:
    program = tmp_path / "example.py"
    program.write_text(example("python", address), "utf-8")
    told = run([sys.executable, str(program)]).splitlines()
    assert told[0] == "8.3公里"
    assert told[1].startswith("1 ")
    assert "百余台" in told[2]
    assert len(told) == 9
    assert told[6] == "8.3公里 ['huangpu-2022']"
    assert "桥梁年报" in told[7]
    assert told[8] == "1.0"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_curl_example_asks(address: str) -> None:
    told = run(["sh", "-c", example("sh", address)])
    found = re.search(r"event: complete\ndata: (.*)", told)
    assert found is not None, told
    assert json.loads(found[1])[0]["lead"] == "8.3公里"


def test_a_client_with_the_mcp_example_finds_and_uses_the_tools(address: str) -> None:
    pytest.importorskip("mcp")
    server = json.loads(example("json", address))["mcpServers"]["wenju"]

    async def use() -> tuple[list[Any], Any, Any]:
        from mcp import ClientSession
        from mcp.client.streamable_http import streamable_http_client

        async with (
            streamable_http_client(server["url"]) as (reading, writing, _),
            ClientSession(reading, writing) as session,
        ):
            await session.initialize()
            tools = (await session.list_tools()).tools
            right = await session.call_tool("ask", {"question": "黄浦滨江岸线贯通开放了多少公里?"})
            limited = await session.call_tool("ask", {"question": "滨江岸线多少公里?", "year": "1999"})
            assert "No report fits year=1999" in limited.content[0].text
            return tools, right, await session.call_tool("search", {"question": "滨江", "top": 99})

    tools, right, wrong = asyncio.run(use())
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.description and "Returns" in tool.description for tool in tools)
    answer = json.loads(right.content[0].text)
    assert answer["citations"][0]["quote"] in answer["hits"][0]["text"]
    assert wrong.isError
    assert wrong.content[0].text == "top is 99; give a number from 1 to 50."
