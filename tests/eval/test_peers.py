"""What the bench of peers promises: like paragraphs, like questions, and mixtures that add up as they say."""

from collections.abc import Sequence

import numpy as np
import pytest

from eval.peers.bench import Ranked
from eval.peers.rankers import Half, Reciprocal, Scores, single_characters
from index import Index

NOT_NAMED = -np.inf


class Fixed:
    """Gives every question the same scores."""

    def __init__(self, *scores: float) -> None:
        self._scores = scores

    def scores(self, questions: Sequence[str]) -> Scores:
        return np.array([self._scores] * len(questions), float)


def test_half_a_cosine_and_half_a_scaled_bm25_are_added() -> None:
    mixed = Half(Fixed(0.2, 0.8, 0.4), Fixed(6.0, 3.0, NOT_NAMED)).scores(["问"])
    assert mixed.tolist() == [pytest.approx([0.1 + 0.5, 0.4 + 0.25, 0.2])]


def test_a_question_without_a_known_word_is_left_to_the_cosine() -> None:
    mixed = Half(Fixed(0.2, 0.8), Fixed(NOT_NAMED, NOT_NAMED)).scores(["问"])
    assert mixed.tolist() == [pytest.approx([0.1, 0.4])]


def test_reciprocal_ranks_are_added_and_the_unnamed_add_nothing() -> None:
    mixed = Reciprocal(Fixed(0.2, 0.8, 0.4), Fixed(6.0, NOT_NAMED, 3.0)).scores(["问"])
    assert mixed.tolist() == [pytest.approx([1 / 63 + 1 / 61, 1 / 61, 1 / 62 + 1 / 62])]


def test_hits_come_best_first_without_the_unnamed() -> None:
    reports = [Index.make_report("a", "甲", ["一", "二"]), Index.make_report("b", "乙", ["三"])]
    (hits,) = Ranked("fixed", reports, Fixed(1.0, NOT_NAMED, 2.0)).search_many(["问"], 3)
    assert [(hit.paragraph.text, hit.title, hit.score) for hit in hits] == [("三", "乙", 2.0), ("一", "甲", 1.0)]


def test_characters_stand_alone_and_other_words_whole() -> None:
    assert single_characters("黄浦区 GDP 8.3%") == ["黄", "浦", "区", "gdp", "8.3"]
