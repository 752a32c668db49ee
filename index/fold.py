"""Makes the form of a text that is matched: NFKC, lower case, Simplified.

The folded form is compared and indexed, never shown to a reader, so it keeps no offsets.
"""

import unicodedata
from functools import lru_cache

from opencc import OpenCC


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    """OpenCC's Traditional-to-Simplified tables (Apache-2.0), loaded at the first use."""
    return OpenCC("t2s")


def fold(text: str) -> str:
    """Return `text` as it is matched; lone surrogates become U+FFFD."""
    return _short(text) if len(text) <= _LONGEST_SHORT else _long(text)


def _folded(text: str) -> str:
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    plain: str = _converter().convert(unicodedata.normalize("NFKC", whole))
    return plain.lower()


# The sentences of popular paragraphs are folded again for every question; 20,000 of them take about 10 MB. A longer
# text, such as all hits of one question together, comes again while that question is answered and hardly later.
_LONGEST_SHORT = 500
_short = lru_cache(maxsize=20_000)(_folded)
_long = lru_cache(maxsize=32)(_folded)
