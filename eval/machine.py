"""Names what a figure was measured on: the code's commit, the machine, and its memory.

The only door to git and to the operating system's own facts.
"""

import os
import platform
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
# What figures depend on: a new scorecard or a page beside them makes no other code.
_MEASURED = ("index", "qa", "eval", ":(exclude)eval/results", ":(exclude)eval/LOG.md")


def commit() -> str:
    """Return the short commit of the code, with "-dirty" where files differ or are new, or "unknown"."""
    # Installed inside another project's checkout, git would name that project's commit.
    if not (_ROOT / ".git").exists():
        return "unknown"
    head = _git("rev-parse", "--short=12", "HEAD")
    dirty = _git("status", "--porcelain", "--", *_MEASURED)
    return f"{head}{'-dirty' if dirty else ''}" if head else "unknown"


def machine() -> str:
    """Return processor, cores, memory, system and Python; never the machine's name."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    system = f"{platform.system()}, Python {platform.python_version()}"
    return f"{_processor()}, {cores} cores, {_memory()}{system}"


def peak_memory() -> int:
    """Return the most bytes of memory this process has held so far; 0 where the system does not tell."""
    try:
        import resource  # Windows has none
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _git(*arguments: str) -> str:
    try:
        ran = subprocess.run(
            ["git", "-C", str(_ROOT), *arguments], capture_output=True, text=True, check=False, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ran.stdout.strip() if ran.returncode == 0 else ""


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        for line in facts.read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory() -> str:
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return ""
    return f"{size / 2**30:.0f} GiB, "
