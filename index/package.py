"""Refuses Word packages that are made to do harm, before any of their XML is parsed.

It knows sizes and declarations, not what a document says.
"""

import re
from io import BytesIO
from typing import IO
from zipfile import ZipFile

from index.document import ReadError

# What a package may hold; one without pictures has some twenty parts, and one more for each picture.
_MOST_PARTS = 5_000
_LARGEST_PARTS = 300_000_000  # bytes, unpacked
# The parts that are parsed: a report of 3 MB of text has 60 MB of them, which pack to a tenth or twentieth.
_LARGEST_MARKUP, _LARGE_MARKUP, _MOST_TIMES = 100_000_000, 10_000_000, 100
_LISTED = b"PK\x01\x02"  # before every entry of a ZIP's list
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_PIECE = 1 << 20  # bytes that are read at once


def refuse_harm(name: str, data: bytes) -> None:
    """Refuse a package with too much in it, and XML that declares entities.

    Raises:
        ReadError: it is refused, is no whole ZIP, or one of something else.
    """
    try:
        # Counted before they are listed, which takes half a kilobyte of memory for each.
        count = data.count(_LISTED)
        if count > _MOST_PARTS:
            raise _too_much(name, f"{count:,} parts")
        with ZipFile(BytesIO(data)) as package:
            parts = package.infolist()
            if "word/document.xml" not in {part.filename for part in parts}:
                raise ReadError(f"{name} is a ZIP of something else, no Word document; unpack it and add the files.")
            size = sum(part.file_size for part in parts)
            if len(parts) > _MOST_PARTS or size > _LARGEST_PARTS:
                raise _too_much(name, f"{len(parts):,} parts and {size / 1e6:,.0f} MB")
            # Pictures may be markup that declares entities; they are not parsed.
            markup = [part for part in parts if not part.filename.startswith("word/media/")]
            size, packed = sum(part.file_size for part in markup), sum(part.compress_size for part in markup)
            if size > _LARGEST_MARKUP or (size > _LARGE_MARKUP and size > _MOST_TIMES * packed):
                raise _too_much(name, f"{size / 1e6:,.0f} MB of text and markup in {packed / 1e6:.1f} MB")
            for part in markup:
                with package.open(part) as opened:
                    if _declares(opened):
                        raise ReadError(f"{name} declares XML entities, which no Word document does; save it again.")
    except ReadError:
        raise
    except Exception as error:  # a damaged package shows in many ways; zlib has an error of its own
        raise ReadError(f"{name} is a damaged Word document ({error}); save it again and add that.") from error


def _too_much(name: str, what: str) -> ReadError:
    return ReadError(
        f"{name} unpacks to {what}, more than a report holds; save it again without what is embedded in it."
    )


def _declares(opened: IO[bytes]) -> bool:
    """Say whether a part declares a document type, in UTF-8 or UTF-16; it is read piece by piece."""
    before = b""
    while piece := opened.read(_PIECE):
        if _DECLARATION.search((before + piece).replace(b"\x00", b"")):
            return True
        before = piece[-40:]
    return False
