"""Takes a picture of every state of the window into docs/screenshots: `make screenshots`.

It starts a server over a library of its own and drives the same Chromium as the browser tests.
"""

import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
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


def peek(page: Page) -> None:
    ask(page, FIRST).locator(".quote a.cite").first.hover()


def editing(page: Page) -> None:
    ask(page, FIRST)
    page.locator("[data-edit]:visible").click()


def talks(page: Page) -> None:
    for question in (FIRST, NOT_TOLD):
        ask(page, question)
        page.click(".talkbar [data-new]")
    ask(page, SECOND)
    page.click("[data-talks]")


def about(page: Page) -> None:
    page.click("[data-sheet-of=about]")


def shortcuts(page: Page) -> None:
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")


def added(page: Page) -> None:
    reports(page)
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("bridges.md", "# 桥梁年报\n\n全年新建成大小桥梁12座，全部按期完工。\n"), ("empty.txt", "")):
            (Path(folder) / name).write_text(text, "utf-8")
        page.set_input_files(
            "#page-reports input[type=file]", [Path(folder) / "bridges.md", Path(folder) / "empty.txt"]
        )
        page.locator(".news.bad").wait_for()
    page.locator("[data-remove=bridges]").wait_for()


def versions(page: Page) -> None:
    """Add a report twice and show what the second version changed."""
    reports(page)
    with tempfile.TemporaryDirectory() as folder:
        for count in (12, 15):
            file = Path(folder) / "bridges.md"
            file.write_text(f"# 桥梁年报\n\n2024-03-01\n\n全年新建成大小桥梁{count}座，全部按期完工。\n", "utf-8")
            with page.expect_file_chooser() as chooser:
                page.click("#add")
            chooser.value.set_files(file)
            page.wait_for_timeout(3 * SETTLED)
    page.locator(".shelf .diff").click()
    page.locator("#paper .changes").wait_for()


def evaluation(page: Page) -> None:
    """Show a scorecard; the first one is made, later ones open it."""
    page.click("nav [data-page=evaluate]")
    page.wait_for_timeout(SETTLED)
    page.click("[data-kept=open]" if page.locator("[data-kept=open]").count() else "[data-does=run]")
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
    "peek-zh": (peek, {}),
    "editing-en": (editing, {"locale": "en-GB"}),
    "talks-zh": (talks, {}),
    "talks-phone": (talks, PHONE),
    "about-en": (about, {"locale": "en-GB"}),
    "about-dark": (about, {"color_scheme": "dark"}),
    "shortcuts-zh": (shortcuts, {}),
    "reports-zh": (reports, {}),
    "reports-phone": (reports, PHONE),
    "evaluate-zh": (evaluation, {}),
    "evaluate-en-dark": (evaluation, {"locale": "en-GB", "color_scheme": "dark"}),
    "evaluate-phone": (evaluation, PHONE),
    "case-zh": (case, {}),
    "reports-en": (added, {"locale": "en-GB"}),
    "versions-zh": (versions, {}),
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
    page.locator(".try[data-ask]:visible").first.wait_for(timeout=60_000)
    act(page)
    page.wait_for_timeout(SETTLED)
    file = SHOTS / f"{name}.png"
    page.screenshot(path=file)
    context.close()
    shrink(file)


def shrink(file: Path) -> None:
    """Keep a picture in a palette that holds the window's own colours exactly, and of the rest what fits."""
    with Image.open(file) as opened:
        image = opened.convert("RGB")
    found = re.findall(r"#([0-9a-f]{6})\b", (ROOT / "web" / "style.css").read_text("utf-8"))
    own = [part for colour in sorted(set(found)) for part in bytes.fromhex(colour)]
    rest = image.quantize(COLOURS - len(own) // 3, Image.Quantize.MEDIANCUT).getpalette() or []
    palette = np.array([*own, *rest][: COLOURS * 3], int).reshape(-1, 3)
    # By hand: Pillow looks for the nearest colour among rounded ones, and turns white into cream.
    colours, places = np.unique(np.asarray(image).reshape(-1, 3), axis=0, return_inverse=True)
    nearest = [int(np.abs(palette - colour.astype(int)).sum(axis=1).argmin()) for colour in colours]
    indexed = np.array(nearest, np.uint8)[places.reshape(image.height, image.width)]
    shrunk = Image.fromarray(indexed, "P")
    shrunk.putpalette(palette.astype(np.uint8).tobytes())
    shrunk.save(file, optimize=True)


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
