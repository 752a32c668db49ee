"""A hand-made index: three paragraphs, found by how many character pairs they share with the question."""

from collections.abc import Sequence

import pytest

from index import Hit, Index, Paragraph, Scope
from index.records import Closeness, RankScores
from index.split import sentences

TEXTS = (
    "率先实现滨江8.3公里岸线贯通开放。新版光影秀深受好评。",
    "五年来共有6万多户居民告别旧里。新增租赁住房527套、床位747张。",
    "建成10个社区发热哨点,完善网络体系。",
)


def paragraph(number: int, text: str) -> Paragraph:
    return Paragraph("r", number, ("一、章",), text, sentences(text))


EVERYTHING = Scope()


def hit(number: int, text: str, score: float = 1.0) -> Hit:
    return Hit(paragraph(number, text), "报告", score, RankScores(score, None, None))


class FakeIndex:
    """Stands where an Index stands; counts searches."""

    def __init__(self, texts: Sequence[str] = TEXTS) -> None:
        self.texts = texts
        self.asked: list[str] = []
        self.scopes: list[Scope] = []
        self.embedder = "bundled"

    @property
    def empty(self) -> bool:
        return not self.texts

    @staticmethod
    def terms(text: str) -> list[str]:
        return Index.terms(text)

    def rarity(self, term: str) -> float:
        return 1.0

    def _shared(self, question: str, text: str) -> float:
        asked = {term for term in self.terms(question) if len(term) > 1}
        return len(asked & set(self.terms(text))) / max(1, len(asked))

    def search(self, question: str, top: int = 10, scope: Scope = EVERYTHING) -> tuple[Hit, ...]:
        self.asked.append(question)
        self.scopes.append(scope)
        hits = [hit(n, text, self._shared(question, text)) for n, text in enumerate(self.texts, start=1)]
        return tuple(sorted(hits, key=lambda one: -one.score)[:top])

    def closeness(self, question: str, texts: Sequence[str]) -> tuple[Closeness, ...]:
        shares = [self._shared(question, text) for text in texts]
        return tuple(Closeness(share, share, 1 - share) for share in shares)


@pytest.fixture
def fake_index() -> FakeIndex:
    return FakeIndex()
