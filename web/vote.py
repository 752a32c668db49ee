"""Takes what readers say of an answer: useful, not useful, "this is the right passage". An answer has one vote;
naming the passage after "not useful" completes that vote.

It does not know how a vote is kept, nor how the buttons look.
"""

from collections.abc import Mapping
from logging import getLogger
from secrets import token_hex
from threading import Lock

from eval import Feedback
from index import Index, Paragraph, WenjuError
from qa import Answer

# Answers that can still be judged; some hours of a busy day.
REMEMBERED = 2_000


class Ballot:
    """Remembers the answers that were shown, and what has been said of each."""

    def __init__(self, index: Index, feedback: Feedback) -> None:
        self._index = index
        self._feedback = feedback
        self._answers: dict[str, Answer] = {}
        # By answer: the id of its vote, empty where nothing more can be said of it.
        self._said: dict[str, str] = {}
        self._lock = Lock()

    def remember(self, answer: Answer) -> str:
        """Return the key by which a reader may judge this answer."""
        key = token_hex(8)
        with self._lock:
            self._answers[key] = answer
            for old in list(self._answers)[:-REMEMBERED]:
                del self._answers[old]
                self._said.pop(old, None)
        return key

    def open(self, key: str) -> bool:
        """Say whether an answer can still be judged."""
        with self._lock:
            return key in self._answers and key not in self._said

    def cast(self, sent: Mapping[str, str]) -> str:
        """Note a vote; return the key of the phrase to say: thanks, passage_noted, again, gone, vote_failed.

        `sent` holds the answer's key, the verdict up, down or passage, and for the last report and paragraph.
        """
        key, verdict = str(sent.get("answer", "")), str(sent.get("verdict", ""))
        with self._lock:
            answer = self._answers.get(key)
            if answer is None or verdict not in ("up", "down", "passage"):
                return "gone"
            earlier = self._said.get(key)
            if earlier == "" or (earlier and verdict != "passage"):
                return "again"
            try:
                self._said[key] = self._note(answer, verdict, earlier or "", sent)
            except (WenjuError, OSError) as error:
                getLogger(__name__).warning("a vote was not kept: %s", error)
                return "vote_failed"
        return "passage_noted" if verdict == "passage" else "thanks"

    def _note(self, answer: Answer, verdict: str, earlier: str, sent: Mapping[str, str]) -> str:
        """Keep the vote; return its id where the right passage may still be named."""
        if verdict != "passage":
            vote = self._feedback.vote(answer, verdict)
            return vote.id if verdict == "down" else ""
        paragraph = find_paragraph(self._index, str(sent.get("report", "")), str(sent.get("paragraph", "")))
        # The whole paragraph: which of its sentences the reader meant is not known.
        if earlier:
            self._feedback.mark(earlier, paragraph, 0, len(paragraph.text))
        else:
            self._feedback.passage(answer, paragraph, 0, len(paragraph.text))
        return ""


def find_paragraph(index: Index, report: str, number: str, version: int = 0) -> Paragraph:
    """Return a paragraph of the library, of the current version where none is named.

    Raises:
        WenjuError: there is no such paragraph (any more).
    """
    for paragraph in index.report(report, version).paragraphs:
        if str(paragraph.number) == number:
            return paragraph
    raise WenjuError(f"There is no paragraph {number} of a report {report!r}; it may have been taken out.")
