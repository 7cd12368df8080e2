"""Turn over: firms end and begin; nothing that an exit held vanishes from the accounts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.kernel import kernel
from sim.parameters import Parameters, quantity
from sim.world.state import FIRM, World


class TurnOverAssumptions(Parameters):
    """Exit by age, size, productivity and cash; entry by spin-off, spin-out and attraction."""

    hazard_year_1: float = quantity(0.087, "per year", (0.05, 0.12), "[69] (d)", ge=0, le=0.9)
    """Exit hazard in the first year of life."""
    hazard_year_2: float = quantity(0.190, "per year", (0.15, 0.23), "[69] (d)", ge=0, le=0.9)
    """In the second year."""
    hazard_year_3: float = quantity(0.196, "per year", (0.15, 0.23), "[69] (d)", ge=0, le=0.9)
    """In the third year."""
    hazard_year_4: float = quantity(0.151, "per year", (0.12, 0.19), "[69] (d)", ge=0, le=0.9)
    """In the fourth year."""
    hazard_year_5: float = quantity(0.144, "per year", (0.11, 0.18), "[69] (d)", ge=0, le=0.9)
    """In the fifth year."""
    hazard_older: float = quantity(0.085, "per year", (0.05, 0.11), "[68, 69] (d)", ge=0, le=0.9)
    """In later years, for a firm of ten jobs, before the sector's own level is set."""
    size_exponent: float = quantity(-0.2, "elasticity", (-0.4, 0), "EVIDENCE §2h", ge=-2, le=0)
    """Elasticity of the hazard of an established firm to its jobs."""
    productivity_response: float = quantity(
        1.0, "log hazard per log productivity", (0.3, 2), neutral=0.0, ge=0, le=10
    )
    """Fall of the hazard with productivity above the sector's."""
    cash_response: float = quantity(
        0.7, "log hazard when cash is gone", (0, 1.5), neutral=0.0, ge=0, le=10
    )
    """Rise of the hazard of a firm without cash."""
    innovator_hazard: float = quantity(
        0.5, "multiple", (0.3, 1), "EVIDENCE §2h", neutral=1.0, gt=0, le=1
    )
    """Hazard of a firm that does research, as a multiple of the others'."""
    spin_off_share: float = quantity(
        0.3, "share of births", (0.1, 0.5), "Klepper (m)", neutral=0.0, ge=0, le=1
    )
    """Births that come out of a firm near by and resemble it."""
    parent_quality: float = quantity(1.0, "elasticity", (0, 2), neutral=0.0, ge=0, le=5)
    """How strongly better firms beget more spin-offs."""
    spin_out_rate: float = quantity(
        0.01,
        "spin-outs per £m of university research",
        (0.005, 0.02),
        "[70] (d)",
        neutral=0.0,
        ge=0,
        le=1,
    )
    """University spin-outs."""
    attraction: float = quantity(0.5, "elasticity", (0, 1.5), neutral=0.0, ge=0, le=5)
    """How strongly new firms choose regions with knowledge, people and partners of their kind."""
    inward_share: float = quantity(0.02, "share of births", (0, 0.05), ge=0, le=0.5)
    """Births that are inward investments: ten times the usual size, and free to choose."""
    entrant_size: float = quantity(
        0.35, "share of the sector's median firm", (0.2, 0.8), gt=0, le=2
    )
    """Jobs of a new firm against the median of its sector."""
    inheritance: float = quantity(0.5, "share", (0.2, 0.8), neutral=0.0, ge=0, le=1)
    """How far a spin-off resembles its parent in productivity and position."""
    seed_knowledge: float = quantity(
        0.1, "share of the parent's knowledge per job", (0, 0.4), ge=0, le=1
    )
    """Knowledge that a founder takes along."""
    spin_out_weight: float = quantity(
        0.1, "share of an ordinary entrant's weight", (0.02, 0.5), gt=0, le=1
    )
    """Real spin-outs that one row stands for, against other new firms: a matter of sampling."""
    entrant_research: float = quantity(0.08, "probability", (0.03, 0.2), ge=0, le=1)
    """Chance that a new firm does research."""
    entrant_gap: float = quantity(-0.1, "log productivity", (-0.3, 0), ge=-2, le=1)
    """Productivity of new firms against the firms of their place and sector at the start."""
    entrant_spread: float = quantity(0.25, "log productivity", (0.1, 0.5), ge=0, le=2)
    """Standard deviation of the productivity of new firms."""


