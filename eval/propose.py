"""Sentence -> questions that it answers, asked about its figures, dates, names and lists; no language model.

Pure functions. A sentence is cut into clauses; where a pattern would leave an unclear question, none is
asked: a report has more sentences than anybody reviews. Each answer is a piece of its sentence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ASK = "\uff1f"
_CLAUSE = re.compile(r"[^,\uff0c;\uff1b:\uff1a。\uff01!?\uff1f\n]+")
_QUOTED = re.compile(r"“[^”]*”|《[^》]*》|「[^」]*」|\([^)]*\)|\uff08[^\uff09]*\uff09")
_PAIRS = ("“”", "《》", "「」", "()", "\uff08\uff09", "‘’")

_UNIT = (
    "平方公里|平方米|立方米|公里|公顷|千米|米|人次|个百分点|户|家|套|张|个|项|座|台|条|处|件|名|位|人|所|部|辆|"
    "场|次|批|亩|吨|元|美元|只|棵|株|万元|亿元|种|类|幢|栋|间|册|门|对|岁|倍|天|小时"
)
_ROUGHLY = "超过|约|近|逾|至少|接近|突破|将近|大约|超"
_FIGURE = re.compile(
    rf"(?P<rough>(?:{_ROUGHLY})?)(?P<number>\d[\d,]*(?:\.\d+)?(?P<scale>(?:多|余)?[百千万亿]*(?:多|余)?))"
    rf"(?P<unit>%|\uff05|(?:美元|{_UNIT}))(?P<more>以上|左右|多)?"
)
_DATE = re.compile(
    r"(?<![\d\-—~])(?P<date>(?:19|20)\d\d年(?:\d{1,2}月(?:\d{1,2}日)?)?(?:[上中下]旬|上半年|下半年|年?[底末初])?)"
    r"(?![度\d\-—~、至到以来间期])"
)
# A clause that begins so, or asks nothing of its own, leans on the words before it.
_LEANS = re.compile(
    r"^(?:其中|其|这|该|此|并|也|则|分别|同时|较|比|达|为|仅|同比|环比|以及|和|及|即|从而|进而|且|再|由此|另)"
)
_RATE = re.compile(r"(?:率|占比|比重|比例|份额|覆盖面)$")
_GROWTH = re.compile(r"(?:增长|下降|提高|提升|上升|减少|增加|降低|增幅|降幅|回落|扩大)了?$")
_AWARD = re.compile(r"(?P<verb>荣获|获得|获评|荣膺|入选|被评为|被命名为)(?P<name>[^、“”]{3,24})$")
_FIRST = re.compile(
    r"(?P<head>.*(?:全国|全市|全球|全区|全省|上海|世界|国内)(?:首|第一)(?:个|家|座|位|批|条|部|支|例|所|张))(?P<name>.{3,24})$"
)
_NAMED = re.compile(
    r"(?P<verb>建立|推出|打造|开设|首发|发布|成立|设立|启动|形成|创建|构建|建成|开通|开展|实施|举办|制定|出台|印发|创新|探索)了?"
    r"(?P<name>“[^”、]{2,20}”|《[^》]{4,60}》)(?P<kind>[^“”《》、]{0,14})$"
)
_KINDS = re.compile(
    r"(?:平台|计划|行动方案|方案|行动|品牌|中心|机制|模式|工程|白皮书|指引|市集|意见|规划|办法|条例|制度|体系|基地|联盟|"
    r"指数|活动|项目|系统|小区|社区|家园|工作站|服务站|论坛|大会|峰会|指南|标准|目录|细则|通知|纲要|报告)$"
)
_LIST = re.compile(
    r"(?P<items>[^、]+(?:、[^、]+){1,7}?)"
    r"(?:等(?P<count>[两三四五六七八九十\d]+(?:大|类|个|项|种|条|方面|家|座|处)|多种|多个|多项|各类|各个|各项|一批|一系列)?"
    r"|(?P<exact>[三四五六七八九](?:大|类|项|种|个|方面)))"
    r"(?P<noun>[\u4e00-\u9fff]{2,6})"
)
_VERBS = (
    "紧密衔接好|紧密衔接|因地制宜提供|积极组织开展|加快推进|深入推进|持续推进|扎实推进|聚焦|围绕|通过|提供|开展|实施|推进|建设|打造|举办|办好|"
    "实现|完善|加强|形成|包括|涵盖|覆盖|引进|培育|推动|探索|促进|引入|落实|深化|强化|提升|优化|构建|设立|建立|完成|传承|"
    "集聚|推出|组织|获得|荣获|发展|加大|整合|健全|聚集|吸引|拓展|创建|出台|制定|启动|开设|发布|利用|依托|运用|依靠|坚持|对|在|为|向|与|由|以"
)
_VERB = re.compile(rf".*(?:{_VERBS})了?")

_SHORTEST, _LONGEST = 9, 44  # characters of a question that a reader takes in at once
_LEAST_TOPIC = 7  # Chinese characters a question needs besides its asking words
_LONGEST_ITEM = 14


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question, its answer as it stands in the sentence, and which pattern asked it."""

    question: str
    answers: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause, the one before it, which may say what it is about, and the one behind it."""

    text: str
    before: str
    after: str = ""


def propose(sentence: str) -> tuple[Proposal, ...]:
    """Return the clear questions that a sentence answers, at most one of a kind for each clause."""
    asked: dict[str, Proposal] = {}
    for clause in _clauses(sentence):
        for found in (_list(clause), *_figures(clause), _date(clause), _name(clause)):
            if found and _clear(found, sentence):
                asked.setdefault(found.question, found)
    return tuple(asked.values())


def _clauses(sentence: str) -> Iterator[_Clause]:
    before = ""
    # A comma inside a quotation or a number ends no clause; the clauses are cut where it is blotted out.
    shut = _QUOTED.sub(lambda found: re.sub(r"[^“”《》「」、\w]", "_", found[0]), sentence)
    shut = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "_", shut)
    texts = [sentence[found.start() : found.end()].strip() for found in _CLAUSE.finditer(shut)]
    for at, text in enumerate(texts):
        if text and _balanced(text):
            yield _Clause(text, before, "".join(texts[at + 1 : at + 2]))
        before = text if _balanced(text) else ""


def _clear(proposal: Proposal, sentence: str) -> bool:
    question = proposal.question
    topic = re.sub(r"多少|百分之|什么时候|什么|哪些|哪一年|哪|[^\u4e00-\u9fff]", "", question)
    return (
        _SHORTEST <= len(question) <= _LONGEST
        and len(topic) >= _LEAST_TOPIC
        and not _LEANS.match(question)
        and _balanced(question)
        and all(answer in sentence and answer not in question for answer in proposal.answers)
    )


def _balanced(text: str) -> bool:
    return all(text.count(pair[0]) == text.count(pair[1]) for pair in _PAIRS) and not text.startswith(("”", "》", ")"))


def _ask(clause: _Clause, head: str, asking: str, tail: str = "") -> str:
    """Put a question together; where its own words say too little, the clause before is put in front."""
    own = f"{head}{asking}{tail}"
    thin = len(re.findall(r"[\u4e00-\u9fff]", head + tail)) < _LEAST_TOPIC + 1 or _LEANS.match(own)
    before = clause.before
    if thin and before and not _LEANS.match(before) and not re.search(r"\d", before):
        own = f"{before}\uff0c{re.sub(r'^并', '', own)}"
    return f"{own}{_ASK}"


def _outside(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    """Return the matches that are not inside a quotation or brackets."""
    shut = [(one.start(), one.end()) for one in _QUOTED.finditer(text)]
    found = pattern.finditer(text)
    return [one for one in found if not any(start <= one.start() < end for start, end in shut)]


# ---------------------------------------------------------------- figures


def _figures(clause: _Clause) -> Iterator[Proposal]:
    """Ask for a figure: 新增供应租赁住房527套 -> 新增供应租赁住房多少套."""
    for part in _parts(clause.text):
        found = _outside(_FIGURE, part)
        if len(found) != 1 or re.search(r"\d", part.replace(found[0][0], "", 1)):
            continue
        one = found[0]
        head, tail = part[: one.start()], part[one.end() :]
        if re.search(r"[A-Za-z第.+\-—~、]$", head) or re.match(r"[~\-—+]", tail):
            continue
        exact = f"{one['number']}{one['unit']}"
        answers = tuple(dict.fromkeys((one[0], exact)))
        yield Proposal(_ask(_Clause(part, clause.before), *_how_many(head, one, tail)), answers, "figure")


def _parts(text: str) -> list[str]:
    """Cut 住房527套、床位747张 apart: an enumeration in which every item brings its own figure."""
    parts = text.split("、")
    each = len(parts) > 1 and all(re.search(rf"\d[\d.,]*[百千万亿多余]*(?:{_UNIT}|%)$", part) for part in parts)
    return parts if each else [text]


def _how_many(head: str, one: re.Match[str], tail: str) -> tuple[str, str, str]:
    if one["unit"] in "%\uff05":
        bare = re.sub(r"(?:达到|达|为|是|高达)$", "", head)
        if not tail and _RATE.search(bare):
            return bare, "是多少", ""
        return head, ("了" if _GROWTH.search(head) else "") + "百分之多少", tail
    return head, f"多少{one['unit']}", tail


# ---------------------------------------------------------------- dates


def _date(clause: _Clause) -> Proposal | None:
    """Ask when: 至2021年底完成加装电梯百余台 -> 什么时候完成加装电梯百余台."""
    found = _outside(_DATE, clause.text)
    if len(found) != 1:
        return None
    one = found[0]
    head, tail = clause.text[: one.start()], clause.text[one.end() :]
    if not tail and not head and re.match(r"[\u4e00-\u9fff]{3}", clause.after):
        return Proposal(f"{clause.after}是什么时候{_ASK}", (one["date"],), "date")
    if re.search(r"截至|截止|以来|期间|[自从]$", head + tail[:3]) or not re.match(r"[\u4e00-\u9fff]{3}", tail):
        return None
    if re.match(r"的|是|为|全|前|之|[至到]", tail) or re.search(r"[\u4e00-\u9fff]$", re.sub(r"[于在至到]$", "", head)):
        when = head[:-1] if head.endswith(("于", "在")) else None
        if when is None or re.match(r"的|是|为|之", tail):
            return None
        head = when
    else:
        head = re.sub(r"[于在至到]$", "", head)
    asking = "哪一年" if re.fullmatch(r"\d{4}年", one["date"]) else "什么时候"
    return Proposal(_ask(clause, head, asking, tail), (one["date"],), "date")


# ---------------------------------------------------------------- names


def _name(clause: _Clause) -> Proposal | None:
    """Ask what something is called, or what was won, founded first or written."""
    if found := _NAMED.search(clause.text):
        return _named(clause, found)
    if (found := _AWARD.search(clause.text)) and not re.search(r"\d", found["name"]):
        head = clause.text[: found.start()] + found["verb"]
        award = "了什么奖" if found["name"].endswith("奖") else "了什么" if found["verb"][0] != "被" else "什么"
        return Proposal(_ask(clause, head, award), (found["name"],), "name")
    if (found := _FIRST.fullmatch(clause.text)) and not re.search(r"[、\d]", found["name"]):
        return Proposal(_ask(clause, found["head"], "什么"), (found["name"],), "name")
    return None


def _named(clause: _Clause, found: re.Match[str]) -> Proposal | None:
    bare = found["name"][1:-1]
    sort = found["kind"].removeprefix("的") or (kind[0] if (kind := _KINDS.search(bare)) else "")
    if not re.fullmatch(r"[\u4e00-\u9fff]+", sort) or not _KINDS.search(sort):
        return None
    head = clause.text[: found.start("name")]
    answers = (bare,) if found["kind"] or found["name"][0] == "《" else (found["name"], bare)
    asked = _ask(clause, head if head.endswith("了") else f"{head}了", f"什么{sort}")
    return Proposal(asked, answers, "name")


# ---------------------------------------------------------------- lists


def _list(clause: _Clause) -> Proposal | None:
    """Ask for the members of a list: 提供助医、助餐、助浴等服务 -> 提供哪些服务."""
    if "、" not in clause.text:
        return None
    found = _LIST.search(clause.text)
    if not found or found["noun"].startswith(("的", "在", "为", "和", "与", "及")):
        return None
    start = cut.end() if (cut := _VERB.match(found["items"].split("、")[0])) else 0
    items = re.sub("等$", "", found["items"][start:])
    singles = items.split("、")
    if not all(2 <= len(single) <= _LONGEST_ITEM and _balanced(single) for single in singles) or len(singles) < 2:
        return None
    head = clause.text[: found.start() + start]
    # Of two members one may be the end of a longer list, or the clause a piece of one.
    if re.search(r"\d", items) or (len(singles) == 2 and (not head or "、" in clause.before)):
        return None
    count = found["exact"] or found["count"] or ""
    which = f"哪{count}" if re.match(r"[两三四五六七八九十\d]", count) else "哪些"
    tail = clause.text[found.start("noun") :]
    return Proposal(_ask(clause, head, which, tail), (items,), "list")
