"""Makes a follow-up stand alone from the turns before it, by rule; reads what a language model made of it.

It carries over what the follow-up lacks: the whole earlier question when the follow-up only points
("哪一年?", "其中多少是…?"), the earlier question's asking words when it names a new topic ("那外滩呢?").
"""

import re
from collections.abc import Sequence

from index import fold
from qa.asked import asked
from qa.records import Turn

_SWITCH = re.compile(
    r"^(?:那么|那|而|换成|至于)?[,\uff0c\s]*(?P<topic>.{1,24}?)(?:方面|的情况)?(?:呢|又如何|怎么样|怎样)[?\uff1f。\s]*$"
    r"|^(?:and |but |so )*(?:what|how) about (?P<english>.{1,60}?)[?\uff1f\s]*$",
    re.IGNORECASE,
)
# Words that always point back, and words that do so only in a question with little content of its own
# ("When was it finished?", but not "Which company opened its largest store?").
_POINTS = re.compile(
    r"其中|具体|又是|又有|[前后]一个|上述|前者|后者|还有|另外|除此|同期|\b(?:of which|of them|else)\b", re.IGNORECASE
)
_MAY_POINT = re.compile(
    r"其它|其他|它|他|她|该|此|这(?!些年|五年)|那(?!么多)"
    r"|\b(?:it|its|they|them|their|this|that|these|those|there|he|she|other)\b",
    re.IGNORECASE,
)
# A question about the report itself stands alone however short it is.
_ABOUT = re.compile(r"报告|文章|作者|标题|题目|目录|\b(?:report|author|title|chapters?)s?\b", re.IGNORECASE)
_OPENS = re.compile(r"^(?:那么?|而且?|还|又|再|and\b|but\b|then\b|so\b)", re.IGNORECASE)
# Content of fewer Chinese characters, or fewer Latin words, cannot name its topic, or needs a pointing word's.
_SHORT, _LITTLE = 4, 10
_SHORT_WORDS, _LITTLE_WORDS = 1, 3
# The unit is left behind: another topic is counted in another one.
_ASKING = re.compile(
    r"多少|几(?=[\u4e00-\u9fff])|哪一?年|什么时候|何时|是什么|有哪些|叫什么|在哪里|如何|怎么样|为什么|谁"
)

# Characters; a question that stands alone is a sentence, and a model that writes more has answered it.
_LONGEST_REWRITTEN = 200
_LABEL = re.compile(
    r"^\W*(?:(?:rewritten|stand-?alone|last)? ?question|(?:改写后?的?|独立的?)?问题)\W*[:\uff1a]", re.IGNORECASE
)
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def stand_alone(question: str, history: Sequence[Turn]) -> str:
    """Return `question` as it is searched; it is unchanged when it stands alone already."""
    if not history:
        return question
    earlier = stand_alone(history[-1].question, history[:-1])
    switched = _SWITCH.match(question.strip())
    topic = ((switched.group("topic") or switched.group("english") or "") if switched else "").strip()
    if topic and not (_POINTS.search(topic) or _MAY_POINT.search(topic)):
        return _switched(topic, earlier)
    if _leans(question):
        return f"{_stripped(earlier)} {question.strip()}"
    return question


def _switched(topic: str, earlier: str) -> str:
    """Ask the earlier question's asking words of the new topic."""
    asking = _ASKING.search(fold(earlier))
    content = asked(fold(earlier)).content
    if asking:
        return f"{topic}{asking.group()}?"
    return f"{topic} {content}"


def _leans(question: str) -> bool:
    folded = fold(question).strip()
    if _ABOUT.search(folded):
        return False
    read = asked(folded)
    if read.content == folded:  # asking words only: it has no content of its own and comes back whole
        return True
    size = len(read.content.replace(" ", "")) if read.chinese else len(read.content.split())
    short, little = (_SHORT, _LITTLE) if read.chinese else (_SHORT_WORDS, _LITTLE_WORDS)
    pointing = _POINTS.search(folded) or (size < little and _MAY_POINT.search(folded))
    return size < short or bool(_OPENS.match(folded) or pointing)


def _stripped(question: str) -> str:
    return question.strip().rstrip("?\uff1f。.!\uff01 ")


def rewritten(text: str, question: str) -> str:
    """Return the question that a language model wrote in place of a follow-up, or nothing if it wrote none."""
    lines = [line for line in _LABEL.sub("", text.strip()).splitlines() if line.strip()]
    alone = lines[0].strip().strip("\"'“”「」* ") if len(lines) == 1 else ""
    if not alone or len(alone) > _LONGEST_REWRITTEN:
        return ""
    same_language = bool(_CHINESE.search(alone)) or not _CHINESE.search(question)
    return alone if same_language else ""
