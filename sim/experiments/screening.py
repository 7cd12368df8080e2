"""Morris's screening: which of many factors move an outcome, told from what luck alone does.

From a random start each trajectory changes one coordinate after the other, so that every factor has
one *elementary effect* in it: the change of the outcome, per whole range of the factor. SALib lays
out the trajectories and gives μ (mean effect), μ* (mean size) and σ (how much effects differ).

In a model with luck μ* is never zero: a factor that does nothing but shuffle whom luck strikes has
effects too, on which the runs of a point do not agree. So the *noise floor* of a factor is the size
up to which its μ* comes (95th percentile) by as much as its runs disagree. Whether a factor is told
from noise is decided on ranks of the effects, as one run in which a giant firm fails drowns all
others: by their direction over all runs (Wilcoxon's test) or, for a factor that works now up and
now down, by whether the runs of a trajectory agree beyond what signs drawn by lot give. The smaller
p of the two counts twice, and is corrected for the number of factors (Benjamini and Hochberg).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.experiments.points import Setting, whole
from sim.experiments.statistics import Estimate, Vector, estimate

LEVELS, FLOOR = 4, 0.95
#: Of the whole range, what each step of a trajectory goes.
STEP = LEVELS / (2 * (LEVELS - 1))
#: Share of the told factors that are told by luck, at the most and in expectation.
FALSE_SHARE = 0.10
_LOTS = 4999
#: Signs that are in memory at a time.
_BLOCK = 1_000_000


@dataclass(frozen=True)
class Effects:
    """Elementary effects in every trajectory and run, per whole range.

    ``sizes`` are (trajectories, coordinates, runs); the estimates are of μ, μ* and σ with the
    half-width of μ*'s 95 % interval, by coordinate; ``floor`` and ``p`` as told above.
    """

    sizes: Vector
    mu: Vector
    mu_star: Vector
    mu_star_conf: Vector
    sigma: Vector
    floor: Vector
    p: Vector

    @cached_property
    def q(self) -> Vector:
        """Smallest share of false findings at which each coordinate is told; luck is no finding."""
        from scipy.stats import false_discovery_control

        adjusted = np.asarray(false_discovery_control(self.p[:-1]), np.float64)
        return np.append(adjusted, np.nan)

    @property
    def is_told(self) -> NDArray[np.bool_]:
        """Whether each coordinate is told from noise; of luck, never."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.q <= FALSE_SHARE, np.bool_)


