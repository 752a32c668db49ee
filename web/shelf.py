"""Makes the HTML of the list of reports: what each is, its tags and the form that changes them, and its removal.

Pure records in, escaped HTML out; it does not know how a report is added or tagged.
"""

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

from index import Index, Report
from web.limits import tag_words
from web.paper import body_count
from web.words import both, hidden, pair

# What separates tags where a reader writes several.
_BETWEEN = re.compile("[,;\n\uff0c\uff1b\u3001]+")
_COLUMNS = ("title", "date", "paragraphs", "version", "size_of_file", "tags")

# Pairs of key and value, as the index holds them.
Tags = tuple[tuple[str, str], ...]


def tags_from(text: str) -> Tags:
    """Read tags as a reader writes them: `year=2022, place=黄浦`; a later value of a key takes the earlier one's place.

    Raises:
        WenjuError: one is not written as key=value.
    """
    parts = [part.strip().replace("\uff1d", "=") for part in _BETWEEN.split(text) if part.strip()]
    return tuple(sorted(dict(Index.scope(tags=parts).tags).items()))


def table(reports: Sequence[Report]) -> str:
    """Return the list of reports, each with its tags and the button that takes it out."""
    if not reports:
        return f'<p class="none">{both("no_reports")}</p>'
    heads = "".join(f'<th scope="col">{both(key)}</th>' for key in _COLUMNS)
    rows = "".join(_row(report) for report in reports)
    return (
        f'<table class="shelf"><thead><tr>{heads}<th scope="col">{hidden("remove")}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _row(report: Report) -> str:
    date = escape(report.date) or both("unnamed")
    source = escape(Path(report.source).name)
    title = f'<a href="#ask" data-open="{escape(report.id)}" lang="zh-CN">{escape(report.title)}</a>'
    named = f'{title}<small class="file">{source}</small>'
    remove = (
        f'<button type="button" class="chip remove" data-remove="{escape(report.id)}">'
        f'<span class="first">{both("remove")}</span><span class="second">{both("remove_sure")}</span></button>'
    )
    count = f'{body_count(report)}<span class="unit"> {both("unit")}</span>'
    cells = (named, date, count, _version(report), size_of(report), _tags(report), remove)
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _version(report: Report) -> str:
    number = f'<span class="unit">{both("version_number", number=report.version)}</span>'
    plain = f'<span class="bare">{report.version}</span>{number}'
    if report.version == 1:
        return plain
    place = f'data-open="{escape(report.id)}" data-version="{report.version}" data-changes="1"'
    return f'{plain} <a href="#ask" class="diff" {place}>{both("what_changed")}</a>'


def size_of(report: Report) -> str:
    """Return the size of the report's file; of its text, where the file is gone or inside another."""
    file = Path(report.source)
    if report.source and file.is_file():
        count = file.stat().st_size
    else:
        count = sum(len(paragraph.text.encode()) for paragraph in report.paragraphs)
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(count / 1e3, 0.1):.1f} KB"


def _tags(report: Report) -> str:
    chips = "".join(f'<span class="tag">{pair(*tag_words(key, value))}</span>' for key, value in report.tags)
    written = escape(", ".join(f"{key}={value}" for key, value in report.tags))
    press = f'<button type="button" class="chip" data-tagging>{both("edit_tags" if chips else "add_tags")}</button>'
    return (
        f'<div class="tags">{chips}{press}</div>'
        f'<form class="tagging" data-report="{escape(report.id)}" hidden>'
        f'<label>{hidden("tags_of", title=report.title)}<input value="{written}" maxlength="400"></label>'
        f'<button type="submit" class="chip">{both("save_tags")}</button>'
        f'<button type="button" class="chip" data-untag>{both("cancel_edit")}</button></form>'
    )
