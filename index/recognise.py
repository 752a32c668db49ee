"""Makes Lines of the picture of a page: text recognition. The only door to RapidOCR, which is an extra.

It does not know PDF, paragraphs or headings.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from statistics import median
from typing import Any

from index.document import Line, Pixels, ReadError, Span

# Pixels of a page's longer side: RapidOCR makes larger pictures smaller.
LONGER_SIDE = 2_000
# Of the type's size; a wider gap parts a table's cells. Boxes reach over their text, so less than on a page itself.
_WIDE_GAP = 0.8
_ALIKE = 0.1  # sizes that differ by so small a share are one; levels of headings differ by an eighth and more
_FEWEST_WIDTHS = 4  # characters that a box's margins do not weigh against
_MARGINS = 0.7  # the type's size as a share of the height of a short run's box
_LATIN = "\u2e7f"  # from here on characters are Chinese, or as wide as high


@dataclass(frozen=True, slots=True)
class _Run:
    """A recognised run of text and its box, in points."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def size(self) -> float:
        """The type's size: a long run's by its width, a short one's without the margin that its box has."""
        widths = sum(1.0 if sign > _LATIN else 0.5 for sign in self.text)
        width, height = self.right - self.left, self.bottom - self.top
        if widths >= _FEWEST_WIDTHS:
            return width / widths
        square = widths == len(self.text) > 1
        return (width - height) / (widths - 1) if square and width > height else _MARGINS * height


def is_installed() -> bool:
    """Say whether pictures can be read here."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def recognise(name: str, pixels: Pixels, page: int, size: tuple[float, float]) -> list[Line]:
    """Return the lines of a page's picture from above to below; `size` is the page's in points.

    Raises:
        ReadError: the recognition fails.
    """
    width, height = size
    try:
        found = _engine()(pixels)
    except Exception as error:  # ONNX Runtime and OpenCV have errors of their own, for want of memory too
        reason = type(error).__name__
        raise ReadError(f"{name}: the text of page {page} cannot be recognised ({reason}); add it without.") from error
    if found.txts is None:
        return []
    scale = width / pixels.shape[1]
    runs = [_run(text, scale * box) for text, box in zip(found.txts, found.boxes, strict=True) if text.strip()]
    return [
        Line(
            spans=tuple(_spans(row)),
            top=min(one.top for one in row),
            bottom=max(one.bottom for one in row),
            size=max(row, key=lambda one: len(one.text)).size,
            bold=False,
            page=page,
            width=width,
            height=height,
        )
        for row in _rows(runs)
    ]


def evened(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with one size for all that nearly have it: pictures are measured roughly."""
    if not lines:
        return []
    body = round(median(line.size for line in lines for _ in line.text), 1)
    named: dict[float, float] = {}
    largest = 0.0
    for size in sorted({line.size for line in lines}, reverse=True):
        if size < (1 - _ALIKE) * largest or not largest:
            largest = size
        near = abs(size - body) <= _ALIKE * body
        named[size] = body if near else round(largest, 1)
    return [replace(line, size=named[line.size]) for line in lines]


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "error",
            # Its test for lines that stand on their heads is wrong now and then, and the line is lost.
            "Global.use_cls": False,
            # A page takes 4.0 s of a processor by one thread, 6.5 s by two, which wait for each other by spinning.
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _run(text: str, box: Any) -> _Run:
    left, top = (float(side) for side in box.min(axis=0))
    right, bottom = (float(side) for side in box.max(axis=0))
    return _Run(" ".join(text.split()), left, top, right, bottom)


def _rows(runs: Sequence[_Run]) -> Iterator[list[_Run]]:
    """Put runs whose middles are at one height into a row, from left to right."""
    row: list[_Run] = []
    for run in sorted(runs, key=lambda one: one.top + one.bottom):
        if row and (run.top + run.bottom - row[0].top - row[0].bottom) / 2 > 0.5 * min(run.size, row[0].size):
            yield sorted(row, key=lambda one: one.left)
            row = []
        row.append(run)
    if row:
        yield sorted(row, key=lambda one: one.left)


def _spans(row: Sequence[_Run]) -> Iterator[Span]:
    """Yield the row's runs; those that nearly touch are one."""
    text, left, right = row[0].text, row[0].left, row[0].right
    for run in row[1:]:
        if run.left - right > _WIDE_GAP * run.size:
            yield Span(text, left, right)
            text, left = run.text, run.left
        else:
            text += run.text
        right = run.right
    yield Span(text, left, right)
