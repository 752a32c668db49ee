from dataclasses import replace

import pytest

from index import Hit, Paragraph
from index.records import RankScores
from index.split import sentences
from qa.cite import CitationError, citation, marked, quoted, verify
from qa.evidence import Evidence, Span


def hit(number: int, text: str) -> Hit:
    return Hit(Paragraph("r", number, (), text, sentences(text)), "报告", 1.0, RankScores(1.0, None, None))


TEXT = "率先实现滨江8.3公里岸线贯通开放。新版光影秀深受好评。"
HIT = hit(1, TEXT)


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

    def first_sentence(statement: str, found: object) -> Span | None:
        one = next(h for h in hits if h is found)
        return Span(one, one.paragraph.sentences[0].start, one.paragraph.sentences[0].end)

    text, citations = marked("6万多户搬走了 [2]。岸线8.3公里[1][7]。", hits, first_sentence)
    assert text == "6万多户搬走了[1]。岸线8.3公里[2]。"
    assert [(one.mark, one.paragraph) for one in citations] == [(1, 2), (2, 1)]


def test_one_sentence_cited_twice_keeps_one_mark() -> None:
    text, citations = marked("甲[1]。乙[1]。", [HIT], lambda _, found: Span(found, 0, 18))
    assert text == "甲[1]。乙[1]。"
    assert len(citations) == 1
