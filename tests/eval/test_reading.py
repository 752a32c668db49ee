"""What the measure of reading promises: shares as a person would count, and that formats give back what was put in."""

from dataclasses import replace
from pathlib import Path

import pytest

from eval.__main__ import main
from eval.carry import (
    Made,
    Part,
    PartKind,
    browser,
    office,
    to_docx,
    to_html,
    to_markdown,
    to_pdf,
    to_pdf_by_office,
    to_text,
)
from eval.reading import Read, compare_reading, expected, make_reports, measure_reading, reading_lines
from eval.typeset import broken, typeset
from index import Index

TABLE = (("区", "户数"), ("黄浦", "38"), ("静安", "40"))
MADE = Made(
    "one",
    "年度报告",
    ("2022-03-04",),
    (
        Part(PartKind.TEXT, "开头的一段话说明来由,并且以句号结束。"),
        Part(PartKind.HEADING, "一、总体", 2),
        Part(PartKind.HEADING, "(一)户数", 3),
        Part(PartKind.TABLE, "", rows=TABLE),
        Part(PartKind.ITEM, "第一件事是修路。"),
        Part(PartKind.CAPTION, "图1 街景"),
    ),
)
PLACE = ("一、总体", "(一)户数")
ROWS = [(PLACE, "区\uff1a黄浦\uff0c户数\uff1a38。"), (PLACE, "区\uff1a静安\uff0c户数\uff1a40。")]
OTHERS = [((), "开头的一段话说明来由,并且以句号结束。"), (PLACE, "第一件事是修路。"), (PLACE, "图1 街景")]


def test_what_was_put_in_is_listed_below_its_headings_and_rows_as_sentences() -> None:
    assert expected(MADE) == [OTHERS[0], *ROWS, *OTHERS[1:]]
    assert expected(MADE, tables=False) == OTHERS


@pytest.mark.parametrize(("ending", "write"), [("md", to_markdown), ("html", to_html), ("docx", to_docx)])
def test_a_made_report_comes_back_whole(tmp_path: Path, ending: str, write: object) -> None:
    path = tmp_path / f"a.{ending}"
    path.write_bytes(write(MADE))
    report = Index.read(path)
    assert [(one.section, one.text) for one in report.paragraphs[1:]] == expected(MADE)
    assert (report.title, report.date) == ("年度报告", "2022-03-04")


def test_plain_text_comes_back_whole_but_for_tables(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(to_text(MADE))
    assert compare_reading(MADE, Index.read(tmp_path / "a.txt"), tables=False) == (3, 3, 3)


@pytest.mark.skipif(not browser(), reason="no Chromium is installed to print a PDF")
def test_a_printed_report_comes_back_whole_with_its_table(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(to_pdf(MADE, tmp_path))
    assert compare_reading(MADE, Index.read(tmp_path / "a.pdf"), tables=True) == (5, 5, 5)


@pytest.mark.skipif(not office(), reason="no LibreOffice is installed to make a PDF")
def test_a_word_processor_s_pdf_comes_back_whole_with_its_table_and_its_list(tmp_path: Path) -> None:
    quoted = Part(PartKind.ITEM, "第二件事叫“一核 2 点”,共38件。")
    made = replace(MADE, parts=(*MADE.parts, quoted))
    (tmp_path / "a.pdf").write_bytes(to_pdf_by_office(made, tmp_path))
    assert compare_reading(made, Index.read(tmp_path / "a.pdf"), tables=True) == (6, 6, 6)


def test_a_typeset_report_comes_back_whole_over_its_pages(tmp_path: Path) -> None:
    (made,) = make_reports(1)
    (tmp_path / "a.pdf").write_bytes(typeset(made))
    report = Index.read(tmp_path / "a.pdf")
    parts, same, placed = compare_reading(made, report, tables=True)
    assert parts == same == placed > 15
    assert {one.page for one in report.paragraphs[1:]} == {1, 2, 3}


def test_no_line_of_a_typeset_page_begins_with_a_closing_mark_or_cuts_a_number() -> None:
    lines = broken("山" * 34 + "。" + "水" * 33 + "1234" + "火" * 34 + "”,")
    assert lines == ["山" * 33, "山。" + "水" * 33, "1234" + "火" * 33, "火”,"]


def test_a_lost_a_changed_and_a_misplaced_paragraph_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(to_markdown(MADE))
    report = Index.read(tmp_path / "a.md")
    about, first, row, second, item, caption = report.paragraphs
    spoilt = (about, replace(first, text="别的。"), replace(row, section=()), second, item)
    assert caption.text == "图1 街景"
    # Of five: the first changed, the second moved, the last lost.
    assert compare_reading(MADE, replace(report, paragraphs=spoilt), tables=True) == (5, 3, 2)
    extra = replace(report, paragraphs=(*report.paragraphs, replace(item, text="多出来的。")))
    assert compare_reading(MADE, extra, tables=True) == (6, 5, 5)


def test_the_made_reports_are_the_same_each_time() -> None:
    assert make_reports(4) == make_reports(4)
    assert len({one.title + str(one.parts) for one in make_reports(8)}) == 8


def test_the_table_tells_shares_and_paragraphs_a_second() -> None:
    lines = reading_lines([Read("md", 2, 100, 99, 98, 0.5), Read("txt", 2, 100, 100, 100, 0.25)])
    assert lines[1].split() == ["md", "2", "100", "0.9900", "0.9800", "200"]
    assert lines[-1].split() == ["all", "4", "200", "0.9950", "0.9900"]


@pytest.mark.long
def test_every_format_gives_back_at_least_98_of_100(capsys: pytest.CaptureFixture[str]) -> None:
    found = measure_reading()
    assert sum(one.documents for one in found) >= 30
    for one in found:
        assert min(one.same, one.placed) >= 0.98 * one.parts, one


def test_the_command_fails_where_more_is_asked_for_than_comes_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eval.reading.measure_reading", lambda count: (Read("md", 1, 100, 97, 97, 1.0),))
    assert main(["reading", "--count", "1"]) == 1
    assert "Below 0.98: md." in capsys.readouterr().err
    assert main(["reading", "--at-least", "0.9"]) == 0
    assert main(["reading", "--count", "0"]) == 2
