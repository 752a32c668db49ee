"""Starts the house: settings -> Index and Answerer -> window, with health page and guard around it.

It does not know how the window looks or how a question is answered.
"""

import argparse
import os
import socket
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from index import Index, IndexConfig, WenjuError
from qa import Answerer, QaConfig

if TYPE_CHECKING:
    from fastapi import FastAPI

DEFAULT_PORT = 7860
# How many ports above the default are tried when it is taken.
PORTS_TRIED = 100
# Seconds that open pages are given when the server is told to stop; their event streams never end by themselves.
PATIENCE = 2
SHIPPED_REPORTS = Path(__file__).parent / "reports"
# The largest file a reader may send; the largest report seen as plain text has 3 MB.
LARGEST_UPLOAD = "20mb"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line and the environment ask for; a port of 0 means the first free one."""

    library: Path
    embedder: str
    host: str
    port: int
    build: tuple[Path, ...] = ()
    user: str = ""
    password: str = ""
    answering: QaConfig = field(default=QaConfig())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    try:
        serve(settings_from(sys.argv[1:] if arguments is None else arguments, os.environ))
    except WenjuError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def settings_from(arguments: Sequence[str], environment: Mapping[str, str]) -> Settings:
    """Read the settings; an argument goes before the environment.

    Raises:
        WenjuError: PORT is no port, one half of the sign-in is missing, or wenju.toml cannot be used.
    """
    parser = argparse.ArgumentParser(prog="python app.py", description="Serve Wenju's window.")
    parser.add_argument("--library", type=Path, help="library folder (WENJU_LIBRARY, ./library)")
    parser.add_argument("--port", help=f"port to serve on (PORT, the first free one from {DEFAULT_PORT})")
    parser.add_argument("--host", default="127.0.0.1", help="address to serve on (127.0.0.1)")
    parser.add_argument("--embedder", help="folder or hub name of another model (WENJU_EMBEDDER)")
    parser.add_argument("--build", type=Path, nargs="+", default=[], metavar="PATH", help="add these first")
    parser.add_argument("--reranker", help="folder or hub name of a cross-encoder (WENJU_RERANKER)")
    asked = parser.parse_args(arguments)
    answering = Answerer.settings(environment)
    user, password = environment.get("WENJU_USER", ""), environment.get("WENJU_PASSWORD", "")
    if bool(user) != bool(password):
        raise WenjuError("Sign-in needs both WENJU_USER and WENJU_PASSWORD; set the other one too, or neither.")
    return Settings(
        library=asked.library or Path(environment.get("WENJU_LIBRARY") or "library"),
        embedder=asked.embedder or environment.get("WENJU_EMBEDDER", ""),
        host=asked.host,
        port=_port(asked.port or environment.get("PORT", "")),
        build=tuple(asked.build),
        user=user,
        password=password,
        answering=replace(answering, reranker=asked.reranker or answering.reranker),
    )


def _port(text: str) -> int:
    if not text:
        return 0
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise WenjuError(f"{text!r} is not a port; give a number from 1 to 65535.")
    return int(text)


def serve(settings: Settings) -> None:
    """Open the library, add what is to be added, and serve the window until interrupted."""
    listener = listen(settings.host, settings.port)
    with listener, Index.open(IndexConfig(settings.library, settings.embedder)) as index:
        fill(index, settings.build)
        # Beside the import of Gradio, which takes three seconds; so the first question finds the models there.
        threading.Thread(target=warm, args=(index,), daemon=True).start()
        # Late: a wrong argument should not cost that import.
        import uvicorn

        answerer = Answerer(index, settings.answering)
        app = house(index, answerer, settings)

        class Announcing(uvicorn.Server):
            """Says where it serves once it does."""

            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets)
                print(f"Wenju: http://{settings.host}:{listener.getsockname()[1]}", flush=True)

        Announcing(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=PATIENCE)).run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """Return a bound socket: on `port`, or where that is 0 on the first free one from the default.

    Raises:
        WenjuError: the port is taken, or the host is not one of this machine's.
    """
    tried = [port] if port else range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED)
    reason = ""
    for one in tried:
        bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        # Without this a restart would find the port taken for a minute; a listener still refuses it.
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((host, one))
            bound.listen()
        except OSError as error:
            bound.close()
            reason = error.strerror or str(error)
        else:
            return bound
    ports = str(tried[0]) if len(tried) == 1 else f"{tried[0]} to {tried[-1]}"
    raise WenjuError(f"{host}:{ports} cannot be used ({reason}); choose another with --port or --host.")


def fill(index: Index, build: Sequence[Path]) -> None:
    """Add the reports of `build`, and the shipped ones to a library that would be empty otherwise."""
    paths = list(build) or ([] if index.reports() else [SHIPPED_REPORTS])
    if not paths:
        return
    from tqdm import tqdm

    with tqdm(desc="Wenju", leave=False, disable=None) as bar:

        def show(step: str, done: int, total: int) -> None:
            bar.set_description(step, refresh=False)
            bar.total, bar.n = total, done
            bar.refresh()

        added = index.add(paths, show)
    for one in added:
        if one.outcome == "failed":
            print(one.message, file=sys.stderr)


def warm(index: Index) -> None:
    """Load all that an answer needs; a question that comes first waits for it."""
    try:
        Answerer(index).answer("预热")
    except WenjuError as error:
        print(error, file=sys.stderr)


def house(index: Index, answerer: Answerer, settings: Settings) -> "FastAPI":
    """Return the whole app: the window, the health page, and the guard before both."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    import gradio as gr
    from fastapi import FastAPI

    from web import Guard, dressing, speak_json, theme, window

    # FastAPI's own pages of documentation load their script from another host.
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/health")
    def health() -> dict[str, bool | int]:
        reports = index.reports()
        paragraphs = sum(len(report.paragraphs) for report in reports)
        return {"ok": True, "reports": len(reports), "paragraphs": paragraphs, "generation": index.generation}

    app.add_middleware(Guard, user=settings.user, password=settings.password)
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


if __name__ == "__main__":
    sys.exit(main())
