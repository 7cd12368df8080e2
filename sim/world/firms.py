"""Firms at the start: size, productivity, age and research of every row, drawn by stratum."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.parameters import QUARTERS_PER_YEAR
from sim.world import sources, targets
from sim.world.population import Population
from sim.world.state import FIRM
from sim.world.strata import EDGES, LARGE, Strata, draw_strata

Vector = NDArray[np.float64]
Counts = NDArray[np.int64]

#: Survivors of a hundred births after 0–5 years: UK cohort of 2012 [69].
SURVIVAL = (1.0, 0.91, 0.74, 0.59, 0.50, 0.43)
#: Age below which no firm of the band is found, years.
YOUNGEST = np.array([0.0, 0.0, 3.0, 10.0])
OLDEST = 80

# Ordinals of the draws of one organisation under luck.BUILD, in the upper bits of the quarter.
SIZE, PRODUCTIVITY, AGE, IS_ACTIVE, INTENSITY, POSITION_X, POSITION_Y = (k << 32 for k in range(7))


def draw_firms(seed: int, population: Population, first_uid: int) -> dict[str, NDArray[Any]]:
    """Columns of the rows of firms; identities count up from ``first_uid`` in build order.

    The weighted sums of jobs, GVA and research meet the targets exactly.
    """
    strata = draw_strata(population)
    of = np.repeat(np.arange(len(strata.rows)), strata.rows)
    uid = first_uid + np.arange(len(of), dtype=np.int64)
    region, sector = strata.region[of], strata.sector[of]
    weight = (strata.firms / strata.rows)[of]
    jobs = _sizes(seed, uid, strata, of, population.tail_index)
    z = luck.normals(seed, luck.BUILD, uid, PRODUCTIVITY)
    productivity = population.productivity_spread * jobs**-0.1 * z
    raw = weight * jobs * np.exp(productivity)
    cell = region * strata.gva.shape[1] + sector
    value = np.bincount(cell, raw, strata.gva.size)
    productivity += np.log(strata.gva.ravel()[cell] / value[cell])
    gva = jobs * np.exp(productivity)
    active = _is_active(seed, uid, strata.research[of], sector)
    _add_active(active, region, weight * gva, population)
    return {
        "uid": uid,
        "kind": np.full(len(uid), FIRM),
        "region": region,
        "sector": sector,
        "institution": np.full(len(uid), -1),
        "weight": weight,
        "born": -_age(seed, uid, sector, strata.last[of]),
        "jobs": jobs,
        "productivity": productivity,
        "gva": gva,
        "is_research_active": active,
        "rd_intensity": _intensity(seed, uid, active, region, sector, weight * gva, population),
    }


def _sizes(seed: int, uid: Counts, strata: Strata, of: Counts, index: float) -> Vector:
    """Jobs of each row: stratified draws from the band's Pareto, moved to the stratum's mean.

    The move is linear towards the nearer edge, so that no firm leaves its band.
    """
    first_row = np.cumsum(strata.rows) - strata.rows
    ordinal = np.arange(len(of)) - first_row[of]
    u = (ordinal + luck.uniforms(seed, luck.BUILD, uid, SIZE)) / strata.rows[of]
    low, high = EDGES[strata.first], EDGES[strata.last + 1]
    x = low[of] * (1.0 - u * (1.0 - (low / high) ** index)[of]) ** (-1.0 / index)
    wanted = strata.jobs / strata.firms
    mean = np.bincount(of, x) / strata.rows
    down = wanted <= mean
    edge = np.where(down, low, np.where(strata.last == LARGE, low, high))
    stretch = (wanted - edge) / (mean - edge)
    sizes: Vector = edge[of] + (x - edge[of]) * stretch[of]
    return sizes


def _age(seed: int, uid: Counts, sector: Counts, band: Counts) -> Counts:
    """Age in quarters, from the survival of a stationary population.

    The share younger than a year is the sector's birth rate; the hazard after the fifth year is
    what makes it so. Medium and large firms are drawn from the older part.
    """
    rates = np.array([s.birth_rate for s in sources.sectors()])
    young = np.array(SURVIVAL)
    hazard = np.clip(young[-1] / (1.0 / rates - young[:-1].sum()), 0.01, 0.3)
    years = np.arange(OLDEST + 1)
    later = young[-1] * (1.0 - hazard[:, None]) ** (years[None, :] - 5)
    alive = np.where(years < 5, np.append(young, np.zeros(OLDEST - 5))[None, :], later)
    cumulative = np.cumsum(alive, axis=1)
    cumulative /= cumulative[:, -1:]
    u = luck.uniforms(seed, luck.BUILD, uid, AGE)
    age = np.empty(len(uid))
    for s in range(len(rates)):
        mine = sector == s
        edges = np.append(0.0, cumulative[s])
        floor = np.interp(YOUNGEST, np.arange(OLDEST + 2), edges)[band[mine]]
        age[mine] = np.interp(floor + u[mine] * (1.0 - floor), edges, np.arange(OLDEST + 2))
    return np.maximum(np.floor(QUARTERS_PER_YEAR * age), 1).astype(np.int64)


def _is_active(seed: int, uid: Counts, chance: Vector, sector: Counts) -> NDArray[np.bool_]:
    """Whether a firm does research: the band's odds × the sector's intensity against the mean."""
    intensity = np.array([s.rd_intensity for s in sources.sectors()])
    odds = (intensity / np.average(intensity, weights=targets.sector_jobs()))[sector]
    p = chance * odds / (1.0 - chance + chance * odds)
    active: NDArray[np.bool_] = luck.uniforms(seed, luck.BUILD, uid, IS_ACTIVE) < p
    return active


def _add_active(
    active: NDArray[np.bool_], region: Counts, value: Vector, population: Population
) -> None:
    """With few rows luck may leave too few to hold a region's research: its largest join them."""
    target = targets.business_research(
        population.background_research_share, population.identical_regions
    )
    for r in range(len(target)):
        mine = np.flatnonzero(region == r)
        able = population.most_research * float(value[mine[active[mine]]].sum())
        for row in mine[np.argsort(-value[mine], kind="stable")]:
            if able >= 1.2 * target[r]:
                break
            if not active[row]:
                active[row] = True
                able += population.most_research * float(value[row])


