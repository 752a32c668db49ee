"""Question in, cited Answer out: rephrase, retrieve, evidence, confidence, answer, cite.

A conductor: it names the steps in order; every step is another file's work.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from index import Hit, Index, Scope, WenjuError, fold
from qa.asked import Asked, asked
from qa.cite import marked, quoted, verify
from qa.confidence import confidence, features
from qa.config import EMPTY_LIBRARY, FELL_BACK, LONGEST_QUESTION, REFUSAL, QaConfig
from qa.evidence import Evidence, Span, TermWeights, choose, find_evidence
from qa.lead import lead
from qa.llm import LanguageModel, ModelError, OpenAiModel
from qa.prompt import REFUSED, Message, Prompt, prompt
from qa.records import Answer, Mode, StepTime, Turn
from qa.rephrase import stand_alone
from qa.retrieve import retrieve

_EVERYTHING = Scope()


class QuestionError(WenjuError):
    """A question that cannot be asked."""


@dataclass(slots=True)
class _Clock:
    """Measures the steps of one answer."""

    at: float = field(default_factory=time.perf_counter)
    steps: tuple[StepTime, ...] = ()

    def step(self, name: str) -> None:
        now = time.perf_counter()
        self.steps, self.at = (*self.steps, StepTime(name, now - self.at)), now


@dataclass(frozen=True, slots=True)
class _Ground:
    """What is known about a question before its answer is written."""

    wanted: Asked
    hits: tuple[Hit, ...]
    found: tuple[Evidence, ...]
    chosen: tuple[Evidence, ...]


class Answerer:
    """Answers questions from one library. Safe to use from several threads."""

    def __init__(self, index: Index, config: QaConfig | None = None, model: LanguageModel | None = None) -> None:
        """Answer from `index`; `model` overrides the language model that `config` names."""
        self.index = index
        self.config = config or QaConfig()
        self._model = model

    @property
    def mode(self) -> Mode:
        """Who writes the answers."""
        written = self._model or (self.config.llm_url and self.config.llm_model)
        return Mode.MODEL if written else Mode.EXTRACTIVE

    def answer(self, question: str, history: Sequence[Turn] = (), scope: Scope = _EVERYTHING) -> Answer:
        """Answer a question from the reports of `scope`, in one piece.

        Raises:
            QuestionError: the question is empty or too long, or there is no report to ask.
            WenjuError: the scope names a report, tag or version that is not there.
        """
        *_, last = self.stream(question, history, scope)
        return last

    def stream(self, question: str, history: Sequence[Turn] = (), scope: Scope = _EVERYTHING) -> Iterator[Answer]:
        """Yield the answer as it grows; the last one is whole. Raises as `answer` does."""
        self._check(question)
        clock = _Clock()
        searched = stand_alone(question.strip(), history)
        clock.step("rephrase")
        ground, sure = self._ground(searched, scope, clock)
        answer = Answer(question, searched, "", "", False, sure, Mode.EXTRACTIVE, (), ground.hits, (), clock.steps)
        yield answer
        if self.mode is Mode.MODEL and ground.hits:
            yield from self._modelled(answer, ground, history, clock)
        else:
            yield self._extracted(answer, ground, clock)

    def _check(self, question: str) -> None:
        if not question.strip():
            raise QuestionError("The question is empty; write what you want to know.")
        if len(question) > LONGEST_QUESTION:
            raise QuestionError(
                f"The question has {len(question):,} characters, the limit is {LONGEST_QUESTION:,}; shorten it."
            )
        if self.index.empty:
            raise QuestionError(EMPTY_LIBRARY)

    def _ground(self, searched: str, scope: Scope, clock: _Clock) -> tuple[_Ground, float]:
        hits = retrieve(self.index, searched, self.config.top, scope)
        clock.step("retrieve")
        folded = fold(searched)
        wanted = asked(folded)
        found = find_evidence(self.index, searched, wanted, hits, self.config)
        chosen = choose(found, wanted, self.config)
        clock.step("evidence")
        if not found:
            return _Ground(wanted, hits, (), ()), 0.0
        measured = features(self.index, folded, wanted, found, hits)
        sure = confidence(measured, self.config.confidence)
        clock.step("confidence")
        return _Ground(wanted, hits, found, chosen), sure

    def _extracted(self, answer: Answer, ground: _Ground, clock: _Clock) -> Answer:
        """Answer in the report's own words, or refuse."""
        if not ground.chosen or answer.confidence < self.config.refuse_below:
            return self._refused(answer, ground, clock)
        text, citations = quoted(ground.chosen)
        verify(citations, ground.hits)
        best = next((c for c in citations if c.quote in ground.found[0].sentence.text), citations[0])
        piece = lead(best.quote, ground.wanted)
        clock.step("cite")
        return replace(answer, text=text, lead=piece, citations=citations, seconds=clock.steps)

    def _refused(self, answer: Answer, ground: _Ground, clock: _Clock) -> Answer:
        text = REFUSAL["zh" if ground.wanted.chinese else "en"]
        clock.step("cite")
        return replace(answer, text=text, lead="", citations=(), refused=True, seconds=clock.steps)

    def _modelled(self, answer: Answer, ground: _Ground, history: Sequence[Turn], clock: _Clock) -> Iterator[Answer]:
        """Have the language model write; when it fails, the report's own words stand in and say so."""
        text = ""
        try:
            for piece in self._language_model().pieces(prompt(answer.searched, ground.hits, history)):
                text += piece
                yield replace(answer, text=text, mode=Mode.MODEL)
            if not text.strip():
                raise ModelError("it wrote nothing")
        except ModelError as error:
            fallen = replace(answer, warnings=(FELL_BACK.format(reason=error),))
            yield self._extracted(fallen, ground, clock)
            return
        clock.step("model")
        if REFUSED in text:
            yield self._refused(replace(answer, mode=Mode.MODEL), ground, clock)
            return
        text, citations = marked(text, ground.hits, self._supporting)
        verify(citations, ground.hits)
        clock.step("cite")
        yield replace(answer, text=text, mode=Mode.MODEL, citations=citations, seconds=clock.steps)

    def write(self, instruction: str, text: str) -> str:
        """Have the language model write something else than an answer, such as questions about `text`.

        Raises:
            WenjuError: no model is configured, or it did not answer.
        """
        if self.mode is Mode.EXTRACTIVE:
            raise ModelError("No language model is configured; set WENJU_LLM_URL and WENJU_LLM_MODEL.")
        asked_for = Prompt((Message("system", instruction), Message("user", text)))
        return "".join(self._language_model().pieces(asked_for))

    def _language_model(self) -> LanguageModel:
        if self._model is None:
            named = self.config
            self._model = OpenAiModel(named.llm_url, named.llm_model, named.llm_key, named.llm_seconds)
        return self._model

    def _supporting(self, statement: str, hit: Hit) -> Span | None:
        """Return the sentence of `hit` that holds most of a statement."""
        spans = [Span(hit, s.start, s.end) for s in hit.paragraph.sentences]
        weights = TermWeights(self.index, statement)
        return max(spans, key=lambda span: weights.coverage(span.text), default=None)
