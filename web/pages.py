"""Makes the HTML of a page of a PDF as it was printed, with quotations marked on it.

It does not know how a page is drawn, nor how a place on it is found.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape

from index import Index, WenjuError
from web.editions import number_of
from web.vote import find_paragraph
from web.words import both, hidden

Sent = Mapping[str, object]
# Page, mark, and left, top, right and bottom as shares of the page.
Marked = tuple[int, int, tuple[float, ...]]

# As many colours as the style sheet has.
COLOURS = 5


def page_figure(index: Index, sent: Sent) -> str:
    """Return the page that a paragraph stands on, or where only a page is named that page; empty where there is none.

    `sent` holds the report, its version, a `paragraph` with the `pieces` of it that are quoted, each with mark, start
    and end; or a `page`.
    """
    report, version = str(sent.get("report", "")), number_of(sent.get("version"))
    try:
        marked = _marked(index, sent, version)
        pages = list(dict.fromkeys(page for page, _, _ in marked)) or [number_of(sent.get("page"))]
        return "".join(_figure(index, (report, version), page, marked) for page in pages if page)
    except WenjuError:  # the text stands beside it all the same
        return ""


def _marked(index: Index, sent: Sent, version: int) -> list[Marked]:
    pieces = sent.get("pieces", ())
    if not isinstance(pieces, Sequence) or isinstance(pieces, str) or "paragraph" not in sent:
        return []
    paragraph = find_paragraph(index, str(sent.get("report", "")), str(sent["paragraph"]), version)
    found: list[Marked] = []
    for piece in pieces:
        mark, start, end = (number_of(piece.get(name)) for name in ("mark", "start", "end"))
        found += [(one.page, mark, one.box) for one in index.boxes(paragraph, start, end, version)]
    return found


def _figure(index: Index, where: tuple[str, int], page: int, marked: Sequence[Marked]) -> str:
    image = index.page_image(where[0], page, where[1])
    if image is None:
        return ""
    marks = "".join(_mark(mark, box) for at, mark, box in marked if at == page)
    source = f"data:image/png;base64,{b64encode(image).decode()}"
    return (
        f'<figure class="sheetpage" data-page="{page}"><figcaption>{both("as_printed", page=page)}'
        f'<button type="button" class="plain-key" data-shut-page>{both("hide_page")}</button></figcaption>'
        f'<div class="printed" tabindex="0"><div class="leaf"><img src="{source}" alt="">{marks}</div>'
        f"{hidden('as_printed', page=page)}</div></figure>"
    )


def _mark(mark: int, box: tuple[float, ...]) -> str:
    left, top, right, bottom = (100 * share for share in box)
    place = f"left:{left:.2f}%;top:{top:.2f}%;width:{right - left:.2f}%;height:{bottom - top:.2f}%"
    return f'<i class="h{(max(mark, 1) - 1) % COLOURS + 1}" style="{escape(place)}"></i>'
