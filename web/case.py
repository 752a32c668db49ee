"""Makes the HTML of one judged case: question, right answer, the answer given, and both marked in the report.

Gold evidence and citations are painted by offsets into the same paragraph. Pure records in, escaped HTML out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from eval import Cards
from web.card import place_name
from web.scorecard import fault_name, kind_name
from web.words import both

# Paragraphs that are shown whole; a quotation of a set's evidence seldom stands in more.
MOST_PARAGRAPHS = 4

# The text of a paragraph by (report, number), as far as it is still on the shelf.
Texts = Mapping[tuple[str, int], str]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a paragraph, `text[start:end]`: gold evidence, or what was cited."""

    start: int
    end: int
    gold: bool


def case_page(outcome: Cards.Outcome, texts: Texts, on_shelf: bool) -> str:
    """Return the opened case; `on_shelf` says that its paragraphs can be opened in the report pane."""
    head = (
        f'<div class="panelhead"><h2 tabindex="-1">{escape(outcome.case.question)}</h2>'
        f'<span class="tag">{fault_name(outcome.fault)}</span></div>'
    )
    left = f'<dl class="facts">{"".join(_facts(outcome))}</dl>{_ranking(outcome)}'
    right = f"{_key()}{''.join(_paragraphs(outcome, texts, on_shelf))}"
    return f'<section class="panel case">{head}<div class="two"><div>{left}</div><div>{right}</div></div></section>'


def painted(text: str, spans: Sequence[Span]) -> str:
    """Return `text` with its spans marked; where both kinds meet, the mark says so."""
    cuts = sorted({0, len(text), *(end for span in spans for end in (span.start, span.end))})
    parts = []
    for start, end in pairwise(cuts):
        kinds = {span.gold for span in spans if span.start <= start and end <= span.end}
        name = {(): "", (True,): "gold", (False,): "cited"}.get(tuple(kinds), "gold cited")
        piece = escape(text[start:end])
        parts.append(f'<mark class="{name}">{piece}</mark>' if name else piece)
    return "".join(parts)


def spans_of(outcome: Cards.Outcome, texts: Texts) -> dict[tuple[str, int], list[Span]]:
    """Return where evidence and citations stand, by paragraph: the right ones first, then those only cited."""
    case = outcome.case
    named = [(place.report, place.number) for place in case.places]
    found: dict[tuple[str, int], list[Span]] = {place: [] for place in named if place in texts}
    for quotation in case.evidence:
        for place in named or texts:
            text = texts.get(place, "")
            if quotation and (start := text.find(quotation)) >= 0:
                found.setdefault(place, []).append(Span(start, start + len(quotation), True))
    for quote in outcome.given.quotes if outcome.given else ():
        place = (quote.place.report, quote.place.number)
        if quote.text and (start := texts.get(place, "").find(quote.text)) >= 0:
            found.setdefault(place, []).append(Span(start, start + len(quote.text), False))
    return found


def _facts(outcome: Cards.Outcome) -> Iterator[str]:
    case, given = outcome.case, outcome.given
    yield _fact("kind_of", kind_name(case.kind))
    if case.history:
        yield _fact("asked_before", "<br>".join(escape(turn.question) for turn in case.history))
    if case.answerable:
        yield _fact("expected", escape(" / ".join(case.answers) or "–"))
        yield _fact("evidence", "<br>".join(f'<mark class="gold">{escape(one)}</mark>' for one in case.evidence))
    else:
        yield _fact("expected", both("expected_none"))
    yield _fact("given", escape(given.text) if given else both("searched_only"))
    if given:
        yield _fact("confidence", f"{given.confidence:.2f}")
    yield _fact("right_rank", escape(", ".join(map(str, outcome.ranks)) or "–"))


def _fact(key: str, html: str) -> str:
    return f"<dt>{both(key)}</dt><dd>{html}</dd>"


def _ranking(outcome: Cards.Outcome) -> str:
    rows = "".join(_hit(hit.place.number, hit.opening, hit.right) for hit in outcome.retrieved)
    return f'<h3>{both("ranking")}</h3><ol class="ranking">{rows}</ol>' if rows else ""


def _hit(number: int, opening: str, right: bool) -> str:
    name, tag = ("found", f'<span class="tag good">{both("is_right")}</span>') if right else ("", "")
    text = f'{place_name(number)} <span lang="zh-CN">{escape(opening)}…</span>'
    return f'<li class="{name}"><span>{text}</span>{tag}</li>'


def _key() -> str:
    names = (("gold", "key_gold"), ("cited", "key_cited"), ("gold cited", "key_both"))
    return f'<p class="key">{"".join(_swatch(name, key) for name, key in names)}</p>'


def _swatch(name: str, key: str) -> str:
    return f'<mark class="{name}">{both(key)}</mark>'


def _paragraphs(outcome: Cards.Outcome, texts: Texts, on_shelf: bool) -> Iterator[str]:
    found = spans_of(outcome, texts)
    for place in list(found)[:MOST_PARAGRAPHS]:
        yield _paragraph(place, painted(texts[place], found[place]), on_shelf)
    lost = list(_lost(outcome, texts))
    if lost:
        yield f'<p class="hint">{both("text_gone")}</p>{"".join(lost)}'
    if not found and not lost:
        yield f'<p class="hint">{both("nothing_marked")}</p>'


def _paragraph(place: tuple[str, int], html: str, on_shelf: bool) -> str:
    report, number = place
    link = (
        f'<a href="#ask" class="in-report" data-open="{escape(report)}" data-at="{number}">{both("in_report")}</a>'
        if on_shelf
        else ""
    )
    head = f'<div class="where"><span>{place_name(number)}</span>{link}</div>'
    return f'<div class="passage">{head}<p lang="zh-CN">{html}</p></div>'


def _lost(outcome: Cards.Outcome, texts: Texts) -> Iterable[str]:
    """Yield the quotations whose paragraph has changed or gone since the run."""
    for quote in outcome.given.quotes if outcome.given else ():
        if quote.text not in texts.get((quote.place.report, quote.place.number), ""):
            yield f'<p lang="zh-CN"><mark class="cited">{escape(quote.text)}</mark></p>'
