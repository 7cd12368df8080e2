"""Productivity follows knowledge and place: density, variety, suppliers, links to catapults."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.parameters import QUARTERS_PER_YEAR, per_quarter
from sim.quarter.trade.assumptions import TradeAssumptions
from sim.world.state import CATAPULT, FIRM, World


@kernel
def jobs_by_place(jobs, weight, kind, region, sector, sector_jobs, total_jobs):
    """Jobs by region and sector, and by region, from the organisations."""
    sector_jobs[:] = 0.0
    total_jobs[:] = 0.0
    for i in range(jobs.shape[0]):
        amount = jobs[i] * weight[i]
        total_jobs[region[i]] += amount
        if kind[i] == FIRM:
            sector_jobs[region[i], sector[i]] += amount


@kernel
def supplier_gain(supplier, buyer, gain, total, count):
    """Mean log gain in productivity of each firm's suppliers since the start."""
    total[:] = 0.0
    count[:] = 0.0
    for s in range(supplier.shape[0]):
        total[buyer[s]] += gain[supplier[s]]
        count[buyer[s]] += 1.0
    for i in range(total.shape[0]):
        if count[i] > 0.0:
            total[i] /= count[i]


@kernel
def links_to_catapults(source, target, works_until, kind, quarter, linked):
    """Whether a firm works with a catapult this quarter."""
    linked[:] = False
    for t in range(source.shape[0]):
        i, j = source[t], target[t]
        # Without a branch: a wrong guess of the processor costs more than the rest.
        works = works_until[t] > quarter
        linked[i] |= works & (kind[i] == FIRM) & (kind[j] == CATAPULT)
        linked[j] |= works & (kind[j] == FIRM) & (kind[i] == CATAPULT)


@kernel
def produce(
    kind,
    region,
    sector,
    base_productivity,
    knowledge,
    base_knowledge,
    place_term,
    frontier,
    suppliers,
    linked,
    knowledge_elasticity,
    supplier_elasticity,
    link_gain,
    most_link_gain,
    link_loss,
    speed,
    frontier_step,
    catapult_gain,
    productivity,
):
    """ln A follows ``base + frontier + β ln(K/K0) + place + suppliers + catapult`` at a speed.

    ``place_term`` (regions, sectors) is the sum of density, specialisation, related variety,
    place capital and congestion, each against the start.
    """
    for i in range(kind.shape[0]):
        if kind[i] != FIRM:
            continue
        if linked[i]:
            catapult_gain[i] = min(catapult_gain[i] + link_gain, most_link_gain)
        else:
            catapult_gain[i] *= 1.0 - link_loss
        s = sector[i]
        target = base_productivity[i] + frontier[s] + place_term[region[i], s]
        target += knowledge_elasticity * math.log(max(knowledge[i], 1e-12) / base_knowledge[i])
        target += supplier_elasticity * suppliers[i] + catapult_gain[i]
        productivity[i] += frontier_step + speed * (target - productivity[i] - frontier_step)


@kernel
def density(travel, jobs, decay):
    """D_r = Σ_k E_k (t_rk / t_rr)^−α: jobs within reach of each region."""
    found = np.zeros(jobs.shape[0])
    for r in range(jobs.shape[0]):
        for k in range(jobs.shape[0]):
            found[r] += jobs[k] * (travel[r, k] / travel[r, r]) ** -decay
    return found


@kernel
def variety(relatedness, sector_jobs):
    """Jobs in related other sectors, per job of the region's clusters (regions, sectors)."""
    found = np.zeros_like(sector_jobs)
    for r in range(sector_jobs.shape[0]):
        total = max(sector_jobs[r].sum(), 1e-9)
        for s in range(sector_jobs.shape[1]):
            for other in range(sector_jobs.shape[1]):
                if other != s:
                    found[r, s] += sector_jobs[r, other] * relatedness[other, s]
            found[r, s] = max(found[r, s] / total, 1e-9)
    return found


@kernel
def quotient(sector_jobs, all_jobs):
    """Location quotient of each region and sector, against the nation; floor 0.01."""
    found = np.empty_like(sector_jobs)
    everybody = all_jobs.sum()
    for s in range(sector_jobs.shape[1]):
        national = max(sector_jobs[:, s].sum() / everybody, 1e-12)
        for r in range(sector_jobs.shape[0]):
            found[r, s] = max(sector_jobs[r, s] / all_jobs[r] / national, 1e-2)
    return found


