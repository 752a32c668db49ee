"""What maxsim promises: the mean best cosine of the question's tokens, weighted, in the best window."""

import numpy as np
import pytest

from index.maxsim import maxsim

# Token 0 is unknown. Lengths, which are weights: 0, 1, 2, 5.
TABLE = np.array([(0, 0), (1, 0), (0, 2), (3, 4)], np.float32)


def tokens(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


def test_each_token_of_the_question_takes_its_best_cosine() -> None:
    # Token 1 meets 1 and 0.6, token 2 meets 0 and 0.8: (1 * 1 + 2 * 0.8) / 3. With token 3 alone: (0.6 + 1.6) / 3.
    found = maxsim(TABLE, tokens(1, 2), [[tokens(1, 3)], [tokens(3)]])
    assert found == pytest.approx([2.6 / 3, 2.2 / 3])


def test_a_passage_that_holds_all_tokens_scores_one() -> None:
    assert maxsim(TABLE, tokens(1, 2, 3), [[tokens(3, 2, 1)]]) == pytest.approx([1.0])


def test_a_passage_without_tokens_has_no_score() -> None:
    found = maxsim(TABLE, tokens(1), [[tokens()], [tokens(1)], [], [tokens(2)], [tokens(), tokens()]])
    assert found == [None, pytest.approx(1.0), None, pytest.approx(0.0), None]


@pytest.mark.parametrize("question", [tokens(), tokens(0)])
def test_a_question_without_known_tokens_scores_nothing(question: np.ndarray) -> None:
    assert maxsim(TABLE, question, [[tokens(1)], [tokens(2)]]) == [None, None]


def test_an_unknown_token_of_a_passage_matches_nothing() -> None:
    assert maxsim(TABLE, tokens(1), [[tokens(0)]]) == [0.0]


def test_no_passages_have_no_scores() -> None:
    assert maxsim(TABLE, tokens(1), []) == []


def test_a_passage_counts_by_its_best_window() -> None:
    # Token 1 and token 2 each in a window of its own: the better window meets 2 of the 3 in weight, not all.
    assert maxsim(TABLE, tokens(1, 2), [[tokens(1), tokens(2)]]) == pytest.approx([2 / 3])


def test_rarity_multiplies_a_tokens_weight() -> None:
    # Weights 1 * 4 and 2 * 1: token 1 alone is met.
    rarity = np.array([0, 4, 1, 0], np.float32)
    assert maxsim(TABLE, tokens(1, 2), [[tokens(1)]], rarity) == pytest.approx([4 / 6])


def test_a_question_that_says_next_to_nothing_is_not_met_in_full() -> None:
    table = np.array([(0, 0), (0.25, 0)], np.float32)
    assert maxsim(table, tokens(1), [[tokens(1)]]) == pytest.approx([0.25])
