"""Scorecard -> one HTML page that stands alone: no script, no outside request.

A conductor over the plots; measures nothing. Whatever comes from a set or a report is escaped.
"""

from collections.abc import Iterable, Sequence
from html import escape

from eval.look import FAULTS, NAMES, STYLE
from eval.plot import calibration_plot, kind_bars, risk_plot, seconds_histogram
from eval.records import Fault, Given, Metric, Outcome, Retrieved, Scorecard

_BY_KIND = ("recall@1", "recall@3", "mrr@10", "holds_answer", "citation_recall", "refusal_accuracy")


def render(card: Scorecard) -> str:
    """Return the page."""
    failed = [outcome for outcome in card.outcomes if outcome.fault is not Fault.NONE]
    name = escape(f"{card.origin.set_name} {card.origin.split}".strip())
    body = (
        _head(card, name)
        + _section("各项指标 Metrics", _metric_table(card.metrics))
        + _section("按题型 By kind", _kind_table(card) + _kind_plots(card))
        + _section("把握与用时 Confidence and time", _plots(card))
        + f"<h2>没答对的题 Failed cases ({len(failed)} / {len(card.outcomes)})</h2>{_fault_counts(failed)}"
        + "".join(_failure(outcome) for outcome in failed)
    )
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{name} · 问据评测 Wenju evaluation</title><style>{STYLE}</style></head>"
        f"<body>{body}</body></html>\n"
    )


def _section(title: str, inside: str) -> str:
    return f'<h2>{title}</h2><div class="panel">{inside}</div>'


def _head(card: Scorecard, name: str) -> str:
    origin = card.origin
    facts = (
        f"commit {origin.commit} · set {origin.set_digest} · generation {origin.generation}",
        f"embedder {origin.embedder} · {origin.mode} · {len(card.outcomes)} cases · {origin.date}",
        origin.machine,
    )
    settings = "".join(f"<dt>{escape(one.name)}</dt><dd>{escape(one.value)}</dd>" for one in origin.settings)
    shut = f"<details><summary>设置 settings</summary><dl>{settings}</dl></details>" if settings else ""
    return f"<h1>{name}</h1>" + "".join(f'<div class="soft">{escape(fact)}</div>' for fact in facts) + shut


def _figure(metric: Metric, value: float) -> str:
    return f"{value:.0f}" if metric.name == "answer_length" else f"{value:.3f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Make a table whose first column is text and whose others are numbers; cells are escaped here."""
    columns = "".join(f"<th{_numeric(at)}>{escape(cell)}</th>" for at, cell in enumerate(head))
    lines = ("".join(f"<td{_numeric(at)}>{escape(cell)}</td>" for at, cell in enumerate(row)) for row in rows)
    return f"<table><tr>{columns}</tr>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def _numeric(column: int) -> str:
    return ' class="n"' if column else ""


def _metric_table(metrics: Sequence[Metric]) -> str:
    rows = (
        (
            NAMES.get(one.name, one.name),
            _figure(one, one.value),
            f"{_figure(one, one.low)} – {_figure(one, one.high)}",
            str(one.count),
        )
        for one in metrics
    )
    return _table(("", "值 value", "95 %", "题数 cases"), rows)


def _kind_table(card: Scorecard) -> str:
    rows = []
    for kind in card.kinds:
        found = {metric.name: metric for metric in kind.metrics}
        cells = (_with_interval(found.get(name)) for name in _BY_KIND)
        rows.append((kind.kind or "–", str(kind.cases), *cells))
    return _table(("题型 kind", "题数 cases", *_BY_KIND), rows)


def _with_interval(metric: Metric | None) -> str:
    return f"{metric.value:.2f} ({metric.low:.2f}–{metric.high:.2f})" if metric else "–"


def _kind_plots(card: Scorecard) -> str:
    present = {metric.name for metric in card.metrics}
    drawn = (
        f"<div><h3>{escape(NAMES[name])}</h3>{kind_bars(card.kinds, name)}</div>"
        for name in ("recall@1", "holds_answer", "refusal_accuracy")
        if name in present
    )
    return f'<div class="two">{"".join(drawn)}</div>'


def _plots(card: Scorecard) -> str:
    if not card.steps and not card.calibration:
        return "只检索,不作答 searched only"
    seconds = [outcome.given.seconds for outcome in card.outcomes if outcome.given]
    steps = ((step.step, f"{step.p50:.4f}", f"{step.p95:.4f}") for step in card.steps)
    drawn = (
        ("校准 calibration: 把握与报告确有答案的比例", calibration_plot(card.calibration)),
        ("风险与覆盖 risk and coverage: 只答把握最大的一部分时的错误率", risk_plot(card.risk_coverage)),
        ("用时分布 latency", seconds_histogram(seconds)),
        ("各步用时 steps", _table(("步骤 step", "s p50", "s p95"), steps) + _tokens(card)),
    )
    return f'<div class="two">{"".join(f"<div><h3>{title}</h3>{plot}</div>" for title, plot in drawn)}</div>'


def _tokens(card: Scorecard) -> str:
    """Say that tokens are not told where a language model wrote: what is not counted is not estimated."""
    return '<p class="soft">词元 tokens: –</p>' if "model" in card.origin.mode else ""


def _fault_counts(failed: Sequence[Outcome]) -> str:
    counts = ((name, sum(outcome.fault is fault for outcome in failed)) for fault, name in FAULTS.items())
    return '<p class="soft">' + " · ".join(f"{name} {count}" for name, count in counts if count) + "</p>"


def _failure(outcome: Outcome) -> str:
    case = outcome.case
    ranks = ", ".join(map(str, outcome.ranks)) or "–"
    history = (("此前 before", f"{turn.question} — {turn.answer}") for turn in case.history)
    evidence = (("应引 evidence", quotation) for quotation in case.evidence)
    facts = [
        *history,
        *evidence,
        ("答案 answers", " | ".join(case.answers)),
        ("名次 ranks", ranks),
        *_given_facts(outcome.given),
    ]
    listed = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts if value)
    found = "".join(_hit(rank, hit) for rank, hit in enumerate(outcome.retrieved, 1))
    return (
        f'<details><summary><span class="tag">{FAULTS[outcome.fault]}</span><b>{escape(case.question)}</b> '
        f'<span class="soft">{escape(case.id)} {escape(case.kind)}</span></summary>'
        f"<dl>{listed}<dt>检索 retrieved</dt><dd>{found}</dd></dl></details>"
    )


def _given_facts(given: Given | None) -> list[tuple[str, str]]:
    if given is None:
        return []
    quotes = [("引文 cited", f"{quote.place.report} §{quote.place.number}: {quote.text}") for quote in given.quotes]
    return [("回答 answer", given.text), ("把握 confidence", f"{given.confidence:.2f}"), *quotes]


def _hit(rank: int, hit: Retrieved) -> str:
    text = f"{rank}. {hit.place.report} §{hit.place.number} ({hit.score:.2f}) {hit.opening}…"
    return f"<div{' class=right' if hit.right else ''}>{escape(text)}</div>"
