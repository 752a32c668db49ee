"""Nothing that a library or a model folder holds can run as code, whatever it is named."""

import io
import pickle
import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from index import Index, IndexConfig, WenjuError

# Names that libraries around models and indexes load code from, or weights that can carry it.
MODEL_NAMES = (
    *("pytorch_model.bin", "model.pt", "model.pth", "model.ckpt", "model.pkl", "model.joblib", "embeddings.npy"),
    *("weights.npz", "training_args.bin", "optimizer.pt", "tf_model.h5", "flax_model.msgpack", "rust_model.ot"),
    *("adapter_model.bin", "vocab.pkl", "tokenizer.pkl", "spiece.model", "tokenizer.model", "1_Normalize/model.bin"),
    *("1_Pooling/pytorch_model.bin", "2_Dense/pytorch_model.bin", "onnx/model.onnx", "openvino/model.xml"),
    *("__init__.py", "modeling.py", "modeling_custom.py", "tokenization_custom.py", "configuration_custom.py"),
    *("conftest.py", "sitecustomize.py", "json.py", "numpy.py", "torch.py", "safetensors.py", "setup.py"),
)
LIBRARY_NAMES = (
    *("index.pkl", "index.faiss", "docstore.pkl", "vectors.npy", "vectors.npz", "meta.pkl", "wenju.pkl", "library.db"),
    *("derived/vectors.pkl", "derived/vectors.npy", "derived/vectors.faiss", "derived/keywords.pkl"),
    *("derived/__init__.py", "json.py", "sqlite3.py", "faiss.py", "tantivy.py", "sitecustomize.py", "conftest.py"),
)
READ_OF_A_MODEL = ("model.safetensors", "tokenizer.json", "modules.json", "config_sentence_transformers.json")
FORMS = ("pickle", "array", "torch", "code")
TEXTS = ["山高水长。", "水流向东。"]


class Bomb:
    """Writes a file when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self.mark,)


def bombs(mark: Path) -> dict[str, bytes]:
    """The same bomb in every form that some loader would run."""
    plain = pickle.dumps(Bomb(mark))
    array = b"\x93NUMPY\x01\x00" + struct.pack("<H", 118)
    array += b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(117) + b"\n" + plain
    torch = io.BytesIO()
    with zipfile.ZipFile(torch, "w") as archive:
        archive.writestr("archive/data.pkl", plain)
        archive.writestr("archive/version", "3")
    code = f"import pathlib\npathlib.Path({str(mark)!r}).touch()\n".encode()
    return {"pickle": plain, "array": array, "torch": torch.getvalue(), "code": code}


def test_the_bombs_go_off_where_they_are_loaded(tmp_path: Path) -> None:
    import numpy as np
    import torch

    made = bombs(tmp_path / "mark")
    for name, load in {
        "pickle": pickle.loads,
        "array": lambda data: np.load(io.BytesIO(data), allow_pickle=True),
        "torch": lambda data: torch.load(io.BytesIO(data), weights_only=False),
        "code": exec,
    }.items():
        (tmp_path / "mark").unlink(missing_ok=True)
        load(made[name])
        assert (tmp_path / "mark").exists(), name


@pytest.fixture
def built(write_model: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A library and its model, in a folder that the program stands in."""
    model = write_model(tmp_path / "model", {"山": (1.0, 0.0), "水": (0.0, 1.0)})
    with Index.open(IndexConfig(tmp_path / "library", str(model))) as index:
        index.add_reports([index.make_report("r", "R", TEXTS)])
        index.search("山")
    monkeypatch.chdir(tmp_path / "library")
    return tmp_path / "library", model


def use(library: Path, model: Path, page: Path | None = None) -> str:
    """Open, search, check, add a page in the process aside; return the sentence with which that ends early."""
    try:
        with Index.open(IndexConfig(library, str(model))) as index:
            index.search("山")
            index.check()
            if page:
                assert not index.add([page])[0].message
            index.rebuild()
            index.search("水")
    except WenjuError as error:
        return str(error)
    return ""


def plant(folder: Path, names: tuple[str, ...], form: str, mark: Path) -> int:
    """Plant a bomb under every name that fits its form; return how many."""
    chosen = [name for name in names if name.endswith(".py") == (form == "code")]
    for name in chosen:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(bombs(mark)[form])
    return len(chosen)


@pytest.mark.parametrize("form", FORMS)
def test_nothing_beside_a_library_s_files_is_run(built: tuple[Path, Path], form: str) -> None:
    library, model = built
    page = library.parent / "page.html"
    page.write_text("<h1>题目</h1><p>火光在山上。</p>", "utf-8")
    assert plant(library, LIBRARY_NAMES, form, library.parent / "mark") >= 7
    assert use(library, model, page) == ""
    assert not (library.parent / "mark").exists()


@pytest.mark.parametrize("form", FORMS)
def test_nothing_beside_a_model_s_files_is_run(built: tuple[Path, Path], form: str) -> None:
    library, model = built
    for number, name in enumerate(MODEL_NAMES):  # each alone, for one that is refused would hide the others
        other = shutil.copytree(model, model.with_name(f"other{number}"))
        if plant(other, (name,), form, library.parent / "mark"):
            said = use(library, other)
            # What can be part of a model makes it another one; what cannot be is left unread.
            assert not said or "was built with the embedder" in said or "model.safetensors" in said
            assert not (library.parent / "mark").exists(), name


@pytest.mark.parametrize("name", [name for name in MODEL_NAMES if name.endswith((".bin", ".pt", ".pkl"))])
def test_weights_in_a_form_that_carries_code_are_refused_where_there_are_no_others(
    built: tuple[Path, Path], name: str
) -> None:
    library, model = built
    (model / "model.safetensors").unlink()
    (model / name).parent.mkdir(exist_ok=True)
    (model / name).write_bytes(bombs(library.parent / "mark")["torch"])
    assert "has no model.safetensors" in use(library, model)
    assert not (library.parent / "mark").exists()


@pytest.mark.parametrize("form", FORMS)
def test_no_file_of_a_model_is_run_in_place_of_what_it_should_be(built: tuple[Path, Path], form: str) -> None:
    library, model = built
    for name in READ_OF_A_MODEL:
        other = shutil.copytree(model, model.with_name(f"other-{name}"))
        (other / name).write_bytes(bombs(library.parent / "mark")[form])
        assert use(library, other)
        assert not (library.parent / "mark").exists()


@pytest.mark.parametrize("form", FORMS)
def test_no_file_of_a_library_is_run_in_place_of_what_it_should_be(built: tuple[Path, Path], form: str) -> None:
    library, model = built
    names = sorted(path.relative_to(library) for path in library.rglob("*") if path.is_file())
    assert len(names) > 5
    for at, name in enumerate(names):
        other = shutil.copytree(library, library.parent / f"other{at}")
        (other / name).write_bytes(bombs(library.parent / "mark")[form])
        said = use(other, model)
        assert bool(said) == (name.name == "wenju.sqlite"), f"{name}: {said}"
        assert not (library.parent / "mark").exists()
