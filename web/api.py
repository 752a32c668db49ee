"""Makes the endpoints for programs: ask, search, reports, add_report, evaluate; by HTTP and, where `mcp` is
installed, as tools of an MCP server.

What a function's docstring says is what a program, or a language model with these tools, gets to read.
"""

import base64
import binascii
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from logging import getLogger
from pathlib import Path
from threading import Lock

import gradio as gr

from eval import Plan, Scorecard, Subject, evaluate, read_set
from index import Hit, Index, Report, Scope, WenjuError
from qa import Answerer, to_json
from web.exchange import history as turns_of
from web.guard import may_edit
from web.limits import YEAR
from web.paper import body_count
from web.received import file_name, receive
from web.sets import set_file, shipped

# Calls answered at once, over all programs.
AT_ONCE = 4
# The most passages that one search returns.
MOST_HITS = 50
# Bytes of a report that may be sent, as for a file on the page.
LARGEST_REPORT = 20_000_000


class Endpoints:
    """The endpoints over an open library. Errors reach the caller as one sentence."""

    def __init__(self, index: Index, answerer: Answerer) -> None:
        self._index = index
        self._answerer = answerer
        # One run at a time keeps a core free for those who ask.
        self._turn = Lock()

    def ask(  # noqa: PLR0913, PLR0917 - the names are what a program gives
        self,
        question: str,
        history: list[dict[str, str]] | None = None,
        report: str = "",
        tag: str = "",
        year: str = "",
        version: str = "",
    ) -> dict[str, object]:
        """Answer a question from the reports of this library, every statement with the sentence it stands on.

        Where the reports do not answer, `refused` is true and `hits` are the nearest passages.

        Args:
            question: the question in everyday language, Chinese or English, up to 2,000 characters.
            history: earlier turns that a follow-up leans on, each {"question": ..., "answer": ...}; oldest first.
            report: the id of the one report to ask, as `reports` lists it; empty for all.
            tag: ask only reports with this tag, written key=value, such as "place=Huangpu".
            year: ask only reports of this year, such as "2022".
            version: the number of an earlier version to ask, or "all"; empty for the current ones.

        Returns:
            text with marks like [1], lead (the asked-for piece, where there is one), refused, confidence (0 to 1),
            citations (mark, report, title, section, paragraph, start, end, quote, version: the quotation is
            text[start:end] of that paragraph), hits (the paragraphs found, best first), flags, warnings and seconds.
        """
        with _one_sentence():
            scope = scope_of(report, tag, year, version)
            return to_json(self._answerer.answer(question, turns_of(history or []), scope))

    def search(  # noqa: PLR0913, PLR0917 - the names are what a program gives
        self, question: str, top: int = 5, report: str = "", tag: str = "", year: str = "", version: str = ""
    ) -> list[dict[str, object]]:
        """Find the paragraphs of the reports that fit a question best, without answering it.

        Args:
            question: what to look for, in everyday language.
            top: how many paragraphs to return, 1 to 50.
            report: the id of the one report to search, as `reports` lists it; empty for all.
            tag: search only reports with this tag, written key=value, such as "place=Huangpu".
            year: search only reports of this year, such as "2022".
            version: the number of an earlier version to search, or "all"; empty for the current ones.

        Returns:
            the paragraphs, best first: report, title, section, paragraph (its number), text, score, version.
        """
        with _one_sentence():
            if not 1 <= top <= MOST_HITS:
                raise WenjuError(f"top is {top}; give a number from 1 to {MOST_HITS}.")
            return [_found(hit) for hit in self._index.search(question, top, scope_of(report, tag, year, version))]

    def reports(self) -> list[dict[str, object]]:
        """List the reports of this library.

        Returns:
            for each report: id, title, date, office, source, the number of its paragraphs, tags by key, and the
            number of its current version; earlier ones are numbered from 1.
        """
        with _one_sentence():
            return [_listed(report) for report in self._index.reports()]

    def add_report(
        self, name: str, text: str = "", content: str = "", request: gr.Request | None = None
    ) -> dict[str, object]:
        """Add a report to this library; one of the same name takes the earlier one's place.

        Args:
            name: the file's name with its ending, such as "bridges-2024.txt"; the report's id is made from it.
            text: the report as plain text or Markdown.
            content: instead of `text`, the file's bytes in base64.

        Returns:
            name, outcome (added, replaced or unchanged), report (its id) and paragraphs.
        """
        with _one_sentence(), tempfile.TemporaryDirectory() as folder:
            if not may_edit(request):
                raise WenjuError("Only an editor adds reports; sign in as one.")
            sent = Path(folder) / file_name(name)
            sent.write_bytes(_bytes(text, content))
            path = receive(self._index.config.library, sent)
            (added,) = self._index.add([path])
            if added.outcome == "failed":
                raise WenjuError(added.message.replace(f"{path.parent}/", ""))
            count = body_count(self._index.report(added.report))
            told = {"outcome": str(added.outcome), "report": added.report, "paragraphs": count}
            return {"name": path.name, **told}

    def evaluate(self, name: str = "huangpu", split: str = "dev", cases: str = "") -> dict[str, object]:
        """Put a set of questions to this library and return how well it answers; this takes some seconds.

        Args:
            name: a shipped set; the file's name of `cases` where those are given.
            split: a part of a shipped set, such as "dev" or "test"; empty for all of it.
            cases: instead of a shipped set, cases as JSON Lines, each {"id": ..., "question": ...,
                "answers": [...], "evidence": [...]}, or with "answerable": false.

        Returns:
            set, split, metrics by name (value, low, high: the 95 % interval, count) and how many cases failed by step.
        """
        with _one_sentence(), tempfile.TemporaryDirectory() as folder, self._turn:
            path, part = _set(Path(folder), name, split, cases)
            case_set = read_set(path)
            with Subject.opened(case_set, self._index, self._answerer) as subject:
                return _figures(evaluate(case_set, subject, Plan(split=part, skip_bad=True)))


