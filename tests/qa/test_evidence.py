from qa.asked import asked
from qa.config import QaConfig
from qa.evidence import TermWeights, choose, find_evidence


def best(index, question: str):
    wanted = asked(question)
    found = find_evidence(index, question, wanted, index.search(question), QaConfig())
    return found, choose(found, wanted, QaConfig())


def test_the_sentence_that_holds_the_asked_number_comes_first(fake_index) -> None:
    found, chosen = best(fake_index, "滨江岸线贯通了多少公里?")
    assert found[0].sentence.text == "率先实现滨江8.3公里岸线贯通开放。"
    assert [one.sentence.text for one in chosen] == ["率先实现滨江8.3公里岸线贯通开放。"]


def test_every_sentence_of_every_hit_is_scored(fake_index) -> None:
    found, _ = best(fake_index, "居民告别旧里")
    assert len(found) == 5
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_coverage_is_the_share_of_the_questions_weighted_terms(fake_index) -> None:
    # 旧里: two characters at a quarter, one pair at one: 1.5 in all; 旧 alone holds 0.25 of it.
    weights = TermWeights(fake_index, "旧里")
    assert weights.coverage("告别旧里") == 1.0
    assert weights.coverage("旧房") == 0.25 / 1.5
    assert weights.coverage("新房") == 0.0


def test_a_long_sentence_is_cut_at_punctuation_around_what_is_asked(fake_index) -> None:
    filler = "推动各项工作取得新的明显进展和成效,"
    fake_index.texts = (filler * 4 + "率先实现滨江8.3公里岸线贯通开放," + filler * 4 + "群众满意。",)
    found, _ = best(fake_index, "滨江岸线贯通了多少公里?")
    shown = found[0].shown
    assert "8.3公里" in shown.text
    assert len(shown.text) <= 80
    assert shown.text == shown.hit.paragraph.text[shown.start : shown.end]
    assert shown.hit.paragraph.text[shown.start - 1] == ","
    assert shown.text.endswith(",")


def test_a_quotation_is_never_cut_in_two(fake_index) -> None:
    name = "“甲方,乙方,丙方共同努力的好品牌”"
    fake_index.texts = ("前面有一些说明文字放在这里凑够长度," * 5 + f"打造{name}获得好评。",)
    found, _ = best(fake_index, "打造了什么品牌?")
    assert name in found[0].shown.text


def test_no_hits_give_no_evidence(fake_index) -> None:
    wanted = asked("甲?")
    assert find_evidence(fake_index, "甲?", wanted, (), QaConfig()) == ()
    assert choose((), wanted, QaConfig()) == ()


def test_strength_is_a_share_of_the_highest_score_there_can_be(fake_index) -> None:
    fake_index.texts = ("滨江岸线贯通8.3公里",)
    # Every term, token and the number are there, and no sentence before it is missed: the highest score.
    found, _ = best(fake_index, "滨江岸线贯通 公里多少")
    assert 0.9 < found[0].strength <= 1.0
    fake_index.texts = ("毫不相干的一句话。",)
    found, _ = best(fake_index, "滨江岸线贯通多少公里")
    assert found[0].strength == 0.0
