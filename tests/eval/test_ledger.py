from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from eval.ledger import Ledger, LedgerError


def test_lines_come_back_in_the_order_they_were_added(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "new" / "lines.jsonl")
    assert ledger.lines() == []
    ledger.append("一")
    ledger.append("二")
    assert ledger.path.read_bytes() == "一\n二\n".encode()
    assert ledger.lines() == ["一", "二", ""]


def test_a_line_torn_by_a_crash_does_not_spoil_the_next(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "lines.jsonl")
    ledger.path.write_bytes("好\n坏".encode()[:-1])
    ledger.append("新")
    lines = ledger.lines()
    assert (lines[0], lines[2]) == ("好", "新")


def test_several_writers_do_not_mix_their_lines(tmp_path: Path) -> None:
    def write(name: str) -> None:
        ledger = Ledger(tmp_path / "lines.jsonl")
        for _ in range(20):
            with ledger.locked():
                count = len(ledger.lines()) or 1
                ledger.append(f"{count} {name * 200}")

    with ThreadPoolExecutor(4) as writers:
        list(writers.map(write, "abcd"))
    lines = Ledger(tmp_path / "lines.jsonl").lines()[:-1]
    # Each saw all that the others had written: the counts grow by one.
    assert [int(line.split()[0]) for line in lines] == list(range(1, 81))
    assert all(len(line.split()[1]) == 200 for line in lines)


def test_replacing_leaves_nothing_beside_the_file(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "lines.jsonl")
    ledger.append("旧")
    ledger.replace(["新", "二"])
    assert ledger.lines() == ["新", "二", ""]
    assert [path.name for path in tmp_path.iterdir()] == ["lines.jsonl"]


def test_a_file_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x")
    with pytest.raises(LedgerError, match="cannot be read"):
        Ledger(tmp_path / "folder").lines()
    with pytest.raises(LedgerError, match="cannot be written"):
        Ledger(tmp_path / "file" / "lines.jsonl").append("x")
    with pytest.raises(LedgerError, match="cannot be written"):
        Ledger(tmp_path / "folder").replace(["x"])
