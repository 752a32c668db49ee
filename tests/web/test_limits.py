"""What part of the library a question is put to: read from an address, said in words, offered as a choice."""

from dataclasses import replace

import pytest

from index import Report, Scope
from web.limits import EVERYTHING, Limit, limit_from, limit_of, limits


def test_a_limit_is_read_from_the_query_of_an_address_and_written_as_one() -> None:
    limit = limit_of("report=a-b&tag=place%3D%E6%B1%9F&version=2")
    assert limit == Limit("a-b", "", "place=江", "2")
    assert limit_of(limit.query) == limit
    assert limit.scope == Scope(("a-b",), (("place", "江"),), "2")


def test_a_year_is_a_tag() -> None:
    assert limit_of("year=2022").scope == Scope(tags=(("year", "2022"),))


@pytest.mark.parametrize("told", [None, 7, "", "&&", "x", "report", {"report": "a"}])
def test_what_cannot_be_read_limits_nothing(told: object) -> None:
    assert limit_of(told) == EVERYTHING


def test_what_a_browser_kept_is_read_again_also_from_before_there_were_limits() -> None:
    kept = {"report": "a", "title": "桥", "tag": "", "version": "1", "query": "x"}
    assert limit_from(kept) == Limit("a", "桥", "", "1")
    assert limit_from({}) == EVERYTHING


def test_a_limit_is_said_in_words() -> None:
    assert Limit("a", "桥", "year=2022", "all").named == ("《桥》、2022 年、所有版本", "“桥”, year 2022, Every version")


def test_one_report_leaves_little_to_choose_and_two_are_offered_with_their_tags(bridges: Report) -> None:
    other = replace(bridges, id="roads", title="路", tags=(("place", "江<桥>"), ("year", "2023")))
    assert 'class="choice limit single"' in limits([bridges], {})
    html = limits([bridges, other], {})
    assert "single" not in html
    assert 'value="report=roads"' in html
    assert 'data-zh="2023 年" data-en="year 2023"' in html
    assert "地点：江&lt;桥&gt;" in html
    assert "所有版本" not in html


def test_earlier_versions_are_offered_where_there_are_some(bridges: Report) -> None:
    html = limits([bridges], {"bridges": [1, 2]})
    assert 'value="version=all"' in html
    assert html.index("version=2") < html.index("version=1")
    assert "single" not in html
