"""Example questions: made from the library, right, from different chapters."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Index, IndexConfig
from qa import Answerer
from web.examples import Example, Examples, answers, drafted, spread

BRIDGE = "桥\n\n一、建设\n\n全年新建成大小桥梁12座，全部按期完工。\n\n二、养护\n\n全年完成道路养护修缮工程35项。\n"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, shipped_report: Path) -> Iterator[Index]:
    with Index.open(IndexConfig(tmp_path_factory.mktemp("examples") / "library")) as opened:
        opened.add([shipped_report])
        yield opened


def example(question: str, chapter: str) -> Example:
    return Example(question, chapter, "r", 1)


def test_six_examples_come_from_six_chapters_and_are_answered_from_their_own_paragraph(index: Index) -> None:
    shown = Examples(index).shown(60)
    assert len(shown) == len({one.chapter for one in shown}) == 6
    for one in shown:
        answer = Answerer(index).answer(one.question)
        assert not answer.refused
        assert (one.report, one.paragraph) in {(cited.report, cited.paragraph) for cited in answer.citations}


def test_a_refusal_is_offered_questions_about_what_was_found_first(index: Index) -> None:
    examples = Examples(index)
    made = examples.all(60)
    place = made[-1]
    hits = [hit for hit in index.search(place.question, 10) if hit.paragraph.number == place.paragraph]
    offered = examples.near(hits)
    assert len(offered) == 2
    assert offered[0] in {one.question for one in made if one.paragraph == place.paragraph}


def test_examples_follow_the_library(tmp_path: Path) -> None:
    report = tmp_path / "bridge.txt"
    report.write_text(BRIDGE, "utf-8")
    with Index.open(IndexConfig(tmp_path / "library")) as index:
        examples = Examples(index)
        assert examples.shown(60) == ()
        index.add([report])
        assert {one.report for one in examples.shown(60)} == {"bridge"}


def test_examples_of_an_earlier_library_that_come_late_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "bridge.txt").write_text(BRIDGE, "utf-8")
    with Index.open(IndexConfig(tmp_path / "library")) as index:
        index.add([tmp_path / "bridge.txt"])
        examples = Examples(index)
        made = examples.all(60)
        assert made
        examples._made_for(index.generation - 1, ())
        assert examples.all() == made


def test_an_answer_from_another_place_or_without_the_drafted_answer_is_not_right(index: Index) -> None:
    draft = drafted(index.reports()[0])[0]
    answer = Answerer(index).answer("红色经典步道有多长?")
    assert not answers(answer, draft)


def test_one_of_each_chapter_comes_before_a_second_of_any() -> None:
    made = [example("a" * 18, "x"), example("b" * 17, "x"), example("c" * 18, "y")]
    assert [one.question[0] for one in spread(made, 2)] == ["a", "c"]
    assert [one.question[0] for one in spread(made, 6)] == ["a", "b", "c"]


def test_where_there_are_more_chapters_than_places_they_are_spread_over_the_report() -> None:
    made = [example(str(at) * 18, f"chapter {at}") for at in range(6)]
    assert [one.question[0] for one in spread(made, 3)] == ["0", "2", "4"]
