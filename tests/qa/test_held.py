"""The shipped report, the bundled model, and a scripted stand-in for a language model that writes hand-made answers.

`held/true.jsonl` holds true statements as models word them, `held/planted.jsonl` answers with planted false figures,
`held/unmarked.jsonl` inventions without a mark. In an answer, [p11] stands for the passage of paragraph 11.
Counts are printed: python -m pytest tests/qa/test_held.py -rP
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Index, IndexConfig
from qa import Answer, Answerer, QaConfig
from qa.prompt import Prompt

HELD = Path(__file__).parent / "held"


class StandIn:
    """Writes the answer of the line whose question it is asked, with the passage's number for every [p...]."""

    def __init__(self, index: Index, answer: str) -> None:
        self.texts = {one.number: one.text for one in index.reports()[0].paragraphs}
        self.written = answer

    def pieces(self, prompt: Prompt) -> Iterator[str]:
        shown = prompt.messages[-1].content
        passages = re.findall(r"^\[(\d+)\] .*\n(.*)$", shown, re.MULTILINE)
        numbers = {text: number for number, text in passages}

        def mark(found: re.Match[str]) -> str:
            text = self.texts[int(found[1])]
            return f"[{numbers.get(text, '99')}]"

        yield re.sub(r"\[p(\d+)\]", mark, self.written)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, shipped_report: Path) -> Iterator[Index]:
    with Index.open(IndexConfig(tmp_path_factory.mktemp("held") / "library")) as opened:
        opened.add([shipped_report])
        yield opened


def lines(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (HELD / name).read_text("utf-8").splitlines()]


def answered(index: Index, question: object, text: object) -> Answer:
    return Answerer(index, QaConfig(top=40), StandIn(index, str(text))).answer(str(question))


def flagged(answer: Answer) -> list[str]:
    return [f"{answer.text[flag.start : flag.end]}  <- {flag.reason} {flag.detail}" for flag in answer.flags]
