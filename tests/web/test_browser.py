"""A reader in a real browser: asks, clicks marks, switches language and light, uses a phone, adds a report.

One server and one browser for all of it; each test opens a page of its own.
"""

import json
import re
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from browsing import PHONE, QUESTION, ask, bring_set, lit, serving, set_of

pytestmark = pytest.mark.browser


def test_a_mark_lights_exactly_the_quoted_sentence(visit: Callable[..., Any], address: str) -> None:
    page = visit()
    card = ask(page, QUESTION)
    assert "8.3公里" in card.inner_text()
    page.evaluate("document.querySelector('#doc').scrollTop = 0")
    card.locator(".quote a.cite").click()
    mark = page.locator("#paper mark.h1.chosen")
    mark.wait_for()
    quote = card.locator(".sources a.cite").get_attribute("data-quote")
    assert lit(page) == quote
    assert quote == asked_by_program(address)["citations"][0]["quote"]
    page.wait_for_function("document.querySelector('#paper mark').getBoundingClientRect().top < innerHeight")
    assert mark.evaluate("mark => mark.closest('.p').dataset.number") == "18"


def asked_by_program(address: str) -> Any:
    """Ask the named endpoint as its documentation says: a call, then its events."""
    body = json.dumps({"question": QUESTION}).encode()
    request = urllib.request.Request(f"{address}/gradio_api/call/v2/ask", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as reply:
        event = json.load(reply)["event_id"]
    with urllib.request.urlopen(f"{address}/gradio_api/call/ask/{event}") as reply:
        told = reply.read().decode()
    found = re.search(r"event: complete\ndata: (.*)", told)
    assert found is not None, told
    return json.loads(found.group(1))[0]


def test_digit_keys_do_what_marks_do(visit: Callable[..., Any]) -> None:
    page = visit()
    ask(page, QUESTION)
    quote = lit(page)
    page.evaluate("document.querySelector('#doc').scrollTop = 0; document.activeElement.blur()")
    page.keyboard.press("1")
    page.wait_for_function("document.querySelector('#paper mark').getBoundingClientRect().top < innerHeight")
    assert lit(page) == quote


def test_an_earlier_answers_marks_still_light_their_own_sentence(visit: Callable[..., Any]) -> None:
    page = visit()
    first = ask(page, QUESTION)
    quote = lit(page)
    ask(page, "红色经典步道有多长?")
    page.wait_for_function("!document.querySelector('#paper mark').textContent.includes('8.3')")
    first.locator(".quote a.cite").click()
    page.wait_for_function("document.querySelector('#paper mark').textContent.includes('8.3')")
    assert lit(page) == quote
    assert page.locator("#paper .p.hit").count() == 1


def test_a_refusal_looks_like_one_and_leads_to_the_nearest_passage(visit: Callable[..., Any]) -> None:
    page = visit()
    card = ask(page, "2030年火星上有几座机场?")
    assert "no" in card.get_attribute("class").split()
    link = card.locator("a.near-link").first
    link.click()
    page.wait_for_selector("#paper .p.hit")
    assert page.locator("#paper .p.hit").get_attribute("data-number") == link.get_attribute("data-paragraph")
    assert page.locator("#paper mark").count() == 0


def test_an_example_is_asked_by_a_press(visit: Callable[..., Any]) -> None:
    page = visit()
    example = page.locator(".try.zh[data-ask]").nth(3)
    question = example.get_attribute("data-ask")
    example.click()
    page.locator("#turns .ans:not(.busy)").wait_for()
    assert question in page.locator("#turns .me").inner_text()
    assert page.locator("#turns .ans.no").count() == 0
    page.locator("#paper mark.h1").wait_for()


def test_enter_without_words_does_nothing_and_a_long_paste_is_refused(visit: Callable[..., Any]) -> None:
    page = visit()
    page.press("#question textarea", "Enter")
    page.wait_for_timeout(400)
    assert page.locator("#turns .me").count() == 0
    card = ask(page, "长" * 5000)
    assert "问题有 5000 个字，最多 2000 个" in card.inner_text()
    assert len(page.input_value("#question textarea")) == 5000


def test_what_is_typed_stays_text(visit: Callable[..., Any]) -> None:
    page = visit()
    ask(page, '<img src="http://evil.example/x.png" onerror="document.title=1"> ![](http://evil.example/y.png)')
    assert "<img src" in page.locator("#turns .me").inner_text()
    assert page.title() == "问据 Wenju"


def test_two_tabs_do_not_mix(visit: Callable[..., Any]) -> None:
    one, other = visit(), visit()
    ask(one, QUESTION)
    ask(other, "红色经典步道有多长?")
    assert one.locator("#turns .me").count() == other.locator("#turns .me").count() == 1


def test_the_browsers_language_is_spoken_and_can_be_switched_by_hand(visit: Callable[..., Any]) -> None:
    page = visit(locale="en-GB")
    assert page.locator("nav").inner_text().split("\n")[-3:] == ["Ask", "Reports", "Evaluate"]
    assert page.get_attribute("#question textarea", "placeholder") == "Ask about the report"
    page.click("[data-language]")
    assert page.locator("nav").inner_text().split("\n")[-3:] == ["提问", "报告", "评测"]
    assert page.get_attribute("#question textarea", "placeholder") == "就报告提问，回车发送"
    page.reload()
    page.wait_for_selector("#start .start")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"


def test_light_follows_the_system_until_it_is_chosen(visit: Callable[..., Any]) -> None:
    page = visit(color_scheme="dark")
    paper = "getComputedStyle(document.querySelector('.gradio-container')).backgroundColor"
    assert page.evaluate(paper) == "rgb(21, 23, 26)"
    page.click("button[data-light]")
    assert page.evaluate(paper) == "rgb(250, 248, 244)"
    page.reload()
    page.wait_for_selector("#start .start")
    assert page.evaluate(paper) == "rgb(250, 248, 244)"


def test_on_a_phone_the_report_is_a_sheet_that_closes(visit: Callable[..., Any]) -> None:
    page = visit(**PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    card = ask(page, QUESTION)
    assert not page.locator("#doc").is_visible()
    card.locator(".quote a.cite").click()
    page.locator("#paper mark").wait_for()
    assert page.locator("#doc").is_visible()
    page.keyboard.press("Escape")
    page.locator("#doc").wait_for(state="hidden")


def test_a_report_is_added_read_and_taken_out_again(visit: Callable[..., Any], tmp_path: Path) -> None:
    own, broken = tmp_path / "own.md", tmp_path / "broken.txt"
    own.write_text(
        "# 桥\n\n2024-03-01\n\n## 一、建设\n\n全年建桥<b>12</b>座,全部按期完工。![x](http://evil.example/x.png)\n"
    )
    broken.write_bytes(b"\x00\x01")
    page = visit()
    page.click("nav [data-page=reports]")
    page.set_input_files("#page-reports input[type=file]", [own, broken])
    page.locator(".news.good").wait_for()
    assert "broken.txt 没有添加" in page.locator(".news.bad").inner_text()
    page.locator("table.shelf a", has_text="桥").click()
    page.locator('#paper .paper[data-report="own"]').wait_for()
    assert "<b>12</b>" in page.locator("#paper .p").nth(1).inner_text()
    page.click("nav [data-page=reports]")
    button = page.locator('[data-remove="own"]')
    button.click()
    page.locator(".remove.sure").wait_for()
    button.click()
    page.locator(".news", has_text="已移除").wait_for()
    page.wait_for_function("document.querySelectorAll('table.shelf tbody tr').length === 1")


def test_the_first_words_come_quickly(visit: Callable[..., Any]) -> None:
    page = visit()
    ask(page, QUESTION)  # the first question of a server may wait for its model
    start = time.perf_counter()
    ask(page, "红色经典步道有多长?")
    assert time.perf_counter() - start < 3


def test_a_set_is_run_and_a_failed_case_opened_beside_its_paragraph(visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit()
    bring_set(page, set_of(tmp_path, 1))
    page.click("[data-does=run]")
    page.locator("#result .scorecard").wait_for()
    assert page.locator(".kpi").count() == 6
    case = page.locator("[data-case]")
    assert case.count() == 1
    case.click()
    page.locator("#case .case").wait_for()
    assert case.get_attribute("aria-pressed") == "true"
    assert "8.3公里" in page.locator("#case mark.cited").all_inner_texts()[-1]
    page.wait_for_function("document.activeElement.textContent === document.querySelector('#case h2').textContent")
    page.select_option("#by-kind", "w")
    assert page.locator(".failures tbody tr:visible").count() == 1
    for what, beginning in (("json", '{"version"'), ("html", "<!doctype html>"), ("failures", '{"id": "w0"')):
        with page.expect_download() as saved:
            page.click(f"[data-download={what}]")
        assert saved.value.path().read_text("utf-8").startswith(beginning)
    page.click("#case .in-report")
    page.locator('#paper .p.hit[data-number="18"]').wait_for()


def test_a_long_run_lets_others_ask_and_can_be_cancelled(visit: Callable[..., Any], tmp_path: Path) -> None:
    runner, reader = visit(), visit()
    ask(reader, QUESTION)
    bring_set(runner, set_of(tmp_path, 1500))
    runner.click("[data-does=run]")
    runner.locator("#result .progress", has_text="/ 3000").wait_for()
    start = time.perf_counter()
    assert "7.1" in ask(reader, "红色经典步道有多长?").inner_text()
    assert time.perf_counter() - start < 25  # the run takes longer
    assert runner.locator("#result .progress").count() == 1
    assert runner.locator("[data-does=run]").is_disabled()
    runner.click("[data-stop]")
    runner.locator("#result .news", has_text="已取消").wait_for(timeout=5000)
    assert not runner.locator("[data-does=run]").is_disabled()


@pytest.mark.long
def test_two_runs_of_a_set_are_compared(visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit()
    bring_set(page, set_of(tmp_path, 2))
    for _ in range(2):
        page.click("[data-does=run]")
        page.locator("#result .progress").wait_for()
        page.locator("#result .scorecard").wait_for()
    page.click("[data-does=compare]")
    page.locator(".versus", has_text="共有 4 题").wait_for()
    assert page.locator(".delta").count() == 6


def test_useful_is_said_once_and_stays_said(visit: Callable[..., Any]) -> None:
    page = visit()
    first = ask(page, QUESTION)
    first.locator("[data-vote=up]").click()
    first.locator(".said", has_text="谢谢").wait_for()
    ask(page, "红色经典步道有多长?")
    assert first.locator("[data-vote]").count() == 0
    assert "谢谢" in first.locator(".ballot").inner_text()


def test_the_right_passage_is_pointed_out_and_reviewed_into_a_set(visit: Callable[..., Any]) -> None:
    page = visit()
    card = ask(page, "黄浦滨江岸线有多少公里贯通?")
    card.locator("[data-vote=down]").click()
    page.locator('#paper .p[data-number="18"] [data-this]').click()
    card.locator(".said", has_text="这一段记下了").wait_for()
    assert page.locator("#paper [data-this]").count() == 0
    page.click("nav [data-page=evaluate]")
    page.locator("#review summary .tag").wait_for()
    page.click("#review summary")
    row = page.locator("#review .vote", has_text="黄浦滨江岸线有多少公里贯通")
    row.locator("[data-review=accepted]").click()
    page.locator("#review .vote.accepted").wait_for()
    with page.expect_download() as saved:
        page.click("[data-adopt]")
    assert json.loads(saved.value.path().read_text("utf-8").splitlines()[0])["kind"] == "use"


@pytest.mark.long
def test_a_draft_is_edited_accepted_and_run(visit: Callable[..., Any]) -> None:
    page = visit()
    page.click("nav [data-page=evaluate]")
    page.click("#drafts summary")
    page.click("[data-draft=propose]")
    rows = page.locator("#drafts .draft")
    rows.first.wait_for()
    other = rows.nth(1).get_attribute("data-id")
    rows.nth(1).locator(".question").fill("还没改完")
    rows.first.locator(".question").fill("改过的问题?")
    rows.first.locator("[data-draft=accept]").click()
    page.locator("#drafts .draft.accepted").wait_for()
    assert page.locator("#drafts .draft.accepted .question").input_value() == "改过的问题?"
    assert page.locator(f'#drafts .draft[data-id="{other}"] .question').input_value() == "还没改完"
    page.click("[data-draft=run]")
    page.locator("#result .scorecard").wait_for()
    assert "· 1" in page.locator(".origin").inner_text()


class SlowModel(BaseHTTPRequestHandler):
    """A language model that writes a word every tenth of a second and does not end before any test has stopped it."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        for count in range(3000):
            delta = {"index": 0, "delta": {"content": f"词{count} "}, "finish_reason": None}
            chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [delta]}
            try:
                self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            except OSError:  # the reader pressed Stop
                return
            time.sleep(0.1)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def slow_model() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), SlowModel) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


@pytest.mark.long  # a server of its own
def test_stop_keeps_what_was_written_and_the_next_question_is_answered(
    visit: Callable[..., Any], slow_model: str, tmp_path: Path
) -> None:
    with serving(tmp_path / "library", WENJU_LLM_URL=slow_model, WENJU_LLM_MODEL="m") as where:
        page = visit(where)
        page.fill("#question textarea", QUESTION)
        page.press("#question textarea", "Enter")
        page.locator("#turns .ans", has_text="词3").wait_for()
        page.fill("#question textarea", "第二问")
        page.press("#question textarea", "Enter")  # while one answer grows, the next waits in the box
        page.locator("#note", has_text="还在回答").wait_for()
        assert page.locator("#turns .me").count() == 1
        page.click("#keys .stop")
        page.locator("#turns", has_text="已停止").wait_for()
        written = page.locator("#turns .ans .quote").inner_text()
        page.wait_for_timeout(500)
        assert page.locator("#turns .ans .quote").inner_text() == written
        assert page.input_value("#question textarea") == "第二问"
        page.press("#question textarea", "Enter")
        page.locator("#turns .ans", has_text="词3").nth(1).wait_for()
        page.keyboard.press("Escape")
        page.locator("#turns .rew", has_text="已停止").nth(1).wait_for()
        page.select_option("#writer", "extractive")
        card = ask(page, QUESTION)
        assert "8.3公里" in card.inner_text()
        assert "摘自原文" in card.locator(".foot").inner_text()
        page.reload()
        page.locator("#turns .turn").nth(2).wait_for()
        assert page.locator("#turns .ans .quote").first.inner_text() == written
        page.close()  # before its server: a page that loses it complains on the console
