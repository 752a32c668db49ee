"""Cases -> answers by several processes at once; answering is bound to one core, so a second one halves a long run.

Knows nothing of right and wrong answers. Seconds are taken inside the processes, where an answer is made.
"""

import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context

from eval.config import CASES_FOR_A_WORKER, CREW_BATCH
from eval.records import Case
from eval.subject import Asked, ask
from index import Index, IndexConfig, WenjuError
from qa import Answerer, QaConfig

_THREADS = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


@dataclass(frozen=True, slots=True)
class Crew:
    """So many processes, each with the library opened anew."""

    index: IndexConfig
    qa: QaConfig
    workers: int

    def each(self, cases: Sequence[Case]) -> Iterator[Asked]:
        """Yield what each case was answered, in order.

        Raises:
            WenjuError: a case could not be answered, or a process ended for want of memory.
        """
        # Forking would copy open database handles and the locks of running threads.
        start = get_context("spawn")
        pool = ProcessPoolExecutor(self.workers, start, _open, (self.index, self.qa))
        try:
            with _one_thread_each():  # the processes start while the cases are handed over
                told = pool.map(_ask, cases, chunksize=CREW_BATCH)
            yield from told
        except BrokenProcessPool as error:
            raise WenjuError("A process ended before its answers; run with --workers 1, which needs less.") from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def crew_size(asked: int, cases: int) -> int:
    """Return how many processes to take: as many as asked for, else one a core where there is work for each."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return asked or max(1, min(cores, cases // CASES_FOR_A_WORKER))


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let processes that start now compute in one thread: two that use both cores each wait for one another."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(_THREADS)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


_opened: list[Answerer] = []  # of this process; a process answers from one library


def _open(index: IndexConfig, qa: QaConfig) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is told to the parent, which ends the pool
    _opened.append(Answerer(Index.open(index), qa))


def _ask(case: Case) -> Asked:
    return ask(_opened[0], case)
