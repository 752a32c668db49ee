"""What the library promises: all of a change or none of it, and one clear sentence for what cannot be opened."""

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.library import Embedded, Library
from index.records import EmbedderIdentity, Kind, Paragraph, Report, Sentence
from index.rows import ORDINAL_BITS
from index.store import DATABASE, LibraryError, Store

MODEL = EmbedderIdentity("tiny", 2, "f1")


def paragraph(report: str, number: int, text: str, kind: Kind = Kind.BODY) -> Paragraph:
    return Paragraph(report, number, ("一、总体", "(一)收入"), text, (Sentence(0, len(text)),), kind)


def report(name: str, *texts: str) -> Report:
    about = paragraph(name, 0, "标题", Kind.ABOUT)
    body = (paragraph(name, number, text) for number, text in enumerate(texts, start=1))
    facts = ("题目", "2022-06-20", ("首页", "报告"), ("张三", "李四"), "统计局", f"/tmp/{name}.txt", f"digest {name}")
    return Report(name, *facts, (about, *body))


def embedded(made: Report, *rows: tuple[float, float]) -> Embedded:
    """One vector for every paragraph, (1, 0) unless `rows` say otherwise."""
    vectors = rows or ((1.0, 0.0),) * len(made.paragraphs)
    return made, [np.array([row], np.float32) for row in vectors]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def library(folder: Path) -> Iterator[Library]:
    opened = Library(folder)
    yield opened
    opened.close()


def test_a_new_library_is_empty(library: Library) -> None:
    assert (library.reports(), library.generation, library.embedder()) == ((), 0, None)
    assert library.check() == "ok"
    ids, matrix = library.vectors(2)
    assert (ids.shape, matrix.shape) == ((0,), (0, 2))


def test_reports_come_back_equal(library: Library) -> None:
    made = report("a", "甲。", "𠀀乙 “quoted” 'single' ;--")
    library.replace([embedded(made)], MODEL)
    assert library.reports() == (made,)


def test_reopening_gives_equal_reports_and_the_same_state(library: Library, folder: Path) -> None:
    made = (report("a", "甲。"), report("b", "乙。", "丙。"))
    library.replace([embedded(one) for one in made], MODEL)
    before = (library.identity, library.generation, library.embedder())
    library.close()
    again = Library(folder)
    assert again.reports() == made
    assert (again.identity, again.generation, again.embedder()) == before
    again.close()


def test_vectors_come_back_under_their_paragraphs_rows(library: Library) -> None:
    made = report("a", "甲。")
    window = np.array([(0.6, 0.8), (0.0, 1.0)], np.float32)
    library.replace([(made, [np.array([(1.0, 0.0)], np.float32), window])], MODEL)
    (about, _, _), (body, _, _) = library.each_paragraph()
    ids, matrix = library.vectors(2)
    assert ids.tolist() == [about << ORDINAL_BITS, body << ORDINAL_BITS, (body << ORDINAL_BITS) + 1]
    assert matrix.tolist() == [[1.0, 0.0], [pytest.approx(0.6), pytest.approx(0.8)], [0.0, 1.0]]


def test_paragraphs_are_found_by_row_with_their_report_s_title(library: Library) -> None:
    made = report("a", "甲。")
    library.replace([embedded(made)], MODEL)
    row = next(row for row, one, _ in library.each_paragraph() if one.number == 1)
    assert library.paragraphs([row, 999]) == {row: (made.paragraphs[1], "题目", 1)}
    assert library.paragraphs([]) == {}


def test_replacing_a_report_keeps_its_place(library: Library) -> None:
    first, second = report("a", "甲。"), report("b", "乙。")
    library.replace([embedded(first), embedded(second)], MODEL)
    changed = report("a", "新。", "更新。")
    library.replace([embedded(changed)], MODEL)
    assert library.reports() == (replace(changed, version=2), second)
    assert len(library.vectors(2)[0]) == 5


