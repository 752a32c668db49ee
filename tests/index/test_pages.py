"""What the library promises about pages: the original is kept, pages are drawn, sentences are marked."""

import sqlite3
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from eval.typeset import Placed, write_pdf
from index import Index, IndexConfig, Paragraph, WenjuError
from index.archive import Found
from index.aside import Aside
from index.document import Glyph
from index.marks import places_of
from index.read import read_document
from index.read_pdf import page_image
from index.records import Place, Sentence
from index.steps import Outcome
from index.store import DATABASE

LINE = "山高水长" * 10
# Two pages with a running head; the paragraph of four lines goes on from the first to the second.
HEAD = Placed("黄浦年报", 72, 30, 9)
PAGES = [
    [HEAD, Placed("第一章 山水", 72, 90, 18), *(Placed(LINE, 72, 130 + 18 * at, 11) for at in range(2))],
    [HEAD, Placed("山火无情" * 10, 72, 90, 11), Placed("水清。源远流长", 72, 108, 11), Placed("。", 149, 108, 11)],
]
TEXT = LINE * 2 + "山火无情" * 10 + "水清。源远流长。"
ROWS = {"山": (1.0, 0.0, 0.0), "水": (0.0, 1.0, 0.0), "火": (0.0, 0.0, 1.0)}


def picture(data: bytes | None) -> Any:
    from PIL import Image

    assert data is not None
    return Image.open(BytesIO(data)).convert("L")


def ink(drawn: Any, box: tuple[float, ...]) -> int:
    """How dark the darkest pixel of a part of the page is: 0 is black, 255 nothing at all."""
    across, down = drawn.size
    left, top, right, bottom = box
    part = drawn.crop((int(left * across), int(top * down), int(right * across) + 1, int(bottom * down) + 1))
    return int(part.getextrema()[0])


def draws_chinese() -> bool:
    """Whether this machine has a font for a PDF that carries none."""
    drawn = page_image("a", write_pdf([[Placed("山", 0, 0, 500)]]), 1, 100)
    return ink(picture(drawn), (0, 0, 1, 1)) < 100


needs_font = pytest.mark.skipif(not draws_chinese(), reason="no font with Chinese characters is installed")


@pytest.fixture
def index(tmp_path: Path, write_model: Callable) -> Iterator[Index]:
    config = IndexConfig(tmp_path / "library", str(write_model(tmp_path / "model", ROWS)))
    with Index.open(config) as opened:
        yield opened


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "plan.pdf"
    path.write_bytes(write_pdf(PAGES))
    return path


def body(index: Index) -> Paragraph:
    (found,) = [one for one in index.report("plan").paragraphs if one.kind == "body"]
    return found


@needs_font
def test_a_page_of_a_pdf_is_drawn_even_after_its_file_is_gone(index: Index, pdf: Path) -> None:
    index.add([pdf])
    pdf.unlink()
    first, second = (picture(index.page_image("plan", page)) for page in (1, 2))
    assert first.size == second.size == (1200, 1699)
    assert ink(first, (0.12, 0.1, 0.4, 0.13)) < 100  # the heading
    assert ink(first, (0.12, 0.5, 0.9, 0.9)) == 255
    assert index.check() == []


def test_what_has_no_page_or_no_original_gives_nothing(index: Index, pdf: Path, tmp_path: Path) -> None:
    (tmp_path / "plain.txt").write_text("山高水长。", "utf-8")
    index.add([pdf, tmp_path / "plain.txt"])
    assert [index.page_image("plan", page) for page in (0, -1, 3)] == [None] * 3
    assert index.page_image("plain", 1) is None
    plain = index.report("plain").paragraphs[1]
    assert index.boxes(plain, 0, 5) == ()
    with pytest.raises(WenjuError, match="There is no report 'none'"):
        index.page_image("none", 1)


@needs_font
def test_a_sentence_is_marked_on_each_line_that_it_stands_on(index: Index, pdf: Path) -> None:
    index.add([pdf])
    paragraph = body(index)
    assert paragraph.text == TEXT
    assert paragraph.sentences == (Sentence(0, 123), Sentence(123, 128))
    first = index.boxes(paragraph, 0, 123)
    assert [place.page for place in first] == [1, 1, 2, 2]
    # 40 characters of 11 points from 72 points on, on a page of 595 by 842.
    assert first[0].box == pytest.approx((0.121, 0.154, 0.861, 0.168), abs=0.003)
    (last,) = index.boxes(paragraph, 123, 128)
    assert last.page == 2
    assert last.box == pytest.approx((0.176, 0.128, 0.268, 0.142), abs=0.003)
    drawn = {page: picture(index.page_image("plan", page)) for page in (1, 2)}
    assert all(ink(drawn[place.page], place.box) < 100 for place in (*first, last))


