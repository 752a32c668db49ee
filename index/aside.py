"""Reads files and draws pages in a process of its own, with limits on time and memory: parsers can be led astray.

A conductor on both sides of the pipe; what goes over it is JSON, one line a file.
"""

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from index.archive import Found
from index.config import (
    READING_MEMORY,
    READING_MOST_SECONDS,
    READING_SECONDS,
    READING_SIZE,
    READING_SIZE_A_SECOND,
    RECOGNISING_MEMORY,
)
from index.document import Document, Facts, Glyph, Piece, PieceKind, ReadError
from index.read import read_document
from index.read_pdf import page_glyphs, page_image
from index.steps import Progress, silent

# Begins a line that says how far a long step is; an answer begins with a brace.
_SIGN = "going "
# Plain texts are not parsed, so they need no other process.
_PLAIN = (".txt", ".md", ".markdown")


class Aside:
    """Reads one file after another; the other process starts with the first that needs it."""

    def __init__(self, seconds: float = READING_SECONDS, memory: int = READING_MEMORY) -> None:
        """Give each file so many `seconds`, a large one more, and the process so many bytes of `memory`."""
        self._seconds, self._memory = seconds, memory
        self._child: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()

    def read(self, found: Found, encoding: str = "", going: Progress = silent) -> Document:
        """Read a file as `read_document` does; each page that `going` is told of has the time of a file.

        Raises:
            ReadError: also when it takes more time or memory than it may.
        """
        if found.name.lower().endswith(_PLAIN) or found.fault:
            return read_document(found, encoding, going)
        path, member = os.fsencode(found.path).hex(), os.fsencode(found.member).hex()
        asked = {"path": path, "member": member, "at": found.at, "encoding": encoding}
        return _document(self._told("document", found.name, asked, _size_of(found.path), going))

    def image(self, name: str, data: bytes, page: int, width: int) -> bytes:
        """Draw a page of a PDF as `page_image` does.

        Raises:
            ReadError: also when it takes more time or memory than it may.
        """
        asked = {"data": base64.b64encode(data).decode(), "page": page, "width": width}
        return base64.b64decode(self._told("image", name, asked, len(data))["image"])

    def glyphs(self, name: str, data: bytes, pages: Sequence[int]) -> list[Glyph]:
        """Return the characters of pages of a PDF as `page_glyphs` does.

        Raises:
            ReadError: also when it takes more time or memory than it may.
        """
        asked = {"data": base64.b64encode(data).decode(), "pages": list(pages)}
        found = self._told("glyphs", name, asked, len(data))["glyphs"]
        return [Glyph(text, page, line, tuple(box)) for text, page, line, box in found]

    def _told(self, what: str, name: str, asked: dict[str, Any], size: int, going: Progress = silent) -> dict[str, Any]:
        seconds = self._seconds + _more_seconds(size)
        answer = self._answer(json.dumps({"what": what, "name": name, **asked}), seconds, going)
        if not answer:
            self._stop()  # it may be dying still, and must not be asked again
            limits = f"{seconds:.0f} s and {self._memory / 1e9:.0f} GB"
            raise ReadError(f"{name} could not be read within {limits}; save it again in a simpler form.")
        told: dict[str, Any] = json.loads(answer)
        if "error" in told:
            raise ReadError(told["error"])
        return told

    def close(self) -> None:
        """End the other process; it starts again when it is needed."""
        self._stop()

    def _answer(self, line: str, seconds: float, going: Progress) -> str:
        """Return the other process's answer, nothing where it came to its end over the question."""
        child = self._child if self._child and self._child.poll() is None else self._start()
        answer = _asked(child, line, seconds)
        while answer.startswith(_SIGN):
            going(*json.loads(answer.removeprefix(_SIGN)))
            answer = _heard(child, seconds)
        return answer

    def _start(self) -> subprocess.Popen[str]:
        self._stop()
        home = str(Path(__file__).resolve().parent.parent)
        path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH", ""))))
        self._child = subprocess.Popen(
            # -P: what lies in the folder that the program was started in is no module of its own.
            [sys.executable, "-P", "-m", "index.aside", str(self._memory), str(READING_MOST_SECONDS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"},
        )
        # An empty question is answered once the process runs; a busy machine's start counts for no file.
        _asked(self._child, "", READING_MOST_SECONDS)
        return self._child

    def _stop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            for pipe in (self._child.stdin, self._child.stdout):
                with suppress(OSError):  # what was still to be written reaches nobody
                    if pipe:
                        pipe.close()
            self._child = None


def _size_of(path: Path) -> int:
    """Return the bytes of a file; a member of a ZIP counts as the whole."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _more_seconds(size: int) -> float:
    """Return what a large file may take beyond a small one."""
    return min(max(0, size - READING_SIZE) / READING_SIZE_A_SECOND, READING_MOST_SECONDS - READING_SECONDS)


def _asked(child: subprocess.Popen[str], line: str, seconds: float) -> str:
    """Put one question to the process; it is ended when it takes longer, and the answer is empty."""
    assert child.stdin
    timer = threading.Timer(seconds, child.kill)
    timer.start()
    try:
        child.stdin.write(f"{line}\n")
        child.stdin.flush()
    except OSError:
        return ""
    finally:
        timer.cancel()
    return _heard(child, seconds)


def _heard(child: subprocess.Popen[str], seconds: float) -> str:
    """Return the next line that the process says, nothing where it says none in that time; then it is ended."""
    assert child.stdout
    timer = threading.Timer(seconds, child.kill)
    timer.start()
    try:
        return child.stdout.readline()
    except OSError:
        return ""
    finally:
        timer.cancel()


def _document(told: dict[str, Any]) -> Document:
    pieces = tuple(
        Piece(PieceKind(kind), text, level, tuple(cells), page, tuple(box))
        for kind, text, level, cells, page, box in told["pieces"]
    )
    facts: dict[str, Any] = told["facts"]
    facts |= {key: tuple(facts[key]) for key in ("breadcrumb", "authors")}
    return Document(told["name"], pieces, Facts(**facts), told["digest"], told["remark"])


def _answered(line: str, going: Progress) -> dict[str, Any]:
    """Return what one question is answered with."""
    asked = json.loads(line)
    try:
        return _ANSWERS[asked["what"]](asked, going)
    except ReadError as error:
        return {"error": str(error)}
    except (MemoryError, RecursionError):
        return {"error": f"{asked['name']} is nested too deep or takes too much memory; save it again in simpler form."}


def _image(asked: dict[str, Any], _: Progress) -> dict[str, Any]:
    drawn = page_image(asked["name"], base64.b64decode(asked["data"]), asked["page"], asked["width"])
    return {"image": base64.b64encode(drawn).decode()}


def _glyphs(asked: dict[str, Any], _: Progress) -> dict[str, Any]:
    found = page_glyphs(asked["name"], base64.b64decode(asked["data"]), asked["pages"])
    return {"glyphs": [(one.text, one.page, one.line, one.box) for one in found]}


def _read(asked: dict[str, Any], going: Progress) -> dict[str, Any]:
    path, member = (os.fsdecode(bytes.fromhex(asked[key])) for key in ("path", "member"))
    document = read_document(Found(Path(path), member, asked["at"]), asked["encoding"], going)
    pieces = [(p.kind, p.text, p.level, p.cells, p.page, p.box) for p in document.pieces]
    plain = {"name": document.name, "digest": document.digest, "remark": document.remark}
    return {**plain, "pieces": pieces, "facts": asdict(document.facts)}


_ANSWERS: dict[str, Callable[[dict[str, Any], Progress], dict[str, Any]]] = {
    "document": _read,
    "image": _image,
    "glyphs": _glyphs,
}


def _limit(memory: int, seconds: float) -> None:
    """Have the system end this process when it needs more; where it cannot, time alone is limited, by the parent."""
    try:
        import resource  # Windows has none
    except ImportError:
        return
    with suppress(ValueError, OSError):
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (memory, most))
        used = resource.getrusage(resource.RUSAGE_SELF)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 1, hard))


def main() -> None:
    """Answer questions until there are no more."""
    memory, seconds = int(sys.argv[1]), float(sys.argv[2])
    # Whatever a parser prints must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def going(step: str, done: int, total: int) -> None:
        _limit(max(memory, RECOGNISING_MEMORY) if step == "recognising" else memory, seconds)
        answers.write(f"{_SIGN}{json.dumps([step, done, total])}\n")
        answers.flush()

    for line in sys.stdin:
        _limit(memory, seconds)
        answers.write(json.dumps(_answered(line, going) if line.strip() else {}) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
