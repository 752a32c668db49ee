"""Every phrase of the window in Chinese and English, and the HTML that carries both.

Both languages are always in the page; the style sheet shows the one that `<html lang>` names, so a
switch needs no reload. It does not know pages or records.
"""

import json
from collections.abc import Sequence
from html import escape
from types import MappingProxyType

WORDS = MappingProxyType(
    {
        "ask": ("提问", "Ask"),
        "reports": ("报告", "Reports"),
        "evaluate": ("评测", "Evaluate"),
        "pages": ("页面", "Pages"),
        "extractive": ("离线可用 · 摘自原文", "Works offline · the report's own words"),
        "model": ("语言模型作答 · 引文已核对", "Written by a language model · quotations checked"),
        "size": ("{reports} 份报告 · {paragraphs} 段", "Reports: {reports} · paragraphs: {paragraphs}"),
        "language": ("切换到英文", "Switch to Chinese"),
        "theme": ("深色或浅色", "Dark or light"),
        "hello": ("向报告提问，听它自己回答", "Ask the report; hear its own words"),
        "promise": (
            "回答用的都是报告的原句，点一下句后的标记，就看到它在报告里的位置；报告没写的，也会直说。",
            "Answers are the report's own sentences; click the mark behind one to see where it stands. "
            "What the report does not say, you are told.",
        ),
        "try": ("可以这样问", "Try one of these"),
        "and_others": ("另有 {count} 份", "{count} more"),
        "open_report": ("打开报告", "Open the report"),
        "no_reports": ("书架还是空的", "There are no reports yet"),
        "no_reports_way": (
            "先到“报告”页添加一份 .txt 或 .md 报告，再来提问。",
            "Add a .txt or .md report on the Reports page, then ask.",
        ),
        "question": ("问题", "Question"),
        "placeholder": ("就报告提问，回车发送", "Ask about the report"),
        "send": ("发送", "Send"),
        "stop": ("停止", "Stop"),
        "you": ("你问", "You asked"),
        "conversation": ("问答", "Conversation"),
        "working": ("正在翻报告…", "Reading the report…"),
        "stopped": ("已停止。", "Stopped."),
        "rewritten": ("已补全为：{question}", "Read as: {question}"),
        "mark": ("引文 {mark}", "Quotation {mark}"),
        "number": ("第 {number} 段", "paragraph {number}"),
        "about": ("报告信息", "about the report"),
        "strength": ("契合度 {percent}%", "Match {percent}%"),
        "verbatim": ("引文与原文逐字一致", "Quoted word for word"),
        "sure_high": ("把握：高", "Confidence: high"),
        "sure_middle": ("把握：中", "Confidence: medium"),
        "sure_low": ("把握：低", "Confidence: low"),
        "seconds": ("{seconds} 秒", "{seconds} s"),
        "copy": ("复制", "Copy"),
        "copied": ("已复制", "Copied"),
        "nearest": ("最接近的段落（仅供参考，不是答案）", "Nearest passages (for reference, not an answer)"),
        "problem": ("这个问题没能回答", "This question could not be answered"),
        "too_long": (
            "问题有 {length} 个字，最多 {limit} 个；请缩短后再问。",
            "The question has {length} characters, the limit is {limit}; please shorten it.",
        ),
        "failed": (
            "出了点意外，这个问题没有答成；请再问一次。",
            "Something unexpected happened; please ask again.",
        ),
        "contents": ("目录", "Contents"),
        "caption": ("图", "Figure"),
        "report_pane": ("报告原文", "The report"),
        "close": ("关上报告", "Close the report"),
        "reports_title": ("书架上的报告", "Reports on the shelf"),
        "reports_hint": (
            "添加 .txt 或 .md 文件；同名报告再次添加会替换旧的。报告只留在这台机器上。",
            "Add .txt or .md files; a report added again replaces the old one. They stay on this machine.",
        ),
        "add": ("添加报告", "Add reports"),
        "title": ("标题", "Title"),
        "date": ("日期", "Date"),
        "paragraphs": ("段落", "Paragraphs"),
        "source": ("来源", "Source"),
        "remove": ("移除", "Remove"),
        "remove_sure": ("确认移除？", "Really remove?"),
        "removed": ("已移除《{title}》。", "Removed “{title}”."),
        "removed_earlier": ("这份报告已经不在书架上了。", "This report is no longer on the shelf."),
        "unnamed": ("未注明", "not given"),
        "work_failed": ("出了点意外，没有做完；请再试一次。", "Something unexpected happened; please try again."),
        "unit": ("段", "paragraphs"),
        "added": ("已添加，{paragraphs} 段。", "Added, {paragraphs} paragraphs."),
        "replaced": ("已替换旧的一份，{paragraphs} 段。", "Replaced the earlier one, {paragraphs} paragraphs."),
        "unchanged": ("书架上已有同样的一份，没有改动。", "The same report is already here; nothing changed."),
        "add_failed": ("没有添加：{message}", "Not added: {message}"),
        "thanks": ("谢谢，记下了。", "Thank you, noted."),
        "useful": ("有用", "Useful"),
        "useless": ("没用", "Not useful"),
        "right_passage": ("这段才对", "This is the right passage"),
        "point_it_out": (
            "报告里若写着，请在原文里点出正确的一段。",
            "If the report does say it, point out the right passage in it.",
        ),
        "passage_noted": ("谢谢，这一段记下了。", "Thank you, the passage is noted."),
        "again": ("这个回答已经评过了。", "This answer has been judged already."),
        "gone": ("这个回答太久以前了，请再问一次后再评。", "This answer is too old to judge; please ask again."),
        "vote_failed": ("没有记下，请再试一次。", "It could not be noted; please try again."),
        "set": ("评测集", "Evaluation set"),
        "own_set": ("上传评测集", "Upload a set"),
        "run": ("运行", "Run"),
        "compare_last": ("与上次比较", "Compare with the last run"),
        "cancel": ("取消", "Cancel"),
        "cancelled": ("已取消，没有留下成绩。", "Cancelled; nothing was kept."),
        "evaluate_title": ("答得对不对", "How right are the answers?"),
        "evaluate_hint": (
            "逐题作答并打分。可以上传 .jsonl（每行一题）、SQuAD 的 .json 或带“question, answer”列的 .csv。",
            "Every question is answered and scored. Upload .jsonl (one case a line), SQuAD .json, or .csv with the "
            "columns question and answer.",
        ),
        "set_read": ("已读入，共 {count} 题。", "Read; it has {count} questions."),
        "set_broken": (
            "已读入 {count} 题；另有 {bad} 处读不了，运行时略过。",
            "Read {count} questions; {bad} more cannot be read and are left out.",
        ),
        "and_more": ("还有 {count} 处", "and {count} more"),
        "set_unread": ("读不了这个评测集：{message}", "This set cannot be read: {message}"),
        "not_opened": ("打不开：{message}", "It cannot be opened: {message}"),
        "confidence": ("把握", "Confidence"),
        "against": ("对照", "against"),
        "choose_first": ("请先选一个评测集。", "Please choose a set first."),
        "missed": ("没答对的题 · 错在哪一步", "Questions not answered right, and the step that failed"),
        "nothing_missed": ("这一组全部答对。", "Every question of this set was answered right."),
        "none_like_this": ("没有这样的题。", "There is none of these."),
        "right_rank": ("正确段落名次", "Rank of the right paragraph"),
        "went_wrong": ("错在", "What went wrong"),
        "all_kinds": ("全部题型", "All kinds"),
        "all_faults": ("每一步", "Every step"),
        "by_kind": ("按题型", "By kind"),
        "figure": ("指标", "Figure"),
        "cases": ("题数", "Cases"),
        "interval": ("黑线是 95% 区间；数字后是题数。", "The line is the 95% interval; behind each figure, its cases."),
        "kind_of": ("题型", "Kind"),
        "commit": ("提交 {commit}", "commit {commit}"),
        "bundled": ("内置模型", "bundled model"),
        "right": ("答对", "right"),
        "span": ("，区间 {low} 到 {high}，题数", ", interval {low} to {high}, cases"),
        "must": ("必须", "required"),
        "milliseconds": ("毫秒", "ms"),
        "pick_a_case": (
            "点一题，看应引的原文与实际的引文。",
            "Press a question to see its evidence and what was cited.",
        ),
        "only_first": ("只列前 {count} 题；下载可得全部。", "The first {count} are listed; download to get all."),
        "download": ("下载", "Download"),
        "download_json": ("成绩 JSON", "Scorecard, JSON"),
        "download_html": ("独立网页 HTML", "Stand-alone page, HTML"),
        "download_failures": ("没答对的题 JSONL", "Failed cases, JSONL"),
        "asked_before": ("此前问过", "Asked before"),
        "expected": ("正确答案", "Right answer"),
        "expected_none": ("报告没有写，应当拒答", "The reports do not say; to be refused"),
        "evidence": ("应引原文", "Evidence"),
        "given": ("实际回答", "Answer given"),
        "searched_only": ("只检索，没有作答", "Searched for only, not answered"),
        "ranking": ("检索名次", "Ranking"),
        "is_right": ("正确段落", "right paragraph"),
        "key_gold": ("应引", "evidence"),
        "key_cited": ("实际引用", "cited"),
        "key_both": ("两者重合", "both"),
        "nothing_marked": ("没有应引的原文，也没有引用。", "There is no evidence, and nothing was cited."),
        "text_gone": ("这一段的原文已不在书架上：", "This paragraph is no longer on the shelf:"),
        "in_report": ("在报告中看", "See it in the report"),
        "kept_cards": ("成绩单", "Scorecards"),
        "kept_hint": ("每次运行都留在这台机器的资料夹里。", "Every run is kept in the library's folder."),
        "earlier": ("先前的", "Earlier"),
        "later": ("后来的", "Later"),
        "open": ("打开", "Open"),
        "compare": ("比较", "Compare"),
        "nothing_before": ("这个评测集还没有先前的成绩可比。", "There is no earlier run of this set to compare with."),
        "compared": ("与 {name} 相比，共有 {count} 题", "Compared with {name}: {count} cases in common"),
        "before": ("先前", "Before"),
        "after": ("后来", "After"),
        "verdict": ("判断", "Verdict"),
        "better": ("变好", "better"),
        "worse": ("变差", "worse"),
        "chance": ("看不出差别", "no more than chance"),
        "untested": ("不作判断", "not judged"),
        "mended": ("改对的题", "Mended"),
        "broken": ("改错的题", "Broken"),
        "other_figures": ("其余 {count} 项指标", "{count} more figures"),
        "no_flips": ("没有", "none"),
        "review": ("来自使用", "From use"),
        "review_count": ("待审 {count}", "{count} to review"),
        "review_hint": (
            "读者说有用、没用、或点出的段落。接受的可以做成评测集。",
            "What readers called useful or not, and the passages they pointed out. Accepted ones become a set.",
        ),
        "no_votes": ("还没有人评过。", "Nobody has judged an answer yet."),
        "accept": ("接受", "Accept"),
        "reject": ("不接受", "Reject"),
        "undo": ("撤回", "Undo"),
        "accepted": ("已接受", "Accepted"),
        "rejected": ("未接受", "Rejected"),
        "up": ("有用", "useful"),
        "down": ("没用", "not useful"),
        "passage": ("指出段落", "passage named"),
        "refused_word": ("拒答", "refused"),
        "find_passage": ("找出正确的一段", "Find the right passage"),
        "needs_passage": (
            "没用的拒答：指出正确的一段后才能接受。",
            "A refusal called useless: name the right passage before accepting it.",
        ),
        "adopt": ("下载已接受的评测集（{count}）", "Download the accepted as a set ({count})"),
        "drafts": ("为报告起草问题", "Draft questions for a report"),
        "drafts_hint": (
            "从报告里的数字、日期、名称和列举起草；接受之前都不算数。",
            "Drafted from a report's figures, dates, names and lists; none counts before it is accepted.",
        ),
        "the_report": ("报告", "Report"),
        "draft": ("起草", "Draft"),
        "no_drafts": ("还没有起草的问题。", "There are no drafts yet."),
        "nothing_new": ("这份报告没有新的可起草了。", "There is nothing new to draft from this report."),
        "drafted": ("起草了 {count} 题，请逐题过目。", "Drafted {count} questions; please look at each."),
        "answers": ("答案（几种写法用 | 分开）", "Answers (separated by |)"),
        "run_drafts": ("运行已接受的（{count}）", "Run the accepted ({count})"),
        "download_drafts": ("下载已接受的（{count}）", "Download the accepted ({count})"),
    }
)


