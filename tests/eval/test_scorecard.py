import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from eval.measure import calibration_of, measure_all, measure_kinds, measure_steps
from eval.metrics import risk_coverage
from eval.records import Fault, Given, Outcome, Place, Retrieved, Scorecard, Setting
from eval.scorecard import CardError, from_json, load_card, save_card, to_json

Make = Callable[..., Outcome]


@pytest.fixture
def card(make_outcome: Make, make_given: Callable[..., Given], make_card: Callable[..., Scorecard]) -> Scorecard:
    hits = (Retrieved(Place("r", 1), 0.5, "开头", True),)
    outcomes = (
        make_outcome("a", given=make_given(), retrieved=hits),
        make_outcome("b", given=make_given(match=None, refused=True), fault=Fault.REFUSED),
        make_outcome("c", answerable=False, ranks=()),
    )
    plain = make_card(*outcomes)
    return replace(
        plain,
        origin=replace(plain.origin, settings=(Setting("top", "8"),)),
        metrics=measure_all(outcomes),
        kinds=measure_kinds(outcomes),
        steps=measure_steps(outcomes),
        calibration=calibration_of(outcomes),
        risk_coverage=risk_coverage(outcomes),
    )


def test_a_card_comes_back_as_it_was_written(card: Scorecard, tmp_path: Path) -> None:
    path = tmp_path / "new" / "card.json"
    save_card(card, path)
    assert to_json(load_card(path)) == to_json(card)
    assert from_json(to_json(card)).outcomes == card.outcomes


def test_every_outcome_has_a_line_of_its_own(card: Scorecard) -> None:
    lines = to_json(card).splitlines()
    assert len(lines) == 2 + len(card.outcomes)
    assert "答案在此。" in lines[1]


@pytest.mark.parametrize("text", ["", "5", "{}", "[]", '{"version": 1}', '{"version": 1, "origin": []}'])
def test_what_is_no_scorecard_is_refused(text: str) -> None:
    with pytest.raises(CardError, match="no scorecard"):
        from_json(text)


def test_a_value_of_the_wrong_type_is_refused(card: Scorecard) -> None:
    whole = json.loads(to_json(card))
    whole["outcomes"][0]["ranks"] = ["first"]
    with pytest.raises(CardError, match="no scorecard"):
        from_json(json.dumps(whole))


def test_another_version_is_told(card: Scorecard) -> None:
    with pytest.raises(CardError, match="another version"):
        from_json(to_json(card).replace('"version":1', '"version":99', 1))


def test_a_missing_file_and_a_binary_one_are_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(CardError, match=r"gone\.json"):
        load_card(tmp_path / "gone.json")
    (tmp_path / "b.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CardError, match=r"b\.json"):
        load_card(tmp_path / "b.json")
