"""Picks the Hits worth answering from: the best of the search, each text once, within a budget."""

from collections.abc import Sequence

from index import Hit, Index, Scope, fold
from qa.rerank import RERANKED, Reranker, rerank

# Characters of evidence that are read for one answer; a language model's context is dear.
_BUDGET = 8_000
_EVERYTHING = Scope()


def retrieve(
    index: Index, searched: str, top: int, reranker: Reranker | None = None, scope: Scope = _EVERYTHING
) -> tuple[Hit, ...]:
    """Return at most `top` hits of `scope`, best first, each text once; a reranker chooses them of more."""
    if reranker is None:
        return _within_budget(_once(index.search(searched, top, scope)))
    hits = _once(index.search(searched, max(top, RERANKED), scope))
    return _within_budget(rerank(searched, hits, reranker)[:top])


def _once(hits: Sequence[Hit]) -> list[Hit]:
    texts: dict[str, Hit] = {}
    for hit in hits:
        texts.setdefault(fold(hit.paragraph.text), hit)
    return list(texts.values())


def _within_budget(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    kept: list[Hit] = []
    for hit in hits:
        if kept and sum(len(one.paragraph.text) for one in kept) + len(hit.paragraph.text) > _BUDGET:
            break
        kept.append(hit)
    return tuple(kept)
