"""The page of a PDF beside its text: the image, and the marks at their places on it."""

from typing import Any

import pytest

from index import Index, Paragraph, Report, WenjuError
from index.records import Place
from web.pages import page_figure

SENT = {"report": "bridges", "version": 1, "paragraph": 1, "pieces": [{"mark": 7, "start": 0, "end": 8}]}


@pytest.fixture
def printed(shelf_of: Any, bridges: Report) -> Any:
    """A shelf whose report has two pages; the first sentence of paragraph 1 stands on page 2, in the upper half."""

    class Printed(shelf_of):  # type: ignore[misc]
        def page_image(self, report: str, page: int, version: int = 0) -> bytes | None:
            return b"PNG" if page in (1, 2) else None

        def boxes(self, paragraph: Paragraph, start: int, end: int, version: int = 0) -> tuple[Place, ...]:
            assert (paragraph.number, start, end, version) == (1, 0, 8, 1)
            return (Place(2, (0.1, 0.25, 0.6, 0.5)),)

    return Printed([bridges])


def test_a_quotation_is_marked_at_its_place_in_its_colour(printed: Index) -> None:
    html = page_figure(printed, SENT)
    assert 'data-page="2"' in html
    assert 'src="data:image/png;base64,UE5H"' in html
    # The seventh mark has the second colour again.
    assert '<i class="h2" style="left:10.00%;top:25.00%;width:50.00%;height:25.00%">' in html
    assert "原件第 2 页" in html


def test_a_page_is_shown_without_marks_where_only_it_is_named(printed: Index) -> None:
    html = page_figure(printed, {"report": "bridges", "page": "1"})
    assert 'data-page="1"' in html
    assert "<i " not in html


NOWHERE = ({}, {"report": "bridges"}, {"report": "bridges", "page": 9}, {**SENT, "paragraph": 99})


@pytest.mark.parametrize("sent", NOWHERE)
def test_where_there_is_no_page_nothing_is_shown(sent: dict[str, object], printed: Index) -> None:
    assert not page_figure(printed, sent)


def test_a_page_that_cannot_be_drawn_leaves_the_text_alone(printed: Any) -> None:
    def broken(*_: object) -> bytes:
        raise WenjuError("too much")

    printed.page_image = broken
    assert not page_figure(printed, SENT)