@dataclass(frozen=True)
class Screening:
    """Trajectories that were lived to their end.

    ``points`` (trajectories · (coordinates + 1), coordinates) and ``levels`` (the same points,
    runs, 2) in the order of the trajectories; ``planned`` is how many were asked for.
    """

    setting: Setting
    points: Vector
    levels: Vector
    planned: int

    @property
    def n_trajectories(self) -> int:
        """Trajectories that are complete."""
        return int(len(self.points) // (self.points.shape[1] + 1))

    @cached_property
    def differences(self) -> Vector:
        """First minus second at every point (points, runs)."""
        found: Vector = self.levels[..., 0] - self.levels[..., 1]
        return found

    @cached_property
    def of_difference(self) -> Effects:
        """Effects on the difference of the two scenarios."""
        return effects(self.points, self.differences)

    @cached_property
    def of_level(self) -> Effects:
        """Effects on the level of the first scenario."""
        return effects(self.points, self.levels[..., 0])

    @cached_property
    def overall(self) -> Estimate:
        """The difference over the ranges: mean over trajectories with its 90 % t interval."""
        by_trajectory = self.differences.reshape(self.n_trajectories, -1).mean(axis=1)
        return estimate(by_trajectory)

    @cached_property
    def share_first_ahead(self) -> float:
        """Share of points at which the first is ahead in the mean of the point's runs."""
        return float(np.mean(self.differences.mean(axis=1) > 0))


def trajectories(n_coordinates: int, n: int, seed: int) -> Vector:
    """``n`` trajectories through the unit cube (n · (coordinates + 1), coordinates)."""
    from SALib.sample import morris

    found: Vector = morris.sample(unit_problem(n_coordinates), n, num_levels=LEVELS, seed=seed)
    return found


def screened(setting: Setting, points: Vector, levels: Vector) -> Screening:
    """The trajectories of which every point has a value in every run."""
    return Screening(setting, *whole(points, levels, points.shape[1] + 1))


def effects(points: Vector, values: Vector) -> Effects:
    """Of ``values`` (points, runs): SALib's measures, and each coordinate's floor and p."""
    from SALib.analyze import morris

    sizes = elementary(points, values)
    n = points.shape[1]
    found: dict[str, Any] = morris.analyze(
        unit_problem(n), points, values.mean(axis=1), num_levels=LEVELS, seed=0
    )
    rng = np.random.default_rng(0)
    p = _by_lot(sizes, rng)
    mu, mu_star, conf, sigma = (
        np.asarray(found[key], np.float64) for key in ("mu", "mu_star", "mu_star_conf", "sigma")
    )
    return Effects(sizes, mu, mu_star, conf, sigma, _floors(sizes, rng), p)


def elementary(points: Vector, values: Vector) -> Vector:
    """Change of ``values`` (points, runs) per unit of the coordinate that a step changes.

    The result is (trajectories, coordinates, runs).
    """
    n = points.shape[1]
    places = points.reshape(-1, n + 1, n)
    steps = np.diff(places, axis=1)  # one coordinate differs in each
    changes = np.diff(values.reshape(len(places), n + 1, -1), axis=1)
    which = np.abs(steps).argmax(axis=2)
    length = np.take_along_axis(steps, which[..., None], axis=2)
    found = np.empty_like(changes)
    np.put_along_axis(found, which[..., None], changes / length, axis=1)
    return found


def _floors(sizes: Vector, rng: np.random.Generator) -> Vector:
    """Of each coordinate: mean size, at its 95th percentile, of errors of the mean over runs.

    The error of a trajectory is normal, as wide as its runs differ: s / √n over its ``sizes``
    (trajectories, coordinates, runs), without the bias that s has where runs are few.
    """
    from scipy.special import gammaln

    n = sizes.shape[2]
    bias = np.sqrt(2.0 / (n - 1)) * np.exp(gammaln(0.5 * n) - gammaln(0.5 * (n - 1)))
    width = sizes.std(axis=2, ddof=1) / (bias * np.sqrt(n))
    freedom = len(sizes) * (n - 1)  # how well the widths are known, all together
    drawn = np.abs(rng.standard_normal((_LOTS, len(sizes))))
    drawn *= np.sqrt(freedom / rng.chisquare(freedom, (_LOTS, 1)))
    found: Vector = np.quantile(drawn @ width / len(sizes), FLOOR, axis=0)
    return found


def _by_lot(sizes: Vector, rng: np.random.Generator) -> Vector:
    """p by ranks of each coordinate's ``sizes`` (trajectories, coordinates, runs)."""
    ranks = [_ranked(sizes[:, k]) for k in range(sizes.shape[1])]
    agreed = [_agreement(one) - 1e-9 for one in ranks]
    strengths = [np.abs(one) for one in ranks]
    n_above = np.ones(len(ranks))
    for signs in _signs(ranks[0].shape, rng):
        n_above += [
            np.sum(_agreement(signs * one) >= least)
            for one, least in zip(strengths, agreed, strict=True)
        ]
    by_sign = n_above / (1 + _LOTS)
    directed = np.array([_directed(sizes[:, k]) for k in range(len(ranks))])
    p: Vector = np.minimum(1.0, 2.0 * np.minimum(by_sign, directed))
    return p


def _signs(shape: tuple[int, ...], rng: np.random.Generator) -> Iterator[Vector]:
    """±1 by lot (lots, …), as many as fit into memory at a time; the blocks change no sign."""
    size = max(1, _BLOCK // math.prod(shape))
    for begin in range(0, _LOTS, size):
        drawn = rng.integers(0, 2, (min(size, _LOTS - begin), *shape))
        yield (2 * drawn - 1).astype(np.float64)


def _ranked(sizes: Vector) -> Vector:
    """Ranks of the magnitudes, with the signs of the sizes."""
    from scipy.stats import rankdata

    found: Vector = np.sign(sizes) * rankdata(np.abs(sizes)).reshape(sizes.shape)
    return found


def _agreement(ranks: Vector) -> Vector:
    """How much the runs of a trajectory agree, of ranks (…, trajectories, runs)."""
    found: Vector = np.abs(ranks.mean(axis=-1)).mean(axis=-1)
    return found


def _directed(sizes: Vector) -> float:
    """p of the direction over all runs; 1 where nothing has a size."""
    from scipy.stats import wilcoxon

    if not sizes.any():
        return 1.0
    return float(wilcoxon(sizes.ravel(), zero_method="zsplit").pvalue)


def unit_problem(n: int) -> dict[str, Any]:
    """SALib's words for the unit cube."""
    return {"num_vars": n, "names": [f"x{k}" for k in range(n)], "bounds": [[0.0, 1.0]] * n}
