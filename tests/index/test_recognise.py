"""What reading promises about scans: they are told as such, or read where text recognition is installed."""

import importlib.util
import os
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from eval.reading import compare_reading, make_reports
from eval.typeset import Placed, typeset, write_pdf
from index import Index, IndexConfig
from index import read as reading
from index.archive import Found
from index.aside import Aside
from index.document import Line, ReadError, Span
from index.read import read_document
from index.recognise import evened, is_installed
from index.steps import Outcome

required = os.environ.get("WENJU_REQUIRE_OCR") == "1"
needs_recognition = pytest.mark.skipif(
    not is_installed() and not required,
    reason="the extra ocr is not installed: pip install -c constraints.txt -e .[ocr]",
)
LINE = "旧区改造受益居民超过三百八十户,同比增长百分之五,完成率达到百分之九十,"
PAGE = [
    Placed("黄浦区旧区改造工作年度报告", 72, 60, 20),
    Placed("2022-03-04", 72, 100, 12),
    Placed("一、总体情况", 72, 140, 16),
    Placed(LINE, 72, 180, 12),
    Placed("余下的明年完成。", 72, 198, 12),
    *(Placed(text, left, 240, 12) for text, left in (("区", 72), ("户数", 172), ("完成率", 272))),
    *(Placed(text, left, 264, 12) for text, left in (("黄浦", 72), ("380", 172), ("53%", 272))),
    *(Placed(text, left, 288, 12) for text, left in (("静安", 72), ("205", 172), ("74%", 272))),
]
ROWS = {"户": (1.0, 0.0), "区": (0.0, 1.0)}


def scanned(data: bytes, *more: bytes) -> bytes:
    """The pages of PDFs as pictures in a PDF, as a scanner at 150 dots an inch makes them."""
    import pypdfium2

    documents = [pypdfium2.PdfDocument(one) for one in (data, *more)]
    first, *others = [page.render(scale=150 / 72).to_pil().convert("L") for one in documents for page in one]
    written = BytesIO()
    first.save(written, "PDF", save_all=True, append_images=others, resolution=150, quality=80)
    return written.getvalue()


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "scan.pdf"
    path.write_bytes(scanned(write_pdf([PAGE])))
    return path


@pytest.fixture
def without_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "is_installed", lambda: False)


@pytest.mark.usefixtures("without_recognition")
def test_a_scan_is_told_as_such_with_the_way_to_read_it(scan: Path) -> None:
    with pytest.raises(ReadError) as told:
        read_document(Found(scan))
    assert str(told.value) == (
        "scan.pdf is scanned: its 1 pages are pictures without text; "
        'install text recognition (pip install -c constraints.txt -e ".[ocr]") and add it again.'
    )


@pytest.mark.usefixtures("without_recognition")
def test_a_page_of_a_report_that_is_a_picture_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    import pypdfium2

    mixed = pypdfium2.PdfDocument(write_pdf([[Placed("第一页是文字,所以照常读。", 72, 90, 12)]]))
    mixed.import_pages(pypdfium2.PdfDocument(scanned(write_pdf([PAGE]))))
    mixed.save(str(tmp_path / "mixed.pdf"))
    document = read_document(Found(tmp_path / "mixed.pdf"))
    assert [(piece.text, piece.page) for piece in document.pieces] == [("第一页是文字,所以照常读。", 1)]
    assert document.remark.startswith("mixed.pdf: page 2 holds a picture and no text, which was not read; install")


def test_recognition_is_missing_where_either_of_its_packages_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for missing in ("rapidocr", "onnxruntime"):
        monkeypatch.setattr(
            "index.recognise.find_spec", lambda name, gone=missing: None if name == gone else importlib.util
        )
        assert not is_installed()


def plain(text: str) -> str:
    """A text as it can be recognised: how wide a mark is, and whether there is a blank, a picture hardly shows."""
    return text.replace("\uff0c", ",").replace("\uff1a", ":").replace(" ", "")


@pytest.fixture
def index(tmp_path: Path, write_model: Callable) -> Iterator[Index]:
    config = IndexConfig(tmp_path / "library", str(write_model(tmp_path / "model", ROWS)))
    with Index.open(config) as opened:
        yield opened


@pytest.mark.long
@needs_recognition
def test_a_scan_is_read_with_headings_tables_pages_and_places(index: Index, scan: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    (added,) = index.add([scan], lambda *step: steps.append(step))
    assert added.outcome is Outcome.ADDED
    assert added.message.startswith("scan.pdf: page 1 is a picture whose text was recognised; single characters may")
    assert ("recognising", 0, 1) in steps
    report = index.report("scan")
    assert (report.title, report.date) == ("黄浦区旧区改造工作年度报告", "2022-03-04")
    body = report.paragraphs[1:]
    assert [(one.section, plain(one.text), one.page) for one in body] == [
        (("一、总体情况",), plain(f"{LINE}余下的明年完成。"), 1),
        (("一、总体情况",), "区:黄浦,户数:380,完成率:53%。", 1),
        (("一、总体情况",), "区:静安,户数:205,完成率:74%。", 1),
    ]
    # In points: 36 characters of 12 from 72, and two lines from 180 to 210.
    assert body[0].box == pytest.approx((72 / 595, 180 / 842, 504 / 595, 210 / 842), abs=0.015)
    assert index.page_image("scan", 1) is not None
    assert [place.box for place in index.boxes(body[0], 0, 5)] == [body[0].box]


@pytest.mark.long
@needs_recognition
def test_each_page_of_a_scan_is_told_of_as_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "long.pdf").write_bytes(scanned(*[write_pdf([PAGE[:3]])] * 3))
    told: list[int] = []
    with Aside() as aside:
        document = aside.read(Found(tmp_path / "long.pdf"), "", lambda _, done, __: told.append(done))
    assert told == [0, 1, 2]
    assert {piece.page for piece in document.pieces} == {1, 2, 3}


@pytest.mark.long
@needs_recognition
def test_of_a_whole_scanned_report_nine_paragraphs_in_ten_come_out_the_same(tmp_path: Path) -> None:
    (made,) = make_reports(1)
    path = tmp_path / f"{made.name}.pdf"
    path.write_bytes(scanned(typeset(made)))
    report = Index.read(path)
    parts, texts, placed = compare_reading(made, report, tables=True, plain=plain)
    assert placed >= 0.9 * parts
    assert texts >= placed


def line(size: float, text: str) -> Line:
    return Line((Span(text, 0, 9),), 0, 9, size, False, 1, 600, 800)


def test_sizes_that_were_measured_roughly_are_made_one() -> None:
    rough = [
        line(12.3, "文" * 30),
        line(11.8, "文" * 50),
        line(12.9, "文" * 9),
        line(16.2, "题"),
        line(15.7, "题"),
        line(20, "名"),
    ]
    assert [one.size for one in evened(rough)] == [11.8, 11.8, 11.8, 16.2, 16.2, 20]
    assert evened([]) == []
