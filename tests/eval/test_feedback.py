import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from eval.cases import read_set
from eval.feedback import FILE, Feedback, FeedbackError, Review, Verdict
from index import Hit, Report
from qa import Answer, Citation

TEXT = "全区有6万户居民告别旧里,总量超过前五年。道路已经修好。"
FIRST = "全区有6万户居民告别旧里,总量超过前五年。"

MakeReport = Callable[..., Report]


@pytest.fixture
def feedback(tmp_path: Path) -> Feedback:
    return Feedback(tmp_path)


@pytest.fixture
def answer(
    make_answer: Callable[..., Answer], make_citation: Callable[..., Citation], make_hit: Callable[..., Hit]
) -> Answer:
    """A shortened sentence: two pieces that share a mark."""
    pieces = (make_citation(1, TEXT, "全区有6万户居民"), make_citation(1, TEXT, "总量超过前五年。"))
    whole = make_answer("全区有6万户居民…总量超过前五年。[1]", pieces, (make_hit(1, TEXT),))
    return replace(whole, question="多少户?", searched="告别旧里的有多少户?", lead="6万户")


@pytest.fixture
def refusal(make_answer: Callable[..., Answer]) -> Answer:
    return replace(make_answer("没有找到。", refused=True), question="谁的猫?", searched="谁的猫?")


def adopted(feedback: Feedback, tmp_path: Path) -> list[tuple[str, tuple[str, ...], tuple[str, ...], bool]]:
    out = tmp_path / "out.jsonl"
    feedback.adopt(out)
    cases = read_set(out).cases if out.exists() else ()
    return [(case.question, case.evidence, case.answers, case.answerable) for case in cases]


def test_a_vote_is_on_the_disk_with_all_it_is_about(feedback: Feedback, answer: Answer, tmp_path: Path) -> None:
    vote = feedback.vote(answer, "up")
    fields = json.loads((tmp_path / FILE).read_text("utf-8"))
    assert (fields["question"], fields["searched"], fields["verdict"]) == ("多少户?", "告别旧里的有多少户?", "up")
    assert (fields["reviewed"], fields["lead"], fields["refused"]) == ("", "6万户", False)
    assert fields["time"].endswith("Z")
    assert feedback.votes() == (vote,)


def test_the_evidence_of_a_shortened_sentence_is_the_whole_of_it(feedback: Feedback, answer: Answer) -> None:
    (passage,) = feedback.vote(answer, "up").passages
    assert (passage.report, passage.paragraph, passage.start, passage.end, passage.quote) == ("r", 1, 0, 21, FIRST)


def test_an_accepted_up_vote_is_a_case_that_stands_alone(feedback: Feedback, answer: Answer, tmp_path: Path) -> None:
    feedback.review(feedback.vote(answer, "up").id, "accepted")
    assert adopted(feedback, tmp_path) == [("告别旧里的有多少户?", (FIRST,), ("6万户",), True)]


def test_no_vote_is_adopted_before_it_is_accepted(feedback: Feedback, answer: Answer, tmp_path: Path) -> None:
    feedback.vote(answer, "up")
    rejected, taken_back = feedback.vote(answer, "up"), feedback.vote(answer, "down")
    feedback.review(rejected.id, "rejected")
    feedback.review(taken_back.id, "accepted")
    feedback.review(taken_back.id, "")
    assert adopted(feedback, tmp_path) == []


def test_a_named_passage_is_evidence_without_an_answer(
    feedback: Feedback, answer: Answer, make_report: MakeReport, tmp_path: Path
) -> None:
    vote = feedback.passage(answer, make_report(TEXT).paragraphs[0], 21, 28)
    feedback.review(vote.id, "accepted")
    assert adopted(feedback, tmp_path) == [("告别旧里的有多少户?", ("道路已经修好。",), (), True)]


def test_an_accepted_down_vote_on_an_answer_says_that_the_reports_do_not_answer(
    feedback: Feedback, answer: Answer, tmp_path: Path
) -> None:
    feedback.review(feedback.vote(answer, "down").id, "accepted")
    assert adopted(feedback, tmp_path) == [("告别旧里的有多少户?", (), (), False)]


def test_an_up_vote_on_a_refusal_is_an_unanswerable_case(feedback: Feedback, refusal: Answer, tmp_path: Path) -> None:
    feedback.review(feedback.vote(refusal, "up").id, "accepted")
    assert adopted(feedback, tmp_path) == [("谁的猫?", (), (), False)]


def test_a_refusal_voted_down_needs_its_passage_first(
    feedback: Feedback, refusal: Answer, make_report: MakeReport, tmp_path: Path
) -> None:
    vote = feedback.vote(refusal, "down")
    assert vote.needs_passage
    with pytest.raises(FeedbackError, match="name the passage first"):
        feedback.review(vote.id, "accepted")
    marked = feedback.mark(vote.id, make_report(TEXT).paragraphs[0], 0, 21)
    assert (marked.verdict, marked.reviewed, marked.needs_passage) == (Verdict.PASSAGE, Review.WAITING, False)
    feedback.review(vote.id, "accepted")
    assert adopted(feedback, tmp_path) == [("谁的猫?", (FIRST,), (), True)]


def test_nothing_is_lost_by_a_review(feedback: Feedback, answer: Answer, tmp_path: Path) -> None:
    vote = feedback.vote(answer, "up")
    feedback.review(vote.id, "rejected")
    feedback.review(vote.id, "accepted")
    assert len((tmp_path / FILE).read_text("utf-8").splitlines()) == 3
    assert [vote.reviewed for vote in feedback.votes()] == [Review.ACCEPTED]


def test_what_a_set_holds_stays_and_the_same_is_adopted_once(
    feedback: Feedback, answer: Answer, refusal: Answer, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text('{"id": "mine", "question": "问", "answerable": false}\n', "utf-8")
    for _ in range(2):
        feedback.review(feedback.vote(answer, "up").id, "accepted")
    assert feedback.adopt(out) == 1
    assert feedback.adopt(out) == 0
    feedback.review(feedback.vote(refusal, "up").id, "accepted")
    assert feedback.adopt(out) == 1
    assert next(case.id for case in read_set(out).cases) == "mine"
    assert len(read_set(out).cases) == 3


def test_a_broken_line_hides_no_vote_and_is_told(feedback: Feedback, answer: Answer, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"id": "x"}\n[]\n{"id"', "utf-8")
    vote = feedback.vote(answer, "up")
    assert feedback.votes() == (vote,)
    assert feedback.unread() == (1, 2, 3)


def test_bad_votes_are_one_sentence(feedback: Feedback, answer: Answer, make_report: MakeReport) -> None:
    paragraph = make_report(TEXT).paragraphs[0]
    with pytest.raises(FeedbackError, match="give up or down"):
        feedback.vote(answer, "passage")
    with pytest.raises(FeedbackError, match="There is no vote 'none'"):
        feedback.review("none", "accepted")
    with pytest.raises(FeedbackError, match="say accepted, rejected or nothing"):
        feedback.review("none", "perhaps")
    for start, end in ((5, 5), (-1, 3), (0, 99)):
        with pytest.raises(FeedbackError, match="is not in the 28 characters of paragraph 1"):
            feedback.passage(answer, paragraph, start, end)
