"""The order of a reranker: one made by hand that scores by overlap, and a tiny cross-encoder with random weights."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from index import Hit, Scope, WenjuError
from qa import Answerer, QaConfig
from qa.rerank import CrossEncoderReranker, rerank
from qa.retrieve import retrieve

QUESTION = "宿舍床位有多少张?"


class Overlap:
    """Scores a text by the characters it shares with the question; remembers how many texts it was given."""

    def __init__(self) -> None:
        self.given: list[int] = []

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        self.given.append(len(texts))
        return [float(len(set(question) & set(text))) for text in texts]


class Backwards:
    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        return [float(at) for at in range(len(texts))]


def numbers(hits: Sequence[Hit]) -> list[int]:
    return [hit.paragraph.number for hit in hits]


def test_the_hits_come_in_the_rerankers_order_and_the_scores_stay_on_the_searchs_scale(fake_index) -> None:
    hits = fake_index.search("滨江岸线贯通")
    assert numbers(hits)[0] == 1
    again = rerank(QUESTION, hits, Overlap())
    # 宿舍床位有多少张 shares 床, 位, 张 and 有 with the second text, nothing with the two others.
    assert numbers(again)[0] == 2
    assert [hit.score for hit in again] == sorted((hit.score for hit in hits), reverse=True)
    assert again[0].paragraph == next(hit.paragraph for hit in hits if hit.paragraph.number == 2)


def test_equal_scores_keep_the_order_of_the_search(fake_index) -> None:
    hits = fake_index.search("滨江岸线贯通")
    assert numbers(rerank("?", hits, Overlap())) == numbers(hits)


def test_the_top_hits_are_chosen_from_thirty(fake_index) -> None:
    fake_index.texts = tuple(f"第{'一二三四五六七八九十'[at % 10]}段滨江{at}。" for at in range(40))
    reranker = Overlap()
    assert len(retrieve(fake_index, "滨江", 5, reranker)) == 5
    assert reranker.given == [30]
    assert len(retrieve(fake_index, "滨江", 5)) == 5


def test_a_scope_holds_with_and_without_a_reranker(fake_index) -> None:
    scope = Scope(reports=("r",))
    retrieve(fake_index, "滨江", 5, Overlap(), scope)
    retrieve(fake_index, "滨江", 5, scope=scope)
    assert fake_index.scopes == [scope, scope]


def test_an_answer_is_taken_from_what_the_reranker_puts_first(fake_index) -> None:
    fake_index.texts = ("岸线8.3公里贯通。", "岸线7.1公里贯通。")
    plain = Answerer(fake_index, QaConfig(refuse_below=0.0)).answer("岸线贯通?")
    turned = Answerer(fake_index, QaConfig(refuse_below=0.0), reranker=Backwards()).answer("岸线贯通?")
    assert numbers(plain.hits) == [1, 2]
    assert numbers(turned.hits) == [2, 1]


@pytest.fixture(scope="module")
def tiny_ranker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT with one layer, 16 dimensions, one output and random weights."""
    return write_ranker(tmp_path_factory.mktemp("ranker") / "tiny", 1)


def write_ranker(folder: Path, outputs: int) -> Path:
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder.mkdir()
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"宿舍床位有多少张滨江岸线贯通居民8.3公里"]
    vocabulary = {word: at for at, word in enumerate(dict.fromkeys(words))}
    (folder / "vocab.txt").write_text("\n".join(vocabulary), "utf-8")
    BertTokenizerFast(vocab=vocabulary).save_pretrained(folder)
    torch.manual_seed(7)
    sizes: dict[str, float] = {
        "hidden_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 32,
    }
    # Weights as small as usual would score all texts alike.
    sizes["initializer_range"] = 1.0
    config = BertConfig(vocab_size=len(vocabulary), max_position_embeddings=64, num_labels=outputs, **sizes)
    BertForSequenceClassification(config).eval().save_pretrained(folder)
    return folder


def test_a_cross_encoder_from_a_folder_scores_each_paragraph(
    fake_index, tiny_ranker: Path, no_network: list[object]
) -> None:
    reranker = CrossEncoderReranker(str(tiny_ranker))
    texts = [hit.paragraph.text for hit in fake_index.search(QUESTION)]
    together = reranker.scores(QUESTION, texts)
    alone = [reranker.scores(QUESTION, [text])[0] for text in texts]
    assert together == pytest.approx(alone, abs=1e-5)
    assert len(set(together)) == len(texts)
    assert no_network == []


def test_an_answerer_takes_the_reranker_its_settings_name(fake_index, tiny_ranker: Path) -> None:
    answer = Answerer(fake_index, QaConfig(reranker=str(tiny_ranker))).answer(QUESTION)
    scores = CrossEncoderReranker(str(tiny_ranker)).scores(QUESTION, [hit.paragraph.text for hit in answer.hits])
    assert list(scores) == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ("./none/of/this", r"There is no model folder \./none/of/this; check the path given as the reranker"),
        ("nobody/no-such-ranker", "The reranker nobody/no-such-ranker is not on this machine; add --download"),
    ],
)
def test_a_reranker_that_is_not_there_is_told_and_no_hub_is_asked(
    fake_index, named: str, sentence: str, no_network: list[object]
) -> None:
    with pytest.raises(WenjuError, match=sentence):
        Answerer(fake_index, QaConfig(reranker=named)).answer(QUESTION)
    assert no_network == []


def broken(folder: Path) -> Path:
    folder.mkdir()
    (folder / "config.json").write_text("{}", "utf-8")
    return folder


def two_outputs(folder: Path) -> Path:
    return write_ranker(folder, 2)


@pytest.mark.parametrize("make", [broken, two_outputs])
def test_a_folder_that_holds_no_such_model_is_one_sentence(
    fake_index, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    with pytest.raises(WenjuError, match="The reranker") as told:
        Answerer(fake_index, QaConfig(reranker=str(make(tmp_path / "odd")))).answer(QUESTION)
    assert "\n" not in str(told.value)
