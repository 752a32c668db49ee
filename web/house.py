"""Makes the whole app: the window, the health page, and the guard before both.

It does not know settings, ports or who may sign in.
"""

from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING

import gradio as gr

from index import Index
from qa import Answerer
from web.api import speak_json
from web.guard import Guard, Rules
from web.window import dressing, theme, window

if TYPE_CHECKING:
    from fastapi import FastAPI

# The largest file a reader may send; the largest report seen as plain text has 3 MB.
LARGEST_UPLOAD = "20mb"


def house(index: Index, answerer: Answerer, rules: Rules) -> "FastAPI":
    """Return the whole app: the window, the health page, and the guard before both."""
    from fastapi import FastAPI

    # FastAPI's own pages of documentation load their script from another host.
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_api_route("/health", _health(index))
    app.add_middleware(Guard, rules=rules)
    blocks = window(index, answerer)
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        head=dressing(),
        theme=theme(),
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=LARGEST_UPLOAD,
        ssr_mode=False,
        mcp_server=find_spec("mcp") is not None,
    )
    speak_json(blocks)
    return app


def _health(index: Index) -> Callable[[], dict[str, bool | int]]:
    counted: dict[int, tuple[int, int]] = {}

    def health() -> dict[str, bool | int]:
        now = index.generation
        if now not in counted:  # a watcher asks every few seconds, and counting takes longer as a library grows
            counted.clear()
            counted[now] = index.size
        reports, paragraphs = counted[now]
        return {"ok": True, "reports": reports, "paragraphs": paragraphs, "generation": now}

    return health
