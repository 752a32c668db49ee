"""Says what keeps a question from being asked: it is empty, a lone character, or too long.

It does not know what the reports hold.
"""

from collections.abc import Sequence

from index import WenjuError
from qa.config import LONGEST_QUESTION
from qa.records import Turn

_SHOWN = 20  # characters of a question that are repeated in an error


class QuestionError(WenjuError):
    """A question that cannot be asked."""


def check(question: str, history: Sequence[Turn]) -> None:
    """Let a question through.

    Raises:
        QuestionError: it is empty, has fewer than two letters or digits, is longer than LONGEST_QUESTION, or no text.
    """
    if not question.strip():
        raise QuestionError("The question is empty; write what you want to know.")
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(question):,} characters, the limit is {LONGEST_QUESTION:,}; shorten it."
        )
    if any("\ud800" <= character <= "\udfff" for character in question):
        raise QuestionError("The question holds half a character, which is no text; send it as UTF-8.")
    written = sum(character.isalnum() for character in question[:_SHOWN])
    # "谁?" asks nothing by itself, but may follow an earlier question.
    if written < (1 if history else 2):
        what = "only one character" if written else "no letter or digit"
        raise QuestionError(f"The question {question.strip()[:_SHOWN]!r} has {what}; write what you want to know.")
