"""Case studies of clusters: what a pair of futures means for one sector in one place, and why.

The runs are those of a comparison of the whole North, so that one set of them serves every
cluster. A cluster is its sectors in its area; beside it stand the whole area, the other areas, the
comparators and the same sectors elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.experiments.comparison import Comparison
from sim.experiments.ensemble import Ensemble
from sim.experiments.milestones import contrasted
from sim.experiments.statistics import Vector
from sim.metrics.metric import ALL, UK
from sim.scenario import LoadedCluster
from sim.world import sources

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Measure:
    """Something measured of a cluster: a metric that adds up over sectors, or a ratio of two.

    ``is_over_years``: the mean of all years, and not the last year alone.
    """

    metric: str
    title: str
    of: str = ""
    per: str = ""
    is_over_years: bool = False


#: What a cluster gains or loses.
OUTCOMES = (
    Measure("gva", "value added"),
    Measure("jobs", "jobs"),
    Measure("knowledge", "knowledge"),
    Measure("firms", "firms"),
)
#: The chain from public money to value added, in the order in which one moves the next.
CHAIN = (
    Measure("public_received", "public money received", is_over_years=True),
    Measure("bid_cost", "cost of bids", is_over_years=True),
    Measure("gap_institutions", "laboratories and centres in a gap", is_over_years=True),
    Measure("staff_lost", "research staff lost", is_over_years=True),
    Measure("rd_performed", "research performed", is_over_years=True),
    Measure("knowledge", "knowledge"),
    Measure("innovation_value", "value of innovations", is_over_years=True),
    Measure("gva_per_job", "value added per job", "gva", "jobs"),
    Measure("gva", "value added"),
)
#: What the others gain or lose at the same time.
ELSEWHERE = (
    Measure("gva", "value added"),
    Measure("jobs", "jobs"),
    Measure("public_received", "public money received", is_over_years=True),
)
_METRICS = tuple(
    dict.fromkeys(
        name
        for one in (*OUTCOMES, *CHAIN, *ELSEWHERE)
        for name in ((one.of, one.per) if one.per else (one.metric,))
    )
)


@dataclass(frozen=True)
class Place:
    """Some sectors (or ``all``) of some areas, and the ``role`` that they play in a case study."""

    role: str
    areas: tuple[str, ...]
    sectors: tuple[str, ...] = (ALL,)


CLUSTER, AREA, OTHER, OTHERS = "cluster", "area", "other area", "other areas together"
COMPARATOR, NATION = "comparator", "nation"
SECTOR_OTHERS, SECTOR_COMPARATOR = "sector in the other areas", "sector in a comparator"


def places(loaded: LoadedCluster) -> list[Place]:
    """The cluster, its area, and everybody else."""
    area, sectors = loaded.cluster.area, loaded.cluster.sectors
    others = tuple(one.id for one in sources.regions() if one.is_north and one.id != area)
    far = tuple(one.id for one in sources.regions() if not one.is_north)
    return [
        Place(CLUSTER, (area,), sectors),
        Place(AREA, (area,)),
        *(Place(OTHER, (one,)) for one in others),
        Place(OTHERS, others),
        *(Place(COMPARATOR, (one,)) for one in far),
        Place(NATION, (UK,)),
        Place(SECTOR_OTHERS, others, sectors),
        *(Place(SECTOR_COMPARATOR, (one,), sectors) for one in far),
    ]


@dataclass
class ClusterStudy:
    """Case studies from the runs of one comparison."""

    comparison: Comparison
    clusters: tuple[LoadedCluster, ...]

    @property
    def ensemble(self) -> Ensemble:
        """The runs."""
        return self.comparison.ensemble

    @cached_property
    def warnings(self) -> list[str]:
        """What a reader must know before any result."""
        found = list(self.comparison.warnings)
        if len(self.clusters) > 1:
            found += [
                f"{one.cluster.title} has keys of its own (set), which are not in these runs: "
                f"study it by itself."
                for one in self.clusters
                if one.own
            ]
        return found

    @cached_property
    def table(self) -> pd.DataFrame:
        """Every paired difference: by cluster, ``part`` (outcomes, chain, elsewhere), place,
        metric and period, in the columns of ``Comparison.paired``."""
        import pandas as pd

        cube = self._cube()
        rows = [
            {"cluster": one.name, **row} for one in self.clusters for row in self._rows(one, cube)
        ]
        return pd.DataFrame(rows)

    def _cube(self) -> NDArray[np.float64]:
        """``Study.by_sector`` of what is needed, with the exact totals for all sectors."""
        names = [one.name for one in self.ensemble.metrics]
        cube = self.comparison.by_sector(_METRICS)
        totals = self.ensemble.totals
        cube[:, :, :, :, -1] = totals[..., [names.index(one) for one in _METRICS]]
        return cube

    def _rows(
        self, loaded: LoadedCluster, cube: NDArray[np.float64]
    ) -> Iterator[dict[str, object]]:
        last = self.ensemble.years
        for place in places(loaded):
            is_here = place.role in (CLUSTER, AREA)
            if is_here:
                for one in OUTCOMES:
                    for year in self.ensemble.milestones():
                        yield self._row("outcomes", place, one, cube, year)
            for one in CHAIN if is_here else ELSEWHERE:
                yield self._row("chain" if is_here else "elsewhere", place, one, cube, last)

    def _row(
        self, part: str, place: Place, one: Measure, cube: NDArray[np.float64], year: int
    ) -> dict[str, object]:
        series = self._series(place, one, cube)
        values = series[:, :, 1:].mean(axis=2) if one.is_over_years else series[:, :, year]
        columns = contrasted(values[0], values[1], self.ensemble.groups)
        units = {metric.name: metric.unit for metric in self.ensemble.metrics}
        unit = units[one.metric]
        return {
            "part": part,
            "place": place.role,
            "areas": " ".join(place.areas),
            "sectors": " ".join(place.sectors),
            "metric": one.metric,
            "title": one.title,
            "unit": f"{unit} a year" if one.is_over_years and unit in ("£m", "FTE") else unit,
            "period": f"mean of years 1 to {self.ensemble.years}" if one.is_over_years else "year",
            "year": year,
            "scenario": self.ensemble.names[0],
            "baseline": self.ensemble.names[1],
            **{name: value.item() for name, value in columns.items()},
        }

    def _series(self, place: Place, one: Measure, cube: NDArray[np.float64]) -> Vector:
        """The measure in a place (scenarios, runs, years + 1)."""
        areas = [self.ensemble.areas.index(name) for name in place.areas]
        sectors = [self.ensemble.sectors.index(name) for name in place.sectors]

        def total(metric: str) -> Vector:
            cells = cube[..., _METRICS.index(metric)][:, :, :, areas][..., sectors]
            result: Vector = cells.sum(axis=(3, 4))
            return result

        if not one.per:
            return total(one.metric)
        with np.errstate(invalid="ignore", divide="ignore"):
            return total(one.of) / total(one.per)

    def of(self, loaded: LoadedCluster, **where: object) -> pd.DataFrame:
        """The rows of a cluster for which the columns are as ``where`` says."""
        rows = self.table[self.table.cluster == loaded.name]
        for key, value in where.items():
            rows = rows[rows[key] == value]
        return rows
