"""Runs one target under atheris, guided by the coverage of Wenju's own code: `python tests/reliability/fuzz.py html`.

Behind the target come libFuzzer's own options, such as `-max_total_time=600`; found cases are written to the folder
`found` beside this file, where the everyday tests run them again. Needs the extra `fuzz`.
"""

import sys
import traceback
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from zipfile import ZipFile

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
# Seconds for one input; reading a page takes a hundredth of one.
_HANG = 20
_LONGEST = 6_000  # bytes of an input


def seeds() -> dict[str, list[bytes]]:
    """Return what each target begins with: the report that ships, and a made report in the format."""
    import made_pdf

    from eval.carry import Made, Part, PartKind, to_docx, to_html, to_markdown, to_text

    shipped = (ROOT / "reports" / "huangpu-2022.txt").read_text("utf-8")
    rows = (("街道", "户数"), ("外滩", "120"), ("豫园", "8.3"))
    made = Made(
        "r",
        "关于2022年工作的报告",
        ("2022-03-04",),
        (
            Part(PartKind.HEADING, "一、总体情况", 2),
            Part(PartKind.TEXT, "收入增长5.2%。“三会”制度(试行)推开;共有12处。 It ends. Mr. Li said so."),
            Part(PartKind.ITEM, "第一项"),
            Part(PartKind.CAPTION, "表1 各街道户数"),
            Part(PartKind.TABLE, "", rows=rows),
        ),
    )
    return {
        "split": [shipped[:2_000].encode(), b"He said (so. Really. No!) e.g. This. \xe2\x80\x9cA.\xe2\x80\x9d B; C?"],
        "text": [shipped[:6_000].encode(), shipped[:2_000].encode("gb18030"), to_text(made)],
        "markdown": [to_markdown(made), b"# A\n\n- b\n  - c\n\n|a|b|\n|-|-|\n|1|2|\n\n```\nx\n```\n"],
        "html": [
            to_html(made),
            b"<table><tr><td rowspan=2 colspan=3>a<td>b<tr><td>c</table><sup><a href=#x>1</a></sup>",
        ],
        "docx": [
            *_word_parts(to_docx(made)),
            bytes([128, 0, 0, 0, 1, 0, 2, 255, 0, 130, 0, 0, 3, 0, 4, 0, 5, 0, 0]) * 4,
        ],
        "layout": [bytes(range(256)) * 4],
        "pdf": [made_pdf.report_pdf()],
    }


def _word_parts(data: bytes) -> Iterator[bytes]:
    """Yield a Word document's parts as the target takes them: which part it is, then its bytes."""
    import fuzz_targets

    with ZipFile(BytesIO(data)) as package:
        for at, name in enumerate(fuzz_targets.PARTS):
            if name in package.namelist():
                yield bytes([at]) + package.read(name)


def main() -> None:
    """Fuzz the target that is named first."""
    sys.path[:0] = [str(ROOT), str(HERE)]
    target, *options = sys.argv[1:]
    import atheris

    with atheris.instrument_imports(include=["index"]):
        import fuzz_targets
    corpus, found = Path(mkdtemp(prefix=f"fuzz-{target}-")), HERE / "found" / target
    found.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds()[target]):
        (corpus / f"seed-{number}").write_bytes(data)
    given = [f"-artifact_prefix={found}/", f"-timeout={_HANG}", f"-max_len={_LONGEST}", "-rss_limit_mb=2048", *options]

    def attempt(data: bytes) -> None:
        try:
            fuzz_targets.attempt(target, data)
        except Exception as error:  # kept, and the run goes on: one case a place in the source
            place = traceback.extract_tb(error.__traceback__)[-1]
            name = f"{type(error).__name__}-{Path(place.filename).stem}-{place.name.strip('<>')}"
            if not (found / name).exists():
                (found / name).write_bytes(data)

    atheris.Setup([sys.argv[0], *given, str(corpus)], attempt)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
