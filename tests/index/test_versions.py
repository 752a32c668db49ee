"""What the library promises about change: earlier versions stay, only what changed is embedded, a scope is kept to."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import Index, IndexConfig, Scope, WenjuError, pending
from index.build import Adding, add_files, add_reports
from index.changes import ChangeKind, changes
from index.compose import make_report
from index.library import Library
from index.records import Kind
from index.reembed import reembed
from index.scope import scope_of, tags_of
from index.steps import Outcome, silent
from index.store import DATABASE, LibraryError
from index.watch import Watch

# The tables of the first Wenju, with one report of two paragraphs.
FIRST_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE reports (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, date TEXT NOT NULL, breadcrumb TEXT NOT NULL,
  authors TEXT NOT NULL, office TEXT NOT NULL, source TEXT NOT NULL, digest TEXT NOT NULL,
  position INTEGER NOT NULL);
CREATE TABLE paragraphs (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  report TEXT NOT NULL REFERENCES reports(id) ON DELETE CASCADE,
  number INTEGER NOT NULL, kind TEXT NOT NULL, section TEXT NOT NULL,
  text TEXT NOT NULL, sentences TEXT NOT NULL, UNIQUE (report, number));
CREATE TABLE vectors (
  id INTEGER PRIMARY KEY,
  row INTEGER NOT NULL REFERENCES paragraphs(row) ON DELETE CASCADE,
  vector BLOB NOT NULL);
CREATE INDEX vectors_row ON vectors(row);
PRAGMA application_id = 1464159818;
INSERT INTO meta VALUES ('generation', '4'), ('identity', 'abc'),
  ('embedder', '{"name": "axes", "dimension": 3, "fingerprint": "axes"}');
INSERT INTO reports VALUES ('old', '题', '2021-03-04', '["首页"]', '["张三"]', '统计局', '/x/old.txt', 'd', 1);
INSERT INTO paragraphs VALUES (7, 'old', 0, 'about', '[]', '标题。', '[[0, 3]]');
INSERT INTO paragraphs VALUES (9, 'old', 1, 'body', '["一、总"]', '山高。', '[[0, 3]]');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES ('paragraphs', 20);
"""


@pytest.fixture
def old_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "first"
    folder.mkdir()
    database = sqlite3.connect(folder / DATABASE)
    database.executescript(FIRST_TABLES)
    for row, vector in ((7, (0, 0, 1)), (9, (1, 0, 0))):
        blob = np.array(vector, np.float32).tobytes()
        database.execute("INSERT INTO vectors VALUES (?,?,?)", (row << 16, row, blob))
    database.commit()
    database.close()
    return folder


def test_a_library_of_the_first_tables_is_brought_up_to_date_and_loses_nothing(old_folder: Path) -> None:
    library = Library(old_folder)
    (report,) = library.reports()
    assert (report.id, report.title, report.date, report.authors) == ("old", "题", "2021-03-04", ("张三",))
    assert (report.version, report.tags) == (1, (("body", "统计局"), ("year", "2021")))
    assert [(one.text, one.page, one.box) for one in report.paragraphs] == [("标题。", 0, ()), ("山高。", 0, ())]
    ids, matrix = library.vectors(3)
    assert (ids.tolist(), matrix.tolist()) == ([7 << 16, 9 << 16], [[0, 0, 1], [1, 0, 0]])
    assert (library.identity, library.generation, library.check()) == ("abc", 4, "ok")
    library.close()


def test_an_updated_library_opens_again_and_goes_on_counting_rows(old_folder: Path, embedder: Any) -> None:
    Library(old_folder).close()
    library = Library(old_folder)
    add_reports(library, embedder, [make_report("new", "新", ["水。"])], silent)
    assert [row for row, _, _ in library.each_paragraph()] == [7, 9, 21]
    library.remove("old")
    assert library.vectors(3)[0].tolist() == [21 << 16]
    library.close()


def test_a_library_of_a_later_wenju_is_refused_and_left_alone(library: Library) -> None:
    database = sqlite3.connect(library.folder / DATABASE)
    database.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    database.commit()
    database.close()
    with pytest.raises(LibraryError, match=r"made by a later Wenju \(tables 99, .*update Wenju"):
        Library(library.folder)


