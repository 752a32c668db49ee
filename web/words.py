"""Every phrase of the window in Chinese and English, and the HTML that carries both.

Both languages are always in the page; the style sheet shows the one that `<html lang>` names, so a
switch needs no reload. It does not know pages or records.
"""

import json
from collections.abc import Sequence
from html import escape
from types import MappingProxyType

from web.words_evaluate import EVALUATING

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
        "limit": ("只问哪一部分", "What to ask"),
        "all_reports": ("全部报告", "All reports"),
        "years": ("年份", "Year"),
        "tags": ("标签", "Tags"),
        "versions_of": ("早先的版本", "Earlier versions"),
        "every_version": ("所有版本", "Every version"),
        "version_number": ("第 {number} 版", "version {number}"),
        "current_version": ("现行", "current"),
        "limited_to": ("只问：", "Asked of: "),
        "earlier_says": ("早先的版本怎么说", "What did the earlier version say?"),
        "what_changed": ("与上一版的差别", "What changed from the one before"),
        "against_earlier": ("与上一版的差别", " against the one before"),
        "changed_paragraphs": ("有 {count} 段不同。", "Paragraphs that differ: {count}."),
        "nothing_changed": ("段落没有不同。", "No paragraph differs."),
        "changed": ("改动", "changed"),
        "added_here": ("新增", "new"),
        "gone_here": ("删去", "gone"),
        "old_version": ("这是早先的版本，已有更新的一版。", "This is an earlier version; there is a newer one."),
        "page": ("第 {page} 页", "page {page}"),
        "as_printed": ("原件第 {page} 页", "Page {page} of the original"),
        "hide_page": ("收起", "Hide"),
        "try": ("可以这样问", "Try one of these"),
        "and_others": ("另有 {count} 份", "{count} more"),
        "open_report": ("打开报告", "Open the report"),
        "no_reports": ("书架还是空的", "There are no reports yet"),
        "no_reports_way": (
            "先到“报告”页添加一份报告（TXT、Markdown、HTML、Word、PDF 都可以），再来提问。",
            "Add a report (text, Markdown, HTML, Word or PDF) on the Reports page, then ask.",
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
        "about_report": ("报告信息", "about the report"),
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
            "TXT、Markdown、HTML、Word、PDF 或它们的 ZIP，拖到这里即可；同名文件再次添加就成为新的一版，旧版仍可查。"
            "文件只留在这台机器上。",
            "Drop text, Markdown, HTML, Word or PDF files here, or ZIPs of them. A file added again becomes a new "
            "version; earlier ones can still be asked. Files stay on this machine.",
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
        "editors_only": ("只有编辑者可以添加或移除报告。", "Only an editor adds or removes reports."),
        "unnamed": ("未注明", "not given"),
        "work_failed": ("出了点意外，没有做完；请再试一次。", "Something unexpected happened; please try again."),
        "unit": ("段", "paragraphs"),
        "version": ("版本", "Version"),
        "size_of_file": ("大小", "Size"),
        "edit_tags": ("改标签", "Edit tags"),
        "add_tags": ("加标签", "Add tags"),
        "save_tags": ("保存", "Save"),
        "tags_saved": ("《{title}》的标签已保存。", "The tags of “{title}” are saved."),
        "tags_of": ("《{title}》的标签", "Tags of “{title}”"),
        "tags_like": ("标签，如 place=黄浦, year=2022", "Tags, such as place=Huangpu, year=2022"),
        "tags_for_new": ("给新报告的标签（可不填）", "Tags for new reports (optional)"),
        "waits": ("等待中", "Waiting"),
        "drop_here": ("松开即可添加", "Drop to add"),
        "ask_about": ("就这段提问", "Ask about this"),
        "about_this": ("关于“{text}”，报告怎么说？", "What does the report say about “{text}”?"),
        "forked": (
            "后面的问答已去掉；原来的完整问答还在“问答记录”里。",
            "What followed is left out here; the whole conversation is still under Conversations.",
        ),
        "added": ("已添加，{paragraphs} 段。", "Added, {paragraphs} paragraphs."),
        "replaced": (
            "已成为新的一版，{paragraphs} 段；旧版仍可查。",
            "Added as a new version, {paragraphs} paragraphs; the earlier one is kept.",
        ),
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
        "again_ask": ("重问", "Ask again"),
        "edit": ("修改", "Edit"),
        "link": ("链接", "Link"),
        "link_copied": ("链接已复制", "Link copied"),
        "cancel_edit": ("取消", "Cancel"),
        "by_report": ("摘自原文", "Taken from the report"),
        "by_model": ("语言模型撰写", "Written by a language model"),
        "writer": ("由谁作答", "Who writes the answer"),
        "writes_model": ("语言模型", "Language model"),
        "writes_report": ("摘自原文", "Report's own words"),
        "answered_instead": ("报告回答得了的问题", "Questions that the report does answer"),
        "busy": (
            "上一个问题还在回答；等它答完，或先按“停止”。",
            "The last question is still being answered; wait for it, or press Stop first.",
        ),
        "queue_full": (
            "现在提问的人太多，没有排上；请稍后再问。",
            "Too many questions are waiting; please ask again in a moment.",
        ),
        "unreachable": (
            "连不上 Wenju 的服务；连上后可以再问一次。",
            "Wenju cannot be reached; ask again once it is back.",
        ),
        "away": ("与 Wenju 的连接断了，正在重连…", "The connection to Wenju is lost; trying again…"),
        "talks": ("问答记录", "Conversations"),
        "new_talk": ("新问答", "New"),
        "find_talk": ("查找问答", "Find a conversation"),
        "no_talks": ("还没有问答记录。", "No conversations yet."),
        "none_found": ("没有找到。", "None found."),
        "kept_here": ("只保存在这个浏览器里。", "Kept in this browser only."),
        "questions": ("{count} 问", "{count} asked"),
        "rename": ("改名", "Rename"),
        "name": ("名称", "Name"),
        "delete": ("删除", "Delete"),
        "delete_sure": ("确认删除？", "Really delete?"),
        "export": ("导出", "Export"),
        "export_failed": ("没有导出成功，请再试一次。", "It could not be exported; please try again."),
        "not_kept": (
            "浏览器不允许保存或已存满，这次问答刷新后会丢失；可先导出。",
            "The browser cannot keep this conversation (not allowed, or full); export it before leaving.",
        ),
        "exported_from": ("由 Wenju 问据导出 · {date}", "Exported from Wenju · {date}"),
        "about": ("关于", "About"),
        "about_program": ("关于 Wenju 问据", "About Wenju"),
        "versions": ("版本", "Versions"),
        "library": ("资料库", "Library"),
        "library_size": (
            "{reports} 份报告，{paragraphs} 段，{megabytes} MB",
            "Reports: {reports}; paragraphs: {paragraphs}; {megabytes} MB",
        ),
        "embedder": ("向量模型", "Embedding model"),
        "network": ("联网", "Network"),
        "offline": ("不联网，一切都在这台机器上", "None: everything stays on this machine"),
        "online": ("问题和段落会发给 {host} 的语言模型", "Questions and passages go to the language model at {host}"),
        "licences": ("许可", "Licences"),
        "own_licence": (
            "Wenju 为 Apache-2.0；报告的文字属于其作者。",
            "Wenju is Apache-2.0; a report's text belongs to its authors.",
        ),
        "shortcuts": ("键盘快捷键", "Keyboard shortcuts"),
        "key_send": ("发送问题", "Send the question"),
        "key_line": ("换行", "New line"),
        "key_marks": ("看第 1 到 9 处引文", "Show quotation 1 to 9"),
        "key_box": ("到提问框", "Go to the question box"),
        "key_talks": ("问答记录", "Conversations"),
        "key_new": ("新问答", "New conversation"),
        "key_escape": ("关上报告或窗口；回答时为停止", "Close the report or a sheet; stop an answer"),
        "key_help": ("打开本页", "Open this page"),
        "shut": ("关闭", "Close"),
        **EVALUATING,
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
    on_page = "placeholder question add copied link_copied report_pane own_set open_report tags_like tags_for_new"
    on_page += " ask_about about_this forked"
    on_talk = "working busy no_talks none_found rename delete delete_sure questions export_failed"
    on_talk += " not_kept away name find_talk"
    on_votes = "thanks point_it_out right_passage passage_noted again gone vote_failed"
    names = f"{on_page} {on_talk} {on_votes}".split()
    return json.dumps({name: WORDS[name] for name in names}, ensure_ascii=False).replace("<", "\\u003c")
