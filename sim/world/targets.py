"""What the population must add up to: jobs, GVA, firms and research by region and sector.

Industry codes that several sectors list are counted once: see ``sources.own_share``.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from sim.world import identical, sources
from sim.world.sources import DataError

Matrix = NDArray[np.float64]


@cache
def sector_jobs() -> Matrix:
    """Jobs of every sector in the nation, each counted once (sectors,)."""
    return np.array([s.jobs for s in sources.sectors()]) * sources.own_share()


@cache
def jobs(is_identical: bool = False) -> Matrix:
    """Jobs by region and sector: location quotient × share of all jobs × the sector's jobs.

    Scaled so that the regions add up to the sector's jobs (regions, sectors). ``is_identical``
    spreads those of the North evenly over its regions, here and below.
    """
    total = np.array([r.jobs for r in sources.regions()])
    raw = sources.location_quotients() * (total / total.sum())[:, None]
    target: Matrix = raw / raw.sum(axis=0) * sector_jobs()
    if np.any(target.sum(axis=1) >= total):
        worst = sources.regions()[int(np.argmax(target.sum(axis=1) - total))].id
        raise DataError(f"region_sector_lq.csv, row {worst}: the sectors hold more than all jobs")
    return identical.evened(target, is_identical)


@cache
def gva(is_identical: bool = False) -> Matrix:
    """GVA by region and sector, £m a year: jobs × the sector's × the region's relative GVA per job.

    Scaled so that the regions add up to the sector's GVA (regions, sectors).
    """
    regions, sectors = sources.regions(), sources.sectors()
    total = np.array([r.jobs for r in regions])
    level = np.array([r.gva_per_job for r in regions])
    relative = level / (np.sum(level * total) / np.sum(total))
    per_job = np.array([s.gva_per_job for s in sectors])
    raw = jobs() * per_job * relative[:, None]
    target: Matrix = raw / raw.sum(axis=0) * (sector_jobs() * per_job)
    over = target.sum(axis=1) >= np.array([r.gva for r in regions])
    if np.any(over):
        worst = regions[int(np.argmax(over))].id
        raise DataError(
            f"regions.csv, row {worst}, column gva_2021_m: below the GVA of the sectors"
        )
    return identical.evened(target, is_identical)


@cache
def firms() -> Matrix:
    """Real firms by sector and size band (sectors, 4)."""
    counts = np.array([s.firms for s in sources.sectors()]) * sources.own_share()
    by_band: Matrix = counts[:, None] * np.array([s.bands for s in sources.sectors()])
    return by_band


def business_research(background_share: float, is_identical: bool = False) -> Matrix:
    """Research of the sectors' firms by region, £m a year: BERD less the background (regions,)."""
    berd = np.array([r.berd for r in identical.regions(is_identical)])
    return berd * (1.0 - background_share)


def rake(start: Matrix, rows: Matrix, columns: Matrix) -> Matrix:
    """Iterative proportional fitting: ``start``, scaled by rows and columns to meet both sums.

    Cells that are zero stay zero. Raises ``ValueError`` when no scaling of the others can do it.
    """
    fitted = start.copy()
    for _ in range(2000):
        fitted *= (columns / np.maximum(fitted.sum(axis=0), 1e-300))[None, :]
        error = rows / np.maximum(fitted.sum(axis=1), 1e-300)
        fitted *= error[:, None]
        if np.max(np.abs(fitted.sum(axis=0) / columns - 1.0)) < 1e-9:
            return fitted
    raise ValueError("no population with so few rows meets both the regions' and sectors' totals")
