"""Question and texts in, Closeness of each out. A conductor over embedding and token matching."""

from collections.abc import Sequence

from index.embed import Embedder
from index.fold import fold
from index.maxsim import maxsim
from index.records import Closeness


def closeness(model: Embedder, question: str, texts: Sequence[str]) -> tuple[Closeness, ...]:
    """Return how near each of `texts` is to `question`."""
    table = model.table
    if table is None:
        cosines = model.documents(list(texts)) @ model.questions([question])[0]
        return tuple(Closeness(float(cosine), float(cosine)) for cosine in cosines)
    asked, ready = fold(question), [fold(text) for text in texts]
    cosines = model.documents(ready) @ model.questions([asked])[0]
    tokens = maxsim(table, model.tokens([asked])[0], [[tokens] for tokens in model.tokens(ready)])
    return tuple(Closeness(float(cosine), mean or 0.0) for cosine, mean in zip(cosines, tokens, strict=True))