def test_a_row_is_never_used_again(library: Library) -> None:
    library.replace([embedded(report("a", "甲。"))], MODEL)
    before = {row for row, _, _ in library.each_paragraph()}
    library.replace([embedded(report("a", "新。"))], MODEL)
    assert not before & {row for row, _, _ in library.each_paragraph()}


def test_every_change_moves_the_generation_by_one(library: Library) -> None:
    library.replace([embedded(report("a", "甲。")), embedded(report("b", "乙。"))], MODEL)
    assert library.generation == 1
    library.remove("a")
    assert library.generation == 2


def test_removing_takes_paragraphs_and_vectors_along(library: Library) -> None:
    kept = report("b", "乙。")
    library.replace([embedded(report("a", "甲。")), embedded(kept, (0.0, 1.0), (0.0, 1.0))], MODEL)
    library.remove("a")
    assert library.reports() == (kept,)
    assert library.vectors(2)[1].tolist() == [[0.0, 1.0], [0.0, 1.0]]
    assert [one.report for _, one, _ in library.each_paragraph()] == ["b", "b"]


def test_removing_what_is_not_there_names_what_is(library: Library) -> None:
    with pytest.raises(LibraryError, match=r"There is no report 'x' in the library; it holds: none\."):
        library.remove("x")
    library.replace([embedded(report("a", "甲。")), embedded(report("b", "乙。"))], MODEL)
    with pytest.raises(LibraryError, match=r"There is no report 'x' in the library; it holds: a, b\."):
        library.remove("x")
    assert library.generation == 1


def test_two_libraries_have_two_identities(library: Library, tmp_path: Path) -> None:
    other = Library(tmp_path / "other")
    assert library.identity != other.identity
    other.close()


def test_a_library_keeps_to_the_embedder_of_its_vectors(library: Library) -> None:
    library.replace([embedded(report("a", "甲。"))], MODEL)
    other = replace(MODEL, name="other", fingerprint="f2")
    with pytest.raises(LibraryError, match=r"was moved to the embedder .* meanwhile; add with that one"):
        library.replace([embedded(report("b", "乙。"))], other)
    assert library.embedder() == MODEL
    assert list(library.digests()) == ["a"]


def test_a_library_without_vectors_takes_any_embedder(library: Library) -> None:
    library.replace([embedded(report("a", "甲。"))], MODEL)
    library.remove("a")
    other = replace(MODEL, name="other", fingerprint="f2")
    library.replace([embedded(report("b", "乙。"))], other)
    assert library.embedder() == other


def test_a_replace_that_fails_leaves_everything_as_it_was(library: Library) -> None:
    made = report("a", "甲。")
    library.replace([embedded(made)], MODEL)
    too_few: Embedded = (report("c", "丙。"), [np.eye(2, dtype=np.float32)])
    with pytest.raises(ValueError, match="shorter"):
        library.replace(
            [embedded(report("a", "新。")), embedded(report("b", "乙。")), too_few], replace(MODEL, name="x")
        )
    assert (library.reports(), library.generation, library.embedder()) == ((made,), 1, MODEL)
    assert len(library.vectors(2)[0]) == 2
    library.replace([embedded(report("b", "乙。"))], MODEL)
    assert library.generation == 2


def test_half_a_character_is_refused_in_one_sentence_and_leaves_nothing(library: Library) -> None:
    with pytest.raises(LibraryError, match="holds half a character"):
        library.replace([embedded(report("a", "甲\ud800。"))], MODEL)
    assert library.reports() == ()


def test_a_folder_with_other_files_is_refused(folder: Path) -> None:
    folder.mkdir()
    (folder / "letter.txt").write_text("mine")
    with pytest.raises(LibraryError, match=r"holds other files and no wenju\.sqlite; name an empty or new folder"):
        Library(folder)
    assert [path.name for path in folder.iterdir()] == ["letter.txt"]


def test_a_file_in_place_of_the_folder_is_refused(folder: Path) -> None:
    folder.write_text("mine")
    with pytest.raises(LibraryError, match="is a file, not a library folder"):
        Library(folder)


def test_a_folder_that_cannot_be_made_is_refused() -> None:
    with pytest.raises(LibraryError, match="cannot be used"):
        Library(Path("/proc/nowhere/library"))


