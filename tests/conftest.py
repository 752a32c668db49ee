"""What many tests share: a hand-made embedder, tiny model folders on disk, the report that ships, no network."""

import json
import shutil
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Tokens = NDArray[np.int32]

SHIPPED = Path(__file__).parent.parent / "reports" / "huangpu-2022.txt"

MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"},
    {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have a browser's test that failed tried twice more: on a busy machine a page is drawn anew under a click."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=2))


class AxisEmbedder:
    """A hand-made model: one axis a character of `axes`; a text's vector counts them, scaled to length 1.

    `embedded` and `asked` keep every text it was given, so that a test can say what was not embedded again.
    """

    table: Floats | None = None

    def __init__(self, axes: str = "山水火", fingerprint: str = "axes") -> None:
        self.name, self.dimension, self.fingerprint = "axes", len(axes), fingerprint
        self.axes = axes
        self.embedded: list[str] = []
        self.asked: list[str] = []

    def documents(self, texts: Sequence[str]) -> Floats:
        self.embedded.extend(texts)
        return self._vectors(texts)

    def questions(self, texts: Sequence[str]) -> Floats:
        self.asked.extend(texts)
        return self._vectors(texts)

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        return [np.empty(0, np.int32) for _ in texts]

    def _vectors(self, texts: Sequence[str]) -> Floats:
        counts = np.array([[text.count(axis) for axis in self.axes] for text in texts], np.float32)
        lengths = np.linalg.norm(counts.reshape(len(texts), self.dimension), axis=1, keepdims=True)
        return np.asarray(counts.reshape(len(texts), self.dimension) / np.maximum(lengths, 1), np.float32)


@pytest.fixture
def axis_embedder() -> type[AxisEmbedder]:
    """The class of the hand-made model: `axis_embedder("山水")` makes one with two dimensions."""
    return AxisEmbedder


def write_static_model(folder: Path, rows: dict[str, Sequence[float]], layout: str = "float") -> Path:
    """Write a table with one row a character as sentence-transformers would, without importing it.

    Row 0 is that of unknown characters and is zero. `layout` "int8" stores whole numbers and one
    scale a row, as the model that ships does.
    """
    from safetensors.numpy import save_file
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers

    folder.mkdir(parents=True)
    dimension = len(next(iter(rows.values())))
    matrix = np.array([[0.0] * dimension, *rows.values()], np.float32)
    tokenizer = Tokenizer(
        models.WordLevel({"[UNK]": 0, **{word: at for at, word in enumerate(rows, start=1)}}, "[UNK]")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split(Regex("."), "isolated")]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    if layout == "int8":
        scale = np.maximum(np.abs(matrix).max(axis=1), 1e-12) / 127
        whole = np.rint(matrix / scale[:, None]).astype(np.int8)
        save_file({"embeddings": whole, "weights": scale.astype(np.float32)}, folder / "model.safetensors")
    else:
        save_file({"embedding.weight": matrix}, folder / "model.safetensors")
    (folder / "modules.json").write_text(json.dumps(MODULES), "utf-8")
    (folder / "1_Normalize").mkdir()
    return folder


@pytest.fixture(scope="session")
def write_model() -> Callable[..., Path]:
    """Write a tiny static-table model: `write_model(folder, {"山": (1, 0), "水": (0, 1)})`."""
    return write_static_model


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A static-table model folder whose characters are those of the shipped report, with random rows."""
    characters = sorted({one for one in SHIPPED.read_text("utf-8").lower() if not one.isspace()})
    random = np.random.default_rng(7).standard_normal((len(characters), 32))
    rows = {character: tuple(row) for character, row in zip(characters, random, strict=True)}
    return write_static_model(tmp_path_factory.mktemp("models") / "tiny", rows)


@pytest.fixture(scope="session")
def other_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder with other weights and another dimension than `tiny_model`."""
    return write_static_model(tmp_path_factory.mktemp("models") / "other", {"黄": (1.0, 0.0), "浦": (0.0, 1.0)})


PROMPTS = {"prompts": {"query": "query: ", "document": "passage: "}, "default_prompt_name": None}
# What the tiny transformer knows; all else is [UNK].
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "query", "passage", ":", "山", "水"]


@pytest.fixture(scope="session")
def transformer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of one layer with random weights, and prompts for questions and for passages."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
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


@pytest.fixture(scope="session")
def shipped_report() -> Path:
    """The report that ships."""
    return SHIPPED


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Refuse every connection to the outside; the list says which were tried."""
    tried: list[object] = []

    def refuse(self: socket.socket, address: object) -> None:
        tried.append(address)
        raise ConnectionRefusedError("this test allows no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setenv("HF_HUB_DISABLE_TELEMETRY", "1")
    return tried


@dataclass(frozen=True, slots=True)
class Served:
    """A window that is served: its address, its library, a folder beside it, and its log, which is JSON a line."""

    address: str
    folder: Path

    @property
    def library(self) -> Path:
        return self.folder / "library"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8")


@pytest.fixture(scope="session")
def served_window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The window over the shipped report, without a language model and without a limit on requests."""
    from browsing import serving

    folder = tmp_path_factory.mktemp("window")
    (folder / "gradio").mkdir()
    options = ("--log", str(folder / "log"), "--rate", "0")
    with serving(folder / "library", *options, GRADIO_TEMP_DIR=str(folder / "gradio")) as address:
        yield Served(address, folder)


@pytest.fixture(scope="module")  # its driver's event loop runs in this thread until it is closed
def chromium() -> Iterator[Any]:
    from browsing import ARGUMENTS, missing

    path = shutil.which("chromium")
    if path is None:
        missing("chromium is not installed")
    try:
        from playwright import sync_api
    except ImportError:
        missing("playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
