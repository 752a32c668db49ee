"""What embed promises: sentence-transformers' own vectors at unit length, and a quick word on what is not there."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.embed import StaticTable, load_embedder
from index.fold import fold
from index.models import EmbedderError

TEXTS = ["五年来共有6万多户居民告别旧里", "gdp 增长 2.5", "山", "", "   ", "😀", "山" * 3000]
SMALL = {"山": (3.0, 0.0), "水": (0.0, 1.0), "火": (-3.0, 0.0)}


@pytest.fixture(scope="module", params=["float", "int8"])
def both_ways(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, write_model: Callable) -> tuple:
    """The same folder opened by this room and by sentence-transformers itself (which takes seconds to import)."""
    from sentence_transformers import SentenceTransformer

    random = np.random.default_rng(3).standard_normal((60, 16))
    characters = sorted(set("".join(TEXTS)) - set(" 😀"))
    rows = {character: tuple(row) for character, row in zip(characters, random, strict=False)}
    folder = write_model(tmp_path_factory.mktemp("same") / "model", rows, request.param)
    theirs = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    return load_embedder(str(folder)), theirs


def test_a_table_gives_the_vectors_that_sentence_transformers_gives(both_ways: tuple) -> None:
    ours, theirs = both_ways
    assert isinstance(ours, StaticTable)
    np.testing.assert_allclose(ours.documents(TEXTS), theirs.encode(TEXTS), atol=1e-6)
    np.testing.assert_allclose(ours.questions(TEXTS), theirs.encode_query(TEXTS), atol=1e-6)


def test_a_folder_that_sentence_transformers_saved_is_read_as_a_table(both_ways: tuple, tmp_path: Path) -> None:
    ours, theirs = both_ways
    theirs.save(str(tmp_path / "saved"))
    again = load_embedder(str(tmp_path / "saved"))
    assert isinstance(again, StaticTable)
    np.testing.assert_allclose(again.documents(TEXTS), ours.documents(TEXTS), atol=1e-6)


@pytest.fixture
def small(tmp_path: Path, write_model: Callable) -> StaticTable:
    model = load_embedder(str(write_model(tmp_path / "small", SMALL)))
    assert isinstance(model, StaticTable)
    return model


def test_a_text_s_vector_is_the_mean_of_its_characters_rows_at_length_one(small: StaticTable) -> None:
    # 山水: mean (1.5, 0.5), length sqrt(2.5); an unknown character adds a zero row, which changes no direction.
    found = small.documents(["山", "山水", "山水龙"])
    assert found.tolist() == [
        [1.0, 0.0],
        pytest.approx([0.948683, 0.316228], abs=1e-6),
        pytest.approx([0.948683, 0.316228], abs=1e-6),
    ]


@pytest.mark.parametrize("text", ["", "   ", "😀", "龙", "山火", fold("\ud800")])
def test_a_text_that_says_nothing_has_a_zero_vector(small: StaticTable, text: str) -> None:
    assert small.documents([text]).tolist() == [[0.0, 0.0]]
    assert small.questions([text]).tolist() == [[0.0, 0.0]]


def test_no_texts_have_no_vectors(small: StaticTable) -> None:
    assert small.documents([]).shape == (0, 2)
    assert small.tokens([]) == []


def test_tokens_are_the_distinct_rows_of_the_table(small: StaticTable) -> None:
    assert [found.tolist() for found in small.tokens(["水山水", "", "龙"])] == [[1, 2], [], [0]]
    assert small.table is not None
    assert small.table.tolist() == [[0, 0], [3, 0], [0, 1], [-3, 0]]


def test_vectors_are_single_precision_rows_in_one_block(small: StaticTable) -> None:
    found = small.documents(["山", "水"])
    assert found.dtype == np.float32
    assert found.flags["C_CONTIGUOUS"]


def test_a_tokenizer_saved_with_padding_changes_no_vector(small: StaticTable, tmp_path: Path) -> None:
    from tokenizers import Tokenizer

    path = tmp_path / "small" / "tokenizer.json"
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_padding(pad_id=1, pad_token="山")
    tokenizer.save(str(path))
    padded = load_embedder(str(tmp_path / "small"))
    assert padded.documents(["水", "山山山"]).tolist() == [[0.0, 1.0], [1.0, 0.0]]


def test_the_fingerprint_is_that_of_the_content(tmp_path: Path, write_model: Callable) -> None:
    one, same = write_model(tmp_path / "one", SMALL), write_model(tmp_path / "same", SMALL)
    other = write_model(tmp_path / "other", {**SMALL, "火": (0.0, -3.0)})
    prints = [load_embedder(str(folder)).fingerprint for folder in (one, same, other)]
    assert prints[0] == prints[1] != prints[2]


def test_the_model_tells_its_name_and_dimension(small: StaticTable, tmp_path: Path) -> None:
    assert (small.name, small.dimension) == (str(tmp_path / "small"), 2)


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json"])
def test_a_damaged_table_is_told_in_one_sentence(tmp_path: Path, write_model: Callable, file: str) -> None:
    folder = write_model(tmp_path / "damaged", SMALL)
    (folder / file).write_bytes(b"junk")
    with pytest.raises(
        EmbedderError, match=r"The model in .*damaged cannot be read .*restore it from a copy"
    ) as caught:
        load_embedder(str(folder))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["/no/such/folder", "./nowhere", "~/model", "a/b/c"])
def test_a_folder_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(EmbedderError, match=r"There is no model folder .*; check the path given as the embedder"):
        load_embedder(name)


@pytest.mark.parametrize("name", ["nobody/no-such-model", "no-such-model", "not a name!"])
def test_a_hub_name_that_is_not_on_this_machine_is_refused_at_once(name: str, no_network: list[object]) -> None:
    started = time.monotonic()
    with pytest.raises(EmbedderError, match=f"The embedder {name} is not on this machine; add --download to fetch it"):
        load_embedder(name)
    assert time.monotonic() - started < 5
    assert no_network == []


def test_a_download_without_a_network_gives_up_with_one_sentence(no_network: list[object]) -> None:
    started = time.monotonic()
    with pytest.raises(
        EmbedderError, match=r"could not be fetched .*check the network, or name a model folder"
    ) as caught:
        load_embedder("nobody/no-such-model", download=True)
    assert time.monotonic() - started < 30
    assert "\n" not in str(caught.value)


def test_a_folder_without_a_model_is_told_in_one_sentence(tmp_path: Path, no_network: list[object]) -> None:
    with pytest.raises(EmbedderError, match="holds no sentence-transformers model") as caught:
        load_embedder(str(tmp_path))
    assert "\n" not in str(caught.value)
    assert no_network == []


PROMPTS = {"prompts": {"query": "query: ", "document": "passage: "}, "default_prompt_name": None}
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "query", "passage", ":", "山", "水"]


@pytest.fixture(scope="module")
def transformer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of one layer with random weights, and prompts for questions and for passages."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    base, folder = tmp_path_factory.mktemp("bert") / "base", tmp_path_factory.mktemp("bert") / "model"
    base.mkdir()
    (base / "vocab.txt").write_text("\n".join(WORDS), "utf-8")
    BertTokenizerFast(str(base / "vocab.txt")).save_pretrained(str(base))
    torch.manual_seed(1)
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    BertModel(BertConfig(vocab_size=len(WORDS), max_position_embeddings=32, **sizes)).save_pretrained(str(base))
    words = Transformer(str(base))
    SentenceTransformer(modules=[words, Pooling(16)], device="cpu").save(str(folder))
    settings = folder / "config_sentence_transformers.json"
    settings.write_text(json.dumps({**json.loads(settings.read_text("utf-8")), **PROMPTS}), "utf-8")
    return folder


def test_a_transformer_is_asked_with_its_own_prompts(transformer_folder: Path, no_network: list[object]) -> None:
    model = load_embedder(str(transformer_folder))
    document, question = model.documents(["山水"])[0], model.questions(["山水"])[0]
    assert (model.table, model.dimension, document.shape) == (None, 16, (16,))
    assert np.linalg.norm(document) == pytest.approx(1.0, abs=1e-5)
    assert np.linalg.norm(question) == pytest.approx(1.0, abs=1e-5)
    assert float(document @ question) < 0.999
    assert no_network == []


def test_a_transformer_has_no_tokens_to_match(transformer_folder: Path) -> None:
    assert [found.tolist() for found in load_embedder(str(transformer_folder)).tokens(["山", ""])] == [[], []]
