"""Makes a file of a conversation, with its sources: Markdown, Word or JSON.

It does not know where a conversation is kept.
"""

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from index import WenjuError
from qa import Answer, Citation
from web.exchange import Exchange, kept
from web.limits import version_words
from web.words import WORDS

# The version of the JSON file's form.
FORM = 1
_KINDS = {
    "md": "text/markdown",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}


class ExportError(WenjuError):
    """A conversation that cannot be made a file of."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A file for the reader's browser to save; its bytes in base64."""

    name: str
    kind: str
    bytes: str


def export(name: str, talk: Sequence[Exchange], ending: str) -> Exported:
    """Return the conversation as a file with that ending: md, docx or json.

    Raises:
        ExportError: there is no such ending, or nothing to export.
    """
    if ending not in _KINDS:
        raise ExportError(f"{ending!r} is no form of export; choose one of {', '.join(_KINDS)}.")
    if not talk:
        raise ExportError("There is nothing to export; ask a question first.")
    title = name or talk[0].question
    made = {"md": _markdown, "docx": _word, "json": _json}[ending](title, talk)
    return Exported(f"wenju-{_file_name(title)}.{ending}", _KINDS[ending], base64.b64encode(made).decode())


def _file_name(title: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in title[:40]).strip("-") or "talk"


def _made_on() -> str:
    return WORDS["exported_from"][0].format(date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"))


def _json(title: str, talk: Sequence[Exchange]) -> bytes:
    turns = [kept(exchange) for exchange in talk]
    for one in turns:
        if one:
            del one["key"]  # only this server knows what it means
    form = {"form": FORM, "title": title, "made": datetime.now(UTC).isoformat(timespec="seconds"), "turns": turns}
    return json.dumps(form, ensure_ascii=False, indent=2).encode()


def _markdown(title: str, talk: Sequence[Exchange]) -> bytes:
    parts = [f"# {_line(title)}", _made_on()]
    for exchange, answer in _answered(talk):
        lead = f"**{_line(answer.lead)}** — " if answer.lead else ""
        within = [f"{WORDS['limited_to'][0]}{_line(exchange.limit.named[0])}"] if exchange.limit.query else []
        parts += [f"## {_line(exchange.question)}", *within, f"{lead}{_text(answer)}"]
        parts += [f"{number}. > {_line(quote)}\n   >\n   > {_line(place)}" for number, quote, place in sources(answer)]
    return ("\n\n".join(parts) + "\n").encode()


def _line(text: str) -> str:
    """Return text that stays text in Markdown: on one line, and nothing in it begins an element or a link."""
    escaped = "".join(f"\\{letter}" if letter in "\\`*_[]<>#|!" else letter for letter in text)
    return " ".join(escaped.split())


def _text(answer: Answer) -> str:
    text = answer.text
    for cited in {cited.mark for cited in answer.citations}:
        text = text.replace(f"[{cited}]", f"\x00{cited}\x01")
    return _line(text).replace("\x00", "[").replace("\x01", "]")


def _answered(talk: Sequence[Exchange]) -> Iterator[tuple[Exchange, Answer]]:
    return ((exchange, exchange.answer) for exchange in talk if exchange.answer)


def sources(answer: Answer) -> list[tuple[int, str, str]]:
    """Return each mark with its quotation and where that stands; pieces of a sentence are joined by an ellipsis."""
    quotes: dict[int, list[Citation]] = {}
    for cited in answer.citations:
        quotes.setdefault(cited.mark, []).append(cited)
    return [(mark, "…".join(one.quote for one in same), _place(same[0])) for mark, same in sorted(quotes.items())]


def _place(cited: Citation) -> str:
    edition = [version_words(str(cited.version))[0]] if cited.version > 1 else []
    return " · ".join([cited.title, *edition, *cited.section, WORDS["number"][0].format(number=cited.paragraph)])


def _word(title: str, talk: Sequence[Exchange]) -> bytes:
    import docx  # a third of a second, and only some readers export

    document = docx.Document()
    document.add_heading(_printable(title), 0)
    document.add_paragraph(_made_on())
    for exchange, answer in _answered(talk):
        document.add_heading(_printable(exchange.question), 1)
        if exchange.limit.query:
            document.add_paragraph(_printable(f"{WORDS['limited_to'][0]}{exchange.limit.named[0]}"), "Caption")
        statement = document.add_paragraph()
        if answer.lead:
            statement.add_run(_printable(answer.lead)).bold = True
            statement.add_run(" — ")
        statement.add_run(_printable(answer.text))
        for mark, quote, place in sources(answer):
            document.add_paragraph(_printable(f"[{mark}] {quote}"), "Intense Quote")
            document.add_paragraph(_printable(place), "Caption")
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _printable(text: str) -> str:
    """Leave out what a Word file cannot hold."""
    return "".join(letter for letter in text if letter in "\t\n" or letter.isprintable())
