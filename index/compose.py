"""Makes a Report of a Document: its facts, its paragraphs under their headings, its sentences.

A conductor over the outline and the cutting of sentences.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.document import Document, ReadError
from index.outline import Block, BlockKind, Outline, outline
from index.records import Kind, Paragraph, Report
from index.split import sentences


def report_of(document: Document, report: str, source: str) -> Report:
    """Make the Report of a document: its facts, and its paragraphs under their headings.

    Raises:
        ReadError: the text holds headings only.
    """
    plan = outline(document.pieces, document.facts, document.name)
    paragraphs = list(_paragraphs(report, plan.blocks))
    if not paragraphs:
        raise ReadError(f"{document.name} holds no paragraph below its headings; add the full text.")
    about = _paragraph(report, 0, (), _facts(plan), Kind.ABOUT)
    facts = plan.facts
    stated = (facts.title, facts.date, facts.breadcrumb, facts.authors, facts.office)
    tags = (("body", facts.office), ("year", facts.date[:4]))
    own = tuple((key, value) for key, value in tags if value)
    return Report(report, *stated, source, document.digest, (about, *paragraphs), 1, own)


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
