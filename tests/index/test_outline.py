"""What outline promises: a report's facts, headings, paragraphs and captions, as a reader would name them."""

from pathlib import Path

import pytest

from index.document import Facts
from index.outline import Block, BlockKind, Outline, outline
from index.read_markdown import read_markdown
from index.read_text import read_text

LONG = "这一段是正文,它把上面的标题说清楚,所以它比任何标题都长,并且以句号结束。"


def plain(text: str) -> Outline:
    return outline(list(read_text(text)), Facts(), "文件名")


def marked(text: str) -> Outline:
    return outline(list(read_markdown(text)), Facts(), "文件名")


def heading(level: int, text: str) -> Block:
    return Block(BlockKind.HEADING, text, level)


def body(text: str) -> Block:
    return Block(BlockKind.BODY, text)


def caption(text: str) -> Block:
    return Block(BlockKind.CAPTION, text)


@pytest.fixture(scope="module")
def shipped(shipped_report: Path) -> Outline:
    return plain(shipped_report.read_text("utf-8"))


def test_the_shipped_report_states_its_facts(shipped: Outline) -> None:
    assert shipped.facts.title == "建设国际化大都市中心城区核心引领区的黄浦"
    assert shipped.facts.date == "2022-06-20"
    assert shipped.facts.breadcrumb == ("首页", "发展报告")
    assert shipped.facts.authors == ("赵兵", "马亦男", "俞凡")
    assert shipped.facts.office == "中共黄浦区委党史研究室"


def test_the_shipped_report_has_four_chapters(shipped: Outline) -> None:
    chapters = [block.text for block in shipped.blocks if block.kind is BlockKind.HEADING and block.level == 4]
    assert chapters == [
        "一、强化城区功能,建设高端服务业创新发展示范区",
        "二、聚焦民生保障,树立城区品质生活新标杆",
        "三、坚持高标准,持续提升城区治理效能",
        "四、推进全面从严治党,全力构建党的建设新高地",
    ]


def test_the_shipped_report_has_eleven_sections(shipped: Outline) -> None:
    sections = [block.text for block in shipped.blocks if block.kind is BlockKind.HEADING and block.level == 5]
    assert len(sections) == 11
    assert [text[:3] for text in sections] == ["(一)", "(二)", "(三)"] * 2 + ["(一)", "(二)"] + ["(一)", "(二)", "(三)"]


def test_the_shipped_report_has_26_paragraphs_and_two_captions(shipped: Outline) -> None:
    kinds = [block.kind for block in shipped.blocks]
    assert kinds.count(BlockKind.BODY) == 26
    assert [block.text for block in shipped.blocks if block.kind is BlockKind.CAPTION] == [
        "苏州河示范段东段打造的“最美花园”",
        "宝兴居民区党总支荣获“全国先进基层党组织”称号",
    ]


def test_no_paragraph_of_the_shipped_report_is_lost_or_changed(shipped: Outline, shipped_report: Path) -> None:
    lines = [" ".join(line.split()) for line in shipped_report.read_text("utf-8").splitlines()]
    assert all(block.text in lines for block in shipped.blocks)


def test_markdown_headings_nest_and_the_first_of_level_one_is_the_title() -> None:
    found = marked("# 年度报告\n\n## 总体\n\n正文一。\n\n### 收入 ###\n\n正文二。\n")
    assert found.facts.title == "年度报告"
    assert found.blocks == (heading(2, "总体"), body("正文一。"), heading(3, "收入"), body("正文二。"))


def test_a_markdown_text_without_level_one_is_named_by_its_first_heading() -> None:
    assert marked("正文。\n\n## 总体\n\n正文。").facts.title == "总体"


def test_markdown_markup_is_dropped() -> None:
    found = marked("# T\n\n收入**增长**,见[附表](http://a.cn/x)![图](a.png)。\n\n---\n\n> 引用的话。\n")
    assert found.blocks == (body("收入增长,见附表。"), body("引用的话。"))


def test_markdown_list_items_are_paragraphs_of_their_own() -> None:
    found = marked("# T\n\n任务如下\n\n- 修路\n- 架桥\n* 植树\n")
    assert found.blocks == (body("任务如下"), body("修路"), body("架桥"), body("植树"))


def test_every_row_of_a_table_is_a_sentence_with_its_column_headings() -> None:
    found = marked("# T\n\n| 年 | 户 |\n|----|:---:|\n| 2021 | 38 |\n| 2022 | 40 |\n")
    assert found.blocks == (body("年\uff1a2021\uff0c户\uff1a38。"), body("年\uff1a2022\uff0c户\uff1a40。"))


def test_numbered_headings_nest_below_markdown_headings() -> None:
    found = marked("# T\n\n## 总体\n\n一、收入\n\n正文。")
    levels = [block.level for block in found.blocks if block.kind is BlockKind.HEADING]
    assert levels == [2, 14]


def test_parts_chapters_and_articles_nest_in_their_order() -> None:
    found = plain(f"规划\n\n第一编 总论\n\n第一章 目标\n\n第一节 近期\n\n{LONG}\n\n第二章 任务\n\n{LONG}")
    assert found.facts.title == "规划"
    assert found.blocks == (
        heading(0, "第一编 总论"),
        heading(1, "第一章 目标"),
        heading(2, "第一节 近期"),
        body(LONG),
        heading(1, "第二章 任务"),
        body(LONG),
    )


