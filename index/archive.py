"""Finds the files that are named, in folders and ZIPs too, and gives their bytes. It does not know formats.

A ZIP's member is read into memory and never written, so its name can lead nowhere.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from index.config import LARGEST_FILE, REPORT_ENDINGS
from index.document import ReadError

# What a ZIP of reports may hold; more is taken for one that is made to do harm.
_MOST_MEMBERS = 10_000
_LARGEST_UNPACKED = 1_000_000_000  # bytes, all members together
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1  # bits of a member's flags
_ZIP_ENDING = ".zip"


@dataclass(frozen=True, slots=True)
class Found:
    """A file to be read: on the disk, or the `member` of a ZIP at place `at` of its list.

    `fault` says why it cannot be read where that shows before it is tried.
    """

    path: Path
    member: str = ""
    at: int = -1
    fault: str = ""

    @property
    def shown(self) -> str:
        """The name as it is told to the reader."""
        return f"{self.path}/{self.member}" if self.member else str(self.path)

    @property
    def name(self) -> str:
        """The last part of the name, on one line."""
        last = PurePosixPath(self.member).name if self.member else self.path.name
        return " ".join(last.split()) or "report"

    @property
    def source(self) -> str:
        """Where it lies, the same each time."""
        return f"{self.path.resolve()}!{self.member}" if self.member else str(self.path.resolve())


def find_files(paths: Sequence[Path]) -> Iterator[Found]:
    """Yield the files named by `paths`; a folder or ZIP gives its report files, sorted by name."""
    for path in paths:
        if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises for a name that is too long
            for one in sorted(p for p in path.rglob("*") if _is_report(p.name) and p.is_file()):
                yield from _members(one) if one.suffix.lower() == _ZIP_ENDING else [Found(one)]
        elif path.suffix.lower() == _ZIP_ENDING and os.path.isfile(path):  # noqa: PTH113
            yield from _members(path)
        else:
            yield Found(path)


def _is_report(name: str) -> bool:
    # A word processor keeps a file named ~$… beside each that is open, macOS one named ._…
    return name.lower().endswith((*REPORT_ENDINGS, _ZIP_ENDING)) and not name.startswith((".", "~$"))


def _members(path: Path) -> Iterator[Found]:
    try:
        with ZipFile(path) as opened:
            listed = [one for one in enumerate(opened.infolist()) if not one[1].is_dir()]
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        fault = f"{path.name} is a damaged ZIP ({error}); pack it again, or add its files unpacked."
        yield Found(path, fault=fault)
        return
    size = sum(info.file_size for _, info in listed)
    if len(listed) > _MOST_MEMBERS or size > _LARGEST_UNPACKED:
        whole = f"{len(listed):,} files of {size / 1e6:,.0f} MB in all"
        yield Found(path, fault=f"{path.name} holds {whole}; unpack it and add the reports alone.")
        return
    found = [Found(path, _name_of(info), at) for at, info in listed]
    kept = [one for one in found if _is_report(one.name) and "__MACOSX" not in one.member]
    if not kept:
        fault = f"{path.name} holds no report ({', '.join(REPORT_ENDINGS)}); add a ZIP that does."
        yield Found(path, fault=fault)
    yield from sorted(kept, key=lambda one: one.member)


def _name_of(info: ZipInfo) -> str:
    """Return a member's name; Chinese Windows packs names in GBK without saying so."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def bytes_of(found: Found) -> bytes:
    """Return the file's bytes.

    Raises:
        ReadError: it is missing, no file, too large, protected, or vanishes while it is read.
    """
    if found.fault:
        raise ReadError(found.fault)
    try:
        return _member_bytes(found) if found.member else _file_bytes(found)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ReadError(f"{_short(found.name)} cannot be read ({reason}); check its permissions.") from error


def _file_bytes(found: Found) -> bytes:
    path = found.path
    if not path.exists():
        raise ReadError(f"There is no file {path}; check the path.")
    if not path.is_file():
        raise ReadError(f"{path} is not a file; name a report, or a folder or ZIP of reports.")
    _refuse_large(found.name, path.stat().st_size)
    try:
        with path.open("rb") as opened:
            data = opened.read(LARGEST_FILE + 1)
    except FileNotFoundError as error:
        raise ReadError(f"{found.name} vanished while it was read; add it again.") from error
    _refuse_large(found.name, len(data))
    return data


def _member_bytes(found: Found) -> bytes:
    try:
        with ZipFile(found.path) as opened:
            info = opened.infolist()[found.at]
            if info.flag_bits & _ENCRYPTED:
                raise ReadError(f"{found.name} in {found.path.name} is protected by a password; unpack it and add it.")
            _refuse_large(found.name, info.file_size)
            with opened.open(info) as member:
                data = member.read(LARGEST_FILE + 1)
    except FileNotFoundError as error:
        raise ReadError(f"{found.path.name} vanished while it was read; add it again.") from error
    except (ReadError, OSError):
        raise
    except Exception as error:  # a damaged member shows in many ways; zlib has an error of its own
        raise ReadError(f"{found.name} in {found.path.name} is damaged ({error}); pack it again.") from error
    _refuse_large(found.name, len(data))
    return data


def _refuse_large(name: str, size: int) -> None:
    if size > LARGEST_FILE:
        limit = f"{LARGEST_FILE // 1_000_000} MB"
        raise ReadError(f"{_short(name)} has {size / 1e6:.0f} MB, the limit is {limit}; split it into parts.")


def _short(name: str) -> str:
    return name if len(name) <= 80 else f"{name[:60]}…{name[-15:]}"
