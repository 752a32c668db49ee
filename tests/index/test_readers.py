"""What each reader promises beyond plain paragraphs: counted numbers, notes, tables, running heads, encodings."""

import random
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from eval.carry import browser
from index.archive import Found
from index.compose import report_of
from index.counting import Counters, NumberLevel, chinese, shown
from index.decode import decode
from index.document import Line, Piece, PieceKind, ReadError, Span
from index.layout import lay_out
from index.numbering import level_of
from index.read import read_document
from index.read_docx import read_docx
from index.read_html import read_html

LONG = "这一段是正文,它把上面的标题说清楚,所以它比任何标题都长,并且以句号结束。"


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("第一编 总论", 0),
        ("第一章 总则", 1),
        ("第２章 任务", 1),
        ("第一节 近期", 2),
        ("第一条 目的", 3),
        ("一、总体", 4),
        ("一.总体", 4),
        ("(一)收入", 5),
        ("（一）收入", 5),
        ("【一】收入", None),
        ("1. 修路", 6),
        ("1、修路", 6),
        ("１．修路", 6),
        ("(1)修路", 7),
        ("（１）修路", 7),
        ("1）修路", 7),
        ("1.5公里岸线", None),
        ("一个地方", None),
        ("第一条 本条例自公布之日起施行。", None),
    ],
)
def test_every_way_of_numbering_has_its_depth(line: str, level: int | None) -> None:
    assert level_of(line) == level


@pytest.mark.parametrize(
    ("count", "written"),
    [(0, "零"), (1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (35, "三十五"), (105, "一零五")],
)
def test_numbers_are_written_as_chinese_reports_do(count: int, written: str) -> None:
    assert chinese(count) == written


@pytest.mark.parametrize(
    ("form", "written"),
    [
        ("decimal", "4"),
        ("upperRoman", "IV"),
        ("lowerLetter", "d"),
        ("decimalEnclosedCircle", "④"),
        ("chineseCounting", "四"),
    ],
)
def test_a_list_is_counted_in_its_form(form: str, written: str) -> None:
    assert shown(form, 4) == written


def test_lists_count_on_start_again_below_and_have_a_gap_only_behind_words_and_points() -> None:
    levels = {
        0: NumberLevel("chineseCounting", "第%1章"),
        1: NumberLevel("decimal", "%1.%2"),
        2: NumberLevel("bullet", ""),
        3: NumberLevel("chineseCounting", "（%4）"),
    }
    counters = Counters({"1": levels})
    marks = [counters.next(("1", depth))[0] for depth in (0, 1, 1, 0, 1, 3)]
    assert marks == ["第一章 ", "一.1 ", "一.2 ", "第二章 ", "二.1 ", "（一）"]
    assert counters.next(("1", 2)) == ("", True)
    assert counters.next(("9", 0)) == ("", False)


def word(build: Callable[[Any], None]) -> list[Piece]:
    from docx import Document

    document = Document()
    build(document)
    written = BytesIO()
    document.save(written)
    return read_docx("a.docx", written.getvalue())


def test_cells_that_reach_over_rows_and_columns_are_given_in_each() -> None:
    def build(document: Any) -> None:
        table = document.add_table(3, 3)
        for row, cells in zip(table.rows, (("区", "户数", ""), ("黄浦", "1", "2"), ("", "3", "4")), strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
        table.cell(0, 1).merge(table.cell(0, 2))
        table.cell(1, 0).merge(table.cell(2, 0))

    assert [(one.kind, one.cells) for one in word(build)] == [
        (PieceKind.COLUMNS, ("区", "户数", "户数")),
        (PieceKind.ROW, ("黄浦", "1", "2")),
        (PieceKind.ROW, ("黄浦", "3", "4")),
    ]


def test_a_table_of_one_cell_is_its_paragraphs() -> None:
    assert [(one.kind, one.text) for one in word(lambda d: setattr(d.add_table(1, 1).cell(0, 0), "text", LONG))] == [
        (PieceKind.TEXT, LONG)
    ]


def with_footnotes(*notes: str) -> bytes:
    """A document whose paragraph n refers to note n: python-docx makes no footnotes, so their part is written here."""
    from docx import Document
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml import OxmlElement
    from docx.oxml.ns import nsdecls, qn

    document = Document()
    for number in range(1, len(notes) + 1):
        run = document.add_paragraph(f"第{number}段说山").add_run()
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), str(number))
        run._r.append(reference)
        document.paragraphs[-1].add_run("高。")
    kept = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>'
        for number, text in enumerate(notes, start=1)
    )
    line = '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    xml = f"<w:footnotes {nsdecls('w')}>{line}{kept}</w:footnotes>".encode()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, xml, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def test_a_footnote_of_a_word_document_follows_its_paragraph() -> None:
    pieces = read_docx("a.docx", with_footnotes("出自《年鉴》。", "同上, 第 8 页。"))
    assert [(one.kind, one.text) for one in pieces] == [
        (PieceKind.TEXT, "第1段说山高。"),
        (PieceKind.NOTE, "出自《年鉴》。"),
        (PieceKind.TEXT, "第2段说山高。"),
        (PieceKind.NOTE, "同上, 第 8 页。"),
    ]


