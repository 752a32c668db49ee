"""A reader in a real browser keeps conversations: reloads, finds, names, deletes, exports, links, asks again."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import PHONE, QUESTION, ask, lit, serving

pytestmark = pytest.mark.browser

SECOND = "红色经典步道有多长?"
OFF_TOPIC = "2030年火星上有几座机场?"


def test_a_conversation_survives_a_reload_and_goes_on(visit: Callable[..., Any]) -> None:
    page = visit()
    ask(page, "五年里有多少户居民告别旧里?")
    ask(page, "那加装电梯呢?")
    before = page.locator("#turns").inner_text()
    page.reload()
    page.locator("#turns .turn").nth(1).wait_for()
    assert page.locator("#turns").inner_text() == before
    page.locator("#turns .quote a.cite").first.click()
    page.locator("#paper mark.h1").wait_for()
    assert "6万多户" in lit(page)
    # What comes next still leans on what was asked before the reload.
    assert "已补全为" in ask(page, "其中旧改呢?").locator("xpath=..").inner_text()


def test_conversations_are_found_named_opened_and_deleted(visit: Callable[..., Any]) -> None:
    page = visit()
    ask(page, QUESTION)
    page.click(".talkbar [data-new]")
    page.locator("#start .start").wait_for()
    ask(page, SECOND)
    page.click("[data-talks]")
    rows = page.locator("#talk-list li")
    assert rows.count() == 2
    page.fill("#find-talk", "8.3")  # words of an answer
    assert rows.count() == 1
    rows.locator("[data-does=rename]").click()
    page.fill(".rename input", "滨江")
    page.press(".rename input", "Enter")
    page.locator(".open-talk", has_text="滨江").click()
    page.locator("#turns .me", has_text="滨江岸线").wait_for()
    assert page.locator(".talk-title").inner_text() == "滨江"
    page.reload()
    page.locator("#turns .me", has_text="滨江岸线").wait_for()
    page.click("[data-talks]")
    row = page.locator("#talk-list li", has_text="滨江")
    row.locator("[data-does=delete]").click()
    row.locator("[data-does=delete]", has_text="确认").click()
    assert rows.count() == 1
    page.keyboard.press("Escape")
    page.locator("#start .start").wait_for()


def test_a_conversation_is_exported_with_its_sources(visit: Callable[..., Any], tmp_path: Path) -> None:
    import docx

    page = visit()
    card = ask(page, QUESTION)
    quote = card.locator(".sources a.cite").get_attribute("data-quote")
    for kind in ("md", "docx", "json"):
        with page.expect_download() as saved:
            page.click(f"[data-export={kind}]")
        assert saved.value.suggested_filename.endswith(f".{kind}")
        saved.value.save_as(tmp_path / f"talk.{kind}")
    assert quote in (tmp_path / "talk.md").read_text("utf-8")
    texts = [paragraph.text for paragraph in docx.Document(str(tmp_path / "talk.docx")).paragraphs]
    assert f"[1] {quote}" in texts
    told = json.loads((tmp_path / "talk.json").read_text("utf-8"))
    assert told["turns"][0]["answer"]["citations"][0]["quote"] == quote


def test_the_last_question_is_asked_again_or_changed(visit: Callable[..., Any]) -> None:
    page = visit()
    ask(page, QUESTION)
    ask(page, OFF_TOPIC)
    assert page.locator("[data-again]:visible").count() == 2
    page.locator("[data-edit]").last.click()
    assert page.input_value(".editing textarea") == OFF_TOPIC
    page.fill(".editing textarea", SECOND)
    page.press(".editing textarea", "Enter")
    page.locator("#turns .ans:not(.no)", has_text="7.1").wait_for()
    assert page.locator("#turns .turn").count() == 2
    page.locator("[data-again]").last.click()
    page.locator("#turns .ans.busy").wait_for(state="detached")
    page.locator("#turns .turn:last-child .ans:not(.busy)", has_text="7.1").wait_for()
    assert page.locator("#turns .turn").count() == 2


def test_a_link_to_an_answer_asks_it_again_once(visit: Callable[..., Any], address: str) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    card = ask(page, QUESTION)
    card.locator("[data-link]").click()
    card.locator("[data-link]", has_text="已复制").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{address}/?q=")
    other = visit(link, ready="#turns .ans:not(.busy)")
    assert "8.3公里" in other.locator("#turns .ans").inner_text()
    other.locator("#paper mark.h1").wait_for()
    assert other.url == f"{address}/"
    other.reload()
    other.locator("#turns .turn").wait_for()
    other.wait_for_timeout(300)
    assert other.locator("#turns .turn").count() == 1


def test_a_refusal_offers_two_questions_that_are_answered(visit: Callable[..., Any]) -> None:
    page = visit()
    page.locator(".try[data-ask]:visible").first.wait_for()
    card = ask(page, OFF_TOPIC)
    offers = card.locator(".offers [data-ask]")
    assert offers.count() == 2
    offers.first.click()
    page.locator("#turns .ans:not(.busy)").nth(1).wait_for()
    assert page.locator("#turns .ans.no").count() == 1


def test_a_mark_shows_its_sentence_in_a_card_to_pointer_and_keyboard(visit: Callable[..., Any]) -> None:
    page = visit()
    card = ask(page, QUESTION)
    mark = card.locator(".quote a.cite")
    quote = card.locator(".sources a.cite").get_attribute("data-quote")
    mark.hover()
    assert page.locator(".peek p").inner_text() == quote
    page.keyboard.press("Escape")
    assert page.locator(".peek").count() == 0
    mark.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert page.locator(".peek p").inner_text() == quote
    assert mark.get_attribute("aria-describedby") == "peek"


def test_the_report_pane_says_in_which_section_one_is(visit: Callable[..., Any]) -> None:
    page = visit()
    ask(page, "五年里有多少户居民告别旧里?")
    page.locator(".dochead.shown .running", has_text="› (一)旧区改造跑出加速度").wait_for()


def test_keys_open_the_sheets_and_escape_closes_them(visit: Callable[..., Any]) -> None:
    page = visit(locale="en-GB")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    page.locator("dialog#shortcuts[open]").wait_for()
    page.keyboard.press("Escape")
    page.locator("dialog#shortcuts").wait_for(state="hidden")
    page.click("[data-sheet-of=about]")
    assert "None: everything stays on this machine" in page.locator("dialog#about").inner_text()
    page.click("dialog#about [data-sheet-of=shortcuts]")
    assert page.locator("dialog[open]").count() == 1
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"


def test_a_tab_that_was_duplicated_goes_on_as_its_own(visit: Callable[..., Any]) -> None:
    page = visit()
    ask(page, QUESTION)
    other = page.context.new_page()
    other.add_init_script(f"sessionStorage.setItem('wenju-talk', {json.dumps(tab_of(page))})")
    other.goto(page.url)
    other.locator("#turns .turn").wait_for()
    ask(other, SECOND)
    ask(page, OFF_TOPIC)
    page.click("[data-talks]")
    assert page.locator("#talk-list li").count() == 2
    assert page.locator("#turns .turn").count() == other.locator("#turns .turn").count() == 2


def tab_of(page: Any) -> str:
    return str(page.evaluate("sessionStorage.getItem('wenju-talk')"))


def test_while_a_word_is_composed_enter_does_not_send(visit: Callable[..., Any]) -> None:
    page = visit()
    page.fill("#question textarea", "huangpu")
    composing = {"key": "Enter", "isComposing": True, "bubbles": True, "cancelable": True}
    page.locator("#question textarea").dispatch_event("keydown", composing)
    page.wait_for_timeout(200)
    assert page.locator("#turns .turn").count() == 0


def test_nothing_jumps_while_an_answer_comes(visit: Callable[..., Any]) -> None:
    page = visit()
    page.locator(".try[data-ask]:visible").first.wait_for()
    page.evaluate(
        "window.shift = 0; new PerformanceObserver(list => { for (const one of list.getEntries()) "
        "window.shift += one.value; }).observe({type: 'layout-shift'})"
    )
    ask(page, QUESTION)
    page.wait_for_timeout(600)
    assert page.evaluate("window.shift") < 0.05


def test_on_a_phone_every_sheet_fits(visit: Callable[..., Any]) -> None:
    page = visit(**PHONE)
    ask(page, QUESTION)
    for button, sheet in (("[data-talks]", "talks"), ("[data-sheet-of=about]", "about")):
        page.click(button)
        box = page.locator(f"dialog#{sheet}").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.long  # servers of its own
def test_a_server_that_goes_away_is_said_so_and_comes_back(chromium: Any, tmp_path: Path) -> None:
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    with serving(tmp_path / "library") as first:
        page.goto(first)
        ask(page, QUESTION)
    page.locator("#away", has_text="正在重连").wait_for()  # without a word from the reader
    page.fill("#question textarea", SECOND)
    page.press("#question textarea", "Enter")
    page.locator("#turns", has_text="连不上").wait_for()
    page.fill("#question textarea", "写到一半")
    with serving(tmp_path / "library", PORT=first.rsplit(":", 1)[1]) as again:
        assert again == first
        page.locator("#away").wait_for(state="hidden", timeout=60_000)  # by itself, with what was kept and typed
        page.locator("#turns .turn", has_text="8.3公里").wait_for()
        assert page.input_value("#question textarea") == "写到一半"
        assert "7.1" in ask(page, SECOND).inner_text()
        page.close()
    context.close()
