"""Exits: firms end by age, size, productivity and cash."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.kernel import kernel
from sim.quarter.turn_over.assumptions import TurnOverAssumptions
from sim.world.state import FIRM, World

#: Largest yearly hazard of any firm.
MOST = 0.9


@kernel
def doomed(
    seed,
    quarter,
    uid,
    kind,
    sector,
    born,
    jobs,
    better,
    cash,
    gva,
    is_active,
    closure,
    hazard_by_year,
    hazard_older,
    level,
    size_exponent,
    response,
    cash_response,
    innovator,
    gone,
):
    """Whether each firm ends this quarter.

    Yearly hazard ``h(age) · level_s · (jobs / 10)^−0.2 · exp(−γ (ln A − mean))``, times e^ζ
    without cash, and a multiple for firms that do research. Young firms follow the hump of the
    cohort tables [69]; size and the sector's level matter once they are established.
    """
    # Most firms are spared by a bound on their hazard, so that the powers and exponentials are
    # worked out for one in ten: half of the time of this kernel.
    most_by_size = (0.5 / 10.0) ** size_exponent  # the exponent is at most zero
    most_by_cash = math.exp(max(cash_response, 0.0))
    luck_of, _ = luck.uniform_pairs(seed, luck.EXIT, uid, quarter)
    for i in range(uid.shape[0]):
        gone[i] = False
        if kind[i] != 0:
            continue
        if closure[i] > 0.9:
            gone[i] = True
            continue
        u = luck_of[i]
        age = (quarter - born[i]) // 4
        s = sector[i]
        is_young = age < hazard_by_year.shape[0]
        hazard = hazard_by_year[max(age, 0)] if is_young else hazard_older * level[s]
        x = -response * better[i]
        if x < 0.9:
            # e^x is at most 1 / (1 − x).
            bound = hazard * max(innovator, 1.0) / (1.0 - x)
            if not is_young:
                bound *= most_by_size
            if cash[i] < 0.0:
                bound *= most_by_cash
            alive = (1.0 - u) * (1.0 - u)
            if 1.0 - bound > alive * alive + 1e-9:
                continue
        if not is_young:
            hazard *= (max(jobs[i], 0.5) / 10.0) ** size_exponent
        hazard *= math.exp(x)
        if cash[i] < 0.0:
            hazard *= math.exp(cash_response * min(1.0, -cash[i] / max(0.1 * gva[i], 1e-9)))
        if is_active[i]:
            hazard *= innovator
        hazard = min(hazard, MOST)
        gone[i] = u < 1.0 - (1.0 - hazard) ** 0.25


@kernel
def above_start(kind, region, sector, productivity, start, above):
    """Log productivity of each firm above the start's of its place and sector; 0 for the others."""
    for i in range(kind.shape[0]):
        above[i] = productivity[i] - start[region[i], sector[i]] if kind[i] == FIRM else 0.0


@kernel
def sum_by_sector(sector, kind, weight, value, total, count):
    """Sum of ``weight · value`` and of weights over the firms of each sector."""
    total[:] = 0.0
    count[:] = 0.0
    for i in range(sector.shape[0]):
        if kind[i] == FIRM:
            total[sector[i]] += weight[i] * value[i]
            count[sector[i]] += weight[i]


class Standing(NamedTuple):
    """How firms stand against what firms have become, in logs of productivity.

    ``risen`` (sectors,) is the rise since the start; ``better`` (organisations,) is what each firm
    has above the usual of its place and sector, and means nothing for the others. Exits and
    entries of a quarter share it.
    """

    risen: NDArray[np.float64]
    better: NDArray[np.float64]


def standing(world: World, response: float) -> Standing:
    """Where every firm stands this quarter; ``response`` is that of exits.

    The log productivity of the nation's firms has risen since the start by R (sectors,):
    ``e^(−γ R) = mean of e^(−γ (ln A − start of the place))``, with γ the ``response`` of exits.
    Firms are held against what firms have become, so that a general rise saves nobody, and who
    ends depends on productivity while how many end does not.
    """
    o, sectors = world.organisations, world.sectors
    n = len(sectors)
    above = np.empty(len(o))
    start = world.cells.productivity_start
    above_start(o.kind, o.region, o.sector, o.productivity, start, above)
    total, firms = np.empty(n), np.empty(n)
    value = above if response == 0.0 else np.exp(-response * above)
    sum_by_sector(o.sector, o.kind, o.weight, value, total, firms)
    mean = total / np.maximum(firms, 1e-12)
    if response != 0.0:
        mean = -np.log(np.where(mean > 0.0, mean, 1.0)) / response
    risen = mean - sectors.firm_level_start
    return Standing(risen, above - risen[o.sector])