def test_only_the_changed_paragraph_of_three_hundred_is_embedded(library: Library, embedder: Any) -> None:
    texts = [f"山{number}。" for number in range(300)]
    add_reports(library, embedder, [make_report("r", "R", texts)], silent)
    assert len(embedder.embedded) == 300
    embedder.embedded.clear()
    texts[150] = "水。"
    add_reports(library, embedder, [make_report("r", "R", texts)], silent)
    assert embedder.embedded == ["水。"]
    assert library.counts() == (300, 300)
    assert library.vectors(3)[1][150].tolist() == [0, 1, 0]
    assert library.counts(every=True) == (600, 600)


def test_an_earlier_version_stays_and_is_not_among_the_current(library: Library, embedder: Any) -> None:
    add_reports(library, embedder, [make_report("r", "旧", ["山。"])], silent)
    add_reports(library, embedder, [make_report("r", "新", ["水。"])], silent)
    assert [(one.title, one.version) for one in library.reports()] == [("新", 2)]
    assert [(one.title, one.version) for one in library.reports(every=True)] == [("旧", 1), ("新", 2)]
    assert [(one.number, one.title, one.paragraphs, one.current) for one in library.versions("r")] == [
        (1, "旧", 1, False),
        (2, "新", 1, True),
    ]
    assert library.report("r", 1).paragraphs[0].text == "山。"
    assert library.report("r").paragraphs[0].text == "水。"
    with pytest.raises(LibraryError, match=r"The report 'r' has no version 3; it has: 1, 2\."):
        library.report("r", 3)


def test_the_same_content_again_makes_no_version(library: Library, embedder: Any) -> None:
    for _ in range(2):
        add_reports(library, embedder, [make_report("r", "R", ["山。"])], silent)
    assert len(library.versions("r")) == 1


def test_removing_takes_every_version_and_the_tags_along(library: Library, embedder: Any) -> None:
    add_reports(library, embedder, [replace(make_report("r", "R", ["山。"]), tags=(("place", "黄浦"),))], silent)
    add_reports(library, embedder, [make_report("r", "R", ["水。"])], silent)
    library.remove("r")
    assert (library.reports(every=True), library.tags(), library.counts(every=True)) == ((), {}, (0, 0))


def test_embedding_again_reaches_every_version(library: Library, embedder: Any, axis_embedder: type) -> None:
    for text in ("山。", "水。"):
        add_reports(library, embedder, [make_report("r", "R", [text])], silent)
    reembed(library, axis_embedder("水", "other"), silent)
    assert library.vectors(1, every=True)[1].tolist() == [[0], [1]]
    assert library.check() == "ok"


def test_embedding_again_makes_vectors_once_of_what_versions_share(
    library: Library, embedder: Any, axis_embedder: type
) -> None:
    other = axis_embedder("水山", "other")
    for texts in (["山。水。火。", "山。", "水。"], ["山。水。火。", "火。", "水。", "水。"]):
        add_reports(library, embedder, [make_report("r", "R", texts)], silent)
    ids, generation = library.vectors(3, every=True)[0].tolist(), library.generation
    reembed(library, other, silent)
    assert sorted(other.embedded) == sorted(["山。水。火。", "山。水。", "水。火。", "山。", "水。", "火。"])
    found, matrix = library.vectors(2, every=True)
    assert found.tolist() == ids
    half = [pytest.approx(0.7071, abs=1e-4)] * 2
    assert matrix.tolist() == [half, half, [1, 0], [0, 1], [1, 0], half, half, [1, 0], [0, 0], [1, 0], [1, 0]]
    assert (library.generation, library.check()) == (generation + 1, "ok")


def test_a_move_that_was_broken_off_goes_on_after_the_tables_changed(old_folder: Path, axis_embedder: type) -> None:
    database = sqlite3.connect(old_folder / DATABASE)
    pending.prepare(database)
    blob = np.array((0, 1), np.float32).tobytes()
    pending.keep(database, "other", [(9 << 16, 9, blob)])
    database.commit()
    database.close()
    library, other = Library(old_folder), axis_embedder("水山", "other")
    reembed(library, other, silent)
    assert other.embedded == ["标题。"]
    assert library.vectors(2)[1].tolist() == [[0, 0], [0, 1]]
    assert library.check() == "ok"
    library.close()


