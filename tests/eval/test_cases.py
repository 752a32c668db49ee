import json
from pathlib import Path

import pytest

from eval.cases import read_set
from eval.intake import SetError
from eval.records import Case, CaseSet, Place, Severity
from qa import Turn

GOOD = {"id": "a", "question": "多少户?", "evidence": ["共有6万户。"], "answers": ["6万户"]}


def write_lines(path: Path, *cases: object) -> Path:
    lines = (case if isinstance(case, str) else json.dumps(case, ensure_ascii=False) for case in cases)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def complaints(case_set: CaseSet) -> list[tuple[str, str]]:
    return [(problem.where, problem.found) for problem in case_set.problems]


# ---------------------------------------------------------------- Wenju JSONL


def test_a_line_of_wenju_jsonl_is_a_case(tmp_path: Path) -> None:
    full = {
        **GOOD,
        "split": "dev",
        "kind": "followup",
        "answerable": True,
        "note": "注",
        "history": [{"question": "先问", "answer": "先答"}],
    }
    case_set = read_set(write_lines(tmp_path / "mine.jsonl", full, "", {**GOOD, "id": "b"}))
    first = Case(
        "a",
        "多少户?",
        ("共有6万户。",),
        ("6万户",),
        True,
        "followup",
        "dev",
        (Turn("先问", "先答"),),
        (),
        "注",
        "line 1",
    )
    assert case_set.cases[0] == first
    assert [case.id for case in case_set.cases] == ["a", "b"]
    assert (case_set.name, case_set.problems, case_set.articles) == ("mine", (), ())


def test_a_broken_line_is_named_and_the_good_ones_are_kept(tmp_path: Path) -> None:
    case_set = read_set(write_lines(tmp_path / "set.jsonl", '{"id": "x"', GOOD, "[1]"))
    assert [case.id for case in case_set.cases] == ["a"]
    assert [where for where, _ in complaints(case_set)] == ["line 1", "line 3"]
    assert "broken JSON" in case_set.problems[0].found
    assert case_set.problems[1].found == "no JSON object"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"id": 12}, "id is not a text"),
        ({"question": " "}, "question is missing or empty"),
        ({"evidence": "一句"}, "evidence is not a list"),
        ({"answers": ["好", 5]}, "answers is not a text"),
        ({"answerable": "yes"}, "answerable is 'yes'"),
        ({"evidence": []}, "an answerable case without evidence"),
        ({"answerable": False}, "an unanswerable case with evidence or answers"),
        ({"split": "train"}, "the split is 'train'"),
        ({"status": "new"}, "the status is 'new'"),
        ({"status": []}, "the status is []"),
        ({"history": ["先问"]}, "history is not a list of turns"),
        ({"history": [{"answer": "答"}]}, "question is missing or empty"),
    ],
)
def test_a_wrong_type_is_told_with_the_way_to_mend_it(tmp_path: Path, change: dict[str, object], found: str) -> None:
    (problem,) = read_set(write_lines(tmp_path / "set.jsonl", {**GOOD, **change})).problems
    assert (problem.where, problem.found, problem.severity) == ("line 1", found, Severity.ERROR)
    assert problem.mend


def test_half_a_character_is_told(tmp_path: Path) -> None:
    line = '{"id": "a", "question": "\\ud83d", "evidence": ["x"]}'
    assert complaints(read_set(write_lines(tmp_path / "s.jsonl", line))) == [
        ("line 1", "question holds half a character")
    ]


def test_a_doubled_id_is_told_and_its_first_case_kept(tmp_path: Path) -> None:
    case_set = read_set(write_lines(tmp_path / "set.jsonl", GOOD, {**GOOD, "question": "又问"}))
    assert [case.question for case in case_set.cases] == ["多少户?"]
    assert complaints(case_set) == [("line 2", "the id 'a' was given before")]


def test_an_unknown_field_is_noted_and_its_case_kept(tmp_path: Path) -> None:
    case_set = read_set(write_lines(tmp_path / "set.jsonl", {**GOOD, "colour": "red"}))
    assert case_set.cases
    assert case_set.problems[0].severity is Severity.NOTE


def test_a_line_separator_inside_a_text_does_not_end_the_line(tmp_path: Path) -> None:
    case_set = read_set(write_lines(tmp_path / "set.jsonl", {**GOOD, "question": "一\u2028二"}))
    assert case_set.cases[0].question == "一\u2028二"


