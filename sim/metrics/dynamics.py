"""How firms grow, and how unequal they are: shapes that the literature on firm growth reports.

Pure functions of arrays. ``weight`` is the number of real firms in a row, so that every share and
moment is of real firms.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Codes = NDArray[np.int64]


def weighted_quantile(values: Vector, weights: Vector, part: float) -> float:
    """The value below which ``part`` of the weight lies."""
    if len(values) == 0:
        return float("nan")
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, part * reached[-1])])


def within_groups(values: Vector, groups: Codes, weights: Vector) -> Vector:
    """Values less the weighted mean of their group, of any shape of codes from zero."""
    total = np.bincount(groups, weights)
    mean = np.bincount(groups, weights * values) / np.maximum(total, 1e-300)
    result: Vector = values - mean[groups]
    return result


def slope(y: Vector, x: Vector, groups: Codes, weights: Vector) -> float:
    """Weighted least squares of ``y`` on ``x`` with an intercept for each group."""
    x_free, y_free = within_groups(x, groups, weights), within_groups(y, groups, weights)
    spread = float(np.sum(weights * x_free * x_free))
    if spread <= 1e-12 * float(weights.sum()):
        return float("nan")
    return float(np.sum(weights * x_free * y_free) / spread)


def subbotin_shape(growth: Vector, weights: Vector) -> float:
    """Shape b of the exponential-power density ∝ exp(−|x/a|^b / b), by maximum likelihood.

    2 is Gaussian, 1 is Laplace, the tent of Stanley et al. (1996); Bottazzi & Secchi (2006). The
    centre is the median. Exact zeros, which are firms that did nothing, count as all others.
    """
    if len(growth) == 0:
        return float("nan")
    size = np.abs(growth - weighted_quantile(growth, weights, 0.5))
    part = weights / weights.sum()
    shapes = np.arange(0.3, 3.01, 0.02)
    cost = []
    for b in shapes:
        moment = float(np.sum(part * size**b))
        if moment <= 0.0:
            return float("nan")
        cost.append(
            math.log(2.0) + (math.log(b) + math.log(moment)) / b + math.lgamma(1.0 + 1.0 / b)
        )
        cost[-1] += 1.0 / b
    return float(shapes[int(np.argmin(cost))])


def size_variance_exponent(growth: Vector, jobs: Vector, weights: Vector) -> float:
    """β of σ(growth) ∝ size^−β over bins that double in size (Stanley et al. 1996).

    Bins with fewer than thirty rows are left out; each other bin counts alike, as in the source.
    """
    bins = np.floor(np.log2(np.maximum(jobs, 1e-9))).astype(np.int64)
    x, y = [], []
    for one in np.unique(bins):
        here = bins == one
        if here.sum() < 30:
            continue
        part = weights[here] / weights[here].sum()
        centred = growth[here] - np.sum(part * growth[here])
        x.append(float(np.sum(part * np.log(jobs[here]))))
        y.append(0.5 * math.log(max(float(np.sum(part * centred**2)), 1e-300)))
    if len(x) < 3:
        return float("nan")
    return -float(np.polyfit(x, y, 1)[0])


def quantile_ratio(values: Vector, groups: Codes, weights: Vector) -> float:
    """90/10 ratio inside a group, median over the groups."""
    ratios = []
    for one in np.unique(groups):
        here = groups == one
        low = weighted_quantile(values[here], weights[here], 0.1)
        ratios.append(weighted_quantile(values[here], weights[here], 0.9) / low)
    return float(np.median(ratios)) if ratios else float("nan")


def localised(
    counts: Vector, travel: Vector, minutes: float, draws: int = 500, seed: int = 1
) -> NDArray[np.bool_]:
    """Whether the firms of each sector lie closer than dice would throw them (sectors,).

    The test of Duranton & Overman (2005) on areas instead of addresses. ``counts`` (areas,
    sectors) are firms and ``travel`` (areas, areas) minutes. The statistic is the share of pairs
    of firms within ``minutes`` of each other, both in one area included; its control throws as
    many firms over the areas as all firms lie. Localised: above 95 of 100 throws.
    """
    near = (travel <= minutes) | np.eye(len(travel), dtype=bool)
    every = counts.sum(axis=1) / counts.sum()
    dice = np.random.default_rng(seed)
    result = np.zeros(counts.shape[1], np.bool_)
    for s in range(counts.shape[1]):
        n = round(float(counts[:, s].sum()))
        if n < 2:
            continue
        share = counts[:, s] / counts[:, s].sum()
        thrown = dice.multinomial(n, every, draws) / n
        control = np.einsum("da,ab,db->d", thrown, near, thrown)
        result[s] = share @ near @ share > np.quantile(control, 0.95)
    return result


def power_law_exponent(degree: Vector, part: float = 0.2) -> float:
    """Exponent of the upper ``part`` of a degree distribution, by maximum likelihood.

    1 + n / Σ ln(k / (k_min − ½)) for whole numbers k ≥ k_min (Clauset, Shalizi & Newman 2009).
    """
    used = degree[degree > 0]
    if len(used) < 20:
        return float("nan")
    least = max(float(np.quantile(used, 1.0 - part)), 2.0)
    tail = used[used >= least]
    return float(1.0 + len(tail) / np.sum(np.log(tail / (least - 0.5))))


def skewness(values: Vector) -> float:
    """Third standardised moment."""
    spread = float(values.std()) if len(values) else 0.0
    if spread <= 0.0:
        return float("nan")
    return float(np.mean(((values - values.mean()) / spread) ** 3))
