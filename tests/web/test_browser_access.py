"""The window for everybody: axe-core over every page, by keyboard alone, at 360 px, with motion reduced."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import PHONE, QUESTION, ask, bring_set, set_of

pytestmark = pytest.mark.browser

GRAVE = {"serious", "critical"}
OFF_TOPIC = "2030年火星上有几座机场?"


def grave(page: Any) -> list[str]:
    """What axe-core finds serious or critical on the page as it stands."""
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_timeout(400)  # fading colours are no contrast yet
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['id']}: {node['html'][:120]} {node['any'][:1]}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


LOOKS = (
    pytest.param({}, id="light zh"),
    pytest.param({"color_scheme": "dark", "locale": "en-GB"}, id="dark en", marks=pytest.mark.long),
    pytest.param({**PHONE, "locale": "en-GB"}, id="phone en", marks=pytest.mark.long),
)


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_grave_on_any_page(look: dict[str, Any], visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit(**look)
    page.locator(".try[data-ask]:visible").first.wait_for()
    found = {"start": grave(page)}
    ask(page, QUESTION)
    ask(page, OFF_TOPIC)
    found["answer and refusal"] = grave(page)
    page.locator("#turns .quote a.cite").first.click()
    found["report"] = grave(page)
    page.keyboard.press("Escape")
    page.locator("[data-edit]").last.click()
    found["editing"] = grave(page)
    page.keyboard.press("Escape")
    for button, sheet in (("[data-talks]", "talks"), ("[data-sheet-of=about]", "about")):
        page.click(button)
        found[sheet] = grave(page)
        page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    found["shortcuts"] = grave(page)
    page.keyboard.press("Escape")
    page.click("nav [data-page=reports]")
    page.click("[data-tagging]")
    found["reports"] = grave(page)
    bring_set(page, set_of(tmp_path, 1))
    page.click("[data-does=run]")
    page.locator("#result .scorecard").wait_for()
    page.click("[data-case]")
    page.locator("#case .case").wait_for()
    for fold in ("#review summary", "#drafts summary"):
        page.click(fold)
    found["evaluate"] = grave(page)
    assert not {place: faults for place, faults in found.items() if faults}


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.innerText || document.activeElement.value || ''"))


def tab_to(page: Any, query: str, most: int = 60) -> None:
    """Press Tab until what `query` names has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("query => document.activeElement.matches(query)", query):
            # The question box shows its focus by the line around the whole field.
            line = "getComputedStyle(document.querySelector('#askbox')).borderTopColor === 'rgb(168, 50, 42)'"
            shown = "getComputedStyle(document.activeElement).outlineStyle !== 'none'"
            assert page.evaluate(f"{shown} || {line}"), f"{query} has the focus and does not show it"
            return
    pytest.fail(f"{query} is not reached by Tab")


def test_a_reader_without_a_mouse_asks_reads_and_comes_back(visit: Callable[..., Any]) -> None:
    page = visit()
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.locator("#turns .ans:not(.busy)").wait_for()
    page.evaluate("document.activeElement.blur()")
    tab_to(page, "#turns .quote a.cite")
    page.evaluate("document.querySelector('#doc').scrollTop = 0")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#paper mark.chosen')?.getBoundingClientRect().top < innerHeight")
    tab_to(page, "[data-copy]")
    tab_to(page, "[data-vote=up]")
    page.keyboard.press("Enter")
    page.locator(".said", has_text="谢谢").wait_for()
    tab_to(page, "#question textarea")
    tab_to(page, ".toc summary")
    page.keyboard.press("Enter")
    tab_to(page, ".toc a")
    tab_to(page, "nav [data-page=reports]", 120)
    page.keyboard.press("Enter")
    page.locator("#page-reports").wait_for()
    tab_to(page, ".shelf [data-open]")
    page.keyboard.press("Enter")
    page.locator("#page-ask").wait_for()
    tab_to(page, "[data-talks]")
    page.keyboard.press("Enter")
    assert page.evaluate("!!document.activeElement.closest('dialog#talks')")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('[data-talks]')")


def test_a_listener_hears_that_it_works_and_then_the_whole_answer(visit: Callable[..., Any]) -> None:
    page = visit()
    page.evaluate(
        "window.heard = []; new MutationObserver(() => heard.push(document.querySelector('#live').textContent))"
        ".observe(document.querySelector('#live'), {childList: true})"
    )
    ask(page, QUESTION)
    page.wait_for_function("heard.length > 1")
    heard = page.evaluate("heard")
    assert heard[0] == "正在翻报告…"
    assert len(heard) == 2
    assert "8.3公里" in heard[1]


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_nothing_is_wider_than_360_px(locale: str, visit: Callable[..., Any]) -> None:
    page = visit(**PHONE, locale=locale)
    ask(page, QUESTION)
    ask(page, OFF_TOPIC)
    for name in ("ask", "reports", "evaluate"):
        page.click(f"nav [data-page={name}]")
        wide = page.evaluate(
            "[...document.querySelectorAll('header *, .page *')].filter(one => one.checkVisibility() &&"
            " !one.closest('.hints, .unseen, #doc, .scroll, svg') && one.getBoundingClientRect().right > 361)"
            ".map(one => one.outerHTML.slice(0, 90))"
        )
        assert not wide, name
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_where_motion_is_reduced_nothing_glides(visit: Callable[..., Any]) -> None:
    page = visit(reduced_motion="reduce", **PHONE)
    card = ask(page, QUESTION)
    card.locator(".quote a.cite").click()
    page.locator("#paper mark").wait_for()
    moving = page.evaluate("document.getAnimations().filter(one => one.playState === 'running').length")
    assert moving == 0
    assert page.evaluate("getComputedStyle(document.querySelector('#doc')).transitionDuration") in ("0s", "0s, 0s")
