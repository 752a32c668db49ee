"""What read promises: the same text whatever its encoding, and one sentence for what is no report."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.archive import Found, find_files
from index.config import LARGEST_FILE
from index.document import Document, Facts, Piece, PieceKind, ReadError
from index.read import read_document
from index.records import WenjuError

TEXT = "标题\n\n五年来共有6万多户居民告别旧里,总量超过前五年一倍以上。聚焦推进留改项目,受益居民超过5900户。\n"
# printf of TEXT in UTF-8 through sha256sum
DIGEST = "166e193f41c2f989011cd755830f2183c171ce80d32d54ae7bcca271871af3f3"


PIECES = (
    Piece(PieceKind.TEXT, "标题"),
    Piece(
        PieceKind.TEXT, "五年来共有6万多户居民告别旧里,总量超过前五年一倍以上。聚焦推进留改项目,受益居民超过5900户。\n"
    ),
)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Found]:
    def written(data: bytes, name: str = "report.txt") -> Found:
        path = tmp_path / name
        path.write_bytes(data)
        return Found(path)

    return written


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TEXT.encode("utf-8"), id="UTF-8"),
        pytest.param(b"\xef\xbb\xbf" + TEXT.encode("utf-8"), id="UTF-8 with a byte-order mark"),
        pytest.param(b"\xff\xfe" + TEXT.encode("utf-16-le"), id="UTF-16 little-endian"),
        pytest.param(b"\xfe\xff" + TEXT.encode("utf-16-be"), id="UTF-16 big-endian"),
        pytest.param(b"\xff\xfe\x00\x00" + TEXT.encode("utf-32-le"), id="UTF-32"),
        pytest.param(TEXT.encode("gb18030"), id="GB18030"),
        pytest.param(TEXT.encode("gbk"), id="GBK"),
        pytest.param(TEXT.replace("\n", "\r\n").encode("utf-8"), id="Windows line ends"),
        pytest.param(TEXT.replace("\n", "\r").encode("gb18030"), id="old Mac line ends in GB18030"),
    ],
)
def test_every_encoding_gives_the_same_text_and_digest(write: Callable[..., Found], data: bytes) -> None:
    assert read_document(write(data)) == Document("report", PIECES, Facts(), DIGEST)


def test_the_shipped_report_reads_alike_in_gb18030(write: Callable[..., Found], shipped_report: Path) -> None:
    copy = write(shipped_report.read_text("utf-8").encode("gb18030"))
    assert read_document(copy).digest == read_document(Found(shipped_report)).digest


def test_traditional_text_in_big5_is_read(write: Callable[..., Found]) -> None:
    text = "五年來共有六萬多戶居民告別舊里,總量超過前五年一倍以上。經濟發展躍上新台階,民生持續改善。"
    assert read_document(write(text.encode("big5"))).pieces == (Piece(PieceKind.TEXT, text),)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.md", PieceKind.HEADING),
        ("a.MARKDOWN", PieceKind.HEADING),
        ("a.txt", PieceKind.TEXT),
        ("a", PieceKind.TEXT),
    ],
)
def test_the_ending_tells_markdown(write: Callable[..., Found], name: str, kind: PieceKind) -> None:
    assert read_document(write(b"# one", name)).pieces[0].kind is kind


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"", "report.txt is empty; add a file", id="empty"),
        pytest.param("\ufeff \n\u3000\n".encode(), "report.txt holds no text", id="blanks only"),
        pytest.param(b"AB\x03\x04\x00\x00", "report.txt is a binary file", id="with zero bytes"),
        pytest.param(
            b"%PDF-1.7\n1 0 obj", "report.txt is a PDF by its content; rename it", id="a PDF without zero bytes"
        ),
        pytest.param(b"\xff\xfe\x00", "not whole utf-16-le text", id="half a UTF-16 character"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(range(1, 256)) * 9, r"report.txt is a picture \(PNG\)", id="noise"),
        pytest.param("汉字报告".encode() * 50 + b"\xff\xfe\x80", "report.txt is in no encoding", id="broken UTF-8"),
    ],
)
def test_a_file_that_holds_no_text_is_refused_in_one_sentence(
    write: Callable[..., Found], data: bytes, words: str
) -> None:
    with pytest.raises(ReadError, match=words) as caught:
        read_document(write(data))
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_text_full_of_control_characters_is_refused(write: Callable[..., Found]) -> None:
    with pytest.raises(ReadError, match="binary file"):
        read_document(write(b"\x01\x02\x03\x04 text"))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"There is no file .*nowhere\.txt; check the path\."):
        read_document(Found(tmp_path / "nowhere.txt"))


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"is not a file; name a report, or a folder"):
        read_document(Found(tmp_path))


def test_a_name_longer_than_the_system_allows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="cannot be read"):
        read_document(Found(tmp_path / ("a" * 5000)))


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as opened:
        opened.truncate(LARGEST_FILE + 1)  # a hole: takes no room on the disk
    with pytest.raises(ReadError, match=r"large\.txt has 50 MB, the limit is 50 MB; split it into parts\."):
        read_document(Found(path))


def test_read_errors_are_faults_the_user_can_mend() -> None:
    assert issubclass(ReadError, WenjuError)


def test_a_folder_gives_its_report_files_sorted_and_nothing_else(tmp_path: Path) -> None:
    for name in ("b.txt", "a.MD", "c.pdf", "deep/d.markdown", "deep/e.docx", "f.xlsx", "~$e.docx"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    names = ("a.MD", "b.txt", "c.pdf", "deep/d.markdown", "deep/e.docx")
    assert list(find_files([tmp_path])) == [Found(tmp_path / name) for name in names]


def test_a_file_named_by_hand_may_have_any_ending_and_need_not_exist(tmp_path: Path) -> None:
    assert list(find_files([tmp_path / "report.log"])) == [Found(tmp_path / "report.log")]
