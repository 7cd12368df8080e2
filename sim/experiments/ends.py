"""One factor after the other to both ends of its range, all others as they are: what flips.

All points have the same seeds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from sim.experiments.points import Setting
from sim.experiments.statistics import LEVEL, Vector
from sim.experiments.verdict import Interval


class Flip(StrEnum):
    """Whether a factor alone turns the sign of the difference."""

    FLIPS = "flips the sign"
    MAY = "may flip the sign"
    KEEPS = "keeps the sign"
    UNSURE = "cannot be told"


@dataclass(frozen=True)
class Ends:
    """Differences (points, runs): with the factors as they are, then at the two ends of each.

    NaN where a point was not lived or is not sound.
    """

    setting: Setting
    differences: Vector

    @property
    def runs(self) -> int:
        """Runs of a point."""
        return int(self.differences.shape[1])

    @cached_property
    def intervals(self) -> list[Interval]:
        """Of every point, for all at once (Bonferroni at 90 %)."""
        level = 1.0 - (1.0 - LEVEL) / len(self.differences)
        return [Interval.of(one, level) for one in self.differences]

    @property
    def usual(self) -> Interval:
        """The difference with the factors as they are."""
        return self.intervals[0]

    def of(self, number: int) -> tuple[Interval, Interval]:
        """The difference at the low and at the high end of a factor."""
        return self.intervals[1 + 2 * number], self.intervals[2 + 2 * number]

    def flip(self, number: int) -> Flip:
        """What a factor alone does to the sign."""
        three = [self.usual, *self.of(number)]
        if any(one.low > 0 for one in three) and any(one.high < 0 for one in three):
            return Flip.FLIPS
        signs = {np.sign(one.mean) for one in three if np.isfinite(one.mean)}
        if len(signs) > 1:
            return Flip.MAY
        is_told = all(one.low > 0 for one in three) or all(one.high < 0 for one in three)
        return Flip.KEEPS if is_told else Flip.UNSURE


def end_points(n_factors: int) -> Vector:
    """All as it is, then each factor at 0 and at 1 (2 · factors + 1, factors + 1)."""
    found = np.full((2 * n_factors + 1, n_factors + 1), np.nan)
    found[:, -1] = 0.0
    for k in range(n_factors):
        found[1 + 2 * k, k], found[2 + 2 * k, k] = 0.0, 1.0
    return found