@kernel
def place_term(
    sector_jobs,
    all_jobs,
    density_now,
    density_start,
    relatedness,
    base_quotient,
    base_variety,
    place_capital,
    place_capital_start,
    congestion,
    density_elasticity,
    specialisation_elasticity,
    variety_elasticity,
    capital_elasticity,
):
    """What the place adds to log productivity since the start (regions, sectors).

    ``ε_s ln(D/D0) + specialisation ln(LQ/LQ0) + variety ln(V/V0) + place_capital ln(P/P0)
    − congestion``, with ε ``density_elasticity`` (sectors,).
    """
    term = np.empty_like(sector_jobs)
    specialised, related = quotient(sector_jobs, all_jobs), variety(relatedness, sector_jobs)
    for r in range(term.shape[0]):
        dense = math.log(density_now[r] / density_start[r])
        capital = math.log(place_capital[r] / place_capital_start[r])
        of_region = capital_elasticity * capital - congestion[r]
        for s in range(term.shape[1]):
            term[r, s] = (
                density_elasticity[s] * dense
                + specialisation_elasticity * math.log(specialised[r, s] / base_quotient[r, s])
                + variety_elasticity * math.log(related[r, s] / base_variety[r, s])
                + of_region
            )
    return term


def effects_of_place(world: World, assumptions: TradeAssumptions) -> NDArray[np.float64]:
    """What the place adds to log productivity since the start, by region and sector."""
    o, regions, cells = world.organisations, world.regions, world.cells
    sector_jobs = np.empty(cells.pool.shape)
    jobs = np.empty(len(regions))
    jobs_by_place(o.jobs, o.weight, o.kind, o.region, o.sector, sector_jobs, jobs)
    all_jobs = jobs + regions.background_jobs
    regions.density[:] = density(world.travel, all_jobs, assumptions.density_decay)
    term: NDArray[np.float64] = place_term(
        sector_jobs,
        all_jobs,
        regions.density,
        regions.density_start,
        world.relatedness,
        cells.base_quotient,
        cells.base_variety,
        regions.place_capital,
        regions.place_capital_start,
        regions.congestion,
        np.where(
            world.sectors.is_service,
            assumptions.density_elasticity_services,
            assumptions.density_elasticity,
        ),
        assumptions.specialisation_elasticity,
        assumptions.variety_elasticity,
        assumptions.place_capital_elasticity,
    )
    _local_multiplier(world, sector_jobs.sum(axis=1), assumptions)
    return term


def _local_multiplier(
    world: World, cluster_jobs: NDArray[np.float64], assumptions: TradeAssumptions
) -> None:
    regions = world.regions
    induced = assumptions.local_multiplier * (cluster_jobs - regions.cluster_jobs_start)
    target = regions.background_jobs_start + induced
    regions.background_jobs += per_quarter(assumptions.multiplier_speed) * (
        target - regions.background_jobs
    )


def follow_knowledge(world: World, assumptions: TradeAssumptions) -> NDArray[np.float64]:
    """Move productivity towards what knowledge and place allow.

    Returns each organisation's gain in log productivity beyond the shared frontier.
    """
    o, sectors, t = world.organisations, world.sectors, world.ties
    n = len(o)
    step = assumptions.frontier_growth / QUARTERS_PER_YEAR
    sectors.frontier += step
    term = effects_of_place(world, assumptions)
    suppliers, count = np.empty(n), np.empty(n)
    gain = o.productivity - o.base_productivity - sectors.frontier[o.sector]
    supplier_gain(world.supplies.supplier_row, world.supplies.buyer_row, gain, suppliers, count)
    linked = np.empty(n, np.bool_)
    links_to_catapults(t.source_row, t.target_row, t.works_until, o.kind, world.quarter, linked)
    before = o.productivity.copy()
    produce(
        o.kind,
        o.region,
        o.sector,
        o.base_productivity,
        o.knowledge,
        o.base_knowledge,
        term,
        sectors.frontier,
        suppliers,
        linked,
        assumptions.knowledge_elasticity,
        assumptions.supplier_elasticity,
        assumptions.catapult_link / QUARTERS_PER_YEAR,
        assumptions.catapult_link * assumptions.catapult_years,
        per_quarter(assumptions.link_forgetting),
        per_quarter(assumptions.adoption_speed),
        step,
        o.catapult_gain,
        o.productivity,
    )
    gained: NDArray[np.float64] = o.productivity - before - step
    return gained


def set_reference(world: World, assumptions: TradeAssumptions) -> None:
    """Take the start as the reference of every effect of place."""
    o, regions, cells = world.organisations, world.regions, world.cells
    sector_jobs = np.empty(cells.pool.shape)
    jobs = np.empty(len(regions))
    jobs_by_place(o.jobs, o.weight, o.kind, o.region, o.sector, sector_jobs, jobs)
    all_jobs = jobs + regions.background_jobs
    regions.density_start[:] = density(world.travel, all_jobs, assumptions.density_decay)
    regions.density[:] = regions.density_start
    regions.place_capital_start[:] = regions.place_capital
    regions.cluster_jobs_start[:] = sector_jobs.sum(axis=1)
    cells.base_quotient[:] = quotient(sector_jobs, all_jobs)
    cells.base_variety[:] = variety(world.relatedness, sector_jobs)
