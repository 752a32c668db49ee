"""Script in a title, section, paragraph, file name, question or model answer, in a real browser: it never runs."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browsing import at_home, serving
from knocking import API, knock
from standin import StandIn, says, standing_in

pytestmark = [pytest.mark.browser, pytest.mark.long]

# Each tries to open a dialog or to ask another host; {n} tells them apart.
PAYLOADS = (
    "<script>alert({n})</script>", "<img src=x onerror=alert({n})>", "<svg onload=alert({n})>",
    "\"'><img src='//evil.example/{n}' onerror=alert({n})>", "<iframe src=javascript:alert({n})></iframe>",
    "<a href=javascript:alert({n}) autofocus onfocus=alert({n})>x</a>",
    "${{alert({n})}} {{{{constructor.alert({n})}}}}",
    "![x](https://evil.example/{n}.png) [y](javascript:alert({n}))", "</template><script>alert({n})</script>",
    "<style>@import url(//evil.example/{n});*{{background:url(//evil.example/b{n})}}</style>",
)  # fmt: skip
PLACES = ("title", "section", "paragraph", "file name", "question", "answer")
COUNT = 60
MARK = "(payload {n})"


def payload(place: str, n: int) -> str:
    return PAYLOADS[n].format(n=PLACES.index(place) * 10 + n)


def report(n: int) -> tuple[str, str]:
    """Return a report's file name and its HTML-escaped text, so that each payload is what a reader would see."""
    name = payload("file name", n).replace("/", "\u2215") + ".md"
    return name, (
        f"# 桥梁年报{n} {payload('title', n)}\n\n## 一、桥梁 {payload('section', n)}\n\n"
        f"第{n}区全年新建成大小桥梁{n + 10}座 {payload('paragraph', n)} 全部按期完工。\n"
    )


@dataclass(slots=True)
class Watched:
    """A page of the window, with what must not happen on it."""

    page: Any
    model: StandIn
    dialogs: list[str]
    strays: list[str]
    asked: int = 0

    def ask(self, question: str) -> str:
        """Ask as a reader does; return the turn's text."""
        self.page.fill("#question textarea", question)
        self.page.press("#question textarea", "Enter")
        card = self.page.locator("#turns .turn").nth(self.asked)
        card.locator(".ans:not(.busy), .problem").first.wait_for()
        self.asked += 1
        return str(card.inner_text())


@pytest.fixture(scope="module")
def watched(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder: Path = tmp_path_factory.mktemp("script")
    with standing_in(says("好[1]。")) as model:
        environment = {"WENJU_LLM_URL": model.url, "WENJU_LLM_MODEL": "m"}
        with serving(folder / "library", "--rate", "0", **environment) as address:
            for n in range(len(PAYLOADS)):
                send(address, *report(n))
            context = chromium.new_context(locale="zh-CN")
            page, dialogs, strays = context.new_page(), list[str](), list[str]()
            page.set_default_timeout(30_000)
            page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
            page.on("request", lambda sent: None if at_home(sent.url, address) else strays.append(sent.url))
            page.goto(address)
            page.wait_for_selector("#start .start")
            yield Watched(page, model, dialogs, strays)
            context.close()


def send(address: str, name: str, text: str) -> None:
    content = base64.b64encode(text.encode()).decode()
    told = json.loads(knock(f"{address}{API}/run/add_report", {"data": [name, "", content]}).body)
    assert told["data"][0]["outcome"] == "added"


def unharmed(watched: Watched) -> None:
    watched.page.wait_for_timeout(200)  # for what a payload may have started
    assert watched.dialogs == []
    assert watched.strays == []


def test_there_are_sixty(watched: Watched) -> None:
    assert len(PAYLOADS) * len(PLACES) == COUNT


def test_titles_and_file_names_in_the_list_of_reports(watched: Watched) -> None:
    watched.page.click("nav [data-page=reports]")
    watched.page.locator(".shelf").wait_for()
    shown = watched.page.locator(".shelf").inner_text()
    assert shown.count("alert(") >= 2 * len(PAYLOADS) - 4
    assert watched.page.locator(".shelf img, .shelf script, .shelf iframe, .shelf style").count() == 0
    unharmed(watched)


def test_sections_and_paragraphs_in_the_report(watched: Watched) -> None:
    for n in range(len(PAYLOADS)):
        watched.page.click("nav [data-page=reports]")
        watched.page.locator(".shelf [data-open]").nth(n + 1).click()
        watched.page.locator("#paper", has_text=f"第{n}区").wait_for()
        assert watched.page.locator("#paper img, #paper script, #paper iframe, #paper style").count() == 0
    unharmed(watched)


def test_questions(watched: Watched) -> None:
    watched.page.click("nav [data-page=ask]")
    for n in range(len(PAYLOADS)):
        watched.model.does = says(f"全年新建成大小桥梁{n + 10}座[1]。")
        watched.ask(f"第{n}区建成多少座桥? {payload('question', n)}")
    bubbles = watched.page.locator("#turns")
    assert bubbles.inner_text().count("alert(") >= len(PAYLOADS) - 1
    assert bubbles.locator("img, script, iframe, style").count() == 0
    unharmed(watched)


def test_model_answers(watched: Watched) -> None:
    watched.page.click("nav [data-page=ask]")
    for n in range(len(PAYLOADS)):
        watched.model.does = says(f"全年新建成大小桥梁{n + 10}座[1]。{payload('answer', n)} 完。")
        watched.ask(f"第{n}区全年建成多少座桥梁?")
    assert watched.page.locator("#turns img, #turns script, #turns iframe, #turns style").count() == 0
    unharmed(watched)


def test_the_same_after_a_reload_from_what_the_browser_kept(watched: Watched) -> None:
    watched.page.reload()
    watched.page.locator("#turns .turn").nth(watched.asked - 1).wait_for()
    assert watched.page.locator("#turns img, #turns script, #turns iframe, #turns style").count() == 0
    unharmed(watched)
