"""What build promises: every file gets a clear outcome, nothing is embedded twice, derived files mend themselves."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.build import add_files, add_reports
from index.compose import make_report
from index.config import EMBED_BATCH
from index.library import Library
from index.records import Kind, Sentence
from index.steps import FileStep, Outcome, as_one, silent
from index.store import LibraryError
from index.stores import open_stores, publish


@pytest.fixture
def add(library: Library, embedder: Any) -> Callable[..., list[tuple[str, Outcome]]]:
    def added(*paths: Path) -> list[tuple[str, Outcome]]:
        return [(one.report, one.outcome) for one in add_files(library, embedder, paths, silent)]

    return added


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def texts_of(library: Library) -> list[str]:
    return [one.text for report in library.reports() for one in report.paragraphs if one.kind is Kind.BODY]


def test_the_shipped_report_becomes_29_paragraphs_in_reading_order(
    library: Library, add: Callable, shipped_report: Path
) -> None:
    assert add(shipped_report) == [("huangpu-2022", Outcome.ADDED)]
    (report,) = library.reports()
    assert [one.number for one in report.paragraphs] == list(range(29))
    kinds = [one.kind for one in report.paragraphs]
    assert (kinds[0], kinds.count(Kind.BODY), kinds.count(Kind.CAPTION)) == (Kind.ABOUT, 26, 2)
    assert (report.title, report.date) == ("建设国际化大都市中心城区核心引领区的黄浦", "2022-06-20")
    assert report.source == str(shipped_report.resolve())


def test_paragraphs_stand_under_their_headings(library: Library, add: Callable, shipped_report: Path) -> None:
    add(shipped_report)
    (report,) = library.reports()
    (found,) = [one for one in report.paragraphs if "告别旧里" in one.text]
    assert found.section == ("二、聚焦民生保障,树立城区品质生活新标杆", "(一)旧区改造跑出加速度")
    assert found.number == 11
    assert report.paragraphs[1].section == ()
    (caption,) = [one for one in report.paragraphs if one.text.startswith("苏州河示范段")]
    assert caption.section == ("三、坚持高标准,持续提升城区治理效能", "(一)像绣花般管理好城区")


def test_paragraph_nought_tells_the_report_s_facts(library: Library, add: Callable, shipped_report: Path) -> None:
    add(shipped_report)
    about = library.reports()[0].paragraphs[0]
    assert about.kind is Kind.ABOUT
    stated = (
        "建设国际化大都市",
        "2022-06-20",
        "赵兵、马亦男、俞凡",
        "中共黄浦区委党史研究室",
        "共4章",
        "四、推进全面从严治党",
    )
    assert all(fact in about.text for fact in stated)


def test_adding_a_file_twice_does_nothing(library: Library, add: Callable, embedder: Any, shipped_report: Path) -> None:
    add(shipped_report)
    before = (library.generation, len(embedder.embedded))
    assert add(shipped_report) == [("huangpu-2022", Outcome.UNCHANGED)]
    assert (library.generation, len(embedder.embedded)) == before


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_the_same_text_in_another_encoding_is_unchanged(
    add: Callable, tmp_path: Path, shipped_report: Path, encoding: str
) -> None:
    add(shipped_report)
    copy = write(tmp_path / "copy.txt", shipped_report.read_text("utf-8"), encoding)
    assert add(copy) == [("huangpu-2022", Outcome.UNCHANGED)]


def test_a_changed_file_replaces_its_earlier_text_under_the_same_id(
    library: Library, add: Callable, tmp_path: Path
) -> None:
    path = write(tmp_path / "plan.txt", "规划\n\n山高。")
    add(path)
    write(path, "规划\n\n水长。")
    assert add(path) == [("plan", Outcome.REPLACED)]
    assert texts_of(library) == ["水长。"]


def test_two_files_of_one_name_get_two_ids(library: Library, add: Callable, tmp_path: Path) -> None:
    paths = [write(tmp_path / folder / "plan.txt", f"规划\n\n{folder}。") for folder in ("山", "水", "火")]
    assert [name for name, _ in add(*paths)] == ["plan", "plan-2", "plan-3"]
    assert texts_of(library) == ["山。", "水。", "火。"]


def test_an_id_freed_by_removing_is_used_again(library: Library, add: Callable, tmp_path: Path) -> None:
    add(write(tmp_path / "a" / "plan.txt", "山。"), write(tmp_path / "b" / "plan.txt", "水。"))
    library.remove("plan")
    assert add(write(tmp_path / "c" / "plan.txt", "火。")) == [("plan", Outcome.ADDED)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2022 年报 (终稿).txt", "2022-年报-终稿"),
        ("a.b_c-d.txt", "a.b_c-d"),
        ("(!).txt", "report"),
        ("长" * 83, "长" * 80),
    ],
)
def test_an_id_is_the_file_s_name_in_plain_characters(add: Callable, tmp_path: Path, name: str, expected: str) -> None:
    assert add(write(tmp_path / name, "山。")) == [(expected, Outcome.ADDED)]


def test_one_bad_file_leaves_the_good_ones(library: Library, embedder: Any, tmp_path: Path) -> None:
    good = [write(tmp_path / "a.txt", "山。"), write(tmp_path / "z.txt", "水。")]
    bad = [tmp_path / "missing.txt", write(tmp_path / "empty.txt", ""), write(tmp_path / "title.txt", "只有标题")]
    added = add_files(library, embedder, [good[0], *bad, good[1]], silent)
    assert [one.outcome for one in added] == [Outcome.ADDED, *[Outcome.FAILED] * 3, Outcome.ADDED]
    assert [one.path for one in added] == [str(path) for path in (good[0], *bad, good[1])]
    assert [("\n" in one.message, one.report, one.paragraphs) for one in added if one.message] == [(False, "", 0)] * 3
    assert added[3].message == "title holds no paragraph below its headings; add the full text."
    assert texts_of(library) == ["山。", "水。"]


def test_a_bad_new_version_leaves_the_earlier_text(library: Library, add: Callable, tmp_path: Path) -> None:
    path = write(tmp_path / "plan.txt", "山。")
    add(path)
    write(path, "")
    assert add(path) == [("", Outcome.FAILED)]
    assert texts_of(library) == ["山。"]


def test_a_folder_adds_its_report_files(add: Callable, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    for name in ("b.md", "a.txt", "deep/c.txt", "d.xlsx"):
        write(folder / name, f"{name} 山。")
    assert [name for name, _ in add(folder)] == ["a", "b", "c"]


def test_a_folder_without_reports_is_refused(library: Library, embedder: Any, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match=r"No report \(\.txt, .*\.pdf or a ZIP of them\) was found there"):
        add_files(library, embedder, [tmp_path / "library"], silent)


def test_every_step_of_every_file_is_told_and_at_last_what_became_of_it(
    library: Library, embedder: Any, tmp_path: Path
) -> None:
    told: list[FileStep] = []
    path, empty = write(tmp_path / "plan.txt", "规划\n\n山。水。火。"), write(tmp_path / "none.txt", "")
    added, failed = add_files(library, embedder, [path, empty], told.append)
    # Four passages: the facts, the paragraph, and its two windows.
    assert [(one.at, one.step, one.done, one.total) for one in told] == [
        (1, "reading", 0, 1),
        (1, "splitting", 0, 1),
        (1, "embedding", 0, 4),
        (1, "embedding", 4, 4),
        (1, "saving", 0, 1),
        (1, "saving", 1, 1),
        (1, "done", 1, 1),
        (2, "reading", 0, 1),
        (2, "done", 1, 1),
    ]
    assert {(one.path, one.files) for one in told[:7]} == {(str(path), 2)}
    assert [one.added for one in told if one.step == "done"] == [added, failed]
    assert (added.outcome, failed.outcome) == (Outcome.ADDED, Outcome.FAILED)


def test_progress_tells_of_all_files_as_one_piece_of_work(library: Library, embedder: Any, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    path = write(tmp_path / "plan.txt", "规划\n\n山。水。火。")
    add_files(library, embedder, [path], as_one(lambda *step: told.append(step)))
    assert told == [
        ("reading", 0, 1),
        ("embedding", 0, 4),
        ("embedding", 4, 4),
        ("saving", 0, 1),
        ("saving", 1, 1),
        ("reading", 1, 1),
    ]


def test_a_paragraph_is_embedded_whole_and_by_windows_of_two_sentences(library: Library, embedder: Any) -> None:
    add_reports(library, embedder, [make_report("r", "R", ["山。水。火。", "山。水。", "山。"])], silent)
    assert embedder.embedded == ["山。水。火。", "山。水。", "水。火。", "山。水。", "山。"]
    ids, matrix = library.vectors(3)
    assert len(ids) == 5
    assert matrix[0].tolist() == pytest.approx([0.577350] * 3, abs=1e-6)
    assert matrix[1].tolist() == pytest.approx([0.707107, 0.707107, 0], abs=1e-6)


def test_texts_are_folded_for_a_table_and_left_alone_for_other_models(
    library: Library, embedder: Any, axis_embedder: type
) -> None:
    texts = ["\uff27\uff24\uff30 與經濟"]
    add_reports(library, embedder, [make_report("r", "R", texts)], silent)
    with_table = axis_embedder("山水火")
    with_table.table = np.zeros((1, 3), np.float32)
    add_reports(library, with_table, [make_report("s", "S", texts)], silent)
    assert (embedder.embedded, with_table.embedded) == (["\uff27\uff24\uff30 與經濟"], ["gdp 与经济"])
    assert texts_of(library) == texts * 2


def test_many_texts_are_embedded_in_batches_and_keep_their_order(library: Library, embedder: Any) -> None:
    texts = ["山", *["水"] * EMBED_BATCH, "火"]
    add_reports(library, embedder, [make_report("r", "R", texts)], silent)
    assert library.vectors(3)[1].argmax(axis=1).tolist() == [0, *[1] * EMBED_BATCH, 2]


def test_a_paragraph_of_very_many_sentences_keeps_to_its_own_ids(library: Library, embedder: Any) -> None:
    long, short = make_report("long", "L", ["山。" * 66_000]), make_report("short", "S", ["水。"])
    add_reports(library, embedder, [long, short], silent)
    ids, _ = library.vectors(3)
    assert sorted({int(number) >> 16 for number in ids}) == [row for row, _, _ in library.each_paragraph()]


def test_make_report_numbers_from_one_and_cuts_sentences() -> None:
    report = make_report("set", "题", ["山。水。", "火"])
    assert [(one.number, one.text, one.kind, one.section) for one in report.paragraphs] == [
        (1, "山。水。", Kind.BODY, ()),
        (2, "火", Kind.BODY, ()),
    ]
    assert report.paragraphs[0].sentences == (Sentence(0, 2), Sentence(2, 4))
    assert (report.id, report.title, report.digest) == ("set", "题", "")


def test_a_report_without_paragraphs_can_be_kept(library: Library, embedder: Any) -> None:
    add_reports(library, embedder, [make_report("none", "N", [])], silent)
    assert [report.id for report in library.reports()] == ["none"]


@pytest.fixture
def filled(library: Library, embedder: Any) -> Library:
    add_reports(library, embedder, [make_report("r", "R", ["山。", "水。", "火。"])], silent)
    open_stores(library, 3)
    return library


def found(library: Library) -> tuple[list[int], list[int]]:
    """The rows that the opened vectors and keywords give for 水, best first."""
    opened = open_stores(library, 3)
    near = opened.vectors.nearest(np.array([(0, 1, 0)], np.float32), 1)[0]
    return [number >> 16 for number, _ in near], [row for row, _ in opened.keywords.search(["水"], 9)]


def derived_files(library: Library) -> Sequence[Path]:
    return sorted(path for path in (library.folder / "derived").rglob("*") if path.is_file())


def test_opening_again_uses_the_files_that_are_there(filled: Library) -> None:
    before = {path: path.stat().st_mtime_ns for path in derived_files(filled)}
    assert found(filled) == ([2], [2])
    assert {path: path.stat().st_mtime_ns for path in derived_files(filled)} == before


def test_deleted_derived_files_are_made_again_without_embedding(filled: Library, embedder: Any) -> None:
    embedder.embedded.clear()
    shutil.rmtree(filled.folder / "derived")
    assert found(filled) == ([2], [2])
    assert (embedder.embedded, embedder.asked) == ([], [])


@pytest.mark.parametrize("damage", [b"", b"junk"])
def test_damaged_derived_files_are_made_again_without_embedding(filled: Library, embedder: Any, damage: bytes) -> None:
    embedder.embedded.clear()
    for path in derived_files(filled):
        path.write_bytes(damage)
    assert found(filled) == ([2], [2])
    assert (embedder.embedded, embedder.asked) == ([], [])


def test_derived_files_of_an_earlier_generation_are_made_again(filled: Library, embedder: Any, tmp_path: Path) -> None:
    shutil.copytree(filled.folder / "derived", tmp_path / "old")
    add_reports(filled, embedder, [make_report("s", "S", ["水水。"])], silent)
    shutil.rmtree(filled.folder / "derived", ignore_errors=True)
    shutil.copytree(tmp_path / "old", filled.folder / "derived")
    opened = open_stores(filled, 3)
    assert (opened.vectors.count, opened.keywords.count) == (4, 4)


def test_derived_files_of_another_library_are_made_again(filled: Library, axis_embedder: type, tmp_path: Path) -> None:
    other = Library(tmp_path / "other")
    add_reports(other, axis_embedder("山水火"), [make_report("o", "O", ["水"] * 5)], silent)
    open_stores(other, 3)
    shutil.rmtree(filled.folder / "derived")
    shutil.copytree(other.folder / "derived", filled.folder / "derived")
    other.close()
    assert found(filled) == ([2], [2])


class BusyLibrary(Library):
    """A library that another program changes in the very moment its content has been read."""

    def vectors(self, dimension: int, every: bool = False) -> Any:
        read = super().vectors(dimension, every)
        self._interfere()
        return read

    def each_paragraph(self, every: bool = False) -> Any:
        read = list(super().each_paragraph(every))
        self._interfere()
        return iter(read)

    def _interfere(self) -> None:
        other = Library(self.folder)
        other.remove(other.reports()[0].id)
        other.close()


def test_a_change_while_derived_files_are_made_leaves_no_stale_file(library: Library, embedder: Any) -> None:
    for name in ("a", "b", "c"):
        add_reports(library, embedder, [make_report(name, "T", ["水"])], silent)
    busy = BusyLibrary(library.folder)
    made = publish(busy, 3)
    assert (made.vectors.count, made.keywords.count) == (3, 3)  # both of the one state that was read
    opened = open_stores(library, 3)
    assert (opened.vectors.count, opened.keywords.count) == (1, 1)
    busy.close()
