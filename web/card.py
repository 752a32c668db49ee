"""Makes the HTML of a question and its answer card: lead line, marked text, sources, refusal.

Pure text in, escaped HTML out; it does not know Gradio, sessions or how answers are found.
"""

import json
import re
from collections.abc import Collection, Iterable
from html import escape

from qa import Answer, Citation, Mode
from web.exchange import Exchange, Near
from web.limits import EVERYTHING, Limit, limited, version_words
from web.terms import DOUBTS, UNVERIFIED
from web.words import both, hidden, pair

# As many colours as the style sheet has; later marks begin again with the first.
COLOURS = 5
# Confidence from which an answer is called sure, and from which fairly sure.
SURE = 0.75
FAIRLY_SURE = 0.5

_WRITERS = {Mode.EXTRACTIVE: "by_report", Mode.MODEL: "by_model"}
_MARK = re.compile(r"\[(\d{1,3})\]")
_CHECK = (
    '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="M2.5 8.5l3.6 3.8L13.5 4" fill="none" '
    'stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/></svg>'
)


def bubble(question: str, searched: str, limit: Limit = EVERYTHING) -> str:
    """Return the reader's question; below it what was searched where it was rewritten, and what it was limited to."""
    asked = f'<div class="me">{hidden("you")}{escape(question)}</div>'
    rewritten = both("rewritten", question=searched) if searched not in ("", question) else ""
    within = f'{both("limited_to")}<span class="within">{limited(limit)}</span>' if limit.query else ""
    notes = " · ".join(filter(None, (rewritten, within)))
    return f'{asked}<p class="rew">{notes}</p>' if notes else asked


def card(exchange: Exchange, answer: Answer) -> str:
    """Return the card of an exchange's answer; while it grows it has no foot.

    With a key it can be judged: useful, not useful, or which passage would have been right.
    """
    judged = bool(exchange.key) and exchange.done
    inner = _refusal(exchange, answer, judged) if answer.refused else _statement(answer)
    foot = _foot(answer, judged) if exchange.done else ""
    classes = "ans" + (" no" if answer.refused else "") + ("" if exchange.done else " busy")
    pieces = escape(_pieces(answer.citations))
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in answer.warnings)
    key = f' data-answer="{escape(exchange.key)}"' if judged else ""
    return f'<article class="{classes}"{key} data-cites="{pieces}">{inner}{notes}{foot}</article>'


def waiting() -> str:
    """Return the card shown until the first words of an answer arrive."""
    return f'<article class="ans busy wait"><span class="pulse" aria-hidden="true"></span>{both("working")}</article>'


def problem(sentence: str) -> str:
    """Return the card of a question that met an error; `sentence` is HTML already escaped."""
    return (
        f'<article class="ans no"><div class="lead">{both("problem")}</div><p class="near">{sentence}</p>'
        f'<div class="foot"><span class="acts">{_again()}</span></div></article>'
    )


def plain(answer: Answer) -> str:
    """Return what the copy button copies: the text, then its sources as footnotes."""
    notes = (f"[{c.mark}] {c.title} · {' › '.join(c.section)} · ¶{c.paragraph}" for c in _firsts(answer.citations))
    doubts = (f"? {UNVERIFIED}: {answer.text[flag.start : flag.end]}" for flag in answer.flags)
    lead = f"{answer.lead} — " if answer.lead else ""
    return "\n".join([f"{lead}{answer.text}", "", *notes, *doubts]).rstrip()


def short_heading(heading: str) -> str:
    """Return the first clause of a heading, which is enough to find it again."""
    return re.split(r"[,,]", heading, maxsplit=1)[0]


def _statement(answer: Answer) -> str:
    lead = f'<div class="lead">{escape(answer.lead)}</div>' if answer.lead else ""
    return f'{lead}<div class="quote" lang="zh-CN">{_marked(answer)}</div>{_sources(answer.citations)}'


