"""Makes the training batches: reads pair files, drops what must stay unseen, rewords questions.

It does not know how texts become token numbers, nor what vectors are.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from index.fold import fold

SHORTEST_BANNED = 6  # characters; shorter sentences ("yes", a year) are too common to tell a source by
BOILERPLATE = 50  # a passage repeated more often than this within one file says nothing
LONGEST = 160  # tokens kept of one text: more is costly and says little new
GLOSSED = 0.12  # share of questions put into English word by word
SWAPPED = 0.33  # share of words with a synonym that are swapped for it
DROPPED = 0.30  # share of words dropped that the passage has too: this teaches rewording
NEIGHBOURS = 8  # pairs of one run: rows that stand together in a file speak of one matter, and are hard to tell apart
RUNS = 0.5  # share of batches made of such runs
_SENTENCE_END = re.compile(r"[。!?;\n]|\. ")
_LINK = re.compile(r"\[([^\]]*)\]\(http[^)]*\)")
_EDGE = " \t\r,:\"'“”‘’()"


Ids = NDArray[np.int64]
Choices = Mapping[int, Sequence[Sequence[int]]]


@dataclass(frozen=True)
class Pair:
    """A text like a question and a text like the passage that answers it, both folded."""

    question: str
    passage: str


@dataclass(frozen=True)
class Source:
    """The pairs of one file; a training batch is drawn from one source."""

    name: str
    pairs: tuple[Pair, ...]
    favour: float = 1.0  # how many times as often it is drawn as its size alone would have it


@dataclass(frozen=True)
class Rewording:
    """What a token may be put as: in English, and in other words of its language."""

    glosses: Choices
    synonyms: Choices


@dataclass(frozen=True)
class Batch:
    """Token numbers of questions and their passages; `same[i, j]` where two pairs share a text."""

    questions: Sequence[Ids]
    passages: Sequence[Ids]
    same: NDArray[np.bool_]


@dataclass(frozen=True)
class Encoded:
    """A source as token numbers; equal numbers in the groups mark equal texts."""

    questions: tuple[Ids, ...]
    passages: tuple[Ids, ...]
    question_groups: Ids
    passage_groups: Ids
    favour: float = 1.0


def read_sources(folder: Path, banned: frozenset[str]) -> tuple[Source, ...]:
    """Read every `*.jsonl.gz` of `folder`: a line holds {"a": question-like, "b": passage-like}.

    Raises ValueError when there is none, or when a file holds something else.
    """
    files = sorted(folder.glob("*.jsonl.gz"))
    if not files:
        raise ValueError(f"No *.jsonl.gz pair files in {folder}; give the folder that holds them.")
    return tuple(Source(file.name.removesuffix(".jsonl.gz"), _read_pairs(file, banned)) for file in files)


def read_banned(files: Sequence[Path]) -> frozenset[str]:
    """Return the folded sentences of `files` (JSON, JSON lines or plain text)."""
    return frozenset(sentence for file in files for text in _texts(file) for sentence in _sentences(fold(text)))


def encode_source(source: Source, encode: Callable[[Sequence[str]], Sequence[Ids]]) -> Encoded:
    """Return `source` as token numbers, without the pairs of which a side has no known token."""
    questions = encode([pair.question for pair in source.pairs])
    passages = encode([pair.passage for pair in source.pairs])
    both = enumerate(zip(questions, passages, strict=True))
    kept = [n for n, (question, passage) in both if question.any() and passage.any()]
    return Encoded(
        tuple(questions[n][:LONGEST] for n in kept),
        tuple(passages[n][:LONGEST] for n in kept),
        _groups([source.pairs[n].question for n in kept]),
        _groups([source.pairs[n].passage for n in kept]),
        source.favour,
    )


class Drawer:
    """Draws batches, each from one source; its share grows with the square root of its size, times its favour."""

    def __init__(self, sources: Sequence[Encoded], rewording: Rewording, size: int, seed: int) -> None:
        self._sources = [source for source in sources if source.questions]
        self._rewording = rewording
        self._size = size
        self._random = Random(seed)
        self._numbers = np.random.default_rng(seed)

    def draw(self) -> Batch:
        """Return the next batch: up to `size` pairs, each at most once, questions reworded."""
        shares = [source.favour * len(source.questions) ** 0.5 for source in self._sources]
        source = self._random.choices(self._sources, shares)[0]
        chosen = self._choose(len(source.questions))
        passages = [source.passages[n] for n in chosen]
        questions = [self._reword(source.questions[n], source.passages[n]) for n in chosen]
        return Batch(questions, passages, _shared(source, chosen))

    def _choose(self, count: int) -> Ids:
        """Choose pairs at random, or runs of neighbours, which are each other's hard negatives."""
        if count < NEIGHBOURS or self._random.random() >= RUNS:
            return self._numbers.choice(count, min(self._size, count), replace=False)
        whole = count // NEIGHBOURS
        starts = self._numbers.choice(whole, min(self._size // NEIGHBOURS, whole), replace=False) * NEIGHBOURS
        runs: Ids = (starts[:, None] + np.arange(NEIGHBOURS)).ravel()
        return runs

    def _reword(self, question: Ids, passage: Ids) -> Ids:
        glossed = self._random.random() < GLOSSED
        choose = self._gloss if glossed else self._vary
        shared = set() if glossed else set(passage.tolist())
        words = [piece for word in question.tolist() for piece in choose(word, shared)]
        return np.array(words, dtype=np.int64) if words else question

    def _gloss(self, word: int, _shared: set[int]) -> Sequence[int]:
        glosses = self._rewording.glosses.get(word)
        return self._random.choice(glosses) if glosses else (word,)

    def _vary(self, word: int, shared: set[int]) -> Sequence[int]:
        if word in shared and self._random.random() < DROPPED:
            return ()
        synonyms = self._rewording.synonyms.get(word)
        return self._random.choice(synonyms) if synonyms and self._random.random() < SWAPPED else (word,)


def _groups(texts: Sequence[str]) -> Ids:
    numbers = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    return np.array([numbers[text] for text in texts], dtype=np.int64)


def _shared(source: Encoded, chosen: Ids) -> NDArray[np.bool_]:
    left, right = source.question_groups[chosen], source.passage_groups[chosen]
    same: NDArray[np.bool_] = (left[:, None] == left) | (right[:, None] == right)
    np.fill_diagonal(same, False)
    return same


def _read_pairs(file: Path, banned: frozenset[str]) -> tuple[Pair, ...]:
    try:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        pairs = [Pair(_clean(row["a"]), _clean(row["b"])) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f'{file} is not a file of {{"a": ..., "b": ...}} lines: {error!r}') from error
    repeats = Counter(pair.passage for pair in pairs)
    kept = [pair for pair in dict.fromkeys(pairs) if repeats[pair.passage] <= BOILERPLATE]
    return tuple(pair for pair in kept if _is_usable(pair, banned))


def _clean(text: str) -> str:
    return fold(_LINK.sub(r"\1", text)).strip()


def _is_usable(pair: Pair, banned: frozenset[str]) -> bool:
    if not pair.question or not pair.passage or pair.question == pair.passage:
        return False
    return banned.isdisjoint(_sentences(pair.question)) and banned.isdisjoint(_sentences(pair.passage))


def _sentences(text: str) -> Iterator[str]:
    for piece in _SENTENCE_END.split(text):
        sentence = piece.strip(_EDGE + ".")
        if len(sentence) >= SHORTEST_BANNED:
            yield sentence


def _texts(file: Path) -> Iterator[str]:
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".json":
        yield from _strings(json.loads(text))
    elif file.suffix == ".jsonl":
        for line in text.splitlines():
            yield from _strings(json.loads(line))
    else:
        yield text


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