def test_a_footnote_of_a_word_document_can_be_cited(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(with_footnotes("出自《年鉴》。"))
    report = report_of(read_document(Found(tmp_path / "a.docx")), "r", "")
    assert [one.text for one in report.paragraphs[1:]] == ["第1段说山高。", "出自《年鉴》。"]


def test_deleted_text_is_left_out_and_a_broken_line_keeps_its_break() -> None:
    from docx.oxml import OxmlElement

    def build(document: Any) -> None:
        paragraph = document.add_paragraph("山高")
        paragraph.add_run("旧文")
        gone = OxmlElement("w:del")
        run = paragraph.runs[1]._r
        run.addprevious(gone)
        gone.append(run)
        paragraph.add_run().add_break()
        paragraph.add_run("水长")

    assert [one.text for one in word(build)] == ["山高\n水长"]


def test_the_table_s_caption_goes_with_every_row(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# 年报\n\n表1 各区户数\n\n| 区 | 户 |\n|--|--|\n| 黄浦 | 38 |\n", "utf-8")
    report = report_of(read_document(Found(tmp_path / "a.md")), "r", "")
    assert [one.text for one in report.paragraphs[1:]] == ["表1 各区户数", "表1 各区户数：区：黄浦，户：38。"]


def test_what_belongs_to_the_site_is_left_out() -> None:
    links = "".join(f"<li><a href='/{n}'>栏目{n}</a></li>" for n in range(5))
    page = (
        f"<html><head><title>T</title><meta name='PubDate' content='2022-06-20 10:00'></head><body><ul>{links}</ul>"
        f"<div class='crumb'><a>首页</a> &gt; <a>公开</a></div><h1>规划</h1><p>字体：大 中 小</p><p>{LONG}</p>"
        "<p style='display:none'>看不见</p><script>x()</script><p>上一篇：别的</p></body></html>"
    )
    pieces, facts = read_html(page)
    assert [one.text for one in pieces] == ["首页 > 公开", "规划", LONG]
    assert (facts.title, facts.date) == ("T", "2022-06-20")


def test_a_reference_to_a_footnote_is_left_out_and_a_raised_figure_stays() -> None:
    pieces, _ = read_html("<p>共38户<sup><a href='#fn1'>1</a></sup>,面积9m<sup>2</sup>。</p>")
    assert [one.text for one in pieces] == ["共38户,面积9m2。"]


@pytest.mark.parametrize("encoding", ["gb18030", "big5hkscs"])
def test_few_characters_are_unsure_and_can_be_named(encoding: str) -> None:
    data = "玥珺".encode(encoding)
    with pytest.raises(ReadError, match=r"a\.txt (may be .*, which is unsure|is in no encoding).*--encoding"):
        decode("a.txt", data)
    assert decode("a.txt", data, encoding) == "玥珺"


def test_an_encoding_that_does_not_fit_or_exist_is_told() -> None:
    with pytest.raises(ReadError, match="is not whole big5 text"):
        decode("a.txt", "山高水长。".encode(), "big5")
    with pytest.raises(ReadError, match="There is no encoding 'klingon'"):
        decode("a.txt", b"x", "klingon")


def line(text: str, top: float, page: int = 1, size: float = 12.0, left: float = 60.0) -> Line:
    return Line((Span(text, left, left + size * len(text)),), top, top + size, size, False, page, 600, 800)


def test_running_heads_and_page_numbers_go_and_a_paragraph_goes_on_over_the_page() -> None:
    full = "山" * 40
    pages = [
        [line("年度报告", 30, page), line(full, 100, page), line(full, 118, page), line(f"第 {page} 页", 760, page)]
        for page in (1, 2, 3)
    ]
    last = line("水长。", 136, 3)
    pieces = lay_out([one for page in pages for one in page] + [last])
    assert [(one.text, one.page) for one in pieces] == [(full * 6 + "水长。", 1)]


def test_small_type_at_the_foot_of_a_page_is_a_footnote_after_its_paragraph() -> None:
    full = "山" * 40
    first = [line(full, 100), line(full, 118), line("①出自年鉴。", 700, size=9)]
    second = [line("水长。", 100, 2), line(full, 140, 2), line("水长。", 158, 2)]
    pieces = lay_out([*first, *second])
    assert [(one.kind, one.text) for one in pieces] == [
        (PieceKind.TEXT, full * 2 + "水长。"),
        (PieceKind.NOTE, "出自年鉴。"),
        (PieceKind.TEXT, full + "水长。"),
    ]


def test_a_bullet_is_no_word_of_its_item() -> None:
    pieces = lay_out([line("山" * 40, 100), line("• 水长。", 118), line("■火无情。", 136)])
    assert [(one.kind, one.text) for one in pieces] == [
        (PieceKind.TEXT, "山" * 40),
        (PieceKind.ITEM, "水长。"),
        (PieceKind.ITEM, "火无情。"),
    ]


def cells(top: float, page: int, *texts: str) -> Line:
    spans = tuple(Span(text, 60 + 150 * at, 60 + 150 * at + 12 * len(text)) for at, text in enumerate(texts))
    return Line(spans, top, top + 12, 12.0, False, page, 600, 800)


@pytest.mark.parametrize("on_first", [1, 2, 3])
def test_a_table_goes_on_over_the_page_wherever_it_is_cut(on_first: int) -> None:
    rows = [("区", "户数"), ("黄浦", "38"), ("静安", "20"), ("徐汇", "17")]
    text = [line("山" * 40, 640 - 18 * at) for at in (2, 1)]
    table = [
        cells(640 + 20 * at, 1, *row) if at < on_first else cells(80 + 20 * (at - on_first), 2, *row)
        for at, row in enumerate(rows)
    ]
    pieces = lay_out([*text, *table])[1:]
    assert [(one.kind, one.cells) for one in pieces] == [
        (PieceKind.COLUMNS, rows[0]),
        *((PieceKind.ROW, row) for row in rows[1:]),
    ]
    assert [one.page for one in pieces] == [1 if at < on_first else 2 for at in range(4)]


@pytest.mark.skipif(not browser(), reason="no Chromium is installed to print a PDF")
def test_a_printed_page_s_own_head_and_foot_are_left_out(tmp_path: Path) -> None:
    import subprocess

    chance = random.Random(1)
    texts = ["".join(chance.choices("山水火土木金日月星云风雨江河湖海", k=300)) + "。" for _ in range(20)]
    body = "".join(f"<p>{text}</p>" for text in texts)
    (tmp_path / "a.html").write_text(f"<meta charset=utf-8><body style='font-family:Noto Serif CJK SC'>{body}", "utf-8")
    command = [browser(), "--headless", "--no-sandbox", f"--user-data-dir={tmp_path}/profile"]
    command += [f"--print-to-pdf={tmp_path}/a.pdf", (tmp_path / "a.html").as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    report = report_of(read_document(Found(tmp_path / "a.pdf")), "r", "")
    assert [one.text for one in report.paragraphs[1:]] == texts
