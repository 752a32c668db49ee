"""What embed promises: sentence-transformers' own vectors at unit length, and a quick word on what is not there."""

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


def test_a_transformer_s_vectors_are_sentence_transformers_own_with_its_prompts(transformer_folder: Path) -> None:
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(transformer_folder), device="cpu", local_files_only=True)
    ours = load_embedder(str(transformer_folder))
    for made, text in ((ours.questions(["山水"]), "query: 山水"), (ours.documents(["山水"]), "passage: 山水")):
        np.testing.assert_allclose(made, theirs.encode([text], normalize_embeddings=True), atol=1e-6)


def test_a_cut_transformer_keeps_the_first_numbers_at_length_one(transformer_folder: Path) -> None:
    whole, cut = load_embedder(str(transformer_folder)), load_embedder(f"{transformer_folder}:4")
    first = whole.documents(["山水", "山"])[:, :4]
    assert (whole.dimension, cut.dimension) == (16, 4)
    np.testing.assert_allclose(cut.documents(["山水", "山"]), first / np.linalg.norm(first, axis=1)[:, None], atol=1e-6)
    assert cut.questions(["山"]).shape == (1, 4)
    assert whole.fingerprint != cut.fingerprint


def test_a_cut_table_keeps_the_first_numbers_of_every_row(tmp_path: Path, write_model: Callable) -> None:
    folder = write_model(tmp_path / "three", {"山": (3.0, 4.0, 5.0), "水": (0.0, 1.0, 7.0)}, "int8")
    cut = load_embedder(f"{folder}:2")
    assert isinstance(cut, StaticTable)
    assert cut.table is not None
    assert cut.table.shape == (3, 2)
    np.testing.assert_allclose(cut.documents(["山"]), [[0.6, 0.8]], atol=0.01)


@pytest.mark.parametrize("kind", ["table", "transformer"])
def test_a_dimension_that_the_model_lacks_is_refused(
    transformer_folder: Path, tmp_path: Path, write_model: Callable, kind: str
) -> None:
    folder, has = (transformer_folder, 16) if kind == "transformer" else (write_model(tmp_path / "small", SMALL), 2)
    with pytest.raises(EmbedderError, match=rf"asks for 17 dimensions, the model has {has}; give a smaller number"):
        load_embedder(f"{folder}:17")


def test_a_dimension_saved_with_the_model_is_kept(tmp_path: Path, write_model: Callable) -> None:
    folder = write_model(tmp_path / "saved", {"山": (3.0, 4.0, 5.0)})
    (folder / "config_sentence_transformers.json").write_text('{"truncate_dim": 2}', "utf-8")
    np.testing.assert_allclose(load_embedder(str(folder)).documents(["山"]), [[0.6, 0.8]], atol=1e-6)


def test_a_table_with_prompts_is_asked_with_them(tmp_path: Path, write_model: Callable) -> None:
    folder = write_model(tmp_path / "prompted", SMALL)
    (folder / "config_sentence_transformers.json").write_text('{"prompts": {"query": "水", "document": ""}}', "utf-8")
    (folder / "1_Normalize" / "config.json").write_text("{}", "utf-8")
    model = load_embedder(str(folder))
    # 水山: mean (1.5, 0.5)
    np.testing.assert_allclose(model.questions(["山"]), [[0.948683, 0.316228]], atol=1e-6)
    np.testing.assert_allclose(model.documents(["山"]), [[1.0, 0.0]], atol=1e-6)


def test_texts_that_come_again_are_not_embedded_again(
    transformer_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = load_embedder(str(transformer_folder))
    first = model.documents(["山", "水", "山"])
    asked: list[str] = []
    monkeypatch.setattr(model, "_vectors", lambda texts, encode: asked.extend(texts) or np.zeros((len(texts), 16)))
    assert np.array_equal(model.documents(["水", "山"]), first[[1, 0]])
    assert asked == []


BAD_TEXTS = ["", "   ", "😀", "😀🎉👍", "\ud800", "山\udfff水", "龘" * 40, "\x00", "山水" * 250_000]


@pytest.mark.parametrize("text", BAD_TEXTS, ids=[ascii(text[:8]) for text in BAD_TEXTS])
def test_no_text_breaks_a_transformer(transformer_folder: Path, text: str) -> None:
    model = load_embedder(str(transformer_folder))
    for made in (model.documents([text, "山"]), model.questions([text, "山"])):
        lengths = np.linalg.norm(made, axis=1)
        assert lengths.tolist() == pytest.approx([1.0 if text.strip() else 0.0, 1.0], abs=1e-5)


def test_two_threads_ask_one_transformer(transformer_folder: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    model = load_embedder(str(transformer_folder))
    expected = model.questions(["山水"])
    with ThreadPoolExecutor(8) as pool:
        for made in pool.map(lambda _: model.questions(["山水"]), range(64)):
            np.testing.assert_allclose(made, expected, atol=1e-6)


def test_many_texts_are_embedded_in_batches_of_like_length_and_keep_their_order(transformer_folder: Path) -> None:
    model = load_embedder(str(transformer_folder))
    plain, batches = model._model.encode_document, []

    def watched(texts: list[str], **named: object) -> np.ndarray:
        batches.append([len(text) for text in texts])
        return plain(texts, **named)

    texts = ["山水" * (1 + number * 7 % 40) + f"山{'水' * number}" for number in range(70)]
    alone = [load_embedder(str(transformer_folder)).documents([text])[0] for text in texts[:3]]
    model._model.encode_document = watched
    np.testing.assert_allclose(model.documents(texts)[:3], alone, atol=1e-5)
    assert [len(batch) for batch in batches] == [32, 32, 6]
    assert [length for batch in batches for length in batch] == sorted(map(len, texts))


def test_a_text_on_which_the_model_fails_is_told_in_one_sentence(transformer_folder: Path) -> None:
    model = load_embedder(str(transformer_folder))

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("out of memory\nwith a long trace")

    model._model.encode_query = fail
    with pytest.raises(EmbedderError, match=r"failed on a text \(out of memory\); name another embedder\.$"):
        model.questions(["山"])
