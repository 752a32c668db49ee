"""Makes the choice of evaluation sets, shipped and uploaded, and says what is wrong with one that was uploaded.

It does not know how a set is run.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from eval import read_set
from web.progress import news
from web.terms import SPLITS
from web.words import both, choice

SETS = Path(__file__).parent.parent / "eval" / "sets"
# Over the report that ships, so that the choice a new reader finds can be run at once; the others need their texts.
FIRST = "huangpu"
# Problems of an uploaded set that are named; `python -m eval check` names all.
MOST_PROBLEMS = 12


@dataclass(frozen=True, slots=True)
class UploadedSet:
    """A set that a reader brought, where it lies, and how many cases it has."""

    path: str
    name: str
    cases: int


@cache
def shipped() -> tuple[tuple[str, str, int], ...]:
    """Return (set, split, cases) of the shipped sets, `FIRST` first: each split, then the whole."""
    found = []
    for path in sorted(SETS.glob("*.jsonl"), key=lambda path: (path.stem != FIRST, path.stem)):
        cases = read_set(path).cases
        counts = Counter(case.split for case in cases if case.split)
        found += [(path.stem, split, counts[split]) for split in sorted(counts)]
        found.append((path.stem, "", len(cases)))
    return tuple(found)


def chooser(sets: Sequence[UploadedSet]) -> str:
    """Return the choice; the set that was uploaded last is chosen."""
    own = [(f"own:{at}", _phrase(one.name, "", one.cases)) for at, one in enumerate(sets)]
    options = [(f"{name}:{split}", _phrase(name, split, count)) for name, split, count in shipped()] + own
    return choice("set", "set", options, chosen=own[-1][0] if own else "")


def _phrase(name: str, split: str, count: int) -> tuple[str, str]:
    chinese, english = SPLITS.get(split, (split, split))
    return f"{name} · {chinese} · {count} 题", f"{name} · {english} · {count}"


def set_file(chosen: str, sets: Sequence[UploadedSet]) -> tuple[Path, str] | None:
    """Return the file and split behind a choice; None where there is no such choice."""
    name, _, split = chosen.partition(":")
    if name == "own":
        at = int(split) if split.isdecimal() else len(sets)
        return (Path(sets[at].path), "") if at < len(sets) else None
    offered = {(one, part) for one, part, _ in shipped()}
    return (SETS / f"{name}.jsonl", split) if (name, split) in offered else None


def set_news(name: str, cases: int, problems: Sequence[str]) -> str:
    """Say that a set was read, and name what cannot be read in it."""
    if not problems:
        return news(both("set_read", count=cases), name=name)
    items = "".join(f"<li>{escape(problem)}</li>" for problem in problems[:MOST_PROBLEMS])
    more = len(problems) - MOST_PROBLEMS
    rest = f"<li>{both('and_more', count=more)}</li>" if more > 0 else ""
    said = both("set_broken", count=cases, bad=len(problems))
    return f'{news(said, good=False, name=name)}<ul class="problems">{items}{rest}</ul>'
