"""Files in, library out: reads, splits, embeds and saves reports, and makes the derived files.

A conductor: every step is another file's work.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate
from pathlib import Path

import numpy as np

from index import derived
from index.archive import Found, find_files
from index.config import EMBED_BATCH, REPORT_ENDINGS, WINDOW_SENTENCES
from index.document import Document
from index.embed import Embedder, Floats
from index.fold import fold
from index.keywords import Keywords, terms
from index.library import ORDINAL_BITS, Library, LibraryError
from index.outline import Block, BlockKind, Outline, outline
from index.read import read_document
from index.records import EmbedderIdentity, Kind, Paragraph, Report, WenjuError
from index.split import sentences, windows
from index.vectors import Vectors

# Called with the step's name, how much is done, and how much there is in all.
Progress = Callable[[str, int, int], None]


def silent(step: str, done: int, total: int) -> None:
    """Report no progress."""


class Outcome(StrEnum):
    """What became of a file that was added."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file; `message` says why it failed, and is empty otherwise."""

    path: str
    report: str
    outcome: Outcome
    message: str
    paragraphs: int


def add_files(library: Library, embedder: Embedder, paths: Sequence[Path], progress: Progress) -> tuple[Added, ...]:
    """Read, embed and save every report file under `paths`; a file that fails leaves the others alone."""
    files = list(find_files(list(paths)))
    if not files:
        endings = ", ".join(REPORT_ENDINGS)
        raise LibraryError(f"No report ({endings} or a ZIP of them) was found there; name a file or another folder.")
    outcomes = []
    for done, found in enumerate(files):
        progress("reading", done, len(files))
        try:
            outcomes.append(_add_file(library, embedder, found, progress))
        except WenjuError as error:
            outcomes.append(Added(found.shown, "", Outcome.FAILED, str(error), 0))
    progress("reading", len(files), len(files))
    return tuple(outcomes)


def _add_file(library: Library, embedder: Embedder, found: Found, progress: Progress) -> Added:
    document = read_document(found)
    source = found.source
    known = library.digests()
    for report_id, (digest, _, count) in known.items():
        if digest == document.digest:
            return Added(found.shown, report_id, Outcome.UNCHANGED, "", count)
    earlier = next((report_id for report_id, (_, where, _) in known.items() if where == source), "")
    report = report_of(document, earlier or _free_id(document.name, set(known)), source)
    add_reports(library, embedder, [report], progress)
    outcome = Outcome.REPLACED if earlier else Outcome.ADDED
    return Added(found.shown, report.id, outcome, document.remark, len(report.paragraphs))


