"""What finding a model promises: names with their suffixes, a fingerprint of all that counts, one sentence a fault."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from index.config import BUNDLED_MODEL
from index.embed import load_embedder
from index.models import EmbedderError, find_model

ROWS = {"山": (3.0, 0.0, 1.0), "水": (0.0, 1.0, 2.0)}


@pytest.fixture
def table(tmp_path: Path, write_model: Callable) -> Path:
    folder: Path = write_model(tmp_path / "table", ROWS)
    settings = {"prompts": {"query": ""}, "truncate_dim": None}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(settings), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "dimension"), [("", 0), ("bundled", 0), ("bundled:64", 64)], ids=["empty", "named", "cut"]
)
def test_the_bundled_model_has_a_name(name: str, dimension: int) -> None:
    found = find_model(name)
    assert (found.path, found.dimension, found.static) == (BUNDLED_MODEL, dimension, True)
    assert found.name == (name or "bundled")


def test_a_number_behind_a_colon_is_the_dimension(table: Path) -> None:
    assert (find_model(str(table)).dimension, find_model(f"{table}:2").dimension) == (0, 2)
    assert find_model(f"{table}:2").path == table


def test_a_folder_whose_own_name_ends_like_a_dimension_is_taken_whole(table: Path) -> None:
    other = table.rename(table.with_name("model:2"))
    assert (find_model(str(other)).path, find_model(str(other)).dimension) == (other, 0)
    assert find_model(f"{other}:1").dimension == 1


def test_no_dimension_is_refused(table: Path) -> None:
    with pytest.raises(EmbedderError, match=r"is .*:0; give a dimension from 1 up behind the colon"):
        find_model(f"{table}:0")


def in_hub(cache: Path, name: str, revision: str, model: Path) -> None:
    """Put a model where the hub's client keeps what it has fetched."""
    repository = cache / f"models--{name.replace('/', '--')}"
    shutil.copytree(model, repository / "snapshots" / "0123abc")
    reference = repository / "refs" / revision
    reference.parent.mkdir(parents=True)
    reference.write_text("0123abc", "utf-8")


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def test_a_hub_name_is_found_where_it_was_fetched_to(hub: Path, table: Path, no_network: list[object]) -> None:
    in_hub(hub, "someone/model", "main", table)
    found = find_model("someone/model:2")
    assert (found.path.name, found.dimension, found.name) == ("0123abc", 2, "someone/model:2")
    assert load_embedder("someone/model:2").dimension == 2
    assert no_network == []


def test_a_revision_of_a_hub_s_model_is_named_behind_an_at_sign(hub: Path, table: Path) -> None:
    in_hub(hub, "someone/model", "refs/pr/7", table)
    assert find_model("someone/model@refs/pr/7:2").dimension == 2
    with pytest.raises(EmbedderError, match="The embedder someone/model is not on this machine"):
        find_model("someone/model")
    with pytest.raises(EmbedderError, match="The embedder someone/model@v2 is not on this machine"):
        find_model("someone/model@v2")


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def weights(folder: Path) -> None:
    with (folder / "model.safetensors").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x01")