def test_a_flipped_character_in_the_file_is_found_by_its_checksum(library: Library, embedder: Any) -> None:
    add_reports(library, embedder, [make_report("r", "R", ["山高水长。"])], silent)
    database = sqlite3.connect(library.folder / DATABASE)
    database.execute("UPDATE paragraphs SET text = '山低水长。'")
    database.commit()
    database.close()
    assert library.check() == "the checksum of report 'r', version 1, does not fit"


# Through files.


@pytest.fixture
def add(library: Library, embedder: Any) -> Callable[..., Outcome]:
    def added(path: Path, text: str, *tags: str) -> Outcome:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        (one,) = add_files(library, embedder, [path], silent, Adding(tags=tags_of(tags)))
        assert not one.message
        return one.outcome

    return added


def test_a_report_carries_its_year_its_body_and_the_tags_that_are_given(
    library: Library, add: Callable, tmp_path: Path
) -> None:
    add(tmp_path / "plan.txt", "规划\n2021-05-06\n来源:统计局\n\n山高水长。", "place=黄浦", "body=区政府")
    assert library.tags() == {"plan": (("body", "区政府"), ("place", "黄浦"), ("year", "2021"))}
    add(tmp_path / "plan.txt", "规划\n2022-05-06\n\n山高水远。")
    assert library.tags() == {"plan": (("body", "区政府"), ("place", "黄浦"), ("year", "2022"))}


def test_adding_an_unchanged_report_with_a_new_tag_keeps_the_tag(
    library: Library, add: Callable, tmp_path: Path
) -> None:
    add(tmp_path / "plan.txt", "山高水长。")
    assert add(tmp_path / "plan.txt", "山高水长。", "place=黄浦") is Outcome.UNCHANGED
    assert library.tags() == {"plan": (("place", "黄浦"),)}
    assert library.check() == "ok"


def test_other_bytes_with_the_same_paragraphs_are_unchanged(library: Library, add: Callable, tmp_path: Path) -> None:
    add(tmp_path / "plan.txt", "规划\n\n山高水长。")
    assert add(tmp_path / "plan.txt", "规划\n\n\n\n  山高水长。\n") is Outcome.UNCHANGED
    assert [one.number for one in library.versions("plan")] == [1]


@pytest.mark.parametrize("text", ["year", "=2022", "year=", ""])
def test_a_tag_without_key_or_value_is_refused(text: str) -> None:
    with pytest.raises(WenjuError, match="is no tag; write it as key=value"):
        tags_of([text])


@pytest.mark.parametrize("version", ["0", "-1", "latest", "1.5"])
def test_a_version_that_is_no_number_is_refused(version: str) -> None:
    with pytest.raises(WenjuError, match="is no version; give its number, or all"):
        scope_of(version=version)


def texts_of(*texts: str) -> tuple[Any, ...]:
    return make_report("r", "R", texts).paragraphs


def test_a_changed_an_added_and_a_removed_paragraph_are_told_apart() -> None:
    before = texts_of("第一段说山很高很高。", "第二段说水。", "第三段留下。", "完全另外的内容ABC。")
    after = texts_of("第一段说山很高很低。", "第二段说水。", "新来的一段甲乙丙。", "第三段留下。")
    assert [(c.kind, c.before and c.before.number, c.after and c.after.number) for c in changes(before, after)] == [
        (ChangeKind.CHANGED, 1, 1),
        (ChangeKind.ADDED, None, 3),
        (ChangeKind.REMOVED, 4, None),
    ]
    assert changes(before, before) == ()


# Through the front door.

ROWS = {"山": (1.0, 0.0, 0.0), "水": (0.0, 1.0, 0.0), "火": (0.0, 0.0, 1.0)}


