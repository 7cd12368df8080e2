"""Entries: spin-offs, spin-outs, background entry and inward investment."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.kernel import kernel
from sim.quarter.turn_over.assumptions import TurnOverAssumptions
from sim.quarter.turn_over.entrants import furnish
from sim.quarter.turn_over.exits import better
from sim.world.state import FIRM, LABORATORY, World


@kernel
def spin_offs(
    seed,
    quarter,
    uid,
    kind,
    sector,
    better,
    birth_rate,
    share,
    quality,
    parents,
):
    """Rows of firms that beget a spin-off this quarter; return how many.

    Rate: share · births per firm · exp(quality · (ln A − mean)), bounded.
    """
    n = 0
    most = math.exp(2.0)
    for i in range(uid.shape[0]):
        if kind[i] != 0:
            continue
        u = luck.uniform(seed, luck.SPIN_OFF, uid[i], quarter)
        usual = 0.25 * share * birth_rate[sector[i]]
        # The exponential is worked out only where luck leaves it room.
        if u < usual * most and u < usual * math.exp(min(quality * better[i], 2.0)):
            parents[n] = i
            n += 1
    return n


@kernel
def spin_outs(
    seed,
    quarter,
    uid,
    kind,
    region,
    sector,
    weight,
    spending,
    spin_out_weight,
    entrant_weight,
    rate,
    parents,
):
    """Rows of laboratories that beget a spin-out this quarter; return how many.

    ``rate`` is spin-outs per £m; a row stands for a part of the weight of other entrants, and at
    least for one firm, so that it is as much rarer.
    """
    n = 0
    for i in range(uid.shape[0]):
        if kind[i] != LABORATORY:
            continue
        child_weight = max(1.0, spin_out_weight * entrant_weight[region[i], sector[i]])
        chance = rate * spending[i] * weight[i] / child_weight
        if luck.uniform(seed, luck.SPIN_OUT, uid[i], quarter) < chance:
            parents[n] = i
            n += 1
    return n


@kernel
def add_jobs(kind, region, sector, jobs, weight, out):
    """Add the jobs of firms to ``out`` (regions, sectors)."""
    for i in range(kind.shape[0]):
        if kind[i] == FIRM:
            out[region[i], sector[i]] += jobs[i] * weight[i]


def attraction(world: World, assumptions: TurnOverAssumptions) -> NDArray[np.float64]:
    """Pull of each region on new firms of each sector, against the start (regions, sectors).

    The geometric mean of growth in jobs of the sector, codified knowledge, and skilled people,
    less congestion, to the elasticity.
    """
    o, cells, regions = world.organisations, world.cells, world.regions
    jobs = np.zeros(cells.pool.shape)
    add_jobs(o.kind, o.region, o.sector, o.jobs, o.weight, jobs)
    signal = np.log(np.maximum(jobs, 1.0) * np.maximum(cells.pool, 1e-3))
    signal += np.log(np.maximum(regions.skilled_pool, 1.0))[:, None]
    pull = signal / 3.0 - regions.congestion[:, None]
    return np.asarray(np.exp(assumptions.attraction * (pull - cells.base_attraction)))


def entries(world: World, assumptions: TurnOverAssumptions) -> dict[str, NDArray[Any]]:
    """Columns of this quarter's new rows: spin-offs, spin-outs, background entry, inward firms."""
    o, cells, sectors = world.organisations, world.cells, world.sectors
    room = np.empty(len(o), np.int64)
    n_off = spin_offs(
        world.seed,
        world.quarter,
        o.uid,
        o.kind,
        o.sector,
        better(world, assumptions.productivity_response),
        sectors.birth_rate,
        assumptions.spin_off_share,
        assumptions.parent_quality,
        room,
    )
    off = room[:n_off].copy()
    n_out = spin_outs(
        world.seed,
        world.quarter,
        o.uid,
        o.kind,
        o.region,
        o.sector,
        o.weight,
        o.spending,
        assumptions.spin_out_weight,
        cells.entrant_weight,
        assumptions.spin_out_rate,
        room,
    )
    out = room[:n_out].copy()
    regions_of, sectors_of, ordinal, is_inward = background_entry(world, assumptions)
    parent = np.concatenate([off, out, np.full(len(regions_of), -1)]).astype(np.int64)
    n_own = len(off) + len(out)
    is_out = np.zeros(len(parent), np.bool_)
    is_out[len(off) : n_own] = True
    at = np.maximum(parent, 0)
    region = np.concatenate([o.region[parent[:n_own]], regions_of])
    sector = np.concatenate([o.sector[parent[:n_own]], sectors_of])
    seed_uid = np.where(parent >= 0, o.uid[at], -1 - (region * len(sectors) + sector))
    order = np.concatenate([np.zeros(n_own, np.int64), ordinal])
    usual = cells.entrant_weight[region, sector]
    of_spin_out = np.maximum(1.0, assumptions.spin_out_weight * usual)
    weight = np.where(is_out, of_spin_out, np.where(parent >= 0, o.weight[at], usual))
    size = assumptions.entrant_size * sectors.median_jobs[sector]
    size = np.where(parent < 0, cells.entrant_jobs[region, sector], size)
    inward = np.concatenate([np.zeros(n_own, np.bool_), is_inward])
    size = np.where(inward, 10.0 * size, size)
    weight = np.where(inward, np.maximum(weight / 10.0, 1.0), weight)
    entrants = furnish(
        world, assumptions, parent, is_out, region, sector, seed_uid, order, weight, size
    )
    cells.births[:] = 0.0
    np.add.at(cells.births, (region, sector), weight)
    founders = np.bincount(region, weight * entrants["researchers"], len(world.regions))
    world.regions.pool_founding[:] = founders
    return entrants


