"""Finds rows by BM25 over characters, character pairs, Latin words and numbers. The only door to tantivy.

BM25 as in Robertson and Zaragoza (2009), with tantivy's k1 = 1.2 and b = 0.75. Texts come folded.
"""

import math
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from index.records import WenjuError

# Runs of Chinese (and kana), Latin words, numbers with their decimals. Single characters and pairs
# of them beat dictionary words by four to five points of recall@1 on Chinese reading sets.
_RUN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+|[^\W\d_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+|\d+(?:[.,]\d+)*"
)
_CHINESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_K1 = 1.2  # tantivy's own
_HEAP = 30_000_000  # bytes the writer may hold before it flushes; 3 MB is the least tantivy takes


# A row's number, its terms, and the name of the part it belongs to.
Row = tuple[int, Sequence[str], str]


class KeywordsError(WenjuError):
    """A keyword index that cannot be opened or written."""


def terms(folded: str) -> tuple[str, ...]:
    """Cut a folded text into the terms that are indexed, in order and with repeats."""
    found: list[str] = []
    for run in _RUN.findall(folded):
        if _CHINESE.match(run):
            found.extend(run)
            found.extend(run[at : at + 2] for at in range(len(run) - 1))
        else:
            found.append(run)
    return tuple(found)


def part_name(report: str, version: int) -> str:
    """Name a report's version as one part of an index."""
    return f"{version}:{report}"


class Keywords:
    """An open keyword index."""

    def __init__(self, folder: Path) -> None:
        """Open the index that `write` made in `folder`.

        Raises:
            KeywordsError: it is gone or damaged.
        """
        import tantivy

        try:
            self._index = tantivy.Index.open(str(folder))
            self._searcher = self._index.searcher()
        except (OSError, ValueError) as error:
            raise KeywordsError(f"The keyword index {folder} is damaged; run: python -m index rebuild") from error

    @staticmethod
    def write(folder: Path, rows: Iterable[Row]) -> None:
        """Make an index of `rows`.

        Raises:
            KeywordsError: it could not be written, such as to a full disk.
        """
        import tantivy

        folder.mkdir()
        try:
            _fill(tantivy.Index(_schema(), path=str(folder)), rows)
        except (OSError, ValueError) as error:
            raise KeywordsError(f"The keyword index {folder} cannot be written ({error}); free some space.") from error

    @classmethod
    def held(cls, rows: Iterable[Row]) -> "Keywords":
        """Return an index of `rows` that is in memory alone."""
        import tantivy

        keywords = cls.__new__(cls)
        keywords._index = tantivy.Index(_schema())
        _fill(keywords._index, rows)
        keywords._index.reload()
        keywords._searcher = keywords._index.searcher()
        return keywords

    @property
    def count(self) -> int:
        """How many rows there are."""
        return int(self._searcher.num_docs)

    def search(self, words: Sequence[str], count: int, parts: Sequence[str] = ()) -> list[tuple[int, float]]:
        """Return the `count` best rows for `words` as (row, BM25), best first; each holds a word at least.

        `parts` names those that are searched, all where it is empty; BM25 counts words over all of them.
        """
        import tantivy

        schema = self._index.schema
        asked = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "terms", word, "freq")) for word in words]
        query = tantivy.Query.boolean_query(asked)
        if parts:
            among = tantivy.Query.const_score_query(tantivy.Query.term_set_query(schema, "part", list(parts)), 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, among)])
        hits = self._searcher.search(query, count, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return [(int(row), float(score)) for row, (score, _) in zip(rows, hits, strict=True)]

    def highest(self, words: Sequence[str]) -> float:
        """Return the BM25 that no row can exceed for `words`: each distinct one held over and over."""
        # In the order of the words: that of a set differs from process to process, and with it the last digit of a sum.
        return (_K1 + 1) * sum(self.rarity(word) for word in dict.fromkeys(words)) or 1.0

    def rarity(self, word: str) -> float:
        """Return the word's inverse document frequency as BM25 has it, largest for a word in no row."""
        holding = self._searcher.doc_freq("terms", word)
        return math.log(1 + (self.count - holding + 0.5) / (holding + 0.5))


def _fill(index: "tantivy.Index", rows: Iterable[Row]) -> None:  # type: ignore[name-defined]  # noqa: F821
    import tantivy

    # One thread gives one segment order, so that equal scores fall the same way each time.
    writer = index.writer(_HEAP, 1)
    for row, words, part in rows:
        document = tantivy.Document()
        document.add_text("part", part)
        document.add_unsigned("row", row)
        document.add_text("terms", " ".join(words))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def _schema() -> "tantivy.Schema":  # type: ignore[name-defined]  # noqa: F821
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", stored=False, indexed=False, fast=True)
    builder.add_text_field("part", stored=False, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("terms", stored=False, tokenizer_name="whitespace", index_option="freq")
    return builder.build()
