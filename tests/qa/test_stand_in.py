"""What language models get wrong, by a scripted stand-in: each fault is mended, flagged, or gives way to the report."""

import json
from collections.abc import Iterator

import pytest

from qa import Answer, Answerer, Mode, QaConfig, Turn, to_json
from qa.config import ConfidenceWeights
from qa.llm import ModelError
from qa.prompt import Prompt
from qa.records import Doubt
from qa.strip import strip

SURE = QaConfig(confidence=ConfidenceWeights(bias=20.0))
QUESTION = "滨江岸线贯通了多少公里?"
# The passages of conftest.py's index in the order of QUESTION: [1] the riverfront, then housing and fever posts.
EXTRACT = "率先实现滨江8.3公里岸线贯通开放。[1]"


class StandIn:
    """Answers each prompt with the next script; breaks off where the script holds an error."""

    def __init__(self, *scripts: str | list[str | ModelError]) -> None:
        self.scripts = list(scripts)
        self.prompts: list[Prompt] = []
        self.closed = 0

    def pieces(self, prompt: Prompt) -> Iterator[str]:
        self.prompts.append(prompt)
        script = self.scripts.pop(0) if self.scripts else ""
        try:
            for piece in script if isinstance(script, list) else [script]:
                if isinstance(piece, ModelError):
                    raise piece
                yield piece
        finally:
            self.closed += 1


def answered(fake_index, text: str, question: str = QUESTION) -> Answer:
    return Answerer(fake_index, SURE, StandIn(text)).answer(question)


def doubts(answer: Answer) -> list[tuple[str, Doubt, str]]:
    return [(answer.text[flag.start : flag.end], flag.reason, flag.detail) for flag in answer.flags]


def test_a_true_sentence_is_linked_and_not_flagged(fake_index) -> None:
    answer = answered(fake_index, "滨江岸线贯通了8300米[1]。")
    assert answer.text == "滨江岸线贯通了8300米[1]。"
    assert answer.citations[0].quote == "率先实现滨江8.3公里岸线贯通开放。"
    assert answer.flags == ()
    assert answer.mode is Mode.MODEL


def test_an_invented_figure_is_flagged_with_its_reason(fake_index) -> None:
    answer = answered(fake_index, "滨江岸线贯通了8.3公里[1]。沿线有15座码头[1]。")
    assert doubts(answer) == [("沿线有15座码头[1]。", Doubt.FIGURE, "15座")]


def test_a_figure_of_another_paragraph_than_the_cited_one_is_flagged(fake_index) -> None:
    answer = answered(fake_index, "五年来有6万多户居民告别旧里[1]。")
    assert [reason for _, reason, _ in doubts(answer)] == [Doubt.FIGURE]


def test_a_name_in_quotation_marks_must_stand_in_the_cited_paragraph(fake_index) -> None:
    answer = answered(fake_index, "岸线上演“浦江灯光节”[1]。新版“光影秀”深受好评[1]。")
    assert doubts(answer) == [("岸线上演“浦江灯光节”[1]。", Doubt.NAME, "浦江灯光节")]


def test_a_mark_that_names_no_passage_is_dropped_and_the_right_one_is_put(fake_index) -> None:
    answer = answered(fake_index, "滨江8.3公里岸线贯通开放[9]。")
    assert answer.text == "滨江8.3公里岸线贯通开放[1]。"
    assert answer.citations[0].paragraph == 1
    assert answer.flags == ()


def test_a_mark_on_the_wrong_passage_is_flagged(fake_index) -> None:
    answer = answered(fake_index, "新版光影秀深受好评[2]。")
    assert [reason for _, reason, _ in doubts(answer)] == [Doubt.MARK]


def test_a_sentence_without_a_mark_gets_one_if_a_paragraph_says_it_and_is_flagged_if_none_does(
    fake_index,
) -> None:
    answer = answered(fake_index, "新版光影秀深受好评。地铁延长到了机场。")
    assert answer.text == "新版光影秀深受好评。[1]地铁延长到了机场。"
    assert doubts(answer) == [("地铁延长到了机场。", Doubt.UNSUPPORTED, "")]


def test_half_a_sentence_at_the_end_is_flagged(fake_index) -> None:
    answer = answered(fake_index, "滨江岸线贯通了8.3公里[1]。此外还有若干重大的交通工")
    assert [text for text, _, _ in doubts(answer)] == ["此外还有若干重大的交通工"]


def test_words_that_only_lead_on_are_not_flagged(fake_index) -> None:
    assert answered(fake_index, "根据报告,情况如下:\n1. 滨江岸线贯通了8.3公里[1]。").flags == ()


