"""Makes Pieces of a plain text: a blank line parts them, and nothing is known about them yet."""

import re
from collections.abc import Iterator

from index.document import Piece, PieceKind

_BLANK = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")


def read_text(text: str) -> Iterator[Piece]:
    """Yield what stands between blank lines; a page break parts like one."""
    for part in _BLANK.split(text.replace("\f", "\n\n")):
        if part.strip():
            yield Piece(PieceKind.TEXT, part)
