"""A world that fits on a page: four organisations in three places, every figure a round one."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.metrics.history import History
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
from sim.world.state import CATAPULT, FIRM, LABORATORY, World

N_REGIONS, N_SECTORS = 13, 11
SOUTH = 11


def tiny_world(organisations: dict[str, Any], ties: list[tuple[int, int]] | None = None) -> World:
    """A world of the given organisations (columns; the rest zero) and ties between their rows.

    Every region has 1,000 people and 100 background jobs of £0.05m each; travel takes 20 minutes
    inside a region and 60 between two.
    """
    n = len(organisations["region"])
    o = Organisations.empty(n)
    o.uid[:] = np.arange(n)
    o.weight[:] = 1.0
    o.institution[:] = -1
    o.parent[:] = -1
    o.ring[:] = (np.arange(n) + 0.5) / n
    for name, values in organisations.items():
        getattr(o, name)[:] = values
    regions = Regions.empty(N_REGIONS)
    regions.is_north[:SOUTH] = True
    regions.population[:] = 1000.0
    regions.background_jobs[:] = 100.0
    regions.background_gva_per_job[:] = 0.05
    regions.wage[:] = 1.0
    regions.skilled_pool_usual[:] = 1.0
    regions.density[:] = 100.0
    travel = np.full((N_REGIONS, N_REGIONS), 60.0)
    np.fill_diagonal(travel, 20.0)
    world = World(
        seed=1,
        quarter=0,
        organisations=o,
        ties=Ties.empty(),
        supplies=Supplies.empty(),
        moves=Moves.empty(),
        awards=Awards.empty(),
        pots=Pots.empty(),
        regions=regions,
        cells=Cells.empty(N_REGIONS, (N_SECTORS,)),
        sectors=Sectors.empty(N_SECTORS),
        travel=travel,
        relatedness=np.eye(N_SECTORS),
        sector_x=np.zeros(N_SECTORS),
        sector_y=np.zeros(N_SECTORS),
        researcher_cost=np.array([0.12, 0.1, 0.12]),
    )
    if ties:
        ends = np.array(ties, np.int64)
        zeros = np.zeros(len(ties))
        world.ties.append(
            {
                "source": ends[:, 0],
                "target": ends[:, 1],
                "source_row": ends[:, 0],
                "target_row": ends[:, 1],
                "trust": zeros + 0.5,
                "formed": zeros,
                "spells": zeros + 1,
            }
        )
        o.degree[:] = np.bincount(ends.ravel(), minlength=n)
    return world


def four(**more: Any) -> World:
    """Two firms of sector 0 (regions 0 and 1), one laboratory of it (1), one catapult (south).

    The first firm stands for ten, of 5 jobs and £1m each; the second is one of 50 jobs and £2m.
    """
    columns: dict[str, Any] = {
        "kind": [FIRM, FIRM, LABORATORY, CATAPULT],
        "region": [0, 1, 1, SOUTH],
        "sector": [0, 0, 0, 1],
        "weight": [10.0, 1.0, 1.0, 1.0],
        "jobs": [5.0, 50.0, 20.0, 8.0],
        "gva": [1.0, 2.0, 0.0, 0.0],
        "researchers": [1.0, 10.0, 20.0, 5.0],
        "is_research_active": [False, True, True, True],
        "spending": [0.0, 0.3, 0.5, 0.15],
        "own_rd": [0.0, 0.2, 0.0, 0.0],
        "base_income": [0.0, 0.0, 0.4, 0.1],
        "grant_research": [0.0, 0.1, 0.05, 0.0],
        "grant_core": [0.0, 0.0, 0.02, 0.03],
        "promised": [0.0, 0.1, 0.17, 0.0],
        "is_in_gap": [False, False, True, False],
        "bid_effort": [0.0, 0.4, 0.8, 0.0],
        "n_bids": [0, 1, 2, 0],
        "credibility": [0.0, 0.5, 0.8, 1.0],
        **more,
    }
    return tiny_world(columns)


def observed(world: World) -> History:
    """The history of one year in which nothing moves."""
    history = History(1)
    history.start(world)
    for _ in range(4):
        world.quarter += 1
        history.observe(world)
    return history


def value(history: History, metric: str, area: str, sector: str = "all") -> float:
    """A metric at the end of that year."""
    return float(history.series(metric, area, sector)[1])
