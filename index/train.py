"""Makes the bundled embedder: `python -m index.train PAIRS_DIR OUT_DIR` trains a table from pair files.

It does not know how the table is searched; the steps themselves are in its workers.
"""

import argparse
import hashlib
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.config import WRITTEN
from index.train_pairs import Drawer, Ids, Pair, Rewording, Source, encode_source, read_banned, read_sources
from index.train_sayings import read_written, said_otherwise
from index.train_vectors import Rows, Schedule, start_rows, train_rows
from index.train_words import Sizes, Word, build_tokenizer, choose_others, choose_words, encode, share_parts

if TYPE_CHECKING:
    from tokenizers import Tokenizer

GLOSSES = "cedict_en_zh"  # the file whose passages are headwords and whose questions gloss them
SYNONYMS = "cedict_synonyms"  # the file whose pairs are headwords that share a gloss
MIXED = (SYNONYMS, "thesaurus")  # their pairs make one text each, so that both sides share their company
ASKED_FAVOUR = 5.0  # questions as people ask them, and their answers, are few among so many pairs
REPORTED = 100  # steps between two lines of progress
_GLOSS_END = re.compile(r"[;,/()]")
_HAN = re.compile(r"[\u3400-\u9fff]")

CARD = """# Bilingual static embedder

A table of {words:,} rows x {dimensions} dimensions (int8, one float32 scale a row), read natively by
sentence-transformers 6.2. Fold text first: NFKC, lower case, Traditional to Simplified.

Trained with `python -m index.train PAIRS_DIR OUT_DIR --seed {seed} --steps {steps} --dimensions {dimensions}`
in {minutes:.1f} minutes, on these files, without the sentences of {banned} files (`--ban`):

| file | pairs used | SHA-256 |
|--|--|--|
{files}
"""


@dataclass(frozen=True)
class TrainConfig:
    """What to train: `batch` counts pairs; `banned` are files whose sentences must stay unseen.

    Of the `written` files (`index.train_sayings`) further pairs are made. `without` names sources to leave out, to see
    what each is worth; `whole` keeps rows of float32, to see what int8 costs.
    """

    steps: int = 2_600
    dimensions: int = 192
    batch: int = 1_024
    seed: int = 7
    sizes: Sizes = field(default_factory=Sizes)
    banned: tuple[Path, ...] = ()
    written: tuple[Path, ...] = WRITTEN
    without: tuple[str, ...] = ()
    whole: bool = False


def train(pairs: Path, out: Path, config: TrainConfig) -> None:
    """Train a table on the pair files in `pairs` and write a sentence-transformers folder to `out`.

    Raises ValueError when `pairs` holds no usable pair file, OSError when a file cannot be read or written.
    """
    began = time.monotonic()
    read = read_sources(pairs, read_banned(config.banned))
    sources = [source for source in (*read, *_said_otherwise(read, config)) if source.name not in config.without]
    _say(f"{sum(len(source.pairs) for source in sources):,} pairs of {len(sources)} sources")
    words = choose_words(_texts(sources), _headwords(sources), config.sizes)
    tokenizer = build_tokenizer(words)
    rows = _train(sources, words, tokenizer, config)
    _write_model(rows, tokenizer, out, config.whole)
    _write_card(out, pairs, sources, config, (len(words), (time.monotonic() - began) / 60))


def _train(sources: Sequence[Source], words: Sequence[Word], tokenizer: "Tokenizer", config: TrainConfig) -> Rows:
    sequences = _sequences(sources, tokenizer)
    _say(f"{len(words):,} words, {sum(map(len, sequences)):,} tokens in {len(sequences):,} texts")
    start = start_rows(sequences, len(words), config.dimensions, config.seed)
    _say("start vectors made")
    encoded = [encode_source(source, lambda texts: encode(tokenizer, texts)) for source in sources]
    rewording = Rewording(choose_others(tokenizer, _glosses(sources)), choose_others(tokenizer, _synonyms(sources)))
    drawer = Drawer(encoded, rewording, config.batch, config.seed)
    schedule = Schedule(config.steps, seed=config.seed)
    return train_rows(start, share_parts(words), drawer.draw, schedule, _Progress())


def _said_otherwise(sources: Sequence[Source], config: TrainConfig) -> tuple[Source, ...]:
    concepts, asked = read_written(config.written)
    return (Source("asked", asked, ASKED_FAVOUR), *said_otherwise(concepts, sources, config.seed))


def _texts(sources: Sequence[Source]) -> list[str]:
    both = (text for source in sources for pair in source.pairs for text in (pair.question, pair.passage))
    return list(dict.fromkeys(both))


def _pairs_of(name: str, sources: Sequence[Source]) -> list[Pair]:
    return [pair for source in sources if source.name == name for pair in source.pairs]


def _headwords(sources: Sequence[Source]) -> frozenset[str]:
    dictionary = _pairs_of(GLOSSES, sources) + _pairs_of(SYNONYMS, sources)
    return frozenset(text for pair in dictionary for text in (pair.question, pair.passage) if len(text) <= 5)


