"""What derived promises: a file that is found is whole and of the state that was asked for."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest

from index import derived


def file_of(content: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content) and None


def folder_of(**contents: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.mkdir()
        for name, content in contents.items():
            (path / name).write_bytes(content)

    return write


@pytest.fixture
def published(tmp_path: Path) -> Path:
    return derived.publish(tmp_path, "vectors", "library:1", file_of(b"0123456789"))


def test_what_was_published_is_found(tmp_path: Path, published: Path) -> None:
    assert derived.find(tmp_path, "vectors", "library:1") == published
    assert published.read_bytes() == b"0123456789"


def test_a_folder_that_was_published_is_found(tmp_path: Path) -> None:
    made = derived.publish(tmp_path, "keywords", "library:1", folder_of(a=b"1", b=b"2"))
    assert derived.find(tmp_path, "keywords", "library:1") == made
    assert sorted(path.name for path in made.iterdir()) == ["a", "b"]


def test_nothing_is_found_before_anything_is_published(tmp_path: Path) -> None:
    assert derived.find(tmp_path, "vectors", "library:1") is None


@pytest.mark.parametrize(
    ("name", "stamp"), [("vectors", "library:2"), ("vectors", "other:1"), ("keywords", "library:1")]
)
def test_a_file_of_another_state_is_not_found(tmp_path: Path, published: Path, name: str, stamp: str) -> None:
    assert derived.find(tmp_path, name, stamp) is None


@pytest.mark.parametrize("content", [b"012345678X", b"01234", b"", b"0123456789!"])
def test_a_damaged_file_is_not_found(tmp_path: Path, published: Path, content: bytes) -> None:
    published.write_bytes(content)
    assert derived.find(tmp_path, "vectors", "library:1") is None


def test_a_missing_file_is_not_found(tmp_path: Path, published: Path) -> None:
    published.unlink()
    assert derived.find(tmp_path, "vectors", "library:1") is None


def test_a_folder_that_lost_or_gained_a_file_is_not_found(tmp_path: Path) -> None:
    made = derived.publish(tmp_path, "keywords", "library:1", folder_of(a=b"1", b=b"2"))
    (made / "c").write_bytes(b"")
    assert derived.find(tmp_path, "keywords", "library:1") is None
    (made / "c").unlink()
    assert derived.find(tmp_path, "keywords", "library:1") == made
    (made / "b").unlink()
    assert derived.find(tmp_path, "keywords", "library:1") is None


def test_a_lock_file_that_comes_and_goes_does_not_matter(tmp_path: Path) -> None:
    made = derived.publish(tmp_path, "keywords", "library:1", folder_of(a=b"1"))
    (made / "writer.lock").touch()
    assert derived.find(tmp_path, "keywords", "library:1") == made


@pytest.mark.parametrize(
    "seal", ["", "{", "[]", "null", "7", "{}", '{"file": 3, "stamp": "library:1"}', '{"stamp": "library:1"}', "\x00"]
)
def test_with_a_damaged_seal_nothing_is_found(tmp_path: Path, published: Path, seal: str) -> None:
    (tmp_path / "derived" / "vectors.json").write_text(seal, "utf-8")
    assert derived.find(tmp_path, "vectors", "library:1") is None


def test_a_seal_that_is_not_utf8_is_taken_as_damaged(tmp_path: Path, published: Path) -> None:
    (tmp_path / "derived" / "vectors.json").write_bytes(b"\xff\xfe\x00")
    assert derived.find(tmp_path, "vectors", "library:1") is None


def test_a_seal_cannot_name_a_file_outside_its_folder(tmp_path: Path, published: Path) -> None:
    seal_path = tmp_path / "derived" / "vectors.json"
    seal = json.loads(seal_path.read_text("utf-8"))
    published.rename(tmp_path / published.name)
    seal_path.write_text(json.dumps({**seal, "file": f"../{published.name}"}), "utf-8")
    assert derived.find(tmp_path, "vectors", "library:1") is None


def test_the_earlier_file_is_discarded(tmp_path: Path, published: Path) -> None:
    later = derived.publish(tmp_path, "vectors", "library:2", file_of(b"new"))
    assert derived.find(tmp_path, "vectors", "library:2") == later
    assert not published.exists()
    assert sorted(path.name for path in (tmp_path / "derived").iterdir()) == [later.name, "vectors.json"]


def test_the_same_state_can_be_published_again(tmp_path: Path, published: Path) -> None:
    published.write_bytes(b"damaged")
    again = derived.publish(tmp_path, "vectors", "library:1", file_of(b"0123456789"))
    assert derived.find(tmp_path, "vectors", "library:1") == again == published


def test_a_folder_takes_the_place_of_a_folder(tmp_path: Path) -> None:
    derived.publish(tmp_path, "keywords", "library:1", folder_of(a=b"1"))
    again = derived.publish(tmp_path, "keywords", "library:1", folder_of(b=b"2"))
    assert [path.name for path in again.iterdir()] == ["b"]


def test_a_write_that_fails_leaves_the_earlier_file(tmp_path: Path, published: Path) -> None:
    def fail(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        derived.publish(tmp_path, "vectors", "library:2", fail)
    assert derived.find(tmp_path, "vectors", "library:1") == published


def test_what_a_crash_left_half_written_is_no_hindrance(tmp_path: Path, published: Path) -> None:
    (tmp_path / "derived" / "vectors.999.part").write_bytes(b"half")
    later = derived.publish(tmp_path, "vectors", "library:2", file_of(b"new"))
    assert derived.find(tmp_path, "vectors", "library:2") == later


def test_threads_that_find_a_file_missing_at_once_all_get_it_whole(tmp_path: Path) -> None:
    made: list[str] = []

    def write(path: Path) -> None:
        path.mkdir()
        (path / "a").write_text("whole", "utf-8")
        made.append(path.name)
        sleep(0.05)

    with ThreadPoolExecutor(6) as crew:
        found = list(crew.map(lambda _: derived.publish(tmp_path, "words", "s", write), range(6)))
    assert len(set(found)) == len(made) == 1
    assert (found[0] / "a").read_text("utf-8") == "whole"
