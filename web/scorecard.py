"""Makes the HTML of a scorecard: six figures with intervals, bars by kind, the failed cases, downloads.

Pure records in, escaped HTML out; it does not know how a case is judged or where a card is kept.
"""

from collections.abc import Mapping, Sequence
from html import escape
from math import isnan

from eval import Cards, Scorecard
from web.terms import FAULTS, KINDS, METRICS, SPLITS
from web.words import WORDS, both, choice, hidden, pair

# The tiles in their order; the last one shows the 95th percentile beside the median.
TILES = ("recall@1", "recall@3", "holds_answer", "verbatim", "balanced_accuracy", "seconds_p50")
# The figures that the bars by kind can show, the first of them at first.
BY_KIND = ("holds_answer", "recall@1", "recall@3", "citation_recall", "refusal_accuracy")
# The failed cases that are listed; the download has them all.
MOST_FAILURES = 200
DOWNLOADS = ("json", "html", "failures")
# By metric: how far it moved since an earlier run, and the verdict on that ("" where there is none).
Changes = Mapping[str, tuple[float, str]]


def scorecard(card: Scorecard, name: str, changes: Changes | None = None, versus: str = "") -> str:
    """Return the page's result; `changes` are differences to an earlier run, `versus` the HTML that lists them."""
    return (
        f'<section class="scorecard" data-card="{escape(name)}">{_origin(card)}{_figures(card, changes or {})}{versus}'
        f'<div class="two">{_kinds(card)}{_failures(card)}</div>{_downloads(name)}</section>'
    )


def set_name(card: Scorecard) -> str:
    """Return what a run was of, as HTML: the set, its split, the number of cases."""
    origin = card.origin
    split = pair(*SPLITS.get(origin.split, (origin.split, origin.split)))
    return f"{escape(origin.set_name)} · {split} · {len(card.outcomes)}"


def number(name: str, value: float) -> str:
    """Return a figure as the page shows it: seconds in milliseconds, the rest to two places."""
    if isnan(value):
        return "–"
    if name.startswith("seconds"):
        return f"{1000 * value:.0f}"
    return f"{value:.0f}" if name == "answer_length" else f"{value:.2f}"


def _figures(card: Scorecard, changes: Changes) -> str:
    found = {metric.name: metric for metric in card.metrics}
    tiles = []
    for name in TILES:
        if name in found:
            metric = found[name]
            beside = (
                _p95(found["seconds_p95"].value) if name == "seconds_p50" else _spread(name, metric.low, metric.high)
            )
            tiles.append(_tile(name, metric.value, beside, changes.get(name)))
    return f'<div class="kpis">{"".join(tiles)}</div>'


def _tile(name: str, value: float, beside: str, change: tuple[float, str] | None) -> str:
    percent = name == "verbatim" and not isnan(value)
    # Floored: 99.6 % of a promise is not 100 %.
    shown = f"{int(100 * value)}%" if percent else number(name, value)
    delta = _delta(name, *change) if change else ""
    return f'<div class="kpi"><small>{pair(*METRICS[name])}</small><b>{shown}</b> <i>{beside}</i>{delta}</div>'


def _spread(name: str, low: float, high: float) -> str:
    if name == "verbatim":
        return both("must")
    return "" if isnan(low) or low == high else f"{low:.2f}–{high:.2f}"


def _p95(value: float) -> str:
    return f"/ {number('seconds_p95', value)} {both('milliseconds')}"


def _delta(name: str, difference: float, verdict: str) -> str:
    size = number(name, abs(difference))
    if isnan(difference) or float(size) == 0:
        return f'<span class="delta">±{size}</span>'
    arrow, sign = ("▲", "+") if difference > 0 else ("▼", "−")
    spoken = hidden(verdict or "chance")
    return f'<span class="delta {verdict}"><span aria-hidden="true">{arrow}</span> {sign}{size}{spoken}</span>'


def _kinds(card: Scorecard) -> str:
    present = [name for name in BY_KIND if any(one.name == name for kind in card.kinds for one in kind.metrics)]
    tables = "".join(_bars(card, name, at == 0) for at, name in enumerate(present))
    chooser = choice("by-figure", "figure", [(name, METRICS[name]) for name in present])
    head = f'<div class="panelhead"><h2>{both("by_kind")}</h2>{chooser if present else ""}</div>'
    return f'<div class="panel">{head}{tables}<p class="hint">{both("interval")}</p></div>'