def test_an_empty_folder_becomes_a_library(folder: Path) -> None:
    folder.mkdir()
    Library(folder).close()
    assert (folder / DATABASE).exists()


def test_a_library_whose_making_was_cut_short_is_made_again(folder: Path) -> None:
    folder.mkdir()
    (folder / DATABASE).touch()
    library = Library(folder)
    assert library.reports() == ()
    library.close()


def test_many_programs_may_make_the_library_at_once(folder: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda _: Library(folder), range(4)))
    assert len({library.identity for library in opened}) == 1
    for library in opened:
        library.close()


def test_one_that_is_refused_while_another_makes_the_library_tries_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare, refusals = Store._prepare, iter(range(3))

    def refused(store: Store) -> None:
        if next(refusals, None) is not None:
            raise sqlite3.OperationalError("database is locked")
        prepare(store)

    monkeypatch.setattr(Store, "_prepare", refused)
    Library(folder).close()
    assert next(refusals, None) is None


def test_one_that_is_refused_for_another_reason_is_told_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def failing(store: Store) -> None:
        tried.append(store)
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise error

    monkeypatch.setattr(Store, "_prepare", failing)
    with pytest.raises(LibraryError, match=r"cannot be used \(disk I/O error\); check its permissions and free space"):
        Library(folder)
    assert len(tried) == 1


def test_the_database_of_another_program_is_refused_and_left_alone(folder: Path) -> None:
    folder.mkdir()
    other = sqlite3.connect(folder / DATABASE)
    other.execute("CREATE TABLE letters (text)")
    other.commit()
    other.close()
    before = (folder / DATABASE).read_bytes()
    with pytest.raises(LibraryError, match="is not a Wenju library; name another folder with --library"):
        Library(folder)
    assert (folder / DATABASE).read_bytes() == before


def test_a_file_that_is_no_database_is_refused(folder: Path) -> None:
    folder.mkdir()
    (folder / DATABASE).write_bytes(b"this is no database at all" * 99)
    with pytest.raises(LibraryError, match=r"is damaged or not a Wenju library \(file is not a database\)") as caught:
        Library(folder)
    assert "\n" not in str(caught.value)


def test_a_library_cut_in_half_is_told_in_one_sentence(library: Library, folder: Path) -> None:
    library.replace([embedded(report(f"r{n}", *(["长" * 500] * 20))) for n in range(20)], MODEL)
    library.close()
    data = (folder / DATABASE).read_bytes()
    (folder / DATABASE).write_bytes(data[: len(data) // 2])
    with pytest.raises(LibraryError, match="restore it from a copy") as caught:
        Library(folder).reports()
    assert "\n" not in str(caught.value)


def test_a_second_writer_is_told_within_a_second_and_readers_go_on(library: Library, folder: Path) -> None:
    made = report("a", "甲。")
    library.replace([embedded(made)], MODEL)
    writer = sqlite3.connect(folder / DATABASE, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    with pytest.raises(LibraryError, match=r"Another program is writing to .*; try again when it is done"):
        library.remove("a")
    assert 0.5 < time.monotonic() - started < 4
    assert library.reports() == (made,)
    writer.execute("ROLLBACK")
    writer.close()
    library.remove("a")
    assert library.reports() == ()


def test_a_change_by_another_program_is_seen(library: Library, folder: Path) -> None:
    other = Library(folder)
    other.replace([embedded(report("a", "甲。"))], MODEL)
    assert [one.id for one in library.reports()] == ["a"]
    assert library.generation == 1
    other.close()


def test_threads_may_read_while_one_writes(library: Library) -> None:
    library.replace([embedded(report("a", "甲。"))], MODEL)

    def read(_: int) -> int:
        return len(library.reports())

    def write(number: int) -> int:
        library.replace([embedded(report(f"b{number}", "乙。"))], MODEL)
        return 1

    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(write if n % 4 == 0 else read, n) for n in range(40)]
        assert all(future.result() >= 1 for future in futures)
    assert len(library.reports()) == 11
