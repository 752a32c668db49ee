"""What each command of the library does with its arguments, and what it prints.

A conductor over the room; argument names and the way they are given are __main__'s.
"""

import argparse
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict

from tqdm import tqdm

from index import Hit, Index, Report, WenjuError
from index.build import Adding
from index.changes import Change
from index.records import Paragraph
from index.scope import tags_of
from index.steps import Added, FileStep, Outcome
from index.watch import Watch, watch

# What a command is called with: the open library, and what was asked.
Command = Callable[[Index, argparse.Namespace], int]


class Bar:
    """A progress bar that starts anew with each step."""

    def __init__(self) -> None:
        """Show nothing yet."""
        self._step, self._bar = "", tqdm(disable=True)

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show how far a step is."""
        if step != self._step:
            self._bar.close()
            self._step, self._bar = step, tqdm(total=total, desc=step, file=sys.stderr, leave=False, disable=None)
        self._bar.update(done - self._bar.n)

    def follow(self, one: FileStep) -> None:
        """Show how far one of several files is, by its name."""
        name = " ".join(one.path.split()).rsplit("/", 1)[-1]
        of = f"{one.at}/{one.files} " if one.files > 1 else ""
        self(f"{of}{name[:40]}: {one.step}", one.done, one.total)


def _show(asked: argparse.Namespace, record: object, lines: list[str]) -> None:
    print(json.dumps(record, ensure_ascii=False) if asked.json else "\n".join(lines), flush=True)


def add(index: Index, asked: argparse.Namespace) -> int:
    """Add files; 2 where one failed."""
    adding = Adding(asked.encoding, tags_of(asked.tag or ()))
    added = index.add(asked.paths, adding=adding, following=Bar().follow)
    _show(
        asked, {"added": [asdict(one) for one in added], "generation": index.generation}, [_line(one) for one in added]
    )
    return 2 if any(one.outcome is Outcome.FAILED for one in added) else 0


def _line(one: Added) -> str:
    what = f"{one.report}, {one.paragraphs} paragraphs" if one.outcome is not Outcome.FAILED else ""
    return f"{one.outcome:9} {' '.join(one.path.split())}  {'; '.join(filter(None, (what, one.message)))}"


def list_reports(index: Index, asked: argparse.Namespace) -> int:
    """List the reports."""
    reports = index.reports()
    lines = [f"{r.id}  {r.title}  {r.date or '-'}  {len(r.paragraphs)} paragraphs{_marks(r)}" for r in reports]
    _show(asked, {"reports": [_facts(report) for report in reports]}, lines or ["The library is empty."])
    return 0


def _marks(report: Report) -> str:
    version = f"  version {report.version}" if report.version > 1 else ""
    # Year and body stand in the line already, as the report's own.
    own = {("year", report.date[:4]), ("body", report.office)}
    return version + "".join(f"  {key}={value}" for key, value in report.tags if (key, value) not in own)


def _facts(report: Report) -> dict[str, object]:
    facts = asdict(report)
    facts["paragraphs"] = len(report.paragraphs)
    facts["tags"] = dict(report.tags)
    return facts


def show(index: Index, asked: argparse.Namespace) -> int:
    """Show one report with its facts and its paragraphs."""
    report, versions = index.report(asked.report, asked.version), index.versions(asked.report)
    lines = [report.title, f"{report.id}  {report.date or '-'}  {report.office or '-'}  {', '.join(report.authors)}"]
    lines += [f"read from {' '.join(report.source.split())}"] if report.source else []
    lines += [f"tags: {', '.join(f'{key}={value}' for key, value in report.tags) or 'none'}"]
    lines += [f"version {one.number}{'*' * one.current}  {one.added or '-'}  {one.paragraphs}" for one in versions]
    section: tuple[str, ...] = ()
    for one in report.paragraphs:
        if one.section != section:
            lines += ["", " > ".join(one.section)]
            section = one.section
        lines.append(f"{one.number:4} {f'(p. {one.page}) ' if one.page else ''}{one.text}")
    record = {**_whole(report), "versions": [asdict(one) for one in versions]}
    _show(asked, record, lines)
    return 0


def _whole(report: Report) -> dict[str, object]:
    return {**_facts(report), "paragraphs": [_paragraph(one) for one in report.paragraphs]}


def _paragraph(paragraph: Paragraph) -> dict[str, object]:
    facts = asdict(paragraph)
    del facts["report"]
    return {**facts, "sentences": [[one.start, one.end] for one in paragraph.sentences]}


def export(index: Index, asked: argparse.Namespace) -> int:
    """Write every version of every report, one JSON object a line."""
    lines = [json.dumps(_whole(report), ensure_ascii=False) for report in index.every_version()]
    if asked.out is None:
        sys.stdout.writelines(f"{line}\n" for line in lines)
        return 0
    try:
        asked.out.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    except OSError as error:
        raise WenjuError(f"{asked.out} cannot be written ({error.strerror}); name another file with --out.") from error
    _show(asked, {"out": str(asked.out), "reports": len(lines)}, [f"{len(lines)} reports in {asked.out}"])
    return 0


def diff(index: Index, asked: argparse.Namespace) -> int:
    """Show what changed between two versions of a report."""
    found = index.diff(asked.report, asked.before, asked.after)
    record = {"report": asked.report, "changes": [_change(one) for one in found]}
    lines = [line for one in found for line in _change_lines(one)]
    _show(asked, record, lines or ["No paragraph differs."])
    return 0


def _change(change: Change) -> dict[str, object]:
    sides = {"before": change.before, "after": change.after}
    return {
        "kind": change.kind,
        **{side: None if one is None else {"paragraph": one.number, "text": one.text} for side, one in sides.items()},
    }


def _change_lines(change: Change) -> list[str]:
    before = [f"- {change.before.number} {change.before.text}"] if change.before else []
    return [*before, *([f"+ {change.after.number} {change.after.text}"] if change.after else [])]


def watch_folder(index: Index, asked: argparse.Namespace) -> int:
    """Keep the library like a folder until it is interrupted; with --once, look once."""

    def tell(told: tuple[Added, ...]) -> None:
        for one in told:
            _show(asked, asdict(one), [_line(one)])

    seen = Watch(index, asked.folder)
    if asked.once:
        told = seen.look(at_once=True)
        tell(told)
        return 2 if any(one.outcome is Outcome.FAILED for one in told) else 0
    with suppress(KeyboardInterrupt):
        watch(seen, asked.every, tell)
    return 0


def remove(index: Index, asked: argparse.Namespace) -> int:
    """Take a report out, with its earlier versions."""
    index.remove(asked.report)
    _show(asked, {"removed": asked.report}, [f"removed {asked.report}"])
    return 0


def check(index: Index, asked: argparse.Namespace) -> int:
    """Verify the library; 1 where something is wrong."""
    faults = index.check()
    _show(asked, {"faults": faults}, faults or ["The library is whole."])
    return 1 if faults else 0


def rebuild(index: Index, asked: argparse.Namespace) -> int:
    """Make the derived files again."""
    index.rebuild()
    _show(asked, {"generation": index.generation}, ["The derived files were made again."])
    return 0


def reembed(index: Index, asked: argparse.Namespace) -> int:
    """Embed every paragraph again."""
    index.reembed(Bar())
    _show(asked, {"embedder": index.embedder}, [f"Every paragraph is embedded with {index.embedder}."])
    return 0


def search(index: Index, asked: argparse.Namespace) -> int:
    """Find paragraphs."""
    if not asked.question.strip():
        raise WenjuError("The question is empty; write what you want to find.")
    if asked.top < 1:
        raise WenjuError(f"--top is {asked.top}; give a number of paragraphs from 1 up.")
    hits = index.search(asked.question, asked.top, Index.scope(asked.report or (), asked.tag or (), asked.version))
    lines = [f"{h.score:6.2f}  {h.paragraph.report} {h.paragraph.number}  {h.paragraph.text[:60]}" for h in hits]
    _show(asked, {"question": asked.question, "hits": [_hit(one) for one in hits]}, lines or ["Nothing was found."])
    return 0


def _hit(hit: Hit) -> dict[str, object]:
    paragraph = hit.paragraph
    where = {"report": paragraph.report, "version": hit.version, "title": hit.title, "paragraph": paragraph.number}
    found = {"section": paragraph.section, "page": paragraph.page, "text": paragraph.text}
    return {**where, **found, "score": hit.score, "ranks": asdict(hit.ranks)}
