"""How everything here is measured: side by side, in turn, by medians; and on what machine."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim import luck
from sim.kernel import kernel


@dataclass(frozen=True)
class Result:
    """One line of the table; ``goal`` is what it should reach, with the sense of the comparison."""

    part: str
    what: str
    value: float
    unit: str
    goal: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is reached; None without one."""
        if not self.goal:
            return None
        sign, number = self.goal.split()
        return self.value >= float(number) if sign == "≥" else self.value <= float(number)


def processor() -> str:
    """Name of the processor, as the system tells it."""
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def cores() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def seconds(work: Callable[[], object]) -> float:
    """Time that ``work`` takes on the processor, so that neighbours disturb little."""
    start = time.process_time()
    work()
    return time.process_time() - start


def in_turn(works: Sequence[Callable[[], object]], rounds: int) -> list[list[float]]:
    """Times of each work in each round, all of one round after another."""
    found: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for times, work in zip(found, works, strict=True):
            times.append(seconds(work))
    return found


def median_ratio(one: Sequence[float], other: Sequence[float]) -> float:
    """Median over the rounds of one time over the other."""
    return statistics.median(a / b for a, b in zip(one, other, strict=True))


@kernel
def _reference(uid, out):
    for i in range(uid.shape[0]):
        u, v = luck.uniform_pair(1, 2, uid[i], 3)
        out[i] = np.sqrt(-2.0 * np.log(u)) * np.cos(6.283185307179586 * v) + np.exp(-v)


def reference_seconds(rounds: int = 9) -> float:
    """Time of a fixed kernel, 200,000 draws with a logarithm, a cosine and an exponential each.

    Times over this one say how fast the program is, whatever the machine.
    """
    uid, out = np.arange(200_000), np.empty(200_000)
    _reference(uid, out)
    return statistics.median(seconds(lambda: _reference(uid, out)) for _ in range(rounds))