@kernel
def doomed(
    seed,
    quarter,
    uid,
    kind,
    sector,
    born,
    jobs,
    better,
    cash,
    gva,
    is_active,
    closure,
    hazard_by_year,
    hazard_older,
    level,
    size_exponent,
    response,
    cash_response,
    innovator,
    gone,
):  # type: ignore[no-untyped-def]
    """Whether each firm ends this quarter.

    Yearly hazard ``h(age) · level_s · (jobs / 10)^−0.2 · exp(−γ (ln A − mean))``, times e^ζ
    without cash, and a multiple for firms that do research. Young firms follow the hump of the
    cohort tables [69]; size and the sector's level matter once they are established.
    """
    for i in range(uid.shape[0]):
        gone[i] = False
        if kind[i] != 0:
            continue
        age = (quarter - born[i]) // 4
        s = sector[i]
        if age < hazard_by_year.shape[0]:
            hazard = hazard_by_year[max(age, 0)]
        else:
            hazard = hazard_older * level[s]
            hazard *= (max(jobs[i], 0.5) / 10.0) ** size_exponent
        hazard *= math.exp(-response * better[i])
        if cash[i] < 0.0:
            hazard *= math.exp(cash_response * min(1.0, -cash[i] / max(0.1 * gva[i], 1e-9)))
        if is_active[i]:
            hazard *= innovator
        hazard = min(hazard, 0.9)
        p = 1.0 - (1.0 - hazard) ** 0.25
        gone[i] = luck.uniform(seed, luck.EXIT, uid[i], quarter) < p or closure[i] > 0.9


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
):  # type: ignore[no-untyped-def]
    """Rows of firms that beget a spin-off this quarter; return how many.

    Rate: share · births per firm · exp(quality · (ln A − mean)), bounded.
    """
    n = 0
    for i in range(uid.shape[0]):
        if kind[i] != 0:
            continue
        s = sector[i]
        rate = 0.25 * share * birth_rate[s] * math.exp(min(quality * better[i], 2.0))
        if luck.uniform(seed, luck.SPIN_OFF, uid[i], quarter) < rate:
            parents[n] = i
            n += 1
    return n


@kernel
def spin_outs(seed, quarter, uid, kind, weight, spending, child_weight, rate, parents):  # type: ignore[no-untyped-def]
    """Rows of laboratories that beget a spin-out this quarter; return how many.

    ``rate`` is spin-outs per £m; a row stands for ``child_weight`` of them, so that it is as
    much rarer.
    """
    n = 0
    for i in range(uid.shape[0]):
        if kind[i] != 1:
            continue
        chance = rate * spending[i] * weight[i] / child_weight[i]
        if luck.uniform(seed, luck.SPIN_OUT, uid[i], quarter) < chance:
            parents[n] = i
            n += 1
    return n


@kernel
def draw_entrants(
    seed,
    quarter,
    uid,
    mean_size,
    active_chance,
    spread,
    z_productivity,
    size,
    is_active,
    dx,
    dy,
):  # type: ignore[no-untyped-def]
    """Luck of each entrant: productivity, size, whether it does research, and where it stands."""
    for k in range(uid.shape[0]):
        z_productivity[k] = spread * luck.normal(seed, luck.ENTRANT, uid[k], quarter | (1 << 32))
        z = luck.normal(seed, luck.ENTRANT, uid[k], quarter | (2 << 32))
        size[k] = max(1.0, mean_size[k] * math.exp(0.5 * z - 0.125))
        u = luck.uniform(seed, luck.ENTRANT, uid[k], quarter | (3 << 32))
        is_active[k] = u < active_chance[k]
        a, b = luck.uniform_pair(seed, luck.ENTRANT, uid[k], quarter | (4 << 32))
        dx[k] = 0.3 * (a - 0.5)
        dy[k] = 0.3 * (b - 0.5)