def _marked(answer: Answer) -> str:
    """Return the answer's text with its marks as links and the first sight of its lead in bold."""
    marks = {cited.mark for cited in answer.citations}
    if answer.flags:
        return _doubted(answer, marks)
    before, lead, after = answer.text.partition(answer.lead) if answer.lead else (answer.text, "", "")
    bold = f"<strong>{escape(lead)}</strong>" if lead else ""
    return f"{_linked(before, marks)}{bold}{_linked(after, marks)}".replace("\n", "<br>")


def _doubted(answer: Answer, marks: Collection[int]) -> str:
    """Return the answer's text with each sentence that is not verified marked, and the reason behind it."""
    html, at = "", 0
    for flag in answer.flags:
        why = pair(*(phrase.format(detail=flag.detail) for phrase in DOUBTS[flag.reason]))
        told = f'<small class="why">{why}</small>'
        said = _linked(answer.text[flag.start : flag.end], marks)
        html += f'{_linked(answer.text[at : flag.start], marks)}<span class="doubt">{said} {told}</span>'
        at = flag.end
    return (html + _linked(answer.text[at:], marks)).replace("\n", "<br>")


def _linked(text: str, marks: Collection[int]) -> str:
    """Escape `text` and make links of the marks that stand for a quotation."""
    parts = _MARK.split(text)
    html = [escape(parts[0])]
    for number, following in zip(parts[1::2], parts[2::2], strict=True):
        mark = int(number)
        html.append(_link(mark) if mark in marks else f"[{number}]")
        html.append(escape(following))
    return "".join(html)


def _link(mark: int, quote: str = "") -> str:
    """Return the mark as a link; with a `quote` it shows that sentence when pointed at."""
    told = f' data-quote="{escape(quote)}"' if quote else ""
    name = hidden("mark", mark="")
    return f'<a class="cite c{_colour(mark)}" href="#cite" data-mark="{mark}"{told}>{name}{mark}</a>'


def _colour(mark: int) -> int:
    return (mark - 1) % COLOURS + 1


def _quotes(citations: Iterable[Citation]) -> dict[int, str]:
    """Return each mark's quotation; the pieces of a shortened sentence are joined by an ellipsis."""
    quotes: dict[int, str] = {}
    for cited in citations:
        quotes[cited.mark] = f"{quotes[cited.mark]}…{cited.quote}" if cited.mark in quotes else cited.quote
    return quotes


def _firsts(citations: Iterable[Citation]) -> list[Citation]:
    """Return the first piece of every mark, in the order of the marks."""
    firsts: dict[int, Citation] = {}
    for cited in citations:
        firsts.setdefault(cited.mark, cited)
    return [firsts[mark] for mark in sorted(firsts)]


def _sources(citations: tuple[Citation, ...]) -> str:
    quotes = _quotes(citations)
    rows = "".join(_source(cited, quotes[cited.mark]) for cited in _firsts(citations))
    return f'<ol class="sources">{rows}</ol>' if rows else ""


def _source(cited: Citation, quote: str) -> str:
    percent = round(100 * min(max(cited.strength, 0.0), 1.0))
    path = " › ".join(short_heading(heading) for heading in cited.section)
    # With one report on the shelf, whose it is goes without saying: the style sheet hides it.
    title = f'<span class="from" lang="zh-CN">《{escape(cited.title)}》</span>'
    return (
        f'<li class="src">{_link(cited.mark, quote)}<span>{title}<b lang="zh-CN">{escape(path)}</b>'
        f'<span class="at"> · {place_name(cited.paragraph)}</span>{_edition(cited)}'
        f'<span class="told" lang="zh-CN">{escape(quote)}</span></span>'
        f'<span class="bar" style="--full:{percent}%">{hidden("strength", percent=percent)}</span></li>'
    )


def _edition(cited: Citation) -> str:
    """Return which version a quotation is from, where the report has had more than one."""
    return f'<span class="at"> · {pair(*version_words(str(cited.version)))}</span>' if cited.version > 1 else ""


def place_name(number: int) -> str:
    """Return how a paragraph is called; number 0 are the report's facts about itself."""
    return both("number", number=number) if number else both("about_report")


