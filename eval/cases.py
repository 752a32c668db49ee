"""Set file -> Cases: the format is told by the ending, and each has a reader of its own.

A conductor: knows no format from the inside.
"""

import hashlib
from collections import Counter
from pathlib import Path

from eval.intake import Desk, SetError, decode
from eval.read_beir import read_beir
from eval.read_sheet import read_sheet
from eval.read_squad import read_squad
from eval.read_wenju import read_wenju
from eval.records import CaseSet

_READERS = {".jsonl": read_wenju, ".json": read_squad, ".csv": read_sheet}


def read_set(path: Path) -> CaseSet:
    """Read a set: its good cases, and what is wrong with the others.

    Raises:
        SetError: there is no such set, its format is unknown, or it cannot be read at all.
    """
    desk = Desk()
    if not path.exists():
        raise SetError(f"There is no set at {path}; name a .jsonl, .json or .csv file, or a BEIR folder.")
    if path.is_dir():
        read_beir(path, desk)
    elif reader := _READERS.get(path.suffix.lower()):
        reader(decode(path, desk), desk)
    else:
        raise SetError(f"{path.name} ends in none of .jsonl, .json and .csv; save the set in one of them.")
    if desk.drafts and not desk.cases and not desk.problems:
        raise SetError(
            f"{path} holds {desk.drafts} drafts and no accepted case; accept some in the window (or set their "
            'status to "accepted"), for drafts never count.'
        )
    if not desk.cases and not desk.problems:
        raise SetError(f"{path} holds no case; add at least one question.")
    doubled = [name for name, count in Counter(article.id for article in desk.articles).items() if count > 1]
    if doubled:
        raise SetError(f"{path.name} names the article {doubled[0]!r} twice; give each a name of its own.")
    cases, articles, problems = tuple(desk.cases.values()), tuple(desk.articles), tuple(desk.problems)
    return CaseSet(path.stem, _digest(path), cases, articles, problems, desk.drafts)


def _digest(path: Path) -> str:
    files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.read_bytes())
    return whole.hexdigest()[:16]
