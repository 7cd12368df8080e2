"""The history of a run: every metric, for every area and sector, at the end of every year."""

from __future__ import annotations

from collections import deque
from functools import cache

import numpy as np
from numpy.typing import NDArray

from sim.metrics import agglomeration, economy, funding, network
from sim.metrics.amounts import Flows, stocks_by_cell, stocks_by_region
from sim.metrics.metric import ALL, NORTH, UK, AreaFunction, Metric
from sim.metrics.sums import Amounts, Sums, is_sum
from sim.world import sources
from sim.world.columns import Pots
from sim.world.state import World

_QUARTERS_PER_YEAR = 4

METRICS: tuple[Metric, ...] = (
    *economy.METRICS,
    *funding.METRICS,
    *agglomeration.METRICS,
    *network.METRICS,
)
METRIC_NAMES = tuple(metric.name for metric in METRICS)
#: Money and counts in the accounts, cumulative but for balance and success rate.
POT_COLUMNS = tuple(c.name for c in Pots.columns() if c.dtype == "float64")

_LONGEST_LAG = max(metric.lag for metric in METRICS)
#: Metrics of amounts that ``Sums`` leaves out.
_OTHERS = tuple(m for m, one in enumerate(METRICS) if one.scope != "area" and not is_sum(one))

#: Functions of an area, each with the metrics that it finds, by their columns.
_OF_AREA: dict[AreaFunction, list[tuple[int, str]]] = {}
for _m, _one in enumerate(METRICS):
    if _one.of_area is not None:
        _OF_AREA.setdefault(_one.of_area, []).append((_m, _one.name))


class History:
    """Yearly record of one run.

    ``values`` has shape (years + 1, areas, sectors + 1, metrics): areas are the thirteen regions,
    ``north`` and ``uk``; the last sector is ``all``. Year 0 is the state at the start; its flows
    are those of the last year before, where that year was observed. NaN where a metric has no
    meaning: a region's metric in one sector, a property of an area in a region, a ratio to
    nothing. ``pots`` has shape (years + 1, pots, columns): the accounts at each year's end, with
    ``pot_programmes`` (pots,) as the row of the programme that each belongs to. Years after the
    start and before ``recorded_from`` are left out, where only the last ones are wanted.
    """

    metrics = METRICS
    pot_columns = POT_COLUMNS

    def __init__(self, years: int) -> None:
        self.years = years
        self.areas = (*(region.id for region in sources.regions()), NORTH, UK)
        self.sectors = (*(sector.id for sector in sources.sectors()), ALL)
        shape = (years + 1, len(self.areas), len(self.sectors), len(METRICS))
        self.values = np.full(shape, np.nan)
        self.pots = np.zeros((years + 1, 0, len(POT_COLUMNS)))
        self.pot_programmes = np.zeros(0, np.int64)
        self.year = 0
        self.is_started = False
        self.recorded_from = 0
        self._quarters = 0
        self._flows: Flows | None = None
        self._totals: deque[Amounts] = deque(maxlen=_LONGEST_LAG + 1)

    def start(self, world: World, before: History | None = None) -> None:
        """Record year 0, with the flows of the last year of ``before``, which led to it."""
        if before is not None and before._totals:
            self._totals = deque(before._totals, _LONGEST_LAG + 1)
        else:
            self._totals.append(self._totals_of(world, Flows(world), is_known=False))
        self.pots = np.full((self.years + 1, len(world.pots), len(POT_COLUMNS)), np.nan)
        self.pot_programmes = world.pots.programme.copy()
        self.is_started = True
        self._record(world)

    def observe(self, world: World) -> None:
        """Take note of the quarter that has just ended; every fourth closes a year.

        Before ``start`` only sums are kept, for the sake of the year that comes before year 0.
        """
        flows = self._flows or Flows(world)
        flows.add(world)
        self._quarters += 1
        self._flows = flows if self._quarters % _QUARTERS_PER_YEAR else None
        if self._flows is not None:
            return
        self._totals.append(self._totals_of(world, flows))
        if self.is_started:
            self.year += 1
            if self.year >= self.recorded_from:
                self._record(world)

    def series(self, metric: str, area: str = NORTH, sector: str = ALL) -> NDArray[np.float64]:
        """One metric over the years (years + 1,)."""
        at = self.areas.index(area), self.sectors.index(sector), METRIC_NAMES.index(metric)
        result: NDArray[np.float64] = self.values[:, at[0], at[1], at[2]]
        return result

    @staticmethod
    def _totals_of(world: World, flows: Flows, *, is_known: bool = True) -> Amounts:
        """Amounts by area and sector at a year's end; NaN for flows that are not known."""
        year = _summed(flows.by_cell(), flows.by_region())
        if not is_known:
            year.array[:] = np.nan
        stocks = _summed(stocks_by_cell(world), stocks_by_region(world))
        values = np.concatenate([year.array, stocks.array])
        return Amounts(year.names + stocks.names, _by_area(values, world.regions.is_north))

    def _record(self, world: World) -> None:
        totals, page = self._totals[-1], self.values[self.year]
        _sums(totals.names).fill(page, totals)
        for m in _OTHERS:
            lag = METRICS[m].lag
            earlier = self._totals[-1 - lag] if lag and len(self._totals) > lag else None
            page[:, :, m] = METRICS[m].value(totals, earlier)
        masks = {NORTH: world.regions.is_north, UK: np.ones_like(world.regions.is_north)}
        for area, mask in masks.items():
            self._record_area(world, mask, page[self.areas.index(area)])
        self.pots[self.year] = np.stack([getattr(world.pots, c) for c in POT_COLUMNS], axis=1)

    @staticmethod
    def _record_area(world: World, mask: NDArray[np.bool_], page: NDArray[np.float64]) -> None:
        """Fill ``page`` (sectors + 1, metrics) of one area with its properties."""
        for function, columns in _OF_AREA.items():
            found = function(world, mask)
            for m, name in columns:
                value = found[name]
                if isinstance(value, np.ndarray):
                    page[:, m] = value
                else:
                    page[-1, m] = value


@cache
def _sums(names: tuple[str, ...]) -> Sums:
    return Sums(METRICS, names)


def _summed(cells: Amounts, regions: dict[str, NDArray[np.float64]]) -> Amounts:
    """Amounts with the sum of sectors as the last one, by region.

    What is of a region alone has no value in a sector.
    """
    n, n_regions, n_sectors = cells.array.shape
    result = np.full((n + len(regions), n_regions, n_sectors + 1), np.nan)
    result[:n, :, :-1] = cells.array
    result[:n, :, -1] = cells.array.sum(axis=2)
    result[n:, :, -1] = list(regions.values())
    return Amounts(cells.names + tuple(regions), result)


def _by_area(amounts: NDArray[np.float64], is_north: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Amounts (any, regions, sectors + 1) with the North and the nation after the regions."""
    north = amounts[:, is_north].sum(axis=1, keepdims=True)
    nation = amounts.sum(axis=1, keepdims=True)
    return np.concatenate([amounts, north, nation], axis=1)
