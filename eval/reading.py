"""Measures reading: makes reports, carries each into every format, reads them, and compares with what was made.

It knows what was put into a report; how a format is written is another file's, how it is read the index's.
"""

import random
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from eval.carry import Made, Part, PartKind, browser, to_docx, to_html, to_markdown, to_pdf, to_text
from index import Index, Report

# In each format, two of each way of numbering; what is listed, tabled and how long it is differ.
DOCUMENTS = 8
_SEED = 20220620  # the same reports each time
_PLACES = ("黄浦", "静安", "徐汇", "长宁", "普陀", "虹口", "杨浦", "浦东")
_THINGS = (
    "旧区改造",
    "轨道交通",
    "社区养老",
    "公共绿地",
    "学前教育",
    "污水处理",
    "科技创新",
    "商业街区",
    "房屋修缮",
    "文化场馆",
)
_DEEDS = ("全面完成", "稳步推进", "加快建设", "持续优化", "率先实施", "基本建成", "进一步规范", "重点扶持")
_ENDS = (
    "受益居民超过{n}户。",
    "全年投入资金{n}亿元,同比增长{m}%。",
    "新增面积{n}万平方米,完成率达到{m}%。",
    "形成了“一核多点”的新格局。",
    "涉及 {n} 个街道和 {m} 个居民区。",
    "有关部门要按照职责分工,抓好贯彻落实。",
)
_NUMERALS = "一二三四五六七八九十"
# How chapters, sections and the parts of a section are numbered.
_STYLES = (
    (("{}、", "({})", "{n}. "), "Chinese numerals"),
    (("第{}章 ", "第{}节 ", "{}、"), "chapters and sections"),
    (("{}、", "\uff08{}\uff09", "{n}\uff0e"), "full-width marks"),
    (("", "", ""), "no numbers"),
)


@dataclass(frozen=True, slots=True)
class Read:
    """One format's figures: `same` of `parts` paragraphs came out equal, `placed` of those under the same headings."""

    form: str
    documents: int
    parts: int
    same: int
    placed: int
    seconds: float


def make_reports(count: int = DOCUMENTS) -> tuple[Made, ...]:
    """Return so many made reports, the same each time."""
    chance = random.Random(_SEED)
    return tuple(_made(number, chance) for number in range(count))


def _made(number: int, chance: random.Random) -> Made:
    place, (numbers, _) = chance.choice(_PLACES), _STYLES[number % len(_STYLES)]
    title = f"{place}区{chance.choice(_THINGS)}工作年度报告"
    front = (f"20{10 + number % 15}-0{1 + number % 9}-1{number % 10}",)
    parts = [Part(PartKind.TEXT, _text(chance, 3))]
    for chapter in range(chance.randint(2, 4)):
        parts.append(Part(PartKind.HEADING, _heading(numbers[0], chapter, chance), 2))
        parts.append(Part(PartKind.TEXT, _text(chance, 2)))
        for section in range(chance.randint(1, 3)):
            parts.append(Part(PartKind.HEADING, _heading(numbers[1], section, chance), 3))
            parts += [Part(PartKind.TEXT, _text(chance, chance.randint(1, 9))) for _ in range(chance.randint(1, 3))]
            parts += _extras(chance, 10 * chapter + section + 1)
    parts.append(Part(PartKind.TEXT, _text(chance, 2)))
    return Made(f"made-{number}", title, front, tuple(parts))


def _heading(form: str, at: int, chance: random.Random) -> str:
    return form.format(_NUMERALS[at], n=at + 1) + chance.choice(_DEEDS) + chance.choice(_THINGS)


def _text(chance: random.Random, sentences: int) -> str:
    return "".join(_sentence(chance) for _ in range(sentences))


def _sentence(chance: random.Random) -> str:
    end = chance.choice(_ENDS).format(n=chance.randint(2, 900), m=chance.randint(2, 99))
    return f"{chance.choice(_PLACES)}区{chance.choice(_DEEDS)}{chance.choice(_THINGS)}项目,{end}"


def _extras(chance: random.Random, number: int) -> Iterator[Part]:
    """Yield a list, a table or a caption now and then."""
    kind = chance.choice(("list", "table", "caption", "", ""))
    if kind == "list":
        yield from (Part(PartKind.ITEM, _sentence(chance)) for _ in range(3))
    elif kind == "caption":
        yield Part(PartKind.CAPTION, f"图{number} {chance.choice(_PLACES)}区{chance.choice(_THINGS)}现场")
    elif kind == "table":
        places = chance.sample(_PLACES, 3)
        rows = [(place, str(chance.randint(10, 999)), f"{chance.randint(1, 99)}%") for place in places]
        yield Part(PartKind.TABLE, "", rows=(("区", "户数", "完成率"), *rows))


