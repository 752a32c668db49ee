"""Tells what changed between two versions of a report, paragraph by paragraph. Pure text."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from index.records import Kind, Paragraph

# Two paragraphs with at least this share of text in common are one that was changed, not one gone and one new.
_ALIKE = 0.4


class ChangeKind(StrEnum):
    """What became of a paragraph."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One paragraph that differs; None where a version has none."""

    kind: ChangeKind
    before: Paragraph | None
    after: Paragraph | None


def changes(before: Sequence[Paragraph], after: Sequence[Paragraph]) -> tuple[Change, ...]:
    """Return the paragraphs that differ, in reading order; those that only moved in number do not."""
    old = [one for one in before if one.kind is not Kind.ABOUT]
    new = [one for one in after if one.kind is not Kind.ABOUT]
    found: list[Change] = []
    matcher = SequenceMatcher(None, [one.text for one in old], [one.text for one in new], autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            found += _paired(old[i:j], new[k:m])
    return tuple(found)


def _paired(old: list[Paragraph], new: list[Paragraph]) -> list[Change]:
    """Pair each new paragraph with the first old one that it is like; the rest were added or removed."""
    found: list[Change] = []
    for paragraph in new:
        at = next((at for at, one in enumerate(old) if _alike(one.text, paragraph.text)), None)
        if at is None:
            found.append(Change(ChangeKind.ADDED, None, paragraph))
            continue
        found += [Change(ChangeKind.REMOVED, one, None) for one in old[:at]]
        found.append(Change(ChangeKind.CHANGED, old[at], paragraph))
        old = old[at + 1 :]
    return found + [Change(ChangeKind.REMOVED, one, None) for one in old]


def _alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE
