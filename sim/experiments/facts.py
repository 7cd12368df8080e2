"""How each stylised fact is measured on a simulated future: as its source measures it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.experiments import gap
from sim.experiments.diary import Diary, Firms
from sim.metrics import dynamics
from sim.metrics.agglomeration import ellison_glaeser
from sim.metrics.history import History
from sim.metrics.network import graph_of, shape
from sim.metrics.tails import top_share
from sim.quarter import Assumptions
from sim.world import sources
from sim.world.state import LABORATORY, World

Vector = NDArray[np.float64]

#: Years after the shock at which the natural experiment in transport is read.
ELASTICITY_YEAR = 10
#: The three statistical regions of the North, by the ids of their areas.
WIDE = (
    ("liverpool_city_region", "lancashire", "cheshire_warrington", "greater_manchester", "cumbria"),
    ("north_east", "tees_valley"),
    ("hull_east_yorkshire", "west_yorkshire", "york_north_yorkshire", "south_yorkshire"),
)
#: Minutes between two areas that are about 50 km apart.
NEAR = 50.0


@dataclass(frozen=True)
class Lived:
    """One seed's futures: ``mixed`` with its diary and last world, and its paired controls.

    ``no_policy`` has no policy money; ``faster`` has ``mixed`` with shorter
    travel from year 0, with ``firms_faster`` as its firms at ``ELASTICITY_YEAR``.
    """

    world: World
    diary: Diary
    mixed: History
    no_policy: History
    faster: History
    firms_faster: Firms
    assumptions: Assumptions

    @property
    def years(self) -> int:
        """Years that were lived."""
        return self.mixed.year

    def mean(self, metric: str, area: str = "north") -> float:
        """Mean over the years that were lived."""
        values = self.mixed.series(metric, area)[1 : self.years + 1]
        return float(np.mean(values[np.isfinite(values)])) if np.isfinite(values).any() else np.nan

    def last(self, metric: str, area: str = "north", sector: str = "all") -> float:
        """Value at the last year."""
        return float(self.mixed.series(metric, area, sector)[self.years])

    @cached_property
    def network(self) -> Network:
        """The North's network as the sources have it, with a university as one organisation."""
        return Network.of(self.world)


@dataclass(frozen=True)
class Network:
    """A graph of organisations: ends of its ties, and which nodes are universities (nodes,).

    The rows of an institution, one for each of its fields, are one node, as in the records of
    research programmes; ties inside an institution are none, and several between two are one.
    """

    source: NDArray[np.int64]
    target: NDArray[np.int64]
    region: NDArray[np.int64]
    is_university: NDArray[np.bool_]

    @classmethod
    def of(cls, world: World) -> Network:
        """The network of the North now."""
        o = world.organisations
        rows, source, target = graph_of(world, world.regions.is_north)
        key = np.where(o.institution[rows] >= 0, -1 - o.institution[rows], o.uid[rows])
        _, first, node = np.unique(key, return_index=True, return_inverse=True)
        ends = np.sort(np.stack([node[source], node[target]]), axis=0)
        ends = np.unique(ends[:, ends[0] != ends[1]], axis=1)
        at = rows[first]
        return cls(ends[0], ends[1], o.region[at], o.kind[at] == LABORATORY)

    @cached_property
    def degree(self) -> Vector:
        """Partners of each node."""
        ends = np.concatenate([self.source, self.target])
        return np.bincount(ends, minlength=len(self.region)).astype(np.float64)

    @cached_property
    def shape(self) -> dict[str, float]:
        """Measures of its shape."""
        order = np.arange(len(self.region), dtype=np.float64)
        return shape(self.source, self.target, self.region, order)


def degree_skewness(lived: Lived) -> float:
    """Skewness of degrees in the North."""
    return dynamics.skewness(lived.network.degree)


def degree_exponent(lived: Lived) -> float:
    """Power-law exponent of the top fifth of degrees in the North."""
    return dynamics.power_law_exponent(lived.network.degree)


def turnover(lived: Lived, flow: str, sector: str = "all") -> float:
    """Births or deaths of the nation over enterprises active at any time of the year (ONS)."""
    firms = lived.mixed.series("firms", "uk", sector)[: lived.years]
    births = lived.mixed.series("births", "uk", sector)[1 : lived.years + 1]
    counted = lived.mixed.series(flow, "uk", sector)[1 : lived.years + 1]
    active = firms + births
    return float(np.mean(np.divide(counted, active, out=np.zeros_like(active), where=active > 0)))