def _bars(card: Scorecard, name: str, shown: bool) -> str:
    rows = []
    for kind in card.kinds:
        for metric in kind.metrics:
            if metric.name == name:
                rows.append(_bar_row(kind.kind, metric.value, (metric.low, metric.high), metric.count))
    caption = f'<caption class="unseen">{pair(*METRICS[name])}</caption>'
    return f'<table class="kinds" data-figure="{name}"{"" if shown else " hidden"}>{caption}{"".join(rows)}</table>'


def _bar_row(kind: str, value: float, interval: tuple[float, float], count: int) -> str:
    low, high = (value if isnan(end) else end for end in interval)
    style = f"--full:{100 * value:.1f}%;--low:{100 * low:.1f}%;--wide:{100 * (high - low):.1f}%"
    return (
        f'<tr><th scope="row">{kind_name(kind)}</th><td><span class="kbar" style="{style}"></span></td>'
        f'<td class="value">{value:.2f}{hidden("span", low=f"{low:.2f}", high=f"{high:.2f}")} '
        f"<small>{count}</small></td></tr>"
    )


def kind_name(kind: str) -> str:
    """Return a kind's name as HTML; one that is not known keeps its own."""
    return pair(*KINDS.get(kind, (kind, kind)))


def fault_name(fault: str) -> str:
    """Return a fault's name as HTML; none is said to be right."""
    return pair(*FAULTS[fault]) if fault in FAULTS else both("right")


def _failures(card: Scorecard) -> str:
    failed = [(at, one) for at, one in enumerate(card.outcomes) if one.fault != "none"]
    title = f"<h2>{both('missed')} · {len(failed)} / {len(card.outcomes)}</h2>"
    if not failed:
        return f'<div class="panel failures"><div class="panelhead">{title}</div><p>{both("nothing_missed")}</p></div>'
    listed = failed[:MOST_FAILURES]
    rows = "".join(_failure(at, outcome) for at, outcome in listed)
    heads = "".join(f'<th scope="col">{both(key)}</th>' for key in ("question", "right_rank", "went_wrong"))
    more = f'<p class="hint">{both("only_first", count=MOST_FAILURES)}</p>' if len(failed) > len(listed) else ""
    return (
        f'<div class="panel failures"><div class="panelhead">{title}{_filters([one for _, one in listed])}</div>'
        f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
        f'<p class="nothing" hidden>{both("none_like_this")}</p></div>'
        f'{more}<p class="hint">{both("pick_a_case")}</p></div>'
    )


def _filters(failed: Sequence[Cards.Outcome]) -> str:
    kinds = dict.fromkeys(one.case.kind for one in failed)
    faults = dict.fromkeys(str(one.fault) for one in failed)
    by_kind = [("*", WORDS["all_kinds"]), *((kind, KINDS.get(kind, (kind, kind))) for kind in kinds)]
    by_fault = [("*", WORDS["all_faults"]), *((fault, FAULTS.get(fault, (fault, fault))) for fault in faults)]
    choices = choice("by-kind", "kind_of", by_kind) + choice("by-fault", "went_wrong", by_fault)
    return f'<span class="filters">{choices}</span>'


def _failure(at: int, outcome: Cards.Outcome) -> str:
    case = outcome.case
    rank = outcome.ranks[0] if outcome.ranks else "–"
    return (
        f'<tr data-kind="{escape(case.kind)}" data-fault="{outcome.fault}"><td><button type="button" '
        f'class="case-link" data-case="{at}" aria-pressed="false">{escape(case.question)}</button></td>'
        f'<td>{rank}</td><td><span class="tag">{fault_name(outcome.fault)}</span></td></tr>'
    )


def _downloads(name: str) -> str:
    buttons = "".join(
        f'<button type="button" class="chip" data-download="{what}" data-of="{escape(name)}">{both(f"download_{what}")}'
        "</button>"
        for what in DOWNLOADS
    )
    return f'<p class="downloads"><span>{both("download")}</span>{buttons}</p>'


def _origin(card: Scorecard) -> str:
    origin = card.origin
    commit = both("commit", commit=origin.commit) if origin.commit else ""
    embedder = both("bundled") if origin.embedder == "bundled" else escape(origin.embedder)
    mode = "" if origin.mode == "extractive" else escape(origin.mode)
    facts = (set_name(card), commit, embedder, mode, escape(origin.date))
    return f'<p class="origin">{" · ".join(fact for fact in facts if fact)}</p>'
