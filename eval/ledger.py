"""Lines kept in a file that several programs write: one at a time, and on the disk before it counts.

The only door to file locks; knows nothing of what the lines say.
"""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from index import WenjuError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class LedgerError(WenjuError):
    """A file that cannot be read or written."""


class Ledger:
    """A file of lines. Safe to use from several threads and programs."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def lines(self) -> list[str]:
        """Return the lines, none where there is no file yet.

        Raises:
            LedgerError: the file cannot be read.
        """
        try:
            # A line cut off in the middle of a character by a crash must not hide the others.
            return self.path.read_bytes().decode("utf-8", "replace").split("\n") if self.path.exists() else []
        except OSError as error:
            raise LedgerError(f"{self.path} cannot be read ({error}); mend or move it.") from error

    def append(self, line: str) -> None:
        """Add a line and wait until it is on the disk; the caller holds the lock where it read before."""
        with self._opened("ab+") as file:
            start = "\n" if self._torn() else ""
            os.write(file, f"{start}{line}\n".encode())
            os.fsync(file)

    def replace(self, lines: Sequence[str]) -> None:
        """Put other lines in the place of all; a crash leaves the old or the new ones."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}-")
        try:
            with os.fdopen(beside, "w", encoding="utf-8", newline="\n") as file:
                file.writelines(f"{line}\n" for line in lines)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except OSError as error:
            Path(name).unlink(missing_ok=True)
            raise LedgerError(f"{self.path} cannot be written ({error}); free the disk or name another.") from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep everyone else's changes out meanwhile; not to be entered twice."""
        with self._opened("ab", ".lock") as file:
            _lock(file)
            try:
                yield
            finally:
                _unlock(file)

    def _torn(self) -> bool:
        with self.path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(size - 1, 0))
            return size > 0 and file.read() != b"\n"

    @contextmanager
    def _opened(self, mode: str, ending: str = "") -> Iterator[int]:
        path = self.path.with_name(self.path.name + ending)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open(mode)
        except OSError as error:
            raise LedgerError(f"{path} cannot be written ({error}); make its folder writable.") from error
        with file:
            yield file.fileno()


def _lock(file: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(file, msvcrt.LK_LOCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX)


def _unlock(file: int) -> None:
    if sys.platform == "win32":
        with suppress(OSError):
            msvcrt.locking(file, msvcrt.LK_UNLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_UN)
