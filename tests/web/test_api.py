"""The endpoints for programs: plain values out, one sentence for what cannot be done."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from knocking import EDITOR, READER

from index import Index, IndexConfig
from qa import Answerer
from web.api import Endpoints

TEXT = "桥梁年报\n\n全年新建成大小桥梁12座，全部按期完工。\n"


@pytest.fixture
def endpoints(tmp_path: Path) -> Iterator[Endpoints]:
    """Over an empty library."""
    with Index.open(IndexConfig(tmp_path / "library")) as index:
        yield Endpoints(index, Answerer(index))


def test_a_report_sent_as_text_can_be_asked_searched_and_listed(endpoints: Endpoints) -> None:
    added = endpoints.add_report("bridges.txt", TEXT, request=EDITOR)
    assert added == {"name": "bridges.txt", "outcome": "added", "report": "bridges", "paragraphs": 1}
    answer: Any = endpoints.ask("全年新建成多少座桥梁?")
    assert (answer["lead"], answer["refused"]) == ("12座", False)
    (hit,) = endpoints.search("建成大小桥梁", 1)
    assert (hit["report"], hit["paragraph"], hit["text"]) == ("bridges", 1, "全年新建成大小桥梁12座，全部按期完工。")
    (report,) = endpoints.reports()
    assert (report["id"], report["title"], report["paragraphs"]) == ("bridges", "桥梁年报", 1)


def test_a_report_sent_as_bytes_is_read_in_its_encoding(endpoints: Endpoints) -> None:
    content = base64.b64encode(TEXT.encode("gb18030")).decode()
    assert endpoints.add_report("bridges.txt", content=content, request=EDITOR)["outcome"] == "added"
    assert endpoints.add_report("bridges.txt", TEXT, request=EDITOR)["outcome"] == "unchanged"


def test_a_report_sent_again_takes_the_earlier_ones_place(endpoints: Endpoints) -> None:
    endpoints.add_report("bridges.txt", TEXT, request=EDITOR)
    assert endpoints.add_report("bridges.txt", TEXT.replace("12", "13"), request=EDITOR)["outcome"] == "replaced"
    (report,) = endpoints.reports()
    assert (report["id"], report["source"]) == ("bridges", "bridges.txt")
    assert endpoints.ask("全年新建成多少座桥梁?")["lead"] == "13座"


@pytest.mark.parametrize("name", ["", "x", ".txt", "..", "../", "a/b/"])
def test_a_report_without_a_file_name_is_refused(name: str, endpoints: Endpoints) -> None:
    with pytest.raises(gr.Error, match="is no file name"):
        endpoints.add_report(name, TEXT, request=EDITOR)


@pytest.mark.parametrize("name", ["x.exe", "x.txt.sh", "report.pickle"])
def test_a_file_that_is_no_report_by_its_ending_is_refused(name: str, endpoints: Endpoints) -> None:
    with pytest.raises(gr.Error, match=r"has not the ending of a report; these are read: \.txt"):
        endpoints.add_report(name, TEXT, request=EDITOR)


@pytest.mark.parametrize("request_", [None, READER], ids=["nobody", "reader"])
def test_only_an_editor_adds_a_report(request_: Any, endpoints: Endpoints) -> None:
    with pytest.raises(gr.Error, match="Only an editor adds reports"):
        endpoints.add_report("bridges.txt", TEXT, request=request_)
    assert endpoints.reports() == []


def test_a_name_cannot_leave_its_folder(endpoints: Endpoints) -> None:
    assert endpoints.add_report("../../etc\\bridges.txt", TEXT, request=EDITOR)["name"] == "bridges.txt"


@pytest.mark.parametrize(
    ("text", "content", "said"),
    [("", "", "either as text or"), ("a", "YQ==", "either as text or"), ("", "~", "no base64")],
)
def test_a_report_is_sent_once_and_readable(text: str, content: str, said: str, endpoints: Endpoints) -> None:
    with pytest.raises(gr.Error, match=said):
        endpoints.add_report("a.txt", text, content, request=EDITOR)


def test_a_report_that_cannot_be_read_is_told_without_the_servers_folders(endpoints: Endpoints) -> None:
    with pytest.raises(gr.Error) as told:
        endpoints.add_report("a.txt", content=base64.b64encode(b"\x00\x01").decode(), request=EDITOR)
    assert "/tmp" not in str(told.value)


@pytest.mark.parametrize("top", [0, -1, 51])
def test_a_search_for_none_or_too_many_is_refused(top: int, endpoints: Endpoints) -> None:
    with pytest.raises(gr.Error, match="give a number from 1 to 50"):
        endpoints.search("桥", top)


def test_an_empty_question_is_refused_in_one_sentence(endpoints: Endpoints) -> None:
    with pytest.raises(gr.Error, match="The question is empty"):
        endpoints.ask(" ")


def test_own_cases_are_evaluated(endpoints: Endpoints) -> None:
    endpoints.add_report("bridges.txt", TEXT, request=EDITOR)
    right = {"question": "全年新建成多少座桥梁?", "answers": ["12座"], "evidence": ["全年新建成大小桥梁12座"]}
    wrong = {**right, "answers": ["13座"]}
    told: Any = endpoints.evaluate(
        "mine", cases="\n".join(json.dumps({**one, "id": str(at)}) for at, one in enumerate((right, wrong)))
    )
    assert told["set"] == "mine"
    assert told["metrics"]["holds_answer"]["value"] == 0.5
    assert sum(told["failed"].values()) == 1


@pytest.mark.parametrize(("name", "split"), [("../x", "dev"), ("huangpu", "nope"), ("own", "0")])
def test_a_set_that_does_not_ship_is_refused_with_those_that_do(name: str, split: str, endpoints: Endpoints) -> None:
    with pytest.raises(gr.Error, match="choose one of: huangpu dev, huangpu test"):
        endpoints.evaluate(name, split)


def test_a_question_and_a_search_are_limited_to_a_report_a_tag_a_year_or_a_version(endpoints: Endpoints) -> None:
    endpoints.add_report("bridges.txt", TEXT, request=EDITOR)
    endpoints.add_report("bridges.txt", TEXT.replace("12", "15"), request=EDITOR)
    endpoints.add_report("roads.txt", "道路年报\n\n2023-02-01\n\n全年新建成道路7公里。\n", request=EDITOR)
    question = "全年新建成多少座桥梁?"
    now, before = endpoints.ask(question), endpoints.ask(question, version="1", report="bridges")
    assert (now["lead"], before["lead"]) == ("15座", "12座")
    cited: Any = before["citations"]
    assert cited[0]["version"] == 1
    hits: Any = endpoints.search("建成", year="2023")
    assert {hit["report"] for hit in hits} == {"roads"}
    assert {hit["version"] for hit in endpoints.search("建成", 20, report="bridges", version="all")} == {1, 2}
    listed = {report["id"]: (report["version"], report["tags"]) for report in endpoints.reports()}
    assert listed == {"bridges": (2, {}), "roads": (1, {"year": "2023"})}


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ({"report": "gone"}, "There is no report 'gone'"),
        ({"tag": "x"}, "is no tag"),
        ({"year": "1999"}, "No report fits"),
        ({"version": "new"}, "is no version"),
    ],
)
def test_a_limit_that_names_nothing_is_told_in_one_sentence(
    limit: dict[str, str], said: str, endpoints: Endpoints
) -> None:
    endpoints.add_report("bridges.txt", TEXT, request=EDITOR)
    with pytest.raises(gr.Error, match=said):
        endpoints.ask("全年新建成多少座桥梁?", **limit)
    with pytest.raises(gr.Error, match=said):
        endpoints.search("桥", **limit)


def test_two_versions_of_one_paragraph_can_be_cited_together(endpoints: Endpoints) -> None:
    endpoints.add_report("bridges.txt", TEXT, request=EDITOR)
    endpoints.add_report("bridges.txt", TEXT.replace("12", "15"), request=EDITOR)
    told: Any = endpoints.ask("全年新建成哪些大小桥梁?", version="all")
    assert {cited["version"] for cited in told["citations"]} == {1, 2}
