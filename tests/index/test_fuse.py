"""What fuse promises: standard scores, weighted and added."""

from dataclasses import astuple

import pytest

from index.config import FusionWeights
from index.fuse import blend, fuse, standardise


def test_standard_scores_have_mean_nought_and_spread_one() -> None:
    # mean 2, standard deviation sqrt(2 / 3) = 0.816497
    assert list(standardise([1.0, 2.0, 3.0])) == pytest.approx([-1.224745, 0.0, 1.224745], abs=1e-6)


def test_a_candidate_that_a_ranking_does_not_hold_gets_its_lowest_score() -> None:
    # (1, 1, 3): mean 5 / 3, standard deviation sqrt(8 / 9)
    assert list(standardise([None, 1.0, 3.0])) == pytest.approx([-0.707107, -0.707107, 1.414214], abs=1e-6)


@pytest.mark.parametrize("scores", [[2.0, 2.0, 2.0], [None, None], [5.0], [None, 4.0], [0.1 + 0.2, 0.3]])
def test_a_ranking_that_tells_nothing_apart_gives_nought(scores: list[float | None]) -> None:
    assert list(standardise(scores)) == [0.0] * len(scores)


def test_no_candidates_have_no_scores() -> None:
    assert list(standardise([])) == []
    assert list(fuse([(1.0, [])])) == []


def test_rankings_are_added_by_weight() -> None:
    # 3 * (-1.224745, 0, 1.224745) + 1 * (1.224745, 0, -1.224745)
    fused = fuse([(3.0, [1.0, 2.0, 3.0]), (1.0, [30.0, 20.0, 10.0])])
    assert list(fused) == pytest.approx([-2.449490, 0.0, 2.449490], abs=1e-6)


def test_a_ranking_of_weight_nought_does_not_count() -> None:
    assert list(fuse([(1.0, [1.0, 3.0]), (0.0, [9.0, 0.0])])) == pytest.approx([-1.0, 1.0])


def test_the_scale_of_a_ranking_does_not_matter() -> None:
    assert list(fuse([(1.0, [0.1, 0.2, 0.6])])) == pytest.approx(list(fuse([(1.0, [10.0, 20.0, 60.0])])))


@pytest.mark.parametrize(
    ("share", "weights"),
    [
        (0.25, (0.5, 0.25, 0.3, 0.1)),
        (0.0, (0.4, 0.2, 0.4, 0.0)),
        (1.0, (0.8, 0.4, 0.0, 0.4)),
        (-3.0, (0.4, 0.2, 0.4, 0.0)),
        (7.0, (0.8, 0.4, 0.0, 0.4)),
    ],
)
def test_blended_weights_lie_between_two(share: float, weights: tuple[float, ...]) -> None:
    one, other = FusionWeights(0.4, 0.2, 0.4, 0.0), FusionWeights(0.8, 0.4, 0.0, 0.4)
    assert astuple(blend(one, other, share)) == pytest.approx(weights)
