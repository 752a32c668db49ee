"""Files in, library out: reads, splits, embeds and saves reports.

A conductor: every step is another file's work.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

import numpy as np

from index.archive import Found, bytes_of, find_files
from index.aside import Aside
from index.compose import report_of
from index.config import EMBED_BATCH, REPORT_ENDINGS, WINDOW_SENTENCES
from index.document import Document, ReadError
from index.embed import Embedder, Floats
from index.fold import fold
from index.library import Library
from index.read import read_document
from index.records import EmbedderIdentity, Paragraph, Report, Tags, WenjuError
from index.rows import ORDINAL_BITS
from index.split import windows
from index.steps import Added, FileStep, Following, Outcome, Progress
from index.store import LibraryError


def read(path: Path) -> Report:
    """Read one file as a Report, without a library.

    Raises:
        ReadError: it cannot be read as a report.
    """
    found = Found(path)
    document = read_document(found)
    return report_of(document, document.name, found.source)


@dataclass(frozen=True, slots=True)
class Adding:
    """How files are added: the `encoding` of texts, empty where it is to be found out, and tags to give."""

    encoding: str = ""
    tags: Tags = ()


_PLAINLY = Adding()
_NO_FILES: Mapping[str, bytes] = {}


def add_files(
    library: Library, embedder: Embedder, paths: Sequence[Path], following: Following, adding: Adding = _PLAINLY
) -> tuple[Added, ...]:
    """Read, embed and save every report file under `paths`; a file that fails leaves the others alone."""
    files = list(find_files(list(paths)))
    if not files:
        endings = ", ".join(REPORT_ENDINGS)
        raise LibraryError(f"No report ({endings} or a ZIP of them) was found there; name a file or another folder.")
    outcomes = []
    with Aside() as aside:
        for at, found in enumerate(files, start=1):
            now = FileStep(found.shown, at, len(files), "reading")

            def progress(step: str, done: int, total: int, now: FileStep = now) -> None:
                following(replace(now, step=step, done=done, total=total))

            following(now)
            try:
                document = aside.read(found, adding.encoding, progress)
                added = _add_document(library, embedder, (found, document), (adding, progress))
            except WenjuError as error:
                added = Added(found.shown, "", Outcome.FAILED, str(error), 0)
            outcomes.append(added)
            following(replace(now, step="done", done=1, added=added))
    return tuple(outcomes)


def _add_document(
    library: Library, embedder: Embedder, read: tuple[Found, Document], how: tuple[Adding, Progress]
) -> Added:
    (found, document), (adding, progress) = read, how
    progress("splitting", 0, 1)
    known = library.digests()
    for report_id, (digest, source, count) in known.items():
        if digest == document.digest:
            moved = found.source if not Path(source.split("!")[0]).exists() else source
            _note(library, report_id, (document.digest, moved), adding.tags)
            _keep_original(library, report_id, read)
            return Added(found.shown, report_id, Outcome.UNCHANGED, document.remark, count)
    earlier = next((report_id for report_id, (_, where, _) in known.items() if where == found.source), "")
    report = report_of(document, earlier or _free_id(document.name, set(known)), found.source)
    report = replace(report, tags=_merged(library.tags().get(report.id, ()), report.tags, adding.tags))
    outcome = Outcome.REPLACED if earlier else Outcome.ADDED
    if earlier and library.report(earlier).paragraphs == report.paragraphs:
        library.note(report.id, report.digest, report.source, report.tags)
        _keep_original(library, report.id, read)
        outcome = Outcome.UNCHANGED
    else:
        add_reports(library, embedder, [report], progress, {report.id: _original(found, document)})
    return Added(found.shown, report.id, outcome, document.remark, len(report.paragraphs))


def _original(found: Found, document: Document) -> bytes:
    """Return the bytes of a file with pages, which can be shown beside its text; nothing of any other.

    Raises:
        ReadError: they are not those that were read.
    """
    if not any(piece.page for piece in document.pieces):
        return b""
    data = bytes_of(found)
    if hashlib.sha256(data).hexdigest() != document.digest:
        raise ReadError(f"{found.name} changed while it was read; add it again.")
    return data


def _keep_original(library: Library, report: str, read: tuple[Found, Document]) -> None:
    """Keep the original of a report that has none yet, as one has that an earlier Wenju read."""
    if library.original(report) is None and (data := _original(*read)):
        library.keep_original(report, data)


def _note(library: Library, report: str, where: tuple[str, str], given: Tags) -> None:
    """Keep what adding an unchanged report again tells: where it lies now, and tags that are new."""
    tags = library.tags().get(report, ())
    merged = _merged(tags, (), given)
    if merged != tags or library.digests()[report][1] != where[1]:
        library.note(report, *where, merged)


def _merged(held: Tags, stated: Tags, given: Tags) -> Tags:
    """Return all tags; what a reader gave goes before what the report states, and that before what was held."""
    return tuple(sorted({**dict(held), **dict(stated), **dict(given)}.items()))


def _free_id(stem: str, taken: set[str]) -> str:
    plain = re.sub(r"[^\w.-]+", "-", stem).strip("-.")[:80] or "report"
    names = (plain if n == 1 else f"{plain}-{n}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def add_reports(
    library: Library,
    embedder: Embedder,
    reports: Sequence[Report],
    progress: Progress,
    originals: Mapping[str, bytes] = _NO_FILES,
) -> None:
    """Embed reports and save them in one transaction; one whose id is known becomes its next version.

    `originals` are the files to be kept, by report.
    What a paragraph of the version before says too is not embedded again.
    """
    made = library.embedder()
    same = made is not None and made.fingerprint == embedder.fingerprint and made.dimension == embedder.dimension
    held = [library.known_vectors(report.id, embedder.dimension) if same else {} for report in reports]
    new = [
        paragraph
        for report, known in zip(reports, held, strict=True)
        for paragraph in report.paragraphs
        if paragraph.text not in known
    ]
    matrices = embed_paragraphs(embedder, new, progress)
    saved = [
        (report, [known[one.text] if one.text in known else matrices[one.text] for one in report.paragraphs])
        for report, known in zip(reports, held, strict=True)
    ]
    progress("saving", 0, 1)
    library.replace(saved, EmbedderIdentity(embedder.name, embedder.dimension, embedder.fingerprint), originals)
    progress("saving", 1, 1)


def embed_paragraphs(embedder: Embedder, paragraphs: Iterable[Paragraph], progress: Progress) -> dict[str, Floats]:
    """Return a matrix for each text of paragraphs: a row for the whole, then one for every window."""
    texts = {paragraph.text: _passages(paragraph) for paragraph in paragraphs}
    matrix = _embedded(embedder, [passage for passages in texts.values() for passage in passages], progress)
    ends = accumulate(len(passages) for passages in texts.values())
    return {text: matrix[end - len(passages) : end] for (text, passages), end in zip(texts.items(), ends, strict=True)}


def _passages(paragraph: Paragraph) -> list[str]:
    """Return what is embedded of a paragraph: the whole, then every window of sentences."""
    found = windows(paragraph.sentences, WINDOW_SENTENCES)
    # More windows than a vector's id can count are left out; the whole stands for them, and for a single one.
    kept = found[: (1 << ORDINAL_BITS) - 1] if len(found) > 1 else ()
    return [paragraph.text, *(paragraph.text[window.start : window.end] for window in kept)]


def _embedded(embedder: Embedder, passages: Sequence[str], progress: Progress) -> Floats:
    # A table is trained on folded text; a transformer has a tokenizer that wants the text as it is.
    ready = [fold(text) for text in passages] if embedder.table is not None else list(passages)
    parts = [np.empty((0, embedder.dimension), np.float32)]
    for at in range(0, len(ready), EMBED_BATCH):
        progress("embedding", at, len(ready))
        parts.append(embedder.documents(ready[at : at + EMBED_BATCH]))
    progress("embedding", len(ready), len(ready))
    return np.concatenate(parts)
