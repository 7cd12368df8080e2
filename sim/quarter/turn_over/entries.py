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
from sim.quarter.turn_over.exits import Standing
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
    luck_of, _ = luck.uniform_pairs(seed, luck.SPIN_OFF, uid, quarter)
    for i in range(uid.shape[0]):
        if kind[i] != 0:
            continue
        u = luck_of[i]
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


@kernel
def gather(
    off,
    out,
    cell,
    number,
    is_in,
    uid,
    region_of,
    sector_of,
    weight_of,
    usual_weight,
    usual_jobs,
    median_jobs,
    spin_out_weight,
    entrant_size,
    parent,
    is_out,
    region,
    sector,
    seed_uid,
    ordinal,
    weight,
    size,
):
    """Where each entrant begins, whose child it is, for how many it stands, and its usual jobs.

    First those of firms ``off`` and laboratories ``out``, rows of parents; then those of no
    parent, by ``cell`` and ``number`` in it. An inward investment, ``is_in``, is ten times as
    large, and a row of it stands for as many fewer.
    """
    n_sectors = usual_weight.shape[1]
    for k in range(parent.shape[0]):
        own = k - off.shape[0] - out.shape[0]
        is_out[k] = off.shape[0] <= k and own < 0
        if own < 0:
            i = out[k - off.shape[0]] if is_out[k] else off[k]
            parent[k], ordinal[k], seed_uid[k] = i, 0, uid[i]
            r, s = region_of[i], sector_of[i]
            weight[k] = weight_of[i]
            if is_out[k]:
                weight[k] = max(1.0, spin_out_weight * usual_weight[r, s])
            size[k] = entrant_size * median_jobs[s]
        else:
            parent[k], ordinal[k], seed_uid[k] = -1, number[own], -1 - cell[own]
            r, s = cell[own] // n_sectors, cell[own] % n_sectors
            weight[k], size[k] = usual_weight[r, s], usual_jobs[r, s]
            if is_in[own]:
                size[k] = 10.0 * size[k]
                weight[k] = max(weight[k] / 10.0, 1.0)
        region[k], sector[k] = r, s


@kernel
def settle_in(region, sector, weight, researchers, births, founding):
    """Births by region and sector, and the research staff with whom they begin, by region."""
    births[:] = 0.0
    founding[:] = 0.0
    for k in range(region.shape[0]):
        births[region[k], sector[k]] += weight[k]
        founding[region[k]] += weight[k] * researchers[k]


def entries(
    world: World, assumptions: TurnOverAssumptions, stand: Standing
) -> dict[str, NDArray[Any]]:
    """Columns of this quarter's new rows: spin-offs, spin-outs, background entry, inward firms."""
    o, cells, sectors = world.organisations, world.cells, world.sectors
    off, out = np.empty(len(o), np.int64), np.empty(len(o), np.int64)
    n_off = spin_offs(
        world.seed,
        world.quarter,
        o.uid,
        o.kind,
        o.sector,
        stand.better,
        sectors.birth_rate,
        assumptions.spin_off_share,
        assumptions.parent_quality,
        off,
    )
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
        out,
    )
    cell, number, is_in = background_entry(world, assumptions)
    n = n_off + n_out + len(cell)
    parent, region, sector, seed_uid, ordinal = (np.empty(n, np.int64) for _ in range(5))
    is_out, weight, size = np.empty(n, np.bool_), np.empty(n), np.empty(n)
    gather(
        off[:n_off],
        out[:n_out],
        cell,
        number,
        is_in,
        o.uid,
        o.region,
        o.sector,
        o.weight,
        cells.entrant_weight,
        cells.entrant_jobs,
        sectors.median_jobs,
        assumptions.spin_out_weight,
        assumptions.entrant_size,
        parent,
        is_out,
        region,
        sector,
        seed_uid,
        ordinal,
        weight,
        size,
    )
    entrants = furnish(
        world, assumptions, stand.risen, parent, is_out, region, sector, seed_uid, ordinal, weight,
        size,
    )  # fmt: skip
    founding = world.regions.pool_founding
    settle_in(region, sector, weight, entrants["researchers"], cells.births, founding)
    return entrants


def background_entry(
    world: World, assumptions: TurnOverAssumptions
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Background entry by region and sector, and inward investment: see ``arrivals``.

    The national number of births follows the stock of firms; their places follow attraction.
    """
    cells, o = world.cells, world.organisations
    births = usual_births(
        o.kind,
        o.sector,
        o.weight,
        world.sectors.firms_start,
        cells.base_births,
        attraction(world, assumptions),
    ).ravel()
    own = births * (1.0 - assumptions.spin_off_share - assumptions.inward_share) / 4.0
    inward = births * assumptions.inward_share / 4.0 / 10.0
    found: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]] = arrivals(
        world.seed, world.quarter, own, inward, cells.entrant_weight.ravel()
    )
    return found


@kernel
def usual_births(kind, sector, weight, firms_start, base_births, pull):
    """Births a year by region and sector: as many as there are firms for, where places pull."""
    n_regions, n_sectors = base_births.shape
    firms, drawn, national = np.zeros(n_sectors), np.zeros(n_sectors), np.zeros(n_sectors)
    for i in range(kind.shape[0]):
        if kind[i] == FIRM:
            firms[sector[i]] += weight[i]
    births = base_births * pull
    for r in range(n_regions):
        for s in range(n_sectors):
            drawn[s] += births[r, s]
            national[s] += base_births[r, s]
    for s in range(n_sectors):
        if firms_start[s] > 0.0:
            national[s] *= firms[s] / max(firms_start[s], 1e-12)
        births[:, s] *= national[s] / max(drawn[s], 1e-12)
    return births


@kernel
def counts(seed, process, quarter, rate):
    """Poisson counts of rows that begin in each cell (cells,), by the luck of the cell."""
    out = np.empty(rate.shape[0], np.int64)
    for c in range(rate.shape[0]):
        u = luck.uniform(seed, process, np.int64(-1 - c), quarter)
        out[c] = luck.poisson_from_uniform(rate[c], u)
    return out


@kernel
def arrivals(seed, quarter, own, inward, weight):
    """Cell, number in it, and whether it comes from outside, of each row that has no parent.

    ``own`` and ``inward`` (cells,) are firms a quarter, ``weight`` the usual firms in a row. The
    numbers of inward investments begin at 1,000, so that no two rows of a cell are one.
    """
    per_row = np.maximum(weight, 1.0)
    n_own = counts(seed, luck.ENTRY, quarter, own / per_row)
    n_inward = counts(seed, luck.INWARD, quarter, inward / np.maximum(per_row / 10.0, 1.0))
    n = n_own.sum() + n_inward.sum()
    cell, number, is_in = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.bool_)
    row = 0
    for c in range(own.shape[0]):
        for k in range(n_own[c]):
            cell[row], number[row], is_in[row] = c, 1 + k, False
            row += 1
    for c in range(own.shape[0]):
        for k in range(n_inward[c]):
            cell[row], number[row], is_in[row] = c, 1000 + k, True
            row += 1
    return cell, number, is_in


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
