from dataclasses import dataclass
from enum import StrEnum

import pytest

from eval.shape import build


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Part:
    name: str
    size: float = 1.0


@dataclass(frozen=True)
class Whole:
    parts: tuple[Part, ...]
    colour: Colour | None = None


def test_json_becomes_a_record_and_what_is_not_there_keeps_its_default() -> None:
    value = {"parts": [{"name": "a", "size": 2}, {"name": "b"}], "colour": "red"}
    assert build(Whole, value) == Whole((Part("a", 2.0), Part("b")), Colour.RED)
    assert build(Whole, {"parts": [], "colour": None}) == Whole(())


@pytest.mark.parametrize("value", [{}, {"parts": 5}, {"parts": [{"name": 5}]}, {"parts": [], "colour": "blue"}, []])
def test_another_shape_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError, KeyError)):
        build(Whole, value)
