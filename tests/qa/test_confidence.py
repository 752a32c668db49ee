import math

import pytest

from index import fold
from qa.asked import asked
from qa.confidence import Features, confidence, features
from qa.config import ConfidenceWeights, QaConfig
from qa.evidence import find_evidence


def test_confidence_is_the_logistic_of_the_weighted_sum() -> None:
    measured = Features(0.5, 0.5, 1.0, 0.0, 0.0, 0.0, 0.0)
    weights = ConfidenceWeights(-1.0, 2.0, 1.0, 0.5, 9.0, 9.0, 9.0, 9.0)
    assert confidence(measured, weights) == pytest.approx(1 / (1 + math.exp(-1.0)))


def measure(index, question: str) -> Features:
    wanted = asked(fold(question))
    hits = index.search(question)
    found = find_evidence(index, question, wanted, hits, QaConfig())
    return features(index, fold(question), wanted, found, hits)


def test_a_place_no_hit_names_is_strange(fake_index) -> None:
    assert measure(fake_index, "浦东滨江岸线贯通了多少公里?").strange_place == 1.0
    assert measure(fake_index, "滨江岸线贯通了多少公里?").strange_place == 0.0


def test_a_number_no_hit_holds_is_strange(fake_index) -> None:
    assert measure(fake_index, "2030年滨江岸线贯通多少?").strange_number == 1.0
    assert measure(fake_index, "8.3公里是什么?").strange_number == 0.0


def test_a_premise_turned_round_is_noticed(fake_index) -> None:
    assert measure(fake_index, "滨江岸线为什么没能贯通?").undone == 1.0
    assert measure(fake_index, "滨江岸线有没有贯通?").undone == 0.0


def test_what_the_best_paragraph_holds_is_not_missed(fake_index) -> None:
    assert measure(fake_index, "滨江").missed == 0.0
    assert measure(fake_index, "火星").missed == 1.0