@kernel
def child_uids(parent, quarter, ordinal):  # type: ignore[no-untyped-def]
    """Identities of entrants from their parents' identities."""
    out = np.empty(parent.shape[0], np.int64)
    for k in range(parent.shape[0]):
        out[k] = luck.child_uid(parent[k], quarter, ordinal[k])
    return out


@kernel
def new_suppliers(seed, quarter, uid, region, ring, firms, region_start, chance, found):  # type: ignore[no-untyped-def]
    """A supplier for each buyer: a region by nearness, then a stable place on its ring."""
    n_regions = chance.shape[0]
    for k in range(uid.shape[0]):
        where, who = luck.uniform_pair(seed, luck.SUPPLIER, uid[k], quarter)
        r = 0
        while r < n_regions - 1 and where > chance[region[k], r]:
            r += 1
        low, high = region_start[r], region_start[r + 1]
        found[k] = -1
        if low == high:
            continue
        end = high
        while low < high:
            middle = (low + high) // 2
            if ring[firms[middle]] < who:
                low = middle + 1
            else:
                high = middle
        found[k] = firms[low if low < end else region_start[r]]


def turn_over(world: World, assumptions: TurnOverAssumptions) -> None:
    """Exits, then entries; rows, ties, links and awards follow the organisations."""
    gone = _exits(world, assumptions)
    entrants = _entrants(world, assumptions, gone)
    _replace_rows(world, gone, entrants)
    _repair_supply_chain(world)


def _better(world: World) -> NDArray[np.float64]:
    """Log productivity of each firm above the usual of its place and sector."""
    o = world.organisations
    usual = world.cells.productivity_start[o.region, o.sector] + world.sectors.frontier[o.sector]
    return np.where(o.kind == FIRM, o.productivity - usual, 0.0)


def hazard_by_year(assumptions: TurnOverAssumptions) -> NDArray[np.float64]:
    """Yearly exit hazard of the first five years of life."""
    return np.array(
        [
            assumptions.hazard_year_1,
            assumptions.hazard_year_2,
            assumptions.hazard_year_3,
            assumptions.hazard_year_4,
            assumptions.hazard_year_5,
        ]
    )


def _exits(world: World, assumptions: TurnOverAssumptions) -> NDArray[np.bool_]:
    o, cells = world.organisations, world.cells
    gone = np.empty(len(o), np.bool_)
    doomed(
        world.seed,
        world.quarter,
        o.uid,
        o.kind,
        o.sector,
        o.born,
        o.jobs,
        _better(world),
        o.cash,
        o.gva,
        o.is_research_active,
        o.closure,
        hazard_by_year(assumptions),
        assumptions.hazard_older,
        world.sectors.hazard_level,
        assumptions.size_exponent,
        assumptions.productivity_response,
        assumptions.cash_response,
        assumptions.innovator_hazard,
        gone,
    )
    cells.deaths[:] = 0.0
    cells.deaths_value[:] = 0.0
    where = (o.region[gone], o.sector[gone])
    np.add.at(cells.deaths, where, o.weight[gone])
    np.add.at(cells.deaths_value, where, o.weight[gone] * o.jobs[gone])
    return gone


def attraction(world: World, assumptions: TurnOverAssumptions) -> NDArray[np.float64]:
    """Pull of each region on new firms of each sector, against the start (regions, sectors).

    The geometric mean of growth in jobs of the sector, codified knowledge, and skilled people,
    less congestion, to the elasticity.
    """
    o, cells, regions = world.organisations, world.cells, world.regions
    jobs = np.zeros(cells.pool.shape)
    firm = o.kind == FIRM
    np.add.at(jobs, (o.region[firm], o.sector[firm]), (o.jobs * o.weight)[firm])
    signal = np.log(np.maximum(jobs, 1.0) * np.maximum(cells.pool, 1e-3))
    signal += np.log(np.maximum(regions.skilled_pool, 1.0))[:, None]
    pull = signal / 3.0 - regions.congestion[:, None]
    return np.asarray(np.exp(assumptions.attraction * (pull - cells.base_attraction)))


