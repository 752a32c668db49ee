"""What adding promises for files that are no reports: one sentence with the way out, and the rest goes in."""

import re
import struct
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from eval.carry import Made, Part, PartKind, to_docx, to_html
from index.archive import Found, find_files
from index.aside import Aside
from index.build import add_files
from index.document import ReadError
from index.library import Library
from index.read import read_document
from index.steps import Added, Outcome, silent

SMALL = Made("small", "规划", ("2022-03-04",), (Part(PartKind.TEXT, "山高水长,源远流长。"),))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def packed(**members: bytes) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return written.getvalue()


def changed_docx(change: Callable[[dict[str, bytes]], None]) -> bytes:
    with zipfile.ZipFile(BytesIO(to_docx(SMALL))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return written.getvalue()


def many_parts() -> bytes:
    return changed_docx(lambda parts: parts.update({f"word/media/{n}.bin": b"" for n in range(50_000)}))


def bomb() -> bytes:
    return changed_docx(lambda parts: parts.update({"word/media/zeros.bin": bytes(310_000_000)}))


def lying_size() -> bytes:
    """A document whose main part says that it is a tenth of what it unpacks to."""
    data = bytearray(to_docx(SMALL))
    at = next(
        m.start() for m in re.finditer(b"PK\x01\x02", data) if data[m.start() + 46 :].startswith(b"word/document.xml")
    )
    size = struct.unpack_from("<I", data, at + 24)[0]
    struct.pack_into("<I", data, at + 24, size // 10)
    return bytes(data)


def billion_laughs() -> bytes:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))

    def change(parts: dict[str, bytes]) -> None:
        xml = parts["word/document.xml"].decode()
        declared = f'<!DOCTYPE x [<!ENTITY l0 "ha">{levels}]>'
        xml = re.sub(r"(<\?xml[^>]*\?>)", lambda found: found.group(1) + declared, xml, count=1)
        parts["word/document.xml"] = xml.replace("山高", "&l9;").encode()

    return changed_docx(change)


