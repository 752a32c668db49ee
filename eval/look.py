"""What the page calls things, in Chinese and English, and what it wears. Values only."""

from eval.records import Fault

NAMES = {
    "recall@1": "首位命中 recall@1",
    "recall@3": "前三命中 recall@3",
    "recall@5": "前五命中 recall@5",
    "recall@10": "前十命中 recall@10",
    "mrr@10": "平均倒数排名 MRR@10",
    "ndcg@10": "nDCG@10",
    "holds_answer": "含正确答案 holds the answer",
    "answer_length": "答案长度(字) answer length",
    "exact_match": "完全一致 exact match",
    "character_f1": "字符 F1 character F1",
    "verbatim": "引文逐字一致 verbatim quotes",
    "citation_precision": "引文准确率 citation precision",
    "citation_recall": "引文召回率 citation recall",
    "balanced_accuracy": "拒答均衡准确率 refusal, balanced accuracy",
    "refusal_accuracy": "拒答判断正确 refusal, accuracy",
    "refusal_precision": "拒答准确率 refusal precision",
    "refusal_recall": "拒答召回率 refusal recall",
    "auroc": "把握区分度 AUROC",
    "calibration_error": "校准误差 calibration error",
    "seconds_p50": "每题秒数 seconds p50",
    "seconds_p95": "每题秒数 seconds p95",
}
FAULTS = {
    Fault.SPLIT: "分段不对 not split right",
    Fault.RETRIEVED: "没有检索到 not retrieved",
    Fault.RANKED: "排序偏低 ranked low",
    Fault.SENTENCE: "选错句子 wrong sentence",
    Fault.REFUSED: "误拒 refused wrongly",
    Fault.ANSWERED: "该拒未拒 answered wrongly",
    Fault.TEXT: "答非所要 wrong words",
}
STYLE = """
:root{color-scheme:light dark;--paper:#faf8f4;--card:#fff;--ink:#1d2126;--soft:#5c6570;
--line:#e6e1d8;--seal:#a8322a;--seal-soft:#f6e7e4}
@media (prefers-color-scheme:dark){:root{--paper:#15171a;--card:#1d2024;--ink:#e8e6e1;--soft:#9aa3ad;
--line:#31363c;--seal:#e0796f;--seal-soft:#3a2523}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1080px;padding:28px 20px;background:var(--paper);color:var(--ink);
font:15px/1.7 "PingFang SC","Noto Sans CJK SC","Microsoft YaHei",system-ui,sans-serif}
h1{font-size:24px;margin:0}h2{font-size:18px;margin:32px 0 10px}h3{font-size:14px;font-weight:500;margin:16px 0 6px}
.soft{color:var(--soft);font-size:13px;overflow-wrap:anywhere}
.panel{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:14px 18px;overflow-x:auto}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:16px}
table{border-collapse:collapse;width:100%;font-size:14px}
th,td{text-align:left;padding:5px 10px;border-bottom:1px solid var(--line);white-space:nowrap}
td:first-child{white-space:normal}th{color:var(--soft);font-weight:500}.n{text-align:right;font-variant-numeric:tabular-nums}
details{background:var(--card);border:1px solid var(--line);border-radius:10px;margin:8px 0;padding:8px 14px}
summary{cursor:pointer}summary b{font-weight:500}
dl{margin:8px 0;font-size:14px;display:grid;grid-template-columns:max-content 1fr;gap:4px 14px}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}.right{color:var(--seal)}
.tag{background:var(--seal-soft);color:var(--seal);border-radius:6px;padding:1px 8px;font-size:13px;margin-right:8px}
svg{width:100%;display:block;font-size:12px}svg text{fill:var(--ink)}
.bar,.dot{fill:var(--seal)}.dot{opacity:.75}.curve{stroke:var(--seal);fill:none;stroke-width:2}
.whisker,.axis,.guide{stroke:var(--ink);fill:none;stroke-width:1.4}.guide{stroke-dasharray:4 4;opacity:.4}
"""
