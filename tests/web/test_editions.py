"""A report in one of its versions, and what a version changed, over a library on disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Index, IndexConfig, WenjuError
from web.editions import changes_paper, editions_of, first_paper, number_of
from web.paper import paper

FIRST = "桥梁年报\n\n全年建桥12座，按期完工。\n\n投资3亿元。\n"
SECOND = FIRST.replace("12座", "15座")


@pytest.fixture
def twice(tmp_path: Path) -> Iterator[Index]:
    """A library with a report that was added, changed, and added again."""
    path = tmp_path / "bridges.txt"
    with Index.open(IndexConfig(tmp_path / "library")) as index:
        for text in (FIRST, SECOND):
            path.write_text(text, "utf-8")
            index.add([path])
        yield index


def test_a_version_marks_what_went_and_what_came(twice: Index) -> None:
    html = changes_paper(twice, "bridges", 2)
    assert "建桥1<del>2</del><ins>5</ins>座" in html
    assert html.count('class="p ') == 1
    assert "有 1 段不同。" in html


def test_an_earlier_version_says_so_and_offers_the_others(twice: Index) -> None:
    editions = editions_of(twice, "bridges")
    html = paper(twice.report("bridges", 1), editions)
    assert "这是早先的版本" in html
    assert "data-current" not in html
    assert 'data-edition="bridges" data-version="2"' in html
    assert "建桥12座" in html


def test_the_current_version_is_shown_first_and_is_told_as_such(twice: Index) -> None:
    html = first_paper(twice)
    assert 'data-version="2" data-current' in html
    assert "建桥15座" in html
    assert "这是早先的版本" not in html


def test_a_version_that_is_not_there_is_refused(twice: Index) -> None:
    with pytest.raises(WenjuError, match="has no version"):
        changes_paper(twice, "bridges", 7)


@pytest.mark.parametrize(("told", "number"), [("2", 2), ("", 0), (None, 0), ("-1", 0), ("all", 0), (3, 3)])
def test_a_version_is_read_from_what_a_page_names(told: object, number: int) -> None:
    assert number_of(told) == number