def expected(made: Made, tables: bool = True) -> list[tuple[tuple[str, ...], str]]:
    """Return the paragraphs that a report was made of, each below its headings; a row of a table as its sentence."""
    path: list[Part] = []
    found: list[tuple[tuple[str, ...], str]] = []
    for part in made.parts:
        if part.kind is PartKind.HEADING:
            path = [outer for outer in path if outer.level < part.level] + [part]
            continue
        section = tuple(heading.text for heading in path)
        if part.kind is not PartKind.TABLE:
            found.append((section, part.text))
        elif tables:
            head, *rows = part.rows
            found += [(section, _row_sentence(head, row)) for row in rows]
    return found


def _row_sentence(head: Sequence[str], row: Sequence[str]) -> str:
    return "\uff0c".join(f"{column}\uff1a{cell}" for column, cell in zip(head, row, strict=True)) + "。"


def without_blanks(text: str) -> str:
    """Return a text without blanks beside a Chinese character: at a line's end a page does not show them."""
    return re.sub(r"(?<=[^\x00-\xff]) | (?=[^\x00-\xff])", "", text)


def compare_reading(
    made: Made, report: Report, tables: bool, plain: Callable[[str], str] = without_blanks
) -> tuple[int, int, int]:
    """Return how many paragraphs there should be, came out the same, and stand under the same headings too.

    Texts are compared as `plain` leaves them.
    """
    wanted = [(tuple(map(plain, section)), plain(text)) for section, text in expected(made, tables)]
    got = [(tuple(map(plain, one.section)), plain(one.text)) for one in report.paragraphs if one.kind != "about"]
    texts = _common([text for _, text in wanted], [text for _, text in got])
    # What came out beyond what was put in is as wrong as what is missing.
    return max(len(wanted), len(got)), texts, _common(wanted, got)


def _common(wanted: Sequence[object], got: Sequence[object]) -> int:
    """Return how many of `wanted` are in `got`, each counted once."""
    left = list(got)
    count = 0
    for one in wanted:
        if one in left:
            left.remove(one)
            count += 1
    return count


def measure_reading(count: int = DOCUMENTS) -> tuple[Read, ...]:
    """Make the reports, read them in every format, and return a line a format; PDF only where a browser prints."""
    made = make_reports(count)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        formats: dict[str, Callable[[Made], bytes]] = {
            "txt": to_text,
            "md": to_markdown,
            "html": to_html,
            "docx": to_docx,
        }
        if browser():
            formats["pdf"] = lambda one: to_pdf(one, folder)
        return tuple(_measured(made, form, write, folder) for form, write in formats.items())


def _measured(made: Sequence[Made], form: str, write: Callable[[Made], bytes], folder: Path) -> Read:
    parts = same = placed = 0
    seconds = 0.0
    # Plain text marks no heading, so those without numbers cannot be told from paragraphs.
    kept = [one for at, one in enumerate(made) if form != "txt" or any(_STYLES[at % len(_STYLES)][0])]
    for one in kept:
        path = folder / f"{one.name}.{form}"
        path.write_bytes(write(one))
        start = perf_counter()
        report = Index.read(path)
        seconds += perf_counter() - start
        found = compare_reading(one, report, tables=form != "txt")
        parts, same, placed = parts + found[0], same + found[1], placed + found[2]
    return Read(form, len(kept), parts, same, placed, seconds)


def reading_lines(found: Sequence[Read]) -> list[str]:
    """Return the figures as a table for a terminal."""
    lines = [f"{'format':8}{'reports':>9}{'paragraphs':>12}{'same text':>11}{'same place':>12}{'paragraphs/s':>14}"]
    for one in found:
        shares = f"{one.same / one.parts:>11.4f}{one.placed / one.parts:>12.4f}"
        lines.append(f"{one.form:8}{one.documents:>9}{one.parts:>12}{shares}{one.parts / one.seconds:>14,.0f}")
    parts = sum(one.parts for one in found)
    same, placed = sum(one.same for one in found) / parts, sum(one.placed for one in found) / parts
    lines.append(f"{'all':8}{sum(one.documents for one in found):>9}{parts:>12}{same:>11.4f}{placed:>12.4f}")
    return lines
