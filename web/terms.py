"""What steps, metrics, faults, kinds and splits are called, and the example questions, in Chinese and English.

Values only.
"""

from types import MappingProxyType

# The steps that the index and the evaluation report as they go on.
STEPS = MappingProxyType(
    {
        "reading": ("正在读取", "Reading"),
        "recognising": ("正在识别扫描页", "Recognising pages"),
        "splitting": ("正在分段", "Splitting"),
        "embedding": ("正在建立索引", "Indexing"),
        "saving": ("正在保存", "Saving"),
        "answering": ("正在逐题作答", "Answering"),
        "searching": ("正在检索", "Searching"),
        "measuring": ("正在计分", "Measuring"),
        "waiting": ("前一场评测还没完，正在排队", "Waiting for another run to end"),
        "comparing": ("正在比较", "Comparing"),
    }
)

# Keys of tags that reports have by themselves or often get.
TAGS = MappingProxyType(
    {
        "year": ("年份", "Year"),
        "body": ("发布", "Issued by"),
        "place": ("地点", "Place"),
    }
)

# Every figure of a scorecard, in its order.
METRICS = MappingProxyType(
    {
        "recall@1": ("首位命中 recall@1", "Found first, recall@1"),
        "recall@3": ("前三命中 recall@3", "Found in three, recall@3"),
        "recall@5": ("前五命中 recall@5", "Found in five, recall@5"),
        "recall@10": ("前十命中 recall@10", "Found in ten, recall@10"),
        "mrr@10": ("平均倒数排名 MRR@10", "Mean reciprocal rank, MRR@10"),
        "ndcg@10": ("折损累计增益 nDCG@10", "Discounted gain, nDCG@10"),
        "holds_answer": ("含正确答案", "Holds the answer"),
        "answer_length": ("答案长度（字）", "Answer length, characters"),
        "exact_match": ("完全一致", "Exact match"),
        "character_f1": ("字符 F1", "Character F1"),
        "verbatim": ("引文逐字一致", "Quoted word for word"),
        "citation_precision": ("引文准确率", "Citation precision"),
        "citation_recall": ("引文召回率", "Citation recall"),
        "balanced_accuracy": ("拒答均衡准确率", "Refusal, balanced accuracy"),
        "refusal_accuracy": ("拒答判断正确", "Refusal, accuracy"),
        "refusal_precision": ("拒答准确率", "Refusal precision"),
        "refusal_recall": ("拒答召回率", "Refusal recall"),
        "auroc": ("把握区分度 AUROC", "Confidence, AUROC"),
        "calibration_error": ("校准误差", "Calibration error"),
        "seconds_p50": ("每题用时 p50", "Time a question, p50"),
        "seconds_p95": ("每题用时 p95", "Time a question, p95"),
    }
)
FAULTS = MappingProxyType(
    {
        "split": ("分段不对", "not split right"),
        "retrieved": ("没有检索到", "not retrieved"),
        "ranked": ("排序偏低", "ranked low"),
        "sentence": ("选错句子", "wrong sentence"),
        "refused": ("误拒", "refused wrongly"),
        "answered": ("该拒未拒", "answered wrongly"),
        "text": ("答非所要", "wrong words"),
    }
)
KINDS = MappingProxyType(
    {
        "lexical": ("字面", "literal"),
        "paraphrase": ("改写", "paraphrase"),
        "colloquial": ("口语", "colloquial"),
        "english": ("英文", "English"),
        "traditional": ("繁体", "Traditional"),
        "followup": ("追问", "follow-up"),
        "misprint": ("错字", "misprint"),
        "several": ("要答几处", "several answers"),
        "about": ("报告信息", "about the report"),
        "not-told": ("报告没说", "not told"),
        "no-figure": ("没有数字", "no figure"),
        "elsewhere": ("别处的事", "elsewhere"),
        "off-topic": ("题外话", "off topic"),
        "false-premise": ("前提不实", "false premise"),
        "figure": ("数字", "figure"),
        "date": ("日期", "date"),
        "name": ("名称", "name"),
        "list": ("列举", "list"),
        "draft-figure": ("起草·数字", "drafted, figure"),
        "draft-date": ("起草·日期", "drafted, date"),
        "draft-name": ("起草·名称", "drafted, name"),
        "draft-list": ("起草·列举", "drafted, list"),
        "span": ("原文片段", "span"),
        "unanswerable": ("答不了", "unanswerable"),
        "use": ("来自使用", "from use"),
        "use-unanswerable": ("来自使用·答不了", "from use, unanswerable"),
        "": ("未分类", "no kind"),
    }
)
# The parts of a set; "" is the whole.
SPLITS = MappingProxyType(
    {
        "dev": ("开发部分", "development split"),
        "test": ("测试部分", "test split"),
        "": ("全部", "all"),
    }
)

# Six questions the shipped report answers, one or two from each of its chapters: (chapter, question).
SHIPPED_REPORT = "huangpu-2022"
EXAMPLES = (
    (("城区功能", "Functions"), ("国家级金融要素市场达到多少家？", "How many national financial markets are there?")),
    (("国际消费", "Shopping"), ("哪家的全球最大旗舰店开业了？", "Which company opened its largest flagship store?")),
    (("旧区改造", "Homes"), ("五年里有多少户居民告别旧里？", "How many households left old lanes in five years?")),
    (("滨江景观", "Waterfront"), ("黄浦滨江岸线贯通开放了多少公里？", "How many kilometres of riverfront are open?")),
    (("社区治理", "Neighbourhoods"), ("“三会”制度是什么？", "What is the three-meetings system?")),
    (("党的建设", "Party work"), ("红色经典步道有多长？", "How long is the red classic trail?")),
)

UNVERIFIED = "未在原文中核实 / not verified"
# Why a sentence that a language model wrote is flagged.
DOUBTS = MappingProxyType(
    {
        "figure": (
            "未在原文中核实 · 引用的段落没有这样写：{detail}",
            "Not verified · not in the cited paragraph: {detail}",
        ),
        "name": (
            "未在原文中核实 · 引用的段落没有这个名称：{detail}",
            "Not verified · no such name in the cited paragraph: {detail}",
        ),
        "mark": (
            "未在原文中核实 · 写着这句话的是别的段落",
            "Not verified · another paragraph says this, not the cited one",
        ),
        "unsupported": (
            "未在原文中核实 · 找到的段落都没有这样说",
            "Not verified · no paragraph that was found says this",
        ),
    }
)
