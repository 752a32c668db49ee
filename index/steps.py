"""The nouns of adding: the steps that a file goes through, who is told of them, and what becomes of a file."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

# Called with the step's name, how much is done, and how much there is in all.
Progress = Callable[[str, int, int], None]


def silent(*told: object) -> None:
    """Report no progress."""


class Outcome(StrEnum):
    """What became of a file that was added."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file; `message` says why it failed, or what a reader should know of it, or nothing."""

    path: str
    report: str
    outcome: Outcome
    message: str
    paragraphs: int


@dataclass(frozen=True, slots=True)
class FileStep:
    """How far one file is: the file `at` of `files`, counted from 1, is at `step`, of which so much is done.

    The steps are reading, recognising (a scan's pages), splitting, embedding, saving and done; with the last one comes
    what became of it.
    """

    path: str
    at: int
    files: int
    step: str
    done: int = 0
    total: int = 1
    added: Added | None = None


# Called with every step of every file.
Following = Callable[[FileStep], None]


def as_one(progress: Progress) -> Following:
    """Return what tells `progress` of all files as one piece of work."""

    def follow(one: FileStep) -> None:
        if one.step == "reading":
            progress(one.step, one.at - 1, one.files)
        elif one.step != "done":
            progress(one.step, one.done, one.total)
        elif one.at == one.files:
            progress("reading", one.files, one.files)

    return follow