def _free_id(stem: str, taken: set[str]) -> str:
    plain = re.sub(r"[^\w.-]+", "-", stem).strip("-.")[:80] or "report"
    names = (plain if n == 1 else f"{plain}-{n}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def report_of(document: Document, report: str, source: str) -> Report:
    """Make the Report of a document: its facts, and its paragraphs under their headings.

    Raises:
        LibraryError: the text holds headings only.
    """
    plan = outline(document.pieces, document.facts, document.name)
    paragraphs = list(_paragraphs(report, plan.blocks))
    if not paragraphs:
        raise LibraryError(f"{document.name} holds no paragraph below its headings; add the full text.")
    about = _paragraph(report, 0, (), _facts(plan), Kind.ABOUT)
    facts = plan.facts
    stated = (facts.title, facts.date, facts.breadcrumb, facts.authors, facts.office)
    return Report(report, *stated, source, document.digest, (about, *paragraphs))


def make_report(report: str, title: str, texts: Sequence[str]) -> Report:
    """Make a Report of bare paragraphs that carry no facts or headings of their own."""
    paragraphs = (_paragraph(report, number, (), text, Kind.BODY) for number, text in enumerate(texts, start=1))
    return Report(report, title, "", (), (), "", "", "", tuple(paragraphs))


def _paragraph(report: str, number: int, section: tuple[str, ...], text: str, kind: Kind) -> Paragraph:
    return Paragraph(report, number, section, text, sentences(text), kind)


def _paragraphs(report: str, blocks: Sequence[Block]) -> Iterator[Paragraph]:
    path: list[Block] = []
    number = 0
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            path = [outer for outer in path if outer.level < block.level] + [block]
            continue
        number += 1
        kind = Kind.CAPTION if block.kind is BlockKind.CAPTION else Kind.BODY
        made = _paragraph(report, number, tuple(heading.text for heading in path), block.text, kind)
        yield replace(made, page=block.page, box=block.box)


def _facts(plan: Outline) -> str:
    """Say what the report states about itself, in its own words behind plain labels."""
    headings = [block for block in plan.blocks if block.kind is BlockKind.HEADING]
    top = min((heading.level for heading in headings), default=0)
    chapters = [heading.text for heading in headings if heading.level == top]
    facts = plan.facts
    author = "、".join(facts.authors) + (f"({facts.office})" if facts.office and facts.authors else "")
    labelled = (
        ("标题(题目、名称)", facts.title),
        ("发布日期(公布、发表时间)", facts.date),
        ("作者(撰写、执笔、署名)", author or facts.office),
        ("栏目", " > ".join(facts.breadcrumb)),
        (f"目录(共{len(chapters)}章)", " / ".join(chapters) if len(chapters) > 1 else ""),
    )
    return "".join(f"{label}:{fact}。" for label, fact in labelled if fact)


def add_reports(library: Library, embedder: Embedder, reports: Sequence[Report], progress: Progress) -> None:
    """Embed reports and save them in one transaction, in place of those of the same id."""
    identity = EmbedderIdentity(embedder.name, embedder.dimension, embedder.fingerprint)
    paragraphs = [paragraph for report in reports for paragraph in report.paragraphs]
    matrices = iter(embed_paragraphs(embedder, paragraphs, progress))
    saved = [(report, [next(matrices) for _ in report.paragraphs]) for report in reports]
    progress("saving", 0, 1)
    library.replace(saved, identity)
    progress("saving", 1, 1)


def embed_paragraphs(embedder: Embedder, paragraphs: Sequence[Paragraph], progress: Progress) -> list[Floats]:
    """Return a matrix for each paragraph: a row for the whole, then one for every window."""
    passages = [_passages(paragraph) for paragraph in paragraphs]
    matrix = _embedded(embedder, [text for texts in passages for text in texts], progress)
    ends = list(accumulate(len(texts) for texts in passages))
    return [matrix[end - len(texts) : end] for end, texts in zip(ends, passages, strict=True)]


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


def stamp_of(library: Library) -> str:
    """Name the state that derived files are made from: this library at this generation."""
    return f"{library.identity}:{library.generation}"


def open_vectors(library: Library, dimension: int) -> Vectors:
    """Open the FAISS file, or make it again from the library's own vectors."""
    path = derived.find(library.folder, "vectors", stamp_of(library))
    return Vectors.load(path) if path else publish_vectors(library, dimension)


def publish_vectors(library: Library, dimension: int) -> Vectors:
    """Make the FAISS file from the library's own vectors; nothing is embedded."""
    # The stamp comes first: a change by another program meanwhile leaves the file behind, never ahead.
    stamp = stamp_of(library)
    vectors = Vectors(*library.vectors(dimension))
    derived.publish(library.folder, "vectors", stamp, vectors.save)
    return vectors


def open_keywords(library: Library) -> Keywords:
    """Open the keyword index, or make it again from the library's paragraphs."""
    path = derived.find(library.folder, "keywords", stamp_of(library))
    return Keywords(path or publish_keywords(library))


def publish_keywords(library: Library) -> Path:
    """Make the keyword index from the library's paragraphs."""
    stamp = stamp_of(library)
    rows = [(row, terms(fold(paragraph.text))) for row, paragraph in library.each_paragraph()]
    return derived.publish(library.folder, "keywords", stamp, lambda folder: Keywords.write(folder, rows))
