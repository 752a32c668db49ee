"""Cuts a paragraph into Sentences with offsets, and a sentence into clauses. Pure text."""

import re
from collections.abc import Iterator, Sequence

from index.records import Sentence

# Full-width marks stand as escapes, which cannot be mistaken for their ASCII look-alikes.
_ENDS = "。!?;\uff01\uff1f\uff1b"
_OPENS_CLOSES = "“”‘’「」『』《》〈〉【】()[]\uff08\uff09" + '""'
_CLOSES = dict(zip(_OPENS_CLOSES[::2], _OPENS_CLOSES[1::2], strict=True))
# A full stop ends an English sentence only before a blank and a capital (2.5, 4.0 版 and e.g. stay whole), and
# not behind an initial of a name or a title.
_ENGLISH_STOP = re.compile(r"(?<!\be\.g)(?<!\b[A-Z])(?<!\b(?:Mr|Dr|St|No))(?<!\bMrs)\.(?=\s+[A-Z\"“(])")
_LONGEST_ENCLOSURE = 300  # characters; an opening mark whose partner is further off is taken for a stray


def sentences(text: str) -> tuple[Sentence, ...]:
    """Cut `text` at 。!?; (ASCII too), never inside quotation marks, brackets or numbers.

    Offsets leave out blanks at both ends of a sentence; no sentence is empty.
    """
    cuts = [*_ends(text), len(text)]
    starts = [0, *cuts]
    found = (_trimmed(text, start, end) for start, end in zip(starts, cuts, strict=False))
    return tuple(sentence for sentence in found if sentence.end > sentence.start)


def windows(cut: Sequence[Sentence], size: int) -> tuple[Sentence, ...]:
    """Return every run of `size` sentences; a paragraph of no more sentences is one window."""
    if len(cut) <= size:
        return (Sentence(cut[0].start, cut[-1].end),) if cut else ()
    return tuple(Sentence(cut[at].start, cut[at + size - 1].end) for at in range(len(cut) - size + 1))


def _trimmed(text: str, start: int, end: int) -> Sentence:
    piece = text[start:end]
    return Sentence(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))


def _ends(text: str) -> Iterator[int]:
    """Yield the offset behind every sentence end."""
    at = 0
    while at < len(text):
        character = text[at]
        if character in _CLOSES:
            at = _after_enclosure(text, at)
        elif character in _ENDS or _ENGLISH_STOP.match(text, at):
            at = _after_run(text, at)
            yield at
        else:
            at += 1


def _after_enclosure(text: str, at: int) -> int:
    """Return the offset behind the partner of the opening mark at `at`, or behind the mark itself."""
    opening, closing = text[at], _CLOSES[text[at]]
    depth = 0
    for here in range(at, min(len(text), at + _LONGEST_ENCLOSURE)):
        if here > at and text[here] == closing:
            depth -= 1
            if depth == 0:
                return here + 1
        elif text[here] == opening:
            depth += 1
    return at + 1


def _after_run(text: str, at: int) -> int:
    """Return the offset behind a run of end marks and the closing marks that belong to it."""
    at += 1
    while at < len(text) and (text[at] in _ENDS or text[at] in "”’」』】)\uff09"):
        at += 1
    return at
