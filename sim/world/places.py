"""Regions, cells and sectors at the start, and the place of sectors in knowledge space."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.parameters import per_quarter
from sim.world import identical, sources
from sim.world.columns import Cells, Organisations, Regions, Sectors
from sim.world.population import Population
from sim.world.state import FIRM

Vector = NDArray[np.float64]

#: Sectors with the stronger effect of density: digital and life sciences.
SERVICES = ("ai_digital", "ai_healthtech", "life_sciences", "life_sciences_infection")
#: Mean distance between two sectors in knowledge space.
SECTOR_DISTANCE = 0.8
#: Codified part of the £m of innovations from a £m of work, decay of the pool per year, and lags
#: of private and public results in years: the steady state of the start.
CODIFIED, POOL_DEPRECIATION, LAG_PRIVATE, LAG_PUBLIC = 0.3 * 0.5, 0.10, 1.5, 6.0
#: Jobs of a new firm against the median firm of its sector.
ENTRANT_SIZE = 0.35


def sector_positions() -> tuple[Vector, Vector]:
    """Sectors in two dimensions by classical scaling of 1 − relatedness (Torgerson 1952).

    Each axis points to where its farthest sector is, so that the result has one sign.
    """
    distance = 1.0 - sources.relatedness()
    n = len(distance)
    centre = np.eye(n) - 1.0 / n
    values, vectors = np.linalg.eigh(-0.5 * centre @ distance**2 @ centre)
    axes = vectors[:, ::-1][:, :2] * np.sqrt(np.maximum(values[::-1][:2], 0.0))
    axes *= np.sign(axes[np.argmax(np.abs(axes), axis=0), [0, 1]])
    apart = np.linalg.norm(axes[:, None, :] - axes[None, :, :], axis=2)
    axes *= SECTOR_DISTANCE / apart[np.triu_indices(n, 1)].mean()
    # Rounding hides the last bits, in which linear algebra libraries differ.
    axes = np.round(axes, 9)
    return axes[:, 0].copy(), axes[:, 1].copy()


def base_regions(o: Organisations, population: Population) -> Regions:
    """Regions, with the rest of the economy as what the organisations leave of all jobs and GVA."""
    rows = identical.regions(population.identical_regions)
    regions = Regions.empty(len(rows))

    def by_region(amount: Vector) -> Vector:
        return np.asarray(np.bincount(o.region, amount * o.weight, len(rows)), np.float64)

    is_firm = o.kind == FIRM
    persons = np.array([r.population for r in rows])
    gva = np.array([r.gva for r in rows])
    regions.population[:] = persons
    regions.is_north[:] = [r.is_north for r in rows]
    regions.need[:] = (gva.sum() / persons.sum()) / (gva / persons)
    regions.cluster_jobs_start[:] = by_region(np.where(is_firm, o.jobs, 0.0))
    regions.background_jobs_start[:] = np.array([r.jobs for r in rows]) - by_region(o.jobs)
    regions.background_jobs[:] = regions.background_jobs_start
    regions.background_gva_per_job[:] = (
        gva - by_region(np.where(is_firm, o.gva, 0.0))
    ) / regions.background_jobs_start
    for column in (regions.background_jobs_start, regions.background_gva_per_job):
        if np.any(column <= 0.0):
            worst = rows[int(np.argmin(column))].id
            raise sources.DataError(f"regions.csv, row {worst}: nothing is left for the background")
    regions.graduates[:] = population.graduates_per_million * np.array([r.herd for r in rows])
    regions.skilled_pool_usual[:] = population.pool_share * by_region(o.researchers)
    regions.skilled_pool[:] = regions.skilled_pool_usual
    regions.wage[:] = 1.0
    regions.place_capital[:] = population.place_capital_per_head * persons / 1e6
    regions.place_capital_start[:] = regions.place_capital
    regions.bid_capacity[:] = bid_capacity(persons)
    return regions


def bid_capacity(persons: Vector) -> Vector:
    """Practice in bidding at the start, by the size of a region; the mean is 1 (regions,)."""
    size = np.log(persons)
    capacity: Vector = np.exp(0.3 * (size - size.mean()) / size.std())
    capacity /= capacity.mean()
    return capacity


def base_cells(o: Organisations, relatedness: Vector, population: Population) -> Cells:
    """Cells, with the codified knowledge that the research of the start would keep."""
    regions, sectors = identical.regions(population.identical_regions), sources.sectors()
    shape = (len(regions), len(sectors))
    cells = Cells.empty(shape[0], (shape[1],))
    is_firm = o.kind == FIRM

    def by_cell(amount: Vector) -> Vector:
        code = o.region * shape[1] + o.sector
        return np.asarray(np.bincount(code, amount, shape[0] * shape[1]).reshape(shape), np.float64)

    private = CODIFIED * by_cell(np.where(is_firm, o.effort * o.weight, 0.0))
    public = CODIFIED * by_cell(np.where(is_firm, 0.0, o.effort * o.weight))
    cells.pool[:] = (private + public) / per_quarter(POOL_DEPRECIATION)
    for half in (cells.pending_private, cells.pending_private_late):
        half[:] = private * 4.0 * LAG_PRIVATE / 2.0
    for half in (cells.pending_public, cells.pending_public_late):
        half[:] = public * 4.0 * LAG_PUBLIC / 2.0
    jobs = by_cell(np.where(is_firm, o.jobs * o.weight, 0.0))
    total = np.array([r.jobs for r in regions])
    share = jobs / total[:, None] / (jobs.sum(axis=0) / total.sum())
    cells.base_quotient[:] = np.maximum(share, 1e-2)
    related = relatedness - np.diag(np.diag(relatedness))
    cells.base_variety[:] = np.maximum(jobs @ related / jobs.sum(axis=1, keepdims=True), 1e-9)
    firms = by_cell(np.where(is_firm, o.weight, 0.0))
    cells.base_births[:] = np.array([s.births_per_firm for s in sectors]) * firms
    small = np.where(is_firm & (o.jobs < 50.0), 1.0, 0.0)
    n_small, n_firms = by_cell(small), by_cell(np.where(is_firm, 1.0, 0.0))
    weight = np.where(
        n_small > 0.0,
        by_cell(small * o.weight) / np.maximum(n_small, 1.0),
        firms / np.maximum(n_firms, 1.0),
    )
    cells.entrant_weight[:] = np.maximum(weight, 1.0)
    cells.entrant_jobs[:] = np.maximum(ENTRANT_SIZE * median_jobs(o), 1.0)
    cells.base_attraction[:] = 1.0
    return cells


def median_jobs(o: Organisations) -> Vector:
    """Jobs of the median real firm of every sector (sectors,)."""
    out = []
    for s in range(len(sources.sectors())):
        mine = np.flatnonzero((o.kind == FIRM) & (o.sector == s))
        mine = mine[np.argsort(o.jobs[mine], kind="stable")]
        running = np.cumsum(o.weight[mine])
        out.append(o.jobs[mine[np.searchsorted(running, 0.5 * running[-1])]])
    return np.array(out)


def base_sectors(o: Organisations) -> Sectors:
    """Sectors: their demography, market and level of productivity."""
    rows = sources.sectors()
    sectors = Sectors.empty(len(rows))
    value = np.where(o.kind == FIRM, o.weight * o.gva, 0.0)
    staff = np.where(o.kind == FIRM, o.weight * o.jobs, 0.0)
    sectors.birth_rate[:] = [s.births_per_firm for s in rows]
    sectors.death_rate[:] = [s.deaths_per_firm for s in rows]
    sectors.hazard_level[:] = 1.0
    sectors.is_service[:] = [s.id in SERVICES for s in rows]
    sectors.median_jobs[:] = median_jobs(o)
    sectors.demand[:] = np.bincount(o.sector, value, len(rows))
    sectors.mean_productivity[:] = np.bincount(
        o.sector, staff * o.productivity, len(rows)
    ) / np.bincount(o.sector, staff, len(rows))
    return sectors
