"""What the fuzzer found, and what it begins with, is run again each time: each is read or refused, and quickly."""

import time
from pathlib import Path

import fuzz
import fuzz_targets
import pytest

FOUND = sorted(path for path in (Path(__file__).parent / "found").rglob("*") if path.is_file())
SECONDS = 10.0  # of processor time; a found case took for ever


@pytest.mark.parametrize("path", FOUND, ids=[f"{path.parent.name}-{path.name[:20]}" for path in FOUND])
def test_a_found_case_is_mended(path: Path) -> None:
    start = time.process_time()
    fuzz_targets.attempt(path.parent.name, path.read_bytes())
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize("target", fuzz_targets.TARGETS)
def test_what_the_fuzzer_begins_with_is_read(target: str) -> None:
    seeds = fuzz.seeds()[target]
    refused = [fuzz_targets.attempt(target, data) for data in seeds]
    assert not all(refused), refused
