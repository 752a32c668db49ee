from qa.asked import asked
from qa.lead import lead


def test_the_only_number_leads() -> None:
    assert lead("率先实现黄浦滨江8.3公里岸线贯通开放", asked("贯通了多长?")) == "8.3公里"


def test_the_unit_of_the_question_picks_among_numbers() -> None:
    text = "新增供应租赁住房527套、宿舍型公租房床位747张"
    assert lead(text, asked("新增多少套租赁住房?")) == "527套"


def test_two_possible_numbers_give_no_lead() -> None:
    assert lead("新增住房527套、床位747张", asked("新增了多少?")) == ""


def test_a_year_is_no_amount() -> None:
    assert lead("至2021年完成", asked("完成了多少?")) == ""


def test_the_only_date_leads_a_question_of_time() -> None:
    assert lead("至2021年底完成既有多层住宅加装电梯", asked("什么时候完成的?")) == "2021年底"


def test_the_only_quoted_name_leads_a_question_of_name() -> None:
    assert lead("首发“困境儿童监护干预操作指引”", asked("指引叫什么?")) == "困境儿童监护干预操作指引"


def test_other_questions_have_no_lead() -> None:
    assert lead("率先实现8.3公里岸线贯通", asked("为什么贯通?")) == ""


def test_an_english_unit_picks_as_a_chinese_one_does() -> None:
    text = "五年来共有6万多户居民告别旧里,总量超过前五年一倍以上"
    assert lead(text, asked("how many households left the old lanes?")) == "6万多户"
