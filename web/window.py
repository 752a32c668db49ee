"""Makes the whole window: header, pages, style and script, as one Blocks that an app can mount.

It does not know ports, sign-in or where the library lies.
"""

from collections.abc import Sequence
from pathlib import Path

import gradio as gr

from eval import Drafts, Feedback
from index import Index, Report
from qa import Answerer
from web.api import Endpoints, offer
from web.ask import build_ask
from web.asking import Asking
from web.drafting import Drafting
from web.editions import first_paper
from web.evaluate import build_evaluate
from web.examiner import Examiner
from web.examples import Examples
from web.limits import limits, version_numbers
from web.paper import body_count
from web.reports import Shelf, build_reports
from web.review import Reviewer
from web.sheets import about, program, shortcuts, talks
from web.shelf import table
from web.talk import hint_row, welcome
from web.vote import Ballot
from web.words import both, hidden, script_words

# Questions that may wait their turn before the window says that it is busy.
LONGEST_QUEUE = 64

# In the order in which they run: the later ones use what the first one offers.
SCRIPTS = ("cite.js", "talk.js", "kept.js", "vote.js", "shelf.js", "evaluate.js")

_HERE = Path(__file__).parent
_MOON = (
    '<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="7" fill="none" '
    'stroke="currentColor" stroke-width="1.6"/><path d="M10 3a7 7 0 0 0 0 14z" fill="currentColor"/></svg>'
)
_ABOUT = (
    '<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="7.2" fill="none" '
    'stroke="currentColor" stroke-width="1.6"/><path d="M10 9v5M10 6.1v.2" stroke="currentColor" stroke-width="1.9" '
    'stroke-linecap="round"/></svg>'
)


def window(index: Index, answerer: Answerer) -> gr.Blocks:
    """Return the window over an open library."""
    reports, library = index.reports(), index.config.library
    with gr.Blocks(title="问据 Wenju", analytics_enabled=False, fill_width=True) as blocks:
        bar = gr.HTML(header(reports, answerer.mode), elem_id="bar", apply_default_css=False)
        told = gr.HTML(_about(index, answerer, reports), elem_id="told", apply_default_css=False)
        gr.HTML(
            f'<p id="away" role="alert" hidden>{both("away")}</p>{shortcuts()}{talks()}',
            elem_id="sheets",
            apply_default_css=False,
        )
        feedback, examples = Feedback(library), Examples(index)
        ask = build_ask(Asking(index, answerer, Ballot(index, feedback), examples), reports)
        shelf = build_reports(Shelf(index), reports)
        examiner = Examiner(index, answerer, library)
        reviewer, drafting = Reviewer(index, feedback), Drafting(index, Drafts(library))
        evaluation = build_evaluate(examiner, reviewer, drafting)

        def renew() -> tuple[str, ...]:
            now = index.reports()
            numbers = version_numbers(index, now)
            shelves = (header(now, answerer.mode), _about(index, answerer, now), first_paper(index), table(now))
            return (*shelves, limits(now, numbers), examiner.kept(), reviewer.page(), drafting.page())

        def tries() -> tuple[str, str]:
            now, shown = index.reports(), examples.shown()
            return welcome(now, shown), hint_row(now, shown)

        renewed = [bar, told, ask.paper, shelf.table, ask.limit, evaluation.kept, evaluation.review, evaluation.drafts]
        for change in (blocks.load, *(change.then for change in shelf.changes)):
            # Past the queue, whose stream closes after an event; apart from the examples, which may take long to make.
            for act, shown in ((renew, renewed), (tries, [ask.start, ask.hints])):
                change(act, None, shown, queue=False, show_progress="hidden", api_visibility="private")
        offer(Endpoints(index, answerer))
    blocks.queue(max_size=LONGEST_QUEUE)
    return blocks


def dressing() -> str:
    """Return what goes into the page's head: the style, the script's phrases, the script."""
    style = (_HERE / "style.css").read_text(encoding="utf-8")
    script = "".join((_HERE / name).read_text(encoding="utf-8") for name in SCRIPTS)
    words = f'<script type="application/json" id="wenju-words">{script_words()}</script>'
    return f'<meta name="color-scheme" content="light dark"><style>{style}</style>{words}<script>{script}</script>'


def theme() -> gr.themes.Base:
    """Return Gradio's plainest theme on the machine's own fonts."""
    fonts = ["system-ui", "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", "sans-serif"]
    return gr.themes.Base(font=fonts, font_mono=["ui-monospace", "monospace"])


def header(reports: Sequence[Report], mode: str) -> str:
    """Return the bar above every page: name, pages, how answers are made, language, light."""
    links = "".join(_link(page) for page in ("ask", "reports", "evaluate"))
    size = both("size", reports=len(reports), paragraphs=sum(body_count(report) for report in reports))
    return (
        '<header class="bar"><a class="logo" href="#ask" data-page="ask"><b aria-hidden="true">问</b>'
        '<span class="unseen" lang="zh-CN">问据 Wenju</span><span aria-hidden="true">问据</span> '
        '<small lang="en" aria-hidden="true">Wenju</small></a>'
        f'<nav aria-labelledby="pages"><span id="pages" class="unseen">{both("pages")}</span>{links}</nav>'
        f'<div class="right"><span class="pill mode {mode}"><i class="dot"></i>{both(mode)}</span>'
        f'<span class="pill size" data-reports="{len(reports)}">{size}</span>'
        f'<button type="button" class="pill" data-language><span aria-hidden="true">中 / EN</span>{hidden("language")}'
        f'</button><button type="button" class="plain" data-light>{_MOON}{hidden("theme")}</button>'
        f'<button type="button" class="plain" data-sheet-of="about">{_ABOUT}{hidden("about")}</button></div></header>'
    )


def _about(index: Index, answerer: Answerer, reports: Sequence[Report]) -> str:
    return about(program(index, answerer.config, reports))


def _link(page: str) -> str:
    return f'<a href="#{page}" data-page="{page}">{both(page)}</a>'
