"""A world of a handful of organisations whose every figure is round: a bench for single phases."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.world.columns import (
    Awards,
    Cells,
    Moves,
    Organisations,
    Pots,
    Regions,
    Sectors,
    Supplies,
    Ties,
)
from sim.world.state import FIRM, RESEARCH, World

N_SECTORS = 2
#: £m a year for a researcher.
COST = 0.1


def small_world(columns: dict[str, Any], n_regions: int = 2, quarter: int = 8) -> World:
    """Organisations with the given columns; the others have the values of a quiet firm.

    Two sectors; 20 minutes inside a region and 60 between two; a researcher costs £0.1m a year.
    Rows must come by region; the ring is theirs, in the order of rows inside a region.
    """
    n = len(columns["region"])
    o = Organisations.empty(n)
    o.uid[:] = np.arange(1, n + 1)
    o.kind[:] = FIRM
    o.institution[:] = o.parent[:] = -1
    o.ring[:] = (np.arange(n) + 0.5) / n
    o.weight[:] = 1.0
    o.is_research_active[:] = True
    o.born[:] = -40
    o.jobs[:] = 10.0
    o.gva[:] = 1.0
    o.productivity[:] = o.base_productivity[:] = np.log(0.1)
    o.base_jobs[:] = 10.0
    o.knowledge[:] = o.base_knowledge[:] = 1.0
    o.experience[:] = 1.0
    o.horizon[:] = 8.0
    o.credibility[:] = 1.0
    o.project_length[:] = o.portfolio_length[:] = o.portfolio_quality[:] = 1.0
    for name, values in columns.items():
        getattr(o, name)[:] = values
    travel = np.full((n_regions, n_regions), 60.0)
    np.fill_diagonal(travel, 20.0)
    return World(
        seed=5,
        quarter=quarter,
        organisations=o,
        ties=Ties.empty(),
        supplies=Supplies.empty(),
        moves=Moves.empty(),
        awards=Awards.empty(),
        pots=Pots.empty(1),
        regions=_regions(n_regions),
        cells=_cells(n_regions),
        sectors=_sectors(),
        travel=travel,
        relatedness=np.array([[1.0, 0.5], [0.5, 1.0]]),
        sector_x=np.zeros(N_SECTORS),
        sector_y=np.zeros(N_SECTORS),
        researcher_cost=np.full(3, COST),
    )


def _regions(n: int) -> Regions:
    regions = Regions.empty(n)
    regions.is_north[:] = True
    regions.population[:] = 1000.0
    regions.need[:] = 1.0
    regions.wage[:] = regions.tightness_start[:] = 1.0
    regions.background_jobs[:] = regions.background_jobs_start[:] = 1000.0
    regions.background_gva_per_job[:] = 0.05
    regions.jobs_start[:] = 1000.0
    regions.density_start[:] = regions.density[:] = 1000.0
    regions.place_capital[:] = regions.place_capital_start[:] = 100.0
    regions.skilled_pool[:] = regions.skilled_pool_usual[:] = 100.0
    regions.bid_capacity[:] = regions.bid_capacity_start[:] = 1.0
    regions.bids_usual[:] = 1.0
    return regions


def _cells(n: int) -> Cells:
    cells = Cells.empty(n, (N_SECTORS,))
    cells.pool[:] = 10.0
    cells.base_quotient[:] = cells.base_variety[:] = 1.0
    cells.base_births[:] = 1.0
    cells.entrant_weight[:] = 1.0
    cells.entrant_jobs[:] = 3.0
    cells.productivity_start[:] = np.log(0.1)
    return cells


def _sectors() -> Sectors:
    sectors = Sectors.empty(N_SECTORS)
    sectors.birth_rate[:] = sectors.death_rate[:] = 0.1
    sectors.hazard_level[:] = 1.0
    sectors.median_jobs[:] = 10.0
    sectors.mean_productivity[:] = np.log(0.1)
    sectors.demand[:] = 10.0
    sectors.at_hand_start[:] = 10.0
    sectors.rd_intensity[:] = 0.1
    return sectors


def add_awards(world: World, rows: list[int], **columns: Any) -> None:
    """Research awards of £1m a quarter to these rows, for quarters 0–40 unless told otherwise."""
    n = len(rows)
    at = np.array(rows, np.int64)
    values: dict[str, Any] = {
        "uid": np.arange(1, n + 1),
        "holder": world.organisations.uid[at],
        "holder_row": at,
        "lead": world.organisations.uid[at],
        "purpose": np.full(n, RESEARCH),
        "weight": world.organisations.weight[at],
        "payment": np.ones(n),
        "paid": np.ones(n),
        "end": np.full(n, 40),
        "length": np.full(n, 40),
        "idea": np.full(n, -1),
    }
    values |= {name: np.broadcast_to(v, n) for name, v in columns.items()}
    world.awards.append(values)