CHANGES: dict[str, Callable[[Path], None]] = {
    "weights": weights,
    "tokenizer": lambda folder: rewrite(folder / "tokenizer.json", "山", "河"),
    "prompts": lambda folder: rewrite(folder / "config_sentence_transformers.json", '"query": ""', '"query": "q"'),
    "normalisation": lambda folder: rewrite(folder / "modules.json", ".Normalize", ".LayerNorm"),
    "dimension": lambda folder: rewrite(folder / "config_sentence_transformers.json", "null", "2"),
    "vocabulary": lambda folder: (folder / "vocab.txt").write_text("山", "utf-8") and None,
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_fingerprint_covers_all_that_makes_a_vector(table: Path, change: str) -> None:
    before = find_model(str(table)).fingerprint
    CHANGES[change](table)
    assert find_model(str(table)).fingerprint != before


def test_the_fingerprint_covers_the_dimension_asked_for(table: Path) -> None:
    assert len({find_model(f"{table}{end}").fingerprint for end in ("", ":1", ":2")}) == 3


def test_the_fingerprint_is_that_of_the_content_wherever_it_lies(table: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(table, copy)
    (copy / "README.md").write_text("a card", "utf-8")
    for aside in ("onnx", ".cache"):
        (copy / aside).mkdir()
        (copy / aside / "config.json").write_text("{}", "utf-8")
    (copy / "onnx" / "model.bin").write_bytes(b"another form")
    assert find_model(str(copy)).fingerprint == find_model(str(table)).fingerprint


def test_the_bundled_model_keeps_its_fingerprint_under_every_name() -> None:
    assert find_model("").fingerprint == find_model("bundled").fingerprint == find_model(str(BUNDLED_MODEL)).fingerprint


# Bad folders: one sentence each, and never code from a file.


def refusal(folder: Path) -> str:
    with pytest.raises(EmbedderError) as caught:
        load_embedder(str(folder))
    told = str(caught.value)
    assert "\n" not in told
    assert told.endswith(".")
    return told


def test_a_folder_without_weights_is_refused(table: Path) -> None:
    (table / "model.safetensors").unlink()
    assert "has no model.safetensors; that is the one form of weights that is read" in refusal(table)


@pytest.mark.parametrize("file", ["pytorch_model.bin", "model.pt", "model.pkl", "model.onnx", "tf_model.h5"])
def test_weights_in_another_form_are_refused_unread(table: Path, file: str) -> None:
    (table / "model.safetensors").rename(table / file)
    told = refusal(table)
    assert f"has no model.safetensors, only {file}; " in told
    assert "cannot carry code" in told


def test_one_module_in_another_form_is_refused_unread(transformer_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "dense"
    shutil.copytree(transformer_folder, folder)
    (folder / "2_Dense").mkdir()
    (folder / "2_Dense" / "pytorch_model.bin").write_bytes(b"\x80\x04")
    assert "only 2_Dense/pytorch_model.bin" in refusal(folder)


def test_a_pickle_beside_good_weights_is_left_unread(table: Path) -> None:
    before = find_model(str(table)).fingerprint
    (table / "pytorch_model.bin").write_bytes(b"\x80\x04")
    assert load_embedder(str(table)).dimension == 3
    assert find_model(str(table)).fingerprint == before


@pytest.mark.parametrize("text", ["{", "[]]", '{"type": 3}', '[{"idx": 0}]', "[3]"])
def test_broken_modules_are_told_in_one_sentence(table: Path, text: str) -> None:
    (table / "modules.json").write_text(text, "utf-8")
    assert "has a broken modules.json; restore it from a copy" in refusal(table)


@pytest.mark.parametrize("kind", ["os.system", "modeling_own.OwnModel", "numpy.lib.npyio"])
def test_code_of_the_model_s_own_is_refused_unrun(table: Path, kind: str) -> None:
    rewrite(table / "modules.json", "sentence_transformers.models.StaticEmbedding", kind)
    assert f"wants {kind}, code that is no part of sentence-transformers and is not run" in refusal(table)


def test_an_architecture_that_is_code_of_the_model_s_own_is_refused_unrun(
    transformer_folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "own"
    shutil.copytree(transformer_folder, folder)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    config |= {"model_type": "own", "auto_map": {"AutoConfig": "own.OwnConfig", "AutoModel": "own.OwnModel"}}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    (folder / "own.py").write_text("print('I was run')", "utf-8")
    assert "contains custom code" in refusal(folder)
    assert "I was run" not in capfd.readouterr().out


def test_a_model_that_is_too_new_says_so(transformer_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    shutil.copytree(transformer_folder, folder)
    modules = json.loads((folder / "modules.json").read_text("utf-8"))
    modules[0]["type"] = "sentence_transformers.base.modules.later.Later"
    (folder / "modules.json").write_text(json.dumps(modules), "utf-8")
    told = refusal(folder)
    assert "cannot be loaded (No module named 'sentence_transformers.base.modules.later')" in told
    settings = json.loads((folder / "config_sentence_transformers.json").read_text("utf-8"))
    settings["__version__"] = {"sentence_transformers": "99.1.0", "transformers": "5.0.0"}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(settings), "utf-8")
    assert "; it was saved by sentence-transformers 99.1.0, here is " in refusal(folder)


def test_an_architecture_of_newer_transformers_says_so(transformer_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    shutil.copytree(transformer_folder, folder)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    config |= {"model_type": "laterbert", "transformers_version": "98.0.0"}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    settings = folder / "config_sentence_transformers.json"
    kept = {name: value for name, value in json.loads(settings.read_text("utf-8")).items() if name != "__version__"}
    settings.write_text(json.dumps(kept), "utf-8")
    told = refusal(folder)
    assert "laterbert" in told
    assert "saved by transformers 98.0.0" in told


def test_weights_of_another_architecture_are_refused(transformer_folder: Path, tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    folder = tmp_path / "foreign"
    shutil.copytree(transformer_folder, folder)
    foreign = {f"other{at}": array for at, array in enumerate(load_file(folder / "model.safetensors").values())}
    save_file(foreign, folder / "model.safetensors", {"format": "pt"})
    assert "its weights are those of another architecture than its config.json names" in refusal(folder)


@pytest.mark.parametrize("damage", [b"", b"junk", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n"])
def test_damaged_weights_of_a_transformer_are_told_in_one_sentence(
    transformer_folder: Path, tmp_path: Path, damage: bytes
) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(transformer_folder, folder)
    (folder / "model.safetensors").write_bytes(damage)
    assert "cannot be loaded (" in refusal(folder)