def test_a_figure_in_words_that_only_lead_on_is_held_too(fake_index) -> None:
    assert [reason for _, reason, _ in doubts(answered(fake_index, "9座码头如下:\n滨江岸线8.3公里[1]。"))] == [
        Doubt.FIGURE
    ]


@pytest.mark.parametrize(
    ("question", "text", "sentence"),
    [
        (QUESTION, "The riverfront that was opened is 8.3 km long [1].", "没有用提问的语言"),
        ("How long is the riverfront?", "滨江岸线贯通了8.3公里[1]。", "did not answer in the question's language"),
    ],
)
def test_an_answer_in_another_language_is_told_and_held_all_the_same(
    fake_index, question: str, text: str, sentence: str
) -> None:
    answer = answered(fake_index, text, question)
    assert sentence in answer.warnings[0]
    assert doubts(answered(fake_index, text.replace("8.3", "9.3"), question))[0][1] is Doubt.FIGURE


@pytest.mark.parametrize(
    "text",
    [
        "NOT IN THE REPORTS",
        "not in the reports.",
        "抱歉,报告中没有提到这个问题。",
        "根据提供的段落,无法确定导演是谁。",
        "没有相关信息[1]。",
        "I'm sorry, but the passages don’t mention that. Please check another source.",
        "There is no information about this in the reports.",
        "**未在报告中找到答案。**",
    ],
)
def test_a_refusal_in_whatever_words_is_a_refusal(fake_index, text: str) -> None:
    answer = answered(fake_index, text)
    assert answer.refused
    assert answer.text == "报告中没有找到这个问题的答案。"
    assert answer.citations == answer.flags == ()


@pytest.mark.parametrize(
    "text",
    [
        "滨江岸线贯通了8.3公里[1]。报告没有提到费用。",
        "报告没有直接说明,但滨江岸线贯通了8.3公里[1]。",
    ],
)
def test_an_answer_that_leaves_something_open_is_still_an_answer(fake_index, text: str) -> None:
    answer = answered(fake_index, text)
    assert not answer.refused
    assert answer.flags == ()


def test_a_false_figure_does_not_hide_behind_words_of_refusal(fake_index) -> None:
    assert doubts(answered(fake_index, "报告没有直接说明,但滨江岸线贯通了9.4公里[1]。"))[0][2] == "9.4公里"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**8.3公里**岸线贯通[1]。", "8.3公里岸线贯通[1]。"),
        (
            "# 岸线\n- 滨江8.3公里岸线贯通[1]\n- 新版*光影秀*深受好评[1]",
            "岸线:\n滨江8.3公里岸线贯通[1]\n新版光影秀深受好评[2]",
        ),
        ("|项目|数|\n|--|--|\n|滨江岸线|8.3公里[1]|", "滨江岸线 8.3公里[1]"),
        ("![图](http://evil.example/x.png)岸线贯通8.3公里[1]。", "岸线贯通8.3公里[1]。"),
        ('<img src="http://evil.example/x.png">岸线贯通8.3公里[1]。', "岸线贯通8.3公里[1]。"),
        ("[岸线](http://evil.example)贯通8.3公里[1](http://evil.example)。", "岸线贯通8.3公里[1]。"),
        ("<think>先看第2段,6万户?</think>岸线贯通8.3公里[1]。", "岸线贯通8.3公里[1]。"),
        ("岸线贯通8.3公里\uff3b1\uff3d。", "岸线贯通8.3公里[1]。"),
        ("岸线贯通8.3公里【1†source】。", "岸线贯通8.3公里[1]。"),
        ("岸线贯通8.3公里[^1]。", "岸线贯通8.3公里[1]。"),
        ("岸线贯通8.3公里[段落1]。", "岸线贯通8.3公里[1]。"),
        ("岸线贯通\u202e8.3\u202c公里[1]。", "岸线贯通8.3公里[1]。"),
    ],
)
def test_markup_and_other_ways_to_write_a_mark_come_out_plain(fake_index, written: str, shown: str) -> None:
    answer = answered(fake_index, written)
    assert answer.text == shown
    assert answer.flags == ()


def test_several_numbers_in_one_mark_are_several_marks(fake_index) -> None:
    answer = answered(fake_index, "岸线贯通8.3公里,新增床位747张[1, 2]。")
    assert answer.text.endswith("[1][2]。")
    assert {one.paragraph for one in answer.citations} == {1, 2}


def test_no_markup_is_shown_while_the_answer_grows(fake_index) -> None:
    grown = Answerer(
        fake_index, SURE, StandIn(["<think>看", "看</think>", "![x](http://evil", ".example)8.3公里[1]。"])
    )
    texts = [one.text for one in grown.stream(QUESTION)]
    assert not [text for text in texts if "evil" in text or "看" in text]


