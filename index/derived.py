"""Keeps derived files trustworthy: written aside, synced, checksummed, renamed, and stamped.

A stamp names the library and the generation the file was made from. It does not know what
the files hold; whatever is missing, behind or damaged is reported as absent and made again.
"""

import hashlib
import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock

FOLDER = "derived"
# Two threads of one process would write the same part; other processes have another number.
_ONE_AT_A_TIME = Lock()

# Seconds after which a part that nobody wrote to was left by a program that was killed.
_ABANDONED = 3_600.0


def publish(library: Path, name: str, stamp: str, write: Callable[[Path], None]) -> Path:
    """Have `write` make a file or folder, and put it in place of the earlier one in one step.

    One that another thread has made from the same state meanwhile, and may be opening, stays.
    """
    before = find(library, name, stamp)
    with _ONE_AT_A_TIME:
        made = find(library, name, stamp)
        return made if made and made != before else _put(library, name, stamp, write)


def _put(library: Path, name: str, stamp: str, write: Callable[[Path], None]) -> Path:
    folder = library / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    aside = folder / f"{name}.{_mine()}.part"
    _discard(aside)
    try:
        write(aside)
        for path in _files(aside):
            _sync(path)
        seal = {"stamp": stamp, "sha256": _checksum(aside), "file": f"{name}-{_short(stamp)}"}
        target = folder / str(seal["file"])
        _discard(target)
        aside.rename(target)
    except BaseException:
        with suppress(OSError):
            _discard(aside)
        raise
    _write_seal(folder / f"{name}.json", seal)
    with suppress(OSError):  # what is left of the earlier one goes with the next
        for old in folder.glob(f"{name}-*"):
            if old != target:
                _discard(old)
    return target


def _mine() -> str:
    """Name what this thread writes, so that no other writes the same."""
    return f"{os.getpid()}-{threading.get_ident()}"


def _sweep(folder: Path) -> None:
    """Discard parts that programs left when they were killed."""
    for part in folder.glob("*.part"):
        with suppress(OSError):  # another program may sweep too
            if time.time() - part.stat().st_mtime > _ABANDONED:
                _discard(part)


def is_there(library: Path, name: str) -> bool:
    """Say whether a file of that name was ever made, whole or not."""
    return (library / FOLDER / f"{name}.json").exists()


def stamp_of(library: Path, name: str) -> str:
    """Return the stamp of the file of that name, nothing where there is none that can be read."""
    try:
        return str(json.loads((library / FOLDER / f"{name}.json").read_text("utf-8"))["stamp"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def find(library: Path, name: str, stamp: str) -> Path | None:
    """Return the file or folder made for `stamp`, None when it is missing, behind or damaged."""
    folder = library / FOLDER
    try:
        seal = json.loads((folder / f"{name}.json").read_text("utf-8"))
        target = folder / Path(seal["file"]).name
        whole = seal["stamp"] == stamp and target.exists() and seal["sha256"] == _checksum(target)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return target if whole else None


def is_damaged(library: Path, name: str, stamp: str) -> bool:
    """Say whether the file made for `stamp` is there and is not what was written."""
    folder = library / FOLDER
    if not is_there(library, name):
        return False
    try:
        seal = json.loads((folder / f"{name}.json").read_text("utf-8"))
        target = folder / Path(seal["file"]).name
        return bool(seal["stamp"] == stamp and target.exists() and seal["sha256"] != _checksum(target))
    except (OSError, ValueError, KeyError, TypeError):
        return True


def _short(stamp: str) -> str:
    return hashlib.sha256(stamp.encode()).hexdigest()[:12]


def _files(path: Path) -> Iterator[Path]:
    # Lock files hold nothing and come and go while an index is open.
    return (
        iter(sorted(p for p in path.rglob("*") if p.is_file() and p.suffix != ".lock"))
        if path.is_dir()
        else iter([path])
    )


def _checksum(path: Path) -> str:
    digest = hashlib.sha256()
    for file in _files(path):
        # Names relative to `path`, which is renamed after it is sealed.
        name = file.relative_to(path).as_posix()
        digest.update(f"{name}\0{file.stat().st_size}\0".encode())
        with file.open("rb") as opened:
            digest.update(hashlib.file_digest(opened, "sha256").digest())
    return digest.hexdigest()


def _sync(path: Path) -> None:
    with path.open("rb") as opened:
        os.fsync(opened.fileno())


def _write_seal(path: Path, seal: dict[str, str]) -> None:
    aside = path.with_suffix(f".{_mine()}.part")
    aside.write_text(json.dumps(seal), "utf-8")
    _sync(aside)
    aside.replace(path)


def _discard(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
