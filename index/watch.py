"""Keeps a library like a folder: adds what is new, replaces what changed, takes out what was deleted there.

It looks again and again; a file is read once it has stopped growing. It knows no format.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from index.archive import find_files
from index.records import Report, WenjuError
from index.steps import Added, Outcome


class Shelf(Protocol):
    """What is asked of the library."""

    def add(self, paths: list[Path]) -> tuple[Added, ...]:
        """Add files; say for each what became of it."""

    def remove(self, report: str) -> None:
        """Take a report out."""

    def reports(self) -> tuple[Report, ...]:
        """Return every report."""


# A file's size and time of change, which tell whether it is being written.
_State = tuple[int, int]


class Watch:
    """What was seen of a folder so far."""

    def __init__(self, shelf: Shelf, folder: Path) -> None:
        """Watch `folder` for `shelf`.

        Raises:
            WenjuError: there is no such folder.
        """
        if not folder.is_dir():
            raise WenjuError(f"{folder} is no folder that can be watched; name one that holds reports.")
        self._shelf, self._folder = shelf, folder
        self._seen: dict[Path, _State] = {}
        self._done: dict[Path, _State] = {}

    def look(self, at_once: bool = False) -> tuple[Added, ...]:
        """Bring the library up to date; a file must look the same twice, unless all are to be taken `at_once`."""
        if not self._folder.is_dir():  # a drive that was unplugged is no order to forget its reports
            return ()
        now = dict(self._states())
        ready = [
            p for p, state in now.items() if self._done.get(p) != state and (at_once or self._seen.get(p) == state)
        ]
        self._seen = now
        self._done |= {path: now[path] for path in ready}
        added = self._shelf.add(ready) if ready else ()
        told = tuple(one for one in added if one.outcome is not Outcome.UNCHANGED)
        return (*told, *self._removed())

    def _states(self) -> Iterator[tuple[Path, _State]]:
        for path in dict.fromkeys(found.path for found in find_files([self._folder])):
            try:
                found = path.stat()
            except OSError:  # it vanished since it was listed
                continue
            yield path, (found.st_size, found.st_mtime_ns)

    def _removed(self) -> Iterator[Added]:
        """Take out the reports that were read from this folder and whose file is no longer there."""
        home = self._folder.resolve()
        for report in self._shelf.reports():
            path = Path(report.source.split("!")[0])
            if report.source and path.is_relative_to(home) and not path.exists():
                self._shelf.remove(report.id)
                yield Added(str(path), report.id, Outcome.REMOVED, "", 0)


def watch(seen: Watch, seconds: float, tell: Callable[[tuple[Added, ...]], None]) -> None:
    """Look every so many seconds until it is interrupted, and tell what became of files."""
    while True:
        if told := seen.look():
            tell(told)
        time.sleep(seconds)
