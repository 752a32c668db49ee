"""Another embedder than the library was built with is refused: both are named, and the command that re-embeds."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index import Index, IndexConfig, WenjuError

TEXTS = ["山高水长。", "水流向东。火光在山上。"]


@pytest.fixture
def built(write_model: Callable[..., Path], tmp_path: Path) -> tuple[Path, Path]:
    """A library, and the model folder that it was built with."""
    model = write_model(tmp_path / "model", {"山": (1.0, 0.0), "水": (0.0, 1.0), "火": (0.6, 0.8)})
    with Index.open(IndexConfig(tmp_path / "library", str(model))) as index:
        index.add_reports([index.make_report("r", "R", TEXTS)])
    return tmp_path / "library", model


def other_weights(model: Path) -> None:
    from safetensors.numpy import load_file, save_file

    table = load_file(model / "model.safetensors")["embedding.weight"]
    table[1, 0] = np.nextafter(table[1, 0], np.float32(2))  # by the least that a number can differ
    save_file({"embedding.weight": table}, model / "model.safetensors")


def other_prompt(model: Path) -> None:
    prompts = {"prompts": {"query": "问:", "document": ""}, "default_prompt_name": None}
    (model / "config_sentence_transformers.json").write_text(json.dumps(prompts), "utf-8")


def other_normalisation(model: Path) -> None:
    modules = json.loads((model / "modules.json").read_text("utf-8"))
    (model / "modules.json").write_text(json.dumps(modules[:1]), "utf-8")


def other_tokenizer(model: Path) -> None:
    path = model / "tokenizer.json"
    path.write_text(path.read_text("utf-8").replace('"山"', '"川"'), "utf-8")


CHANGES: dict[str, Callable[[Path], None]] = {
    "other weights of the same dimension": other_weights,
    "another dimension": lambda model: None,  # asked for by :1 behind the name
    "another prompt": other_prompt,
    "another normalisation": other_normalisation,
    "another tokenizer": other_tokenizer,
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("use", ["search", "add"])
def test_it_is_refused_before_anything_is_searched_or_added(built: tuple[Path, Path], change: str, use: str) -> None:
    library, model = built
    other = shutil.copytree(model, model.with_name("other"))
    CHANGES[change](other)
    name = f"{other}:1" if change == "another dimension" else str(other)
    dimension = 1 if change == "another dimension" else 2
    with Index.open(IndexConfig(library, name)) as index:
        before = index.generation
        with pytest.raises(WenjuError) as caught:
            index.search("山") if use == "search" else index.add_reports([index.make_report("s", "S", TEXTS)])
        said = str(caught.value)
        assert f"was built with the embedder {model} (2 dimensions, weights " in said
        assert f"not with {name} ({dimension} dimensions, weights " in said
        assert f"embed it again: python -m index reembed --library {library} --embedder {name}" in said
        assert len(set(re.findall(r"weights (\w{8})", said))) == 2
        assert index.generation == before
        index.reembed()
        assert index.search("山", 1)[0].paragraph.text == TEXTS[0]


def test_the_same_model_in_another_folder_is_the_same(built: tuple[Path, Path]) -> None:
    library, model = built
    moved = shutil.copytree(model, model.with_name("moved"))
    with Index.open(IndexConfig(library, str(moved))) as index:
        assert index.search("山", 1)[0].paragraph.text == TEXTS[0]
