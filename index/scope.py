"""Makes a Scope of what a reader writes: report ids, tags as key=value, a version. Pure text."""

from collections.abc import Sequence

from index.records import ALL_VERSIONS, Scope, Tags, WenjuError


class ScopeError(WenjuError):
    """A part of a library that is not named as it must be."""


def scope_of(reports: Sequence[str] = (), tags: Sequence[str] = (), version: str = "") -> Scope:
    """Return the scope that is named.

    Raises:
        ScopeError: a tag is not written as key=value, or the version is neither a number nor "all".
    """
    if version and version != ALL_VERSIONS and not (version.isdecimal() and int(version)):
        raise ScopeError(f"{version!r} is no version; give its number, or all.")
    return Scope(tuple(reports), tags_of(tags), version)


def tags_of(given: Sequence[str]) -> Tags:
    """Return the tags that are written as key=value, sorted.

    Raises:
        ScopeError: one is not written so.
    """
    found = []
    for one in given:
        key, _, value = (part.strip() for part in one.partition("="))
        if not key or not value:
            raise ScopeError(f"{one!r} is no tag; write it as key=value, such as year=2022.")
        found.append((key, value))
    return tuple(sorted(found))