def _intensity(
    seed: int,
    uid: Counts,
    active: NDArray[np.bool_],
    region: Counts,
    sector: Counts,
    value: Vector,
    population: Population,
) -> Vector:
    """Research as a share of GVA, so that every region meets its BERD less the background."""
    usual = np.array([s.rd_intensity for s in sources.sectors()])[sector]
    z = luck.normals(seed, luck.BUILD, uid, INTENSITY)
    shape = np.where(active, usual * np.exp(population.research_spread * z), 0.0)
    target = targets.business_research(
        population.background_research_share, population.identical_regions
    )
    out = np.zeros(len(uid))
    for r in range(len(target)):
        mine = np.flatnonzero((region == r) & active)
        out[mine] = _fill(shape[mine], value[mine], target[r], population.most_research)
    return out


def _fill(shape: Vector, value: Vector, target: float, most: float) -> Vector:
    """``min(most, k · shape)`` with k such that the sum over ``value`` is ``target``.

    Where even ``most`` everywhere is too little, all are raised alike.
    """
    if most * value.sum() <= target:
        return np.full(len(value), target / value.sum())
    low, high = 0.0, most / shape.min()
    for _ in range(100):
        middle = 0.5 * (low + high)
        if np.sum(value * np.minimum(most, middle * shape)) > target:
            high = middle
        else:
            low = middle
    filled = np.minimum(most, low * shape)
    result: Vector = filled * (target / np.sum(value * filled))
    return result
