"""Hostile PDF and HTML: each ends within 30 seconds and 1 GB in a process aside, and never takes the program down."""

import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import made_pdf
import pytest

from index.archive import Found
from index.aside import Aside
from index.config import READING_MEMORY, READING_SECONDS, READING_SIZE
from index.document import ReadError

FILES, FEW_FILES = 200, 24
SLACK = 10.0  # seconds that a busy machine may take to notice and to start a new process

PAGE = (
    "<html><head><title>题目</title></head><body><h1>一、总体</h1><p>收入增长5.2%。</p><ul><li>第一项</li></ul>"
    "<table><caption>表1</caption><tr><th>街道<th>户数</tr><tr><td rowspan=2>外滩<td>120</tr><tr><td>8</tr></table>"
)
MARKS = ("<div>", "</table>", "<table>", "<td rowspan=99999>", "<!--", "<script>", "&#x110000;", "\x00", "<svg><p>")


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Change, cut, double and drop pieces of a file."""
    made = bytearray(data)
    for _ in range(chance.randrange(1, 12)):
        at, size = chance.randrange(len(made) + 1), chance.randrange(1, 60)
        what = chance.randrange(5)
        if what == 0 and made:
            made[at % len(made)] = chance.randrange(256)
        elif what == 1:
            del made[at : at + size]
        elif what == 2:
            made[at:at] = made[at : at + size] * chance.randrange(1, 50)
        elif what == 3:
            made[at:at] = str(chance.choice((0, -1, 2**31, 2**63, 10**30))).encode()
        else:
            made[at:at] = chance.choice(MARKS).encode()
    return bytes(made)


def looping_pdfs() -> Iterator[bytes]:
    """PDFs whose objects lead back to themselves, or claim to be without end."""
    objects = made_pdf.objects_of([[(72, 700, 11, "Some text that can be read.")]])
    page = objects[3]
    drawn = {"Type": b"/XObject", "Subtype": b"/Form", "BBox": b"[0 0 9 9]"}
    form = made_pdf.stream(b"/X Do /X Do", **drawn, Resources=b"<< /XObject << /X 6 0 R >> >>")
    calls = page.replace(b"/Font <<", b"/XObject << /X 6 0 R >> /Font <<")
    many = b" ".join([b"4 0 R"] * 4_000)
    yield made_pdf.with_entry(objects, {2: b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"})
    yield made_pdf.with_entry(objects, {2: b"<< /Type /Pages /Kids [4 0 R] /Count 2147483647 >>"})
    yield made_pdf.with_entry(objects, {2: b"<< /Type /Pages /Kids [%s] /Count 4000 >>" % many})
    yield made_pdf.with_entry(objects, {4: page.replace(b"/Parent 2 0 R", b"/Parent 4 0 R")})
    yield made_pdf.with_entry([*objects, form], {4: calls, 5: made_pdf.stream(b"/X Do")})
    yield made_pdf.with_entry(objects, {5: made_pdf.stream(b"BT /F 9 Tf (a) Tj ET " * 20_000)})
    yield made_pdf.with_entry(objects, {5: made_pdf.stream(b"q " * 200_000)})
    yield made_pdf.with_entry(objects, {5: made_pdf.stream(b"[" * 450_000)})
    yield made_pdf.with_entry(objects, {1: b"<< /Type /Catalog /Pages 1 0 R >>"})
    yield made_pdf.text_pdf([[(72, 700, 11, "x")]]).replace(b"trailer\n<<", b"trailer\n<< /Prev 9")


def looping_pages() -> Iterator[bytes]:
    """Pages that nest, span or repeat without end."""
    for text in (  # each below the size from which a file has more than 30 seconds
        "<div>" * 99_000 + "山",
        "<table><tr><td>" * 20_000 + "山",
        "<table>" + "<tr><td rowspan=65000 colspan=1000>山" * 9_000 + "</table>",
        "<p>" + "<b><i>" * 5_000 + "<p>山" * 5_000,
        "<a href=x>山</a> " * 20_000,
        "<p " + "a=b " * 99_000 + ">山</p>",
        "&amp;" * 99_000,
        "<ul>" + "<li>" * 99_000 + "山",
        "<svg><template>" * 30_000 + "山",
        "<sup><a href=#a>1</a></sup>" * 15_000,
    ):
        yield text.encode()


def hostile(count: int) -> Iterator[tuple[str, bytes]]:
    """So many files: every looping one where there are enough, the rest mutated."""
    chance = random.Random(5)
    looping = [("a.pdf", data) for data in looping_pdfs()] + [("a.html", data) for data in looping_pages()]
    chosen = looping if count == FILES else [one for one in looping if len(one[1]) < 10_000]
    yield from chosen
    for number in range(count - len(chosen)):
        name, seed = ("a.pdf", made_pdf.report_pdf()) if number % 2 else ("a.html", PAGE.encode())
        yield name, mutated(seed, chance)


def most_memory(aside: Aside) -> int:
    """The most memory that the process aside ever had, 0 where it has ended."""
    child = aside._child
    try:
        lines = Path(f"/proc/{child.pid if child else 0}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


@pytest.mark.skipif(sys.platform != "linux", reason="the limits are set as Linux knows them")
@pytest.mark.parametrize("count", [FEW_FILES, pytest.param(FILES, marks=pytest.mark.long)])
def test_each_ends_within_its_time_and_memory_and_the_next_is_read(count: int, tmp_path: Path) -> None:
    good = tmp_path / "good.html"
    good.write_text(PAGE, "utf-8")
    ended: dict[str, int] = {"read": 0, "refused": 0, "out of time or memory": 0}
    slowest, most = 0.0, 0
    with Aside() as aside:
        for name, data in hostile(count):
            assert len(data) <= READING_SIZE
            (tmp_path / name).write_bytes(data)
            start = time.monotonic()
            ended[outcome(lambda name=name: aside.read(Found(tmp_path / name)))] += 1
            slowest, most = max(slowest, time.monotonic() - start), max(most, most_memory(aside))
        assert aside.read(Found(good)).pieces
    print(ended, f"slowest {slowest:.1f} s, most {most / 1e6:.0f} MB")
    assert sum(ended.values()) == count
    assert ended["read"] > count / 4  # or nothing but the first look at a file is tried
    assert slowest < READING_SECONDS + SLACK
    assert most < READING_MEMORY


def outcome(read: Callable[[], object]) -> str:
    try:
        read()
    except ReadError as error:
        assert "\n" not in str(error)  # noqa: PT017
        return "out of time or memory" if "could not be read within" in str(error) else "refused"
    return "read"
