"""A reader's word on an answer: what is kept of it, and that it is kept once."""

from dataclasses import replace
from pathlib import Path

import pytest

from eval import Feedback
from qa import Answer
from web.vote import REMEMBERED, Ballot

RIGHT = {"verdict": "passage", "report": "bridges", "paragraph": "2"}


def kept(folder: Path) -> list[tuple[str, tuple[str, ...]]]:
    return [(vote.verdict, tuple(one.quote for one in vote.passages)) for vote in Feedback(folder).votes()]


def test_useful_keeps_what_was_cited(ballot: Ballot, answer: Answer, tmp_path: Path) -> None:
    key = ballot.remember(answer)
    assert ballot.cast({"answer": key, "verdict": "up"}) == "thanks"
    assert kept(tmp_path) == [("up", ("全年建桥12座。",))]


@pytest.mark.parametrize("again", [{"verdict": "up"}, {"verdict": "down"}, RIGHT])
def test_an_answer_is_judged_once(ballot: Ballot, answer: Answer, tmp_path: Path, again: dict[str, str]) -> None:
    key = ballot.remember(answer)
    ballot.cast({"answer": key, "verdict": "up"})
    assert ballot.cast({"answer": key, **again}) == "again"
    assert len(kept(tmp_path)) == 1


def test_the_right_passage_completes_a_not_useful(ballot: Ballot, answer: Answer, tmp_path: Path) -> None:
    key = ballot.remember(answer)
    assert ballot.cast({"answer": key, "verdict": "down"}) == "thanks"
    assert kept(tmp_path) == [("down", ())]
    assert ballot.cast({"answer": key, **RIGHT}) == "passage_noted"
    assert kept(tmp_path) == [("passage", ("修路<b>5</b>公里。",))]
    assert ballot.cast({"answer": key, **RIGHT}) == "again"


def test_the_right_passage_alone_is_a_vote(ballot: Ballot, answer: Answer, tmp_path: Path) -> None:
    key = ballot.remember(answer)
    assert ballot.cast({"answer": key, **RIGHT}) == "passage_noted"
    assert ballot.cast({"answer": key, "verdict": "down"}) == "again"
    assert kept(tmp_path) == [("passage", ("修路<b>5</b>公里。",))]


@pytest.mark.parametrize("sent", [{}, {"answer": "unknown", "verdict": "up"}])
def test_an_answer_that_is_not_known_is_not_judged(ballot: Ballot, tmp_path: Path, sent: dict[str, str]) -> None:
    assert ballot.cast(sent) == "gone"
    assert kept(tmp_path) == []


def test_a_vote_that_could_not_be_kept_can_be_given_again(ballot: Ballot, answer: Answer, tmp_path: Path) -> None:
    key = ballot.remember(answer)
    assert ballot.cast({"answer": key, **RIGHT, "paragraph": "99"}) == "vote_failed"
    assert ballot.cast({"answer": key, **RIGHT}) == "passage_noted"
    assert len(kept(tmp_path)) == 1


def test_the_oldest_answers_are_forgotten(ballot: Ballot, answer: Answer) -> None:
    first = ballot.remember(answer)
    second = ballot.remember(replace(answer, question="?"))
    for _ in range(REMEMBERED - 1):
        ballot.remember(answer)
    assert ballot.cast({"answer": first, "verdict": "up"}) == "gone"
    assert ballot.cast({"answer": second, "verdict": "up"}) == "thanks"