def test_a_mark_of_byte_order_is_no_part_of_the_set(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(GOOD).encode())
    assert read_set(path).cases


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_set_in_an_encoding_of_spreadsheets_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_bytes(("\n" + json.dumps(GOOD, ensure_ascii=False)).encode(encoding))
    case_set = read_set(path)
    assert case_set.cases[0].question == "多少户?"
    notes = [(problem.where, problem.severity) for problem in case_set.problems]
    assert notes == ([("line 2", Severity.NOTE)] if encoding == "gb18030" else [])


@pytest.mark.parametrize("data", ["報告中的問題與答覆，應該都還在那裡嗎".encode("big5"), b"\xff\xff\xff"])
def test_another_encoding_is_refused_by_its_line_with_the_way_out(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "set.jsonl"
    path.write_bytes(b"{}\n" + data)
    with pytest.raises(SetError, match=r"neither UTF-8 nor GB18030 \(line 2\).*iconv"):
        read_set(path)


def test_a_case_knows_the_line_it_was_read_from(tmp_path: Path) -> None:
    case_set = read_set(write_lines(tmp_path / "set.jsonl", "", GOOD))
    assert case_set.cases[0].where == "line 2"


def test_only_accepted_drafts_are_cases(tmp_path: Path) -> None:
    states = ("draft", "accepted", "rejected")
    drafts = [{**GOOD, "id": state, "status": state, "source": {"report": "r", "paragraph": 1}} for state in states]
    case_set = read_set(write_lines(tmp_path / "set.jsonl", *drafts))
    assert [case.id for case in case_set.cases] == ["accepted"]
    assert (case_set.drafts, case_set.problems) == (2, ())


def test_a_set_of_drafts_only_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(SetError, match="1 drafts and no accepted case; accept some"):
        read_set(write_lines(tmp_path / "set.jsonl", {**GOOD, "status": "draft"}))


@pytest.mark.timeout(60)
def test_a_hundred_thousand_lines_are_read(tmp_path: Path) -> None:
    lines = (json.dumps({**GOOD, "id": str(at)}) for at in range(100_000))
    assert len(read_set(write_lines(tmp_path / "set.jsonl", *lines)).cases) == 100_000


@pytest.mark.parametrize(("name", "told"), [("none.jsonl", "no set at"), ("set.xlsx", "ends in none of")])
def test_a_set_that_is_not_there_or_of_no_known_form_is_refused(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / "set.xlsx").write_text("x")
    with pytest.raises(SetError, match=told):
        read_set(tmp_path / name)


def test_an_empty_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetError, match="holds no case"):
        read_set(write_lines(tmp_path / "set.jsonl", ""))


def test_the_digest_changes_with_the_set(tmp_path: Path) -> None:
    first = read_set(write_lines(tmp_path / "set.jsonl", GOOD)).digest
    assert first == read_set(write_lines(tmp_path / "copy.jsonl", GOOD)).digest
    assert first != read_set(write_lines(tmp_path / "set.jsonl", {**GOOD, "id": "b"})).digest


# ---------------------------------------------------------------- SQuAD JSON

CONTEXT = "第一句说山。第二句说水在东海,很深。第三句说火。"


def squad(tmp_path: Path, *qas: object, **article: object) -> CaseSet:
    paragraphs = [{"context": "别的段落。", "qas": []}, {"context": CONTEXT, "qas": list(qas)}]
    whole = {"data": [{"id": "art", "title": "题", "paragraphs": paragraphs, **article}]}
    return read_set(write_lines(tmp_path / "squad.json", whole))


def test_squad_names_the_paragraph_and_the_sentence_around_the_answer(tmp_path: Path) -> None:
    answers = [{"text": "东海", "answer_start": CONTEXT.index("东海")}] * 2
    case_set = squad(tmp_path, {"id": "q1", "question": "水在哪里?", "answers": answers})
    (case,) = case_set.cases
    assert case.evidence == ("第二句说水在东海,很深。",)
    assert case.answers == ("东海",)
    assert case.places == (Place("art", 2),)
    assert case_set.articles[0].texts == ("别的段落。", CONTEXT)
    assert case.split in {"dev", "test"}


def test_squad_finds_an_answer_whose_offset_is_wrong_and_tells_one_that_is_not_there(tmp_path: Path) -> None:
    off = {"id": "q1", "question": "问", "answers": [{"text": "东海", "answer_start": 0}]}
    gone = {"id": "q2", "question": "问", "answers": [{"text": "西海", "answer_start": 0}]}
    case_set = squad(tmp_path, off, gone)
    assert [case.id for case in case_set.cases] == ["q1"]
    assert complaints(case_set) == [("data[0].paragraphs[1].qas[1]", "the answer '西海' is not in its paragraph")]


