"""Hostile Word documents: bombs, lists without end, lies about sizes and entities are refused cheaply."""

import json
import re
import struct
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from fuzz_targets import word_document

SECONDS, MEMORY = 2.0, 200_000_000  # of processor time for the refusal, bytes of the whole process
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SECRET = "the file's own secret"


def with_parts(parts: dict[str, bytes]) -> bytes:
    """A small Word document with more parts, all packed."""
    written = BytesIO()
    with ZipFile(BytesIO(word_document({}))) as plain, ZipFile(written, "w", ZIP_DEFLATED, compresslevel=1) as made:
        whole = {name: plain.read(name) for name in plain.namelist()} | parts
        for name, data in whole.items():
            made.writestr(name, data)
    return written.getvalue()


def body(text: str, declared: str = "") -> bytes:
    said = f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body>"
    return f'<?xml version="1.0"?>{declared}<w:document {W}>{said}</w:document>'.encode()


def bomb_beside_the_text() -> bytes:
    return with_parts({"word/media/zeros.bin": bytes(310_000_000)})


def bomb_in_the_text() -> bytes:
    return with_parts({"word/document.xml": body("山" * 30_000_000)})


def bomb_of_empty_paragraphs() -> bytes:
    return with_parts({"word/document.xml": body("").replace(b"</w:body>", b"<w:p/>" * 16_000_000 + b"</w:body>")})


def bomb_of_many_parts() -> bytes:
    return with_parts({f"word/a{number}.xml": bytes(9_000_000) for number in range(30)})


def many_entries() -> bytes:
    return with_parts({f"word/media/{number}.bin": b"" for number in range(50_000)})


def endless_list() -> bytes:
    """A list of 600,000 entries that all name the same few bytes."""
    data = with_parts({})
    end = data.rindex(b"PK\x05\x06")
    start = struct.unpack_from("<I", data, end + 16)[0]
    entry = data[start : start + 46 + struct.unpack_from("<H", data, start + 28)[0]]
    listed = entry * 600_000
    return data[:start] + listed + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 65_535, 65_535, len(listed), start, 0)


def lying(data: bytes, part: bytes, size: Callable[[int], int]) -> bytes:
    """A document whose list says that a part has another size."""
    changed = bytearray(data)
    at = next(m.start() for m in re.finditer(b"PK\x01\x02", changed) if changed[m.start() + 46 :].startswith(part))
    struct.pack_into("<I", changed, at + 24, size(struct.unpack_from("<I", changed, at + 24)[0]))
    return bytes(changed)


def says_less() -> bytes:
    return lying(with_parts({"word/document.xml": body("山" * 9_000_000)}), b"word/document.xml", lambda _: 1_000)


def says_more() -> bytes:
    return lying(with_parts({}), b"word/document.xml", lambda _: 4_000_000_000)


def laughs(encoding: str) -> bytes:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = body("&l9;", f'<!DOCTYPE x [<!ENTITY l0 "ha">{levels}]>').decode()
    return with_parts({"word/document.xml": text.replace('"1.0"', f'"1.0" encoding="{encoding}"').encode(encoding)})


def late_entity() -> bytes:
    return with_parts({"word/styles.xml": b"<!--" + b"-" * 3_000_000 + b'--><!DOCTYPE x [<!ENTITY l "y">]><x>&l;</x>'})


def external(path: Path) -> bytes:
    return with_parts({"word/document.xml": body("&f;", f'<!DOCTYPE x [<!ENTITY f SYSTEM "{path.as_uri()}">]>')})


def nested() -> bytes:
    return with_parts({"word/document.xml": body("").replace(b"<w:p>", b"<w:sdt>" * 200_000, 1)})


HOSTILE = {
    "bomb beside the text": (bomb_beside_the_text, r"unpacks to .* 310 MB, more than a report holds"),
    "bomb in the text": (bomb_in_the_text, "unpacks to 90 MB of text and markup in"),
    "bomb of empty paragraphs": (bomb_of_empty_paragraphs, "unpacks to 96 MB of text and markup in"),
    "bomb of many parts": (bomb_of_many_parts, "unpacks to 270 MB of text and markup in"),
    "50,000 entries": (many_entries, r"unpacks to 50,0\d\d parts"),
    "a list of 600,000": (endless_list, r"unpacks to 600,\d\d\d parts"),
    "says less than it holds": (says_less, "is a damaged Word document"),
    "says more than it holds": (says_more, r"unpacks to .* 4,000 MB"),
    "entity expansion": (lambda: laughs("utf-8"), "declares XML entities"),
    "entity expansion in UTF-16": (lambda: laughs("utf-16"), "declares XML entities"),
    "an entity behind three megabytes": (late_entity, "declares XML entities"),
    "nested without end": (nested, "is a damaged Word document"),
}

READ = """
import json, resource, sys
from pathlib import Path
from index.archive import Found
from index.read import ReadError, read_document
def spent(): return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
before = spent()
try:
    said = "read: " + "".join(piece.text for piece in read_document(Found(Path(sys.argv[1]))).pieces)[:200]
except ReadError as error:
    said = str(error)
# Of this process alone: ru_maxrss counts that of the process it was forked from.
most = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(json.dumps([said, spent() - before, int(most.split()[1]) * 1024]))
"""


def read(path: Path) -> tuple[str, float, int]:
    """Read a file in a process of its own: what was said, its seconds, and the most memory it ever had."""
    done = subprocess.run([sys.executable, "-c", READ, path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said, seconds, memory = json.loads(done.stdout)
    return str(said), float(seconds), int(memory)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted as Linux counts it")
@pytest.mark.parametrize("what", HOSTILE)
def test_it_is_refused_in_two_seconds_and_200_mb(what: str, tmp_path: Path) -> None:
    make, sentence = HOSTILE[what]
    (tmp_path / "a.docx").write_bytes(make())
    said, seconds, memory = read(tmp_path / "a.docx")
    assert re.match(rf"a\.docx {sentence}", said), said
    assert seconds < SECONDS
    assert memory < MEMORY


def test_what_an_external_entity_names_is_never_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(SECRET, "utf-8")
    (tmp_path / "a.docx").write_bytes(external(tmp_path / "secret.txt"))
    assert "declares XML entities" in read(tmp_path / "a.docx")[0]


def test_behind_the_check_the_parser_expands_no_entity_either(tmp_path: Path) -> None:
    # An encoding in which the declaration cannot be seen; the parser knows it.
    (tmp_path / "secret.txt").write_text(SECRET, "utf-8")
    for name, data in (("laughs.docx", laughs("cp037")), ("external.docx", external(tmp_path / "secret.txt"))):
        hidden = data if name == "laughs.docx" else hide(data)
        (tmp_path / name).write_bytes(hidden)
        said, seconds, memory = read(tmp_path / name)
        assert "haha" not in said
        assert SECRET not in said
        assert "declares XML entities" not in said  # or the check would be all that is tried
        assert seconds < SECONDS
        assert memory < MEMORY


def hide(data: bytes) -> bytes:
    """The same document with its text in EBCDIC."""
    with ZipFile(BytesIO(data)) as package:
        text = package.read("word/document.xml").decode()
    return with_parts({"word/document.xml": text.replace('"1.0"', '"1.0" encoding="cp037"').encode("cp037")})
