"""An environment whose processes have no network: what they try to reach is written down and refused."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Python runs this at start in every process below; an attempt is written down, then refused.
GUARD = """
import os, socket
_connect, _find = socket.socket.connect, socket.getaddrinfo
def _refuse(host):
    if host not in ("127.0.0.1", "::1", "localhost", None, ""):
        open(os.environ["ATTEMPTS"], "a").write(f"{host}\\n")
        raise OSError(f"outgoing connection to {host}")
def connect(self, address):
    if isinstance(address, tuple):
        _refuse(address[0])
    return _connect(self, address)
def find(host, *rest, **named):
    _refuse(host.decode() if isinstance(host, bytes) else host)
    return _find(host, *rest, **named)
socket.socket.connect, socket.getaddrinfo = connect, find
"""


def closed_environment(folder: Path) -> dict[str, str]:
    """Return it; the library lies in the folder."""
    (folder / "sitecustomize.py").write_text(GUARD, "utf-8")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("WENJU_", "HF_"))}
    environment |= {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "ATTEMPTS": str(folder / "attempts")}
    environment |= {"WENJU_LIBRARY": str(folder / "library")}
    environment.pop("PORT", None)
    return environment


def attempts(environment: dict[str, str]) -> str:
    path = Path(environment["ATTEMPTS"])
    return path.read_text("utf-8") if path.exists() else ""