def background_entry(
    world: World, assumptions: TurnOverAssumptions
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Background entry by region and sector, and inward investment.

    The national number of births follows the stock of firms; their places follow attraction.
    """
    cells, o = world.cells, world.organisations
    pull = attraction(world, assumptions)
    births = cells.base_births * pull
    firms = np.bincount(o.sector, np.where(o.kind == FIRM, o.weight, 0.0), len(world.sectors))
    before = world.sectors.firms_start
    growth = np.where(before > 0.0, firms / np.maximum(before, 1e-12), 1.0)
    national = cells.base_births.sum(axis=0) * growth
    births *= national / np.maximum(births.sum(axis=0), 1e-12)
    own = births * (1.0 - assumptions.spin_off_share - assumptions.inward_share) / 4.0
    inward = births * assumptions.inward_share / 4.0 / 10.0
    weight = np.maximum(cells.entrant_weight, 1.0)
    n_cells = cells.base_births.size
    code = -1 - np.arange(n_cells, dtype=np.int64)
    rows: list[tuple[NDArray[np.int64], NDArray[np.int64], bool]] = []
    for flow, process, is_inward, per_row in (
        (own, luck.ENTRY, False, weight),
        (inward, luck.INWARD, True, np.maximum(weight / 10.0, 1.0)),
    ):
        u = luck.uniforms(world.seed, process, code, world.quarter)
        count = counts((flow / per_row).ravel(), u)
        cell = np.repeat(np.arange(n_cells), count)
        first = np.cumsum(count) - count
        number = np.arange(count.sum()) - np.repeat(first, count)
        rows.append((cell, number + (1000 if is_inward else 1), is_inward))
    cell = np.concatenate([r[0] for r in rows])
    number = np.concatenate([r[1] for r in rows])
    is_in = np.concatenate([np.full(len(r[0]), r[2]) for r in rows])
    n_sectors = cells.base_births.shape[1]
    return cell // n_sectors, cell % n_sectors, number, is_in


@kernel
def counts(rate, u):
    """Poisson counts from uniforms."""
    out = np.empty(rate.shape[0], np.int64)
    for k in range(rate.shape[0]):
        out[k] = luck.poisson_from_uniform(rate[k], u[k])
    return out


def set_attraction(world: World, assumptions: TurnOverAssumptions) -> None:
    """Take the start as the usual attraction of every place, and the usual research of entrants."""
    o, cells, sectors = world.organisations, world.cells, world.sectors
    n = len(sectors)
    is_firm = o.kind == FIRM
    sectors.firms_start[:] = np.bincount(o.sector[is_firm], o.weight[is_firm], n)
    cells.base_attraction[:] = 0.0
    usual = np.log(attraction(world, assumptions)) / max(assumptions.attraction, 1e-9)
    cells.base_attraction[:] = usual
    active = is_firm & (o.rd_intensity > 0.0)
    spent = np.bincount(o.sector[active], (o.weight * o.gva * o.rd_intensity)[active], n)
    size = np.bincount(o.sector[active], (o.weight * o.gva)[active], n)
    sectors.rd_intensity[:] = spent / np.maximum(size, 1e-12)
