"""Makes the HTML of a report in one of its versions, and of what a version changed.

It does not know how versions are kept.
"""

from collections.abc import Iterator
from difflib import SequenceMatcher
from html import escape

from index import Index, Paragraph
from web.limits import version_words
from web.paper import Edition, empty_paper, facts, paper, picker
from web.words import both, hidden, pair

# Two texts that share less are shown one after the other: their common letters would be chance.
ALIKE = 0.4

_Change = tuple[Paragraph | None, Paragraph | None]


def editions_of(index: Index, report: str) -> tuple[Edition, ...]:
    """Return a report's versions, the earliest first.

    Raises:
        WenjuError: there is no report of that id.
    """
    return tuple(Edition(one.number, one.added[:10], one.current) for one in index.versions(report))


def first_paper(index: Index) -> str:
    """Return what the pane shows at first: the first report of the library."""
    reports = index.reports()
    return paper(reports[0], editions_of(index, reports[0].id)) if reports else empty_paper()


def number_of(value: object) -> int:
    """Return the version that a page names; 0, which means the current one, where it names none."""
    text = str(value)
    return int(text) if text.isdecimal() else 0


def changes_paper(index: Index, report: str, version: int) -> str:
    """Return what a version changed, paragraph by paragraph, as the pane shows it.

    Raises:
        WenjuError: there is no such report or version.
    """
    editions = editions_of(index, report)
    after = version or editions[-1].number
    found = [(one.before, one.after) for one in index.diff(report, max(after - 1, 1), after)]
    held = index.report(report, after)
    rows = "".join(_rows(found))
    told = both("changed_paragraphs", count=len(found)) if found else both("nothing_changed")
    return (
        f'<div class="paper changes" data-report="{escape(report)}" data-version="changes {after}" lang="zh-CN">'
        f'<div class="crumb">{pair(*version_words(str(after)))}{both("against_earlier")}</div>'
        f"<h1>{escape(held.title)}</h1>"
        f'<div class="meta"><span>{facts(held)}</span>{picker(held, editions)}</div>'
        f'<p class="told">{told}</p>{rows}</div>'
    )


def _rows(found: list[_Change]) -> Iterator[str]:
    for before, after in found:
        here = after or before
        if here is None:
            continue
        kind = "changed" if before and after else "added_here" if after else "gone_here"
        text = _merged(before.text if before else "", after.text if after else "")
        label = f'<span aria-hidden="true">{here.number}</span>{hidden("number", number=here.number)}'
        yield (
            f'<div class="p {kind}"><span class="n">{label}</span>'
            f'<span class="t"><small class="tag">{both(kind)}</small> {text}</span></div>'
        )


def _merged(before: str, after: str) -> str:
    """Return one text with what went and what came marked in it."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if not before or not after or matcher.ratio() < ALIKE:
        return _gone(before) + _come(after)
    return "".join(
        escape(before[i:j]) if what == "equal" else _gone(before[i:j]) + _come(after[k:m])
        for what, i, j, k, m in matcher.get_opcodes()
    )


def _gone(text: str) -> str:
    return f"<del>{escape(text)}</del>" if text else ""


def _come(text: str) -> str:
    return f"<ins>{escape(text)}</ins>" if text else ""
