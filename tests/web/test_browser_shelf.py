"""A reader in a real browser brings reports of every format, tags them, limits questions to them, reads versions.

Every test takes out what it added, because all of them share one server.
"""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from browsing import PHONE, QUESTION, ask, lit

from eval.carry import Made, Part, PartKind, browser, to_docx, to_html, to_markdown, to_pdf

pytestmark = pytest.mark.browser

BODY = "全年新建成大小桥梁12座,全部按期完工。总投资达到3亿元,比上年增加一成。"
NEWER = BODY.replace("12座", "15座")
WANTED = "全年新建成大小桥梁多少座?"
MADE = Made(
    "bridges",
    "桥梁年报",
    ("2024-03-01",),
    (Part(PartKind.HEADING, "一、建设情况", 2), Part(PartKind.TEXT, BODY)),
)
SHIPPED = "huangpu-2022"


def as_text(body: str = BODY) -> bytes:
    return f"桥梁年报\n\n2024-03-01\n\n一、建设情况\n\n{body}\n".encode()


def in_format(ending: str, folder: Path) -> Path:
    """Write the report on bridges in a format; a ZIP holds it as text in a folder."""
    path = folder / f"bridges.{ending}"
    if ending == "zip":
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("年报/bridges.txt", as_text())
        return path
    makers = {"md": to_markdown, "html": to_html, "docx": to_docx}
    if ending == "pdf":
        path.write_bytes(to_pdf(MADE, folder))
        return path
    path.write_bytes(makers[ending](MADE) if ending in makers else as_text())
    return path


@contextmanager
def added(page: Any, *files: Path, tags: str = "") -> Iterator[None]:
    """Add files on the page of reports as a reader does; take them out again at the end."""
    page.click("nav [data-page=reports]")
    page.fill("#new-tags :is(input, textarea)", tags)
    page.set_input_files("#page-reports input[type=file]", list(files))
    page.locator(".news.good").nth(len(files) - 1).wait_for()
    page.locator("[data-remove]").nth(1).wait_for()
    try:
        yield
    finally:
        page.click("nav [data-page=reports]")
        while (button := page.locator(f"[data-remove]:not([data-remove={SHIPPED}])")).count():
            # A list that is drawn anew meanwhile forgets the first press, or has lost the button.
            with suppress(Exception):
                button.first.click(timeout=2000)
                page.locator(".remove.sure").click(timeout=2000)
            page.wait_for_timeout(300)


needs_printer = pytest.mark.skipif(not browser(), reason="no Chromium is installed to print a PDF")
ENDINGS = ("txt", "md", "html", "docx", "zip", pytest.param("pdf", marks=needs_printer))


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_report_of_every_format_is_added_asked_and_taken_out(
    ending: str, visit: Callable[..., Any], tmp_path: Path
) -> None:
    page = visit()
    with added(page, in_format(ending, tmp_path)):
        row = page.locator("table.shelf tbody tr", has_text="桥梁年报")
        assert "2024-03-01" in row.inner_text()
        assert "KB" in row.inner_text()
        page.click("nav [data-page=ask]")
        card = ask(page, WANTED)
        assert "12座" in card.locator(".lead").inner_text()
        assert "《桥梁年报》" in card.locator(".src").first.inner_text()
        card.locator(".quote a.cite").first.click()
        page.locator('#paper .paper[data-report^="bridges"] mark.h1').wait_for()
        assert lit(page) == card.locator(".sources a.cite").first.get_attribute("data-quote")
    assert page.locator("[data-remove]").count() == 1


