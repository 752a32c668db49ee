"""Carries a made report into every format that can be read: text, Markdown, HTML, DOCX, and PDF by other programs.

It knows how each format writes a heading or a table, and nothing of how they are read.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from io import BytesIO
from pathlib import Path

from index import WenjuError

_OFFICES = ("soffice", "libreoffice")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
_PRINTING_SECONDS = 120
_STYLE = (
    "@page{size:A4;margin:22mm 20mm}body{font:12pt/1.5 'Noto Serif CJK SC','Songti SC',SimSun,serif}"
    "table{border-collapse:collapse}td,th{border:1px solid;padding:2pt 12pt;text-align:left;font-weight:normal}"
    "h1{font-size:20pt}h2{font-size:16pt}h3{font-size:14pt}"
)


class PartKind(StrEnum):
    """What a part of a made report is."""

    HEADING = "heading"
    TEXT = "text"
    ITEM = "item"
    CAPTION = "caption"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of depth `level`, 2 the outermost below the title; a paragraph; or a table's `rows` below its head."""

    kind: PartKind
    text: str
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """A report before it is carried into a format; `front` are lines below the title, such as a date."""

    name: str
    title: str
    front: tuple[str, ...]
    parts: tuple[Part, ...]


def to_text(made: Made) -> bytes:
    """Return the report as plain text; a table, which plain text has none of, as nothing."""
    shown = [part.text for part in made.parts if part.kind is not PartKind.TABLE]
    return "\n\n".join([made.title, *made.front, *shown]).encode() + b"\n"


def to_markdown(made: Made) -> bytes:
    """Return the report as Markdown."""
    return "\n\n".join([f"# {made.title}", *made.front, *_markdown(made)]).encode() + b"\n"


def _markdown(made: Made) -> Iterator[str]:
    for part in made.parts:
        if part.kind is PartKind.TABLE:
            lines = ["| " + " | ".join(row) + " |" for row in part.rows]
            yield "\n".join([lines[0], "|" + " --- |" * len(part.rows[0]), *lines[1:]])
        else:
            before = {PartKind.HEADING: "#" * part.level + " ", PartKind.ITEM: "- "}.get(part.kind, "")
            yield before + part.text


def to_html(made: Made) -> bytes:
    """Return the report as a page, with a menu and a footer that do not belong to it."""
    menu = "<nav><a href='/'>首页</a> <a href='/news'>新闻</a> <a href='/open'>公开</a></nav>"
    front = "".join(f"<p>{escape(line)}</p>\n" for line in made.front)
    body = f"{menu}\n<h1>{escape(made.title)}</h1>\n{front}{_html(made)}<footer>版权所有 联系我们</footer>"
    return _page(made, body).encode()


def _page(made: Made, body: str) -> str:
    head = f"<meta charset='utf-8'><title>{escape(made.title)}</title><style>{_STYLE}</style>"
    return f"<!doctype html>\n<html lang='zh-CN'><head>{head}</head><body>{body}</body></html>\n"


def _html(made: Made) -> str:
    parts = []
    for part in made.parts:
        if part.kind is PartKind.TABLE:
            head, *rows = part.rows
            parts.append(f"<table><thead>{_row(head, 'th')}</thead>{''.join(_row(row, 'td') for row in rows)}</table>")
        else:
            tag = {PartKind.HEADING: f"h{part.level}", PartKind.CAPTION: "figcaption"}.get(part.kind, "p")
            text = f"<{tag}>{escape(part.text)}</{tag}>"
            wrapped = {
                PartKind.ITEM: f"<ul><li>{escape(part.text)}</li></ul>",
                PartKind.CAPTION: f"<figure>{text}</figure>",
            }
            parts.append(wrapped.get(part.kind, text))
    return "\n".join(parts)


def _row(cells: tuple[str, ...], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def to_docx(made: Made) -> bytes:
    """Return the report as a Word document with styled headings."""
    from docx import Document

    document = Document()
    document.add_heading(made.title, 0)
    for line in made.front:
        document.add_paragraph(line)
    for part in made.parts:
        if part.kind is PartKind.HEADING:
            document.add_heading(part.text, part.level - 1)
        elif part.kind is PartKind.TABLE:
            table = document.add_table(len(part.rows), len(part.rows[0]))
            for cells, row in zip(part.rows, table.rows, strict=True):
                for text, cell in zip(cells, row.cells, strict=True):
                    cell.text = text
        else:
            style = {PartKind.ITEM: "List Bullet", PartKind.CAPTION: "Caption"}.get(part.kind, "Normal")
            document.add_paragraph(part.text, style)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def browser() -> str:
    """Return the browser that prints PDFs, nothing where none is installed."""
    return next((found for name in _BROWSERS if (found := shutil.which(name))), "")


def to_pdf(made: Made, folder: Path) -> bytes:
    """Return the report as the browser prints it; `folder` is for the files that this takes.

    Raises:
        WenjuError: there is no browser, or it prints nothing.
    """
    if not browser():
        raise WenjuError("No Chromium was found to print PDFs; install it, or leave PDF out.")
    front = "".join(f"<p>{escape(line)}</p>" for line in made.front)
    page = folder / f"{re.sub('[^a-z0-9]+', '-', made.name)}.html"
    page.write_text(_page(made, f"<h1>{escape(made.title)}</h1>{front}{_html(made)}"), "utf-8")
    printed = page.with_suffix(".pdf")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={printed}"]
    profile = f"--user-data-dir={folder / 'profile'}"
    return _printed([browser(), *options, profile, page.as_uri()], printed)


def office() -> str:
    """Return the word processor that makes PDFs of Word documents, nothing where none is installed."""
    return next((found for name in _OFFICES if (found := shutil.which(name))), "")


def to_pdf_by_office(made: Made, folder: Path) -> bytes:
    """Return the report as a word processor exports its Word document; `folder` is for the files that this takes.

    Raises:
        WenjuError: there is no word processor, or it makes nothing.
    """
    if not office():
        raise WenjuError("No LibreOffice was found to make PDFs; install it, or leave its PDFs out.")
    document = folder / f"office-{re.sub('[^a-z0-9]+', '-', made.name)}.docx"
    document.write_bytes(to_docx(made))
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    command = [office(), "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder), str(document)]
    return _printed(command, document.with_suffix(".pdf"))


def _printed(command: list[str], printed: Path) -> bytes:
    try:
        subprocess.run(command, capture_output=True, timeout=_PRINTING_SECONDS, check=True)
        return printed.read_bytes()
    except (OSError, subprocess.SubprocessError) as error:
        raise WenjuError(f"{command[0]} made no PDF ({type(error).__name__}); leave it out.") from error
