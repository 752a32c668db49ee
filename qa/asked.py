"""Makes of a question what it asks for: a number, a date, a name, a list; and its bare content.

Pure text, Chinese (folded to Simplified) and English. It does not know any report.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Want(StrEnum):
    """The kind of thing a question asks for."""

    NUMBER = "number"
    MONEY = "money"
    SHARE = "share"
    DATE = "date"
    PERSON = "person"
    ERRAND = "errand"
    NAME = "name"
    LIST = "list"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Asked:
    """A folded question, what it asks for, the unit it names for a number (or empty), its content words."""

    folded: str
    want: Want
    unit: str
    content: str
    chinese: bool


# The first that matches counts, so the narrow ones stand before the wide.
_WANTS = (
    (
        Want.ERRAND,
        r"电话|地址|邮箱|网址|门票|票价|会员费|联系方式|哪个窗口|什么材料|什么手续|什么文件|怎么申请|如何申请|怎么报名|营业时间"
        r"|开放时间|几点|\b(?:phone|telephone|address|e-?mail|website|ticket|opening hours|apply for)\b",
    ),
    (
        Want.MONEY,
        r"多少钱|花了多少|花费|造价|成本|多少(?:万|亿)?元|几(?:万|亿)元|补偿多少"
        r"|\bhow much (?:does|did|do|is|was|money)\b|\bcosts?\b",
    ),
    (
        Want.SHARE,
        r"百分之[多几]|百分比|占比|比例|占.{0,8}(?:多少|几成|几分)|几成|几分之几|[率比]是?(?:多少|多高|达到)|覆盖率|满意度"
        r"|\b(?:share|proportion|percentage|percent|fraction|rate)\b",
    ),
    (Want.DATE, r"何时|什么时候|什么时间|哪一?[年月天日]|几时|几月|\bwhen\b|\b(?:what|which) (?:year|month|date)\b"),
    (
        Want.NUMBER,
        r"多少|第?[好]?几(?!乎|何|个方面)|多大|多高|多长|\bhow (?:many|much|long|far|large|big)\b|\bwhat number\b",
    ),
    (Want.PERSON, r"是谁|谁[是写执]|谁的|\bwho (?:is|was|are|were|wrote|directed|led|leads|heads|runs)\b"),
    (Want.LIST, r"哪些|哪几|分别|有什么|\bwhat are\b|\bwhich \w+s\b"),
    (Want.NAME, r"叫什么|什么名|何名|哪[个家座条]|谁|\bwho\b|\bwhich\b|\bname of\b|\bcalled\b"),
)
_UNIT = re.compile(r"(?:多少|几)(万?亿?[\u4e00-\u9fff]{1,2})")
_ENGLISH_UNITS = (
    ("户", "households?|families"),
    ("公里", "kilomet(?:er|re)s?|km"),
    ("台", "lifts?|elevators?"),
    ("张", "beds?"),
    ("套", "homes|flats|apartments|units"),
    ("家", "stores?|shops?|brands?|banks?|compan(?:y|ies)|institutions?|markets?|venues?"),
    ("场", "sessions|lectures|talks|performances"),
    ("分钟", "minutes?"),
    ("人", "people|persons|members|residents|participants"),
)
# Words that frame a question and that an answering sentence need not hold.
_FRAME = re.compile(
    r"请问|请|告诉我|一下|想知道|报告(?:里|中|说|提到|是否)?|有没有|是不是|是否|多少|什么时候|什么|怎么样|怎么|怎样"
    r"|如何|为什么|为何|哪些|哪里|哪儿|哪一?[个家年座条些天月种类项]|几[个家年次]?|谁|何时|吗|呢|吧|啊|呀|嘛|了|的|是|有|在|被|把"
    r"|到底|究竟|大概|一共|总共|现在|目前|这个|那个|这|那|我们|咱们|我|你|都|还|就|也|个|和|与|及|[?\uff1f!\uff01]"
)
_ENGLISH_FRAME = re.compile(
    r"\b(?:what|which|who|whom|whose|when|where|why|how|many|much|is|are|was|were|do|does|did|has|have|had|been|be"
    r"|the|a|an|of|in|on|at|to|for|from|by|with|and|or|that|this|these|those|it|its|there|their|they|as|about|into"
    r"|report|say|says|said|tell|me|please|can|could|you|will|would|over|during|than|please)\b",
    re.IGNORECASE,
)
_CHINESE = re.compile(r"[\u3400-\u9fff]")

_CHINESE_DIGITS = "一二两三四五六七八九十百千"
_UNITS = (
    "平方公里|平方米|公里|公顷|人次|小时|分钟|万元|亿元|街坊|楼宇|元|米|家|户|台|处|项|场|人|名|套|张|条|座|所|个百分点|个|年|月|日|天"
    "|倍|亩|吨|件|次|批|类|级|层|岁|期|部|届|字|支|位|栋|幢|间|只|辆|艘|种|门|款|册|篇|亿|万|版|强|成"
)
NUMBER = re.compile(
    rf"(?:近|约|超过|超|逾|不少于|至少)?\s*(?:\d[\d,]*(?:\.\d+)?(?:/\d+)?|百分之[{_CHINESE_DIGITS}]+|[{_CHINESE_DIGITS}]+)"
    rf"\s*[多余几]?\s*(?:%|(?:[万亿千百])?[多余几]?\s*(?:{_UNITS})|(?<=/\d)|(?<=\d))(?:[多余](?={_UNITS}))?"
)
DATE = re.compile(
    r"\d{4}\s*[-/.年]\s*\d{1,2}(?:\s*[-/.月]\s*\d{1,2}\s*日?)?月?|\d{4}\s*年(?:底|初|末)?|\d{1,2}月\d{1,2}日|今年|去年|明年"
)
QUOTED = re.compile(r"[“《「『]([^“”《》「」『』]{2,40})[”》」』]")


_MONEY = re.compile(r"\d\s*[万亿]?元|\d\s*[万亿]?美元")
_SHARE = re.compile(r"\d\s*%|百分之|\d/\d|[一二三四五六七八九十]成|过半|一半|分之|全覆盖|百分百")
_PERSON = re.compile(r"同志|先生|女士|主席|总书记")
_WRITER = re.compile(r"谁[写撰执编]|作者|[写撰]的|执笔|\b(?:wrote|written|authors?|writers?)\b")
# Numbers that count nothing: years, and 一 as an article (一批, 一个, 一系列).
_NO_AMOUNT = re.compile(r"(?:19|20)\d\d\s*年?|一[批个种次级流体]|[一二三四五六七八九十]|\d")


def asked(folded: str) -> Asked:
    """Read a folded question."""
    chinese = bool(_CHINESE.search(folded))
    want = next((want for want, pattern in _WANTS if re.search(pattern, folded)), Want.OTHER)
    unit = _unit(folded) if want is Want.NUMBER else ""
    content = " ".join(_ENGLISH_FRAME.sub(" ", _FRAME.sub(" ", folded)).split())
    return Asked(folded, want, unit, content or folded, chinese)


def _unit(folded: str) -> str:
    """Return the unit a question counts in; an English one as the report would write it."""
    if named := _UNIT.search(folded):
        return named.group(1)
    return next((unit for unit, words in _ENGLISH_UNITS if re.search(rf"\b(?:{words})\b", folded)), "")


def amounts(text: str) -> tuple[str, ...]:
    """Return the numbers with their units that stand in `text`, in order, without years and articles."""
    found = (match.group().strip() for match in NUMBER.finditer(text))
    return tuple(piece for piece in found if not _NO_AMOUNT.fullmatch(piece))


def fit(text: str, wanted: Asked) -> float:
    """Say in 0..1 how well `text` holds the kind of thing that is asked for; 1 where any text may."""
    held = amounts(text)
    fits = {
        Want.NUMBER: _unit_fit(held, wanted.unit),
        Want.MONEY: float(bool(_MONEY.search(text))),
        Want.SHARE: float(bool(_SHARE.search(text))),
        Want.DATE: float(bool(DATE.search(text))),
        Want.PERSON: float("作者" in text if _WRITER.search(wanted.folded) else bool(_PERSON.search(text))),
        Want.ERRAND: 0.0,  # reports give no counters, phone numbers or ticket prices
        Want.LIST: 1.0 if "、" in text or "“" in text else 0.5,
    }
    return fits.get(wanted.want, 1.0)


def _unit_fit(held: tuple[str, ...], unit: str) -> float:
    if not held:
        return 0.0
    named = not unit or unit[0] in "个人" or any(unit[0] in piece for piece in held)
    return 1.0 if named else 0.6
