from collections.abc import Sequence
from dataclasses import replace

import pytest

from index import Hit, Paragraph
from index.records import RankScores
from index.split import sentences
from qa.cite import CitationError, citation, marked, quoted, verify
from qa.evidence import Evidence, Span
from qa.hold import Verdict
from qa.records import Doubt


def hit(number: int, text: str) -> Hit:
    return Hit(Paragraph("r", number, (), text, sentences(text)), "报告", 1.0, RankScores(1.0, None, None))


TEXT = "率先实现滨江8.3公里岸线贯通开放。新版光影秀深受好评。"
HIT = hit(1, TEXT)


def first_sentences(statement: str, cited: Sequence[Hit]) -> Verdict:
    firsts = (hit.paragraph.sentences[0] for hit in cited)
    return Verdict(tuple(Span(hit, s.start, s.end) for hit, s in zip(cited, firsts, strict=True)))


def evidence(start: int, end: int, shown: tuple[int, int] | None = None, strength: float = 1.0) -> Evidence:
    sentence = Span(HIT, start, end)
    return Evidence(sentence, Span(HIT, *(shown or (start, end))), 1.0, strength, 0.0, 1.0)


def test_a_chosen_sentence_is_quoted_with_its_mark_and_offsets() -> None:
    text, citations = quoted([evidence(0, 18)])
    assert text == "率先实现滨江8.3公里岸线贯通开放。[1]"
    assert (citations[0].start, citations[0].end, citations[0].quote) == (0, 18, "率先实现滨江8.3公里岸线贯通开放。")


def test_a_cut_sentence_shows_an_ellipsis_and_drops_the_hanging_comma() -> None:
    long = hit(1, "甲乙丙,丁戊己,庚辛壬。")
    one = Evidence(Span(long, 0, 12), Span(long, 4, 8), 1.0, 1.0, 0.0, 1.0)
    text, citations = quoted([one])
    assert text == "…丁戊己…[1]"
    assert citations[0].quote == long.paragraph.text[4:7]


def test_a_citation_carries_its_sentences_strength() -> None:
    _, citations = quoted([evidence(0, 18, strength=0.9), evidence(18, 28, strength=0.4)])
    assert [one.strength for one in citations] == [0.9, 0.4]


def test_a_quotation_that_is_not_in_its_paragraph_is_refused() -> None:
    good = citation(1, Span(HIT, 0, 18), 1.0)
    verify([good], [HIT])
    with pytest.raises(CitationError, match="is not in r, paragraph 1"):
        verify([replace(good, quote="率先实现滨江9.3公里岸线贯通开放。")], [HIT])
    with pytest.raises(CitationError):
        verify([replace(good, start=1)], [HIT])
    with pytest.raises(CitationError):
        verify([replace(good, paragraph=9)], [HIT])


def test_an_empty_quotation_is_refused() -> None:
    with pytest.raises(CitationError):
        verify([replace(citation(1, Span(HIT, 0, 18), 1.0), start=3, end=3, quote="")], [HIT])


def test_marks_of_a_model_are_linked_renumbered_and_dropped_when_they_name_nothing() -> None:
    hits = [HIT, hit(2, "五年来共有6万多户居民告别旧里。")]

    text, citations, flags = marked("6万多户搬走了 [2]。岸线8.3公里[1][7]。", hits, first_sentences)
    assert text == "6万多户搬走了[1]。岸线8.3公里[2]。"
    assert [(one.mark, one.paragraph) for one in citations] == [(1, 2), (2, 1)]
    assert flags == ()


def test_one_sentence_cited_twice_keeps_one_mark() -> None:
    text, citations, _ = marked("甲[1]。乙[1]。", [HIT], first_sentences)
    assert text == "甲[1]。乙[1]。"
    assert len(citations) == 1


def test_a_doubted_statement_is_flagged_with_its_marks_by_offsets_into_the_text_shown() -> None:
    def doubtful(statement: str, cited: Sequence[Hit]) -> Verdict:
        return Verdict(
            first_sentences(statement, cited).spans, *((Doubt.FIGURE, "9.3公里") if "9.3" in statement else ())
        )

    text, _, flags = marked("新版光影秀好评 [1]。\n岸线9.3公里 [1]。此外", [HIT], doubtful)
    assert text == "新版光影秀好评[1]。\n岸线9.3公里[1]。此外"
    assert [(text[flag.start : flag.end], flag.detail) for flag in flags] == [("岸线9.3公里[1]。", "9.3公里")]


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("岸线8.3公里。好评[1]。", ["岸线8.3公里。", "好评"]),
        ("It is 8.3 km long (No. 5). It is new [1]. End", ["It is 8.3 km long (No. 5).", "It is new", "End"]),
        ("一行[1]\n二行", ["一行", "二行"]),
        ("他说“好。”然后走了", ["他说“好。”", "然后走了"]),
    ],
)
def test_statements_end_behind_marks_and_full_stops_but_not_inside_figures(text: str, statements: list[str]) -> None:
    seen: list[str] = []

    def note(statement: str, cited: Sequence[Hit]) -> Verdict:
        seen.append(statement)
        return Verdict(())

    marked(text, [HIT], note)
    assert seen == statements


def test_what_follows_a_mark_inside_a_sentence_stands_under_the_same_mark() -> None:
    seen: list[tuple[str, int]] = []

    def note(statement: str, cited: Sequence[Hit]) -> Verdict:
        seen.append((statement, len(cited)))
        return Verdict(())

    marked("据报告[1]，岸线8.3公里。此外", [HIT], note)
    assert seen == [("据报告", 1), ("岸线8.3公里。", 1), ("此外", 0)]
