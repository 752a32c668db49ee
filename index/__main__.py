"""The room's door on the command line: python -m index add|list|show|remove|check|rebuild|search and others.

Arguments and exit codes live here, nothing else.
"""

import argparse
import io
import os
import sys
from pathlib import Path

from index import Index, IndexConfig, WenjuError, commands

_CODES = "Exit codes: 0 done, 1 check found a fault, 2 it cannot be done as asked (one sentence says why)."
_ADDING = ("add", "watch")
_EMBEDDER = "a model folder or hub name, with :N behind it to cut its vectors to N dimensions"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code (0 done, 1 something is wrong, 2 cannot be done as asked, 130 stopped)."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A file's name can hold bytes, a terminal's encoding lack characters; neither may end a command.
        sys.stdout.reconfigure(errors="backslashreplace")
    asked = _parser().parse_args(arguments)
    config = IndexConfig(Path(asked.library), asked.embedder, getattr(asked, "download", False))
    try:
        if asked.command not in _ADDING and not config.library.exists():
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
    about = "Keep a library of reports and search it."
    parser = argparse.ArgumentParser(prog="python -m index", description=about, epilog=_CODES)
    verbs = parser.add_subparsers(dest="command", required=True)

    def command(name: str, run: commands.Command, text: str, argument: str = "") -> argparse.ArgumentParser:
        made = verbs.add_parser(name, parents=[shared], help=text, epilog=_CODES)
        made.set_defaults(run=run)
        if argument:
            made.add_argument(argument)
        return made

    _add_adding(command("add", commands.add, "add report files, folders or ZIPs of them"))
    command("list", commands.list_reports, "list the reports")
    shown = command("show", commands.show, "show a report, its versions and its paragraphs", "report")
    shown.add_argument("--version", type=int, default=0, metavar="N", help="an earlier version of it")
    command("remove", commands.remove, "take a report out, with its earlier versions", "report")
    differing = command("diff", commands.diff, "show which paragraphs changed between versions of a report", "report")
    differing.add_argument(
        "--from", dest="before", type=int, default=0, metavar="N", help="by default the last but one"
    )
    differing.add_argument("--to", dest="after", type=int, default=0, metavar="N", help="by default the current one")
    command("check", commands.check, "verify every checksum, and that the stores agree")
    command("rebuild", commands.rebuild, "make the derived files again")
    command("reembed", commands.reembed, "move the library to --embedder; goes on where it was stopped")
    exported = command("export", commands.export, "write every report and version, one JSON object a line")
    exported.add_argument("--out", type=Path, metavar="FILE", help="by default they are printed")
    _add_watching(command("watch", commands.watch_folder, "keep the library like a folder"))
    _add_scope(command("search", commands.search, "find paragraphs", "question"))
    return parser


def _add_adding(adding: argparse.ArgumentParser) -> None:
    adding.add_argument("paths", nargs="+", type=Path)
    adding.add_argument("--encoding", default="", help="of the text files, where it cannot be told (gb18030, big5)")
    adding.add_argument("--tag", action="append", metavar="KEY=VALUE", help="a tag to give the reports; several times")


def _add_watching(watched: argparse.ArgumentParser) -> None:
    watched.add_argument("folder", type=Path)
    watched.add_argument("--every", type=float, default=2.0, metavar="SECONDS", help="between two looks (2)")
    watched.add_argument("--once", action="store_true", help="look once and stop")


def _add_scope(search: argparse.ArgumentParser) -> None:
    search.add_argument("--top", type=int, default=10, help="so many paragraphs (10)")
    search.add_argument("--report", action="append", metavar="ID", help="search this report alone; several times")
    search.add_argument("--tag", action="append", metavar="KEY=VALUE", help="search reports with this tag, year=2022")
    search.add_argument("--version", default="", metavar="N|all", help="search this version, or all (the current ones)")


if __name__ == "__main__":
    sys.exit(main())
