"""Makes unit vectors of texts. The only door to sentence-transformers, and the only place that normalises.

A static table (the bundled model) is read with numpy alone: the same rows, tokens and mean as
sentence-transformers gives, without the seconds that importing it costs. Where a model lies it leaves to `models`.
"""

import threading
from collections.abc import Callable, Collection, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.config import LONGEST_TOKENS
from index.models import EmbedderError, ModelFolder, find_model, made_by_newer

Floats = NDArray[np.float32]
Tokens = NDArray[np.int32]

# Texts whose tokens are kept: the sentences of popular paragraphs are asked for with every question.
# A longer text, such as all hits of one question together, hardly comes again.
_KEPT_TEXTS, _LONGEST_KEPT = 20_000, 500
# The same for a transformer's vectors: 20 MB of them at 1,024 dimensions.
_KEPT_VECTORS = 5_000
# Texts that a transformer takes at once.
_BATCH = 32


class Embedder(Protocol):
    """What the room asks of a model; `table` is None for a model without a static token table."""

    name: str
    dimension: int
    fingerprint: str
    table: Floats | None

    def documents(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors of passages, shape (n, dimension)."""

    def questions(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors of questions, shape (n, dimension)."""

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Return each text's distinct token numbers; empty for a model without a table."""


def load_embedder(name: str, download: bool = False) -> Embedder:
    """Load a model from a folder or by hub name; an empty name means the bundled model.

    Raises:
        EmbedderError: it is not on this machine (and `download` is off or failed), or cannot be loaded.
    """
    model = find_model(name, download)
    return StaticTable(model) if model.static else Transformer(model)


class StaticTable:
    """A table of token vectors whose mean is the text's vector (int8 or float rows, safetensors)."""

    def __init__(self, model: ModelFolder) -> None:
        """Read the table and the tokenizer that sentence-transformers saved."""
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        try:
            stored = load_file(model.path / "model.safetensors")
            self._tokenizer: Tokenizer = Tokenizer.from_file(str(model.path / "tokenizer.json"))
            self._tokenizer.no_padding()  # padding would count in the mean
            rows = stored["embedding.weight"] if "embedding.weight" in stored else stored["embeddings"]
        except Exception as error:  # both libraries raise bare exceptions of their own
            raise EmbedderError(
                f"The model in {model.path} cannot be read ({_reason(error)}); restore it from a copy."
            ) from error
        rows = rows[stored["mapping"]] if "mapping" in stored else rows
        _demand_dimension(model, rows.shape[1])
        scale = stored.get("weights")
        table: Floats = np.asarray(rows[:, : model.dimension or None], dtype=np.float32)
        self.table: Floats | None = table if scale is None else table * np.asarray(scale, np.float32)[:, None]
        self._rows = self.table
        self._kept: dict[str, Tokens] = {}
        self.name, self.dimension, self.fingerprint = model.name, int(table.shape[1]), model.fingerprint

    def documents(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors of folded texts; a text without a known token gives a zero vector."""
        means = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for at, ids in enumerate(self._encoded(texts)):
            if len(ids):
                means[at] = self._rows[ids].mean(axis=0)
        return _unit(means)

    def questions(self, texts: Sequence[str]) -> Floats:
        """As `documents`: a table has no prompts."""
        return self.documents(texts)

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Return each folded text's distinct token numbers."""
        return [np.unique(ids) for ids in self._encoded(texts)]

    def _encoded(self, texts: Sequence[str]) -> list[Tokens]:
        """Return each text's token numbers; those of texts that come again are kept."""
        kept = self._kept
        missing = [text for text in dict.fromkeys(texts) if text not in kept]
        # "fast" leaves out the offsets, on which a text of a megabyte spends two thirds of its time.
        encodings = self._tokenizer.encode_batch_fast(missing, add_special_tokens=False)
        made = {text: np.array(one.ids, dtype=np.int32) for text, one in zip(missing, encodings, strict=True)}
        found = [made[text] if text in made else kept[text] for text in texts]
        if len(kept) + len(made) > _KEPT_TEXTS:
            self._kept = {}  # a new one, for another thread may be reading the old
        else:
            kept.update((text, ids) for text, ids in made.items() if len(text) <= _LONGEST_KEPT)
        return found


class Transformer:
    """Any other sentence-transformers model, with the prompts it defines."""

    table: Floats | None = None

    def __init__(self, model: ModelFolder) -> None:
        """Load the model; nothing is fetched and no code of the model's own is run."""
        try:
            from sentence_transformers import SentenceTransformer
            from transformers.utils.logging import disable_progress_bar

            disable_progress_bar()  # type: ignore[no-untyped-call]
            # On a CPU half precision is slower, and makes a vector depend on the texts beside it.
            whole = {} if _has_gpu() else {"dtype": "float32"}
            self._model: SentenceTransformer = SentenceTransformer(
                str(model.path), local_files_only=True, model_kwargs={"use_safetensors": True, **whole}
            )
            dimension = int(self._model.get_embedding_dimension() or 0)
            if self._model.transformers_model is not None:
                self._model.max_seq_length = min(self._model.max_seq_length or LONGEST_TOKENS, LONGEST_TOKENS)
                _demand_own_weights(self._model.transformers_model.state_dict(), model)
        except Exception as error:  # whatever the foreign loader raises, the reader needs one sentence
            newer = made_by_newer(model.path)
            raise EmbedderError(f"The model in {model.path} cannot be loaded ({_reason(error)}){newer}.") from error
        _demand_dimension(model, dimension)
        self._model.truncate_dim = model.dimension or None
        self._lock = threading.Lock()
        self._kept: dict[str, Floats] = {}
        self.name, self.fingerprint = model.name, model.fingerprint
        self.dimension = model.dimension or dimension

    def documents(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, with the model's document prompt; those of texts that come again are kept."""
        kept = self._kept
        missing = [text for text in dict.fromkeys(texts) if text not in kept]
        made = dict(zip(missing, self._vectors(missing, self._model.encode_document), strict=True))
        found = [made[text] if text in made else kept[text] for text in texts]
        if len(kept) + len(made) > _KEPT_VECTORS:
            self._kept = {}  # a new one, for another thread may be reading the old
        else:
            kept.update((text, vector) for text, vector in made.items() if len(text) <= _LONGEST_KEPT)
        return np.array(found, np.float32).reshape(len(texts), self.dimension)

    def questions(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, with the model's query prompt."""
        return self._vectors(texts, self._model.encode_query)

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Return no tokens: the model has no table."""
        return [np.empty(0, np.int32) for _ in texts]

    def _vectors(self, texts: Sequence[str], encode: Callable[..., object]) -> Floats:
        """Return unit vectors; a blank text says nothing and has a zero vector."""
        rows = np.zeros((len(texts), self.dimension), np.float32)
        # Texts of like length share a batch, for the shorter are filled up to the longest.
        said = sorted((at for at, text in enumerate(texts) if text.strip()), key=lambda at: len(texts[at]))
        for start in range(0, len(said), _BATCH):
            batch = said[start : start + _BATCH]
            rows[batch] = self._encoded([_well_formed(texts[at]) for at in batch], encode)
        return _unit(np.nan_to_num(rows))

    def _encoded(self, texts: Sequence[str], encode: Callable[..., object]) -> Floats:
        """Encode one batch; between two of them another thread's question has its turn."""
        try:
            with self._lock:  # a tokenizer that two threads use at once refuses the second
                return np.asarray(encode(texts, batch_size=_BATCH, show_progress_bar=False), np.float32)
        except Exception as error:  # out of memory, or a text that the model's own tokenizer cannot take
            raise EmbedderError(
                f"The embedder {self.name} failed on a text ({_reason(error)}); name another embedder."
            ) from error


def _well_formed(text: str) -> str:
    """Return the text with half characters, which no tokenizer takes, replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _reason(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")


def _has_gpu() -> bool:
    import torch

    return bool(torch.cuda.is_available())


def _demand_own_weights(wanted: Collection[str], model: ModelFolder) -> None:
    """Refuse weights of another architecture, which the foreign loader replaces by random ones without an error."""
    from safetensors import safe_open

    held: set[str] = set()
    for path in model.path.rglob("*.safetensors"):
        with safe_open(path, "numpy") as opened:
            held.update(opened.keys())
    # A file may keep names under a prefix, such as "bert."; a head that is not used may be missing.
    ends = {".".join(parts[at:]) for name in held for parts in [name.split(".")] for at in range(len(parts))}
    if sum(name in ends for name in wanted) < len(wanted) / 2:
        raise EmbedderError("its weights are those of another architecture than its config.json names")


def _demand_dimension(model: ModelFolder, dimension: int) -> None:
    if model.dimension > dimension:
        raise EmbedderError(
            f"The embedder {model.name} asks for {model.dimension} dimensions, the model has {dimension}; "
            "give a smaller number behind the colon."
        )


def _unit(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.ascontiguousarray(rows / np.maximum(lengths, 1e-9), dtype=np.float32)
