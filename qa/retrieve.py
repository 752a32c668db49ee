"""Picks the Hits worth answering from: the best of the search, each text once, within a budget."""

from collections.abc import Sequence

from index import Hit, Index, Scope, fold

# Characters of evidence that are read for one answer; a language model's context is dear.
_BUDGET = 8_000


def retrieve(index: Index, searched: str, top: int, scope: Scope) -> tuple[Hit, ...]:
    """Return at most `top` hits of `scope`, best first, without repeats of one text."""
    return _within_budget(_once(index.search(searched, top, scope)))


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