def test_full_width_brackets_number_headings_as_ascii_ones_do() -> None:
    found = plain(f"规划\n\n一、目标\n\n\uff08一\uff09近期\n\n{LONG}\n\n(二)远期\n\n{LONG}")
    assert found.blocks == (
        heading(4, "一、目标"),
        heading(5, "\uff08一\uff09近期"),
        body(LONG),
        heading(5, "(二)远期"),
        body(LONG),
    )


def test_a_lone_number_above_running_text_is_a_heading() -> None:
    found = plain(f"规划\n\n1. 修路\n\n{LONG}\n\n2. 架桥\n\n{LONG}")
    assert found.blocks == (heading(6, "1. 修路"), body(LONG), heading(6, "2. 架桥"), body(LONG))


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_numbered_list_is_no_row_of_headings_even_when_text_follows(gap: str) -> None:
    found = plain(f"规划\n\n任务如下:\n\n1. 修路{gap}2. 架桥{gap}3. 植树\n\n{LONG}")
    assert found.blocks == (body("任务如下:"), body("1. 修路"), body("2. 架桥"), body("3. 植树"), body(LONG))


def test_a_numbered_sentence_is_a_paragraph() -> None:
    found = plain("规划\n\n一、目标\n\n二、各部门要按时完成任务。")
    assert found.blocks == (heading(4, "一、目标"), body("二、各部门要按时完成任务。"))


def test_a_decimal_number_at_the_start_is_no_list_number() -> None:
    assert plain(f"规划\n\n2.5公里岸线\n\n{LONG}").blocks == (body("2.5公里岸线"), body(LONG))


def test_lines_broken_at_a_fixed_width_are_joined() -> None:
    found = plain("规划\n\n岸线全长\n八公里,已经\n贯通。\n第二段从这里开始。")
    assert found.blocks == (body("岸线全长八公里,已经贯通。"), body("第二段从这里开始。"))


def test_broken_english_lines_are_joined_by_a_blank() -> None:
    assert plain("Plan\n\nThe shore is\neight km long!").blocks == (body("The shore is eight km long!"),)


def test_a_blank_line_parts_paragraphs_even_without_a_full_stop() -> None:
    assert plain("规划\n\n没有句号的一段,\n\n另一段。").blocks == (body("没有句号的一段,"), body("另一段。"))


@pytest.mark.parametrize(
    "line",
    ["2024-03-05", "2024年3月5日", "2024/3/5", "发布日期:2024-03-05", "时间\uff1a2024.3.5", "2024-03-05 09:30:00"],
)
def test_a_line_that_is_a_date_is_the_report_s_date(line: str) -> None:
    found = plain(f"规划\n{line}\n\n正文。")
    assert (found.facts.title, found.facts.date, found.blocks) == ("规划", "2024-03-05", (body("正文。"),))


def test_a_paragraph_that_begins_with_a_date_stays_a_paragraph() -> None:
    text = "2021年1月1日起,全区开展普查。"
    found = plain(f"规划\n\n{text}")
    assert (found.facts.date, found.blocks) == ("", (body(text),))


def test_author_and_office_lines_before_the_text_are_facts() -> None:
    found = plain("规划\n作者\uff1a张三、李四\n来源:统计局\n\n正文。")
    assert (found.facts.authors, found.facts.office, found.blocks) == (("张三", "李四"), "统计局", (body("正文。"),))


@pytest.mark.parametrize(
    "line", ["(区统计局 张三、李四)", "\uff08区统计局 张三\uff0c李四\uff09", "(区统计局 张三 李四)"]
)
def test_a_signature_in_the_last_line_names_office_and_authors(line: str) -> None:
    found = plain(f"规划\n\n正文。\n\n{line}\n\n")
    assert (found.facts.office, found.facts.authors, found.blocks) == ("区统计局", ("张三", "李四"), (body("正文。"),))


def test_a_remark_in_brackets_that_is_no_signature_stays() -> None:
    assert plain("规划\n\n正文。\n\n(注:数据来自年鉴。)").blocks == (body("正文。"), body("(注:数据来自年鉴。)"))


@pytest.mark.parametrize("line", ["图1 收入", "图 1-2:收入", "图表3. 收入"])
def test_a_numbered_figure_line_is_a_caption(line: str) -> None:
    assert plain(f"规划\n\n正文。\n\n{line}\n\n正文。").blocks == (body("正文。"), caption(line), body("正文。"))


def test_a_sentence_about_a_figure_is_a_paragraph() -> None:
    assert plain("规划\n\n图1 显示收入增长。").blocks == (body("图1 显示收入增长。"),)


def test_a_caption_given_twice_is_kept_once_without_its_number() -> None:
    found = plain("规划\n\n正文。\n\n8、最美花园\n\n最美花园\n\n正文。")
    assert found.blocks == (body("正文。"), caption("最美花园"), body("正文。"))


def test_a_report_without_a_title_is_named_after_its_file() -> None:
    found = plain("只有一句话。")
    assert (found.facts.title, found.blocks) == ("文件名", (body("只有一句话。"),))


@pytest.mark.parametrize("text", ["", "\n \n\u3000\n"])
def test_a_blank_text_has_no_blocks(text: str) -> None:
    assert plain(text) == Outline(Facts("文件名"), ())


def test_a_title_alone_has_no_blocks() -> None:
    assert plain("只有标题") == Outline(Facts("只有标题"), ())


def test_ideographic_blanks_at_the_start_of_a_paragraph_are_dropped() -> None:
    assert plain("规划\n\n\u3000\u3000正文。").blocks == (body("正文。"),)
