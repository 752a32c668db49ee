"""The room's door on the command line: python -m index add|list|remove|check|rebuild|reembed|search."""

import argparse
import io
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from index import Hit, Index, IndexConfig, Report, WenjuError
from index.build import Outcome

_EMBEDDER = "a model folder or hub name, with :N behind it to cut its vectors to N dimensions"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code (0 done, 1 something is wrong, 2 cannot be done as asked, 130 stopped)."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A file's name can hold bytes, a terminal's encoding lack characters; neither may end a command.
        sys.stdout.reconfigure(errors="backslashreplace")
    asked = _parser().parse_args(arguments)
    config = IndexConfig(Path(asked.library), asked.embedder, getattr(asked, "download", False))
    try:
        if asked.command != "add" and not config.library.exists():
            raise WenjuError(f"There is no library {config.library}; make it: python -m index add reports/")
        with Index.open(config) as index:
            code: int = asked.run(index, asked)
            return code
    except WenjuError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped. What was saved stays; the same command goes on from there.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader, such as `head`, has seen enough; Python would complain once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--library", default=os.environ.get("WENJU_LIBRARY") or "library", help="the library's folder")
    shared.add_argument("--embedder", default=os.environ.get("WENJU_EMBEDDER", ""), help=_EMBEDDER)
    shared.add_argument("--download", action="store_true", help="fetch the embedder if it is not on this machine")
    shared.add_argument("--json", action="store_true", help="print one JSON object")
    parser = argparse.ArgumentParser(prog="python -m index", description="Keep a library of reports and search it.")
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, run: Callable[[Index, argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, parents=[shared], help=text)
        made.set_defaults(run=run)
        return made

    command("add", _add, "add report files or folders").add_argument("paths", nargs="+", type=Path)
    command("list", _list, "list the reports")
    command("remove", _remove, "take a report out").add_argument("report")
    command("check", _check, "verify the library")
    command("rebuild", _rebuild, "make the derived files again")
    command("reembed", _reembed, "move the library to --embedder; goes on where it was stopped")
    search = command("search", _search, "find paragraphs")
    search.add_argument("question")
    search.add_argument("--top", type=int, default=10)
    return parser


class _Bar:
    """A progress bar that starts anew with each step."""

    def __init__(self) -> None:
        self._step, self._bar = "", tqdm(disable=True)

    def __call__(self, step: str, done: int, total: int) -> None:
        if step != self._step:
            self._bar.close()
            self._step, self._bar = step, tqdm(total=total, desc=step, file=sys.stderr, leave=False, disable=None)
        self._bar.update(done - self._bar.n)


def _show(asked: argparse.Namespace, record: object, lines: list[str]) -> None:
    print(json.dumps(record, ensure_ascii=False) if asked.json else "\n".join(lines))


def _add(index: Index, asked: argparse.Namespace) -> int:
    added = index.add(asked.paths, _Bar())
    lines = [f"{a.outcome:9} {a.path}  {a.message or f'{a.report}, {a.paragraphs} paragraphs'}" for a in added]
    _show(asked, {"added": [asdict(one) for one in added], "generation": index.generation}, lines)
    return 2 if any(one.outcome is Outcome.FAILED for one in added) else 0


def _facts(report: Report) -> dict[str, object]:
    facts = asdict(report)
    facts["paragraphs"] = len(report.paragraphs)
    return facts


def _list(index: Index, asked: argparse.Namespace) -> int:
    reports = index.reports()
    lines = [f"{r.id}  {r.title}  {r.date or '-'}  {len(r.paragraphs)} paragraphs" for r in reports]
    _show(asked, {"reports": [_facts(report) for report in reports]}, lines or ["The library is empty."])
    return 0


def _remove(index: Index, asked: argparse.Namespace) -> int:
    index.remove(asked.report)
    _show(asked, {"removed": asked.report}, [f"removed {asked.report}"])
    return 0


def _check(index: Index, asked: argparse.Namespace) -> int:
    faults = index.check()
    _show(asked, {"faults": faults}, faults or ["The library is whole."])
    return 1 if faults else 0


def _rebuild(index: Index, asked: argparse.Namespace) -> int:
    index.rebuild()
    _show(asked, {"generation": index.generation}, ["The derived files were made again."])
    return 0


def _reembed(index: Index, asked: argparse.Namespace) -> int:
    index.reembed(_Bar())
    _show(asked, {"embedder": index.embedder}, [f"Every paragraph is embedded with {index.embedder}."])
    return 0


def _search(index: Index, asked: argparse.Namespace) -> int:
    if not asked.question.strip():
        raise WenjuError("The question is empty; write what you want to find.")
    if asked.top < 1:
        raise WenjuError(f"--top is {asked.top}; give a number of paragraphs from 1 up.")
    hits = index.search(asked.question, asked.top)
    lines = [f"{h.score:6.2f}  {h.paragraph.report} {h.paragraph.number}  {h.paragraph.text[:60]}" for h in hits]
    _show(
        asked,
        {"question": asked.question, "hits": [_hit(hit) for hit in hits]},
        lines or ["Nothing was found."],
    )
    return 0


def _hit(hit: Hit) -> dict[str, object]:
    paragraph = hit.paragraph
    where = {"report": paragraph.report, "title": hit.title, "paragraph": paragraph.number}
    return {
        **where,
        "section": paragraph.section,
        "text": paragraph.text,
        "score": hit.score,
        "ranks": asdict(hit.ranks),
    }


if __name__ == "__main__":
    sys.exit(main())