def hazard_by_year(assumptions: TurnOverAssumptions) -> NDArray[np.float64]:
    """Yearly exit hazard of the first five years of life."""
    return np.array(
        [
            assumptions.hazard_year_1,
            assumptions.hazard_year_2,
            assumptions.hazard_year_3,
            assumptions.hazard_year_4,
            assumptions.hazard_year_5,
        ]
    )


@kernel
def bury(gone, region, sector, weight, jobs, researchers, deaths, deaths_value, released):
    """Firms and jobs that end, by region and sector, and research staff that is released."""
    deaths[:] = 0.0
    deaths_value[:] = 0.0
    released[:] = 0.0
    for i in range(gone.shape[0]):
        if gone[i]:
            deaths[region[i], sector[i]] += weight[i]
            deaths_value[region[i], sector[i]] += weight[i] * jobs[i]
            released[region[i]] += weight[i] * researchers[i]


def exits(world: World, assumptions: TurnOverAssumptions, stand: Standing) -> NDArray[np.bool_]:
    """Whether each organisation ends this quarter; what ends with it is noted by place."""
    o, cells, regions = world.organisations, world.cells, world.regions
    gone = np.empty(len(o), np.bool_)
    doomed(
        world.seed,
        world.quarter,
        o.uid,
        o.kind,
        o.sector,
        o.born,
        o.jobs,
        stand.better,
        o.cash,
        o.gva,
        o.is_research_active,
        o.closure,
        hazard_by_year(assumptions),
        assumptions.hazard_older,
        world.sectors.hazard_level,
        assumptions.size_exponent,
        assumptions.productivity_response,
        assumptions.cash_response,
        assumptions.innovator_hazard,
        gone,
    )
    bury(
        gone,
        o.region,
        o.sector,
        o.weight,
        o.jobs,
        o.researchers,
        cells.deaths,
        cells.deaths_value,
        regions.pool_released,
    )
    regions.pool_released *= 1.0 - assumptions.leave_after_exit
    return gone


def set_hazard_level(world: World, assumptions: TurnOverAssumptions) -> None:
    """Set the level of each sector's hazard so that its deaths meet the data at the start."""
    o, cells, sectors = world.organisations, world.cells, world.sectors
    n = len(sectors)
    firm = o.kind == FIRM
    jobs = np.where(firm, o.weight * o.jobs, 0.0)
    shape = cells.pool.shape
    total, value = np.zeros(shape), np.zeros(shape)
    np.add.at(total, (o.region, o.sector), jobs)
    np.add.at(value, (o.region, o.sector), jobs * o.productivity)
    cells.productivity_start[:] = np.where(
        total > 0.0, value / np.maximum(total, 1e-12), sectors.mean_productivity[None, :]
    )
    sectors.firm_level_start[:] = 0.0
    sectors.firm_level_start[:] = standing(world, assumptions.productivity_response).risen
    age = (world.quarter - o.born) // 4
    young = hazard_by_year(assumptions)
    better = standing(world, assumptions.productivity_response).better
    factor = np.exp(-assumptions.productivity_response * better)
    factor *= np.where(o.is_research_active, assumptions.innovator_hazard, 1.0)
    is_young = firm & (age < len(young))
    old = firm & ~is_young
    base = np.where(
        is_young,
        young[np.clip(age, 0, len(young) - 1)],
        assumptions.hazard_older * (np.maximum(o.jobs, 0.5) / 10.0) ** assumptions.size_exponent,
    )
    hazard = base * factor
    from_young = np.bincount(o.sector[is_young], _deaths(o.weight, hazard)[is_young], n)
    firms = np.bincount(o.sector[firm], o.weight[firm], n)
    wanted = np.maximum(sectors.death_rate * firms - from_young, 0.2 * sectors.death_rate * firms)
    sectors.hazard_level[:] = 1.0
    for _ in range(8):
        dying = _deaths(o.weight, hazard * sectors.hazard_level[o.sector])
        from_old = np.bincount(o.sector[old], dying[old], n)
        sectors.hazard_level[:] *= wanted / np.maximum(from_old, 1e-12)


def _deaths(weight: NDArray[np.float64], hazard: NDArray[np.float64]) -> NDArray[np.float64]:
    """Deaths a year where exits are made good, from a yearly hazard that strikes each quarter."""
    return np.asarray(weight * 4.0 * (1.0 - (1.0 - np.minimum(hazard, 0.9)) ** 0.25))
