"""Numbers -> inline SVG: bars with intervals, calibration, risk-coverage, a histogram of seconds.

Knows nothing of scorecards' origin; every text put into a drawing is escaped here.
"""

from collections.abc import Sequence
from html import escape

from eval.records import CalibrationBin, CurvePoint, KindScores

_ROW, _LEFT, _SPAN = 24, 92, 170  # pixels: row height, room for names, length of the axis 0..1
_SIZE, _EDGE = 280, 36  # pixels: a square plot and its margins
_HISTOGRAM_BINS = 24


def kind_bars(kinds: Sequence[KindScores], name: str) -> str:
    """Draw one metric by kind, each bar with its 95 % interval."""
    found = [(kind.kind or "–", metric) for kind in kinds for metric in kind.metrics if metric.name == name]
    rows = []
    for at, (kind, metric) in enumerate(found):
        middle = at * _ROW + _ROW / 2
        low, high = (_LEFT + _SPAN * one for one in (metric.low, metric.high))
        rows.append(
            f'<text x="0" y="{middle + 4:.1f}">{escape(kind)}</text>'
            f'<rect class="bar" x="{_LEFT}" y="{middle - 7:.1f}" '
            f'width="{_SPAN * metric.value:.1f}" height="14" rx="3"/>'
            f'<path class="whisker" d="M{low:.1f} {middle:.1f}H{high:.1f}"/>'
            f'<text x="{_LEFT + _SPAN + 12}" y="{middle + 4:.1f}">{metric.value:.3f}</text>'
        )
    return _svg(_LEFT + _SPAN + 56, max(len(found), 1) * _ROW, "".join(rows), f"{name} by kind")


def calibration_plot(bins: Sequence[CalibrationBin]) -> str:
    """Draw confidence against the share answerable; a dot's area grows with its cases."""
    most = max((one.count for one in bins), default=1)
    dots = "".join(
        f'<circle class="dot" cx="{_across(one.confidence):.1f}" cy="{_up(one.answerable):.1f}" '
        f'r="{3 + 8 * (one.count / most) ** 0.5:.1f}"><title>{one.count}</title></circle>'
        for one in bins
    )
    diagonal = f'<path class="guide" d="M{_across(0)} {_up(0)}L{_across(1)} {_up(1)}"/>'
    return _square(diagonal + dots, "confidence", "answerable")


def risk_plot(points: Sequence[CurvePoint]) -> str:
    """Draw the share wrong among the most confident share of questions."""
    line = " ".join(f"{_across(one.coverage):.1f},{_up(one.risk):.1f}" for one in points)
    return _square(f'<polyline class="curve" points="{line}"/>', "coverage", "risk")


def seconds_histogram(seconds: Sequence[float]) -> str:
    """Draw how many answers took how long; the slowest hundredth is gathered in the last bar."""
    if not seconds:
        return ""
    longest = sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * 0.99))] or 1e-9
    counts = [0] * _HISTOGRAM_BINS
    for one in seconds:
        counts[min(int(one / longest * _HISTOGRAM_BINS), _HISTOGRAM_BINS - 1)] += 1
    width, height = (_LEFT + _SPAN) / _HISTOGRAM_BINS, 120
    bars = "".join(
        f'<rect class="bar" x="{at * width:.1f}" y="{height * (1 - count / max(counts)):.1f}" '
        f'width="{width - 2:.1f}" height="{height * count / max(counts):.1f}"/>'
        for at, count in enumerate(counts)
    )
    ends = f'<text x="0" y="138">0</text><text x="{_LEFT + _SPAN}" y="138" text-anchor="end">{longest:.3f} s</text>'
    return _svg(_LEFT + _SPAN, 144, bars + ends, "seconds an answer")


def _across(share: float) -> float:
    return _EDGE + share * (_SIZE - 2 * _EDGE)


def _up(share: float) -> float:
    return _SIZE - _EDGE - share * (_SIZE - 2 * _EDGE)


def _square(inside: str, across: str, up: str) -> str:
    frame = f'<path class="axis" d="M{_across(0)} {_up(1)}V{_up(0)}H{_across(1)}"/>'
    names = (
        f'<text x="{_across(0.5)}" y="{_SIZE - 4}" text-anchor="middle">{escape(across)}</text>'
        f'<text x="{_EDGE}" y="{_EDGE - 10}">{escape(up)}</text>'
        f'<text x="{_EDGE - 6}" y="{_up(1) + 4}" text-anchor="end">1</text>'
        f'<text x="{_EDGE - 6}" y="{_up(0) + 4}" text-anchor="end">0</text>'
        f'<text x="{_EDGE - 6}" y="{_up(0.5) + 4}" text-anchor="end">.5</text>'
        f'<text x="{_across(0.5)}" y="{_SIZE - 20}" text-anchor="middle">.5</text>'
        f'<text x="{_across(1)}" y="{_SIZE - 20}" text-anchor="middle">1</text>'
    )
    return _svg(_SIZE, _SIZE, frame + names + inside, f"{up} against {across}")


def _svg(width: float, height: float, inside: str, name: str) -> str:
    # The width is a limit, not a demand, so that a narrow screen shrinks the drawing.
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" style="max-width:{width:.0f}px" role="img" '
        f'aria-label="{escape(name)}">{inside}</svg>'
    )
