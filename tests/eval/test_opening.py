from pathlib import Path

import pytest

from eval.opening import Bench, demand_writable, fused, index_config, qa_config, report_of
from eval.records import Article, CaseSet
from index import Index, IndexConfig, WenjuError


@pytest.fixture
def config(tmp_path: Path, tiny_model: Path, shipped_report: Path) -> IndexConfig:
    config = IndexConfig(tmp_path / "library", str(tiny_model))
    with Index.open(config) as index:
        index.add([shipped_report])
    return config


def test_the_environment_stands_in_for_what_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("LIBRARY", "lib"),
        ("EMBEDDER", "m"),
        ("LLM_URL", "http://u/v1"),
        ("LLM_MODEL", "x"),
        ("LLM_KEY", "k"),
    ):
        monkeypatch.setenv(f"WENJU_{name}", value)
    assert index_config(None) == IndexConfig(Path("lib"), "m")
    assert index_config(Path("given")).library == Path("given")
    assert (qa_config().llm_url, qa_config().llm_model, qa_config().llm_key) == ("http://u/v1", "x", "k")


def test_a_bench_keeps_the_library_as_it_is_and_embeds_copies(config: IndexConfig, bundled_model: str) -> None:
    before = (config.library / "wenju.sqlite").read_bytes()
    with Bench(CaseSet("s", "d", ()), config) as bench:
        with bench.library(fused(config, ("1", "0", "0"))) as own:
            assert own.config.library == config.library
            assert own.config.chinese.keywords == 1.0
        other = IndexConfig(config.library, bundled_model)
        with bench.library(other) as copy:
            assert copy.config.library != config.library
            assert copy.reports() == own_reports(config)
            assert copy.search("税收占比", 1)
    assert (config.library / "wenju.sqlite").read_bytes() == before


def own_reports(config: IndexConfig) -> object:
    with Index.open(config) as index:
        return index.reports()


@pytest.fixture
def bundled_model() -> str:
    return ""


def test_a_bench_of_a_set_with_its_own_paragraphs_holds_those(config: IndexConfig) -> None:
    case_set = CaseSet("s", "d", (), (Article("art", "题", ("水深。",)),))
    with Bench(case_set, config) as bench, bench.library(config) as index:
        assert [report.id for report in index.reports()] == ["art"]


def test_a_report_is_named_by_id_title_or_file(config: IndexConfig, shipped_report: Path, tmp_path: Path) -> None:
    by_id = report_of("huangpu-2022", config)
    assert report_of(by_id.title, config) == by_id
    from_file = report_of(str(shipped_report), IndexConfig(tmp_path / "none"))
    assert [one.text for one in from_file.paragraphs] == [one.text for one in by_id.paragraphs]
    with pytest.raises(WenjuError, match="which holds huangpu-2022; name one"):
        report_of("nowhere", config)


def test_a_target_that_cannot_be_written_is_told_beforehand(tmp_path: Path) -> None:
    demand_writable(None)
    demand_writable(tmp_path / "card.json")
    for target in (tmp_path, tmp_path / "no" / "card.json"):
        with pytest.raises(WenjuError, match="cannot be written"):
            demand_writable(target)
