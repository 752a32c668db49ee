"""Reads SQuAD JSON, 1.1 or 2.0 (CMRC 2018, DRCD), into Cases and the articles they are asked of.

The evidence of a case is the sentence around its answer. The form has no splits, so every article
is put by its name into the half "dev" or the half "test" for good.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from functools import partial

from eval.intake import BadCaseError, Desk, Fields, SetError, one_text
from eval.records import Article, Case, Place

_SENTENCE_END = re.compile(r"(?<=[\u3002\uff01\uff1f!?\uff1b;\n])")


def read_squad(text: str, desk: Desk) -> None:
    """Read every article under "data".

    Raises:
        SetError: the file is no JSON or not in SQuAD form.
    """
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SetError(f"The set is broken JSON ({error}); mend it there.") from error
    for number, article in enumerate(_objects(whole, "data", "the file")):
        _article(article, f"data[{number}]", desk)


def _objects(holder: object, name: str, where: str) -> list[Fields]:
    found = holder.get(name) if isinstance(holder, dict) else None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise SetError(f"{where} has no list {name!r}; SQuAD form is data > paragraphs > context and qas.")
    return found


def _article(article: Fields, where: str, desk: Desk) -> None:
    name = str(article.get("id") or where)
    paragraphs = _objects(article, "paragraphs", where)
    try:
        texts = tuple(one_text(paragraph, "context", needed=True) for paragraph in paragraphs)
        desk.articles.append(Article(name, one_text(article, "title") or name, texts))
    except BadCaseError as bad:
        raise SetError(f"{where}: {bad.found}; {bad.mend}.") from bad
    for number, paragraph in enumerate(paragraphs, start=1):
        spot = f"{where}.paragraphs[{number - 1}]"
        for at, qa in enumerate(_objects(paragraph, "qas", spot)):
            desk.take(f"{spot}.qas[{at}]", partial(_case, qa, texts[number - 1], Place(name, number)))


def _case(qa: Fields, context: str, place: Place) -> Case:
    impossible = bool(qa.get("is_impossible", False))
    spans = [] if impossible else [_span(answer, context) for answer in _answers(qa)]
    if not impossible and not spans:
        raise BadCaseError("no answer", "add one, or set is_impossible to true")
    return Case(
        id=one_text(qa, "id", needed=True),
        question=one_text(qa, "question", needed=True),
        evidence=_distinct(_around(context, start, start + len(text)) for start, text in spans),
        answers=_distinct(text for _, text in spans),
        answerable=not impossible,
        kind="unanswerable" if impossible else "span",
        split=_half(place.report),
        places=() if impossible else (place,),
    )


def _answers(qa: Fields) -> list[Fields]:
    answers = qa.get("answers") or []
    if not isinstance(answers, list) or not all(isinstance(answer, dict) for answer in answers):
        raise BadCaseError("answers is not a list", 'write [{"text": "…", "answer_start": 0}]')
    return answers


def _span(answer: Fields, context: str) -> tuple[int, str]:
    text, start = one_text(answer, "text", needed=True), answer.get("answer_start")
    if isinstance(start, int) and context[start : start + len(text)] == text:
        return start, text
    if (found := context.find(text)) < 0:
        raise BadCaseError(f"the answer {text!r} is not in its paragraph", "copy it from the paragraph")
    return found, text


def _around(context: str, start: int, end: int) -> str:
    """Return the sentence or sentences that hold the span, as evidence."""
    cuts = [0, *(cut.start() for cut in _SENTENCE_END.finditer(context)), len(context)]
    first = max(cut for cut in cuts if cut <= start)
    return context[first : min(cut for cut in cuts if cut >= end)].strip()


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _half(article: str) -> str:
    return "dev" if hashlib.sha256(article.encode()).digest()[0] % 2 == 0 else "test"
