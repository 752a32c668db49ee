import platform
import re

from eval.machine import commit, machine, peak_memory


def test_the_commit_is_that_of_this_checkout() -> None:
    assert re.fullmatch(r"[0-9a-f]{12}(-dirty)?|unknown", commit())


def test_the_machine_is_described_and_not_named() -> None:
    assert re.search(r", \d+ cores, .*Python 3\.\d+", machine())
    assert not platform.node() or platform.node() not in machine()


def test_memory_is_told_in_bytes() -> None:
    assert peak_memory() > 10_000_000