def _glosses(sources: Sequence[Source]) -> list[tuple[str, str]]:
    named = _pairs_of(GLOSSES, sources)
    return [(pair.passage, gloss) for pair in named for gloss in _GLOSS_END.split(pair.question)]


def _synonyms(sources: Sequence[Source]) -> list[tuple[str, str]]:
    both = [(pair.question, pair.passage) for pair in _pairs_of(SYNONYMS, sources)]
    return both + [(right, left) for left, right in both]


def _sequences(sources: Sequence[Source], tokenizer: "Tokenizer") -> list[Ids]:
    """Every text once; a pair in two languages, or of synonyms, as one text with its words mixed."""
    lone: dict[str, None] = {}
    mixed: list[Pair] = []
    for source in sources:
        for pair in source.pairs:
            if source.name in MIXED or _is_bilingual(pair):
                mixed.append(pair)
            else:
                lone.update({pair.question: None, pair.passage: None})
    left = encode(tokenizer, [pair.question for pair in mixed])
    right = encode(tokenizer, [pair.passage for pair in mixed])
    return encode(tokenizer, list(lone)) + [_mix(*both) for both in zip(left, right, strict=True)]


def _is_bilingual(pair: Pair) -> bool:
    return bool(_HAN.search(pair.question)) != bool(_HAN.search(pair.passage))


def _mix(left: Ids, right: Ids) -> Ids:
    """Merge two texts so that words at the same relative place come to stand side by side."""
    places = np.concatenate([(np.arange(len(side)) + 0.5) / max(len(side), 1) for side in (left, right)])
    mixed: Ids = np.concatenate([left, right])[np.argsort(places, kind="stable")]
    return mixed


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", flush=True)


class _Progress:
    """Says the mean loss every REPORTED steps."""

    def __init__(self) -> None:
        self._losses: list[float] = []

    def __call__(self, step: int, loss: float) -> None:
        self._losses.append(loss)
        if step % REPORTED == 0:
            _say(f"step {step}: loss {np.mean(self._losses[-REPORTED:]):.3f}")


def _write_model(rows: Rows, tokenizer: "Tokenizer", out: Path, whole: bool) -> None:
    """Write rows as int8 with one float32 scale each, or `whole`; the folder loads with SentenceTransformer(out)."""
    import torch
    from safetensors.torch import save_file
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, rows), Normalize()], device="cpu")
    model.save(str(out), create_model_card=False)
    (out / "tokenizer.json").write_text(tokenizer.to_str(pretty=False), encoding="utf-8")
    if whole:
        return
    scales = np.maximum(np.abs(rows).max(axis=1), 1e-12).astype(np.float32) / 127
    stored = np.rint(rows / scales[:, None]).astype(np.int8)
    save_file(
        {"embeddings": torch.from_numpy(stored), "weights": torch.from_numpy(scales)},
        out / "model.safetensors",
    )


def _write_card(
    out: Path, pairs: Path, sources: Sequence[Source], config: TrainConfig, made: tuple[int, float]
) -> None:
    """Write how the table was `made` (words, minutes); figures measured on it are added by hand."""
    words, minutes = made
    files = [
        f"| {file.name} | {len(source.pairs):,} | {_checksum(file)} |"
        for source in sources
        if (file := pairs / f"{source.name}.jsonl.gz").exists()
    ]
    files += [f"| {file.name} | written for it | {_checksum(file)} |" for file in config.written]
    card = CARD.format(
        words=words,
        dimensions=config.dimensions,
        seed=config.seed,
        steps=config.steps,
        minutes=minutes,
        banned=len(config.banned),
        files="\n".join(files),
    )
    (out / "README.md").write_text(card, encoding="utf-8")


def _checksum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def main(arguments: Sequence[str]) -> int:
    """Run the command line; return 2 when what was given is not usable."""
    parser = argparse.ArgumentParser(prog="python -m index.train", description="Train the bundled embedder.")
    parser.add_argument("pairs", type=Path, metavar="PAIRS_DIR", help='folder of *.jsonl.gz {"a", "b"} lines')
    parser.add_argument("out", type=Path, metavar="OUT_DIR", help="folder to write the model to")
    parser.add_argument("--seed", type=int, default=TrainConfig.seed)
    parser.add_argument("--steps", type=int, default=TrainConfig.steps)
    parser.add_argument("--dimensions", type=int, default=TrainConfig.dimensions)
    parser.add_argument("--ban", type=Path, nargs="+", default=[], metavar="FILE", help="texts that must stay unseen")
    parser.add_argument("--without", nargs="+", default=[], metavar="SOURCE", help="sources left out, such as asked")
    parser.add_argument("--float32", action="store_true", help="write rows of float32 instead of int8")
    given = parser.parse_args(arguments)
    config = TrainConfig(
        given.steps,
        given.dimensions,
        seed=given.seed,
        banned=tuple(given.ban),
        without=tuple(given.without),
        whole=given.float32,
    )
    try:
        train(given.pairs, given.out, config)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
