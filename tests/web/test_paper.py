"""What a whole report looks like as HTML."""

from dataclasses import replace

from index import Report
from web.paper import body_count, empty_paper, paper


def test_paragraphs_stand_in_order_with_their_numbers(bridges: Report) -> None:
    html = paper(bridges)
    places = [html.index(f'data-number="{number}"') for number in (1, 2, 3)]
    assert places == sorted(places)


def test_a_paragraphs_text_is_one_text_node_so_that_offsets_hold(bridges: Report) -> None:
    assert '<span class="t">全年建桥12座。投资3亿元。</span>' in paper(bridges)
    assert '<span class="t">修路&lt;b&gt;5&lt;/b&gt;公里。</span>' in paper(bridges)


def test_a_heading_opens_once_before_its_first_paragraph(bridges: Report) -> None:
    html = paper(bridges)
    assert html.count('<h2 data-before="2">二、道路</h2>') == 1
    assert html.index("二、道路</h2>") < html.index('data-number="2"')


def test_a_deeper_heading_is_a_smaller_one(bridges: Report) -> None:
    first = replace(bridges.paragraphs[1], section=("一、桥梁", "(一)跨江"))
    second = replace(bridges.paragraphs[2], section=("一、桥梁", "(二)跨路"))
    html = paper(replace(bridges, paragraphs=(first, second)))
    assert html.count("<h2 ") == 1
    assert '<h3 data-before="1">(一)跨江</h3>' in html
    assert '<h3 data-before="2">(二)跨路</h3>' in html


def test_the_contents_lead_to_every_heading(bridges: Report) -> None:
    html = paper(bridges)
    assert '<li class="l2"><a href="#cite" data-goto="1">一、桥梁</a></li>' in html
    assert '<li class="l2"><a href="#cite" data-goto="2">二、道路</a></li>' in html


def test_a_report_without_headings_has_no_contents(bridges: Report) -> None:
    bare = tuple(replace(paragraph, section=()) for paragraph in bridges.paragraphs)
    assert "<details" not in paper(replace(bridges, paragraphs=bare))


def test_the_head_shows_where_when_and_who(bridges: Report) -> None:
    html = paper(bridges)
    assert '<div class="crumb">首页 › 报告</div><h1>桥 &amp; &quot;路&quot;</h1>' in html
    assert "<span>2024-03-01 · 路桥处</span>" in html


def test_captions_and_the_facts_are_not_counted_as_paragraphs(bridges: Report) -> None:
    assert body_count(bridges) == 2


def test_an_empty_library_says_what_to_do() -> None:
    assert "添加一份报告" in empty_paper()


def test_a_report_with_pages_says_where_each_begins(bridges: Report) -> None:
    one, two = (replace(paragraph, page=page) for paragraph, page in zip(bridges.paragraphs[1:3], (1, 2), strict=True))
    html = paper(replace(bridges, paragraphs=(one, two)))
    assert html.count("data-show-page") == 2
    assert html.index('data-show-page="2"') < html.index('data-number="2"')
    assert 'data-number="2" data-page="2"' in html
    assert "data-show-page" not in paper(bridges)
