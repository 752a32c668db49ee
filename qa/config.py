"""The room's frozen numbers, names and sentences of its own, each with its reason."""

from dataclasses import dataclass, field

LONGEST_QUESTION = 2_000  # characters; a longer text is a document, not a question

# Characters a shown sentence may have before it is cut to the clauses that matter.
LONGEST_SENTENCE = 80

# Said when the reports do not answer; the nearest passages follow it.
REFUSAL = {
    "zh": "报告中没有找到这个问题的答案。",
    "en": "The reports do not say.",
}
EMPTY_LIBRARY = "The library is empty; add a report first: python -m index add reports/"
# Why a sentence of a language model is flagged, told on the command line.
DOUBTS = {
    "figure": "{detail} does not stand in the cited paragraph, or stands there for something else",
    "name": "“{detail}” does not stand in the cited paragraph",
    "mark": "another paragraph says it, not the cited one",
    "unsupported": "no paragraph that was found says it",
}
FELL_BACK = {
    "zh": "语言模型没有作答({reason});以下摘自报告原文。",
    "en": "The language model did not answer ({reason}); this answer is taken from the report itself.",
}
OTHER_LANGUAGE = {
    "zh": "语言模型没有用提问的语言作答。",
    "en": "The language model did not answer in the question's language.",
}
STRANGE_SCRIPT = (
    "报告中没有用这种文字({script})写的内容,请用中文或英文提问。 "
    "Nothing in the reports is written in the question's script ({script}); ask in Chinese or English."
)
# Characters of a language model's answer, without its thoughts: one that writes more is not answering a question.
LONGEST_ANSWER = 6_000
# Seconds a language model is given to make a follow-up stand alone before the rule does.
REPHRASE_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class EvidenceWeights:
    """What each feature of a sentence counts; see qa/evidence.py for what they measure.

    Conditional logit over the sentences of the hits, fitted on the development questions of the
    shipped set and on first halves of DRCD dev and CMRC 2018 trial; eval/LOG.md has the figures.
    """

    coverage: float = 0.9
    context: float = 3.0
    cosine: float = 2.2
    tokens: float = 3.9
    fit: float = 2.3
    paragraph: float = 1.9


@dataclass(frozen=True, slots=True)
class ConfidenceWeights:
    """Logistic regression over named features; see qa/confidence.py for what they measure.

    Fitted on the development questions of the shipped set and of the set refusal; eval/LOG.md has the figures.
    """

    bias: float = -0.66
    missed: float = -3.24
    cosine: float = 2.45
    fit: float = 2.25
    strange_place: float = -3.36
    strange_number: float = -2.36
    undone: float = -0.86
    itself: float = 1.43


@dataclass(frozen=True, slots=True)
class QaConfig:
    """How questions are answered.

    `top` paragraphs are read for evidence. At most `sentences` sentences are shown where a list or an account is asked
    for, `narrow` where one piece is, each scored at most `near` below the best: where two are nearly as good, a missed
    answer mostly stands in the second. A confidence under `refuse_below` refuses. A language model writes the answer
    when `llm_url` and `llm_model` are set; `qa.settings` reads them from where a person says.
    """

    top: int = 8
    sentences: int = 3
    narrow: int = 2
    near: float = 1.25
    refuse_below: float = 0.5
    evidence: EvidenceWeights = field(default=EvidenceWeights())
    confidence: ConfidenceWeights = field(default=ConfidenceWeights())
    # A cross-encoder that reads the best hits again: a folder or a hub name, which `download` allows to be fetched.
    reranker: str = ""
    download: bool = False
    llm_url: str = ""
    llm_model: str = ""
    llm_key: str = field(default="", repr=False)
    # A model on this machine may read the prompt for half a minute before its first word.
    llm_first_seconds: float = 30.0
    llm_seconds: float = 120.0
