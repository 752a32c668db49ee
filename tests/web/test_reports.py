"""The list of reports, what becomes of an uploaded file, and taking a report out."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from knocking import EDITOR, READER

from index import IndexConfig, Report
from web.progress import Step, follow, progress_bar
from web.received import receive
from web.reports import Shelf, outcome
from web.shelf import table, tags_from


def test_a_row_names_the_report_and_can_take_it_out(bridges: Report) -> None:
    html = table([bridges])
    assert 'data-open="bridges" lang="zh-CN">桥 &amp; &quot;路&quot;</a>' in html
    assert "<td>2024-03-01</td><td>2<" in html
    assert (
        '<small class="file">b.txt</small>' in html
    )  # the name only: where it lies on this machine is nobody's business
    assert 'data-remove="bridges"' in html


def test_an_empty_shelf_says_so() -> None:
    assert "书架还是空的" in table([])


def test_a_file_that_failed_is_told_with_the_reason_as_text() -> None:
    html = outcome("<x>.txt", "failed", 0, "It is <empty>.")
    assert 'class="news bad"' in html
    assert "<b>&lt;x&gt;.txt</b>" in html
    assert "没有添加：It is &lt;empty&gt;." in html


def test_a_file_that_was_added_is_told_with_its_paragraphs() -> None:
    assert "已添加，26 段。" in outcome("a.txt", "added", 26, "")


def test_a_report_is_taken_out_by_its_button(bridges: Report, shelf_of: Any) -> None:
    index = shelf_of([bridges])
    html = Shelf(index).remove(gr.EventData(None, {"report": "bridges"}), EDITOR)
    assert index.reports() == ()
    assert "已移除《桥 &amp; &quot;路&quot;》。" in html


def test_tags_are_read_as_a_reader_writes_them() -> None:
    assert tags_from("year=2022，place = 江桥; year=2023") == (("place", "江桥"), ("year", "2023"))
    assert tags_from(" ") == ()


def test_the_tags_of_a_report_are_set_and_shown_in_words(bridges: Report, shelf_of: Any) -> None:
    index = shelf_of([bridges])
    told = Shelf(index).tag(gr.EventData(None, {"report": "bridges", "tags": "year=2022, place=<江桥>"}), EDITOR)
    assert "标签已保存" in told
    assert "地点：&lt;江桥&gt;" in table(index.reports())
    assert 'value="place=&lt;江桥&gt;, year=2022"' in table(index.reports())
    assert "is no tag" in Shelf(index).tag(gr.EventData(None, {"report": "bridges", "tags": "江桥"}), EDITOR)


def test_a_report_of_several_versions_leads_to_what_changed(bridges: Report) -> None:
    assert "data-changes" not in table([bridges])
    assert 'data-open="bridges" data-version="2" data-changes="1"' in table([replace(bridges, version=2)])


@pytest.mark.parametrize("request_", [None, READER], ids=["nobody", "reader"])
def test_only_an_editor_adds_and_removes(request_: Any, bridges: Report, shelf_of: Any) -> None:
    index = shelf_of([bridges])
    assert "只有编辑者" in Shelf(index).remove(gr.EventData(None, {"report": "bridges"}), request_)
    (told,) = Shelf(index).add(["bridges.txt"], "", request_)
    assert "只有编辑者" in told
    assert "只有编辑者" in Shelf(index).tag(gr.EventData(None, {"report": "bridges", "tags": "a=b"}), request_)
    assert index.reports() == (bridges,)


def test_a_report_that_another_tab_took_out_is_told_so(shelf_of: Any) -> None:
    assert "已经不在书架上" in Shelf(shelf_of([])).remove(gr.EventData(None, {"report": "bridges"}), EDITOR)


def test_adding_that_fails_ends_in_one_escaped_line(shelf_of: Any, tmp_path: Path) -> None:
    index = shelf_of([])
    index.config = IndexConfig(tmp_path / "library")
    (tmp_path / "a.txt").write_text("x", "utf-8")
    assert list(Shelf(index).add([str(tmp_path / "a.txt")], "", EDITOR)) == [
        '<p class="news bad" role="status"><b>a.txt</b> Nothing &lt;could&gt; be added.</p>'
    ]


def test_a_sent_file_is_kept_under_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", "utf-8")
    place = receive(tmp_path / "library", tmp_path / "a.txt")
    assert place == tmp_path / "library" / "received" / "a.txt"
    assert place.read_text("utf-8") == "x"


def test_a_progress_bar_is_as_long_as_the_work_done() -> None:
    html = progress_bar(Step("embedding", 1, 4))
    assert "正在建立索引" in html
    assert "1 / 4" in html
    assert "--full:25%" in html
    assert "--full:0%" in progress_bar(Step("reading", 0, 0))


def test_work_that_breaks_is_told_without_its_traceback() -> None:
    def work(progress: Any) -> str:
        progress("reading", 0, 1)
        raise RuntimeError("secret")

    told = list(follow(work))
    assert re.search("出了点意外", told[-1])
    assert "secret" not in "".join(told)
