"""How concentrated the clusters are: over regions, over travel time, over organisations.

All are properties of an area and cost one pass over the organisations and tiny matrices after it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.metrics.metric import Metric, property_of
from sim.world.state import FIRM, World

Vector = NDArray[np.float64]


@kernel
def jobs_by_cell(kind, region, sector, weight, jobs, gva, spending, mask, sums, squares):
    """Fill ``sums`` (3, regions, sectors): jobs, GVA and research; ``squares`` (sectors,): Σ w·jobs².

    Jobs and GVA are of firms, research is of all; squares are of the firms in the ``mask`` of
    regions, for the Herfindahl index of plants.
    """
    for i in range(kind.shape[0]):
        r, s, w = region[i], sector[i], weight[i]
        sums[2, r, s] += w * spending[i]
        if kind[i] == FIRM:
            sums[0, r, s] += w * jobs[i]
            sums[1, r, s] += w * gva[i]
            if mask[r]:
                squares[s] += w * jobs[i] * jobs[i]


def ellison_glaeser(jobs: Vector, all_jobs: Vector, squares: Vector) -> Vector:
    """γ of each sector: (G / (1 − Σx²) − H) / (1 − H) (Ellison & Glaeser 1997, JPE 105).

    ``jobs`` (regions, sectors), ``all_jobs`` (regions,), ``squares`` (sectors,). G = Σ (s − x)²
    with s and x the regions' parts of the sector's and of all jobs; H is the Herfindahl index of
    its firms. Zero where firms are spread as dice would. NaN for a sector without jobs, or with
    one firm.
    """
    total = jobs.sum(axis=0)
    x = all_jobs / all_jobs.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        share = jobs / total
        plants = squares / total**2
        raw = np.sum((share - x[:, None]) ** 2, axis=0) / (1.0 - np.sum(x**2))
        gamma: Vector = (raw - plants) / (1.0 - plants)
    return np.where((total > 0.0) & (plants < 1.0 - 1e-12), gamma, np.nan)


def gini(values: Vector, weights: Vector) -> float:
    """Gini coefficient of ``values`` with ``weights``, by the area under the Lorenz curve."""
    total = float(np.sum(values * weights))
    if len(values) == 0 or total <= 0.0:
        return float("nan")
    order = np.argsort(values, kind="stable")
    part = (weights / weights.sum())[order]
    lorenz = np.cumsum((values * weights)[order]) / total
    before = np.concatenate([[0.0], lorenz[:-1]])
    return float(1.0 - np.sum(part * (lorenz + before)))


def theil(values: Vector, weights: Vector) -> float:
    """Theil's T: Σ p (x/μ) ln(x/μ), with p the weights' shares; 0 ln 0 = 0."""
    total = float(np.sum(values * weights))
    if len(values) == 0 or total <= 0.0:
        return float("nan")
    part = weights / weights.sum()
    relative = values * weights.sum() / total
    return float(np.sum(part * relative * np.log(np.maximum(relative, 1e-300))))


def density_elasticity(gva: Vector, jobs: Vector, density: Vector) -> float:
    """Slope of log GVA per job on log density over region × sector, within sectors.

    Least squares with a fixed effect for each sector, cells weighted by their jobs; to be held
    against the elasticity that the model was given [34, 35].
    """
    used = (jobs > 0.0) & (gva > 0.0) & (density > 0.0)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.where(used, np.log(gva / jobs), 0.0)
        x = np.where(used, np.log(density)[:, None], 0.0)
    w = np.where(used, jobs, 0.0)
    base = np.maximum(w.sum(axis=0), 1e-300)
    x = np.where(used, x - np.sum(w * x, axis=0) / base, 0.0)
    y = np.where(used, y - np.sum(w * y, axis=0) / base, 0.0)
    spread = float(np.sum(w * x * x))
    return float(np.sum(w * x * y) / spread) if spread > 1e-12 * w.sum() else float("nan")


def distance_ratio(jobs: Vector, travel: Vector) -> Vector:
    """Mean travel time between two jobs of a sector, against two jobs of any (sectors,).

    Below one: the sector is more concentrated in distance than the clusters together (the idea of
    Duranton & Overman 2005 [41], on pairs of regions).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share = jobs / jobs.sum(axis=0)
        every = jobs.sum(axis=1) / jobs.sum()
        result: Vector = np.sum(share * (travel @ share), axis=0) / (every @ travel @ every)
    return result


