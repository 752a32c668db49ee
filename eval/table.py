"""Scorecard or Comparison -> lines for a terminal. Knows no HTML and measures nothing."""

from collections.abc import Sequence

from eval.compare import Change, Comparison, Flip
from eval.records import Metric, Problem, Scorecard
from eval.sweep import Row

_COLUMNS = (
    ("recall@1", "recall@1"),
    ("recall@3", "@3"),
    ("recall@5", "@5"),
    ("mrr@10", "MRR@10"),
    ("holds_answer", "holds"),
    ("answer_length", "length"),
    ("citation_precision", "cite P"),
    ("citation_recall", "cite R"),
    ("verbatim", "verbatim"),
    ("balanced_accuracy", "refusal"),
    ("refusal_accuracy", "decided"),
    ("auroc", "AUROC"),
    ("seconds_p50", "s p50"),
    ("seconds_p95", "s p95"),
)
_FLIPS_SHOWN = 20


def card_lines(card: Scorecard) -> list[str]:
    """Return a scorecard as a table, overall and by kind, and each overall figure with its interval."""
    origin = card.origin
    head = f"{origin.set_name} {origin.split or 'all'}: {len(card.outcomes)} cases, {origin.mode}"
    return [
        head,
        f"commit {origin.commit}, set {origin.set_digest}, generation {origin.generation}, {origin.embedder}",
        origin.machine,
        "",
        *_by_kind(card),
        "",
        *(_interval(metric) for metric in card.metrics),
    ]


def comparison_lines(comparison: Comparison) -> list[str]:
    """Return what changed: every metric, then the cases that flipped."""
    lines = [f"{comparison.shared} shared cases", "", f"{'':20}{'before':>9}{'after':>9}{'change':>9}{'p':>9}"]
    for change in comparison.changes:
        moved = change.after - change.before
        figures = f"{change.before:9.3f}{change.after:9.3f}{moved:+9.3f}{_p(change):>9}"
        lines.append(f"{change.name:20}{figures}  {change.verdict}".rstrip())
    lines += ["", f"{len(comparison.mended)} cases mended", *_flips(comparison.mended)]
    return [*lines, f"{len(comparison.broken)} cases broken", *_flips(comparison.broken)]


def sweep_lines(rows: Sequence[Row]) -> list[str]:
    """Return a sweep as one table: a line for each cell, settings first."""
    present = [column for column in _COLUMNS if any(column[0] == one.name for row in rows for one in row.card.metrics)]
    width = max((len(row.cell.name) for row in rows), default=0) + 2
    head = f"{'':{width}}" + "".join(f"{label:>9}" for _, label in present)
    return [head, *(f"{row.cell.name:{width}}{_cells(row.card.metrics, present)}" for row in rows)]


def problem_line(problem: Problem) -> str:
    """Return a problem as one line: where, what, how to mend it."""
    return f"{problem.severity}: {problem.where}: {problem.found}; {problem.mend}"


def _by_kind(card: Scorecard) -> list[str]:
    rows = [("all", len(card.outcomes), card.metrics)]
    rows += [(kind.kind or "(none)", kind.cases, kind.metrics) for kind in card.kinds]
    width = max(14, *(len(name) + 1 for name, _, _ in rows))
    present = [column for column in _COLUMNS if column[0] in {metric.name for metric in card.metrics}]
    head = f"{'kind':{width}}{'n':>6}" + "".join(f"{label:>9}" for _, label in present)
    return [head, *(f"{name:{width}}{count:6}{_cells(found, present)}" for name, count, found in rows)]


def _cells(metrics: Sequence[Metric], columns: Sequence[tuple[str, str]]) -> str:
    values = {metric.name: metric.value for metric in metrics}
    return "".join(f"{_figure(name, values[name]) if name in values else '-':>9}" for name, _ in columns)


def _figure(name: str, value: float) -> str:
    return f"{value:.0f}" if name == "answer_length" else f"{value:.3f}"


def _interval(metric: Metric) -> str:
    low, value, high = (_figure(metric.name, one) for one in (metric.low, metric.value, metric.high))
    return f"{metric.name:20}{value:>8}  [{low}, {high}]  over {metric.count}"


def _p(change: Change) -> str:
    return "-" if change.p is None else f"{change.p:.4f}"


def _flips(flips: Sequence[Flip]) -> list[str]:
    shown = [f"  {flip.id}  {flip.question}  ({flip.before} -> {flip.after})" for flip in flips[:_FLIPS_SHOWN]]
    return shown + ([f"  and {len(flips) - _FLIPS_SHOWN} more"] if len(flips) > _FLIPS_SHOWN else [])
