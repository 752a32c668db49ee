"""Keeps the files of reports that readers and programs send, each under its own name beside the library.

So a report that is sent again is found to be the same one. It does not know what is in a file.
"""

import shutil
from pathlib import Path

from index import WenjuError

FOLDER = "received"
# What a report may be sent as; what is in a file must fit its ending, which its reader checks.
ENDINGS = (".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".docx", ".pdf", ".zip")


def file_name(name: str) -> str:
    """Return the bare name of a sent file.

    Raises:
        WenjuError: it is none, or has none of the endings of a report.
    """
    bare = Path(name.replace("\\", "/")).name
    if not Path(bare).stem or bare.startswith(".") or not Path(bare).suffix:
        raise WenjuError(f"{name!r} is no file name; give one with an ending, such as report.txt.")
    if Path(bare).suffix.lower() not in ENDINGS:
        raise WenjuError(f"{name!r} has not the ending of a report; these are read: {' '.join(ENDINGS)}.")
    return bare


def receive(library: Path, file: Path) -> Path:
    """Copy a sent file to its place and return that."""
    place = library / FOLDER / file_name(file.name)
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, place)
    return place
