"""Makes the HTML of a whole report: its head, its table of contents, headings and numbered paragraphs.

Pure text in, escaped HTML out; marks are lit by the page's script, from offsets.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from index import Paragraph, Report
from web.words import both, hidden

# Sections nest deeper than HTML has headings below the title.
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a report: its number, the day it was added, and whether it is the current one."""

    number: int
    added: str
    current: bool


def paper(report: Report, editions: Sequence[Edition] = ()) -> str:
    """Return the report as the right pane shows it, with the choice of its versions; each paragraph has its number."""
    current = not editions or report.version == editions[-1].number
    at = f'data-report="{escape(report.id)}" data-version="{report.version}"{" data-current" if current else ""}'
    old = "" if current else f'<p class="told">{both("old_version")}</p>'
    body = "".join(_rows(report))
    return f'<div class="paper" {at} lang="zh-CN">{_head(report, editions)}{old}{body}</div>'


def picker(report: Report, editions: Sequence[Edition]) -> str:
    """Return the choice among a report's versions, newest first, and what the newer ones changed."""
    if len(editions) < 2:
        return ""
    items = "".join(_edition(report.id, one, report.version) for one in reversed(editions))
    name = both("version_number", number=report.version)
    return f'<details class="toc editions"><summary>{name}</summary><ol>{items}</ol></details>'


def _edition(report: str, one: Edition, shown: int) -> str:
    place = f'href="#cite" data-edition="{escape(report)}" data-version="{one.number}"'
    here = ' aria-current="true"' if one.number == shown else ""
    now = f" · {both('current_version')}" if one.current else ""
    day = f" · {escape(one.added)}" if one.added else ""
    row = f"<li><a {place}{here}>{both('version_number', number=one.number)}{day}{now}</a></li>"
    if one.number == 1:
        return row
    return f'{row}<li class="l3"><a {place} data-changes="1">{both("what_changed")}</a></li>'


def empty_paper() -> str:
    """Return what the pane shows while the library has no report."""
    return f'<div class="paper blank"><h1>{both("no_reports")}</h1><p>{both("no_reports_way")}</p></div>'


def body_count(report: Report) -> int:
    """Return how many paragraphs of running text the report has."""
    return sum(paragraph.kind == "body" for paragraph in report.paragraphs)


def facts(report: Report) -> str:
    """Return when and by whom the report was issued, as escaped text."""
    return " · ".join(escape(fact) for fact in (report.date, report.office) if fact)


def chapters(report: Report) -> list[tuple[str, int]]:
    """Return the outermost headings with the number of the paragraph that each opens before."""
    return [(heading, number) for headings, number in _numbered(report) for level, heading in headings if level == 2]


def _head(report: Report, editions: Sequence[Edition]) -> str:
    crumb = escape(" › ".join(report.breadcrumb))
    return (
        f'<div class="crumb">{crumb}</div><h1>{escape(report.title)}</h1>'
        f'<div class="meta"><span>{facts(report)}</span>{_contents(report)}{picker(report, editions)}</div>'
    )


def _contents(report: Report) -> str:
    items = "".join(
        f'<li class="l{level}"><a href="#cite" data-goto="{number}">{escape(heading)}</a></li>'
        for headings, number in _numbered(report)
        for level, heading in headings
    )
    if not items:
        return ""
    return f'<details class="toc"><summary>{both("contents")}</summary><ol>{items}</ol></details>'


def _numbered(report: Report) -> Iterator[tuple[list[tuple[int, str]], int]]:
    """Yield the headings that open before a paragraph, as (level from 2, text), with its number."""
    path: tuple[str, ...] = ()
    for paragraph in report.paragraphs:
        if paragraph.kind == "about":
            continue
        fresh = _fresh(path, paragraph.section)
        path = paragraph.section
        if fresh:
            yield fresh, paragraph.number


def _fresh(before: tuple[str, ...], section: tuple[str, ...]) -> list[tuple[int, str]]:
    """Return the headings of `section` that are not open yet, outermost first."""
    same = 0
    while same < min(len(before), len(section)) and before[same] == section[same]:
        same += 1
    return [(min(level + 2, _DEEPEST), section[level]) for level in range(same, len(section))]


def _rows(report: Report) -> Iterator[str]:
    headings = {number: fresh for fresh, number in _numbered(report)}
    page = 0
    for paragraph in report.paragraphs:
        if paragraph.page > page:
            page = paragraph.page
            name = both("page", page=page)
            yield f'<button type="button" class="leafmark" data-show-page="{page}">{name}</button>'
        if paragraph.kind != "about":
            for level, heading in headings.get(paragraph.number, ()):
                yield f'<h{level} data-before="{paragraph.number}">{escape(heading)}</h{level}>'
        yield _row(paragraph)


def _row(paragraph: Paragraph) -> str:
    if paragraph.kind == "body":
        label = f'{hidden("number", number=paragraph.number)}<span aria-hidden="true">{paragraph.number}</span>'
    else:
        label = both("about_report" if paragraph.kind == "about" else "caption")
    page = f' data-page="{paragraph.page}"' if paragraph.page else ""
    return (
        f'<div class="p {paragraph.kind}" data-number="{paragraph.number}"{page}><span class="n">{label}</span>'
        f'<span class="t">{escape(paragraph.text)}</span></div>'
    )
