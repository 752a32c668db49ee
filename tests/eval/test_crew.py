"""Several processes over a real library: what they answer is what one would."""

from pathlib import Path

import pytest

from eval.crew import Crew, crew_size
from eval.records import Case
from index import Index, IndexConfig, WenjuError
from qa import Answerer, QaConfig, Turn


@pytest.fixture
def config(tmp_path: Path, tiny_model: Path, shipped_report: Path) -> IndexConfig:
    config = IndexConfig(tmp_path / "library", str(tiny_model))
    with Index.open(config) as index:
        index.add([shipped_report])
    return config


def test_a_crew_answers_in_order_and_as_one_would(config: IndexConfig) -> None:
    history = (Turn("旧改呢?", "五年来共有6万多户居民告别旧里。"),)
    cases = [
        Case(str(at), question, history=history) for at, question in enumerate(("税收占比?", "多少户?", "谁的猫?"))
    ]
    with Index.open(config) as index:
        alone = [Answerer(index).answer(case.question, case.history) for case in cases]
    told = list(Crew(config, QaConfig(), 2).each(cases))
    assert [one.answer.text for one in told] == [answer.text for answer in alone]
    assert [one.answer.hits for one in told] == [answer.hits for answer in alone]
    assert all(one.seconds > 0 for one in told)


def test_a_case_that_a_crew_cannot_answer_is_named(config: IndexConfig) -> None:
    with pytest.raises(WenjuError, match="Case b could not be answered: The question is empty"):
        list(Crew(config, QaConfig(), 1).each([Case("a", "多少户?"), Case("b", " ")]))


def test_few_cases_are_left_to_one_process_unless_more_are_asked_for() -> None:
    assert crew_size(0, 260) == 1
    assert crew_size(3, 1) == 3
    assert crew_size(0, 100_000) >= 1
