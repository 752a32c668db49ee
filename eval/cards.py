"""Keeps scorecards in a folder, and hands them out: as JSON, as a page, compared, or as a set of what failed.

A conductor over files, page and comparison; measures nothing.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from eval import compare, page, records, scorecard
from eval.write_wenju import to_line


class Cards:
    """The scorecards of a folder, by name."""

    Comparison: TypeAlias = compare.Comparison
    Change: TypeAlias = compare.Change
    Flip: TypeAlias = compare.Flip
    Outcome: TypeAlias = records.Outcome

    compare = staticmethod(compare.compare)
    render = staticmethod(page.render)
    to_json = staticmethod(scorecard.to_json)
    from_json = staticmethod(scorecard.from_json)

    def __init__(self, folder: Path) -> None:
        """Keep cards in a folder; it is made when the first is kept."""
        self._folder = folder

    def keep(self, card: records.Scorecard) -> str:
        """Write a card, and return the name it is kept under."""
        split = re.sub(r"[^\w.-]", "_", f"{card.origin.set_name}-{card.origin.split or 'all'}")
        stem = name = f"{split}-{datetime.now(UTC):%Y%m%d-%H%M%S}"
        number = 2
        while self._path(name).exists():
            name, number = f"{stem}-{number}", number + 1
        scorecard.save_card(card, self._path(name))
        return name

    def names(self) -> tuple[str, ...]:
        """Return the names of the cards, newest first."""
        files = sorted(self._folder.glob("*.json"), key=lambda file: (file.stat().st_mtime_ns, file.name))
        return tuple(file.stem for file in reversed(files))

    def load(self, name: str) -> records.Scorecard:
        """Return a card.

        Raises:
            CardError: there is none of that name.
        """
        return scorecard.load_card(self._path(self._own(name)))

    def remove(self, name: str) -> None:
        """Take a card away.

        Raises:
            CardError: there is none of that name.
        """
        self._path(self._own(name)).unlink()

    @staticmethod
    def failures(card: records.Scorecard) -> str:
        """Return the failed cases as Wenju JSONL, what went wrong in their note."""
        failed = (outcome for outcome in card.outcomes if outcome.fault is not records.Fault.NONE)
        return "".join(f"{to_line(replace(one.case, note=_note(one)))}\n" for one in failed)

    def _own(self, name: str) -> str:
        """Let no name lead out of the folder: only those of its own files are known."""
        if name not in self.names():
            raise scorecard.CardError(f"There is no scorecard {name!r} in {self._folder}; read the list again.")
        return name

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"


def _note(outcome: records.Outcome) -> str:
    ranks = ", ".join(map(str, outcome.ranks)) or "none"
    told = f"{outcome.fault}; ranks of right paragraphs: {ranks}"
    return f"{told}; answer: {outcome.given.text}" if outcome.given else told
