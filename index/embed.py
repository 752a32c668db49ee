"""Makes unit vectors of texts. The only door to sentence-transformers, and the only place that normalises.

A static table (the bundled model) is read with numpy alone: the same rows, tokens and mean as
sentence-transformers gives, without the seconds that importing it costs.
"""

import hashlib
import json
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.config import BUNDLED_MODEL, HUB_WAIT
from index.records import WenjuError

Floats = NDArray[np.float32]
Tokens = NDArray[np.int32]

# Texts whose tokens are kept: the sentences of popular paragraphs are asked for with every question.
# A longer text, such as all hits of one question together, hardly comes again.
_KEPT_TEXTS, _LONGEST_KEPT = 20_000, 500


class EmbedderError(WenjuError):
    """A model that cannot be loaded or used."""


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
    folder = BUNDLED_MODEL if not name else model_folder(name, download)
    shown = name or "bundled"
    if not (folder / "modules.json").exists() and not (folder / "config.json").exists():
        raise EmbedderError(f"{folder} holds no sentence-transformers model; name another folder as the embedder.")
    if _is_static(folder):
        return StaticTable(shown, folder)
    return Transformer(shown, folder)


class StaticTable:
    """A table of token vectors whose mean is the text's vector (int8 or float rows, safetensors)."""

    def __init__(self, name: str, folder: Path) -> None:
        """Read the table and the tokenizer that sentence-transformers saved in `folder`."""
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        try:
            stored = load_file(folder / "model.safetensors")
            self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._tokenizer.no_padding()  # padding would count in the mean
        except Exception as error:  # both libraries raise bare exceptions of their own
            raise EmbedderError(f"The model in {folder} cannot be read ({error}); restore it from a copy.") from error
        rows = stored["embedding.weight"] if "embedding.weight" in stored else stored["embeddings"]
        rows = rows[stored["mapping"]] if "mapping" in stored else rows
        scale = stored.get("weights")
        table: Floats = np.asarray(rows, dtype=np.float32)
        self.table: Floats | None = table if scale is None else table * np.asarray(scale, np.float32)[:, None]
        self._rows = self.table
        self._kept: dict[str, Tokens] = {}
        self.name, self.dimension, self.fingerprint = name, int(table.shape[1]), _fingerprint(folder)

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
        encodings = self._tokenizer.encode_batch(missing, add_special_tokens=False)
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

    def __init__(self, name: str, folder: Path) -> None:
        """Load the model in `folder`; nothing is fetched and no code of the model's own is run."""
        try:
            from sentence_transformers import SentenceTransformer

            self._model: SentenceTransformer = SentenceTransformer(str(folder), local_files_only=True)
        except Exception as error:  # whatever the foreign loader raises, the reader needs one sentence
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise EmbedderError(f"The model in {folder} cannot be loaded ({reason}).") from error
        self.name, self.fingerprint = name, _fingerprint(folder)
        self.dimension = int(self._model.get_embedding_dimension() or 0)

    def documents(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, with the model's document prompt."""
        return _unit(np.asarray(self._model.encode_document(list(texts), show_progress_bar=False), np.float32))

    def questions(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, with the model's query prompt."""
        return _unit(np.asarray(self._model.encode_query(list(texts), show_progress_bar=False), np.float32))

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Return no tokens: the model has no table."""
        return [np.empty(0, np.int32) for _ in texts]


def _unit(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.ascontiguousarray(rows / np.maximum(lengths, 1e-9), dtype=np.float32)


def _is_static(folder: Path) -> bool:
    """Say whether the model is one static table and nothing that changes its direction."""
    try:
        modules = json.loads((folder / "modules.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    kinds = [str(module.get("type", "")).rsplit(".", 1)[-1] for module in modules]
    whole = (folder / modules[0].get("path", "") / "model.safetensors").exists() if modules else False
    return kinds in (["StaticEmbedding"], ["StaticEmbedding", "Normalize"]) and not modules[0].get("path") and whole


def _fingerprint(folder: Path) -> str:
    """Return the SHA-256 over weights, tokenizer and configuration, whichever the model has."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in (".safetensors", ".json", ".txt", ".model", ".bin"):
            digest.update(path.relative_to(folder).as_posix().encode())
            with path.open("rb") as opened:
                digest.update(hashlib.file_digest(opened, "sha256").digest())
    return digest.hexdigest()


def model_folder(name: str, download: bool = False, what: str = "embedder") -> Path:
    """Return the folder of a model that is named by its folder or by a hub name; `what` it is used as is told.

    Raises:
        EmbedderError: it is not on this machine, and `download` is off or failed.
    """
    if Path(name).is_dir():
        return Path(name)
    if name.count("/") > 1 or name.startswith((".", "/", "~")):
        raise EmbedderError(f"There is no model folder {name}; check the path given as the {what}.")
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except Exception as error:  # not on this machine, or not a name a hub could have
        if not download:
            raise EmbedderError(
                f"The {what} {name} is not on this machine; add --download to fetch it, or name a model folder."
            ) from error
    return _downloaded(name, what)


def _downloaded(name: str, what: str) -> Path:
    from huggingface_hub import snapshot_download

    with _bounded_wait():
        try:
            return Path(snapshot_download(name, etag_timeout=HUB_WAIT, max_workers=2))
        except Exception as error:
            raise EmbedderError(
                f"The {what} {name} could not be fetched within {HUB_WAIT:.0f} s a request "
                f"({type(error).__name__}); check the network, or name a model folder."
            ) from error


@contextmanager
def _bounded_wait() -> Iterator[None]:
    """Give every request to the hub a time limit: its own client waits for ever by default."""
    import httpx2
    from huggingface_hub import set_client_factory

    def limit(request: httpx2.Request) -> None:
        request.extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), HUB_WAIT)

    earlier = socket.getdefaulttimeout()
    socket.setdefaulttimeout(HUB_WAIT)
    set_client_factory(lambda: httpx2.Client(event_hooks={"request": [limit]}, follow_redirects=True))
    try:
        yield
    finally:
        socket.setdefaulttimeout(earlier)
