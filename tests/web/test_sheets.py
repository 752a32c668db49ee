"""The sheets over the page: what the program tells of itself, and its keys."""

import re
from pathlib import Path

from index import Index, IndexConfig
from qa import QaConfig
from web.sheets import about, of_package, program, shortcuts, size_of, talks


def test_about_tells_library_model_network_and_versions(tmp_path: Path) -> None:
    with Index.open(IndexConfig(tmp_path / "library")) as index:
        html = about(program(index, QaConfig(), ()))
    assert "0 份报告，0 段" in html
    assert "<dd>bundled</dd>" in html
    assert "不联网" in html
    assert re.search(r"<th>gradio</th><td>6\.\d+\.\d+</td><td>Apache-2.0</td>", html)


def test_about_names_the_host_that_questions_are_sent_to(tmp_path: Path) -> None:
    with Index.open(IndexConfig(tmp_path / "library")) as index:
        html = about(program(index, QaConfig(llm_url="http://user:x@model.example:81/v1", llm_model="m"), ()))
    assert "model.example:81" in html
    assert "user:x" not in html


def test_a_package_that_is_not_installed_is_left_out() -> None:
    assert of_package("no-such-package-anywhere") == ("", "")


def test_no_licence_is_told_as_its_whole_text() -> None:
    assert all(len(of_package(name)[1]) <= 40 for name in ("numpy", "gradio", "faiss-cpu", "tantivy"))


def test_the_size_of_a_folder_is_that_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(b"12345")
    (tmp_path / "c").write_bytes(b"123")
    assert size_of(tmp_path) == 8


def test_every_sheet_has_a_name_and_a_way_out() -> None:
    for html in (shortcuts(), talks()):
        name = re.search(r'aria-labelledby="([\w-]+)"', html)
        assert name is not None
        assert f'id="{name.group(1)}"' in html
        assert "data-shut" in html
