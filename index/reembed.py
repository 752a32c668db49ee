"""Moves a library to another embedder: new vectors collect beside the old, and take their place when they are whole.

A conductor over the library, the paragraphs' vectors and the table where they wait.
"""

from collections.abc import Iterator, Sequence

from index import pending
from index.build import embed_paragraphs
from index.config import REEMBED_BATCH
from index.embed import Embedder
from index.library import Library
from index.records import EmbedderIdentity, Paragraph
from index.rows import ORDINAL_BITS, seal_every
from index.steps import Progress, silent


def reembed(library: Library, embedder: Embedder, progress: Progress) -> None:
    """Embed every paragraph of every version with `embedder`; what an earlier run has embedded is not embedded again.

    The old vectors serve until the last new one is made. Paragraphs that another program adds meanwhile are caught up.
    """
    identity = EmbedderIdentity(embedder.name, embedder.dimension, embedder.fingerprint)
    switched = False
    while not switched:
        with library.writing() as db:
            pending.prepare(db)
            pending.spread(db, identity.fingerprint, ORDINAL_BITS)
            rows = pending.missing(db, identity.fingerprint)
        _embed(library, embedder, rows, progress)
        progress("saving", 0, 1)
        with library.writing() as db:
            pending.spread(db, identity.fingerprint, ORDINAL_BITS)
            if switched := pending.switch(db, identity):
                seal_every(db)
    progress("saving", 1, 1)


def _embed(library: Library, embedder: Embedder, rows: Sequence[int], progress: Progress) -> None:
    total = library.counts(every=True)[0]
    done = total - len(rows)
    for batch in _batches(library, rows):
        progress("embedding", done, total)
        matrices = embed_paragraphs(embedder, [paragraph for _, paragraph in batch], silent)
        vectors = [
            (row << ORDINAL_BITS | ordinal, row, vector.tobytes())
            for row, paragraph in batch
            for ordinal, vector in enumerate(matrices[paragraph.text])
        ]
        with library.writing() as db:
            pending.keep(db, embedder.fingerprint, vectors)
        done += len(batch)
    progress("embedding", total, total)


def _batches(library: Library, rows: Sequence[int]) -> Iterator[list[tuple[int, Paragraph]]]:
    """Yield paragraphs, so many at once as make a batch of texts; those that are gone are passed over."""
    batch: list[tuple[int, Paragraph]] = []
    texts = 0
    for at in range(0, len(rows), REEMBED_BATCH):
        for row, (paragraph, _, _) in library.paragraphs(rows[at : at + REEMBED_BATCH]).items():
            batch.append((row, paragraph))
            texts += max(1, len(paragraph.sentences))  # the whole, and a window from every sentence but the last
            if texts >= REEMBED_BATCH:
                yield batch
                batch, texts = [], 0
    if batch:
        yield batch
