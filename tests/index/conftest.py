"""What the tests of the index share: a library on the disk, and a hand-made embedder of three axes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.library import Library


@pytest.fixture
def embedder(axis_embedder: type) -> Any:
    return axis_embedder("山水火")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library(tmp_path / "library")
    yield opened
    opened.close()
