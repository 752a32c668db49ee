"""Question in, cited Answer out: rephrase, retrieve, evidence, confidence, answer, cite.

A conductor: it names the steps in order; every step is another file's work.
"""

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from copy import copy
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Self

from index import Hit, Index, Scope, fold
from qa.asked import Asked, asked
from qa.cite import marked, quoted, verify
from qa.confidence import confidence, features
from qa.config import (
    EMPTY_LIBRARY,
    FELL_BACK,
    LONGEST_ANSWER,
    OTHER_LANGUAGE,
    REFUSAL,
    REPHRASE_SECONDS,
    STRANGE_SCRIPT,
    QaConfig,
)
from qa.declined import declined
from qa.evidence import Evidence, choose, find_evidence
from qa.hold import Verdict, hold
from qa.lead import lead
from qa.llm import Endpoint, LanguageModel, ModelError, OpenAiModel
from qa.prompt import Message, Prompt, prompt, rephrasing
from qa.question import QuestionError, check
from qa.records import Answer, Mode, StepTime, Turn
from qa.rephrase import rewritten, stand_alone
from qa.rerank import CrossEncoderReranker, Reranker
from qa.retrieve import retrieve
from qa.script import other_language, strange_script
from qa.settings import settings
from qa.strip import strip

# The name under which an index says that it uses the model that ships.
BUNDLED = "bundled"
_EVERYTHING = Scope()


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

    @property
    def language(self) -> str:
        """The language that the answer's frame is written in."""
        return "zh" if self.wanted.chinese else "en"


class Answerer:
    """Answers questions from one library. Safe to use from several threads."""

    settings = staticmethod(settings)

    def __init__(
        self,
        index: Index,
        config: QaConfig | None = None,
        model: LanguageModel | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        """Answer from `index`; `model` and `reranker` override those that `config` names."""
        self.index = index
        self.config = config or QaConfig()
        self._model = model
        named = self.config.reranker
        self._reranker = reranker or (CrossEncoderReranker(named, self.config.download) if named else None)

    @property
    def mode(self) -> Mode:
        """Who writes the answers."""
        written = self._model or (self.config.llm_url and self.config.llm_model)
        return Mode.MODEL if written else Mode.EXTRACTIVE

    def extractive(self) -> Self:
        """Return the same without a language model; what is loaded serves both."""
        plain = copy(self)
        plain._model, plain.config = None, replace(self.config, llm_url="", llm_model="")
        return plain

    def answer(self, question: str, history: Sequence[Turn] = (), scope: Scope = _EVERYTHING) -> Answer:
        """Answer a question from the reports of `scope`, in one piece.

        Raises:
            QuestionError: the question is empty or too long, or there is no report to ask.
            WenjuError: the scope names a report, tag or version that is not there.
        """
        *_, last = self.stream(question, history, scope)
        return last

    def stream(
        self, question: str, history: Sequence[Turn] = (), scope: Scope = _EVERYTHING
    ) -> Generator[Answer, None, None]:
        """Yield the answer as it grows; the last one is whole. Closing it stops it. Raises as `answer` does."""
        check(question, history)
        if self.index.empty:
            raise QuestionError(EMPTY_LIBRARY)
        clock = _Clock()
        searched = yield from self._standing_alone(question.strip(), history)
        clock.step("rephrase")
        ground, sure = self._ground(searched, scope, clock)
        if script := self._strange_script(question, ground.hits):
            text = STRANGE_SCRIPT.format(script=script)
            yield Answer(question, searched, text, "", True, 0.0, Mode.EXTRACTIVE, (), (), (), clock.steps)
            return
        answer = Answer(question, searched, "", "", False, sure, Mode.EXTRACTIVE, (), ground.hits, (), clock.steps)
        yield answer
        if self.mode is Mode.MODEL and ground.hits:
            yield from self._modelled(answer, ground, history, clock)
        else:
            yield self._extracted(answer, ground, clock)

    def _standing_alone(self, question: str, history: Sequence[Turn]) -> Generator[Answer, None, str]:
        """Return the question that is searched; while a language model writes it, yield empty answers."""
        if not history or self.mode is Mode.EXTRACTIVE:
            return stand_alone(question, history)
        waiting = Answer(question, question, "", "", False, 0.0, Mode.MODEL, (), (), (), ())
        text, until = "", time.perf_counter() + REPHRASE_SECONDS
        try:
            with closing(self._language_model().pieces(rephrasing(question, history))) as pieces:
                for piece in pieces:
                    text += piece
                    if time.perf_counter() > until:
                        raise ModelError("it took too long")
                    yield waiting
        except ModelError:
            return stand_alone(question, history)
        text = strip(text)
        return ("" if declined(text) else rewritten(text, question)) or stand_alone(question, history)

    def _strange_script(self, question: str, hits: Sequence[Hit]) -> str:
        # Another embedder may know more languages than the bundled one does.
        known = self.index.embedder != BUNDLED
        return "" if known else strange_script(question, [hit.paragraph.text for hit in hits])

    def _ground(self, searched: str, scope: Scope, clock: _Clock) -> tuple[_Ground, float]:
        hits = retrieve(self.index, searched, self.config.top, self._reranker, scope)
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
        text = REFUSAL[ground.language]
        clock.step("cite")
        return replace(answer, text=text, lead="", citations=(), refused=True, seconds=clock.steps)

    def _modelled(self, answer: Answer, ground: _Ground, history: Sequence[Turn], clock: _Clock) -> Iterator[Answer]:
        """Have the language model write; when it fails, the report's own words stand in and say so."""
        text = ""
        try:
            with closing(self._language_model().pieces(prompt(answer.searched, ground.hits, history))) as pieces:
                for piece in pieces:
                    text += piece
                    yield replace(answer, text=strip(text), mode=Mode.MODEL)
            text = strip(text)
            if not text:
                raise ModelError("it wrote nothing")
            if len(text) > LONGEST_ANSWER:
                raise ModelError(f"it wrote {len(text):,} characters, which is no answer to a question")
        except ModelError as error:
            fallen = replace(answer, warnings=(FELL_BACK[ground.language].format(reason=error),))
            yield self._extracted(fallen, ground, clock)
            return
        clock.step("model")
        if declined(text):
            yield self._refused(replace(answer, mode=Mode.MODEL), ground, clock)
            return
        text, citations, flags = marked(text, ground.hits, partial(self._held, ground.hits))
        verify(citations, ground.hits)
        clock.step("cite")
        warnings = (OTHER_LANGUAGE[ground.language],) if other_language(answer.searched, text) else ()
        written = replace(answer, text=text, mode=Mode.MODEL, citations=citations, flags=flags, warnings=warnings)
        yield replace(written, seconds=clock.steps)

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
            limits = (named.llm_first_seconds, named.llm_seconds)
            self._model = OpenAiModel(Endpoint(named.llm_url, named.llm_model, named.llm_key, *limits))
        return self._model

    def _held(self, hits: tuple[Hit, ...], statement: str, cited: Sequence[Hit]) -> Verdict:
        return hold(statement, cited, hits, self._near)

    def _near(self, statement: str, texts: Sequence[str]) -> tuple[float, ...]:
        """Say in 0..1 how near each text is to a statement by meaning, also across languages."""
        return tuple((one.cosine + one.tokens) / 2 for one in self.index.closeness(statement, texts))
