"""Hand-made answers and reports: a short report on bridges, and doors that answer from a script."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browsing import at_home, serving

from eval import Feedback
from index import Hit, Index, IndexConfig, Paragraph, Report, Scope, WenjuError
from index.records import Kind, RankScores, Sentence, Tags, Version
from qa import Answer, Citation, Mode, QaConfig, StepTime, Turn

EVERYTHING = Scope()
TEXT = "全年建桥12座。投资3亿元。"


def paragraph_of(number: int = 1, text: str = TEXT, kind: Kind = Kind.BODY, section: str = "一、桥梁") -> Paragraph:
    cut = (Sentence(0, 8), Sentence(8, 14)) if text == TEXT else (Sentence(0, len(text)),)
    return Paragraph("bridges", number, (section,) if section else (), text, cut, kind)


@pytest.fixture(scope="session")
def bridges() -> Report:
    paragraphs = (
        paragraph_of(0, "标题(题目):桥。", Kind.ABOUT, ""),
        paragraph_of(),
        paragraph_of(2, "修路<b>5</b>公里。", section="二、道路"),
        paragraph_of(3, "一座桥", Kind.CAPTION, section="二、道路"),
    )
    return Report("bridges", '桥 & "路"', "2024-03-01", ("首页", "报告"), (), "路桥处", "/tmp/b.txt", "0", paragraphs)


def citation_of(mark: int = 1, start: int = 0, end: int = 8, strength: float = 0.9) -> Citation:
    return Citation(mark, "bridges", "桥", ("一、桥梁,全线贯通",), 1, start, end, TEXT[start:end], strength)


@pytest.fixture(scope="session")
def hit() -> Hit:
    return Hit(paragraph_of(), "桥", 1.0, RankScores(None, None, None))


@pytest.fixture(scope="session")
def answer() -> Answer:
    return Answer(
        question="建了几座桥?",
        searched="建了几座桥?",
        text="全年建桥12座。[1]",
        lead="12座",
        refused=False,
        confidence=0.9,
        mode=Mode.EXTRACTIVE,
        citations=(citation_of(),),
        hits=(),
        warnings=(),
        seconds=(StepTime("retrieve", 0.02), StepTime("cite", 0.01)),
    )


class ShelfIndex:
    """An index that holds the reports it was given and finds their second paragraph for any question."""

    generation = 1
    embedder = "none"
    config = IndexConfig()
    adding = Index.adding

    def __init__(self, reports: Sequence[Report]) -> None:
        self.held = list(reports)

    def search(self, question: str, top: int = 10, scope: object = None) -> tuple[Hit, ...]:
        ranks = RankScores(None, None, None)
        return tuple(Hit(report.paragraphs[1], report.title, 1.0, ranks) for report in self.held)

    def search_many(self, questions: Sequence[str], top: int = 10) -> tuple[tuple[Hit, ...], ...]:
        return tuple(self.search(question, top) for question in questions)

    def reports(self) -> tuple[Report, ...]:
        return tuple(self.held)

    def report(self, report: str, version: int = 0) -> Report:
        for one in self.held:
            if one.id == report:
                return one
        raise WenjuError("There is no such report.")

    def versions(self, report: str) -> tuple[Version, ...]:
        return (Version(1, "2024-03-01T08:00:00", "桥", 3, True),)

    def tag(self, report: str, tags: Tags) -> None:
        self.held = [replace(one, tags=tags) if one.id == report else one for one in self.held]

    def remove(self, report: str) -> None:
        if report not in [one.id for one in self.held]:
            raise WenjuError("There is no such report.")
        self.held = [one for one in self.held if one.id != report]

    def add(self, paths: Sequence[Path], progress: object, adding: object) -> tuple[object, ...]:
        raise WenjuError("Nothing <could> be added.")


class ScriptedAnswerer:
    """Streams the answers of a script; an error in the script is raised. `asked` and `scopes` keep what was asked."""

    mode = Mode.EXTRACTIVE
    config = QaConfig()

    def __init__(self, *script: Answer | Exception) -> None:
        self.script = script
        self.asked: list[tuple[str, list[Turn]]] = []
        self.scopes: list[Scope] = []

    def stream(self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYTHING) -> Iterator[Answer]:
        self.asked.append((question, list(history)))
        self.scopes.append(scope)
        for one in self.script:
            if isinstance(one, Exception):
                raise one
            yield one

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        *_, last = self.stream(question, history)
        return last


@pytest.fixture
def ballot(bridges: Report, tmp_path: Path) -> Any:
    """A ballot that keeps its votes in `tmp_path`."""
    from web.vote import Ballot

    return Ballot(ShelfIndex([bridges]), Feedback(tmp_path))  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def scripted() -> type[ScriptedAnswerer]:
    """`scripted(answer, error, ...)` makes an answerer that streams these."""
    return ScriptedAnswerer


@pytest.fixture(scope="session")
def shelf_of() -> type[ShelfIndex]:
    """`shelf_of([report])` makes an index that holds these."""
    return ShelfIndex


@pytest.fixture(scope="session")
def cite() -> Callable[..., Citation]:
    """Make a citation of the hand-made paragraph: `cite(mark=2, start=8, end=14)`."""
    return citation_of


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("served") / "library") as here:
        yield here


@pytest.fixture
def visit(chromium: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Open the window: `visit()`, `visit(locale="en-US")`; at the end, nothing may have gone elsewhere or wrong."""
    contexts, strays, faults = [], [], []

    def start(where: str = address, ready: str = "#start .start", **options: Any) -> Any:
        context = chromium.new_context(**{"locale": "zh-CN", "viewport": {"width": 1280, "height": 860}, **options})
        contexts.append(context)
        page, home = context.new_page(), where.split("/?", maxsplit=1)[0]
        page.set_default_timeout(30_000)
        page.on("request", lambda sent: strays.append(sent.url) if not at_home(sent.url, home) else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.goto(where)
        page.wait_for_selector(ready)
        return page

    yield start
    for context in contexts:
        context.close()
    assert not strays
    assert not faults