def protected_pdf() -> bytes:
    """The trailer of a PDF that is encrypted; PDFium asks for the password before anything else."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"ab" * 32 + b"> /U <" + b"cd" * 32 + b"> >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(data)
    data += b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    ids = b"<" + b"00" * 16 + b">"
    trailer = b"<< /Size 4 /Root 1 0 R /Encrypt 3 0 R /ID [%s %s] >>" % (ids, ids)
    return data + b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (trailer, start)


BAD = [
    ("empty.txt", lambda: b"", "empty.txt is empty"),
    ("blank.docx", lambda: to_docx(Made("b", "", (), ())), "blank.docx holds no text|blank holds no paragraph"),
    ("photo.jpg", lambda: b"\xff\xd8\xff\xe0" + bytes(99), r"photo.jpg is a picture \(JPEG\)"),
    ("photo.pdf", lambda: b"\x89PNG\r\n\x1a\n" + bytes(99), r"photo.pdf is a picture \(PNG\)"),
    ("tool.exe", lambda: b"MZ\x90\x00" + bytes(99), "tool.exe is a program"),
    ("tool", lambda: b"\x7fELF" + bytes(99), "tool is a program"),
    ("a.txt", lambda: b"%PDF-1.7\n" + bytes(99), "a.txt is a PDF by its content; rename it to end in .pdf"),
    ("a.md", lambda: to_docx(SMALL), "a.md is a ZIP archive|a.md is a DOCX by its content"),
    ("text.docx", "山高水长。".encode, "text.docx is no DOCX by its content"),
    ("text.pdf", "山高水长。".encode, "text.pdf is no PDF by its content"),
    ("locked.docx", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "locked.docx is protected by a password"),
    ("old.doc", lambda: OLE, "old.doc is a document of Word 2003 or older; save it as DOCX"),
    ("sheet.docx", lambda: packed(xl__workbook=b"<x/>"), "sheet.docx is a ZIP of something else"),
    ("locked.pdf", protected_pdf, "locked.pdf is protected by a password; save it without one"),
    ("cut.pdf", lambda: b"%PDF-1.7\n1 0 obj\n<<", "cut.pdf is a damaged PDF"),
    ("cut.docx", lambda: to_docx(SMALL)[:5000], "cut.docx is a damaged Word document|cut.docx is a ZIP"),
    ("many.docx", many_parts, r"many.docx unpacks to 50,0\d\d parts"),
    ("bomb.docx", bomb, "bomb.docx unpacks to .* 31\\d MB, more than a report holds"),
    ("lying.docx", lying_size, "lying.docx is a damaged Word document"),
    ("laughs.docx", billion_laughs, "laughs.docx declares XML entities"),
    ("cut.zip", lambda: packed(a=b"x" * 999)[:60], "cut.zip is a damaged ZIP"),
    ("none.zip", lambda: packed(a=b"x"), "none.zip holds no report"),
]


@pytest.fixture
def add(library: Library, embedder: Any) -> Callable[..., tuple[Added, ...]]:
    return lambda *paths: add_files(library, embedder, list(paths), silent)


def test_every_bad_file_gets_one_sentence_and_the_good_ones_go_in(
    add: Callable, library: Library, tmp_path: Path
) -> None:
    paths = []
    for name, made, _ in BAD:
        paths.append(tmp_path / name)
        paths[-1].write_bytes(made())
    good = [tmp_path / "first.html", tmp_path / "last.docx"]
    good[0].write_bytes(to_html(SMALL))
    good[1].write_bytes(to_docx(Made("g", "另一份", (), (Part(PartKind.TEXT, "水深火热,山高水长。"),))))
    first, *bad, last = add(good[0], *paths, good[1])
    assert (first.outcome, last.outcome) == (Outcome.ADDED, Outcome.ADDED)
    for one, (name, _, words) in zip(bad, BAD, strict=True):
        assert one.outcome is Outcome.FAILED, name
        assert re.search(words, one.message), one.message
        assert one.message.endswith(".")
        assert "\n" not in one.message
    assert [report.id for report in library.reports()] == ["first", "last"]
    assert library.check() == "ok"


def test_a_file_of_200_mb_is_refused_before_it_is_read(add: Callable, tmp_path: Path) -> None:
    path = tmp_path / "large.pdf"
    with path.open("wb") as opened:
        opened.truncate(200_000_000)
    assert "large.pdf has 200 MB, the limit is 50 MB; split it into parts." in add(path)[0].message


@pytest.mark.parametrize(
    "name", ["引'号\".txt", "两\n行.txt", "长" * 80 + ".txt", "x" * 250 + ".txt", "#%&?;.md", "-rf.txt"]
)
def test_a_strange_name_does_no_harm(add: Callable, library: Library, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("山高水长。", "utf-8")
    (one,) = add(tmp_path / name)
    assert one.outcome is Outcome.ADDED
    assert re.fullmatch(r"[\w.-]{1,80}", library.reports()[0].id)


def test_a_name_longer_than_the_system_allows_is_told_in_short(add: Callable, tmp_path: Path) -> None:
    (one,) = add(tmp_path / ("长" * 300 + ".txt"))
    assert one.outcome is Outcome.FAILED
    assert "cannot be read" in one.message
    assert len(one.message) < 200


def test_the_same_file_twice_is_added_once(add: Callable, tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(to_docx(SMALL))
    assert [one.outcome for one in add(path, path)] == [Outcome.ADDED, Outcome.UNCHANGED]


def test_two_reports_of_one_name_are_two_reports(add: Callable, tmp_path: Path) -> None:
    for folder, text in (("x", "山高水长。"), ("y", "水深火热。")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "plan.txt").write_text(text, "utf-8")
    assert [one.report for one in add(tmp_path / "x", tmp_path / "y")] == ["plan", "plan-2"]


def test_a_file_that_vanishes_is_told_and_the_next_one_goes_in(
    add: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, stays = tmp_path / "gone.txt", tmp_path / "stays.txt"
    for path in (gone, stays):
        path.write_text(f"{path.stem}山高水长。", "utf-8")
    opened = Path.open

    def vanishing(self: Path, *rest: Any, **named: Any) -> Any:
        if self.name == "gone.txt":
            self.unlink(missing_ok=True)
        return opened(self, *rest, **named)

    monkeypatch.setattr(Path, "open", vanishing)
    first, second = add(gone, stays)
    assert first.message == "gone.txt vanished while it was read; add it again."
    assert second.outcome is Outcome.ADDED


def test_a_zip_gives_its_reports_whatever_encoding_their_names_are_in(add: Callable, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("区/年报.txt", "山高水长。")
        archive.writestr("__MACOSX/._年报.txt", b"\x00\x05")
        archive.writestr("../../outside.md", "水深火热。")
        archive.writestr("photo.jpg", b"x")
        archive.writestr("AAAA.txt", "火山。")
    # Chinese Windows writes names in GBK and does not say so; zipfile would say UTF-8.
    path.write_bytes(path.read_bytes().replace(b"AAAA", "规划".encode("gbk")))
    added = add(path)
    assert {one.outcome for one in added} == {Outcome.ADDED}
    assert {one.report for one in added} == {"年报", "outside", "规划"}
    assert not (tmp_path.parent / "outside.md").exists()


def test_a_member_that_is_protected_is_told(tmp_path: Path) -> None:
    path = tmp_path / "locked.zip"
    data = bytearray(packed(**{"a.txt": b"text"}))
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + offset] |= 1
    path.write_bytes(data)
    (found,) = find_files([path])
    with pytest.raises(ReadError, match=r"a\.txt in locked\.zip is protected by a password"):
        read_document(found)


@pytest.mark.skipif(sys.platform != "linux", reason="the limits are set as Linux knows them")
def test_a_page_that_takes_for_ever_ends_within_its_time_and_the_next_file_is_read(tmp_path: Path) -> None:
    deep, good = tmp_path / "deep.html", tmp_path / "good.html"
    deep.write_text("<div>" * 99_000 + "山", "utf-8")
    good.write_bytes(to_html(SMALL))
    with Aside(seconds=6) as aside:
        with pytest.raises(ReadError, match=r"deep\.html could not be read within 6 s and 1 GB; save it again"):
            aside.read(Found(deep))
        assert aside.read(Found(good)) == read_document(Found(good))


def test_what_is_read_aside_is_what_is_read_here(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(to_docx(SMALL))
    with Aside() as aside:
        assert aside.read(Found(path)) == read_document(Found(path))
        with pytest.raises(ReadError, match="There is no file"):
            aside.read(Found(tmp_path / "none.docx"))
