"""Killed while adding: every library opens, nothing acknowledged is lost, no half report is visible."""

import os
from collections.abc import Callable
from typing import Any

import pytest

REPORTS = 50
KILLS, FEW_KILLS = 300, 4
# Steps of adding from one that is tried to the next, in the long and in the everyday run.
OFTEN, SOME = 4, 40

Nursery = Callable[..., Any]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked")
@pytest.mark.parametrize("kills", [FEW_KILLS, pytest.param(KILLS, marks=pytest.mark.long)])
def test_killed_at_a_random_moment_a_library_is_whole(nursery: Nursery, kills: int) -> None:
    found = nursery("kill_at_random", kills, REPORTS)
    assert found["faults"] == []
    assert found["acknowledged"] > kills  # the kills fell into the adding, not before it
    assert found["finished"] < kills  # and not behind it


@pytest.mark.parametrize("stride", [SOME, pytest.param(OFTEN, marks=pytest.mark.long)])
def test_killed_at_a_step_of_writing_a_library_is_whole(nursery: Nursery, stride: int) -> None:
    found = nursery("kill_at_every_step", stride)
    assert found["faults"] == []
    assert found["steps"] > 100
    # Before every step, and in the middle of those that are writes.
    assert found["killed"] > found["steps"] / stride