@pytest.fixture
def index(tmp_path: Path, write_model: Callable) -> Iterator[Index]:
    config = IndexConfig(tmp_path / "library", str(write_model(tmp_path / "model", ROWS)))
    with Index.open(config) as opened:
        tags = {"a": (("year", "2021"),), "b": (("place", "黄浦"), ("year", "2022"))}
        made = [("a", ["山甲。"]), ("b", ["山乙。", "水乙。"])]
        opened.add_reports([replace(Index.make_report(n, n, texts), tags=tags[n]) for n, texts in made])
        opened.add_reports([Index.make_report("c", "c", ["山丙。"])])
        opened.add_reports([Index.make_report("c", "c", ["水丙。"])])
        yield opened


def found(index: Index, scope: Scope, question: str = "山") -> set[str]:
    return {hit.paragraph.text for hit in index.search(question, 10, scope)}


@pytest.mark.parametrize(
    ("scope", "texts"),
    [
        (Scope(), {"山甲。", "山乙。", "水乙。", "水丙。"}),
        (Scope(reports=("a",)), {"山甲。"}),
        (Scope(reports=("a", "c")), {"山甲。", "水丙。"}),
        (Scope(tags=(("year", "2022"),)), {"山乙。", "水乙。"}),
        (Scope(tags=(("place", "黄浦"), ("year", "2022"))), {"山乙。", "水乙。"}),
        (Scope(reports=("c",), version="1"), {"山丙。"}),
        (Scope(reports=("c",), version="all"), {"山丙。", "水丙。"}),
        (Scope(version="all"), {"山甲。", "山乙。", "水乙。", "山丙。", "水丙。"}),
    ],
)
def test_a_search_keeps_to_its_scope(index: Index, scope: Scope, texts: set[str]) -> None:
    assert found(index, scope) == texts


def test_a_hit_names_its_version(index: Index) -> None:
    hits = index.search("山", 10, Scope(("c",), version="all"))
    assert {hit.paragraph.text: hit.version for hit in hits} == {"山丙。": 1, "水丙。": 2}


def test_an_earlier_version_changes_no_score_of_the_current_ones(index: Index, tmp_path: Path) -> None:
    with Index.open(IndexConfig(tmp_path / "other", index.config.embedder)) as other:
        other.add_reports([Index.make_report(n, n, t) for n, t in (("a", ["山甲。"]), ("b", ["山乙。", "水乙。"]))])
        other.add_reports([Index.make_report("c", "c", ["水丙。"])])
        assert [hit.score for hit in other.search("山")] == [hit.score for hit in index.search("山")]


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        (Scope(reports=("x",)), r"There is no report 'x' in the library; it holds: a, b, c\."),
        (Scope(tags=(("year", "1999"),)), r"No report fits year=1999; the tags .* are: place=黄浦, year=2021"),
        (Scope(version="9"), "No report fits version 9"),
    ],
)
def test_a_scope_that_fits_nothing_is_told(index: Index, scope: Scope, words: str) -> None:
    with pytest.raises(WenjuError, match=words):
        index.search("山", 3, scope)


def test_what_changed_last_is_told_by_default(index: Index) -> None:
    (change,) = index.diff("c")
    assert (change.before.text, change.after.text) == ("山丙。", "水丙。")
    assert index.diff("a") == ()


@pytest.mark.parametrize("name", ["vectors", "keywords", "allvectors", "allkeywords"])
def test_check_names_a_derived_file_that_is_damaged_and_rebuild_mends_it(index: Index, name: str) -> None:
    for version in ("", "all"):
        index.search("山", 10, Scope(version=version))
    assert index.check() == []
    (path,) = (index.config.library / "derived").glob(f"{name}-*")
    path = path if path.is_file() else max(path.iterdir(), key=lambda one: one.stat().st_size)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert index.check() == [
        f"the derived file {name} is damaged: its checksum does not fit; run: python -m index rebuild"
    ]
    index.rebuild()
    assert index.check() == []
    assert found(index, Scope(version="all")) == {"山甲。", "山乙。", "水乙。", "山丙。", "水丙。"}


def test_rebuild_makes_files_of_every_version_only_where_they_were_asked_for(index: Index) -> None:
    index.rebuild()
    assert {path.name.split("-")[0] for path in (index.config.library / "derived").glob("*-*")} == {
        "vectors",
        "keywords",
    }


