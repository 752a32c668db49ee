"""The conductor with hand-made fakes at its two doors, and once with the real index."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from eval.intake import SetError
from eval.records import Article, Case, CaseSet, Fault, Place, Plan, Problem
from eval.run import choose, evaluate
from eval.subject import Subject, own_library, settings_of
from index import Hit, IndexConfig, Report, WenjuError
from qa import Answer, Citation, QaConfig, Turn

MakeReport = Callable[..., Report]
MakeHit = Callable[..., Hit]
Cite = Callable[..., Citation]
MakeAnswer = Callable[..., Answer]

TEXTS = ("全区有6万户居民。", "道路已经修好。")
RESIDENTS = Case("homes", "多少户?", (TEXTS[0],), ("6万户",), kind="lexical", split="dev")
ROADS = Case("roads", "路呢?", (TEXTS[1],), ("修好",), kind="colloquial", split="test")
CATS = Case("cats", "谁的猫?", answerable=False, kind="off-topic", split="dev")


@dataclass
class FakeLibrary:
    """Two paragraphs; every search finds both, the second first."""

    report: Report
    hits: tuple[Hit, ...]
    generation: int = 7
    embedder: str = "/home/someone/models/small"
    searched: list[tuple[str, ...]] = field(default_factory=list)

    def reports(self) -> tuple[Report, ...]:
        return (self.report,)

    def search_many(self, questions: Sequence[str], top: int = 10) -> tuple[tuple[Hit, ...], ...]:
        self.searched.append(tuple(questions))
        return tuple(self.hits[:top] for _ in questions)


@dataclass
class FakeAnswers:
    """Gives the answers it was handed, and keeps what it was asked."""

    answers: dict[str, Answer]
    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        self.asked.append((question, tuple(history)))
        if question not in self.answers:
            raise WenjuError("too long")
        return self.answers[question]


def set_of(*cases: Case, problems: tuple[Problem, ...] = ()) -> CaseSet:
    return CaseSet("set", "ab12", cases, (), problems)


@pytest.fixture
def library(make_report: MakeReport, make_hit: MakeHit) -> FakeLibrary:
    return FakeLibrary(make_report(*TEXTS), (make_hit(2, TEXTS[1]), make_hit(1, TEXTS[0])))


@pytest.fixture
def answers(make_answer: MakeAnswer, make_citation: Cite, make_hit: MakeHit) -> FakeAnswers:
    good = make_answer(
        "全区有6万户居民。[1]",
        (make_citation(1, TEXTS[0], TEXTS[0]),),
        (make_hit(1, TEXTS[0]),),
        searched="多少户居民?",
    )
    refusal = make_answer("没有找到。", refused=True, confidence=0.1)
    return FakeAnswers({"多少户?": good, "路呢?": refusal, "谁的猫?": refusal})


def test_every_case_is_answered_judged_and_summed_up(library: FakeLibrary, answers: FakeAnswers) -> None:
    card = evaluate(set_of(RESIDENTS, ROADS, CATS), Subject(library, answers), Plan())
    assert [(one.fault, one.ranks, one.right) for one in card.outcomes] == [
        (Fault.NONE, (1,), 1),  # the answer's own hit comes before the search's
        (Fault.REFUSED, (1,), 1),
        (Fault.NONE, (), 0),
    ]
    figures = {metric.name: metric.value for metric in card.metrics}
    assert figures["recall@1"] == 1.0
    assert figures["holds_answer"] == 0.5
    assert figures["verbatim"] == 1.0
    assert figures["citation_recall"] == 0.5
    assert figures["balanced_accuracy"] == 0.75
    assert [kind.kind for kind in card.kinds] == ["lexical", "colloquial", "off-topic"]
    assert [step.step for step in card.steps] == ["cite"]
    assert card.risk_coverage
    assert card.calibration


def test_the_search_is_for_the_question_that_stands_alone(library: FakeLibrary, answers: FakeAnswers) -> None:
    evaluate(set_of(RESIDENTS), Subject(library, answers), Plan())
    assert library.searched == [("多少户居民?",)]


def test_a_case_is_asked_with_its_history(library: FakeLibrary, answers: FakeAnswers) -> None:
    turns = (Turn("居民呢?", "有。"),)
    case = Case("c", "多少户?", (TEXTS[0],), ("6万户",), history=turns)
    evaluate(set_of(case), Subject(library, answers), Plan())
    assert answers.asked == [("多少户?", turns)]


def test_there_is_no_second_search_where_the_answers_hits_tell_all(
    library: FakeLibrary, make_answer: MakeAnswer, make_hit: MakeHit
) -> None:
    hits = tuple(make_hit(number, TEXTS[number - 1] if number < 3 else "别的。") for number in (3, 4, 2, 5, 1))
    found = FakeAnswers({"多少户?": make_answer("答", (), hits), "谁的猫?": make_answer("答", (), hits)})
    card = evaluate(set_of(RESIDENTS, CATS), Subject(library, found), Plan())
    assert library.searched == []
    assert [one.ranks for one in card.outcomes] == [(5,), ()]


def test_searched_only_asks_nobody(library: FakeLibrary) -> None:
    card = evaluate(set_of(RESIDENTS, CATS), Subject(library, None), Plan(retrieval_only=True))
    assert library.searched == [("多少户?", "谁的猫?")]
    assert card.outcomes[0].ranks == (2,)
    assert card.outcomes[0].given is None
    assert card.origin.mode == "retrieval only"
    assert card.risk_coverage == ()


def test_the_card_says_what_was_measured_and_no_folder_of_anyone(library: FakeLibrary, answers: FakeAnswers) -> None:
    subject = Subject(library, answers, settings_of(QaConfig(llm_key="secret", llm_url="http://host")))
    origin = evaluate(set_of(RESIDENTS), subject, Plan(split="dev")).origin
    assert (origin.set_name, origin.set_digest, origin.split) == ("set", "ab12", "dev")
    assert (origin.generation, origin.embedder, origin.mode) == (7, "small", "extractive")
    assert "top" in {setting.name for setting in origin.settings}
    assert not [setting for setting in origin.settings if "secret" in setting.value or "host" in setting.value]


def test_settings_leave_out_folders() -> None:
    assert not {"library", "embedder"} & {setting.name for setting in settings_of(IndexConfig(Path("/home/someone")))}


def test_a_plan_takes_a_split_and_spreads_its_limit() -> None:
    cases = tuple(Case(str(at), "问", ("据",), split="dev" if at < 8 else "test") for at in range(10))
    assert [case.id for case in choose(set_of(*cases), Plan("dev", 4))] == ["0", "2", "4", "6"]
    assert len(choose(set_of(*cases), Plan(limit=99))) == 10
    with pytest.raises(SetError, match="its splits are: dev, test"):
        choose(set_of(*cases), Plan("later"))


def test_broken_cases_stop_a_run_unless_they_are_skipped() -> None:
    case_set = set_of(RESIDENTS, problems=(Problem("line 3", "broken JSON", "mend it"),))
    with pytest.raises(SetError, match="line 3: broken JSON; mend it"):
        choose(case_set, Plan())
    assert choose(case_set, Plan(skip_bad=True)) == (RESIDENTS,)


def test_a_library_without_any_of_the_evidence_is_refused(library: FakeLibrary, answers: FakeAnswers) -> None:
    strange = Case("c", "多少户?", ("从未写过。",))
    with pytest.raises(SetError, match="None of the evidence"):
        evaluate(set_of(strange), Subject(library, answers), Plan())
    assert answers.asked == []


def test_evidence_that_no_paragraph_holds_is_a_fault_of_splitting(library: FakeLibrary, answers: FakeAnswers) -> None:
    torn = Case("torn", "路呢?", ("居民。道路",))
    card = evaluate(set_of(RESIDENTS, torn), Subject(library, answers), Plan())
    assert card.outcomes[1].fault is Fault.SPLIT


def test_a_case_that_cannot_be_answered_is_named(library: FakeLibrary) -> None:
    with pytest.raises(WenjuError, match="Case homes could not be answered: too long"):
        evaluate(set_of(RESIDENTS), Subject(library, FakeAnswers({})), Plan())


def test_progress_counts_the_cases_and_may_stop_the_run(library: FakeLibrary, answers: FakeAnswers) -> None:
    told: list[tuple[str, int, int]] = []

    def stop_at_the_second(step: str, done: int, total: int) -> None:
        told.append((step, done, total))
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate(set_of(RESIDENTS, CATS), Subject(library, answers), Plan(), stop_at_the_second)
    assert told == [("answering", 0, 2), ("answering", 1, 2)]
    assert len(answers.asked) == 1


def test_a_set_with_its_own_paragraphs_gets_a_library_that_is_gone_afterwards(tiny_model: Path) -> None:
    case = Case("c", "黄浦区的税收占比是多少?", ("黄浦税收占比高。",), places=(Place("art", 2),))
    case_set = CaseSet("own", "ab", (case,), (Article("art", "题", ("道路通畅。", "黄浦税收占比高。")),))
    with own_library(case_set, IndexConfig(embedder=str(tiny_model))) as index:
        folder = index.config.library
        card = evaluate(case_set, Subject(index, None), Plan(retrieval_only=True))
    assert card.outcomes[0].ranks == (1,)
    assert not folder.exists()