def both(key: str, **values: object) -> str:
    """Return the HTML of a phrase in both languages; `values` are escaped."""
    return pair(*(phrase.format(**values) for phrase in WORDS[key]))


def pair(chinese: str, english: str) -> str:
    """Return the HTML that shows one of two plain texts, by the page's language."""
    return f'<span class="zh" lang="zh-CN">{escape(chinese)}</span><span class="en" lang="en">{escape(english)}</span>'


def hidden(key: str, **values: object) -> str:
    """Return a phrase for screen readers only."""
    return f'<span class="unseen">{both(key, **values)}</span>'


def choice(id_: str, label: str, options: Sequence[tuple[str, tuple[str, str]]], chosen: str = "") -> str:
    """Return a labelled choice of (value, phrase); the page's script puts its options into the page's language."""
    items = "".join(
        f'<option value="{escape(value)}" data-zh="{escape(zh)}" data-en="{escape(en)}"'
        f"{' selected' if value == chosen else ''}>{escape(zh)}</option>"
        for value, (zh, en) in options
    )
    return f'<label class="choice">{hidden(label)}<select id="{id_}">{items}</select></label>'


def script_words() -> str:
    """Return, as JSON safe inside a script, the phrases that the page's script sets as attributes."""
    on_page = "placeholder question add copied report_pane own_set open_report"
    on_votes = "thanks point_it_out right_passage passage_noted again gone vote_failed"
    names = (on_page + " " + on_votes).split()
    return json.dumps({name: WORDS[name] for name in names}, ensure_ascii=False).replace("<", "\\u003c")
