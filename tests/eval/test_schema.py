"""The JSON Schema of the format: it holds for what ships, and says of every line what the reader says."""

import json
from pathlib import Path

import pytest

from eval.cases import read_set
from eval.records import Case, Severity
from eval.write_wenju import to_line
from qa import Turn

jsonschema = pytest.importorskip("jsonschema", reason="the test extra brings jsonschema")

SETS = Path(__file__).parents[2] / "eval" / "sets"
SCHEMA = json.loads((SETS / "case.schema.json").read_text("utf-8"))
GOOD: dict[str, object] = {"id": "a", "question": "多少户?", "evidence": ["共有6万户。"]}


def fits(fields: object) -> bool:
    return bool(jsonschema.Draft202012Validator(SCHEMA).is_valid(fields))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", sorted(SETS.glob("*.jsonl")), ids=lambda path: path.name)
def test_every_shipped_case_fits_and_is_read_without_a_word(path: Path) -> None:
    lines = [line for line in path.read_text("utf-8").split("\n") if line.strip()]
    assert [at for at, line in enumerate(lines, 1) if not fits(json.loads(line))] == []
    assert read_set(path).problems == ()
    assert len(read_set(path).cases) == len(lines)


def test_the_schema_names_every_field_that_is_read(tmp_path: Path) -> None:
    (tmp_path / "set.jsonl").write_text(json.dumps({**GOOD, "colour": "red"}), "utf-8")
    (note,) = read_set(tmp_path / "set.jsonl").problems
    assert set(note.mend.removeprefix("known fields: ").split(", ")) == set(SCHEMA["properties"])


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"colour": "red"},
        {"split": "dev", "kind": "x", "note": "", "answers": ["6万户"]},
        {"history": [{"question": "先问"}]},
        {"history": [{"question": "先问", "answer": "先答"}]},
        {"answerable": True},
        {"answerable": False, "evidence": []},
        {"answerable": False},
        {"answerable": False, "evidence": [], "answers": ["x"]},
        {"answerable": "no"},
        {"id": 5},
        {"id": " "},
        {"question": ""},
        {"question": "\n"},
        {"evidence": []},
        {"evidence": "一句"},
        {"evidence": [""]},
        {"evidence": [5]},
        {"answers": "x"},
        {"answers": [" "]},
        {"split": "train"},
        {"kind": 5},
        {"note": []},
        {"history": ["先问"]},
        {"history": [{"answer": "答"}]},
        {"history": [{"question": "问", "answer": 5}]},
        {"status": "accepted", "source": {"report": "r", "paragraph": 3}},
        {"status": "later"},
        {"status": ""},
        {"source": "r"},
        {"source": {"report": 5}},
        {"source": {"paragraph": -1}},
        {"source": {"paragraph": True}},
    ],
    ids=str,
)
def test_the_schema_and_the_reader_agree(tmp_path: Path, change: dict[str, object]) -> None:
    fields = {**GOOD, **change}
    (tmp_path / "set.jsonl").write_text(json.dumps(fields, ensure_ascii=False), "utf-8")
    case_set = read_set(tmp_path / "set.jsonl")
    refused = [problem for problem in case_set.problems if problem.severity is Severity.ERROR]
    assert fits(fields) is not bool(refused)


def test_what_is_written_fits_and_is_read_back(tmp_path: Path) -> None:
    cases = (
        Case("a", "问?", ("据。",), ("答",), True, "followup", "dev", (Turn("先问", "先答"),), (), "注", "line 1"),
        Case("b", "谁的猫?", answerable=False, where="line 2"),
    )
    (tmp_path / "set.jsonl").write_text("\n".join(to_line(case) for case in cases), "utf-8")
    assert all(fits(json.loads(to_line(case))) for case in cases)
    assert read_set(tmp_path / "set.jsonl").cases == cases
