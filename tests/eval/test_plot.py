from eval.plot import calibration_plot, kind_bars, risk_plot, seconds_histogram
from eval.records import CalibrationBin, CurvePoint, KindScores, Metric


def test_a_bar_is_as_long_as_its_figure_and_its_whisker_as_wide_as_the_interval() -> None:
    drawn = kind_bars((KindScores("a<b", 4, (Metric("recall@1", 0.5, 0.2, 0.8, 4),)),), "recall@1")
    assert 'width="85.0"' in drawn  # half of the axis of 170 pixels
    assert 'd="M126.0 12.0H228.0"' in drawn  # 92 + 170 × 0.2 and 92 + 170 × 0.8
    assert "a&lt;b" in drawn


def test_a_kind_without_the_metric_has_no_bar() -> None:
    assert "<rect" not in kind_bars((KindScores("a", 4, ()),), "recall@1")


def test_perfect_calibration_lies_on_the_diagonal() -> None:
    drawn = calibration_plot((CalibrationBin(0.5, 0.5, 9),))
    assert 'cx="140.0" cy="140.0" r="11.0"' in drawn


def test_the_risk_curve_goes_through_its_points() -> None:
    assert 'points="140.0,244.0 244.0,36.0"' in risk_plot((CurvePoint(0.5, 0.0), CurvePoint(1.0, 1.0)))


def test_a_histogram_gathers_the_slowest_in_its_last_bar() -> None:
    drawn = seconds_histogram([0.1, 0.1, 0.2])
    assert drawn.count("<rect") == 24
    assert "0.200 s" in drawn
    assert seconds_histogram([]) == ""
    assert seconds_histogram([0.0])
