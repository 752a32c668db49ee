"""What all readers of sets share: the desk that collects cases, and values checked for their type.

Knows no format; like the records it may be imported by every reader.
"""

import codecs
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from eval.records import Article, Case, Problem, Severity
from index import WenjuError

Fields = dict[str, object]
# Share of a Chinese text that is punctuation or among the most used characters; Big5 read wrongly stays far below.
_EVERYDAY = 0.8


class SetError(WenjuError):
    """A set that cannot be read at all."""


class BadCaseError(Exception):
    """A case that cannot be read: what was found, and how to mend it."""

    def __init__(self, found: str, mend: str) -> None:
        super().__init__(found)
        self.found, self.mend = found, mend


class DraftedError(Exception):
    """A case that was proposed and that nobody accepted: no problem, but nothing that counts either."""


@dataclass(slots=True)
class Desk:
    """Collects the good cases of one set, its articles, and the problems of the rest."""

    cases: dict[str, Case] = field(default_factory=dict)
    articles: list[Article] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    drafts: int = 0

    def take(self, where: str, read: Callable[[], Case]) -> None:
        """Read a case and keep it, or keep what is wrong with it."""
        try:
            case = read()
            if case.id in self.cases:
                raise BadCaseError(f"the id {case.id!r} was given before", "give every case an id of its own")
            self.cases[case.id] = replace(case, where=where)
        except DraftedError:
            self.drafts += 1
        except BadCaseError as bad:
            self.problems.append(Problem(where, bad.found, bad.mend))

    def unread(self, where: str, names: set[str], known: tuple[str, ...]) -> None:
        """Note the fields that no reader looks at."""
        for name in sorted(names - set(known)):
            mend = f"known fields: {', '.join(known)}"
            self.problems.append(Problem(where, f"the field {name!r} is not read", mend, Severity.NOTE))


def decode(path: Path, desk: Desk) -> str:
    """Return the text of a file in UTF-8, UTF-16 with its mark, or GB18030, as spreadsheets in China save it.

    Raises:
        SetError: there is no such file, or it is in another encoding.
    """
    if not path.is_file():
        raise SetError(f"{path} is missing; a BEIR folder holds corpus.jsonl, queries.jsonl and qrels/*.tsv.")
    data = path.read_bytes()
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = _chinese(data)
        line = data.count(b"\n", 0, error.start) + 1
        if text is None:
            raise SetError(
                f"{path.name} is neither UTF-8 nor GB18030 (line {line}); save it again as UTF-8, "
                "such as with `iconv -f BIG5 -t UTF-8`."
            ) from error
        found = f"{path.name} is not UTF-8 and was read as GB18030"
        desk.problems.append(Problem(f"line {line}", found, "save it again as UTF-8 to be sure", Severity.NOTE))
        return text


def _chinese(data: bytes) -> str | None:
    """Return what GB18030 makes of the bytes, unless that is no everyday Chinese: Big5 decodes too, to rubbish."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    wide = [sign for sign in text if sign > "\u00ff"]
    everyday = sum(_is_everyday(sign) for sign in wide)
    return text if everyday >= _EVERYDAY * len(wide) else None


def _is_everyday(sign: str) -> bool:
    """Tell whether GB2312 has the character among its punctuation or its 3,755 most used ones."""
    try:
        lead = sign.encode("gb2312")[0]
    except UnicodeEncodeError:
        return False
    return lead < 0xA4 or 0xB0 <= lead <= 0xD7


def each_line(text: str) -> Iterator[tuple[str, str]]:
    """Yield every line that is not blank, with its name; only a line feed ends a line."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield f"line {number}", line


def parse_object(line: str) -> Fields:
    """Return the JSON object on a line."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadCaseError(f"broken JSON ({error})", "write one complete JSON object on the line") from error
    if not isinstance(value, dict):
        raise BadCaseError("no JSON object", 'write {"id": "…", "question": "…"} on the line')
    return value


def one_text(fields: Fields, name: str, needed: bool = False) -> str:
    """Return a field that must be text, and must not be blank where it is `needed`."""
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise BadCaseError(f"{name} is not a text", f'write it in quotation marks: "{name}": "…"')
    if needed and not value.strip():
        raise BadCaseError(f"{name} is missing or empty", f'add "{name}": "…"')
    try:
        value.encode()
    except UnicodeEncodeError as error:  # JSON lets a lone \ud83d through, which no file can hold
        raise BadCaseError(f"{name} holds half a character", "write the whole character") from error
    return value


def many_texts(fields: Fields, name: str) -> tuple[str, ...]:
    """Return a field that must be a list of texts."""
    values = fields.get(name, [])
    if not isinstance(values, list):
        raise BadCaseError(f"{name} is not a list", f'write "{name}": ["…", "…"]')
    return tuple(one_text({name: value}, name, needed=True) for value in values)
