from collections.abc import Callable
from pathlib import Path

import pytest

from eval.records import Case, CaseSet, Outcome, Plan, Scorecard
from eval.sweep import Cell, SweepError, cells_of, configs_of, run_name, split_of, sweep
from eval.table import sweep_lines
from index import IndexConfig, WenjuError
from qa import QaConfig

MakeCard = Callable[..., Scorecard]


def test_cells_are_every_combination_and_change_the_embedder_least() -> None:
    names = [cell.name for cell in cells_of(["top=3,8", "embedder=bundled,my/model"])]
    assert names == [
        "embedder=bundled top=3",
        "embedder=bundled top=8",
        "embedder=my/model top=3",
        "embedder=my/model top=8",
    ]


def test_a_value_given_twice_is_one_cell() -> None:
    assert len(cells_of(["top=3,3"])) == 1


def test_a_cells_settings_take_the_place_of_those_given() -> None:
    (cell,) = cells_of(
        ["embedder=my/model", "fusion=1:0:.5", "top=3", "sentences=2", "near=.7", "narrow=1", "refuse_below=.4"]
    )
    index, qa = configs_of(cell, IndexConfig(Path("lib")), QaConfig(llm_model="m"))
    assert (index.library, index.embedder) == (Path("lib"), "my/model")
    assert (index.chinese.keywords, index.foreign.windows, index.without_tokens.tokens) == (1.0, 0.0, 0.5)
    assert (qa.top, qa.sentences, qa.narrow, qa.near, qa.refuse_below) == (3, 2, 1, 0.7, 0.4)
    assert qa.llm_model == "m"


def test_what_is_not_varied_stays() -> None:
    (cell,) = cells_of(["embedder=bundled"])
    assert configs_of(cell, IndexConfig(embedder="other"), QaConfig(top=5)) == (IndexConfig(), QaConfig(top=5))


@pytest.mark.parametrize(
    "varied",
    [
        ["colour=red"],
        ["top"],
        ["top="],
        ["top=3", "top=4"],
        ["top=0"],
        ["top=x"],
        ["top=,3"],
        ["near=-1"],
        ["near=nan"],
        ["fusion=1:0"],
        ["fusion=a:b:c"],
        ["embedder= "],
    ],
)
def test_settings_that_make_no_sense_are_refused(varied: list[str]) -> None:
    with pytest.raises(SweepError):
        cells_of(varied)


def test_settings_are_not_chosen_on_the_test_split() -> None:
    split = CaseSet("s", "d", (Case("a", "问", split="dev"), Case("b", "问", split="test")))
    assert (split_of(split, ""), split_of(split, "dev")) == ("dev", "dev")
    assert split_of(CaseSet("s", "d", (Case("a", "问"),)), "") == ""
    with pytest.raises(SweepError, match="must not see the split test"):
        split_of(split, "test")


def test_finished_cells_are_read_back_and_others_measured(
    tmp_path: Path, make_card: MakeCard, make_outcome: Callable[..., Outcome]
) -> None:
    cells, measured = cells_of(["top=1,2,3"]), list[str]()

    def measure(cell: Cell) -> Scorecard:
        if len(measured) == 2:
            raise WenjuError("the lights went out")
        measured.append(cell.value("top"))
        return make_card(make_outcome(cell.value("top")))

    with pytest.raises(WenjuError, match="lights"):
        list(sweep(cells, tmp_path, "run", measure))
    assert measured == ["1", "2"]
    measured.clear()
    rows = list(sweep(cells, tmp_path, "run", measure))
    assert measured == ["3"]
    assert [(row.card.outcomes[0].case.id, row.resumed) for row in rows] == [("1", True), ("2", True), ("3", False)]
    assert len(list(tmp_path.iterdir())) == 3
    assert next(iter(sweep(cells[:1], tmp_path, "another run", measure))).resumed is False


def test_another_set_plan_or_library_is_another_run() -> None:
    case_set = CaseSet("s", "digest", ())
    names = {
        run_name(case_set, Plan(), 1),
        run_name(case_set, Plan(limit=3), 1),
        run_name(case_set, Plan(), 2),
        run_name(CaseSet("s", "other", ()), Plan(), 1),
    }
    assert len(names) == 4


def test_the_table_has_a_line_for_each_cell(tmp_path: Path, make_card: MakeCard) -> None:
    rows = list(sweep(cells_of(["top=1,2"]), tmp_path, "run", lambda cell: make_card()))
    assert [line.split()[:1] for line in sweep_lines(rows)] == [[], ["top=1"], ["top=2"]]
