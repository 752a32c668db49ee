"""Says whether a text tells that the reports do not answer, in the many words in which models say so.

Pure text, Chinese and English. It does not know whether that is so.
"""

import re

from qa.prompt import REFUSED

_TELL = (
    "提及|提到|说明|给出|涉及|包含|包括|找到|回答|写明|写到|记载|披露|透露|确定|得知|判断|知道|看到|查到|涵盖|提供|显示"
)
_WHAT = "信息|内容|资料|答案|记载|说明|数据|依据"
_TELLS = (
    "say|mention|state|provide|contain|include|specify|answer|give|address|disclose|indicate|tell|cover|discuss"
    "|describe|know|find|report"
)
_TOLD = (
    "mentioned|stated|provided|specified|found|given|answered|contained|covered|available|addressed|included"
    r"|disclosed|in the (?:\w+ )?(?:reports?|passages?)"
)
_FIND = "answer|determine|find|say|tell|know|provide|be (?:found|answered|determined)"
_DECLINED = re.compile(
    rf"(?:没有|未能?|无法|不能|并未|并无|不曾|无从|(?:报告|文|段落|资料|材料|内容)[^,。]{{0,4}}不)(?:明确|直接|具体|从[^,。]{{0,12}}中?)*(?:{_TELL})"
    rf"|(?:没有|缺乏|缺少|并无)(?:任何|足够|相关|有关|这方面|对应)*的?(?:{_WHAT})|未在[^,。]{{0,12}}中|(?:没有?|未)(?:写|说)"
    rf"|\b(?:(?:do|does|did)(?: not|n't)|never) (?:\w+ly )?(?:{_TELLS})\b|\bnot (?:\w+ly )?(?:{_TOLD})\b"
    r"|\bno (?:\w+ )?(?:information|mention|answer|details?|data)\b"
    rf"|(?:can(?:not|'t)|\bcould(?: not|n't)|\bunable to|\bimpossible to) (?:\w+ly )?(?:{_FIND})\b",
    re.IGNORECASE,
)
# What may stand beside a refusal without answering anything: apologies and offers.
_POLITE = re.compile(
    r"抱歉|对不起|很遗憾|建议|如需|欢迎|请(?:您|你)?(?:提供|查阅|咨询|参考)|\b(?:sorry|unfortunately|please|apologi[sz]e)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^。!?\uff01\uff1f\n.]+(?:\.(?=\d)[^。!?\uff01\uff1f\n.]+)*")
_CLAUSE = re.compile(r"[,;\uff0c\uff1b]|但是?|不过|\b(?:but|however|although|though)\b", re.IGNORECASE)
_MARK = re.compile(r"\[\d{1,2}\]")


def declines(statement: str) -> bool:
    """Say whether one statement tells that something is not in the reports."""
    return REFUSED.lower() in statement.lower() or bool(_DECLINED.search(statement.replace("’", "'")))


def besides(statement: str) -> str:
    """Return what a statement says beside declining: its clauses that do not decline."""
    return ",".join(clause for clause in _CLAUSE.split(statement) if not declines(clause))


def declined(text: str) -> bool:
    """Say whether a whole answer does so: each sentence declines and tells no figure, or is mere politeness."""
    sentences = [one for one in _SENTENCE.findall(_MARK.sub("", text)) if one.strip()]
    refusing = [declines(one) and not re.search(r"\d", besides(one)) for one in sentences]
    return any(refusing) and all(no or _POLITE.search(one) for no, one in zip(refusing, sentences, strict=True))