class CallError(gr.Error):  # type: ignore[misc]  # Gradio is untyped here
    """What a caller is told. Gradio's own error comes with quotation marks where the MCP server passes it on."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, print_exception=False)

    def __str__(self) -> str:
        """Return the sentence as it is."""
        return str(self.message)


@contextmanager
def _one_sentence() -> Iterator[None]:
    try:
        yield
    except WenjuError as error:
        raise CallError(str(error)) from error
    except Exception as error:  # Gradio would print what was asked with the traceback
        getLogger(__name__).exception("a call failed")
        raise CallError("Something unexpected happened; the log says where.") from error


def scope_of(report: str, tag: str, year: str, version: str) -> Scope:
    """Return what is asked of the library.

    Raises:
        WenjuError: the tag or the version is not written as it must be.
    """
    tags = [tag, f"{YEAR}={year}" if year else ""]
    return Index.scope([report] if report else [], [one for one in tags if one], version)


def _found(hit: Hit) -> dict[str, object]:
    paragraph = hit.paragraph
    version = {"version": hit.version}
    place = {"report": paragraph.report, "title": hit.title, "section": list(paragraph.section)}
    return {**place, "paragraph": paragraph.number, "text": paragraph.text, "score": round(hit.score, 4), **version}


def _listed(report: Report) -> dict[str, object]:
    names = {"id": report.id, "title": report.title, "date": report.date, "office": report.office}
    state = {"paragraphs": body_count(report), "tags": dict(report.tags), "version": report.version}
    return {**names, "source": Path(report.source).name, **state}


def _bytes(text: str, content: str) -> bytes:
    if bool(text) == bool(content):
        raise WenjuError("Give the report either as text or, in base64, as content.")
    try:
        read = base64.b64decode(content, validate=True) if content else text.encode()
    except (binascii.Error, ValueError) as error:
        raise WenjuError("content is no base64; send the file's bytes in that form, or text.") from error
    if len(read) > LARGEST_REPORT:
        raise WenjuError(f"The report has {len(read):,} bytes, the limit is {LARGEST_REPORT:,}; send it in parts.")
    return read


def _set(folder: Path, name: str, split: str, cases: str) -> tuple[Path, str]:
    if cases:
        path = folder / f"{Path(name).stem or 'cases'}.jsonl"
        path.write_text(cases, "utf-8")
        return path, ""
    found = set_file(f"{name}:{split}", ())
    if found is None:
        offered = ", ".join(f"{one} {part or '(all)'}" for one, part, _ in shipped())
        raise WenjuError(f"There is no set {name!r} with a split {split!r}; choose one of: {offered}.")
    return found


def _figures(card: Scorecard) -> dict[str, object]:
    metrics = {
        one.name: {"value": one.value, "low": one.low, "high": one.high, "count": one.count} for one in card.metrics
    }
    failed: dict[str, int] = {}
    for outcome in card.outcomes:
        if outcome.fault != "none":
            failed[str(outcome.fault)] = failed.get(str(outcome.fault), 0) + 1
    return {"set": card.origin.set_name, "split": card.origin.split, "metrics": metrics, "failed": failed}


def offer(endpoints: Endpoints) -> None:
    """Name the endpoints inside the open Blocks."""
    for act in (endpoints.ask, endpoints.search, endpoints.reports, endpoints.add_report, endpoints.evaluate):
        # Without a queue the MCP server calls it straight, and not by HTTP under the name that the caller gave.
        gr.api(act, api_name=act.__name__, concurrency_limit=AT_ONCE, queue=False)


def speak_json(blocks: gr.Blocks) -> None:
    """Have the MCP server answer in JSON: by itself Gradio writes a Python value as Python does."""
    server = blocks.mcp_server_obj
    if server is None:
        return
    told = server.postprocess_output_data

    def in_json(data: Sequence[object], root_url: str) -> object:
        return told([json.dumps(one, ensure_ascii=False) for one in data], root_url)

    server.postprocess_output_data = in_json
