"""Runs in chunks, so that sending one costs little beside living it; and how large they are."""

from __future__ import annotations

import math
import pickle
import platform
import statistics
import time
import zlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sim.experiments.fingerprint import fingerprint
from sim.experiments.future import Finished, Task, Work, never
from sim.experiments.workers import Job, RunFailed, failed

#: Seconds that a chunk should take: hundreds of times what a Dask task costs, and so short that
#: little is lived again where a worker dies.
GOAL = 2.0
_REMEMBERED = 9


@dataclass(frozen=True)
class Answer:
    """What became of a chunk: its runs, up to one that failed."""

    found: tuple[Finished, ...]
    seconds: float
    failure: RunFailed | None = None


@dataclass(frozen=True)
class Refusal:
    """A machine that would get other results than the one that asks."""

    machine: str
    version: tuple[tuple[str, str], ...]


class ChunkSizes:
    """How many runs the next chunk has.

    The first chunks have one run, until it is known how long that takes. Towards the end chunks
    get smaller, so that no worker is left with much while the others have nothing.
    """

    def __init__(self) -> None:
        self._seconds: deque[float] = deque(maxlen=_REMEMBERED)

    def took(self, seconds: float, runs: int) -> None:
        """Take note of a finished chunk."""
        self._seconds.append(seconds / runs)

    def size(self, left: int, threads: int) -> int:
        """Runs of the next chunk, where ``left`` are to be shared out among ``threads``."""
        if not self._seconds:
            return 1
        # The median, because the first run of a machine compiles the model.
        enough = GOAL / max(statistics.median_low(self._seconds), 1e-6)
        fair = math.ceil(left / (2 * max(threads, 1)))
        return max(1, min(round(enough), fair))


def packed(task: Task, simulate: Work) -> bytes:
    """What every chunk of an ensemble needs, as bytes that no worker reads before it is asked."""
    return zlib.compress(pickle.dumps((task, simulate), pickle.HIGHEST_PROTOCOL), 1)


def live_chunk(
    version: tuple[tuple[str, str], ...], content: bytes, jobs: Sequence[Job]
) -> Answer | Refusal:
    """Live some seeds, on whatever machine. A run that fails ends the chunk; its cause is told."""
    if fingerprint() != version:
        return Refusal(platform.node(), fingerprint())
    task, simulate = _unpacked(content)
    found, begin = [], time.perf_counter()
    for index, seed in jobs:
        try:
            found.append(simulate(task, index, seed, never))
        except Exception as error:
            failure = failed(task, (index, seed), error, f" on {platform.node()}")
            return Answer(tuple(found), time.perf_counter() - begin, failure)
    return Answer(tuple(found), time.perf_counter() - begin)


@lru_cache(maxsize=4)
def _unpacked(content: bytes) -> tuple[Task, Work]:
    task, simulate = pickle.loads(zlib.decompress(content))
    return task, simulate
