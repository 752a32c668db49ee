"""The room's door on the command line: python -m qa "question"; without one, a conversation."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from index import Index, IndexConfig, Scope, WenjuError
from qa import Answerer, QaConfig, Turn, to_json
from qa.chat import chat, terminal
from qa.readable import readable


def main(arguments: list[str] | None = None) -> int:
    """Answer one question, a file of them, or a reader at a terminal; return 0, or 2 where that cannot be done."""
    asked = _parser().parse_args(arguments)
    try:
        talking = not asked.json and sys.stdin.isatty() and sys.stdout.isatty()
        if asked.question is None and asked.batch is None and not talking:
            raise WenjuError('No question was given; ask one: python -m qa "…", or a file: --batch FILE.jsonl')
        if not Path(asked.library).exists():
            raise WenjuError(f"There is no library {asked.library}; make it: python -m index add reports/")
        config = IndexConfig(Path(asked.library), asked.embedder, asked.download)
        with Index.open(config) as index:
            answerer = Answerer(index, _config(asked))
            if asked.batch is not None:
                for line in _batch(answerer, asked.batch, _scope(asked)):
                    print(line, flush=True)
            elif asked.question is None:
                chat(answerer, terminal(), scope=_scope(asked))
            else:
                answer = answerer.answer(asked.question, scope=_scope(asked))
                print(json.dumps(to_json(answer), ensure_ascii=False) if asked.json else readable(answer))
        sys.stdout.flush()
        return 0
    except WenjuError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader, such as `head`, has seen enough; Python would complain once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    environment = os.environ
    parser = argparse.ArgumentParser(prog="python -m qa", description="Ask the reports a question.")
    parser.add_argument("question", nargs="?", help="the question, in Chinese or English; none: a conversation")
    parser.add_argument("--library", default=environment.get("WENJU_LIBRARY") or "library", help="the library's folder")
    parser.add_argument("--embedder", default=environment.get("WENJU_EMBEDDER", ""), help="a model folder or hub name")
    parser.add_argument("--reranker", default="", help="a cross-encoder's folder or hub name, for the best hits")
    parser.add_argument("--download", action="store_true", help="fetch a model if it is not on this machine")
    parser.add_argument("--top", type=_positive, default=QaConfig().top, help="paragraphs read for evidence")
    parser.add_argument("--report", action="append", default=[], metavar="ID", help="ask this report alone")
    parser.add_argument("--tag", action="append", default=[], metavar="KEY=VALUE", help="ask reports with this tag")
    parser.add_argument("--version", default="", metavar="N|all", help="ask this version of them, or all")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--batch", type=Path, metavar="FILE.jsonl", help="answer every line's question")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _scope(asked: argparse.Namespace) -> Scope:
    return Index.scope(asked.report, asked.tag, asked.version)


def _config(asked: argparse.Namespace) -> QaConfig:
    set_by_person = Answerer.settings(os.environ)
    reranker = asked.reranker or set_by_person.reranker
    return replace(set_by_person, top=asked.top, reranker=reranker, download=asked.download)


def _batch(answerer: Answerer, path: Path, scope: Scope) -> Iterator[str]:
    """Yield one JSON object for every line of the file, an error's in its place."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WenjuError(f"The batch file {path} cannot be read ({error}); give a UTF-8 JSON Lines file.") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield json.dumps(_answered(answerer, (number, line), scope), ensure_ascii=False)


def _answered(answerer: Answerer, numbered: tuple[int, str], scope: Scope) -> object:
    number, line = numbered
    try:
        case = json.loads(line)
        history = [Turn(str(turn["question"]), str(turn.get("answer", ""))) for turn in case.get("history") or ()]
        question = case["question"]
        if not isinstance(question, str):
            raise TypeError("question is no text")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        expected = 'expected {"question": "…", "history": [{"question": "…", "answer": "…"}]}'
        return {"error": f"Line {number} is not a question ({type(error).__name__}: {error}); {expected}."}
    try:
        return to_json(answerer.answer(question, history, scope))
    except WenjuError as error:
        return {"error": f"Line {number}: {error}"}


if __name__ == "__main__":
    sys.exit(main())
