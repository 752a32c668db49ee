"""Scorecard <-> JSON file, one outcome a line so that two files can be compared by eye.

Knows the shape of records and nothing of what they mean.
"""

import json
from dataclasses import asdict
from pathlib import Path

from eval.config import CARD_VERSION
from eval.records import Scorecard
from eval.shape import build
from index import WenjuError


class CardError(WenjuError):
    """A file that is no scorecard."""


def to_json(card: Scorecard) -> str:
    """Return a scorecard as JSON."""
    whole = {"version": CARD_VERSION, **asdict(card)}
    outcomes = ",\n".join(_compact(outcome) for outcome in whole.pop("outcomes"))
    return f'{_compact(whole)[:-1]},"outcomes":[\n{outcomes}\n]}}\n'


def from_json(text: str) -> Scorecard:
    """Return the scorecard that `to_json` wrote.

    Raises:
        CardError: the text is something else, or of another version.
    """
    try:
        whole = json.loads(text)
        if whole.pop("version") != CARD_VERSION:
            raise CardError("The scorecard is of another version; run the set again with `python -m eval run`.")
        card = build(Scorecard, whole)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CardError(
            f"This is no scorecard ({error!r:.80}); make one with `python -m eval run SET --json FILE`."
        ) from error
    assert isinstance(card, Scorecard)
    return card


def save_card(card: Scorecard, path: Path) -> None:
    """Write a scorecard to a file, whose folder is made where needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(to_json(card), encoding="utf-8")


def load_card(path: Path) -> Scorecard:
    """Read a scorecard from a file.

    Raises:
        CardError: there is no such file, or it is no scorecard.
    """
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CardError(f"{path} cannot be read ({error}); name a scorecard's JSON file.") from error
    except WenjuError as error:
        raise CardError(f"{path}: {error}") from error


def _compact(value: object) -> str:
    return json.dumps(_rounded(value), ensure_ascii=False, separators=(",", ":"))


def _rounded(value: object) -> object:
    """Shorten floats to six digits, which keeps committed files small."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {name: _rounded(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(part) for part in value]
    return value
