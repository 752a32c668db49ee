"""Paragraph -> questions that a language model proposes; those it cannot prove from a sentence are dropped.

Knows no endpoint, only the protocol below.
"""

import json
import re
from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from eval.propose import Proposal
from index import Paragraph

INSTRUCTION = (
    "你为一份报告出题。根据给出的段落提出至多三个问题,问法自然、互不相同、不看段落也能看懂。"
    '每行写一个 JSON 对象,不写别的:{"question": "…", "answer": "…"};answer 必须是段落中的原文片段,不超过 40 字。'
)
_OBJECT = re.compile(r"\{[^{}]*\}")
_LONGEST_ANSWER, _LONGEST_QUESTION = 60, 120  # characters; longer ones are no short question with a short answer


@runtime_checkable
class Writer(Protocol):
    """What is asked of a language model."""

    def write(self, instruction: str, text: str) -> str:
        """Return what the model makes of a text; raise WenjuError where it is away."""


def compose(writer: Writer, paragraph: Paragraph) -> Iterator[tuple[str, Proposal]]:
    """Yield each proved proposal with the sentence that holds its answer."""
    sentences = [paragraph.text[one.start : one.end] for one in paragraph.sentences]
    for found in _OBJECT.findall(writer.write(INSTRUCTION, paragraph.text)):
        question, answer = _read(found)
        sentence = next((one for one in sentences if answer and answer in one), "")
        if sentence and 0 < len(question) <= _LONGEST_QUESTION and answer not in question:
            yield sentence, Proposal(question, (answer,), "model")


def _read(found: str) -> tuple[str, str]:
    try:
        fields = json.loads(found)
    except ValueError:
        return "", ""
    question, answer = (str(fields.get(name, "")).strip() for name in ("question", "answer"))
    return question, answer if len(answer) <= _LONGEST_ANSWER else ""
