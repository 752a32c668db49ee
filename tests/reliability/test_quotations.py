"""Every quotation is `paragraph.text[start:end]` of the paragraph it names, for generated reports and questions."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from fuzz_targets import demand_sentences
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as made

from index import Index, IndexConfig, Scope
from index.embed import Embedder, load_embedder
from index.split import sentences, windows
from qa import Answer, Answerer
from qa.question import QuestionError

TEXTS, FEW_TEXTS = 1_000, 200
LIBRARIES, FEW_LIBRARIES = 60, 8

# What reports are made of, with all that a splitter can trip over: marks without partners, numbers, blanks, emoji,
# half-width and full-width forms, letters that change their length when folded, right-to-left marks.
PIECES = made.sampled_from(
    [
        "全市",
        "黄浦区",
        "旧改",
        "居民",
        "签约",
        "增长",
        "8.3%",
        "2022年",
        "6万多户",
        "第3号",
        "臺灣",
        "會議",
        "。",
        "!",
        "?",
        ";",
        ".",
        ",",
        "、",
        "！",
        "；",
        "…",
        "……",
        "“",
        "”",
        "「",
        "」",
        "(",
        ")",
        "（",
        "）",
        "\u200f",
        "\u200b",
        "\ufeff",
        "ﬁ",
        "İ",
        "ß",
        "㎏",
        "①",
        "Ⅷ",
        "😀",
        "👩\u200d👩\u200d👧",
        "𠀀",
        "\x00",
        "\x07",
        "U.S.",
        "Mr.",
        "ends.\u2028Next",
        "e.g.",
        "v2.0",
        "1,200",
        "[1]",
        "<b>",
        "&amp;",
        "http://a.b/c?d=e。",
        " ",
        "\u3000",
        "\t",
        "\n",
        "It ends. Another begins",
    ]
)
TEXT = made.one_of(
    made.lists(PIECES, max_size=40).map("".join),
    made.text(alphabet=made.characters(exclude_categories=("Cs",)), max_size=200),
)
REPORTS = made.lists(made.lists(TEXT.filter(str.strip), min_size=1, max_size=6), min_size=1, max_size=3)


def _scaled(count: int) -> settings:
    slow = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    return settings(max_examples=count, deadline=None, suppress_health_check=slow, database=None, derandomize=True)


def _demand_whole_sentences(text: str) -> None:
    cut = sentences(text)
    demand_sentences(text, cut)
    for window in windows(cut, 2):
        assert text[window.start : window.end] == text[window.start : window.end].strip()


@_scaled(FEW_TEXTS)
@given(TEXT)
def test_a_few_texts_are_cut_into_sentences_that_leave_nothing_out(text: str) -> None:
    _demand_whole_sentences(text)


@pytest.mark.long
@_scaled(TEXTS)
@given(TEXT)
def test_texts_are_cut_into_sentences_that_leave_nothing_out(text: str) -> None:
    _demand_whole_sentences(text)


@cache
def model() -> Embedder:
    return load_embedder("")


def _index(folder: str, reports: list[list[str]]) -> Index:
    index = Index.open(IndexConfig(Path(folder)))
    index._embedder = model()
    for edition in (1, 2):  # the second has another order, so numbers name other paragraphs than before
        texts = [report[::-1] if edition == 2 else report for report in reports]
        index.add_reports([index.make_report(f"r{n}", f"R{n}", report) for n, report in enumerate(texts)])
    return index


def _questions(reports: list[list[str]], question: str) -> Iterator[str]:
    yield question
    yield reports[0][0][:80]
    yield f"{reports[-1][-1][-40:]}是多少?"


def _answer(index: Index, asked: str, scope: Scope) -> Answer | None:
    """Answer a question; None where it is refused as a question, as an empty one is."""
    try:
        return Answerer(index).answer(asked, scope=scope)
    except QuestionError:
        return None


def _demand_true_quotations(reports: list[list[str]], question: str) -> None:
    with TemporaryDirectory() as folder, _index(folder, reports) as index:
        held = {(r.id, r.version, p.number): p.text for r in index.every_version() for p in r.paragraphs}
        for asked in _questions(reports, question):
            for scope in (Scope(), Scope(version="all")):
                answer = _answer(index, asked, scope)
                if answer is None:
                    continue
                hits = {(hit.paragraph.report, hit.paragraph.number): hit for hit in answer.hits}
                for cited in answer.citations:
                    version = hits[cited.report, cited.paragraph].version
                    texts = [held[cited.report, version, cited.paragraph]]
                    if scope.version:  # a hit of either version may be the one that is cited
                        texts = [text for (r, _, n), text in held.items() if (r, n) == (cited.report, cited.paragraph)]
                    assert cited.quote
                    assert any(text[cited.start : cited.end] == cited.quote for text in texts), (asked, cited)


@_scaled(FEW_LIBRARIES)
@given(REPORTS, TEXT)
def test_quotations_of_a_few_libraries_stand_in_their_paragraphs(reports: list[list[str]], question: str) -> None:
    _demand_true_quotations(reports, question)


@pytest.mark.long
@_scaled(LIBRARIES)
@given(REPORTS, TEXT)
def test_quotations_stand_in_their_paragraphs(reports: list[list[str]], question: str) -> None:
    _demand_true_quotations(reports, question)