def against_own(lived: Lived, flow: str) -> float:
    """Births or deaths a year over what the sectors' own rates give for as many firms."""
    rate = [s.birth_rate if flow == "births" else s.death_rate for s in sources.sectors()]
    years = slice(1, lived.years + 1)
    firms = np.array(
        [lived.mixed.series("firms", "uk", s.id)[years].mean() for s in sources.sectors()]
    )
    found = np.array([turnover(lived, flow, s.id) for s in sources.sectors()])
    return float(np.sum(found * firms) / np.sum(np.array(rate) * firms))


def survival(lived: Lived, year: int) -> float:
    """Share of the births of a calendar year that are active at any time of year t + ``year``.

    That is ONS's definition, by which a firm that lives to the first day of the year has survived
    it: on average half a year less than ``year`` after its birth.
    """
    births = lived.mixed.series("births", "uk")
    alive, born = 0.0, 0.0
    for cohort in range(1, lived.years - 3):  # those that can be followed for five years
        firms = lived.diary.firms[cohort + year - 1]
        is_of = (firms.age > 4 * (year - 1)) & (firms.age <= 4 * year)
        alive += float(firms.weight[is_of].sum())
        born += float(births[cohort])
    return alive / born if born else float("nan")


def peak_hazard(lived: Lived) -> float:
    """Year after birth with the highest share of survivors lost."""
    alive = np.array([1.0, *(survival(lived, k) for k in range(1, 6))])
    return float(np.argmax(1.0 - alive[1:] / alive[:-1]) + 1)


def density_elasticity(lived: Lived) -> float:
    """Elasticity of value added per job to density, from an experiment that moves density alone.

    In one future all travel between areas takes a fifth less time from the first quarter; its twin
    has the same policy and luck. After ten years each northern firm that lives in both is compared
    with itself: the mean log gain in value added per job over the mean log gain in density, by
    jobs (Wald's estimator). The sources have firms too, with firm effects or instruments. Levels
    would mix in what the data give each area at the start, and changes over time what jobs owe to
    productivity.
    """
    old, new = lived.diary.firms[ELASTICITY_YEAR], lived.firms_faster
    _, i, j = np.intersect1d(old.uid, new.uid, return_indices=True)
    kept = lived.world.regions.is_north[old.region[i]]
    kept &= (old.jobs[i] > 0.0) & (new.jobs[j] > 0.0)
    i, j = i[kept], j[kept]
    names = [r.id for r in sources.regions()]
    denser = np.array(
        [
            lived.faster.series("density", name)[ELASTICITY_YEAR]
            / lived.mixed.series("density", name)[ELASTICITY_YEAR]
            for name in names
        ]
    )
    weight = old.weight[i] * old.jobs[i]
    gain = np.log(new.gva[j] / new.jobs[j]) - np.log(old.gva[i] / old.jobs[i])
    return float(np.sum(weight * gain) / np.sum(weight * np.log(denser[old.region[i]])))


def elasticity_error(lived: Lived) -> float:
    """That estimate less the elasticity which the model was given, mean of jobs."""
    trade, service = lived.assumptions.trade, lived.world.sectors.is_service
    jobs = np.array([lived.last("jobs", "north", s.id) for s in sources.sectors()])
    given = np.where(service, trade.density_elasticity_services, trade.density_elasticity)
    return density_elasticity(lived) - float(np.sum(given * jobs) / jobs.sum())


def localised_share(lived: Lived, minutes: float) -> float:
    """Share of sectors localised in the North within ``minutes``, by Duranton & Overman's test."""
    firms, north = lived.diary.firms[-1], lived.world.regions.is_north
    counts = np.zeros(lived.world.cells.pool.shape)
    np.add.at(counts, (firms.region, firms.sector), firms.weight)
    inside = lived.world.travel[np.ix_(north, north)]
    return float(np.mean(dynamics.localised(counts[north], inside, minutes)))


