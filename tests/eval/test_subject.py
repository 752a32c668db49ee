from pathlib import Path

import pytest

from eval.records import Article, Case, CaseSet, Place
from eval.subject import Subject, ask
from index import Index, IndexConfig, WenjuError
from qa import Answerer, QaConfig


@pytest.fixture
def index(tmp_path: Path, tiny_model: Path, shipped_report: Path) -> Index:
    index = Index.open(IndexConfig(tmp_path / "library", str(tiny_model)))
    index.add([shipped_report])
    return index


def test_a_set_about_the_library_is_put_to_the_library(index: Index) -> None:
    answerer = Answerer(index, QaConfig(top=3))
    with Subject.opened(CaseSet("s", "d", (Case("a", "问"),)), index, answerer) as subject:
        assert (subject.library, subject.answers) == (index, answerer)
    assert ("top", "3") in {(setting.name, setting.value) for setting in subject.settings}


def test_a_set_with_paragraphs_of_its_own_is_put_to_those(index: Index) -> None:
    case_set = CaseSet("own", "d", (Case("c", "问", places=(Place("art", 1),)),), (Article("art", "题", ("水深。",)),))
    with Subject.opened(case_set, index, Answerer(index, QaConfig(top=3))) as subject:
        assert [report.id for report in subject.library.reports()] == ["art"]
        assert isinstance(subject.answers, Answerer)
        assert subject.answers.config.top == 3
    assert len(index.reports()[0].paragraphs) > 1
    with Subject.opened(case_set, index, None) as searched:
        assert searched.answers is None


def test_a_case_that_cannot_be_answered_is_named(index: Index) -> None:
    with pytest.raises(WenjuError, match="Case a could not be answered: The question is empty"):
        ask(Answerer(index), Case("a", " "))
    assert ask(Answerer(index), Case("b", "多少户?")).seconds > 0