def test_an_impossible_question_of_squad_2_is_unanswerable(tmp_path: Path) -> None:
    (case,) = squad(tmp_path, {"id": "q", "question": "问", "answers": [], "is_impossible": True}).cases
    assert (case.answerable, case.evidence, case.places) == (False, (), ())


def test_an_article_of_squad_is_in_one_split_for_good(tmp_path: Path) -> None:
    question = {"id": "q", "question": "问", "answers": [{"text": "山", "answer_start": 4}]}
    first, second = (squad(tmp_path, question).cases[0].split for _ in range(2))
    halves = {squad(tmp_path, question, id=f"article {number}").cases[0].split for number in range(20)}
    assert first == second
    assert halves == {"dev", "test"}


@pytest.mark.parametrize("text", ["{", "[]", '{"data": 5}', '{"data": [{"paragraphs": [5]}]}', '{"data": [[]]}'])
def test_json_that_is_no_squad_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SetError, match=r"SQuAD form|broken JSON"):
        read_set(write_lines(tmp_path / "set.json", text))


def test_an_article_named_twice_is_refused(tmp_path: Path) -> None:
    article = {"id": "art", "paragraphs": [{"context": "文。", "qas": []}]}
    with pytest.raises(SetError, match="twice"):
        read_set(write_lines(tmp_path / "set.json", {"data": [article, article]}))


# ---------------------------------------------------------------- BEIR folder


def beir(tmp_path: Path, qrels: str) -> CaseSet:
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    write_lines(
        folder / "corpus.jsonl", {"_id": "d1", "title": "山", "text": "山高。"}, {"_id": "d2", "text": "水深。"}
    )
    write_lines(folder / "queries.jsonl", {"_id": "q1", "text": "何高?"}, {"_id": "q2", "text": "何深?"})
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n" + qrels)
    return read_set(folder)


def test_a_beir_folder_names_right_documents_and_its_file_the_split(tmp_path: Path) -> None:
    case_set = beir(tmp_path, "q1\td1\t2\nq1\td2\t0\nq2\td2\t1\n")
    assert [(case.id, case.question, case.places, case.split) for case in case_set.cases] == [
        ("q1", "何高?", (Place("d1", 1),), "test"),
        ("q2", "何深?", (Place("d2", 1),), "test"),
    ]
    assert [(one.id, one.title, one.texts) for one in case_set.articles] == [
        ("d1", "山", ("山高。",)),
        ("d2", "", ("水深。",)),
    ]


def test_broken_judgements_of_beir_are_told(tmp_path: Path) -> None:
    case_set = beir(tmp_path, "q1 d1 1\nq9\td1\t1\nq2\td9\t1\n")
    assert [where for where, _ in complaints(case_set)] == [
        "qrels/test.tsv, line 2",
        "qrels/test.tsv, q9",
        "qrels/test.tsv, q2",
    ]
    assert not case_set.cases


def test_a_folder_without_its_parts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetError, match=r"corpus\.jsonl"):
        read_set(tmp_path)


# ---------------------------------------------------------------- CSV


def sheet(tmp_path: Path, text: str) -> CaseSet:
    path = tmp_path / "sheet.csv"
    path.write_text(text, encoding="utf-8")
    return read_set(path)


def test_a_sheet_takes_the_answer_for_evidence_and_no_answer_for_unanswerable(tmp_path: Path) -> None:
    first, second = sheet(tmp_path, 'question,answer\n"多少户, 几人?",6万户 | 六万户\n谁的猫?,\n').cases
    assert (first.id, first.question, first.answers) == ("line-2", "多少户, 几人?", ("6万户", "六万户"))
    assert first.evidence == first.answers
    assert (second.answerable, second.answers) == (False, ())


def test_a_sheet_may_name_evidence_kind_and_split(tmp_path: Path) -> None:
    (case,) = sheet(tmp_path, "ID,Question,Answer,Evidence,kind,split\nx,问,答,原文在此。,plain,dev\n").cases
    assert (case.id, case.evidence, case.kind, case.split) == ("x", ("原文在此。",), "plain", "dev")


def test_a_row_with_more_cells_than_columns_is_told(tmp_path: Path) -> None:
    case_set = sheet(tmp_path, "question,answer,colour\n问,答,红,多\n,答,\n")
    assert [where for where, _ in complaints(case_set)] == ["line 1", "line 2", "line 3"]
    assert case_set.problems[1].found == "more cells than columns"
    assert case_set.problems[2].found == "question is missing or empty"


@pytest.mark.parametrize("text", ["", "frage,antwort\n1,2\n", 'question,answer\n"问,答\n'])
def test_a_sheet_without_its_columns_or_with_an_open_quotation_mark_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SetError, match="sheet"):
        sheet(tmp_path, text)
