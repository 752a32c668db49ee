"""Question and texts in, Closeness of each out. A conductor over embedding and token matching."""

from collections.abc import Sequence

from index.embed import Embedder
from index.fold import fold
from index.maxsim import maxsim, missed
from index.records import Closeness


def closeness(model: Embedder, question: str, texts: Sequence[str]) -> tuple[Closeness, ...]:
    """Return how near each of `texts` is to `question`."""
    table = model.table
    if table is None:
        cosines = model.documents(list(texts)) @ model.questions([question])[0]
        return tuple(Closeness(float(one), float(one), float(1 - min(max(one, 0.0), 1.0))) for one in cosines)
    asked, ready = fold(question), [fold(text) for text in texts]
    cosines = model.documents(ready) @ model.questions([asked])[0]
    ours, theirs = model.tokens([asked])[0], model.tokens(ready)
    means = maxsim(table, ours, [[tokens] for tokens in theirs])
    lacking = missed(table, ours, theirs)
    return tuple(Closeness(float(a), b or 0.0, c) for a, b, c in zip(cosines, means, lacking, strict=True))
