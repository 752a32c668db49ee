"""Says in a report's words what a question says in everyday ones, from a list of concepts.

Pure text. The list, `thesaurus.txt`, has one concept a line: everyday words, words as reports write
them, English, parted by " / "; alternatives by "|". It does not know what is done with the words.
"""

import re
from collections.abc import Iterator

from index.records import WenjuError

_WORD = re.compile(r"[a-z0-9]+")
# An everyday word of one character (看, 吃) stands in too many others to mean anything.
_SHORTEST = 2


class ThesaurusError(WenjuError):
    """A line of the list that is no concept."""


class Thesaurus:
    """Concepts by the words that name them in questions."""

    def __init__(self, lines: list[str]) -> None:
        """Read the concepts of folded lines; blank lines and those that begin with # are passed over.

        Raises:
            ThesaurusError: a line has not three parts; it is named.
        """
        self._official: dict[str, tuple[str, ...]] = {}
        for number, line in enumerate(lines, start=1):
            if line.strip() and not line.startswith("#"):
                self._add(number, line)
        self._longest = max((len(word) for word in self._official), default=0)

    def _add(self, number: int, line: str) -> None:
        parts = [[word.strip() for word in part.split("|") if word.strip()] for part in line.split(" / ")]
        if len(parts) != 3 or not all(parts):
            raise ThesaurusError(
                f"Line {number} of the thesaurus is {line.strip()[:40]!r}; "
                "write: everyday|words / official|words / English"
            )
        everyday, official, english = parts
        for word in (*everyday, *official, *(" ".join(_WORD.findall(phrase)) for phrase in english)):
            if len(word) >= _SHORTEST:
                others = tuple(other for other in official if other != word)
                self._official[word] = tuple(dict.fromkeys((*self._official.get(word, ()), *others)))

    def official(self, folded: str) -> tuple[str, ...]:
        """Return the reports' words for what a folded question names, those it holds itself left out."""
        found = [word for named in self._named(folded) for word in self._official[named]]
        return tuple(word for word in dict.fromkeys(found) if word not in folded)

    def _named(self, folded: str) -> Iterator[str]:
        """Yield the concepts' words that stand in a question, longest first at every place, without overlaps."""
        at = 0
        while at < len(folded):
            ends = range(min(len(folded), at + self._longest), at + _SHORTEST - 1, -1)
            end = next((end for end in ends if folded[at:end] in self._official and _whole(folded, at, end)), 0)
            if end:
                yield folded[at:end]
            at = end or at + 1


def _whole(text: str, start: int, end: int) -> bool:
    """Say whether a Latin word is not cut out of a longer one; a plural's s may follow."""
    before = start > 0 and text[start - 1].isascii() and text[start - 1].isalnum() and text[start].isascii()
    after = end < len(text) and text[end].isascii() and text[end].isalpha() and text[end - 1].isascii()
    plural = after and text[end] == "s" and not text[end + 1 : end + 2].isalpha()
    return not before and (not after or plural)
