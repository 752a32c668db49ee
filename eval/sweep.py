"""Settings to vary -> the cells of a table, each a scorecard of its own; cells that were finished before are read back.

Knows neither how a set is run nor how the table is shown.
"""

import hashlib
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from eval.machine import commit
from eval.opening import fused
from eval.records import CaseSet, Plan, Scorecard, Setting
from eval.scorecard import load_card, save_card
from index import IndexConfig, WenjuError
from qa import QaConfig

# What may be varied, and what a value of it is; the embedder comes first because changing it costs most.
_COUNTS, _POINTS, _SHARES = ("top", "sentences", "narrow"), ("near",), ("refuse_below",)
NAMES = ("embedder", "fusion", *_COUNTS, *_POINTS, *_SHARES)
BUNDLED = "bundled"


class SweepError(WenjuError):
    """A sweep that makes no sense."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One choice of settings."""

    settings: tuple[Setting, ...]

    @property
    def name(self) -> str:
        """The settings in one line."""
        return " ".join(f"{one.name}={one.value}" for one in self.settings)

    def value(self, name: str) -> str:
        """Return the value of a setting, "" where it is not varied."""
        return next((one.value for one in self.settings if one.name == name), "")


@dataclass(frozen=True, slots=True)
class Row:
    """A cell that was measured; `resumed` where its card was there before."""

    cell: Cell
    card: Scorecard
    resumed: bool


def cells_of(varied: Sequence[str]) -> tuple[Cell, ...]:
    """Return every combination of `name=value,value`, in an order that changes the embedder least.

    Raises:
        SweepError: a name is not known or doubled, or a value makes no sense.
    """
    choices: dict[str, tuple[Setting, ...]] = {}
    for one in varied:
        name, _, values = one.partition("=")
        if name not in NAMES or name in choices or not values:
            raise SweepError(f"--vary is {one!r}; write one of {', '.join(NAMES)}, each once, as name=value,value.")
        choices[name] = tuple(Setting(name, _checked(name, value)) for value in dict.fromkeys(values.split(",")))
    ordered = [choices[name] for name in NAMES if name in choices]
    return tuple(Cell(settings) for settings in product(*ordered))


def configs_of(cell: Cell, index: IndexConfig, qa: QaConfig) -> tuple[IndexConfig, QaConfig]:
    """Return the settings of a cell: those that are given, but for what it varies."""
    counts = {name: int(value) for name in _COUNTS if (value := cell.value(name))}
    numbers = {name: float(value) for name in (*_POINTS, *_SHARES) if (value := cell.value(name))}
    if embedder := cell.value("embedder"):
        index = replace(index, embedder="" if embedder == BUNDLED else embedder)
    if fusion := cell.value("fusion"):
        index = fused(index, fusion.split(":"))
    return index, replace(qa, **counts, **numbers)  # type: ignore[arg-type]


def split_of(case_set: CaseSet, asked: str) -> str:
    """Return the split that a sweep may use: whoever chooses settings on the test split has no test left.

    Raises:
        SweepError: the test split was asked for.
    """
    splits = {case.split for case in case_set.cases}
    if asked == "test":
        raise SweepError("A sweep chooses settings, so it must not see the split test; take --split dev.")
    return asked or ("dev" if "dev" in splits else "")


def sweep(cells: Sequence[Cell], folder: Path, run: str, measure: Callable[[Cell], Scorecard]) -> Iterator[Row]:
    """Yield every cell measured; `run` names what cells of one table share: set, plan and library."""
    for cell in cells:
        path = folder / f"{_key(cell, run)}.json"
        if path.exists():
            yield Row(cell, load_card(path), resumed=True)
            continue
        card = measure(cell)
        beside = path.with_suffix(".part")  # renamed when it is whole: a cell that is there was finished
        save_card(card, beside)
        beside.replace(path)
        yield Row(cell, card, resumed=False)


def run_name(case_set: CaseSet, plan: Plan, generation: int) -> str:
    """Name what all cells of a table share; another set, plan, library or commit makes other cells."""
    return f"{case_set.digest} {plan} {generation} {commit()}"


def _key(cell: Cell, run: str) -> str:
    return hashlib.sha256(f"{run}\n{cell.name}".encode()).hexdigest()[:16]


def _checked(name: str, value: str) -> str:
    value = value.strip()
    try:
        sound = {
            "fusion": lambda: len([float(one) for one in value.split(":")]) == 3,
            "embedder": lambda: bool(value),
            **dict.fromkeys(_COUNTS, lambda: int(value) > 0),
            **dict.fromkeys(_POINTS, lambda: 0 <= float(value) < math.inf),
            **dict.fromkeys(_SHARES, lambda: 0 <= float(value) <= 1),
        }[name]()
    except ValueError:
        sound = False
    if not sound:
        raise SweepError(
            f"{name} is {value!r}; give a whole number from 1 ({', '.join(_COUNTS)}), a number from 0 (near), a share "
            f"from 0 to 1 (refuse_below), weights like 0.4:0.2:0.4 (fusion), a model or {BUNDLED} (embedder)."
        )
    return value
