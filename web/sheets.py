"""Makes the sheets over the page: about the program, keyboard shortcuts, kept conversations.

Pure values in, HTML out; it does not know Gradio.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from html import escape
from importlib.metadata import PackageNotFoundError, metadata, version
from pathlib import Path
from platform import python_version
from urllib.parse import urlsplit

from index import Index, Report
from qa import QaConfig
from web.paper import body_count
from web.words import both, hidden

# What the window stands on, as far as it is installed.
PACKAGES = ("gradio", "faiss-cpu", "tantivy", "sentence-transformers", "torch", "numpy", "OpenCC", "openai")
# Characters; some packages put the whole text of their licence where its name belongs.
LONGEST_LICENCE = 40
_CROSS = (
    '<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M4.5 4.5l11 11m0-11l-11 11" '
    'stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/></svg>'
)
_SHORTCUTS = (
    ("Enter", "key_send"),
    ("Shift Enter", "key_line"),
    ("1…9", "key_marks"),
    ("/", "key_box"),
    ("h", "key_talks"),
    ("n", "key_new"),
    ("Esc", "key_escape"),
    ("?", "key_help"),
)


@dataclass(frozen=True, slots=True)
class Program:
    """What the sheet About tells of this installation; `host` is the language model's, empty without one."""

    versions: tuple[tuple[str, str, str], ...]
    reports: int
    paragraphs: int
    megabytes: str
    embedder: str
    host: str


def program(index: Index, config: QaConfig, reports: Sequence[Report]) -> Program:
    """Look up what there is to tell."""
    told = [(name, *of_package(name)) for name in PACKAGES]
    versions = (("Wenju", of_package("wenju")[0] or "–", "Apache-2.0"), ("Python", python_version(), "PSF-2.0"))
    return Program(
        versions=(*versions, *(one for one in told if one[1])),
        reports=len(reports),
        paragraphs=sum(body_count(report) for report in reports),
        megabytes=f"{size_of(index.config.library) / 1e6:.1f}",
        embedder=index.embedder,
        host=host_of(config.llm_url) if config.llm_url and config.llm_model else "",
    )


def host_of(url: str) -> str:
    """Return where a language model is asked, without a name and password that may stand before it."""
    return urlsplit(url).netloc.rpartition("@")[2] or "?"


def of_package(name: str) -> tuple[str, str]:
    """Return an installed package's version and licence, nothing where it is not installed."""
    try:
        told: Message = metadata(name)  # type: ignore[assignment]
    except PackageNotFoundError:
        return "", ""
    licence = told.get("License-Expression") or told.get("License") or ""
    if not licence or len(licence) > LONGEST_LICENCE:
        licences = [line for line in told.get_all("Classifier") or () if line.startswith("License ::")]
        licence = licences[0].rsplit(" :: ", 1)[-1] if licences else licence.split(" ", 1)[0] or "–"
    return version(name), licence


def size_of(folder: Path) -> int:
    """Return the bytes of a folder's files."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def about(told: Program) -> str:
    """Return the sheet about the program."""
    network = both("online", host=told.host) if told.host else both("offline")
    size = both("library_size", reports=told.reports, paragraphs=told.paragraphs, megabytes=told.megabytes)
    rows = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(number)}</td><td>{escape(licence)}</td></tr>"
        for name, number, licence in told.versions
    )
    facts = (("library", size), ("embedder", escape(told.embedder)), ("network", network))
    listed = "".join(f"<dt>{both(key)}</dt><dd>{value}</dd>" for key, value in facts)
    keys = f'<button type="button" class="chip" data-sheet-of="shortcuts">{both("shortcuts")}</button>'
    return _sheet(
        "about",
        "about_program",
        f"<dl>{listed}</dl><p>{both('own_licence')}</p>"
        f"<table><thead><tr><th>{both('versions')}</th><th></th><th>{both('licences')}</th></tr></thead>"
        f"<tbody>{rows}</tbody></table><p>{keys}</p>",
    )


def shortcuts() -> str:
    """Return the sheet of keyboard shortcuts."""
    rows = "".join(
        f"<tr><th>{' '.join(f'<kbd>{escape(key)}</kbd>' for key in keys.split(' '))}</th><td>{both(what)}</td></tr>"
        for keys, what in _SHORTCUTS
    )
    return _sheet("shortcuts", "shortcuts", f"<table><tbody>{rows}</tbody></table>")


def talks() -> str:
    """Return the sheet of kept conversations, which the page's script fills."""
    return _sheet(
        "talks",
        "talks",
        f'<div class="finder"><label>{hidden("find_talk")}<input type="search" id="find-talk"></label>'
        f'<button type="button" class="chip" data-new>{both("new_talk")}</button></div>'
        f'<ul id="talk-list"></ul><p class="hint">{both("kept_here")}</p>',
    )


def _sheet(id_: str, title: str, body: str) -> str:
    return (
        f'<dialog id="{id_}" class="sheet" aria-labelledby="{id_}-title"><div class="sheethead">'
        f'<h2 id="{id_}-title">{both(title)}</h2><button type="button" class="plain" data-shut>{_CROSS}{hidden("shut")}'
        f"</button></div>{body}</dialog>"
    )
