"""The amounts: whatever may be summed over regions, sectors and the quarters of a year."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.metrics.sums import Amounts
from sim.metrics.tally import FLOWS, STOCKS, tally_flows, tally_stocks
from sim.world.state import FIRM, LABORATORY, World

#: Years after the end of its first year at which a tie is looked for again.
TIE_AGE = 2

TIES = np.dtype(
    [
        (name, np.float64)
        for name in (
            "ties",
            "ties_across_regions",
            "ties_across_sectors",
            "ties_firm_institution",
            "ties_repeated",
            "ties_brokered",
            "ties_new",
            "ties_kept",
            "brokered_new",
            "brokered_kept",
            "trust_sum",
        )
    ]
)

FLOWS_OF_REGIONS = (
    "place_grant",
    "place_broken",
    "place_bid_cost",
    "bids",
    "awards_won",
    "staff_left",
    "pool_hired",
    "migrated",
)


@kernel
def tally_ties(
    source, target, formed, spells, is_brokered, trust, kind, region, sector, quarter, kept_age, out
):
    """Add ties to ``out`` (regions, sectors): each end counts one half where it is.

    Ties are of rows and carry no weight. New ties began in the year that ends now; kept ones
    began in the year that ended ``kept_age`` years ago.
    """
    for t in range(source.shape[0]):
        i, j = source[t], target[t]
        age = quarter - formed[t]
        is_new = 0.5 * (age <= 4)
        is_kept = 0.5 * (4 * kept_age < age <= 4 * kept_age + 4)
        # Halves and zeros are added, and not asked for: a wrong guess of the processor costs more.
        for end in (i, j):
            cell = out[region[end], sector[end]]
            cell["ties"] += 0.5
            cell["trust_sum"] += 0.5 * trust[t]
            cell["ties_across_regions"] += 0.5 * (region[i] != region[j])
            cell["ties_across_sectors"] += 0.5 * (sector[i] != sector[j])
            cell["ties_firm_institution"] += 0.5 * ((kind[i] == FIRM) != (kind[j] == FIRM))
            cell["ties_repeated"] += 0.5 * (spells[t] > 1)
            cell["ties_new"] += is_new
            cell["ties_kept"] += is_kept
            cell["ties_brokered"] += 0.5 * is_brokered[t]
            cell["brokered_new"] += is_new * is_brokered[t]
            cell["brokered_kept"] += is_kept * is_brokered[t]


def _side_by_side(*tables: NDArray[Any], **more: NDArray[np.float64]) -> Amounts:
    """Amounts (regions, sectors) that tables have as fields, and more of them."""
    names = sum((table.dtype.names or () for table in tables), ())
    fields = [np.moveaxis(t.view(np.float64).reshape(*t.shape, -1), 2, 0) for t in tables]
    added = [one[None] for one in more.values()]
    return Amounts((*names, *more), np.concatenate(fields + added))


class Flows:
    """Flows of one quarter or more, as they add up in the places of ``world``."""

    def __init__(self, world: World) -> None:
        self._cells = np.zeros(world.cells.pool.shape, FLOWS)
        self._regions = np.zeros((len(FLOWS_OF_REGIONS), len(world.regions)))

    def add(self, world: World) -> None:
        """Add the quarter that has just ended."""
        add_flows(world, self._cells)
        self._regions += np.stack(flows_of_regions(world))

    def by_cell(self) -> Amounts:
        """What has a sector, each (regions, sectors)."""
        return _side_by_side(self._cells)

    def by_region(self) -> dict[str, NDArray[np.float64]]:
        """What has none, each (regions,)."""
        return dict(zip(FLOWS_OF_REGIONS, self._regions, strict=True))


def add_flows(world: World, out: NDArray[Any]) -> None:
    """Add the flows of the quarter that has just ended to ``out`` (regions, sectors)."""
    o, cells = world.organisations, world.cells
    # The ledger charges bids at the cost of a laboratory's staff, so the tally does too.
    bid_year_cost = world.researcher_cost[LABORATORY] * world.regions.wage
    tally_flows(
        o.kind,
        o.region,
        o.sector,
        o.weight,
        o.own_rd,
        o.base_income,
        o.spending,
        o.effort,
        o.inflow,
        o.innovations,
        o.innovation_value,
        o.grant_core,
        o.grant_research,
        o.grant_ties,
        o.promised,
        o.returned,
        o.is_in_gap,
        o.n_bids,
        o.bid_effort,
        o.hired,
        o.lost,
        o.knowledge_lost,
        bid_year_cost,
        out,
    )
    out["births"] += cells.births
    out["deaths"] += cells.deaths
    out["jobs_closed"] += cells.deaths_value


def stocks_by_cell(world: World) -> Amounts:
    """Stocks and ties at the start of the present quarter, each (regions, sectors)."""
    o, t = world.organisations, world.ties
    out = np.zeros(world.cells.pool.shape, STOCKS)
    tally_stocks(
        o.kind,
        o.region,
        o.sector,
        o.weight,
        o.born,
        o.is_research_active,
        o.jobs,
        o.gva,
        o.exports,
        o.researchers,
        o.knowledge,
        o.work_in_progress,
        o.cash,
        o.grant_core + o.grant_research + o.grant_ties,
        o.is_in_gap,
        o.degree,
        o.experience,
        o.credibility,
        o.continuation,
        o.horizon,
        o.project_length,
        world.quarter,
        out,
    )
    ties = np.zeros(world.cells.pool.shape, TIES)
    tally_ties(
        t.source_row,
        t.target_row,
        t.formed,
        t.spells,
        t.is_brokered,
        t.trust,
        o.kind,
        o.region,
        o.sector,
        world.quarter,
        TIE_AGE,
        ties,
    )
    return _side_by_side(out, ties, knowledge_pool=world.cells.pool)


def flows_of_regions(world: World) -> list[NDArray[np.float64]]:
    """``FLOWS_OF_REGIONS`` in the quarter that has just ended, each (regions,)."""
    r = world.regions
    return [
        r.place_grant,
        np.maximum(r.place_promised - r.place_grant, 0.0),
        r.place_bid_cost,
        r.n_bids,
        r.n_won,
        r.left_research,
        r.pool_hired,
        r.migrated,
    ]


def stocks_by_region(world: World) -> dict[str, NDArray[np.float64]]:
    """Stocks of regions, each (regions,); the means of an index need their weights beside them.

    The wage is weighted by the usual pool of skilled people, the others by population, so that
    the index of an area moves only when an index of its regions does.
    """
    r = world.regions
    return {
        "population": r.population,
        "background_jobs": r.background_jobs,
        "background_gva": r.background_jobs * r.background_gva_per_job,
        "skilled_pool": r.skilled_pool,
        "skilled_pool_usual": r.skilled_pool_usual,
        "place_capital": r.place_capital,
        "wage_sum": r.wage * r.skilled_pool_usual,
        "congestion_sum": r.congestion * r.population,
        "density_sum": r.density * r.population,
        "bid_capacity_sum": r.bid_capacity * r.population,
    }
