"""Estimates how likely the reports answer a question at all, from features with names.

It does not know how the answer is written.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from index import Hit, Index, fold
from qa.asked import Asked
from qa.config import ConfidenceWeights
from qa.evidence import Evidence

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Places a question about another report would name; each counts only where no hit names it.
_PLACES = re.compile(
    r"浦东|陆家嘴|徐汇|长宁|静安|普陀|虹口|杨浦|闵行|宝山|嘉定|金山|松江|青浦|奉贤|崇明|北京(?!东路|西路)|天津|重庆|广州|深圳"
    r"|杭州|南京(?!路|东路|西路)|苏州(?!河)|无锡|宁波|成都|武汉|西安|厦门|青岛|大连|香港|澳门|台北|台湾|东京|纽约|伦敦|巴黎|新加坡"
    r"|广东|浙江|江苏|山东|四川|湖北|湖南|福建|安徽|河南|河北|辽宁|陕西|海南|云南|美国|日本|英国|法国|德国|韩国"
    r"|pudong|lujiazui|xuhui|changning|jing'?an|putuo|hongkou|yangpu|minhang|baoshan|jiading|songjiang|qingpu|fengxian"
    r"|chongming|beijing(?! (?:east )?road)|tianjin|chongqing|guangzhou|shenzhen|hangzhou|suzhou(?! creek)|chengdu"
    r"|wuhan|hong kong|macau|taipei|taiwan|tokyo|new york|london|paris|singapore|japan|america"
)
# A premise turned round: the question says something was not done or was undone.
_UNDONE = re.compile(
    r"没能|(?<!有)没有(?!.{0,6}吗)|(?<!有)没(?!有)|为何不|为什么不|不再|取消|关掉|关闭|停止|停办|否定|失败|废除|放弃|拆除|倒闭|撤销|改成"
    r"|\b(?:abandon|fail|close|cancel|reject|stop|abolish|demolish|refuse)(?:s|ed|d|ped|led|ished)?\b|\bnot\b|n't\b"
)
# Facts a report states about itself, asked of it.
_ITSELF = re.compile(
    r"作者|执笔|署名|撰稿|标题|题目|目录|第[一二三四五六七八九十最]+章|哪一?章"
    r"|(?:报告|文章|文件|这篇).*(?:谁|几章|多少章|章节|发布|公布|发表|何时|什么时候|几时|哪天|哪一天|几号|日期|单位|叫什么)"
    r"|(?:谁|哪.{0,3}(?:单位|机构|天|年)|什么时候|何时|几时).{0,8}(?:写|发布|公布|发表).{0,6}(?:报告|文章|文件|这篇)"
    r"|\b(?:report|author|title|chapters?|signed)\b"
)


@dataclass(frozen=True, slots=True)
class Features:
    """What is known about a question and its best evidence; every one is in 0..1.

    `missed`: how much the question's worst-met word is missing from the best paragraph. `cosine`: closeness of
    the best sentence. `fit`: that sentence holds the kind of thing asked for.
    `strange_place`, `strange_number`: the question names one that no hit holds. `undone`: it says that
    something failed or ended where the best paragraph does not.
    `itself`: it asks about the report itself, and the report's facts about itself come first.
    """

    missed: float
    cosine: float
    fit: float
    strange_place: float
    strange_number: float
    undone: float
    itself: float


def features(index: Index, folded: str, wanted: Asked, found: Sequence[Evidence], hits: Sequence[Hit]) -> Features:
    """Measure a question against its evidence; `found` is not empty and best first."""
    best = found[0]
    whole = fold(" ".join(hit.paragraph.text + " ".join(hit.paragraph.section) + hit.title for hit in hits))
    return Features(
        missed=index.closeness(wanted.content, [best.sentence.hit.paragraph.text])[0].missed,
        cosine=best.cosine,
        fit=best.fit,
        strange_place=float(not set(_PLACES.findall(folded)) <= set(_PLACES.findall(whole))),
        strange_number=float(not set(_NUMBER.findall(folded)) <= set(_NUMBER.findall(whole))),
        undone=float(bool(_UNDONE.search(folded)) and not _UNDONE.search(fold(best.sentence.hit.paragraph.text))),
        itself=float(bool(_ITSELF.search(folded)) and best.sentence.hit.paragraph.kind == "about"),
    )


def confidence(measured: Features, weights: ConfidenceWeights) -> float:
    """Return the estimated probability in 0..1 that the reports answer."""
    total = weights.bias + sum(
        getattr(weights, name) * getattr(measured, name) for name in Features.__dataclass_fields__
    )
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))
