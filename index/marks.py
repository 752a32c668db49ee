"""Finds where a part of a paragraph stands on its pages, by laying the paragraph's text along their characters.

It knows neither files nor formats: a page joins words, hides blanks and has heads between what goes on.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from index.document import Box, Glyph
from index.records import Paragraph, Place

# Pages that are looked at: the paragraph's first, and those that it may go on to.
PAGES = 3
_SLACK = 0.005  # of the page, around the paragraph's place
# Characters in a row that are taken for the paragraph's on a page it goes on to, where other text stands too.
_FEWEST = 6
# The share of a part's characters that must be found; below it the paragraph's whole place is told.
_ENOUGH = 0.5


def places_of(paragraph: Paragraph, start: int, end: int, glyphs: Sequence[Glyph]) -> tuple[Place, ...]:
    """Return the places of `paragraph.text[start:end]`, one for every line that it stands on."""
    if not paragraph.page or not paragraph.box:
        return ()
    near = [one for one in glyphs if one.page != paragraph.page or _inside(one.box, paragraph.box)]
    found = [glyph for at, glyph in _aligned(paragraph, near) if start <= at < end]
    wanted = len("".join(paragraph.text[start:end].split()))
    if len(found) < max(1, _ENOUGH * wanted):
        return (Place(paragraph.page, paragraph.box),)
    lines: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in found:
        lines.setdefault((glyph.page, glyph.line), []).append(glyph)
    return tuple(Place(page, _around(line)) for (page, _), line in lines.items())


def _inside(box: Box, outer: Sequence[float]) -> bool:
    across, down = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    left, top, right, bottom = outer
    return left - _SLACK <= across <= right + _SLACK and top - _SLACK <= down <= bottom + _SLACK


def _aligned(paragraph: Paragraph, glyphs: Sequence[Glyph]) -> Iterator[tuple[int, Glyph]]:
    """Yield the glyphs that are the paragraph's, each with its offset in the text."""
    offsets = [at for at, sign in enumerate(paragraph.text) if not sign.isspace()]
    plain = "".join(paragraph.text[at] for at in offsets)
    matcher = SequenceMatcher(None, plain, "".join(one.text for one in glyphs), autojunk=False)
    for block in matcher.get_matching_blocks():
        pairs = zip(offsets[block.a : block.a + block.size], glyphs[block.b : block.b + block.size], strict=True)
        yield from (pair for pair in pairs if pair[1].page == paragraph.page or block.size >= _FEWEST)


def _around(line: Sequence[Glyph]) -> Box:
    sides = (
        min(one.box[0] for one in line),
        min(one.box[1] for one in line),
        max(one.box[2] for one in line),
        max(one.box[3] for one in line),
    )
    left, top, right, bottom = (round(min(max(side, 0.0), 1.0), 4) for side in sides)
    return left, top, right, bottom
