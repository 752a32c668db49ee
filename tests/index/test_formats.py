"""What reading promises: one report gives the same paragraphs under the same headings from every format."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from eval.carry import Made, Part, PartKind, browser, office, to_docx, to_html, to_markdown, to_pdf, to_pdf_by_office
from eval.typeset import typeset
from index.archive import Found
from index.compose import report_of
from index.read import read_document
from index.records import Kind, Report

needs_browser = pytest.mark.skipif(not browser(), reason="no Chromium is installed to print a PDF")


def shipped_parts(text: str) -> Made:
    """The shipped report as parts; what is plain in the text is plain here: only headings are marked."""
    crumb, title, date, *rest = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    parts = []
    for line in rest:
        level = 2 if re.match("[一二三四]、", line) else 3 if re.match(r"\([一二三]\)", line) else 0
        parts.append(Part(PartKind.HEADING if level else PartKind.TEXT, line, level))
    return Made("shipped", title, (crumb, date), tuple(parts))


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, bytes], Report]:
    folder = tmp_path_factory.mktemp("carried")

    def report(name: str, data: bytes, encoding: str = "") -> Report:
        (folder / name).write_bytes(data)
        return report_of(read_document(Found(folder / name), encoding), "r", "")

    return report


@pytest.fixture(scope="module")
def original(shipped_report: Path, read: Callable[..., Report]) -> Report:
    return read("a.txt", shipped_report.read_bytes())


def facts(report: Report) -> tuple[object, ...]:
    return report.title, report.date, report.breadcrumb, report.authors, report.office


def same(found: Report, original: Report) -> None:
    assert facts(found) == facts(original)
    assert [(p.section, p.kind, p.text, p.sentences) for p in found.paragraphs] == [
        (p.section, p.kind, p.text, p.sentences) for p in original.paragraphs
    ]


def test_the_shipped_report_is_what_a_reader_would_count(original: Report) -> None:
    assert facts(original) == (
        "建设国际化大都市中心城区核心引领区的黄浦",
        "2022-06-20",
        ("首页", "发展报告"),
        ("赵兵", "马亦男", "俞凡"),
        "中共黄浦区委党史研究室",
    )
    kinds = [one.kind for one in original.paragraphs]
    assert (kinds.count(Kind.BODY), kinds.count(Kind.CAPTION)) == (26, 2)
    sections = {one.section for one in original.paragraphs if one.section}
    assert (len({s[0] for s in sections}), len({s for s in sections if len(s) == 2})) == (4, 11)


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_encoding_gives_the_very_same_report(
    read: Callable[..., Report], shipped_report: Path, original: Report, encoding: str
) -> None:
    assert read("a.txt", shipped_report.read_text("utf-8").encode(encoding)) == original


def test_big5_gives_the_same_report_as_utf_8(read: Callable[..., Report], shipped_report: Path) -> None:
    from opencc import OpenCC

    text = OpenCC("s2t").convert(shipped_report.read_text("utf-8"))
    text = text.encode("big5hkscs", "ignore").decode("big5hkscs")
    assert read("a.txt", text.encode("big5hkscs")) == read("a.txt", text.encode())


def test_markdown_gives_the_same_report(read: Callable[..., Report], shipped_report: Path, original: Report) -> None:
    made = shipped_parts(shipped_report.read_text("utf-8"))
    same(read("a.md", to_markdown(made)), original)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_html_gives_the_same_report_without_its_menu_and_footer(
    read: Callable[..., Report], shipped_report: Path, original: Report, encoding: str
) -> None:
    page = to_html(shipped_parts(shipped_report.read_text("utf-8"))).decode()
    same(read("a.html", page.replace("charset='utf-8'", f"charset='{encoding}'").encode(encoding)), original)


def test_a_page_that_states_a_wrong_encoding_is_read_all_the_same(
    read: Callable[..., Report], shipped_report: Path, original: Report
) -> None:
    page = to_html(shipped_parts(shipped_report.read_text("utf-8"))).decode()
    same(read("a.html", page.encode("gb18030")), original)


def test_docx_gives_the_same_report(read: Callable[..., Report], shipped_report: Path, original: Report) -> None:
    same(read("a.docx", to_docx(shipped_parts(shipped_report.read_text("utf-8")))), original)


def without_blanks_beside_chinese(text: str) -> str:
    return re.sub(r"(?<=[^\x00-\xff]) | (?=[^\x00-\xff])", "", text)


@needs_browser
@pytest.mark.parametrize("sizes", [True, False], ids=["headings in larger type", "headings in the size of the text"])
def test_pdf_gives_the_same_report_with_the_pages(
    read: Callable[..., Report], shipped_report: Path, original: Report, tmp_path: Path, sizes: bool
) -> None:
    made = shipped_parts(shipped_report.read_text("utf-8"))
    if not sizes:
        plain = tuple(Part(PartKind.TEXT, part.text) for part in made.parts)
        made = Made(made.name, made.title, made.front, plain)
    same_on_pages(read("a.pdf", to_pdf(made, tmp_path)), original, last_page=4)


@pytest.mark.skipif(not office(), reason="no LibreOffice is installed to make a PDF")
def test_a_word_processor_s_pdf_gives_the_same_report_with_the_pages(
    read: Callable[..., Report], shipped_report: Path, original: Report, tmp_path: Path
) -> None:
    made = shipped_parts(shipped_report.read_text("utf-8"))
    same_on_pages(read("a.pdf", to_pdf_by_office(made, tmp_path)), original, last_page=4)


def test_a_typeset_pdf_gives_the_same_report_with_the_pages(
    read: Callable[..., Report], shipped_report: Path, original: Report
) -> None:
    made = shipped_parts(shipped_report.read_text("utf-8"))
    same_on_pages(read("a.pdf", typeset(made)), original, last_page=4)


def same_on_pages(found: Report, original: Report, last_page: int) -> None:
    assert facts(found) == facts(original)
    # Where a line ends between a Chinese and a Latin character, the page does not show whether a blank stood there.
    assert [(p.section, p.kind, without_blanks_beside_chinese(p.text)) for p in found.paragraphs] == [
        (p.section, p.kind, without_blanks_beside_chinese(p.text)) for p in original.paragraphs
    ]
    pages = [one.page for one in found.paragraphs[1:]]
    assert pages == sorted(pages)
    assert (pages[0], found.paragraphs[0].page) == (1, 0)
    assert pages[-1] >= last_page
    boxes = [one.box for one in found.paragraphs[1:]]
    assert all(0 <= left < right <= 1 and 0 <= top < bottom <= 1 for left, top, right, bottom in boxes)
