import pytest

from qa.records import Turn
from qa.rephrase import stand_alone


def turns(*questions: str) -> tuple[Turn, ...]:
    return tuple(Turn(question, "…") for question in questions)


def test_a_question_without_history_is_left_alone() -> None:
    assert stand_alone("那外滩呢?", ()) == "那外滩呢?"


def test_a_full_question_is_left_alone_after_other_turns() -> None:
    question = "黄浦滨江岸线贯通开放了多少公里?"
    assert stand_alone(question, turns("五年里有多少户居民告别旧里?")) == question


def test_a_new_topic_takes_the_asking_words_of_the_earlier_question() -> None:
    assert stand_alone("那加装电梯呢?", turns("新增供应租赁住房多少套?")) == "加装电梯多少?"


@pytest.mark.parametrize("follow_up", ["哪一年?", "其中多少是宿舍?", "它的长度是多少?"])
def test_a_follow_up_that_only_points_takes_the_whole_earlier_question(follow_up: str) -> None:
    assert stand_alone(follow_up, turns("黄浦滨江岸线?")) == f"黄浦滨江岸线 {follow_up}"


def test_english_what_about_keeps_the_earlier_content() -> None:
    searched = stand_alone("What about elevators?", turns("How many rental homes were added?"))
    assert searched.startswith("elevators")
    assert "rental homes added" in searched


def test_a_third_turn_reaches_back_through_the_second() -> None:
    searched = stand_alone("哪一年?", turns("加装电梯完成了多少台?", "它在哪里?"))
    assert "加装电梯" in searched


@pytest.mark.parametrize(
    "question",
    [
        "报告是谁写的?",
        "Who wrote the report?",
        "Which company opened its largest flagship store?",
        "该区滨江岸线贯通开放了多少公里?",
    ],
)
def test_a_question_with_a_topic_of_its_own_is_left_alone(question: str) -> None:
    assert stand_alone(question, turns("新增供应租赁住房多少套?")) == question


@pytest.mark.parametrize("question", ["When was it finished?", "How many of them are new?", "后一个呢?"])
def test_a_question_with_little_content_and_a_pointing_word_leans(question: str) -> None:
    assert stand_alone(question, turns("滨江岸线贯通?")) == f"滨江岸线贯通 {question}"
