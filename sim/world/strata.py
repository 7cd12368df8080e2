"""Strata of firms: how many real firms and jobs each has, and how many rows stand for them.

A stratum is a region, a sector and a size band. With few rows, neighbouring bands are merged, and
with very few also the small sectors of a region; the totals of jobs are kept in every case.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.world import sources, targets
from sim.world.population import Population

Vector = NDArray[np.float64]
Counts = NDArray[np.int64]

#: Lower edges of the size bands in jobs, and the largest firm of the untruncated tail.
EDGES = np.array([1.0, 10.0, 50.0, 250.0, 80_000.0])
N_BANDS = 4
LARGE = 3
#: A large firm is not made smaller than this for the sake of a total, in jobs.
SMALLEST_LARGE = 300.0
#: Which neighbouring bands share a stratum when a cell has fewer rows than bands.
MERGED = {1: ((0, 1, 2, 3),), 2: ((0, 1), (2, 3)), 3: ((0,), (1, 2), (3,))}


@dataclass(frozen=True)
class Strata:
    """One entry for each stratum, ordered by region, sector and band.

    A stratum holds the size bands from ``first`` to ``last``.
    """

    region: Counts
    sector: Counts
    first: Counts
    last: Counts
    firms: Vector
    jobs: Vector
    rows: Counts
    research: Vector
    gva: Vector
    """GVA of the whole region and sector (regions, sectors), £m a year."""


def mean_size(low: float, high: float, index: float) -> float:
    """Mean of a Pareto distribution of exponent ``index`` between ``low`` and ``high``."""
    share = low / high
    if abs(index - 1.0) < 1e-9:
        return low * float(np.log(1.0 / share)) / (1.0 - share)
    top = index / (index - 1.0) * (1.0 - share ** (index - 1.0))
    return float(low * top / (1.0 - share**index))


def apportion(total: int, measure: Vector, least: Counts, most: Counts) -> Counts:
    """Integers that add to ``total``, near proportion to ``measure``, between two bounds.

    Where the upper bounds add to less than ``total``, they are returned; the lower likewise.
    """
    if total >= most.sum():
        return most.copy()
    if total <= least.sum():
        return least.copy()
    low, high = 0.0, float(np.max(most / np.maximum(measure, 1e-12))) + 1.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        if np.clip(middle * measure, least, most).sum() > total:
            high = middle
        else:
            low = middle
    share = np.clip(low * measure, least, most)
    whole = np.floor(share + 1e-9).astype(np.int64)
    missing = total - int(whole.sum())
    room = np.where(whole < most, share - whole, -1.0)
    whole[np.argsort(-room, kind="stable")[:missing]] += 1
    return whole


def _firms_and_jobs(jobs: Vector, index: float, is_identical: bool) -> tuple[Vector, Vector]:
    """Real firms and their jobs by region, sector and band (regions, sectors, 4).

    In the North the number of large firms is whole, so that each can be a row of its own; where a
    cell has none, smaller firms hold its jobs. The comparators take what is left of the nation's
    firms in each band, so that every sector keeps its size mix.
    """
    national = targets.firms()
    is_north = np.array([r.is_north for r in sources.regions()])
    means = np.array([mean_size(EDGES[b], EDGES[b + 1], index) for b in range(N_BANDS)])
    share = jobs / jobs.sum(axis=0)
    firms = share[:, :, None] * national[None, :, :]
    held = firms * means
    small = held[:, :, :LARGE].sum(axis=2)
    for s in range(jobs.shape[1]):
        north = np.flatnonzero(is_north & (jobs[:, s] > 0.0))
        expected = firms[north, s, LARGE]
        fits = np.floor((jobs[north, s] - small[north, s]) / SMALLEST_LARGE).astype(np.int64)
        # Of identical regions none may have one more than another.
        unit = max(len(north), 1) if is_identical else 1
        total = unit * round(expected.sum() / unit)
        whole = apportion(total, expected, np.zeros(len(north), np.int64), np.maximum(fits, 0))
        firms[north, s, LARGE] = whole
        held[north, s, LARGE] = np.where(whole > 0, jobs[north, s] - small[north, s], 0.0)
        fill = np.where(whole > 0, 1.0, jobs[north, s] / small[north, s])
        firms[north, s, :LARGE] *= fill[:, None]
        held[north, s, :LARGE] *= fill[:, None]
    _fold_thin_bands(firms, held)
    _leave_to_comparators(firms, held, jobs, is_north, national)
    return firms, held


def _fold_thin_bands(firms: Vector, held: Vector) -> None:
    """A band with less than one real firm joins the band below it, so that weights are ≥ 1."""
    for b in (2, 1):
        thin = (firms[:, :, b] > 0.0) & (firms[:, :, b] < 1.0)
        for array in (firms, held):
            array[:, :, b - 1] += np.where(thin, array[:, :, b], 0.0)
            array[:, :, b] = np.where(thin, 0.0, array[:, :, b])
    for b in range(LARGE):
        # Sizes must stay inside the band: more or fewer firms hold the same jobs.
        low, high = 1.05 * EDGES[b], 0.9 * EDGES[b + 1]
        firms[:, :, b] = np.clip(firms[:, :, b], held[:, :, b] / high, held[:, :, b] / low)


def _leave_to_comparators(
    firms: Vector, held: Vector, jobs: Vector, is_north: NDArray[np.bool_], national: Vector
) -> None:
    rest = np.flatnonzero(~is_north)
    left = np.maximum(national - firms[is_north].sum(axis=0), 0.02 * national)
    part = jobs[rest] / np.maximum(jobs[rest].sum(axis=0), 1e-300)
    mean = held[rest] / np.maximum(firms[rest], 1e-300)
    firms[rest] = part[:, :, None] * left
    held[rest] = firms[rest] * mean
    held[rest, :, LARGE] = jobs[rest] - held[rest, :, :LARGE].sum(axis=2)
    smallest = SMALLEST_LARGE * firms[rest, :, LARGE]
    if np.any(held[rest, :, LARGE] < smallest):
        # Not met with the packaged data; a user's own table may do it.
        raise sources.DataError(
            "sectors.csv: the smaller bands of a sector hold more than its jobs"
        )


def _support(n_rows: int, jobs: Vector) -> NDArray[np.bool_]:
    """Cells that get rows: all, or with few rows the largest sectors of each region.

    The last region keeps every sector, so that the totals of regions and sectors can be met.
    """
    n_regions, n_sectors = jobs.shape
    kept = np.ones(jobs.shape, np.bool_)
    each = (n_rows - n_sectors) // (n_regions - 1)
    if each < n_sectors:
        rank = np.argsort(np.argsort(-jobs, axis=1, kind="stable"), axis=1)
        kept = rank < max(each, 1)
        kept[-1] = True
    return kept


def draw_strata(population: Population) -> Strata:
    """Strata for a population of so many rows."""
    is_identical = population.identical_regions
    jobs, gva = targets.jobs(is_identical), targets.gva(is_identical)
    kept = _support(population.firms, jobs)
    if not kept.all():
        fitted = targets.rake(np.where(kept, jobs, 0.0), jobs.sum(axis=1), jobs.sum(axis=0))
        gva = targets.rake(
            np.where(kept, fitted / jobs * gva, 0.0), gva.sum(axis=1), gva.sum(axis=0)
        )
        jobs = fitted
    firms, held = _firms_and_jobs(jobs, population.tail_index, is_identical)
    is_north = np.array([r.is_north for r in sources.regions()])
    n_rest = max(round(population.comparator_share * population.firms), int(kept[~is_north].sum()))
    if not kept.all():
        n_rest = int(kept[~is_north].sum())
    north: list[tuple[int, int, int, int, int]] = []
    # What is told apart by rounding: all regions together, or each by itself where they are alike.
    whole = np.flatnonzero(is_north)
    for part in np.split(whole, len(whole)) if is_identical else [whole]:
        mine = np.isin(np.arange(len(is_north)), part)[:, None] & kept
        budget = (population.firms - n_rest) * len(part) // len(whole)
        north += _rows(firms, held, mine, budget, True)
    n_north = sum(p[4] for p in north)
    parts = north + _rows(firms, held, ~is_north[:, None] & kept, population.firms - n_north, False)
    table = np.array(sorted(parts), np.int64)
    return _assemble(table, firms, held, gva, population)


def _rows(
    firms: Vector, held: Vector, where: NDArray[np.bool_], budget: int, is_north: bool
) -> list[tuple[int, int, int, int, int]]:
    """Rows for each stratum of the cells in ``where``: (region, sector, first, last, rows)."""
    at = np.argwhere(where[:, :, None] & (firms > 0.0))
    count = firms[at[:, 0], at[:, 1], at[:, 2]]
    measure = np.sqrt(count * held[at[:, 0], at[:, 1], at[:, 2]])
    most = np.maximum(np.floor(count + 1e-9), 1).astype(np.int64)
    least = np.ones(len(at), np.int64)
    is_large = at[:, 2] == LARGE
    if is_north and budget >= 2 * int(most[is_large].sum()) + len(at):
        least = np.where(is_large, most, least)
    if budget >= least.sum():
        rows = apportion(budget, measure, least, most)
        return [
            (int(r), int(s), int(b), int(b), int(n)) for (r, s, b), n in zip(at, rows, strict=True)
        ]
    cells = np.argwhere(where)
    measure = np.sqrt(firms.sum(axis=2) * held.sum(axis=2))[cells[:, 0], cells[:, 1]]
    most = np.maximum(np.floor(firms.sum(axis=2)[cells[:, 0], cells[:, 1]]), 1).astype(np.int64)
    rows = apportion(budget, measure, np.ones(len(cells), np.int64), most)
    out: list[tuple[int, int, int, int, int]] = []
    for (r, s), n in zip(cells, rows, strict=True):
        out += _merge(int(r), int(s), int(n), firms[r, s], held[r, s])
    return out


def _merge(
    r: int, s: int, n: int, firms: Vector, held: Vector
) -> list[tuple[int, int, int, int, int]]:
    """Strata of one cell with ``n`` rows: bands where they suffice, else neighbours merged."""
    if n >= N_BANDS:
        bands = np.flatnonzero(firms > 0.0)
        most = np.maximum(np.floor(firms[bands] + 1e-9), 1).astype(np.int64)
        rows = apportion(n, np.sqrt(firms * held)[bands], np.ones(len(bands), np.int64), most)
        return [(r, s, int(b), int(b), int(k)) for b, k in zip(bands, rows, strict=True)]
    groups = [[b for b in group if firms[b] > 0.0] for group in MERGED[n]]
    return [(r, s, g[0], g[-1], 1) for g in groups if g]


def _assemble(
    table: Counts, firms: Vector, held: Vector, gva: Vector, population: Population
) -> Strata:
    region, sector, first, last, rows = table.T
    band = np.arange(N_BANDS)
    inside = (band >= first[:, None]) & (band <= last[:, None])
    n = np.where(inside, firms[region, sector], 0.0)
    j = np.where(inside, held[region, sector], 0.0)
    chance = np.array(population.research_shares())
    return Strata(
        region=region.copy(),
        sector=sector.copy(),
        first=first.copy(),
        last=last.copy(),
        firms=n.sum(axis=1),
        jobs=j.sum(axis=1),
        rows=rows.copy(),
        research=j @ chance / j.sum(axis=1),
        gva=gva,
    )