def _entrants(
    world: World, assumptions: TurnOverAssumptions, gone: NDArray[np.bool_]
) -> dict[str, NDArray[Any]]:
    """Columns of this quarter's new rows: spin-offs, spin-outs, background entry, inward firms."""
    o, cells, sectors = world.organisations, world.cells, world.sectors
    room = np.empty(len(o), np.int64)
    n_off = spin_offs(
        world.seed,
        world.quarter,
        o.uid,
        o.kind,
        o.sector,
        _better(world),
        sectors.birth_rate,
        assumptions.spin_off_share,
        assumptions.parent_quality,
        room,
    )
    off = room[:n_off].copy()
    child_weight = np.maximum(
        1.0, assumptions.spin_out_weight * cells.entrant_weight[o.region, o.sector]
    )
    n_out = spin_outs(
        world.seed,
        world.quarter,
        o.uid,
        o.kind,
        o.weight,
        o.spending,
        child_weight,
        assumptions.spin_out_rate,
        room,
    )
    out = room[:n_out].copy()
    regions_of, sectors_of, ordinal, is_inward = _background(world, assumptions)
    parent = np.concatenate([off, out, np.full(len(regions_of), -1)]).astype(np.int64)
    n_own = len(off) + len(out)
    is_out = np.zeros(len(parent), np.bool_)
    is_out[len(off) : n_own] = True
    at = np.maximum(parent, 0)
    region = np.concatenate([o.region[parent[:n_own]], regions_of])
    sector = np.concatenate([o.sector[parent[:n_own]], sectors_of])
    seed_uid = np.where(parent >= 0, o.uid[at], -1 - (region * len(sectors) + sector))
    order = np.concatenate([np.zeros(n_own, np.int64), ordinal])
    weight = np.where(
        is_out,
        child_weight[at],
        np.where(parent >= 0, o.weight[at], cells.entrant_weight[region, sector]),
    )
    size = assumptions.entrant_size * sectors.median_jobs[sector]
    size = np.where(parent < 0, cells.entrant_jobs[region, sector], size)
    inward = np.concatenate([np.zeros(n_own, np.bool_), is_inward])
    size = np.where(inward, 10.0 * size, size)
    weight = np.where(inward, np.maximum(weight / 10.0, 1.0), weight)
    entrants = _furnish(
        world, assumptions, parent, is_out, region, sector, seed_uid, order, weight, size
    )
    cells.births[:] = 0.0
    np.add.at(cells.births, (region, sector), weight)
    return entrants


