"""Makes training pairs of what was written for it: concepts' words among themselves, sentences with one said the other
way, and questions with the sentences that answer them.

It does not know vectors, nor how the thesaurus is searched with.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random

from index.fold import fold
from index.train_pairs import Pair, Source

SENTENCES = 60_000  # pairs of swapped sentences kept; there are more than a batch ever draws
LONGEST_SENTENCE = 120  # characters; a longer question says much that no swap changes
SWAPPED_SHARE = 0.8  # share of a sentence's named concepts that are said another way
_LATIN = re.compile(r"[a-z]")
_SHORTEST = 2  # characters; one stands in too many other words


@dataclass(frozen=True)
class Concept:
    """What one line of the thesaurus says: the same in everyday words, as reports write it, in English."""

    everyday: tuple[str, ...]
    official: tuple[str, ...]
    english: tuple[str, ...]


def read_written(files: Sequence[Path]) -> tuple[tuple[Concept, ...], tuple[Pair, ...]]:
    """Read the concepts of .txt files and the questions with their sentences of .jsonl files.

    A line of the latter is {"b": a sentence, "a": [a question that it answers, ...]}. Raises ValueError for another.
    """
    concepts: list[Concept] = []
    asked: list[Pair] = []
    for file in files:
        lines = file.read_text("utf-8").splitlines()
        if file.suffix == ".jsonl":
            asked += [pair for line in lines if line.strip() for pair in _asked(line)]
        else:
            concepts += read_concepts(fold("\n".join(lines)).splitlines())
    return tuple(concepts), tuple(dict.fromkeys(asked))


def _asked(line: str) -> list[Pair]:
    try:
        row = json.loads(line)
        return [Pair(fold(question).strip(), fold(row["b"]).strip()) for question in row["a"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f'{line[:40]!r} is no line of {{"b": sentence, "a": [questions]}}: {error!r}') from error


def read_concepts(lines: Sequence[str]) -> tuple[Concept, ...]:
    """Read the folded lines "everyday|words / official|words / English|phrases"; # begins a heading.

    Raises ValueError for a line that has not three parts.
    """
    written = [line for line in lines if line.strip() and not line.startswith("#")]
    parts = [[_words(part) for part in line.split(" / ")] for line in written]
    if wrong := [line for line, of_line in zip(written, parts, strict=True) if len(of_line) != 3]:
        raise ValueError(f"The thesaurus line {wrong[0]!r} has not three parts; write: everyday / official / English")
    return tuple(Concept(*of_line) for of_line in parts)


def _words(part: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in part.split("|") if word.strip())


def said_otherwise(concepts: Sequence[Concept], sources: Sequence[Source], seed: int) -> tuple[Source, ...]:
    """Return two sources: the concepts' words as pairs, and the questions of `sources` with such words swapped."""
    words = Source("thesaurus", tuple(dict.fromkeys(pair for one in concepts for pair in _word_pairs(one))))
    swap = _Swap(concepts, Random(seed))
    swapped = [Pair(other, pair.passage) for source in sources for pair in source.pairs if (other := swap(pair))]
    kept = Random(seed).sample(swapped, min(SENTENCES, len(swapped)))
    return words, Source("thesaurus_sentences", tuple(dict.fromkeys(kept)))


def _word_pairs(concept: Concept) -> Iterator[Pair]:
    for official in concept.official:
        yield from (Pair(word, official) for word in (*concept.everyday, *concept.english) if word != official)
    yield from (Pair(english, everyday) for english in concept.english for everyday in concept.everyday)


class _Swap:
    """Says a sentence's concepts in other words of the same line."""

    def __init__(self, concepts: Sequence[Concept], random: Random) -> None:
        self._others = _others(concepts)
        self._longest = max(map(len, self._others), default=0)
        self._random = random

    def __call__(self, pair: Pair) -> str:
        """Return the question reworded, or nothing where no concept is named."""
        if len(pair.question) > LONGEST_SENTENCE or _LATIN.search(pair.question):
            return ""
        said = "".join(self._pieces(pair.question))
        return "" if said == pair.question else said

    def _pieces(self, text: str) -> Iterator[str]:
        """Yield the text again, the longest word that names a concept at each place said otherwise."""
        ends = _word_ends(text)
        at = 0
        while at < len(text):
            sizes = range(min(self._longest, len(text) - at), _SHORTEST - 1, -1) if at in ends else ()
            named = (size for size in sizes if at + size in ends and text[at : at + size] in self._others)
            size = next(named, 0)
            yield self._other(text[at : at + size]) if size else text[at]
            at += size or 1

    def _other(self, word: str) -> str:
        if self._random.random() > SWAPPED_SHARE:
            return word
        chosen = self._random.choice(self._others[word])
        return f" {chosen} " if _LATIN.search(chosen) else chosen


def _word_ends(text: str) -> frozenset[int]:
    """Return where words end, so that 民政 is not found in 人民政府."""
    import rjieba

    return frozenset(accumulate(map(len, rjieba.cut(text)), initial=0))


def _others(concepts: Sequence[Concept]) -> Mapping[str, tuple[str, ...]]:
    """Return the other words of each Chinese word's lines; English ones stand among them once a line."""
    others: dict[str, tuple[str, ...]] = {}
    for one in concepts:
        for word in (*one.everyday, *one.official):
            if len(word) >= _SHORTEST and not _LATIN.search(word):
                same_side = one.official if word in one.everyday else one.everyday
                said = tuple(w for w in (*same_side, *one.english[:1]) if w != word)
                others[word] = tuple(dict.fromkeys((*others.get(word, ()), *said)))
    return {word: said for word, said in others.items() if said}
