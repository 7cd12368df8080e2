"""Luck for the plain model: Python's own stream, or the engine's keys one by one."""

from __future__ import annotations

import math
import random
from statistics import NormalDist

from sim import luck as keyed


class PlainLuck:
    """One stream of Python's generator; keys are not looked at."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)

    def pair(self, process: int, uid: int, key: int) -> tuple[float, float]:
        return self._dice.random(), self._dice.random()

    def uniform(self, process: int, uid: int, key: int) -> float:
        return self._dice.random()

    def normal(self, process: int, uid: int, key: int) -> float:
        return self._dice.gauss(0.0, 1.0)

    def child(self, parent: int, quarter: int, ordinal: int) -> tuple[int, float]:
        return self._dice.getrandbits(62) | 1 << 62, self._dice.random()


class KeyedLuck:
    """The luck of the engine, so that the two can be held against each other."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def pair(self, process: int, uid: int, key: int) -> tuple[float, float]:
        return keyed.uniform_pair(self.seed, process, uid, key)

    def uniform(self, process: int, uid: int, key: int) -> float:
        return keyed.uniform(self.seed, process, uid, key)

    def normal(self, process: int, uid: int, key: int) -> float:
        return keyed.normal(self.seed, process, uid, key)

    def child(self, parent: int, quarter: int, ordinal: int) -> tuple[int, float]:
        uid = keyed.child_uid(parent, quarter, ordinal)
        return uid, keyed.uniform(0, keyed.RING, uid, 0)


def poisson(rate: float, u: float) -> int:
    """Poisson count by inversion; the normal approximation above a rate of 40."""
    if rate <= 0.0:
        return 0
    if rate > 40.0:
        z = NormalDist().inv_cdf(u)
        return max(0, math.floor(rate + z * math.sqrt(rate) + 0.5))
    term = total = math.exp(-rate)
    count = 0
    while u > total and count < 200:
        count += 1
        term *= rate / count
        total += term
    return count
