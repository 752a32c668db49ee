"""The room's door on the command line: python -m eval run|check|compare|sweep|draft|adopt|speed|reading.

Arguments and exit codes live here, nothing else.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from eval import commands
from eval.reading import DOCUMENTS
from eval.sweep import NAMES
from index import WenjuError

_SHIPPED = Path(__file__).parent / "sets" / "huangpu.jsonl"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, 1 where something was found wanting, or 2 for bad input."""
    options = _parser().parse_args(arguments)
    act: Callable[[argparse.Namespace], int] = options.act
    try:
        code = act(options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has seen enough; Python would complain once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except WenjuError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped; nothing was written but what was already told.", file=sys.stderr)
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval", description="Measure how well reports are answered.")
    verbs = parser.add_subparsers(required=True, metavar="run|check|compare|sweep|draft|adopt|speed|reading")
    _add_run(verbs.add_parser("run", help="put a set's questions to the library and print the scorecard"))
    _add_sweep(verbs.add_parser("sweep", help="one table over settings; finished cells are read back"))
    checked = verbs.add_parser("check", help="say what is wrong with a set")
    checked.add_argument("set", type=Path)
    checked.set_defaults(act=commands.check_command)
    compared = verbs.add_parser("compare", help="say what changed between two scorecards")
    compared.add_argument("before", type=Path)
    compared.add_argument("after", type=Path)
    compared.add_argument("--fail-if-worse", action="store_true", help="exit 1 where a metric is worse")
    compared.set_defaults(act=commands.compare_command)
    drafted = verbs.add_parser("draft", help="propose questions about a report; a person accepts or rejects them")
    drafted.add_argument("report", help="a report of the library, or a file")
    drafted.add_argument("--out", type=Path, help="the drafts' file (drafts.jsonl in the library)")
    drafted.add_argument("--count", type=int, default=20, help="so many questions, 0 for all that can be asked")
    drafted.set_defaults(act=commands.draft_command)
    adopted = verbs.add_parser("adopt", help="make a set of the readers' votes that were accepted")
    adopted.add_argument("--out", type=Path, default=Path("adopted.jsonl"), help="the set they are added to")
    adopted.set_defaults(act=commands.adopt_command)
    timed = verbs.add_parser("speed", help="the benchmark: seconds, memory and size on this machine")
    timed.add_argument("set", type=Path, nargs="?", default=_SHIPPED, help="whose questions are put")
    timed.add_argument("--limit", type=int, default=100, help="so many questions")
    timed.set_defaults(act=commands.speed_command)
    read = verbs.add_parser("reading", help="how fast and how truly made reports are read in every format")
    read.add_argument("--count", type=int, default=DOCUMENTS, help="so many made reports in each format")
    read.add_argument("--at-least", type=float, default=0.98, metavar="SHARE", help="exit 1 below this share (0.98)")
    read.set_defaults(act=commands.reading_command)
    for command in set(verbs.choices.values()) - {compared, read}:
        command.add_argument("--library", type=Path, help="the library's folder (WENJU_LIBRARY, ./library)")
    return parser


def _add_run(run: argparse.ArgumentParser) -> None:
    _add_plan(run)
    run.add_argument("--json", type=Path, help="write the scorecard to this file")
    run.add_argument("--html", type=Path, help="write it as a page that stands alone")
    run.add_argument("--workers", type=int, default=0, help="processes that answer; one a core for a large set")
    run.add_argument("--fusion", metavar="K,W,T", help="weights of keywords, windows, tokens; 1,0,0 is BM25")
    run.set_defaults(act=commands.run_command)


def _add_sweep(swept: argparse.ArgumentParser) -> None:
    _add_plan(swept)
    named = f"what to vary, of {', '.join(NAMES)}; a fusion is K:W:T; may be given several times"
    swept.add_argument("--vary", metavar="NAME=V,V", action="append", required=True, help=named)
    swept.add_argument("--folder", type=Path, default=Path("sweep"), help="where finished cells are kept (./sweep)")
    swept.set_defaults(act=commands.sweep_command)


def _add_plan(command: argparse.ArgumentParser) -> None:
    command.add_argument("set", type=Path, help=".jsonl, SQuAD .json, .csv, or a BEIR folder")
    command.add_argument("--split", default="", help="only the cases of this split: dev or test")
    command.add_argument("--limit", type=int, default=0, help="so many cases, spread evenly over the set")
    command.add_argument("--retrieval-only", action="store_true", help="search, but do not answer")
    command.add_argument("--skip-bad", action="store_true", help="leave broken cases out")


if __name__ == "__main__":
    sys.exit(main())
