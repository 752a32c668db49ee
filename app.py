"""Starts the house: settings -> Index and Answerer -> window, with a log; puts a user into the file of users.

It does not know how the window looks or how a question is answered.
"""

import argparse
import os
import signal
import socket
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from index import Index, IndexConfig, WenjuError
from qa import Answerer, QaConfig

if TYPE_CHECKING:
    from web import Rules

DEFAULT_PORT = 7860
# How many ports above the default are tried when it is taken.
PORTS_TRIED = 100
# Seconds that open pages are given when the server is told to stop; their event streams never end by themselves.
PATIENCE = 2
SHIPPED_REPORTS = Path(__file__).parent / "reports"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line and the environment ask for; a port of 0 means the first free one."""

    library: Path
    embedder: str
    host: str
    port: int
    build: tuple[Path, ...] = ()
    user: str = ""
    password: str = field(default="", repr=False)
    answering: QaConfig = field(default=QaConfig())
    users: Path | None = None
    names: tuple[str, ...] = ()
    per_minute: int = 600
    log: str = ""
    log_questions: bool = False


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        asked = _parser().parse_args(given)
        if asked.new_user:
            new_user(asked.users or Path("users.toml"), asked.new_user, asked.role)
        else:
            serve(settings_from(given, os.environ))
    except WenjuError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def settings_from(arguments: Sequence[str], environment: Mapping[str, str]) -> Settings:
    """Read the settings; an argument goes before the environment.

    Raises:
        WenjuError: PORT is no port, one half of the sign-in is missing, wenju.toml cannot be used, or others could
            reach the window without a sign-in.
    """
    asked = _parser().parse_args(arguments)
    answering = Answerer.settings(environment)
    user, password = environment.get("WENJU_USER", ""), environment.get("WENJU_PASSWORD", "")
    if bool(user) != bool(password):
        raise WenjuError("Sign-in needs both WENJU_USER and WENJU_PASSWORD; set the other one too, or neither.")
    if not (_loopback(asked.host) or asked.users or user or asked.open):
        raise WenjuError(
            f"--host {asked.host} lets other machines reach this Wenju. Give --users FILE for a sign-in (--new-user "
            "NAME makes one), or --open to let everyone in who can reach it."
        )
    return Settings(
        library=asked.library or Path(environment.get("WENJU_LIBRARY") or "library"),
        embedder=asked.embedder or environment.get("WENJU_EMBEDDER", ""),
        host=asked.host,
        port=_port(asked.port or environment.get("PORT", "")),
        build=tuple(asked.build),
        user=user,
        password=password,
        users=asked.users,
        names=tuple(name.lower() for name in asked.name),
        per_minute=asked.rate,
        log=asked.log,
        log_questions=asked.log_questions,
        answering=replace(answering, reranker=asked.reranker or answering.reranker),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python app.py", description="Serve Wenju's window.")
    add = parser.add_argument
    add("--library", type=Path, help="library folder (WENJU_LIBRARY, ./library)")
    add("--port", help=f"port to serve on (PORT, the first free one from {DEFAULT_PORT})")
    add("--host", default="127.0.0.1", help="address to serve on (127.0.0.1)")
    add("--embedder", help="folder or hub name of another model (WENJU_EMBEDDER)")
    add("--build", type=Path, nargs="+", default=[], metavar="PATH", help="add these first")
    add("--reranker", help="folder or hub name of a cross-encoder (WENJU_RERANKER)")
    add("--users", type=Path, metavar="FILE", help="ask for a sign-in; the file names who may (users.toml)")
    add("--new-user", metavar="NAME", help="put a user into that file, with a password that is asked for, and end")
    add("--role", default="reader", choices=("reader", "editor"), help="what the new user may do (reader)")
    add("--open", action="store_true", help="serve other machines without a sign-in")
    add("--name", action="append", default=[], help="another name by which the window is reached, as behind a proxy")
    add("--rate", type=int, default=600, metavar="N", help="requests a minute from one client; 0: any number (600)")
    add("--log", default="", metavar="FILE", help='write a line of JSON a request and question to it; "-": to stderr')
    add("--log-questions", action="store_true", help="write what was asked into the log as well")
    return parser


def _loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def new_user(path: Path, name: str, role: str) -> None:
    """Ask for a password and write the user to the file."""
    from web import accounts

    interactive = sys.stdin.isatty()
    password = getpass(f"Password for {name}: ") if interactive else sys.stdin.readline().rstrip("\n")
    if interactive and getpass("The same again: ") != password:
        raise WenjuError("These were two different passwords; try again.")
    accounts.add_user(path, name, role, password)
    print(f"{path} has the {role} {name} now.")


def _port(text: str) -> int:
    if not text:
        return 0
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise WenjuError(f"{text!r} is not a port; give a number from 1 to 65535.")
    return int(text)


def serve(settings: Settings) -> None:
    """Open the library, add what is to be added, and serve the window until interrupted or terminated."""
    # Uvicorn ends what runs, then raises the signal again: so the library is closed, and an add at the start undone.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    listener = listen(settings.host, settings.port)
    with listener, Index.open(IndexConfig(settings.library, settings.embedder)) as index:
        fill(index, settings.build)
        # Beside the import of Gradio, which takes three seconds; so the first question finds the models there.
        threading.Thread(target=warm, args=(index,), daemon=True).start()
        # Late: a wrong argument should not cost that import.
        import uvicorn

        os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
        from web import house, journal

        journal.open_journal(settings.log, settings.log_questions)
        answerer = journal.noted(index, settings.answering, settings.log_questions)
        app = house(index, answerer, rules(settings))

        class Announcing(uvicorn.Server):
            """Says where it serves once it does."""

            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets)
                print(f"Wenju: http://{settings.host}:{listener.getsockname()[1]}", flush=True)

        config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=PATIENCE)
        Announcing(config).run(sockets=[listener])


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


def rules(settings: Settings) -> "Rules":
    """Return who is let in.

    Raises:
        WenjuError: the file of users cannot be used.
    """
    from web import Rules, accounts

    known = None
    if settings.users:
        known = accounts.read_users(settings.users)
    elif settings.user:
        known = accounts.one_editor(settings.user, settings.password)
    own = () if _loopback(settings.host) else (socket.gethostname().lower(),)
    return Rules(known, (*settings.names, *own), settings.per_minute)


if __name__ == "__main__":
    sys.exit(main())
