"""What these tests share: a folder in memory, steps that fail, children that are killed."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent

ROOT = HERE.parent.parent
# A parent that forks must have no threads of its own.
ALONE = {
    "PYTHONPATH": str(ROOT),
    "TOKENIZERS_PARALLELISM": "false",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}

# Runs a scenario of nursery.py by its name and numbers; returns what it found.
Nursery = Callable[..., Any]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory where there is one: what a kill leaves is the same, and a busy disk is not waited for."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as made:
        yield Path(made)


@pytest.fixture(scope="session")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that has a chosen step fail, compiled."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if not compiler or not sys.platform.startswith("linux"):
        pytest.skip("a C compiler on Linux is needed to have the system's calls fail")
    made = tmp_path_factory.mktemp("faults") / "faults.so"
    subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", made, HERE / "faults.c", "-ldl"], check=True)
    return made


@pytest.fixture
def nursery(folder: Path, request: pytest.FixtureRequest) -> Nursery:
    def run(scenario: str, *numbers: int) -> Any:
        preload = {} if scenario == "kill_at_random" else {"LD_PRELOAD": str(request.getfixturevalue("faults"))}
        command = [sys.executable, HERE / "nursery.py", scenario, folder, *map(str, numbers)]
        done = subprocess.run(
            command, capture_output=True, text=True, env={**os.environ, **ALONE, **preload}, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