def test_every_file_has_its_own_bar_and_its_own_message(visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit()
    empty, odd = tmp_path / "empty.txt", tmp_path / "odd.pdf"
    empty.write_bytes(b"")
    odd.write_bytes(b"MZ\x90\x00 no pdf")
    page.click("nav [data-page=reports]")
    page.evaluate(
        "window.seen = []; new MutationObserver(() => { for (const bar of document.querySelectorAll('.progress'))"
        " seen.push(bar.innerText); })"
        ".observe(document.querySelector('#page-reports'), {childList: true, subtree: true})"
    )
    with added(page, in_format("txt", tmp_path)):
        page.set_input_files("#page-reports input[type=file]", [empty, odd])
        page.locator(".news.bad").nth(1).wait_for()
        told = page.locator(".news.bad").all_inner_texts()
        assert told[0].startswith("empty.txt")
        assert told[1].startswith("odd.pdf")
        seen = " ".join(page.evaluate("seen"))
        assert "bridges.txt" in seen
        assert "odd.pdf 等待中" in seen


def test_files_can_be_dropped_on_the_page(visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit()
    page.click("nav [data-page=reports]")
    page.evaluate(
        """text => {
        const carried = new DataTransfer();
        carried.items.add(new File([text], 'bridges.txt', {type: 'text/plain'}));
        const at = document.querySelector('#page-reports');
        for (const name of ['dragenter', 'dragover', 'drop'])
          at.dispatchEvent(new DragEvent(name, {bubbles: true, cancelable: true, dataTransfer: carried}));
    }""",
        as_text().decode(),
    )
    page.locator(".news.good", has_text="bridges.txt").wait_for()
    with added(page, in_format("md", tmp_path)):
        pass


def test_a_question_is_put_to_the_chosen_report_year_or_tag_alone(visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit()
    with added(page, in_format("txt", tmp_path), tags="place=江桥"):
        page.click("nav [data-page=ask]")
        page.select_option("#limit", label="桥梁年报")
        card = ask(page, QUESTION)
        assert "8.3公里" not in card.inner_text()
        assert "只问：《桥梁年报》" in page.locator("#turns .rew").inner_text()
        page.select_option("#limit", label="2022 年")
        assert "8.3公里" in ask(page, QUESTION).inner_text()
        page.select_option("#limit", label="地点：江桥")
        assert "12座" in ask(page, WANTED).inner_text()
        page.reload()  # kept with the conversation
        page.locator("#turns .turn").nth(2).wait_for()
        page.wait_for_function("document.querySelector('#limit').selectedOptions[0].textContent === '地点：江桥'")
        assert page.locator("#turns .rew").all_inner_texts()[-1] == "只问：地点：江桥"
        page.click(".talkbar [data-new]")
        assert page.input_value("#limit") == ""


def test_a_link_keeps_what_a_question_is_limited_to(visit: Callable[..., Any], address: str, tmp_path: Path) -> None:
    page = visit()
    with added(page, in_format("txt", tmp_path)):
        year = "2022 年"
        for query, said in (("report=huangpu-2022", "《建设国际化"), ("year=2022", year), ("tag=year%3D2022", year)):
            other = visit(f"{address}/?q={WANTED}&{query}", ready="#turns .ans:not(.busy)")
            assert said in other.locator("#turns .rew").inner_text()
            assert "12座" not in other.locator("#turns .ans").inner_text()
            other.close()


def test_a_report_that_is_not_there_is_said_in_one_sentence(visit: Callable[..., Any], address: str) -> None:
    page = visit(f"{address}/?q={WANTED}&report=gone", ready="#turns .ans.no")
    assert "gone" in page.locator("#turns .ans").inner_text()
    assert page.input_value("#limit") == ""


def test_tags_are_set_from_the_list(visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit()
    with added(page, in_format("txt", tmp_path)):
        row = page.locator("table.shelf tbody tr", has_text="桥梁年报")
        row.locator("[data-tagging]").click()
        assert row.locator("form input").input_value() == "year=2024"
        row.locator("form input").fill("year=2023，topic=桥")
        page.keyboard.press("Enter")
        page.locator(".news.good", has_text="标签已保存").wait_for()
        page.locator(".tags .tag", has_text="topic：桥").wait_for()
        assert page.locator("#limit option", has_text="2023 年").count() == 1
        row.locator("[data-tagging]").click()
        row.locator("form input").fill("江桥")
        page.keyboard.press("Enter")
        assert "江桥" in page.locator(".news.bad").inner_text()


def test_an_earlier_version_is_read_compared_and_asked(visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit()
    with added(page, in_format("txt", tmp_path)):
        (tmp_path / "bridges.txt").write_bytes(as_text(NEWER))
        with page.expect_file_chooser() as chooser:
            page.click("#add")
        chooser.value.set_files(tmp_path / "bridges.txt")
        page.locator(".news.good", has_text="新的一版").wait_for()
        page.locator(".shelf .diff").click()
        page.locator("#paper .changes ins", has_text="5").wait_for()
        assert page.locator("#paper .changes .p").count() == 1
        page.click("#paper .editions summary")
        page.click('#paper .editions [data-version="1"]:not([data-changes])')
        page.locator("#paper .told", has_text="早先的版本").wait_for()
        assert "12座" in page.locator("#paper").inner_text()
        page.select_option("#limit", label="桥梁年报")
        card = ask(page, WANTED)
        assert card.locator(".lead").inner_text() == "15座"
        assert "第 2 版" in card.locator(".src").inner_text()
        card.locator("[data-earlier]").click()
        earlier = page.locator("#turns .ans:not(.busy)").nth(1)
        earlier.wait_for()
        assert earlier.locator(".lead").inner_text() == "12座"
        assert "第 1 版" in page.locator("#turns .rew").all_inner_texts()[-1]
        page.locator('#paper .paper[data-version="1"] mark.h1', has_text="12座").wait_for()
        page.select_option("#limit", label="所有版本")
        both = ask(page, WANTED)
        assert "12座" in both.inner_text()
        assert "15座" in both.inner_text()


def test_what_is_selected_in_the_report_can_be_asked_about(visit: Callable[..., Any]) -> None:
    page = visit()
    page.locator('#paper .p[data-number="2"] .t').click(click_count=3)
    button = page.locator("[data-ask-about]")
    button.wait_for()
    button.click()
    text = page.input_value("#question textarea")
    assert text.startswith("关于“积极服务上海打响")
    assert text.endswith("”，报告怎么说？")
    page.keyboard.press("Enter")
    card = page.locator("#turns .ans:not(.busy)")
    card.wait_for()
    assert "no" not in card.get_attribute("class").split()
    assert page.locator("[data-ask-about]").count() == 0


def test_an_earlier_question_is_changed_and_the_rest_stays_kept(visit: Callable[..., Any]) -> None:
    page = visit()
    for question in (QUESTION, "红色经典步道有多长?", "五年里有多少户居民告别旧里?"):
        ask(page, question)
    page.locator("[data-edit]").nth(1).click()
    page.fill(".editing textarea", "“三会”制度是什么?")
    page.press(".editing textarea", "Enter")
    page.locator("#turns .me", has_text="三会").wait_for()
    page.locator("#turns .ans.busy").wait_for(state="detached")
    assert page.locator("#turns .turn").count() == 2
    assert "问答记录" in page.locator("#note").inner_text()
    page.click("[data-talks]")
    assert page.locator("#talk-list li").count() == 2
    page.locator("#talk-list small", has_text="3 问").wait_for()


def test_the_list_of_reports_fits_a_phone(visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit(**PHONE)
    with added(page, in_format("txt", tmp_path), tags="place=一个名字很长很长的地方"):
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        wide = page.evaluate(
            "[...document.querySelectorAll('#page-reports *')].filter(one => one.checkVisibility() &&"
            " !one.closest('.unseen') && one.getBoundingClientRect().right > 361)"
            ".map(one => one.outerHTML.slice(0, 90))"
        )
        assert not wide
        page.click("nav [data-page=ask]")
        assert page.locator("#limit").is_visible()


@needs_printer
def test_a_pdf_shows_its_page_with_the_sentence_marked(visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit()
    with added(page, in_format("pdf", tmp_path)):
        page.click("nav [data-page=ask]")
        ask(page, WANTED).locator(".quote a.cite").first.click()
        mark = page.locator("#paper .sheetpage i.h1").first
        mark.wait_for()
        image = page.locator("#paper .sheetpage img")
        page.wait_for_timeout(1000)  # the pane scrolls to the paragraph
        assert image.evaluate("async image => { await image.decode(); return image.naturalWidth }") == 1200
        inner, outer = mark.bounding_box(), image.bounding_box()
        assert outer["y"] < inner["y"] < inner["y"] + inner["height"] < outer["y"] + outer["height"]
        assert outer["x"] < inner["x"] < inner["x"] + inner["width"] < outer["x"] + outer["width"]
        page.click("#paper [data-shut-page]")
        assert page.locator("#paper .sheetpage").count() == 0
        page.click("#paper [data-show-page]")
        page.locator("#paper .sheetpage img").wait_for()
