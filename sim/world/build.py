"""The world at quarter 0, drawn from the data.

Firms are rows with a weight; laboratories, catapults and national centres are real ones. Jobs and
GVA by region and sector meet the data exactly, business research meets each region's BERD less
the background, and university research its HERD (``world/check.py`` lists every margin).
Everything else starts in the steady state that the incomes of the start would keep.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.parameters import per_quarter
from sim.world import identical, sources
from sim.world.columns import Awards, Moves, Organisations, Pots, Supplies, Ties
from sim.world.firms import POSITION_X, POSITION_Y, draw_firms
from sim.world.institutions import draw_institutions
from sim.world.links import initial_supplies, initial_ties, pull
from sim.world.places import base_cells, base_regions, base_sectors, sector_positions
from sim.world.population import Population
from sim.world.state import FIRM, World

__all__ = ["Population", "build_world"]

#: Cost of a researcher in a firm, a laboratory and a catapult, £m a year.
RESEARCHER_COST = (0.12, 0.10, 0.12)
#: Experience that a team keeps when its staff retire at the usual rate.
EXPERIENCE = 0.95
#: Decay of knowledge [45] and of past results, per year, for the steady state of the start.
DEPRECIATION, MEMORY_OF_RESULTS = 0.15, 0.2
#: £m of innovations from a £m of completed work.
INNOVATION_SHARE = 0.5
#: Length of work in progress by kind of organisation, years.
PROJECT_LENGTH = np.array([1.0, 1.5, 1.5])
#: Spread of organisations around their sector, cognitive distance.
POSITION_SPREAD = 0.15


def build_world(
    seed: int,
    population: Population,
    researcher_cost: tuple[float, float, float] = RESEARCHER_COST,
) -> World:
    """The state at the start of quarter 0 (awards and pots are empty).

    ``researcher_cost`` is by kind of organisation, £m a year. The same seed and population give
    the same world to the bit; an identity means the same region, sector and size band under every
    seed. Raises ``DataError`` where a packaged table is broken.
    """
    institutions = draw_institutions(population, researcher_cost)
    n = len(institutions["uid"])
    firms = draw_firms(seed, population, n + 1)
    columns = _join(institutions, firms)
    ring = luck.uniforms(0, luck.RING, columns["uid"], 0)
    order = np.lexsort((ring, columns["region"]))
    organisations = Organisations.empty(len(order))
    for name, values in {**columns, "ring": ring}.items():
        getattr(organisations, name)[:] = values[order]
    cost = np.array(researcher_cost)
    x, y = sector_positions()
    _furnish(seed, organisations, cost, x, y)
    travel = identical.travel_minutes(population.identical_regions).copy()
    relatedness = sources.relatedness().copy()
    near = pull(travel, relatedness)
    ties, supplies = Ties.empty(), Supplies.empty()
    ties.append(initial_ties(seed, organisations, near, population.tie_degree))
    supplies.append(initial_supplies(seed, organisations, near))
    for end in (ties.source_row, ties.target_row):
        organisations.degree += np.bincount(end, minlength=len(order))
    return World(
        seed=seed,
        quarter=0,
        organisations=organisations,
        ties=ties,
        supplies=supplies,
        moves=Moves.empty(),
        awards=Awards.empty(),
        pots=Pots.empty(),
        regions=base_regions(organisations, population),
        cells=base_cells(organisations, relatedness, population),
        sectors=base_sectors(organisations),
        travel=travel,
        relatedness=relatedness,
        sector_x=x,
        sector_y=y,
        researcher_cost=cost,
    )


def _join(a: dict[str, NDArray[Any]], b: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Rows of ``a``, then of ``b``; a column that one lacks is zero there."""
    n, m = len(a["uid"]), len(b["uid"])
    return {
        name: np.concatenate([a.get(name, np.zeros(n)), b.get(name, np.zeros(m))])
        for name in {**a, **b}
    }


def _furnish(
    seed: int,
    o: Organisations,
    cost: NDArray[np.float64],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
) -> None:
    """Staff, knowledge, work and money of every row, in the steady state of its income."""
    is_firm = o.kind == FIRM
    o.parent[:] = -1
    o.own_rd[:] = np.where(is_firm, o.gva * o.rd_intensity / 4.0, 0.0)
    o.spending[:] = o.own_rd + o.base_income
    o.researchers[:] = 4.0 * o.spending / cost[o.kind]
    o.desired_researchers[:] = o.researchers
    o.experience[:] = np.where(o.is_research_active, EXPERIENCE, 0.7)
    o.effort[:] = o.spending * o.experience
    o.usual_scale[:] = o.effort
    o.project_length[:] = PROJECT_LENGTH[o.kind]
    o.portfolio_length[:] = o.project_length
    o.portfolio_quality[:] = 1.0
    o.work_in_progress[:] = o.effort * (4.0 * o.project_length - 1.0)
    o.cumulative_value[:] = INNOVATION_SHARE * o.effort / per_quarter(MEMORY_OF_RESULTS)
    # Firms without research know something too; what matters is only their growth on it.
    idle = 0.02 * o.gva
    o.knowledge[:] = np.where(
        o.is_research_active, o.effort / per_quarter(DEPRECIATION), np.maximum(idle, 1e-6)
    )
    o.base_knowledge[:] = o.knowledge
    o.base_productivity[:] = o.productivity
    o.base_jobs[:] = o.jobs
    o.credibility[:] = 0.7
    o.continuation[:] = 0.4
    o.horizon[:] = 4.0
    # Laboratories hold two months of spending [76]; firms the buffer that they want.
    o.cash[:] = np.where(is_firm, 0.15 * o.gva, 4.0 * o.spending * 2.0 / 12.0)
    for position, centre, ordinal in ((o.position_x, x, POSITION_X), (o.position_y, y, POSITION_Y)):
        z = luck.normals(seed, luck.BUILD, o.uid, ordinal)
        position[:] = centre[o.sector] + POSITION_SPREAD * z
