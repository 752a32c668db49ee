"""A full or failing disk: the old state is served, the error is one clear sentence, the next adding works."""

from collections.abc import Callable
from typing import Any

import pytest

# Steps of adding two reports from one that is tried to the next, in the long and in the everyday run.
OFTEN, SOME = 4, 40


@pytest.mark.parametrize("stride", [SOME, pytest.param(OFTEN, marks=pytest.mark.long)])
def test_a_step_that_fails_leaves_what_was_there(nursery: Callable[..., Any], stride: int) -> None:
    found = nursery("fail_every_step", stride)
    assert found["faults"] == []
    assert found["steps"] > 100
    told = {sentence for sentence in found["told"] if sentence}
    assert told, "no step was refused"
    assert all("cannot be used" in sentence for sentence in told), told
