"""What vectors promises: exact cosines under the caller's own ids, best first."""

from pathlib import Path

import numpy as np
import pytest

from index.vectors import Vectors, VectorsError


def matrix(*rows: tuple[float, ...]) -> np.ndarray:
    return np.array(rows, np.float32)


@pytest.fixture
def vectors() -> Vectors:
    return Vectors(np.array([50, 9, 1 << 40]), matrix((1, 0), (0, 1), (0.6, 0.8)))


def near(found: list[tuple[int, float]]) -> list[tuple[int, float]]:
    return [(number, round(cosine, 6)) for number, cosine in found]


def test_three_known_vectors_come_back_with_their_ids_and_cosines(vectors: Vectors) -> None:
    (found,) = vectors.nearest(matrix((1, 0)), 3)
    assert near(found) == [(50, 1.0), (1 << 40, 0.6), (9, 0.0)]


def test_each_question_has_its_own_ranking(vectors: Vectors) -> None:
    first, second = vectors.nearest(matrix((0, 1), (-1, 0)), 2)
    assert near(first) == [(9, 1.0), (1 << 40, 0.8)]
    assert near(second) == [(9, 0.0), (1 << 40, -0.6)]


def test_asking_for_more_than_there_are_gives_all(vectors: Vectors) -> None:
    assert len(vectors.nearest(matrix((1, 0)), 99)[0]) == 3


def test_no_question_has_no_answer(vectors: Vectors) -> None:
    assert vectors.nearest(np.empty((0, 2), np.float32), 3) == []


def test_a_question_of_another_dimension_is_refused(vectors: Vectors) -> None:
    with pytest.raises(VectorsError, match=r"The question has 3 dimensions, the index 2; run: python -m index rebuild"):
        vectors.nearest(matrix((1, 0, 0)), 1)


def test_an_index_of_nothing_finds_nothing() -> None:
    empty = Vectors(np.empty(0, np.int64), np.empty((0, 2), np.float32))
    assert (empty.count, empty.nearest(matrix((1, 0)), 3)) == (0, [[]])


def test_a_saved_index_answers_as_before(vectors: Vectors, tmp_path: Path) -> None:
    vectors.save(tmp_path / "vectors")
    loaded = Vectors.load(tmp_path / "vectors")
    assert loaded.count == 3
    assert loaded.nearest(matrix((1, 0)), 3) == vectors.nearest(matrix((1, 0)), 3)


@pytest.mark.parametrize("content", [b"junk", b""])
def test_a_damaged_file_is_refused_with_the_command_that_mends_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "vectors").write_bytes(content)
    with pytest.raises(VectorsError, match="is damaged; run: python -m index rebuild"):
        Vectors.load(tmp_path / "vectors")


def test_only_the_ids_among_those_given_are_searched() -> None:
    vectors = Vectors(np.array([5, 6, 7]), np.array([(1, 0), (0.6, 0.8), (0, 1)], np.float32))
    asked = np.array([(1, 0)], np.float32)
    assert [found for found, _ in vectors.nearest(asked, 3, [6, 7])[0]] == [6, 7]
    assert vectors.nearest(asked, 3, [])[0] == []