# Watching a folder.


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shelf").mkdir()
    return tmp_path / "shelf"


@pytest.fixture
def empty(tmp_path: Path, write_model: Callable) -> Iterator[Index]:
    config = IndexConfig(tmp_path / "own", str(write_model(tmp_path / "own-model", ROWS)))
    with Index.open(config) as opened:
        yield opened


def look(seen: Watch) -> list[tuple[str, str]]:
    return [(one.outcome.value, one.report) for one in seen.look()]


def test_a_watched_folder_is_followed_through_new_changed_and_deleted_files(empty: Index, folder: Path) -> None:
    seen = Watch(empty, folder)
    assert look(seen) == []
    (folder / "a.txt").write_text("山高。", "utf-8")
    assert look(seen) == []  # it may still be growing
    assert look(seen) == [("added", "a")]
    assert look(seen) == []
    (folder / "a.txt").write_text("山高水长。", "utf-8")
    assert [look(seen), look(seen)] == [[], [("replaced", "a")]]
    assert empty.reports()[0].version == 2
    (folder / "a.txt").unlink()
    assert look(seen) == [("removed", "a")]
    assert empty.reports() == ()


def test_a_renamed_file_keeps_its_report(empty: Index, folder: Path) -> None:
    (folder / "a.txt").write_text("山高。", "utf-8")
    seen = Watch(empty, folder)
    seen.look(at_once=True)
    (folder / "a.txt").rename(folder / "b.txt")
    seen.look(at_once=True)
    assert [(one.id, Path(one.source).name) for one in empty.reports()] == [("a", "b.txt")]


def test_a_folder_that_vanishes_takes_no_report_along(empty: Index, folder: Path) -> None:
    (folder / "a.txt").write_text("山高。", "utf-8")
    seen = Watch(empty, folder)
    seen.look(at_once=True)
    folder.rename(folder.with_name("unplugged"))
    assert look(seen) == []
    assert len(empty.reports()) == 1


def test_what_cannot_be_watched_is_told(empty: Index, tmp_path: Path) -> None:
    with pytest.raises(WenjuError, match="is no folder that can be watched"):
        Watch(empty, tmp_path / "nowhere")


# On the command line.


def test_show_diff_export_and_watch_print_what_there_is(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from index.__main__ import main

    monkeypatch.setenv("WENJU_LIBRARY", str(index.config.library))
    monkeypatch.setenv("WENJU_EMBEDDER", index.config.embedder)

    def run(*arguments: str) -> tuple[int, str]:
        code = main(list(arguments))
        return code, capsys.readouterr().out

    code, out = run("show", "c", "--version", "1")
    assert (code, "山丙。" in out, "version 2*" in out) == (0, True, True)
    assert json.loads(run("show", "c", "--json")[1])["paragraphs"][0]["text"] == "水丙。"
    assert run("diff", "c") == (0, "- 1 山丙。\n+ 1 水丙。\n")
    assert json.loads(run("diff", "c", "--json")[1])["changes"][0]["kind"] == "changed"
    exported = [json.loads(line) for line in run("export")[1].splitlines()]
    assert [(one["id"], one["version"]) for one in exported] == [("a", 1), ("b", 1), ("c", 1), ("c", 2)]
    assert exported[1]["tags"] == {"place": "黄浦", "year": "2022"}
    assert run("export", "--out", str(folder / "all.jsonl"))[0] == 0
    assert (folder / "all.jsonl").read_text("utf-8").count("\n") == 4
    (folder / "d.txt").write_text("火旺。", "utf-8")
    assert run("watch", str(folder), "--once") == (0, f"added     {folder}/d.txt  d, 2 paragraphs\n")
    assert "b 1  山乙。" in run("search", "山", "--tag", "year=2022")[1]
    assert run("search", "山", "--report", "none")[0] == 2
    assert run("show", "none")[0] == 2


def test_the_kind_of_a_paragraph_is_kept(index: Index) -> None:
    assert index.report("a").paragraphs[0].kind is Kind.BODY
