"""Sobol's indices: how much of the variance of a difference each factor brings, luck among them.

Luck is one more coordinate, of other seeds. Its total index is what a factor would have that did
nothing but shuffle luck: a factor counts as acting by itself where its first-order index surely is
above nothing, and as acting with others where its total surely is above that of luck.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.experiments.points import Setting, whole
from sim.experiments.screening import unit_problem
from sim.experiments.statistics import LEVEL, Vector


@dataclass(frozen=True)
class Shares:
    """First-order and total indices by coordinate, luck the last, each with its half-width.

    The intervals hold for all coordinates at once (Bonferroni at 90 %).
    """

    first: Vector
    first_conf: Vector
    total: Vector
    total_conf: Vector

    @property
    def acts_alone(self) -> NDArray[np.bool_]:
        """Whether the first-order index surely is above nothing."""
        return np.asarray(self.first > self.first_conf, np.bool_)

    @property
    def acts_with_others(self) -> NDArray[np.bool_]:
        """Whether the total index surely is above that of luck; of luck itself, never."""
        low, luck = self.total - self.total_conf, self.total[-1] + self.total_conf[-1]
        return np.asarray(low > luck, np.bool_)


@dataclass(frozen=True)
class Indices:
    """Groups of points that were lived to their end, each of coordinates + 2 points.

    ``points`` (groups · (coordinates + 2), coordinates) and ``levels`` (the same points, runs, 2);
    ``planned`` is the number of groups that was asked for.
    """

    setting: Setting
    points: Vector
    levels: Vector
    planned: int

    @property
    def n_groups(self) -> int:
        """Groups that are complete."""
        return int(len(self.points) // (self.points.shape[1] + 2))

    @cached_property
    def means(self) -> Vector:
        """First minus second, the mean over the runs of each point (points,)."""
        found: Vector = (self.levels[..., 0] - self.levels[..., 1]).mean(axis=1)
        return found

    @cached_property
    def shares(self) -> Shares:
        """Of the variance of ``means``."""
        from SALib.analyze import sobol

        n = self.points.shape[1]
        if not np.ptp(self.means):
            nothing = np.zeros(n)
            return Shares(nothing, nothing, nothing, nothing)
        # SALib takes 0 for no seed, and its intervals would be others each time.
        found: dict[str, Any] = sobol.analyze(
            unit_problem(n), self.means, calc_second_order=False, num_resamples=1000,
            conf_level=1.0 - (1.0 - LEVEL) / n, seed=1,
        )  # fmt: skip
        return Shares(*(np.asarray(found[key]) for key in ("S1", "S1_conf", "ST", "ST_conf")))


def groups_of_points(n_coordinates: int, n: int, seed: int) -> Vector:
    """``n`` groups, a power of two, in the unit cube (n · (coordinates + 2), coordinates)."""
    from SALib.sample import sobol

    found: Vector = sobol.sample(unit_problem(n_coordinates), n, calc_second_order=False, seed=seed)
    return found


def indexed(setting: Setting, points: Vector, levels: Vector) -> Indices:
    """The groups of which every point has a value in every run."""
    return Indices(setting, *whole(points, levels, points.shape[1] + 2))