def _background(
    world: World, assumptions: TurnOverAssumptions
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Background entry by region and sector, and inward investment by attraction alone."""
    cells = world.cells
    pull = attraction(world, assumptions)
    births = cells.base_births * pull
    national = cells.base_births.sum(axis=0)
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
def counts(rate, u):  # type: ignore[no-untyped-def]
    """Poisson counts from uniforms."""
    out = np.empty(rate.shape[0], np.int64)
    for k in range(rate.shape[0]):
        out[k] = luck.poisson_from_uniform(rate[k], u[k])
    return out


def _furnish(
    world: World,
    assumptions: TurnOverAssumptions,
    parent: NDArray[np.int64],
    is_out: NDArray[np.bool_],
    region: NDArray[np.int64],
    sector: NDArray[np.int64],
    seed_uid: NDArray[np.int64],
    ordinal: NDArray[np.int64],
    weight: NDArray[np.float64],
    mean_size: NDArray[np.float64],
) -> dict[str, NDArray[Any]]:
    """Give entrants what they bring: a share of their parent's ways, and some luck of their own."""
    o, now = world.organisations, world.quarter
    n = len(parent)
    uid = child_uids(seed_uid, now, ordinal)
    at = np.maximum(parent, 0)
    is_off = (parent >= 0) & ~is_out
    parent_active = np.where(is_off, o.is_research_active[at], False)
    chance = np.where(is_out, 1.0, np.where(parent_active, 0.5, assumptions.entrant_research))
    z, size, dx, dy = (np.empty(n) for _ in range(4))
    active = np.empty(n, np.bool_)
    draw_entrants(
        world.seed,
        now,
        uid,
        mean_size,
        chance,
        assumptions.entrant_spread,
        z,
        size,
        active,
        dx,
        dy,
    )
    local = world.cells.productivity_start[region, sector]
    usual = local + world.sectors.frontier[sector]
    inherited = np.where(is_off, assumptions.inheritance * (o.productivity[at] - usual), 0.0)
    productivity = usual + assumptions.entrant_gap + inherited + z
    gva = size * np.exp(productivity)
    intensity = np.where(active, world.sectors.rd_intensity[sector], 0.0)
    budget = intensity * gva / 4.0
    knowledge = np.where(active, budget / 0.04, 0.02 * gva)
    brought = assumptions.seed_knowledge * o.knowledge[at] / np.maximum(o.jobs[at], 1.0) * size
    knowledge = knowledge + np.where(is_off & active, brought, 0.0)
    spread = np.where(is_off | is_out, 1.0 - assumptions.inheritance, 1.0)
    x = np.where(parent >= 0, o.position_x[at], world.sector_x[sector]) + spread * dx
    y = np.where(parent >= 0, o.position_y[at], world.sector_y[sector]) + spread * dy
    researchers = 4.0 * budget / world.researcher_cost[FIRM]
    sales = float(np.sum(o.weight * o.gva))
    # A new firm sells at home and abroad in the proportion of all firms.
    export_share = float(np.sum(o.weight * o.exports)) / max(sales, 1e-12)
    return {
        "uid": uid,
        "kind": np.full(n, FIRM),
        "region": region,
        "sector": sector,
        "institution": np.full(n, -1),
        "parent": np.where(parent >= 0, o.uid[at], -1),
        "ring": luck.uniforms(0, luck.RING, uid, 0),
        "weight": weight,
        "born": np.full(n, now),
        "is_research_active": active,
        "rd_intensity": intensity,
        "base_productivity": productivity - world.sectors.frontier[sector],
        "base_knowledge": knowledge,
        "base_jobs": size,
        "credibility": np.full(n, 0.7),
        "continuation": np.full(n, 0.4),
        "horizon": np.full(n, 4.0),
        "project_length": np.ones(n),
        "own_rd": budget,
        "desired_researchers": researchers,
        "researchers": researchers,
        "experience": np.full(n, 0.7),
        "effort": 0.7 * budget,
        "spending": budget,
        "knowledge": knowledge,
        "position_x": x,
        "position_y": y,
        "work_in_progress": 2.0 * budget,
        "portfolio_length": np.ones(n),
        "portfolio_quality": np.ones(n),
        "usual_scale": budget,
        "jobs": size,
        "productivity": productivity,
        "gva": gva,
        "exports": export_share * gva,
        "cash": 0.1 * gva,
    }


def _replace_rows(world: World, gone: NDArray[np.bool_], entrants: dict[str, NDArray[Any]]) -> None:
    """Drop exits, insert entrants in their places, and point every link to the new rows."""
    o = world.organisations
    order = np.lexsort((entrants["ring"], entrants["region"]))
    entrants = {name: values[order] for name, values in entrants.items()}
    keep = ~gone
    survivors = np.flatnonzero(keep)
    key = o.region[keep] + o.ring[keep]
    places = np.searchsorted(key, entrants["region"] + entrants["ring"]).astype(np.int64)
    old_to_new = np.full(len(o) + 1, -1, np.int64)
    shift = np.searchsorted(places, np.arange(len(survivors)), side="right")
    old_to_new[survivors] = np.arange(len(survivors)) + shift
    o.keep(keep)
    o.insert(places, entrants)
    for table, ends in (
        (world.ties, ("source_row", "target_row")),
        (world.supplies, ("supplier_row", "buyer_row")),
    ):
        moved = {end: old_to_new[getattr(table, end)] for end in ends}
        there = (moved[ends[0]] >= 0) & (moved[ends[1]] >= 0)
        for end in ends:
            setattr(table, end, moved[end])
        table.keep(there)
    world.awards.holder_row[:] = old_to_new[world.awards.holder_row]


def _repair_supply_chain(world: World) -> None:
    """Firms that have no supplier find one: near, and on a stable place of the ring."""
    o, s = world.organisations, world.supplies
    has = np.zeros(len(o), np.bool_)
    has[s.buyer_row] = True
    firms = np.flatnonzero(o.kind == FIRM).astype(np.int64)
    buyers = firms[~has[firms]]
    if len(buyers) == 0:
        return
    start = np.searchsorted(o.region[firms], np.arange(len(world.regions) + 1)).astype(np.int64)
    near = np.exp(-world.travel / 60.0)
    chance = np.cumsum(near / near.sum(axis=1, keepdims=True), axis=1)
    found = np.empty(len(buyers), np.int64)
    new_suppliers(
        world.seed,
        world.quarter,
        o.uid[buyers],
        o.region[buyers],
        o.ring,
        firms,
        start,
        chance,
        found,
    )
    good = (found >= 0) & (found != buyers)
    buyers, found = buyers[good], found[good]
    s.append(
        {
            "supplier": o.uid[found],
            "buyer": o.uid[buyers],
            "supplier_row": found,
            "buyer_row": buyers,
            "formed": np.full(len(buyers), world.quarter),
        }
    )


def begin(world: World, assumptions: TurnOverAssumptions) -> None:
    """Set the level of each sector's hazard so that its deaths meet the data at the start."""
    o, cells, sectors = world.organisations, world.cells, world.sectors
    n = len(sectors)
    firm = o.kind == FIRM
    jobs = np.where(firm, o.weight * o.jobs, 0.0)
    shape = cells.pool.shape
    total, value = np.zeros(shape), np.zeros(shape)
    np.add.at(total, (o.region, o.sector), jobs)
    np.add.at(value, (o.region, o.sector), jobs * o.productivity)
    cells.productivity_start[:] = np.where(
        total > 0.0, value / np.maximum(total, 1e-12), sectors.mean_productivity[None, :]
    )
    age = (world.quarter - o.born) // 4
    young = hazard_by_year(assumptions)
    better = np.exp(-assumptions.productivity_response * _better(world))
    better *= np.where(o.is_research_active, assumptions.innovator_hazard, 1.0)
    is_young = firm & (age < len(young))
    old = firm & ~is_young
    base = np.where(
        is_young,
        young[np.clip(age, 0, len(young) - 1)],
        assumptions.hazard_older * (np.maximum(o.jobs, 0.5) / 10.0) ** assumptions.size_exponent,
    )
    expected = o.weight * np.minimum(base * better, 0.9)
    from_young = np.bincount(o.sector[is_young], expected[is_young], n)
    from_old = np.bincount(o.sector[old], expected[old], n)
    firms = np.bincount(o.sector[firm], o.weight[firm], n)
    wanted = np.maximum(sectors.death_rate * firms - from_young, 0.2 * sectors.death_rate * firms)
    sectors.hazard_level[:] = wanted / np.maximum(from_old, 1e-12)
    cells.base_attraction[:] = 0.0
    usual = np.log(attraction(world, assumptions)) / max(assumptions.attraction, 1e-9)
    cells.base_attraction[:] = usual
    active = firm & (o.rd_intensity > 0.0)
    spent = np.bincount(o.sector[active], (o.weight * o.gva * o.rd_intensity)[active], n)
    size = np.bincount(o.sector[active], (o.weight * o.gva)[active], n)
    sectors.rd_intensity[:] = spent / np.maximum(size, 1e-12)
