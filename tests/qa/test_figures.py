"""The figures of a text in their written forms, and which of them are the same."""

import pytest

from qa.figures import Figure, figures, plain, same


def only(text: str) -> Figure:
    counted = [one for one in figures(plain(text)) if one.counted]
    assert len(counted) == 1, counted
    return counted[0]


@pytest.mark.parametrize(
    "forms",
    [
        ("五家银行", "5家银行", "5 banks", "five banks", "５家银行"),
        ("占全市3/4", "四分之三", "75%", "百分之七十五", "75 per cent", "three quarters", "seventy-five percent"),
        ("2.5 万余人次", "25000人次", "25,000 attendances", "两万五千人次", "25 thousand attendances", "2万5千人次"),
        ("2022年", "二〇二二年", "in 2022 it"),
        ("8.3公里", "8.3 km", "8.3 kilometres", "8.3千米", "8300米", "8.3 kilometers"),
        ("6万多户", "over 60,000 households", "六万多户", "more than sixty thousand households", "60000余户"),
        ("2022-06-20", "2022年6月20日", "二〇二二年六月二十日", "June 20, 2022", "20 June 2022", "Jun. 20th, 2022"),
        ("2021年底", "the end of 2021 ", "2021年12月", "December 2021 "),
        ("百余台", "100多台", "一百多台", "over a hundred lifts", "more than 100 lifts"),
        ("百分百就业", "100%就业", "one hundred percent employment"),
        ("10分钟", "十分钟", "ten-minute", "10 minutes"),
        ("5200多个", "五千二百多个", "more than 5,200 things", "5,200余件"),
        ("超过80%", "八成以上", "over 80 percent", "more than four fifths"),
        ("1.2亿元", "120 million yuan", "一亿两千万元", "12000万元"),
        ("翻一番", "doubled", "twice as many", "增至2倍"),
    ],
    ids=lambda forms: forms[0],
)
def test_one_figure_is_the_same_in_all_its_forms(forms: tuple[str, ...]) -> None:
    for one in forms:
        for other in forms:
            assert same(only(one), only(other)), (one, other)


@pytest.mark.parametrize(
    ("claim", "held"),
    [
        ("6万户", "6千户"),
        ("8.3米", "8.3公里"),
        ("83公里", "8.3公里"),
        ("10公里", "10分钟"),
        ("80家", "80%"),
        ("2/3", "3/4"),
        ("2021年6月20日", "2022-06-20"),
        ("2022年6月2日", "2022-06-20"),
        ("2022年6月20日", "2022年"),
        ("超过300家", "近300家"),
        ("不足80%", "超过80%"),
        ("6万多人", "6万多户"),
        ("527张床位", "527套"),
        ("triple", "一倍以上"),
        ("5.0版", "五民精神"),
    ],
)
def test_another_value_another_unit_or_the_other_direction_is_not_the_same(claim: str, held: str) -> None:
    assert not any(same(only(claim), one) for one in figures(plain(held)))


@pytest.mark.parametrize(
    "text",
    [
        "统一推进,百姓满意",
        "三会制度",
        "一批项目",
        "五五购物节",
        "两江两岸",
        "几万户",
        "数百人",
        "一个方面",
        "三个方面",
        "COVID-19",
        "one of them",
    ],
)
def test_words_that_hold_numerals_state_no_figure(text: str) -> None:
    assert not [one for one in figures(plain(text)) if one.counted]


def test_a_number_inside_a_word_may_still_be_counted_by_another() -> None:
    held = figures(plain("社区分类治理“工作七法”"))
    assert any(same(only("seven methods"), one) for one in held)


def test_a_vague_date_holds_in_a_more_exact_one_but_not_the_other_way_round() -> None:
    exact, vague = only("2022年6月20日"), only("2022年6月")
    assert same(vague, exact)
    assert not same(exact, vague)


def test_the_years_of_a_span_are_two_dates() -> None:
    assert [one.date[0] for one in figures(plain("(1928—1931年)"))] == [1928, 1931]
    assert [one.date[0] for one in figures(plain("from 1928 to 1931."))] == [1928, 1931]


@pytest.mark.parametrize(
    ("text", "lean"), [("近300家", -1), ("超过300家", 1), ("300多家", 1), ("300家以上", 1), ("约300家", 0)]
)
def test_a_figure_leans_the_way_its_neighbours_say(text: str, lean: int) -> None:
    assert only(text).lean == lean
