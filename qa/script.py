"""Says in which script a question is written when nothing that was found is written in it: Cyrillic, Arabic, Thai ...

Pure text. It does not know languages that share a script, or how hits were found.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence

from index import fold

# Chinese and English are one here: the bundled model relates them.
_RELATED = {"CJK", "LATIN"}


def strange_script(question: str, texts: Sequence[str]) -> str:
    """Return the name of the question's script, such as "Cyrillic", or nothing where any text shares a script."""
    asked = _scripts(question)
    held = set().union(*(_scripts(text) for text in texts)) if texts else set()
    if not asked or not held or asked.keys() & held or (asked.keys() & _RELATED and held & _RELATED):
        return ""
    return asked.most_common(1)[0][0].capitalize()


def _scripts(text: str) -> Counter[str]:
    """Count the letters of each script; a letter's name begins with that of its script."""
    return Counter(unicodedata.name(one, "?").split()[0] for one in fold(text) if one.isalpha())


def other_language(question: str, answer: str) -> bool:
    """Say whether an answer to a Chinese question has no Chinese, or one to another question is mostly Chinese."""
    asked, written = _scripts(question), _scripts(answer)
    if asked["CJK"]:
        return bool(written) and not written["CJK"]
    # A quoted name may stay Chinese.
    return written["CJK"] > sum(written.values()) / 2
