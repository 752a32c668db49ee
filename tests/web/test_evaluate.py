"""What happens on the page of evaluation: sets are run for real over a hand-made report and hand-made answers."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread
from typing import Any

import gradio as gr
import pytest

from eval import Cards
from index import Report
from qa import Answer
from web.examiner import Examiner, Screen
from web.sets import SETS, UploadedSet, chooser, set_file

RIGHT = {"id": "1", "question": "建了几座<桥>?", "kind": "lexical", "evidence": ["全年建桥12座。"], "answers": ["12座"]}
WRONG = {"id": "2", "question": "火星上有几座?", "kind": "own", "answerable": False, "evidence": [], "answers": []}


@pytest.fixture
def examining(bridges: Report, shelf_of: Any, scripted: Any, tmp_path: Path) -> Callable[[Answer], Examiner]:
    """Make an examiner whose answerer gives the same answer to every question."""
    return lambda answer: Examiner(shelf_of([bridges]), scripted(answer), tmp_path / "library")


@pytest.fixture
def examiner(examining: Callable[[Answer], Examiner], answer: Answer) -> Examiner:
    """An examiner that never refuses, so that the case WRONG fails."""
    return examining(answer)


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """`written(RIGHT, WRONG)` writes a set of these cases."""

    def write(*cases: object, name: str = "own.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(json.dumps(case, ensure_ascii=False) for case in cases), "utf-8")
        return path

    return write


@dataclass(frozen=True)
class Run:
    """A set of RIGHT, of the same question with another gold answer, and of WRONG, run once for many tests."""

    examiner: Examiner
    html: str
    name: str


@pytest.fixture(scope="module")
def ran(bridges: Report, answer: Answer, shelf_of: Any, scripted: Any, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("ran")
    path = folder / "own.jsonl"
    cases = (RIGHT, {**RIGHT, "id": "3", "answers": ["九座"]}, WRONG)
    path.write_text("\n".join(json.dumps(case) for case in cases), "utf-8")
    examiner = Examiner(shelf_of([bridges]), scripted(answer), folder / "library")
    html = end(examiner.run_file(path))
    return Run(examiner, html, examiner.cards.names()[0])


def event(**sent: object) -> gr.EventData:
    return gr.EventData(None, sent)


def end(screens: Iterator[Screen]) -> str:
    *_, (result, case) = screens
    assert case == ""  # a case of the result before is closed
    return result


def test_a_set_ends_in_figures_and_failed_cases(ran: Run) -> None:
    assert '<span class="zh" lang="zh-CN">引文逐字一致</span>' in ran.html
    assert "<b>100%</b>" in ran.html  # the one citation is word for word
    assert 'data-case="2" aria-pressed="false">火星上有几座?</button></td><td>–</td>' in ran.html
    assert "该拒未拒" in ran.html
    assert "2 / 3" in ran.html


def test_a_run_is_kept_and_can_be_opened_again(ran: Run) -> None:
    assert ran.examiner.open_card(event(card=ran.name)) == (ran.html, "")
    assert ran.name in ran.examiner.kept()


def test_a_kind_without_a_word_of_its_own_keeps_its_name(ran: Run) -> None:
    assert '<span class="zh" lang="zh-CN">own</span>' in ran.html


def test_a_question_of_a_set_is_shown_as_text(ran: Run) -> None:
    assert "几座&lt;桥&gt;" in ran.html
    assert "<桥>" not in ran.html


def test_good_cases_run_where_others_are_broken(examiner: Examiner, written: Callable[..., Path]) -> None:
    assert "0 / 1" in end(examiner.run_file(written(RIGHT, {"id": "3"})))


def test_a_set_that_cannot_be_run_is_one_line(examiner: Examiner, written: Callable[..., Path]) -> None:
    html = end(examiner.run_file(written({**RIGHT, "evidence": ["别处的话。"]})))
    assert html.startswith('<p class="news bad"')


def test_a_set_brings_its_own_paragraphs(bridges: Report, shelf_of: Any, tmp_path: Path) -> None:
    from index import Index, IndexConfig
    from qa import Answerer

    context = "全城有水塔7座。塔都是砖砌的。"
    qas = [{"id": "q", "question": "全城有几座水塔?", "answers": [{"text": "九座", "answer_start": 0}]}]
    qas[0]["answers"] = [{"text": "7座", "answer_start": context.index("7座")}]
    squad = {"data": [{"id": "A", "title": "塔", "paragraphs": [{"context": context, "qas": qas}]}]}
    path = tmp_path / "own.json"
    path.write_text(json.dumps(squad), "utf-8")
    with Index.open(IndexConfig(tmp_path / "library")) as index:
        examiner = Examiner(index, Answerer(index), tmp_path / "library")
        assert 'class="kpi"' in end(examiner.run_file(path))
        case = examiner.open_case(event(card=examiner.cards.names()[0], case="0"))
    assert "全城有水塔7座。</mark>" in case
    assert "data-open" not in case  # its paragraph is on no shelf


def test_an_upload_is_read_at_once_and_chosen(examiner: Examiner, written: Callable[..., Path]) -> None:
    path = str(written(RIGHT, {"id": "3"}, name="mine.jsonl"))
    news, choice, sets = examiner.upload(path, ())
    assert sets == (UploadedSet(path, "mine", 1),)
    assert '<option value="own:0" data-zh="mine · 全部 · 1 题" data-en="mine · all · 1" selected>' in choice
    assert "<li>line 2: question is missing or empty" in news


def test_an_upload_that_cannot_be_read_changes_nothing(examiner: Examiner, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"\xff\xfe\x00")
    news, choice, sets = examiner.upload(str(path), ())
    assert news.startswith('<p class="news bad"')
    assert (choice, sets) == (chooser(()), ())


def test_the_set_of_the_shipped_report_is_offered_first_whole_and_by_its_splits() -> None:
    options = chooser(())
    assert options.index('value="huangpu:dev"') == options.index('value="')
    assert [name in options for name in ("huangpu:dev", "huangpu:test", "huangpu:&quot;")] == [True, True, False]
    assert set_file("huangpu:dev", ()) == (SETS / "huangpu.jsonl", "dev")
    assert set_file("huangpu:", ()) == (SETS / "huangpu.jsonl", "")


@pytest.mark.parametrize("chosen", ["", "own:0", "own:x", "../../etc/passwd:", "huangpu:train"])
def test_what_was_not_offered_is_not_read(examiner: Examiner, chosen: str) -> None:
    assert "请先选一个评测集" in end(examiner.run(event(set=chosen), ()))


def test_a_press_on_cancel_ends_the_run_that_it_stands_at(examiner: Examiner, written: Callable[..., Path]) -> None:
    examiner._turn.acquire()  # as if another run were going on
    screens = examiner.run_file(written(RIGHT))
    bar, _ = next(screens)
    assert "正在排队" in bar
    key = bar.split('data-stop="')[1].split('"')[0]
    examiner.stop(event(run="another"))
    examiner.stop(event(run=key))
    assert "已取消" in end(screens)
    assert examiner.cards.names() == ()


def test_a_run_waits_for_the_one_before(examiner: Examiner, written: Callable[..., Path]) -> None:
    path, ended = written(RIGHT, WRONG), []
    runs = [Thread(target=lambda: ended.append(end(examiner.run_file(path)))) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(60)
    assert len(examiner.cards.names()) == len([html for html in ended if 'class="kpi"' in html]) == 2


def test_a_case_shows_its_evidence_and_citation_in_its_paragraph(ran: Run) -> None:
    case = ran.examiner.open_case(event(card=ran.name, case="1"))
    assert '<p lang="zh-CN"><mark class="gold cited">全年建桥12座。</mark>投资3亿元。</p>' in case
    assert 'data-open="bridges" data-at="1"' in case


@pytest.mark.parametrize("sent", [{"card": "../x", "case": "0"}, {"case": "99"}, {"case": "-9"}, {"case": "x"}, {}])
def test_a_case_that_is_not_there_is_one_line(ran: Run, sent: dict[str, str]) -> None:
    told = ran.examiner.open_case(event(**{"card": ran.name, **sent}))
    assert told.startswith('<p class="news bad"')


def test_the_last_run_of_the_same_set_is_the_one_compared_with(examiner: Examiner, ran: Run) -> None:
    card = ran.examiner.cards.load(ran.name)
    oldest = examiner.cards.keep(card)
    other = examiner.cards.keep(replace(card, origin=replace(card.origin, set_name="b")))
    newest = examiner.cards.keep(card)
    assert examiner.before(newest) == oldest
    assert examiner.before(other) == ""
    assert "共有 3 题" in end(examiner.compare(event(card=newest)))
    assert "还没有先前的成绩可比" in end(examiner.compare(event(card=other)))
    assert "共有 3 题" in end(examiner.compare(event(card=other, before=newest)))


def test_a_scorecard_is_handed_out_in_three_forms(ran: Run) -> None:
    files = {what: ran.examiner.download({"card": ran.name, "what": what}) for what in ("json", "html", "failures")}
    assert [file.name for file in files.values()] == [
        f"{ran.name}.json",
        f"{ran.name}.html",
        f"{ran.name}-failures.jsonl",
    ]
    assert Cards.from_json(files["json"].text) == ran.examiner.cards.load(ran.name)
    assert files["html"].text.startswith("<!doctype html>")
    assert [json.loads(line)["id"] for line in files["failures"].text.splitlines()] == ["3", "2"]


def test_a_refusing_answerer_fails_what_is_answerable(
    examining: Callable[[Answer], Examiner], answer: Answer, written: Callable[..., Path]
) -> None:
    refusing = examining(replace(answer, text="没有。", lead="", refused=True, citations=()))
    html = end(refusing.run_file(written(RIGHT, WRONG)))
    assert "误拒" in html
    assert "1 / 2" in html
