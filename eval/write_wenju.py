"""Case -> one line of Wenju JSONL, as `eval/read_wenju.py` reads it and `eval/sets/case.schema.json` describes it."""

import json

from eval.records import Case


def to_line(case: Case, status: str = "", source: dict[str, str | int] | None = None) -> str:
    """Return the case as a line; empty fields are left out."""
    history = [{"question": turn.question, "answer": turn.answer} for turn in case.history]
    fields = {
        "id": case.id,
        "split": case.split,
        "kind": case.kind,
        "question": case.question,
        "evidence": list(case.evidence),
        "answers": list(case.answers),
        "history": history,
        "note": case.note,
        "status": status,
        "source": source,
    }
    told = {name: value for name, value in fields.items() if value}
    return json.dumps(told if case.answerable else {**told, "answerable": False}, ensure_ascii=False)
