"""Makes the HTML of a comparison: every figure before and after with its verdict, and the cases that flipped.

Pure records in, escaped HTML out; it does not know how a verdict is reached.
"""

import re
from collections.abc import Sequence
from html import escape
from math import isnan

from eval import Cards
from web.scorecard import TILES, fault_name, number
from web.terms import METRICS
from web.words import both, choice, pair

# Flipped cases that are listed on each side.
MOST_FLIPS = 100


def comparison(made: Cards.Comparison, name: str) -> str:
    """Return the comparison with the earlier run called `name`."""
    heads = "".join(f'<th scope="col">{both(key)}</th>' for key in ("figure", "before", "after", "verdict"))
    # The figures of the tiles, and whatever really changed; the rest is a press away.
    first = [change for change in made.changes if change.name in TILES or change.verdict]
    rest = [change for change in made.changes if change not in first]
    flips = _flips("mended", made.mended) + _flips("broken", made.broken)
    title = f"<h2>{both('compared', name=spoken(name), count=made.shared)}</h2>"
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(map(_change, first))}</tbody></table>"
    more = f"<table><tbody>{''.join(map(_change, rest))}</tbody></table>"
    table += f"<details><summary>{both('other_figures', count=len(rest))}</summary>{more}</details>" if rest else ""
    return f'<section class="panel versus">{title}<div class="two"><div>{table}</div><div>{flips}</div></div></section>'


def differences(made: Cards.Comparison) -> dict[str, tuple[float, str]]:
    """Return by metric how far it moved, and the verdict on that."""
    return {change.name: (change.after - change.before, change.verdict) for change in made.changes}


def kept_list(names: Sequence[str]) -> str:
    """Return the choice among kept scorecards, newest first: open one, or compare it with an earlier one."""
    if not names:
        return ""
    options = [(name, (spoken(name), spoken(name))) for name in names]
    opened = choice("later", "later", options, chosen=names[0])
    pair_up = ""
    if len(names) > 1:
        before = next((name for name in names[1:] if stem(name) == stem(names[0])), names[1])
        against = choice("earlier", "earlier", options, chosen=before)
        button = f'<button type="button" class="chip" data-kept="compare">{both("compare")}</button>'
        pair_up = f"<span>{both('against')}</span>{against}{button}"
    open_ = f'<button type="button" class="chip" data-kept="open">{both("open")}</button>'
    title = f'<h2>{both("kept_cards")}</h2><p class="hint">{both("kept_hint")}</p>'
    return f'<section class="panel kept">{title}<p class="acts">{opened}{open_}{pair_up}</p></section>'


def stem(name: str) -> str:
    """Return the set and split in a kept card's name, which ends in day and time."""
    return re.sub(r"-\d{8}-\d{6}(-\d+)?$", "", name)


def spoken(name: str) -> str:
    """Return a kept card's name with its day and time set apart: set-split-20261123-001500."""
    found = re.fullmatch(r"(.+)-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)(.*)", name)
    return "{} · {}-{}-{} {}:{}:{}{}".format(*found.groups()) if found else name


def _change(change: Cards.Change) -> str:
    shown = "".join(
        f"<td>{number(change.name, value)}{_unit(change.name)}</td>" for value in (change.before, change.after)
    )
    name = pair(*METRICS.get(change.name, (change.name, change.name)))
    return f'<tr><th scope="row">{name}</th>{shown}{_verdict(change)}</tr>'


def _unit(name: str) -> str:
    return f" {both('milliseconds')}" if name.startswith("seconds") else ""


def _verdict(change: Cards.Change) -> str:
    if change.verdict:
        told = f'<span class="verdict {change.verdict}">{both(change.verdict)}</span>'
    else:
        told = both("untested" if change.p is None else "chance")
    odds = "" if change.p is None or isnan(change.p) else f" <small>p {change.p:.3f}</small>"
    return f"<td>{told}{odds}</td>"


def _flips(key: str, flips: Sequence[Cards.Flip]) -> str:
    rows = "".join(
        f'<li>{escape(flip.question)} <span class="tag">{fault_name(flip.before)}</span> → '
        f'<span class="tag">{fault_name(flip.after)}</span></li>'
        for flip in flips[:MOST_FLIPS]
    )
    listed = f'<ul class="flips">{rows}</ul>' if rows else f"<p>{both('no_flips')}</p>"
    return f"<h3>{both(key)} · {len(flips)}</h3>{listed}"
