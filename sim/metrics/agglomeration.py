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
from sim.metrics.tails import hill, top_share
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


@kernel
def ellison_glaeser(jobs, all_jobs, squares):
    """γ of each sector: (G / (1 − Σx²) − H) / (1 − H) (Ellison & Glaeser 1997, JPE 105).

    ``jobs`` (regions, sectors), ``all_jobs`` (regions,), ``squares`` (sectors,). G = Σ (s − x)²
    with s and x the regions' parts of the sector's and of all jobs; H is the Herfindahl index of
    its firms. Zero where firms are spread as dice would. NaN for a sector without jobs, or with
    one firm.
    """
    n_regions, n_sectors = jobs.shape
    x = all_jobs / all_jobs.sum()
    evenness = 1.0 - np.sum(x * x)
    gamma = np.full(n_sectors, np.nan)
    for s in range(n_sectors):
        total = jobs[:, s].sum()
        plants = squares[s] / total**2 if total > 0.0 else 1.0
        if plants < 1.0 - 1e-12:
            apart = 0.0
            for r in range(n_regions):
                apart += (jobs[r, s] / total - x[r]) ** 2
            gamma[s] = (apart / evenness - plants) / (1.0 - plants)
    return gamma


@kernel
def gini(values, weights):
    """Gini coefficient of ``values`` with ``weights``, by the area under the Lorenz curve."""
    total = np.sum(values * weights)
    if total <= 0.0:
        return np.nan
    weight = weights.sum()
    before, area = 0.0, 0.0
    for i in np.argsort(values, kind="mergesort"):
        after = before + values[i] * weights[i] / total
        area += weights[i] / weight * (before + after)
        before = after
    return 1.0 - area


@kernel
def theil(values, weights):
    """Theil's T: Σ p (x/μ) ln(x/μ), with p the weights' shares; 0 ln 0 = 0."""
    total, weight = np.sum(values * weights), weights.sum()
    if total <= 0.0:
        return np.nan
    index = 0.0
    for i in range(values.shape[0]):
        relative = values[i] * weight / total
        index += weights[i] / weight * relative * math.log(max(relative, 1e-300))
    return index


@kernel
def density_elasticity(gva, jobs, density):
    """Slope of log GVA per job on log density over region × sector, within sectors.

    Least squares with a fixed effect for each sector, cells weighted by their jobs; to be held
    against the elasticity that the model was given [34, 35].
    """
    n_regions, n_sectors = jobs.shape
    xx, xy, all_weight = 0.0, 0.0, 0.0
    for s in range(n_sectors):
        weight, mean_x, mean_y = 0.0, 0.0, 0.0
        for r in range(n_regions):
            if jobs[r, s] > 0.0 and gva[r, s] > 0.0 and density[r] > 0.0:
                weight += jobs[r, s]
                mean_x += jobs[r, s] * math.log(density[r])
                mean_y += jobs[r, s] * math.log(gva[r, s] / jobs[r, s])
        if weight <= 0.0:
            continue
        mean_x /= weight
        mean_y /= weight
        for r in range(n_regions):
            if jobs[r, s] > 0.0 and gva[r, s] > 0.0 and density[r] > 0.0:
                x = math.log(density[r]) - mean_x
                xx += jobs[r, s] * x * x
                xy += jobs[r, s] * x * (math.log(gva[r, s] / jobs[r, s]) - mean_y)
        all_weight += weight
    return xy / xx if xx > 1e-12 * all_weight else np.nan


@kernel
def distance_ratio(jobs, travel):
    """Mean travel time between two jobs of a sector, against two jobs of any (sectors,).

    Below one: the sector is more concentrated in distance than the clusters together (the idea of
    Duranton & Overman 2005 [41], on pairs of regions).
    """
    n_regions, n_sectors = jobs.shape
    between = np.zeros(n_sectors + 1)
    total = np.zeros(n_sectors + 1)
    for a in range(n_regions):
        for s in range(n_sectors):
            total[s] += jobs[a, s]
        total[n_sectors] += jobs[a].sum()
        for b in range(n_regions):
            for s in range(n_sectors):
                between[s] += jobs[a, s] * travel[a, b] * jobs[b, s]
            between[n_sectors] += jobs[a].sum() * travel[a, b] * jobs[b].sum()
    ratio = np.full(n_sectors, np.nan)
    for s in range(n_sectors):
        if total[s] > 0.0 and between[n_sectors] > 0.0:
            mean = between[n_sectors] / total[n_sectors] ** 2
            ratio[s] = between[s] / total[s] ** 2 / mean
    return ratio


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
        "distance_ratio": _with_mean(distance_ratio(jobs, world.travel[mask][:, mask])),
        "gini_gva_per_head": gini(a_head, population),
        "theil_gva_per_head": theil(a_head, population),
        "gini_jobs": gini(cluster_jobs, even),
        "theil_jobs": theil(cluster_jobs, even),
        "research_concentration": float(np.sum((by_region / spent) ** 2)) if spent else np.nan,
        "density_elasticity": density_elasticity(gva, jobs, r.density[mask]),
        "research_top_share": top_share(o.spending, weight, 0.1),
        "value_top_share": top_share(o.cumulative_value, weight, 0.1),
        "size_tail": hill(o.jobs, weight_of_firms, 0.05),
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
