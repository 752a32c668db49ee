import pytest

from qa.asked import DATE, NUMBER, Want, amounts, asked, fit


@pytest.mark.parametrize(
    ("question", "want", "unit"),
    [
        ("滨江岸线贯通了多少公里?", Want.NUMBER, "公里"),
        ("有几家要素市场?", Want.NUMBER, "家要"),
        ("哪一年完成加装?", Want.DATE, ""),
        ("报告是什么时候发布的?", Want.DATE, ""),
        ("有哪些夜市?", Want.LIST, ""),
        ("谁推出了夜间区长?", Want.NAME, ""),
        ("how many homes were rebuilt?", Want.NUMBER, "套"),
        ("when was it opened?", Want.DATE, ""),
        ("老房子装电梯", Want.OTHER, ""),
    ],
)
def test_a_question_tells_what_it_asks_for(question: str, want: Want, unit: str) -> None:
    read = asked(question)
    assert (read.want, read.unit) == (want, unit)


def test_content_leaves_out_the_words_that_frame_a_question() -> None:
    assert asked("请问滨江岸线贯通了多少公里?").content == "滨江岸线贯通 公里"
    assert asked("how many homes are there in the report?").content == "homes"


def test_a_question_of_frame_words_only_keeps_them() -> None:
    assert asked("什么?").content == "什么?"


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("黄浦滨江8.3公里岸线", ["8.3公里"]),
        ("引进品牌首入店近300家", ["近300家"]),
        ("完成加装电梯百余台", ["百余台"]),
        ("共有6万多户居民", ["6万多户"]),
        ("占比超过80%。", ["超过80%"]),
        ("金融市场交易额占全市3/4,成为", ["3/4"]),
        ("与五家银行机构签订", ["五家"]),
        ("困难事5200多个", ["5200多个"]),
        ("覆盖党员群众2.5 万余人次", ["2.5 万余人次"]),
    ],
)
def test_numbers_are_found_with_their_units(text: str, pieces: list[str]) -> None:
    assert [match.group().strip() for match in NUMBER.finditer(text)] == pieces


def test_dates_are_found_whole() -> None:
    assert [m.group() for m in DATE.finditer("至2021年底完成,2022-06-20发布")] == ["2021年底", "2022-06-20"]


@pytest.mark.parametrize(
    ("question", "text", "how_well"),
    [
        ("贯通了多少公里?", "岸线8.3公里", 1.0),
        ("贯通了多少公里?", "岸线527套", 0.6),
        ("贯通了多少公里?", "岸线全线贯通", 0.0),
        ("花了多少钱?", "受益居民5900户", 0.0),
        ("花了多少钱?", "投入3.2亿元", 1.0),
        ("占全市的比例是多少?", "占全市3/4", 1.0),
        ("占全市的比例是多少?", "共有6家", 0.0),
        ("什么时候完成?", "至2021年底完成", 1.0),
        ("什么时候完成?", "已经完成", 0.0),
        ("导演是谁?", "创排舞台剧", 0.0),
        ("who is the head of the district?", "作者:赵兵", 0.0),
        ("who wrote the report?", "作者:赵兵", 1.0),
        ("报告是谁写的?", "作者:赵兵", 1.0),
        ("服务电话是多少?", "设立热线12345", 0.0),
        ("有哪些品牌?", "甲、乙、丙", 1.0),
        ("为什么?", "任何文字", 1.0),
    ],
)
def test_a_text_fits_when_it_holds_the_kind_asked_for(question: str, text: str, how_well: float) -> None:
    assert fit(text, asked(question)) == how_well


def test_years_and_articles_are_no_amounts() -> None:
    assert amounts("2021年推出一批项目,引进一系列品牌300家") == ("300家",)
