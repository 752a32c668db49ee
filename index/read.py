"""Makes a Document of a file: its text, decoded, and its markup. The only door to encoding detection.

It does not know what a heading or a paragraph is.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.config import LARGEST_FILE, REPORT_ENDINGS
from index.records import WenjuError

# Byte-order marks, longest first, and how the rest is decoded.
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


class ReadError(WenjuError):
    """A file that cannot be read as a report."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file's text with `\\n` line ends; `digest` is the SHA-256 of that text."""

    path: Path
    text: str
    markdown: bool
    digest: str


def find_files(paths: list[Path]) -> Iterator[Path]:
    """Yield the files named by `paths`; a folder gives its report files, sorted by name."""
    for path in paths:
        if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises for a name that is too long
            found = (p for p in path.rglob("*") if p.suffix.lower() in REPORT_ENDINGS and p.is_file())
            yield from sorted(found)
        else:
            yield path


def read_document(path: Path) -> Document:
    """Read a text or Markdown file in whatever encoding it has.

    Raises:
        ReadError: the file is missing, empty, too large, binary, or in no encoding that fits.
    """
    data = _bytes_of(path)
    text = _decode(path, data).replace("\r\n", "\n").replace("\r", "\n")
    _refuse_noise(path, text)
    if not text.strip():
        raise ReadError(f"{path.name} holds no text; add a file with the report's text in it.")
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Document(path, text, path.suffix.lower() in (".md", ".markdown"), digest)


def _bytes_of(path: Path) -> bytes:
    try:
        if not path.exists():
            raise ReadError(f"There is no file {path}; check the path.")
        if not path.is_file():
            raise ReadError(f"{path} is not a file; name a file or a folder of .txt and .md files.")
        size = path.stat().st_size
        if size > LARGEST_FILE:
            limit = f"{LARGEST_FILE // 1_000_000} MB"
            raise ReadError(f"{path.name} has {size / 1e6:.0f} MB, the limit is {limit}; split it into parts.")
        return path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path.name} cannot be read ({error.strerror}); check its permissions.") from error


def _decode(path: Path, data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(path, data[len(mark) :], encoding)
    if b"\x00" in data or data.startswith(b"%PDF"):
        raise ReadError(f"{path.name} is a binary file; save the report as text (.txt or .md) and add that.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _strictly(path, data, _detected(path, data))


def _detected(path: Path, data: bytes) -> str:
    """Name the encoding; GB18030 is tried first because most Chinese files that are not UTF-8 use it."""
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None:
        raise ReadError(f"{path.name} is in no encoding that can be recognised; save it as UTF-8 and add it again.")
    # GBK and GB2312 are parts of GB18030, which also covers the rarer characters of the same file.
    return "gb18030" if best.encoding in ("gb2312", "gbk", "gb18030", "hz", "cp949", "johab") else best.encoding


def _strictly(path: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(f"{path.name} is not whole {encoding} text; save it as UTF-8 and add it again.") from error


def _refuse_noise(path: Path, text: str) -> None:
    control = sum(ch < " " and ch not in "\t\n\r\f" for ch in text)
    if control > len(text) // 100:
        raise ReadError(f"{path.name} is a binary file; save the report as text (.txt or .md) and add that.")