def _pieces(citations: Iterable[Citation]) -> str:
    """Return where each quotation stands, as JSON for the page's script; offsets count code points."""
    places = [
        {
            **{"mark": c.mark, "report": c.report, "version": c.version},
            **{"paragraph": c.paragraph, "start": c.start, "end": c.end},
        }
        for c in citations
    ]
    return json.dumps(places, ensure_ascii=False)


def _foot(answer: Answer, judged: bool) -> str:
    seconds = f"{max(sum(step.seconds for step in answer.seconds), 0.01):.2f}"
    took = f"<span>{both('seconds', seconds=seconds)}</span>"
    if answer.refused:
        return f'<div class="foot">{took}{_acts(_again(), judged)}</div>'
    verbatim = f'<span class="ok">{_CHECK}{both("verbatim")}</span>' if answer.citations else ""
    # A text that quotes nothing was not checked, so nothing is said of how sure it is.
    sure = f"<span>{both(_sureness(answer.confidence))}</span>" if answer.citations else ""
    writer = f'<span class="by {answer.mode.value}">{both(_WRITERS[answer.mode])}</span>'
    return f'<div class="foot">{verbatim}{sure}{writer}{took}{_acts(_take(answer) + _again(), judged)}</div>'


def _take(answer: Answer) -> str:
    """Return the buttons that take an answer along: its text with footnotes, and a link that asks it again."""
    return (
        f'<button type="button" class="act" data-copy="{escape(plain(answer))}">{both("copy")}</button>'
        f'<button type="button" class="act" data-link>{both("link")}</button>{_earlier(answer)}'
    )


def _earlier(answer: Answer) -> str:
    """Return the button that asks the version before the cited one, where the report has had more than one."""
    cited = next((one for one in answer.citations if one.version > 1), None)
    if cited is None:
        return ""
    before = Limit(cited.report, cited.title, version=str(cited.version - 1))
    asked = escape(answer.searched or answer.question)
    return (
        f'<button type="button" class="act" data-earlier="{escape(before.query)}" data-ask="{asked}">'
        f"{both('earlier_says')}</button>"
    )


def _again() -> str:
    """Return the buttons that ask a question once more, as it was or changed."""
    return (
        f'<span class="again"><button type="button" class="act" data-again>{both("again_ask")}</button>'
        f'<button type="button" class="act" data-edit>{both("edit")}</button></span>'
    )


def _acts(first: str, judged: bool) -> str:
    votes = "".join(
        f'<button type="button" class="act" data-vote="{verdict}">{both(word)}</button>'
        for verdict, word in (("up", "useful"), ("down", "useless"))
    )
    return f'<span class="acts">{first}<span class="ballot">{votes if judged else ""}</span></span>'


def _sureness(confidence: float) -> str:
    if confidence >= SURE:
        return "sure_high"
    return "sure_middle" if confidence >= FAIRLY_SURE else "sure_low"


def _refusal(exchange: Exchange, answer: Answer, judged: bool) -> str:
    rows = "".join(_near(near, judged) for near in exchange.near)
    nearest = f'<p class="near">{both("nearest")}</p><ul class="nearest">{rows}</ul>' if rows else ""
    chips = "".join(
        f'<button type="button" class="chip" lang="zh-CN" data-ask="{escape(question)}">{escape(question)}</button>'
        for question in exchange.offers
    )
    offered = f'<p class="near">{both("answered_instead")}</p><div class="offers">{chips}</div>' if chips else ""
    return f'<div class="lead">{escape(answer.text)}</div>{nearest}{offered}'


def _near(near: Near, judged: bool) -> str:
    place = f'data-report="{escape(near.report)}" data-paragraph="{near.paragraph}" data-version="{near.version}"'
    right = f'<button type="button" class="act" data-right {place}>{both("right_passage")}</button>' if judged else ""
    return (
        f'<li><a class="near-link" href="#cite" {place}>{place_name(near.paragraph)}</a> '
        f'<span lang="zh-CN">{escape(near.text)}</span> {right}</li>'
    )
