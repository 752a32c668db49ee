"""Reads a BEIR folder (corpus.jsonl, queries.jsonl, qrels/*.tsv) into Cases and one article a document.

Its cases name right documents and no answers, so they tell of retrieval only; a qrels file's name is
the split. Every score above 0 is relevant alike.
"""

from functools import partial
from pathlib import Path

from eval.intake import BadCaseError, Desk, Fields, SetError, decode, each_line, one_text, parse_object
from eval.records import Article, Case, Place, Problem


def read_beir(folder: Path, desk: Desk) -> None:
    """Read the three parts of the folder.

    Raises:
        SetError: a part is missing, or a line of the corpus or the queries is broken.
    """
    for document in _records(folder / "corpus.jsonl", desk):
        title = one_text(document, "title")
        desk.articles.append(Article(one_text(document, "_id"), title, (one_text(document, "text"),)))
    queries = {one_text(query, "_id"): one_text(query, "text") for query in _records(folder / "queries.jsonl", desk)}
    corpus = {article.id for article in desk.articles}
    files = sorted((folder / "qrels").glob("*.tsv"))
    if not files:
        raise SetError(f"{folder / 'qrels'} holds no .tsv file; put the relevant documents there.")
    for file in files:
        for query, relevant in _relevant(file, desk).items():
            places = tuple(Place(document, 1) for document in relevant if document in corpus)
            desk.take(f"qrels/{file.name}, {query}", partial(_case, query, queries, places, file.stem))


def _records(path: Path, desk: Desk) -> list[Fields]:
    return [_record(line, f"{path.name}, {where}") for where, line in each_line(decode(path, desk))]


def _record(line: str, where: str) -> Fields:
    try:
        fields = parse_object(line)
        for name, needed in (("_id", True), ("text", True), ("title", False)):
            one_text(fields, name, needed)
    except BadCaseError as bad:
        raise SetError(f"{where}: {bad.found}; {bad.mend}.") from bad
    return fields


def _relevant(file: Path, desk: Desk) -> dict[str, list[str]]:
    """Return the documents that are relevant to each query."""
    relevant: dict[str, list[str]] = {}
    for where, line in each_line(decode(file, desk)):
        columns = line.strip().split("\t")
        if columns[-1] == "score":
            continue
        if len(columns) != 3 or not columns[2].lstrip("-").isdigit():
            mend = "write query-id, corpus-id and a whole score, parted by tabs"
            desk.problems.append(Problem(f"qrels/{file.name}, {where}", f"{line.strip()!r}", mend))
        elif int(columns[2]) > 0:
            relevant.setdefault(columns[0], []).append(columns[1])
    return relevant


def _case(query: str, queries: dict[str, str], places: tuple[Place, ...], split: str) -> Case:
    if query not in queries:
        raise BadCaseError("the query is not in queries.jsonl", "add it there, or take the line out")
    if not places:
        raise BadCaseError("none of its documents is in corpus.jsonl", "add them there, or take the line out")
    return Case(id=query, question=queries[query], kind="query", split=split, places=places)
