"""What is asked of a sentence, on real sentences of government reports and on traps."""

import pytest

from eval.propose import propose


def asked(sentence: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.question.replace("\uff0c", ","), one.answers) for one in propose(sentence)]


@pytest.mark.parametrize(
    ("sentence", "question", "answers"),
    [
        ("新增供应租赁住房527套。", "新增供应租赁住房多少套", ("527套",)),
        ("五年来共有6万多户居民告别旧里。", "五年来共有多少户居民告别旧里", ("6万多户",)),
        ("高端服务业总税收占比超过80%。", "高端服务业总税收占比是多少", ("超过80%", "80%")),
        ("全区森林覆盖率达到35.2%。", "全区森林覆盖率是多少", ("35.2%",)),
        ("居民人均可支配收入年均增长8%以上。", "居民人均可支配收入年均增长了百分之多少", ("8%以上", "8%")),
        ("13项金融创新成果获得肯定。", "多少项金融创新成果获得肯定", ("13项",)),
        ("企业注册资本总额3,500亿元。", "企业注册资本总额多少元", ("3,500亿元",)),
        ("率先实现滨江8.3公里岸线贯通。", "率先实现滨江多少公里岸线贯通", ("8.3公里",)),
        ("学校于2019年9月正式建成并投入使用。", "学校什么时候正式建成并投入使用", ("2019年9月",)),
        ("我区在2018年成功创建全国文明城区。", "我区哪一年成功创建全国文明城区", ("2018年",)),
        ("2021年7月1日,纪念馆正式对外开放。", "纪念馆正式对外开放是什么时候", ("2021年7月1日",)),
        ("至2021年底完成住宅加装电梯百余台。", "什么时候完成住宅加装电梯百余台", ("2021年底",)),
        ("因地制宜提供助医、助餐、助浴等服务。", "因地制宜提供哪些服务", ("助医、助餐、助浴",)),
        ("重点发展甲医药、乙电路、丙智能等三大先导产业。", "重点发展哪三大先导产业", ("甲医药、乙电路、丙智能",)),
        ("精心办好音乐节、戏剧展、喜剧节三大节展。", "精心办好哪三大节展", ("音乐节、戏剧展、喜剧节",)),
        ("外滩、南京路、人民广场等重点地区形成保洁品牌。", "哪些重点地区形成保洁品牌", ("外滩、南京路、人民广场",)),
        ("创新成果多次荣获上海市金融创新奖。", "创新成果多次荣获了什么奖", ("上海市金融创新奖",)),
        ("滨江地区成为全市首批低碳示范区。", "滨江地区成为全市首批什么", ("低碳示范区",)),
        (
            "推动金融服务经济,建立“融汇对接平台”。",
            "推动金融服务经济,建立了什么平台",
            ("“融汇对接平台”", "融汇对接平台"),
        ),
        ("支持民营经济,出台《民营经济若干意见》。", "支持民营经济,出台了什么意见", ("民营经济若干意见",)),
    ],
)
def test_a_sentence_is_asked_for_its_figure_date_name_or_list(
    sentence: str, question: str, answers: tuple[str, ...]
) -> None:
    assert asked(sentence) == [(f"{question}\uff1f", answers)]


def test_every_member_of_an_enumeration_with_figures_is_asked_for() -> None:
    assert asked("新增供应租赁住房527套、宿舍型公租房床位747张。") == [
        ("新增供应租赁住房多少套\uff1f", ("527套",)),
        ("宿舍型公租房床位多少张\uff1f", ("747张",)),
    ]


def test_a_clause_that_says_too_little_takes_the_one_before_it() -> None:
    assert asked("加快推进老旧住房综合修缮,受益居民超过5900户。") == [
        ("加快推进老旧住房综合修缮,受益居民多少户\uff1f", ("超过5900户", "5900户"))
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "坚持以人民为中心的发展思想。",
        "同比增长5.5%。",  # of what, only the clause before would say, and there is none
        "高新技术企业由120家增加到560家。",  # two figures: which is asked for?
        "构建“10分钟公共文化服务圈”和新天地—FOUND158地区。",  # figures inside a name
        "完成《黄浦区志(1994—2009)》编纂工作。",
        "2016年至2020年累计新建公园绿地多处。",  # a span is no date
        "截至2020年底建成的养老机构运行良好。",
        "举办旅游节、首届花卉展、2场音乐会等活动。",
        "PM2.5平均浓度继续下降。",
        "编制完成“十四五规划”和二〇三五年远景目标纲要",
        "其中现代服务业企业占85%。",
        ")半个括号3家企业入驻园区发展",
        "图1 黄浦区区位图",
    ],
)
def test_what_gives_no_clear_question_is_left_alone(sentence: str) -> None:
    assert asked(sentence) == []


def test_every_answer_is_in_its_sentence_and_not_in_its_question(shipped_sentences: list[str]) -> None:
    found = [(sentence, one) for sentence in shipped_sentences for one in propose(sentence)]
    assert len(found) > 30
    assert {one.kind for _, one in found} == {"figure", "date", "name", "list"}
    for sentence, one in found:
        assert one.answers
        assert all(answer in sentence and answer not in one.question for answer in one.answers)
        assert one.question.endswith("\uff1f")
