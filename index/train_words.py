"""Makes the words of the static embedder: vocabulary, tokenizer, shared parts, other ways to say them.

It does not know vectors, nor where the texts come from.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.train_pairs import Choices, Ids

if TYPE_CHECKING:
    from tokenizers import Tokenizer

UNKNOWN = "[UNK]"
HEADWORD_PRIOR = 3  # a dictionary headword counts as if seen this many times more
FEWEST = 2  # a word seen once is left to its characters
FEWEST_NEW = 20  # for a word that no dictionary has: the segmenter's guesses are often wrong
WHOLE = 0.1  # log-probability a longer number gains, so that it is cut into as few tokens as possible
NUMBER = -9.0  # log-probability of any number token: about that of a common word
LONGEST_CHOICE = 4  # tokens; longer ones explain a word rather than stand for it
_HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_LATIN_RUN = re.compile(r"[a-z]+")
_OTHER = re.compile(r"%|[^\W\d_a-z\u3400-\u4dbf\u4e00-\u9fff]")
# Runs are cut before words are looked up: Chinese, Latin and digits never share a token, and
# every other sign is dropped except the per cent sign.
_RUNS = r"[\x{3400}-\x{4dbf}\x{4e00}-\x{9fff}]+|[a-z]+|[0-9]+|[^\x{3400}-\x{4dbf}\x{4e00}-\x{9fff}a-z0-9]"
_SIGNS = r"[^\p{L}\p{N}%]+"
_AMOUNT = re.compile(r"[十百千万亿][多余来]")  # "万多户": the number before it is cut off elsewhere


@dataclass(frozen=True)
class Sizes:
    """How many entries of each kind the vocabulary may hold."""

    words: int = 30_000
    characters: int = 6_500
    latin: int = 10_000
    others: int = 200


@dataclass(frozen=True)
class Word:
    """A vocabulary entry and its log-probability; the row number is its place in the list."""

    text: str
    score: float


def choose_words(texts: Iterable[str], headwords: frozenset[str], sizes: Sizes) -> tuple[Word, ...]:
    """Return the unknown word and then the most frequent words, characters, Latin words and numbers."""
    han: Counter[str] = Counter()
    latin: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for text in texts:
        _count_han(text, han)
        latin.update(_LATIN_RUN.findall(text))
        others.update(_OTHER.findall(text))
    chosen = {UNKNOWN: 0.0}
    chosen.update(_most_frequent(_words_of(han, headwords), sizes.words))
    chosen.update(_most_frequent(_characters_of(han), sizes.characters))
    chosen.update(_most_frequent(_latin_of(latin), sizes.latin))
    chosen.update(_most_frequent(others, sizes.others))
    return tuple(Word(text, score) for text, score in {**chosen, **_numbers()}.items())


def build_tokenizer(words: Sequence[Word]) -> "Tokenizer":
    """Return a tokenizer that cuts each run into its most probable words (a unigram model).

    WordPiece would turn a whole run into the unknown word for one unknown character, and takes
    quadratic time on long runs. Here only the characters outside the vocabulary become the unknown word; signs and
    blanks become nothing.
    """
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    tokenizer = Tokenizer(models.Unigram([(word.text, word.score) for word in words], unk_id=0))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_SIGNS), "removed"),
            pre_tokenizers.Split(Regex(_RUNS), "isolated"),
        ]
    )
    return tokenizer


def share_parts(words: Sequence[Word]) -> tuple[tuple[int, ...], ...]:
    """Return, word by word, the numbers of its parts: Chinese characters, or Latin 4- and 5-letter pieces.

    Parts are numbered from 1; those that only one word has are left out.
    """
    parts = [_parts_of(word.text) for word in words]
    counts = Counter(part for of_word in parts for part in of_word)
    numbers = {part: number for number, part in enumerate((p for p in counts if counts[p] > 1), start=1)}
    return tuple(tuple(numbers[part] for part in of_word if part in numbers) for of_word in parts)


def encode(tokenizer: "Tokenizer", texts: Sequence[str]) -> list[Ids]:
    """Return the token numbers of each text."""
    encodings = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
    return [np.array(encoding.ids, dtype=np.int64) for encoding in encodings]


def choose_others(tokenizer: "Tokenizer", sayings: Sequence[tuple[str, str]]) -> Choices:
    """Return what each token may be put as, from (word, other way to say it); long ways are left out."""
    choices: defaultdict[int, list[tuple[int, ...]]] = defaultdict(list)
    words = encode(tokenizer, [word for word, _ in sayings])
    others = encode(tokenizer, [other for _, other in sayings])
    for word, other in zip(words, others, strict=True):
        if len(word) == 1 and word[0] and 0 < len(other) <= LONGEST_CHOICE and other.all():
            choices[int(word[0])].append(tuple(other.tolist()))
    return choices


def _count_han(text: str, counts: Counter[str]) -> None:
    import rjieba

    for run in _HAN_RUN.findall(text):
        counts.update(rjieba.cut(run))


def _words_of(han: Counter[str], headwords: frozenset[str]) -> Counter[str]:
    words = {word: count for word, count in han.items() if _is_word(word, count, word in headwords)}
    return Counter({word: count + HEADWORD_PRIOR * (word in headwords) for word, count in words.items()})


def _is_word(word: str, count: int, is_headword: bool) -> bool:
    import rjieba

    if not 2 <= len(word) <= 5 or count < FEWEST:
        return False
    known = rjieba.has_word(word) or count >= FEWEST_NEW
    return is_headword or (known and not _AMOUNT.match(word))


def _characters_of(han: Counter[str]) -> Counter[str]:
    """Count a character once for each word it stands in, so that rare ones are not lost."""
    characters: Counter[str] = Counter()
    for word, count in han.items():
        for character in word:
            characters[character] += count if len(word) == 1 else 1
    return characters


def _latin_of(latin: Counter[str]) -> Counter[str]:
    letters = Counter(dict.fromkeys("abcdefghijklmnopqrstuvwxyz", 1))
    return Counter({word: count for word, count in latin.items() if len(word) > 1 and count >= FEWEST}) + letters


def _most_frequent(counts: Counter[str], size: int) -> dict[str, float]:
    total = sum(counts.values())
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:size]
    return {text: round(math.log(count / total), 2) for text, count in ranked}


def _numbers() -> dict[str, float]:
    """One and two digits, and the years 1900 to 2049."""
    texts = [f"{n}" for n in range(10)] + [f"{n:02}" for n in range(100)] + [f"{n}" for n in range(1900, 2050)]
    return {text: NUMBER + WHOLE * len(text) for text in texts}


def _parts_of(text: str) -> list[str]:
    if _HAN_RUN.fullmatch(text):
        return list(text)
    if not _LATIN_RUN.fullmatch(text) or len(text) < 4:
        return []
    marked = f"<{text}>"
    return [marked[start : start + size] for size in (4, 5) for start in range(len(marked) - size + 1)]
