"""Reads Wenju JSONL, one case a line, into Cases.

    {"id": "h-001", "split": "test", "kind": "lexical", "question": "…", "answerable": true,
     "evidence": ["a verbatim quotation", …], "answers": ["one that counts", "another", …],
     "history": [{"question": "…", "answer": "…"}, …], "note": "…",
     "status": "accepted", "source": {"report": "…", "paragraph": 12}}

`sets/case.schema.json` says the same as a JSON Schema. Only id and question must be there. `split` is dev
or test, `answerable` is true unless said otherwise; an answerable case names evidence, an unanswerable one
neither evidence nor answers. The kind "several" means that all quotations are needed; otherwise each of
them is enough. A case whose `status` is draft or rejected is left out; `source` tells reviewers where a
proposed case is from.
"""

from functools import partial

from eval.intake import BadCaseError, Desk, DraftedError, Fields, each_line, many_texts, one_text, parse_object
from eval.records import Case, Status
from qa import Turn

_FIELDS = (
    "id",
    "split",
    "kind",
    "question",
    "answerable",
    "evidence",
    "answers",
    "history",
    "note",
    "status",
    "source",
)


def read_wenju(text: str, desk: Desk) -> None:
    """Read every line that is not blank."""
    for where, line in each_line(text):
        desk.take(where, partial(_case, line, where, desk))


def _case(line: str, where: str, desk: Desk) -> Case:
    fields = parse_object(line)
    desk.unread(where, set(fields), _FIELDS)
    answerable = fields.get("answerable", True)
    if not isinstance(answerable, bool):
        raise BadCaseError(f"answerable is {answerable!r}", "write true or false")
    case = Case(
        id=one_text(fields, "id", needed=True),
        question=one_text(fields, "question", needed=True),
        evidence=many_texts(fields, "evidence"),
        answers=many_texts(fields, "answers"),
        answerable=answerable,
        kind=one_text(fields, "kind"),
        split=one_text(fields, "split"),
        history=_history(fields),
        note=one_text(fields, "note"),
    )
    _demand_sense(case)
    _demand_source(fields.get("source", {}))
    if _status(fields) is not Status.ACCEPTED:
        raise DraftedError
    return case


def _demand_source(source: object) -> None:
    """Check what a run does not need, so that a reviewer is not shown a broken place."""
    sound = isinstance(source, dict) and isinstance(source.get("report", ""), str)
    if not sound or not isinstance(source, dict) or not _is_number(source.get("paragraph", 0)):
        raise BadCaseError(f"the source is {source!r:.60}", 'write {"report": "…", "paragraph": 12}')


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _status(fields: Fields) -> Status:
    status = fields.get("status", Status.ACCEPTED)
    if status not in list(Status):
        raise BadCaseError(f"the status is {status!r}", "write draft, accepted or rejected, or leave it out")
    return Status(str(status))


def _demand_sense(case: Case) -> None:
    if case.answerable and not case.evidence:
        mend = "quote the sentence that answers it, or set answerable to false"
        raise BadCaseError("an answerable case without evidence", mend)
    if not case.answerable and (case.evidence or case.answers):
        mend = "take them out, or set answerable to true"
        raise BadCaseError("an unanswerable case with evidence or answers", mend)
    if case.split not in {"", "dev", "test"}:
        raise BadCaseError(f"the split is {case.split!r}", "write dev or test")


def _history(fields: Fields) -> tuple[Turn, ...]:
    turns = fields.get("history", [])
    if not isinstance(turns, list) or not all(isinstance(turn, dict) for turn in turns):
        raise BadCaseError("history is not a list of turns", 'write [{"question": "…", "answer": "…"}]')
    return tuple(Turn(one_text(turn, "question", needed=True), one_text(turn, "answer")) for turn in turns)