@kernel
def tail_begins(values, weights, part):
    """The largest value outside the tail that has the top ``part`` of the weight; NaN for none.

    Only values above zero count. Quickselect by weight (Hoare 1961): the values are not sorted,
    which takes 5 times as long as all else that is asked of a tail.
    """
    v, w = np.empty(values.shape[0]), np.empty(values.shape[0])
    n, total = 0, 0.0
    for i in range(values.shape[0]):
        if values[i] > 0.0 and weights[i] > 0.0:
            v[n], w[n] = values[i], weights[i]
            total += weights[i]
            n += 1
    wanted = part * total
    low, high, taken = 0, n, 0.0
    while low < high:
        pivot = v[low + (high - low) // 2]
        # Larger values come first, then those that equal the pivot from ``same``, then the rest.
        same, after, k = low, high, low
        above, equal = 0.0, 0.0
        while k < after:
            if v[k] > pivot:
                above += w[k]
                v[k], v[same] = v[same], v[k]
                w[k], w[same] = w[same], w[k]
                same += 1
                k += 1
            elif v[k] < pivot:
                after -= 1
                v[k], v[after] = v[after], v[k]
                w[k], w[after] = w[after], w[k]
            else:
                equal += w[k]
                k += 1
        if taken + above > wanted * (1.0 + 1e-12):
            high = same
        elif taken + above + equal > wanted * (1.0 + 1e-12):
            return pivot
        else:
            taken += above + equal
            low = after
    return np.nan


@kernel
def top_share(values, weights, part=0.1):
    """Share of the total that the top ``part`` of those with a value above zero hold."""
    begins = tail_begins(values, weights, part)
    total, above, weight, weight_above = 0.0, 0.0, 0.0, 0.0
    for i in range(values.shape[0]):
        if values[i] > 0.0:
            weight += weights[i]
            total += weights[i] * values[i]
            if values[i] > begins:
                weight_above += weights[i]
                above += weights[i] * values[i]
    if total <= 0.0:
        return np.nan
    if np.isnan(begins):
        return 1.0
    return (above + max(part * weight - weight_above, 0.0) * begins) / total


@kernel
def hill(values, weights, part=0.05):
    """Hill's estimate of the tail exponent of sizes over the top ``part`` [Axtell 1.06].

    1 / mean of ln(x / x_min), where x_min is the largest value outside the tail. The row in which
    the tail begins counts with the part of its weight that is in it.
    """
    begins = tail_begins(values, weights, part)
    weight, logs = 0.0, 0.0
    for i in range(values.shape[0]):
        if values[i] > 0.0:
            weight += weights[i]
            if values[i] > begins and weights[i] > 0.0:
                logs += weights[i] * math.log(values[i] / begins)
    mean = logs / (part * weight) if part * weight > 0.0 else 0.0
    return 1.0 / mean if mean > 1e-12 else np.nan


def _with_mean(by_sector: Vector) -> Vector:
    """Sectors, and their mean as the value for all of them."""
    known = by_sector[~np.isnan(by_sector)]
    return np.append(by_sector, known.mean() if len(known) else np.nan)


def measure(world: World, mask: NDArray[np.bool_]) -> dict[str, Any]:
    """Every index of concentration of the regions in ``mask``."""
    o, r = world.organisations, world.regions
    sums = np.zeros((3, *world.cells.pool.shape))
    squares = np.zeros(sums.shape[2])
    jobs_by_cell(
        o.kind, o.region, o.sector, o.weight, o.jobs, o.gva, o.spending, mask, sums, squares
    )
    jobs, gva, research = sums[:, mask]
    all_jobs = r.background_jobs[mask] + jobs.sum(axis=1)
    cluster_jobs, population = jobs.sum(axis=1), r.population[mask]
    a_head = gva.sum(axis=1) / population
    even = np.ones(len(population))
    by_region = research.sum(axis=1)
    weight = np.where(mask[o.region], o.weight, 0.0)
    weight_of_firms = np.where(o.kind == FIRM, weight, 0.0)
    spent = by_region.sum()
    return {
        "ellison_glaeser": _with_mean(ellison_glaeser(jobs, all_jobs, squares)),
        "distance_ratio": _with_mean(distance_ratio(jobs, world.travel[np.ix_(mask, mask)])),
        "gini_gva_per_head": gini(a_head, population),
        "theil_gva_per_head": theil(a_head, population),
        "gini_jobs": gini(cluster_jobs, even),
        "theil_jobs": theil(cluster_jobs, even),
        "research_concentration": float(np.sum((by_region / spent) ** 2)) if spent else np.nan,
        "density_elasticity": density_elasticity(gva, jobs, r.density[mask]),
        "research_top_share": top_share(o.spending, weight),
        "value_top_share": top_share(o.cumulative_value, weight),
        "size_tail": hill(o.jobs, weight_of_firms),
    }


# One line a metric reads as the table that it is.
# ruff: noqa: E501
# fmt: off
METRICS: tuple[Metric, ...] = (
    property_of(measure, "ellison_glaeser", "index", "concentration of a sector beyond its firms' own; for all: mean of sectors"),
    property_of(measure, "distance_ratio", "ratio", "travel time between jobs of a sector against all cluster jobs; for all: mean of sectors"),
    property_of(measure, "gini_gva_per_head", "0–1", "inequality between regions of cluster value added a head"),
    property_of(measure, "theil_gva_per_head", "index", "the same by Theil's T, by population"),
    property_of(measure, "gini_jobs", "0–1", "inequality between regions of cluster jobs"),
    property_of(measure, "theil_jobs", "index", "the same by Theil's T"),
    property_of(measure, "research_concentration", "0–1", "Herfindahl index of research over regions"),
    property_of(measure, "density_elasticity", "elasticity", "of value added per job to density, re-estimated on the output"),
    property_of(measure, "research_top_share", "share", "research done by the top tenth of performers"),
    property_of(measure, "value_top_share", "share", "recent value of innovations held by the top tenth of innovators"),
    property_of(measure, "size_tail", "exponent", "tail of firm sizes: Hill's estimate over the top 5 %"),
)
