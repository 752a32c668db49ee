"""Takes a picture of every state of the window into docs/screenshots: `make screenshots`.

It starts a server over a library of its own and drives the same Chromium as the browser tests.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from browsing import ARGUMENTS, PHONE, ROOT, ask, serving
from PIL import Image
from playwright.sync_api import sync_playwright

SHOTS = ROOT / "docs" / "screenshots"
WIDE = {"viewport": {"width": 1440, "height": 1000}, "locale": "zh-CN"}
# Colours of a palette: enough for text, and a third of the bytes.
COLOURS = 255
# Milliseconds that scrolling and fading take.
SETTLED = 900
FIRST, SECOND, NOT_TOLD = "五年里有多少户居民告别旧里?", "那加装电梯呢?", "明年要新建几座机场?"

Page = Any


def conversation(page: Page) -> None:
    ask(page, FIRST)
    ask(page, SECOND)


def english(page: Page) -> None:
    ask(page, "How many households left old lanes in five years?")


def refusal(page: Page) -> None:
    ask(page, NOT_TOLD)


def cited(page: Page) -> None:
    ask(page, FIRST).locator(".quote a.cite").first.click()


def reports(page: Page) -> None:
    page.click("nav [data-page=reports]")


def evaluation(page: Page) -> None:
    page.click("nav [data-page=evaluate]")
    page.click("[data-does=run]")
    page.locator("#result .scorecard").wait_for(timeout=120_000)


def case(page: Page) -> None:
    evaluation(page)
    page.locator("[data-case]").first.click()
    page.locator("#case .case").wait_for()


def nothing(_: Page) -> None:
    """Leave the page as it opens."""


STATES: dict[str, tuple[Callable[[Page], None], dict[str, object]]] = {
    "start-zh": (nothing, {}),
    "start-en": (nothing, {"locale": "en-GB"}),
    "start-dark": (nothing, {"color_scheme": "dark"}),
    "start-phone": (nothing, PHONE),
    "ask-zh": (conversation, {}),
    "ask-en": (english, {"locale": "en-GB"}),
    "ask-dark": (conversation, {"color_scheme": "dark"}),
    "ask-phone": (conversation, PHONE),
    "report-phone": (cited, PHONE),
    "refusal-zh": (refusal, {}),
    "refusal-en-dark": (refusal, {"locale": "en-GB", "color_scheme": "dark"}),
    "refusal-phone": (refusal, PHONE),
    "reports-zh": (reports, {}),
    "reports-phone": (reports, PHONE),
    "evaluate-zh": (evaluation, {}),
    "evaluate-en-dark": (evaluation, {"locale": "en-GB", "color_scheme": "dark"}),
    "evaluate-phone": (evaluation, PHONE),
    "case-zh": (case, {}),
}


@contextmanager
def browser() -> Iterator[Any]:
    path = shutil.which("chromium")
    if path is None:
        raise SystemExit("chromium is not installed; the screenshots are taken with it (Debian: apt install chromium).")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


def take(chromium: Any, address: str, name: str) -> None:
    act, options = STATES[name]
    context = chromium.new_context(**{**WIDE, **options})
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("#start .start")
    page.wait_for_timeout(SETTLED)
    act(page)
    page.wait_for_timeout(SETTLED)
    file = SHOTS / f"{name}.png"
    page.screenshot(path=file)
    context.close()
    with Image.open(file) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


def main(names: list[str]) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "library") as address,
        browser() as chromium,
    ):
        for name in names or STATES:
            take(chromium, address, name)
            print(SHOTS.relative_to(ROOT) / f"{name}.png", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
