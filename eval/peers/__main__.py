"""python -m eval.peers SET...: other systems' ways to find a paragraph, beside Wenju's, on the same questions.

Arguments, printing and exit codes live here, nothing else.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from eval.cases import read_set
from eval.opening import bar, index_config, opened
from eval.peers.bench import bench, lines, to_json
from eval.records import Plan
from index import WenjuError

_RESULTS = Path(__file__).parent.parent / "results"


def main(arguments: Sequence[str] | None = None) -> int:
    """Bench every set that is named; return 0, or 2 where it cannot be done as asked."""
    options = _parser().parse_args(arguments)
    try:
        for path in options.sets:
            _bench(path, options)
    except WenjuError as error:
        print(error, file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        print(f"{error.name} is not installed; run: pip install -r eval/peers/requirements.txt", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.peers", description="Measure other ways to find paragraphs.")
    parser.add_argument("sets", nargs="+", type=Path, metavar="SET", help=".jsonl, SQuAD .json, .csv, or a BEIR folder")
    parser.add_argument("--split", default="", help="only the cases of this split: dev or test")
    parser.add_argument("--skip-bad", action="store_true", help="leave broken cases out")
    parser.add_argument("--library", type=Path, help="the library of a set without paragraphs of its own")
    parser.add_argument("--out", type=Path, default=_RESULTS, help="the folder for peers-SET.json (eval/results)")
    return parser


def _bench(path: Path, options: argparse.Namespace) -> None:
    case_set, rows = read_set(path), []
    plan = Plan(options.split, retrieval_only=True, skip_bad=options.skip_bad)
    with bar() as progress, opened(case_set, index_config(options.library), progress) as index:
        for row in bench(index, case_set, plan, progress):
            rows.append(row)
            print(f"{case_set.name}: {row.name}, {row.seconds:.0f} s", file=sys.stderr)
    origin = rows[0].card.origin
    print(f"{origin.set_name} {origin.split or 'all'}: {rows[0].metric('recall@1').count} questions with an answer")
    print("\n".join([*lines(rows), ""]))
    name = "-".join(filter(None, ("peers", case_set.name, options.split)))
    (options.out / f"{name}.json").write_text(to_json(rows), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