@needs_font
def test_a_page_on_its_side_is_read_and_marked_as_it_is_shown(index: Index, tmp_path: Path) -> None:
    lines = [Placed("第一章 山水", 72, 60, 18), Placed("山高水长。源远流长。", 72, 100, 11)]
    (tmp_path / "plan.pdf").write_bytes(write_pdf([lines], lying=True))
    index.add([tmp_path / "plan.pdf"])
    paragraph = body(index)
    assert (paragraph.text, paragraph.section) == ("山高水长。源远流长。", ("第一章 山水",))
    drawn = picture(index.page_image("plan", 1))
    assert drawn.size == (1200, 848)
    (place,) = index.boxes(paragraph, 5, 10)
    assert place.box == pytest.approx((127 / 842, 100 / 595, 182 / 842, 112 / 595), abs=0.005)
    assert ink(drawn, place.box) < 100


def glyphs_of(text: str, page: int = 1, line: int = 0, top: float = 0.1) -> list[Glyph]:
    return [
        Glyph(sign, page, line, (0.1 + at / 100, top, 0.1 + (at + 1) / 100, top + 0.02)) for at, sign in enumerate(text)
    ]


def paragraph_of(text: str, box: tuple[float, ...] = (0.1, 0.1, 0.9, 0.12), page: int = 1) -> Paragraph:
    return Paragraph("r", 1, (), text, (), page=page, box=box)


def test_of_the_same_words_twice_on_a_page_those_of_the_paragraph_are_marked() -> None:
    glyphs = glyphs_of("山高水长。") + glyphs_of("山高水长。", line=1, top=0.5)
    lower = paragraph_of("山高水长。", (0.1, 0.5, 0.9, 0.52))
    assert places_of(lower, 0, 5, glyphs) == (Place(1, (0.1, 0.5, 0.15, 0.52)),)


def test_blanks_and_joined_words_do_not_hinder_marking() -> None:
    glyphs = glyphs_of("山 水Wen-") + glyphs_of("ju高长。", line=1, top=0.11)
    found = places_of(paragraph_of("山水 Wenju 高长。", (0.1, 0.1, 0.9, 0.13)), 3, 8, glyphs)
    assert found == (Place(1, (0.13, 0.1, 0.16, 0.12)), Place(1, (0.1, 0.11, 0.12, 0.13)))


def test_where_a_page_is_a_picture_the_whole_paragraph_is_marked() -> None:
    assert places_of(paragraph_of("山高水长。"), 0, 2, []) == (Place(1, (0.1, 0.1, 0.9, 0.12)),)
    assert places_of(paragraph_of("山高水长。", (), 0), 0, 2, []) == ()


def test_a_page_is_read_once_for_all_sentences_quoted_from_it(
    index: Index, pdf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.add([pdf])
    paragraph, read = body(index), []
    glyphs = Aside.glyphs
    monkeypatch.setattr(Aside, "glyphs", lambda *given: read.append(given[3]) or glyphs(*given))
    first = index.boxes(paragraph, 0, 123)
    assert index.boxes(paragraph, 123, 128) != first
    assert len(read) == 1
    index.remove("plan")
    pdf.write_bytes(write_pdf(PAGES[1:]))
    index.add([pdf])
    index.boxes(index.report("plan").paragraphs[-1], 0, 2)
    assert len(read) == 2


def test_every_version_keeps_its_own_original(index: Index, pdf: Path) -> None:
    index.add([pdf])
    pdf.write_bytes(write_pdf([[Placed("水火无情。", 72, 90, 40)]]))
    index.add([pdf])
    assert index.page_image("plan", 2) is None
    assert index.page_image("plan", 2, version=1) is not None
    index.remove("plan")
    held = sqlite3.connect(index.config.library / DATABASE).execute("SELECT COUNT(*) FROM originals").fetchone()
    assert held == (0,)


def test_a_library_without_originals_is_brought_up_to_date_and_gets_them_when_files_are_added_again(
    index: Index, pdf: Path
) -> None:
    index.add([pdf])
    before = index.reports()
    index.close()
    database = sqlite3.connect(index.config.library / DATABASE)
    database.execute("DROP TABLE originals")
    database.execute("UPDATE meta SET value = '2' WHERE key = 'schema'")
    database.commit()
    database.close()
    with Index.open(index.config) as opened:
        assert opened.reports() == before
        assert opened.page_image("plan", 1) is None
        assert opened.boxes(body(opened), 0, 5) == ()
        assert [one.outcome for one in opened.add([pdf])] == [Outcome.UNCHANGED]
        assert opened.page_image("plan", 1) is not None
        assert opened.check() == []


def test_an_original_that_was_damaged_is_found_by_its_checksum(index: Index, pdf: Path) -> None:
    index.add([pdf])
    database = sqlite3.connect(index.config.library / DATABASE)
    database.execute("UPDATE originals SET data = x'00'")
    database.commit()
    database.close()
    assert index.check() == [
        "the SQLite file is damaged: the checksum of the original file of report 'plan', version 1, does not fit"
    ]
    assert index.page_image("plan", 1) is None


def test_a_file_that_changes_while_it_is_read_is_not_added(
    index: Index, pdf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index import build

    def changing(self: object, found: Found, encoding: str, _: object) -> object:
        document = read_document(found, encoding)
        pdf.write_bytes(pdf.read_bytes() + b"\n")
        return document

    monkeypatch.setattr(build.Aside, "read", changing)
    (one,) = index.add([pdf])
    assert (one.outcome, one.message) == (Outcome.FAILED, "plan.pdf changed while it was read; add it again.")
    assert index.reports() == ()
