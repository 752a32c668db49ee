"""What part of the library a question is put to, as a reader chooses it in the window: a report, a tag or a version.

It is written as the query of an address is (`report=huangpu-2022&version=1`), so that a link, the choice below the
conversation and what the browser keeps all hold it in one form. It does not know how a question is answered.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qsl, urlencode

from index import Index, Report, Scope
from web.terms import TAGS
from web.words import WORDS, hidden, pair

ALL = "all"
YEAR = "year"
# Characters of a title that a choice has room for.
LONGEST_TITLE = 24
# Characters of a query that are read.
LONGEST_QUERY = 2000

Choice = tuple[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Limit:
    """What a question is limited to; an empty field limits nothing. `title` is that of the report, to be shown."""

    report: str = ""
    title: str = ""
    tag: str = ""
    version: str = ""

    @property
    def scope(self) -> Scope:
        """The same for the index.

        Raises:
            WenjuError: the tag or the version is not written as it must be.
        """
        return Index.scope([self.report] if self.report else [], [self.tag] if self.tag else [], self.version)

    @property
    def query(self) -> str:
        """The same as the query of an address."""
        told = {"report": self.report, "tag": self.tag, "version": self.version}
        return urlencode({name: value for name, value in told.items() if value})

    @property
    def named(self) -> tuple[str, str]:
        """The same in words, Chinese and English; empty where nothing is limited."""
        parts = [*self._parts()]
        return "、".join(zh for zh, _ in parts), ", ".join(en for _, en in parts)

    def _parts(self) -> Iterator[tuple[str, str]]:
        if self.report:
            title = self.title or self.report
            yield f"《{title}》", f"“{title}”"
        if self.tag:
            yield tag_words(*self.tag.partition("=")[::2])
        if self.version:
            yield version_words(self.version)


EVERYTHING = Limit()


def limit_of(query: object) -> Limit:
    """Read what a page sent, a `year` as that tag; what cannot be read limits nothing."""
    told = dict(parse_qsl(query[:LONGEST_QUERY])) if isinstance(query, str) else {}
    year = told.get(YEAR, "")
    tag = told.get("tag", "") or (f"{YEAR}={year}" if year else "")
    return Limit(report=told.get("report", ""), tag=tag, version=told.get("version", ""))


def limit_from(values: Mapping[str, object]) -> Limit:
    """Read what a browser kept of a limit."""
    return Limit(*(str(values.get(name, "")) for name in ("report", "title", "tag", "version")))


def version_numbers(index: Index, reports: Sequence[Report]) -> dict[str, list[int]]:
    """Return the numbers of the versions of every report that has more than one."""
    return {one.id: [held.number for held in index.versions(one.id)] for one in reports if one.version > 1}


def limits(reports: Sequence[Report], versions: Mapping[str, Sequence[int]]) -> str:
    """Return the choice of what to ask: everything, one report, a year, a tag, an earlier version or all of them.

    `versions` are the numbers of each report's versions.
    """
    groups = (
        ("reports", [(Limit(one.id, one.title).query, _short(one.title)) for one in reports]),
        ("years", [_tag(key, value) for key, value in _tags(reports) if key == YEAR]),
        ("tags", [_tag(key, value) for key, value in _tags(reports) if key != YEAR]),
        ("versions_of", [*_earlier(reports, versions)]),
    )
    listed = "".join(_group(key, options) for key, options in groups if options)
    everything = _option(("", WORDS["all_reports"]))
    # With nothing to choose between, the choice would say nothing.
    single = len(reports) < 2 and all(len(numbers) < 2 for numbers in versions.values())
    return (
        f'<label class="choice limit{" single" if single else ""}">{hidden("limit")}'
        f'<select id="limit">{everything}{listed}</select></label>'
    )


def tag_words(key: str, value: str) -> tuple[str, str]:
    """Return how a tag is said."""
    if key == YEAR:
        return f"{value} 年", f"year {value}"
    zh, en = TAGS.get(key, (key, key))
    return f"{zh}：{value}", f"{en}: {value}"


def version_words(version: str) -> tuple[str, str]:
    """Return how a version is said."""
    if version == ALL:
        return WORDS["every_version"]
    zh, en = WORDS["version_number"]
    return zh.format(number=version), en.format(number=version)


def _short(title: str) -> tuple[str, str]:
    short = title if len(title) <= LONGEST_TITLE else f"{title[:LONGEST_TITLE]}…"
    return short, short


def _tags(reports: Sequence[Report]) -> list[tuple[str, str]]:
    return sorted({tag for one in reports for tag in one.tags})


def _tag(key: str, value: str) -> Choice:
    return Limit(tag=f"{key}={value}").query, tag_words(key, value)


def _earlier(reports: Sequence[Report], versions: Mapping[str, Sequence[int]]) -> Iterator[Choice]:
    several = [one for one in reports if len(versions.get(one.id, ())) > 1]
    if several:
        yield Limit(version=ALL).query, version_words(ALL)
    for one in several:
        for number in sorted(versions[one.id], reverse=True):
            limit = Limit(one.id, _short(one.title)[0], version=str(number))
            yield limit.query, limit.named


def _group(key: str, options: Sequence[Choice]) -> str:
    zh, en = WORDS[key]
    items = "".join(_option(one) for one in options)
    return f'<optgroup label="{escape(zh)}" data-zh="{escape(zh)}" data-en="{escape(en)}">{items}</optgroup>'


def _option(choice: Choice) -> str:
    value, (zh, en) = choice
    told = f'data-zh="{escape(zh)}" data-en="{escape(en)}"'
    return f'<option value="{escape(value)}" {told}>{escape(zh)}</option>'


def limited(limit: Limit) -> str:
    """Return the words of a limit as HTML; empty where nothing is limited."""
    return pair(*limit.named) if limit.query else ""
