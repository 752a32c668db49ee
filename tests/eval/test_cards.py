import os
from collections.abc import Callable
from pathlib import Path

import pytest

from eval.cards import Cards
from eval.cases import read_set
from eval.records import Fault, Given, Outcome, Scorecard
from index import WenjuError

MakeOutcome = Callable[..., Outcome]
MakeCard = Callable[..., Scorecard]


def test_cards_are_kept_by_name_newest_first(tmp_path: Path, make_card: MakeCard, make_outcome: MakeOutcome) -> None:
    cards = Cards(tmp_path / "cards")
    assert cards.names() == ()
    card = make_card(make_outcome())
    first, second = cards.keep(card), cards.keep(card)
    os.utime(tmp_path / "cards" / f"{first}.json", (1, 1))
    assert first.startswith("set-dev-20")
    assert cards.names() == (second, first)
    assert cards.load(first) == card
    cards.remove(first)
    assert cards.names() == (second,)


@pytest.mark.parametrize("name", ["none", "../secret", "/etc/passwd", ""])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.json").write_text("{}")
    with pytest.raises(WenjuError, match="There is no scorecard"):
        Cards(tmp_path / "cards").load(name)
    with pytest.raises(WenjuError, match="There is no scorecard"):
        Cards(tmp_path / "cards").remove(name)


def test_what_failed_is_a_set_again(
    tmp_path: Path, make_card: MakeCard, make_outcome: MakeOutcome, make_given: Callable[..., Given]
) -> None:
    good = make_outcome("good")
    bad = make_outcome("bad", ranks=(4, 7), given=make_given(text="别的。[1]"), fault=Fault.RANKED)
    off = make_outcome("off", ranks=(), answerable=False, fault=Fault.ANSWERED)
    path = tmp_path / "failed.jsonl"
    path.write_text(Cards.failures(make_card(good, bad, off)), "utf-8")
    assert [(case.id, case.note) for case in read_set(path).cases] == [
        ("bad", "ranked; ranks of right paragraphs: 4, 7; answer: 别的。[1]")
    ]


def test_a_card_goes_out_and_comes_back(make_card: MakeCard, make_outcome: MakeOutcome) -> None:
    card = make_card(make_outcome())
    assert Cards.from_json(Cards.to_json(card)) == card
    assert Cards.compare(card, card).broken == ()
    assert Cards.render(card).startswith("<!doctype html>")