def ellison_glaeser_wide(lived: Lived) -> float:
    """Ellison–Glaeser index over the three statistical regions of the North, mean of sectors."""
    firms, r = lived.diary.firms[-1], lived.world.regions
    ids = [one.id for one in sources.regions()]
    group = np.full(len(ids), -1)
    for number, members in enumerate(WIDE):
        group[[ids.index(name) for name in members]] = number
    at = group[firms.region]
    inside = at >= 0
    jobs = np.zeros((len(WIDE), lived.world.cells.pool.shape[1]))
    held = firms.weight * firms.jobs
    np.add.at(jobs, (at[inside], firms.sector[inside]), held[inside])
    squares = np.zeros(jobs.shape[1])
    np.add.at(squares, firms.sector[inside], (held * firms.jobs)[inside])
    rest = np.array([r.background_jobs[group == k].sum() for k in range(len(WIDE))])
    return float(np.nanmean(ellison_glaeser(jobs, rest + jobs.sum(axis=1), squares)))


def specialisms(lived: Lived) -> float:
    """Share of the eleven areas whose own sector's location quotient lies between 1.2 and 4."""
    found = [lived.last("location_quotient", s.home, s.id) for s in sources.sectors()]
    return float(np.mean([1.2 <= one <= 4.0 for one in found]))


def drift(lived: Lived, metric: str) -> float:
    """Relative change of a metric of the North from the start to the last year."""
    values = lived.mixed.series(metric)
    return float(values[lived.years] / values[0] - 1.0)


def persistence_of_quotients(lived: Lived) -> float:
    """Correlation of the log location quotients of areas and sectors at the start and the end."""
    names = [r.id for r in sources.regions() if r.is_north]
    first, last = (
        np.array(
            [
                lived.mixed.series("location_quotient", name, s.id)[year]
                for name in names
                for s in sources.sectors()
            ]
        )
        for year in (0, lived.years)
    )
    used = (first > 0.0) & (last > 0.0)
    return float(np.corrcoef(np.log(first[used]), np.log(last[used]))[0, 1])


def local_partners(lived: Lived) -> float:
    """Share of ties inside an area over what a random choice of partners would give."""
    n = lived.network
    ends = np.bincount(n.region[np.concatenate([n.source, n.target])]).astype(np.float64)
    by_chance = float(np.sum((ends / ends.sum()) ** 2))
    return float(np.mean(n.region[n.source] == n.region[n.target])) / by_chance


def growth_a_year(lived: Lived, metric: str) -> float:
    """Compound growth a year of a metric of the nation's clusters."""
    values = lived.mixed.series(metric, "uk")
    return float((values[lived.years] / values[0]) ** (1.0 / lived.years) - 1.0)


def crowding_in(lived: Lived) -> float:
    """Private research pounds added in the nation for each public pound, over all years.

    Both are differences from the paired future without policy money.
    """
    private, public = (
        np.sum(
            lived.mixed.series(m, "uk")[1 : lived.years + 1]
            - lived.no_policy.series(m, "uk")[1 : lived.years + 1]
        )
        for m in ("rd_business", "public_received")
    )
    return float(private / public) if public else float("nan")


def value_share(lived: Lived) -> float:
    """Share of the value of single innovations that the top tenth of them hold."""
    values = np.concatenate(lived.diary.values)
    return float(top_share(values, np.ones(len(values)), 0.1))


def hub_ratio(lived: Lived) -> float:
    """Mean degree of universities over that of the other organisations in the North."""
    degree, is_university = lived.network.degree, lived.network.is_university
    if not is_university.any() or is_university.all():
        return float("nan")
    return float(degree[is_university].mean() / max(degree[~is_university].mean(), 1e-9))


def turnover_of_staff(lived: Lived) -> float:
    """Researchers hired in a year over all: who leaves and who retires is replaced."""
    return lived.mean("hired") / lived.mean("researchers")


def gap_cut(lived: Lived, case: gap.Case) -> float:
    """Share of fifteen months' spending that an imposed gap of three months takes away."""
    return gap.cut(case, lived.assumptions)


def gap_trough(lived: Lived) -> float:
    """Deepest quarterly cut of a laboratory with one grant."""
    without, with_gap = (
        np.array(gap.spending(gap.LAB_ONE, has_gap=has, assumptions=lived.assumptions))
        for has in (False, True)
    )
    return float(1.0 - (with_gap / without).min())
