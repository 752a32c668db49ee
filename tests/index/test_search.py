"""What search promises: the paragraph that fits best comes first, with what each ranking gave it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index import Hit, Index, IndexConfig, WenjuError
from index.build import add_reports
from index.compose import make_report
from index.config import FusionWeights
from index.library import Library
from index.search import Search
from index.steps import silent
from index.stores import open_stores

ANY = IndexConfig()


@pytest.fixture
def search_in(library: Library, embedder: Any) -> Callable[..., Search]:
    def opened(*texts: str) -> Search:
        add_reports(library, embedder, [make_report("r", "题", texts)], silent)
        opened = open_stores(library, embedder.dimension)
        return Search("now", library, embedder, opened.vectors, opened.keywords)

    return opened


def numbers(hits: tuple[Hit, ...]) -> list[int]:
    return [hit.paragraph.number for hit in hits]


def test_hits_carry_the_score_of_every_ranking(search_in: Callable) -> None:
    # 山 is in 1 of 3 rows of one word: BM25 = ln(1 + 2.5 / 1.5) = 0.980829, cosine 1. Both rankings
    # standardise (1, 0, 0) to (1.414214, -0.707107, -0.707107); 0.7 and 0.3 add to 1.
    (hits,) = search_in("山", "水", "火").many(["山"], 10, ANY)
    assert numbers(hits) == [1, 2, 3]
    assert [hit.score for hit in hits] == pytest.approx([1.414214, -0.707107, -0.707107], abs=1e-5)
    assert hits[0].ranks.keywords == pytest.approx(0.980829, abs=1e-5)
    assert [hit.ranks.windows for hit in hits] == pytest.approx([1.0, 0.0, 0.0])
    assert [hit.ranks.keywords for hit in hits[1:]] == [None, None]
    assert [hit.ranks.tokens for hit in hits] == [None, None, None]


def test_hits_carry_the_whole_paragraph_and_its_report_s_title(search_in: Callable, library: Library) -> None:
    ((hit, *_),) = search_in("山", "水").many(["水"], 1, ANY)
    assert hit.title == "题"
    assert hit.paragraph == library.reports()[0].paragraphs[1]


def test_a_paragraph_counts_by_its_best_window(search_in: Callable) -> None:
    # The whole has cosine 1 / sqrt 3 with 山, the window 山。水。 1 / sqrt 2.
    (hits,) = search_in("山。水。火。").many(["山"], 10, ANY)
    assert hits[0].ranks.windows == pytest.approx(0.707107, abs=1e-6)
    assert numbers(hits) == [1]


def test_only_the_best_are_returned(search_in: Callable) -> None:
    assert numbers(search_in("山", "水", "火").many(["水"], 2, ANY)[0]) == [2, 1]


def test_weights_decide_which_ranking_counts(search_in: Callable) -> None:
    search = search_in("山水", "水水水山" + "土" * 30)
    by_keywords = IndexConfig(without_tokens=FusionWeights(1.0, 0.0, 0.0))
    by_vectors = IndexConfig(without_tokens=FusionWeights(0.0, 1.0, 0.0))
    assert numbers(search.many(["山水"], 2, by_keywords)[0]) == [1, 2]
    # Cosine with 水: 1 / sqrt 2 for 山水, 3 / sqrt 10 for the other.
    hits = search.many(["水"], 2, by_vectors)[0]
    assert [hit.ranks.windows for hit in hits] == pytest.approx([0.948683, 0.707107], abs=1e-6)
    assert numbers(hits) == [2, 1]


def test_several_questions_are_embedded_at_once_and_answered_in_order(search_in: Callable, embedder: Any) -> None:
    first, second = search_in("山", "水", "火").many(["火", "山"], 1, ANY)
    assert (numbers(first), numbers(second)) == ([3], [1])
    assert embedder.asked == ["火", "山"]


def test_traditional_and_full_width_questions_find_simplified_text(search_in: Callable) -> None:
    (hits,) = search_in("经济发展", "社会治理", "GDP").many(["經濟發展"], 1, ANY)
    assert numbers(hits) == [1]
    (hits,) = search_in("经济发展", "社会治理", "GDP").many(["\uff27\uff24\uff30"], 1, ANY)
    assert numbers(hits) == [3]


def test_equal_scores_come_in_reading_order(search_in: Callable) -> None:
    assert numbers(search_in("山", "山", "山").many(["山"], 3, ANY)[0]) == [1, 2, 3]


@pytest.mark.parametrize("question", ["", "   ", "😀", "\ud800", "。?!", "x" * 5000])
def test_a_question_that_says_nothing_breaks_nothing(search_in: Callable, question: str) -> None:
    (hits,) = search_in("山", "水").many([question], 5, ANY)
    assert all(hit.score == 0 for hit in hits)


def test_no_questions_have_no_hits(search_in: Callable, embedder: Any) -> None:
    assert search_in("山").many([], 5, ANY) == ()
    assert embedder.asked == []


def test_an_empty_library_finds_nothing(search_in: Callable) -> None:
    assert search_in().many(["山", "水"], 5, ANY) == ((), ())


def test_a_report_removed_meanwhile_is_not_found(search_in: Callable, library: Library) -> None:
    search = search_in("山", "水")
    library.remove("r")
    assert search.many(["山"], 5, ANY) == ((),)


# With a token table: the whole room through its front door.

ROWS = {"山": (1.0, 0.0, 0.0), "水": (0.0, 1.0, 0.0), "河": (0.0, 0.8, 0.6), "s": (2.0, 0.0, 0.0)}


@pytest.fixture
def small_index(tmp_path: Path, write_model: Callable) -> Iterator[Index]:
    config = IndexConfig(tmp_path / "library", str(write_model(tmp_path / "model", ROWS)))
    with Index.open(config) as index:
        yield index


def test_a_table_also_ranks_by_tokens(small_index: Index) -> None:
    small_index.add_reports([Index.make_report("r", "题", ["山", "水", "河"])])
    hits = small_index.search("水", 3)
    # 河 shares no character with 水, but its row has cosine 0.8.
    assert numbers(hits) == [2, 3, 1]
    assert [hit.ranks.tokens for hit in hits] == pytest.approx([1.0, 0.8, 0.0], abs=1e-6)
    assert [hit.ranks.windows for hit in hits] == pytest.approx([1.0, 0.8, 0.0], abs=1e-6)
    # keywords (1, 0, 0) and twice (1, 0.8, 0): means 1/3 and 0.6; spreads 0.471405 and 0.432049.
    assert hits[1].score == pytest.approx(0.4 * -0.333333 / 0.471405 + 0.6 * 0.2 / 0.432049, abs=1e-4)


def test_a_question_in_other_words_is_weighed_otherwise_than_one_in_the_paragraphs_own(small_index: Index) -> None:
    small_index.add_reports([Index.make_report("r", "题", ["山", "水", "河"])])
    by_words, by_meaning = FusionWeights(1.0, 0.0, 0.0), FusionWeights(0.0, 1.0, 0.0)
    with Index.open(replace(small_index.config, chinese=by_words, reworded=by_meaning)) as index:
        own, other = index.search_many(["山", "河流湖泊江海湾"], 1)
    # 山 reaches 1 / 2.2 of its highest BM25: keywords (1, 0, 0) decide. Of the other question's 13 terms only 河 stands
    # anywhere, 0.980829 of at most 2.2 * (0.980829 + 12 * ln 8): cosines (0, 0.8, 1) decide, mean 0.6, spread 0.432049.
    assert own[0].score == pytest.approx(1.414214, abs=1e-5)
    assert other[0].score == pytest.approx(0.4 / 0.432049, abs=1e-5)


def test_a_question_without_chinese_is_ranked_without_keywords(small_index: Index) -> None:
    small_index.add_reports([Index.make_report("r", "题", ["山", "水"])])
    hits = small_index.search("s", 2)
    assert numbers(hits) == [1, 2]
    # 0.5 and 0.5 of the standard scores (1, -1)
    assert [hit.score for hit in hits] == pytest.approx([1.0, -1.0], abs=1e-6)


def test_closeness_tells_the_cosine_and_how_well_the_tokens_are_met(small_index: Index) -> None:
    # 山水 against 水: cosine 1 / sqrt 2; tokens meet 0 and 1, mean 0.5.
    near, far = small_index.closeness("山水", ["水", "火"])
    assert near.cosine == pytest.approx(0.707107, abs=1e-6)
    assert near.tokens == pytest.approx(0.5)
    assert (far.cosine, far.tokens) == (0.0, 0.0)
    assert small_index.closeness("山", []) == ()


def test_rarity_and_terms_are_those_of_keyword_search(small_index: Index) -> None:
    small_index.add_reports([Index.make_report("r", "题", ["山", "山", "水"])])
    assert small_index.rarity("山") == pytest.approx(0.470004, abs=1e-5)
    assert Index.terms("經濟") == ("经", "济", "经济")


@pytest.fixture(scope="module")
def shipped_index(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, shipped_report: Path) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("shipped") / "library"
    with Index.open(IndexConfig(folder, str(tiny_model))) as index:
        index.add([shipped_report])
        yield index


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("五年来有多少户居民告别旧里?", "6万多户居民告别旧里"),
        ("黄浦滨江岸线贯通了多少公里", "8.3公里岸线贯通开放"),
        ("步行街完成東拓升級了嗎", "南京路步行街完成东拓升级"),
        ("楼宇党建 4.0 版", "楼宇党建 4.0 版"),
        ("这篇报告的作者是谁", "赵兵、马亦男、俞凡"),
    ],
)
def test_the_right_paragraph_of_the_shipped_report_comes_first(shipped_index: Index, question: str, words: str) -> None:
    assert words in shipped_index.search(question, 1)[0].paragraph.text


def test_questions_asked_together_are_answered_as_if_alone(shipped_index: Index) -> None:
    questions = ["告别旧里的居民", "外滩金融", "养老服务"]
    together = shipped_index.search_many(questions, 3)
    assert [[hit.paragraph for hit in hits] for hits in together] == [
        [hit.paragraph for hit in shipped_index.search(question, 3)] for question in questions
    ]


def test_reopening_finds_the_same_with_the_same_scores(shipped_index: Index) -> None:
    with Index.open(shipped_index.config) as again:
        assert again.search("旧区改造", 5) == shipped_index.search("旧区改造", 5)
        assert again.reports() == shipped_index.reports()


def test_what_is_added_is_found_at_once_and_what_is_removed_no_more(small_index: Index) -> None:
    assert small_index.search("山") == ()
    small_index.add_reports([Index.make_report("a", "甲", ["山"])])
    small_index.add_reports([Index.make_report("b", "乙", ["山山"])])
    assert {hit.title for hit in small_index.search("山")} == {"甲", "乙"}
    small_index.remove("a")
    assert {hit.title for hit in small_index.search("山")} == {"乙"}
    assert small_index.rarity("山") == pytest.approx(0.287682, abs=1e-5)  # ln(1 + 0.5 / 1.5): one row, which holds it
    assert small_index.generation == 3


def test_another_embedder_is_refused_with_the_command_and_reembedding_mends_it(
    small_index: Index, other_model: Path, tmp_path: Path
) -> None:
    small_index.add_reports([Index.make_report("a", "甲", ["黄", "浦"])])
    config = IndexConfig(tmp_path / "library", str(other_model))
    with Index.open(config) as other:
        command = f"python -m index reembed --library {config.library} --embedder {config.embedder}"
        for refused in (lambda: other.search("浦"), lambda: other.add([tmp_path])):
            with pytest.raises(WenjuError, match=r"3 dimensions, .*not with .*2 dimensions") as caught:
                refused()
            assert command in str(caught.value)
        other.reembed()
        assert numbers(other.search("浦", 1)) == [2]
        assert other.search("浦", 1)[0].ranks.windows == pytest.approx(1.0)
    with pytest.raises(WenjuError, match="reembed"):
        small_index.search("浦")


def test_a_library_emptied_of_reports_takes_any_embedder(small_index: Index, other_model: Path, tmp_path: Path) -> None:
    small_index.add_reports([Index.make_report("a", "甲", ["山"])])
    small_index.remove("a")
    with Index.open(IndexConfig(tmp_path / "library", str(other_model))) as other:
        other.add_reports([Index.make_report("b", "乙", ["黄"])])
        assert numbers(other.search("黄")) == [1]


def test_check_finds_nothing_wrong_with_a_whole_library(shipped_index: Index) -> None:
    assert shipped_index.check() == []
