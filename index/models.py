"""A model's name in, its checked folder on this machine out. The only door to the model hub.

Knows which files a sentence-transformers model is made of; neither opens its weights nor embeds.
"""

import hashlib
import json
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

from index.config import BUNDLED_MODEL, HUB_WAIT
from index.records import WenjuError

BUNDLED = "bundled"

# A folder or hub name, a hub's revision after @, and the dimension that vectors are cut to after a colon.
_NAME = re.compile(r"(?P<model>.+?)(?:@(?P<revision>[\w./-]+))?(?::(?P<dimension>\d+))?")

# What is read of a model; whatever else lies in its folder is neither fetched nor part of the fingerprint.
_READ = (".safetensors", ".json", ".txt", ".model", ".tiktoken")
# The same weights in other forms: gigabytes that nothing here reads.
_OTHER_FORMS = ("onnx", "openvino")
_OTHER_WEIGHTS = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".h5", ".msgpack", ".onnx", ".gguf", ".npz")


class EmbedderError(WenjuError):
    """A model that cannot be found, loaded or used."""


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A model that may be loaded: `name` as it was asked for, `dimension` what vectors are cut to (0: not at all).

    `static` says that it is one table of token vectors; `fingerprint` is the SHA-256 over weights, tokenizer,
    prompts, normalisation and the dimension asked for.
    """

    name: str
    path: Path
    dimension: int
    static: bool
    fingerprint: str


def find_model(name: str, download: bool = False) -> ModelFolder:
    """Return the folder of a model; an empty name means the bundled one.

    Raises:
        EmbedderError: it is not on this machine (and `download` is off or failed), or is in no form that is read.
    """
    path, dimension = _located(name or BUNDLED, download)
    modules = _modules(path)
    _refuse_unreadable(path)
    settings = _json(path / "config_sentence_transformers.json")
    kept = dimension or _saved_dimension(settings)
    return ModelFolder(name or BUNDLED, path, kept, _is_static(path, modules, settings), _fingerprint(path, dimension))


def model_folder(name: str, download: bool = False, what: str = "embedder") -> Path:
    """Return where another kind of model lies, by folder or hub name; `what` it is used as is told.

    Raises:
        EmbedderError: it is not on this machine, and `download` is off or failed.
    """
    return _located(name, download, what)[0]


def made_by_newer(path: Path) -> str:
    """Say so, as the end of a sentence, where a model was saved by newer libraries than are installed."""
    saved = _json(path / "config_sentence_transformers.json").get("__version__")
    stamps = saved if isinstance(saved, dict) else {}
    transformers = _json(path / "config.json").get("transformers_version")
    for library, by in (
        ("sentence-transformers", stamps.get("sentence_transformers")),
        ("transformers", stamps.get("transformers") or transformers),
    ):
        if _numbers(str(by or "")) > _numbers(version(library)):
            return f"; it was saved by {library} {by}, here is {version(library)}: update that, or name another model"
    return ""


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])


def _located(name: str, download: bool, what: str = "embedder") -> tuple[Path, int]:
    """Return where a model lies and what its vectors are cut to."""
    if name == BUNDLED:
        return BUNDLED_MODEL, 0
    if Path(name).is_dir():  # also one whose own name ends like a dimension
        return Path(name), 0
    parts = _NAME.fullmatch(name)
    assert parts is not None
    if parts["dimension"] is not None and not int(parts["dimension"]):
        raise EmbedderError(f"The embedder is {name}; give a dimension from 1 up behind the colon.")
    model, dimension = name.removesuffix(f":{parts['dimension']}"), int(parts["dimension"] or 0)
    if model == BUNDLED:
        return BUNDLED_MODEL, dimension
    if Path(model).is_dir():
        return Path(model), dimension
    if model.startswith((".", "/", "~")) or parts["model"].count("/") > 1:
        raise EmbedderError(f"There is no model folder {model}; check the path given as the {what}.")
    return _from_hub(parts["model"], parts["revision"], download, what), dimension


def _modules(path: Path) -> list[dict[str, object]]:
    """Return the modules that a model is made of, none for a bare transformer."""
    if not (path / "modules.json").exists() and not (path / "config.json").exists():
        raise EmbedderError(f"{path} holds no sentence-transformers model; name another folder as the embedder.")
    if not (path / "modules.json").exists():
        return []
    try:
        found = json.loads((path / "modules.json").read_text("utf-8"))
        types = [str(module["type"]) for module in found]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EmbedderError(f"The model in {path} has a broken modules.json; restore it from a copy.") from error
    if strange := [one for one in types if not one.startswith("sentence_transformers.")]:
        raise EmbedderError(
            f"The model in {path} wants {strange[0]}, code that is no part of sentence-transformers and is not run; "
            "name another model."
        )
    return [dict(module) for module in found]


def _refuse_unreadable(path: Path) -> None:
    """Refuse a folder whose weights are missing, or in a form that can carry code."""
    weights = [part for part in _parts(path) if part.suffix == ".safetensors"]
    safe = {part.parent for part in weights}
    files = [file for file in sorted(path.rglob("*")) if not _aside(file, path)]
    # One module of several may be in another form, such as the layer behind a transformer.
    others = [file for file in files if file.match("pytorch_model*.bin") and file.parent not in safe]
    if not weights:
        others = others or [file for file in files if file.suffix in _OTHER_WEIGHTS]
    if others or not weights:
        found = f", only {others[0].relative_to(path).as_posix()}" if others else ""
        raise EmbedderError(
            f"The model in {path} has no model.safetensors{found}; that is the one form of weights that is read, since "
            "it cannot carry code: take a revision that has it (NAME@REVISION), or save the model anew in that form."
        )


def _is_static(path: Path, modules: list[dict[str, object]], settings: dict[str, object]) -> bool:
    """Say whether the model is one static table and nothing that changes its direction."""
    kinds = [str(module["type"]).rsplit(".", 1)[-1] for module in modules]
    prompts = settings.get("prompts")
    plain = not any(prompts.values()) if isinstance(prompts, dict) else True
    alone = kinds in (["StaticEmbedding"], ["StaticEmbedding", "Normalize"]) and not modules[0].get("path")
    return alone and plain and (path / "model.safetensors").exists()


def _saved_dimension(settings: dict[str, object]) -> int:
    saved = settings.get("truncate_dim")
    return saved if isinstance(saved, int) else 0


def _fingerprint(path: Path, dimension: int) -> str:
    digest = hashlib.sha256()
    for file in _parts(path):
        digest.update(file.relative_to(path).as_posix().encode())
        with file.open("rb") as opened:
            digest.update(hashlib.file_digest(opened, "sha256").digest())
    if dimension:
        digest.update(f":{dimension}".encode())
    return digest.hexdigest()


def _parts(path: Path) -> list[Path]:
    return [
        file for file in sorted(path.rglob("*")) if file.is_file() and file.suffix in _READ and not _aside(file, path)
    ]


def _aside(file: Path, path: Path) -> bool:
    """Say whether a file belongs to another form of the model, or to a tool that keeps notes in the folder."""
    folders = file.relative_to(path).parts[:-1]
    return any(folder in _OTHER_FORMS or folder.startswith(".") for folder in folders)


def _json(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _from_hub(name: str, revision: str | None, download: bool, what: str) -> Path:
    from huggingface_hub import snapshot_download

    read, other = [f"*{ending}" for ending in _READ], [f"{folder}/*" for folder in _OTHER_FORMS]
    snapshot = partial(snapshot_download, name, revision=revision, allow_patterns=read, ignore_patterns=other)
    shown = f"{name}@{revision}" if revision else name
    try:
        return Path(snapshot(local_files_only=True))
    except Exception as error:  # not on this machine, or not a name a hub could have
        if not download:
            raise EmbedderError(
                f"The {what} {shown} is not on this machine; add --download to fetch it, or name a model folder."
            ) from error
    with _bounded_wait():
        try:
            return Path(snapshot(etag_timeout=HUB_WAIT, max_workers=2))
        except Exception as error:
            raise EmbedderError(
                f"The {what} {shown} could not be fetched within {HUB_WAIT:.0f} s a request "
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