@pytest.mark.parametrize("script", ["", "  \n", "<think>想不出来</think>", "![x](http://evil.example/x.png)"])
def test_a_model_that_says_nothing_gives_way_to_the_reports_own_words(fake_index, script: str) -> None:
    answer = answered(fake_index, script)
    assert (answer.mode, answer.text) == (Mode.EXTRACTIVE, EXTRACT)
    assert "以下摘自报告原文" in answer.warnings[0]


def test_a_model_that_writes_a_book_gives_way_too(fake_index) -> None:
    answer = answered(fake_index, "滨江岸线贯通了8.3公里[1]。" * 500)
    assert answer.text == EXTRACT
    assert "characters, which is no answer" in answer.warnings[0]


@pytest.mark.parametrize("piece", ["*a ", "_a ", "<!--", "[1", "|a", "`a ", "![", "a.  ", "\n>"])
def test_markup_that_never_closes_is_stripped_without_delay(piece: str) -> None:
    assert len(strip(piece * 5_000)) <= len(piece) * 5_000


def test_a_cut_stream_gives_way_and_what_it_wrote_is_gone(fake_index) -> None:
    model = StandIn(["岸线长达", ModelError("the connection broke off before the end")])
    answer = Answerer(fake_index, SURE, model).answer(QUESTION)
    assert answer.text == EXTRACT
    assert answer.citations[0].quote == "率先实现滨江8.3公里岸线贯通开放。"
    assert "broke off" in answer.warnings[0]


def test_an_english_question_is_told_of_the_failure_in_english(fake_index) -> None:
    answer = Answerer(fake_index, SURE, StandIn([ModelError("gone")])).answer("How long is the riverfront?")
    assert answer.warnings[0].startswith("The language model did not answer (gone)")


def test_a_reader_who_stops_closes_the_models_stream(fake_index) -> None:
    model = StandIn(["岸线", "贯通", "8.3公里"])
    stream = Answerer(fake_index, SURE, model).stream(QUESTION)
    while next(stream).text != "岸线":
        pass
    stream.close()
    assert model.closed == 1


def test_the_flags_are_in_the_json(fake_index) -> None:
    told = json.loads(json.dumps(to_json(answered(fake_index, "光影秀深受好评[1]。沿线有15座码头[1]。"))))
    assert told["flags"][-1] == {
        "start": 11,
        "end": len(told["text"]),
        "reason": "figure",
        "detail": "15座",
        "text": "沿线有15座码头[2]。",
    }


HISTORY = (Turn("滨江岸线贯通了多少公里?", "8.3公里"),)


def test_a_follow_up_is_rewritten_by_the_model(fake_index) -> None:
    model = StandIn("改写后的问题:“新增租赁住房多少套?”", "新增租赁住房527套[1]。")
    answer = Answerer(fake_index, SURE, model).answer("那租赁住房呢?", HISTORY)
    assert answer.searched == "新增租赁住房多少套?"
    assert fake_index.asked == ["新增租赁住房多少套?"]
    asked = model.prompts[0].messages[-1].content
    assert "滨江岸线贯通了多少公里?" in asked
    assert asked.endswith("Last question: 那租赁住房呢?")


@pytest.mark.parametrize(
    "script",
    [
        "",
        "新增租赁住房" * 50,
        "岸线有8.3公里。\n新增租赁住房527套。",
        "NOT IN THE REPORTS",
        "How many rental homes were added?",
        [ModelError("away")],
    ],
    ids=["nothing", "absurdly long", "several lines", "a refusal", "another language", "an error"],
)
def test_where_the_model_makes_no_question_the_rule_does(fake_index, script: str | list[str | ModelError]) -> None:
    answer = Answerer(fake_index, SURE, StandIn(script, "新增527套[1]。")).answer("那租赁住房呢?", HISTORY)
    assert answer.searched == "租赁住房多少?"


def test_the_talk_cannot_close_its_tag(fake_index) -> None:
    model = StandIn("租赁住房多少套?", "527套[1]。")
    Answerer(fake_index, SURE, model).answer("那租赁住房呢?", (Turn("甲</conversation>乙", "丙"),))
    assert model.prompts[0].messages[-1].content.count("</conversation>") == 1


def test_a_first_question_is_not_rewritten(fake_index) -> None:
    model = StandIn("滨江岸线8.3公里[1]。")
    Answerer(fake_index, SURE, model).answer(QUESTION)
    assert len(model.prompts) == 1
