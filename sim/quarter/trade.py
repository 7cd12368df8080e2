"""Trade: productivity follows knowledge and place; markets turn it into sales, jobs and cash."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.kernel import kernel
from sim.parameters import QUARTERS_PER_YEAR, Parameters, per_quarter, quantity
from sim.world.state import CATAPULT, FIRM, World


class TradeAssumptions(Parameters):
    """Productivity, competition, employment and the accounts of firms."""

    knowledge_elasticity: float = quantity(
        0.08, "elasticity", (0.03, 0.12), "[45–47]", neutral=0.0, ge=0, le=1
    )
    """Elasticity of productivity to the knowledge stock (β)."""
    density_elasticity: float = quantity(
        0.03, "elasticity", (0.01, 0.10), "[34–36]", neutral=0.0, ge=-1, le=1
    )
    """Elasticity of productivity to density in manufacturing and process sectors (ε)."""
    density_elasticity_services: float = quantity(
        0.06, "elasticity", (0.01, 0.10), "[34]", neutral=0.0, ge=-1, le=1
    )
    """The same in digital and life-science sectors."""
    density_decay: float = quantity(
        1.0, "elasticity to travel time", (0.5, 2.0), "[34]", ge=0, le=5
    )
    """Fall of another place's weight in density with travel time (α)."""
    specialisation_elasticity: float = quantity(
        0.02, "elasticity", (-0.01, 0.05), "[40]", neutral=0.0, ge=-1, le=1
    )
    """Elasticity to the sector's location quotient (Marshall)."""
    variety_elasticity: float = quantity(
        0.02, "elasticity", (-0.01, 0.05), "[40]", neutral=0.0, ge=-1, le=1
    )
    """Elasticity to the density of related sectors (Jacobs)."""
    supplier_elasticity: float = quantity(0.05, "elasticity", (0, 0.15), neutral=0.0, ge=0, le=1)
    """Elasticity to the productivity of a firm's suppliers."""
    place_capital_elasticity: float = quantity(
        0.04, "elasticity", (0, 0.10), "[39]", neutral=0.0, ge=0, le=1
    )
    """Elasticity to place capital."""
    catapult_link: float = quantity(
        0.005, "log productivity a year", (0, 0.008), "[62]", neutral=0.0, ge=0, le=0.1
    )
    """Gain of a firm with an active link to a catapult, while the link lives."""
    link_forgetting: float = quantity(0.15, "per year", (0.05, 0.35), ge=0, le=0.9)
    """Loss of that gain once the link is over."""
    adoption_speed: float = quantity(0.4, "share of the way a year", (0.2, 0.8), gt=0, le=1)
    """How fast productivity follows what knowledge and place allow."""
    market_response: float = quantity(
        2.0, "log sales per log productivity", (1.0, 4.0), neutral=0.0, ge=0, le=10
    )
    """Elasticity of a firm's sales to its productivity, against the sector's at home and against
    the world's abroad."""
    export_share: float = quantity(0.3, "share of sales", (0.1, 0.5), ge=0, le=1)
    """Sales in world markets, where a gain displaces nobody at home."""
    demand_growth: float = quantity(0.012, "per year", (0.003, 0.02), "[105]", ge=-0.2, le=0.2)
    """Growth of national and world demand in each sector."""
    frontier_growth: float = quantity(0.007, "per year", (0.003, 0.02), "[105]", ge=-0.2, le=0.2)
    """Growth of productivity that everybody shares."""
    shock_spread: float = quantity(
        0.12,
        "scale of a Laplace shock to a year's log sales",
        (0.05, 0.2),
        "firm-growth literature",
        ge=0,
        le=1,
    )
    """Fat-tailed shocks to the sales of a firm."""
    employment_speed: float = quantity(0.5, "share of the way a year", (0.3, 0.9), gt=0, le=1)
    """How fast jobs follow sales."""
    margin: float = quantity(0.25, "share of value added before research", (0.15, 0.35), gt=0, le=1)
    """Value added left after pay, before the firm's own research."""
    payout: float = quantity(0.8, "share of profit", (0.5, 0.95), ge=0, le=1)
    """Profit that is paid out rather than kept, once the cash buffer is full."""
    local_multiplier: float = quantity(
        0.4, "background jobs per cluster job", (0.1, 0.9), "assumption", neutral=0.0, ge=0, le=3
    )
    """Jobs in the rest of the region's economy that follow a cluster job."""
    multiplier_speed: float = quantity(0.3, "share of the way a year", (0.1, 0.6), gt=0, le=1)
    """How fast they follow."""
    cash_buffer: float = quantity(0.15, "share of a year's value added", (0.05, 0.4), gt=0, le=5)
    """Cash that firms want to hold before they pay out their profit."""
    finance_access: float = quantity(
        0.5, "share of a shortfall of cash", (0, 1), lever=True, ge=0, le=1
    )
    """Private finance: part of a firm's shortfall of cash that investors cover in a year."""


@kernel
def place_effects(jobs, weight, kind, region, sector, sector_jobs, total_jobs):  # type: ignore[no-untyped-def]
    """Jobs by region and sector, and by region, from the organisations."""
    sector_jobs[:] = 0.0
    total_jobs[:] = 0.0
    for i in range(jobs.shape[0]):
        amount = jobs[i] * weight[i]
        total_jobs[region[i]] += amount
        if kind[i] == FIRM:
            sector_jobs[region[i], sector[i]] += amount


@kernel
def supplier_gain(supplier, buyer, gain, total, count):  # type: ignore[no-untyped-def]
    """Mean log gain in productivity of each firm's suppliers since the start."""
    total[:] = 0.0
    count[:] = 0.0
    for s in range(supplier.shape[0]):
        total[buyer[s]] += gain[supplier[s]]
        count[buyer[s]] += 1.0
    for i in range(total.shape[0]):
        if count[i] > 0.0:
            total[i] /= count[i]


@kernel
def links_to_catapults(source, target, works_until, kind, quarter, linked):  # type: ignore[no-untyped-def]
    """Whether a firm works with a catapult this quarter."""
    linked[:] = False
    for t in range(source.shape[0]):
        if works_until[t] <= quarter:
            continue
        i, j = source[t], target[t]
        if kind[i] == FIRM and kind[j] == CATAPULT:
            linked[i] = True
        elif kind[j] == FIRM and kind[i] == CATAPULT:
            linked[j] = True


@kernel
def produce(
    kind,
    region,
    sector,
    base_productivity,
    knowledge,
    base_knowledge,
    place_term,
    frontier,
    suppliers,
    linked,
    knowledge_elasticity,
    supplier_elasticity,
    link_gain,
    link_loss,
    speed,
    frontier_step,
    catapult_gain,
    productivity,
):  # type: ignore[no-untyped-def]
    """ln A follows ``base + frontier + β ln(K/K0) + place + suppliers + catapult`` at a speed.

    ``place_term`` (regions, sectors) is the sum of density, specialisation, related variety,
    place capital and congestion, each against the start.
    """
    for i in range(kind.shape[0]):
        if kind[i] != FIRM:
            continue
        if linked[i]:
            catapult_gain[i] += link_gain
        else:
            catapult_gain[i] *= 1.0 - link_loss
        s = sector[i]
        target = base_productivity[i] + frontier[s] + place_term[region[i], s]
        target += knowledge_elasticity * math.log(max(knowledge[i], 1e-12) / base_knowledge[i])
        target += supplier_elasticity * suppliers[i] + catapult_gain[i]
        productivity[i] += frontier_step + speed * (target - productivity[i] - frontier_step)


@kernel
def compete(
    seed,
    quarter,
    uid,
    kind,
    sector,
    weight,
    gain,
    gva,
    exports,
    response,
    spread,
    domestic_total,
):  # type: ignore[no-untyped-def]
    """Sales before the market clears: firms that become better gain, with fat tails.

    With Δg the quarter's gain in log productivity beyond the shared frontier, home sales grow by
    χ (Δg − mean Δg of the national sector) and exports by χ Δg, both with a Laplace shock. The
    mean is taken by the market, which scales home sales to demand: ``domestic_total`` (sectors,).
    """
    domestic_total[:] = 0.0
    for i in range(uid.shape[0]):
        if kind[i] != FIRM:
            continue
        s = sector[i]
        u = luck.uniform(seed, luck.GROWTH_SHOCK, uid[i], quarter) - 0.5
        # The scale is a year's; four independent quarters add up to it.
        shock = -0.5 * spread * math.copysign(math.log(1.0 - 2.0 * abs(u)), u)
        # A Laplace shock has mean e^x above one; the market, and not luck, sets the total.
        level = math.log(1.0 - 0.25 * spread * spread)
        home = gva[i] - exports[i]
        home *= math.exp(response * gain[i] + shock)
        exports[i] *= math.exp(response * gain[i] + shock + level)
        gva[i] = home
        domestic_total[s] += weight[i] * home


@kernel
def settle(
    kind,
    sector,
    closure,
    scale,
    export_growth,
    productivity,
    employment_speed,
    margin,
    payout,
    buffer,
    finance,
    rd_intensity,
    base_income,
    grants,
    returned,
    spending,
    gva,
    exports,
    jobs,
    cash,
):  # type: ignore[no-untyped-def]
    """Clear the market, move jobs towards sales, and close the quarter's cash account.

    ``cash' = cash + (margin + usual research) · GVA/4 + grants − spending − returned − payout``,
    for a firm, whose value added includes the pay of its usual research;
    ``cash' = cash + base income + grants − spending − returned`` for the others.
    """
    for i in range(kind.shape[0]):
        public = grants[i] - returned[i]
        if kind[i] != FIRM:
            cash[i] += base_income[i] + public - spending[i]
            continue
        exports[i] *= export_growth
        home = gva[i] * scale[sector[i]]
        gva[i] = (home + exports[i]) * (1.0 - closure[i])
        exports[i] *= 1.0 - closure[i]
        wanted = gva[i] / math.exp(productivity[i])
        jobs[i] = jobs[i] * (1.0 - closure[i])
        jobs[i] += employment_speed * (wanted - jobs[i])
        profit = 0.25 * (margin + rd_intensity[i]) * gva[i] + public - spending[i]
        cash[i] += profit
        over = cash[i] - buffer * gva[i]
        if profit > 0.0 and over > 0.0:
            cash[i] -= min(payout * profit, over)
        elif cash[i] < 0.0:
            cash[i] *= 1.0 - 0.25 * finance


def density(world: World, jobs: NDArray[np.float64], decay: float) -> NDArray[np.float64]:
    """D_r = Σ_k E_k (t_rk / t_rr)^−α: jobs within reach of each region."""
    own = np.diag(world.travel)
    reach: NDArray[np.float64] = (world.travel / own[:, None]) ** -decay
    result: NDArray[np.float64] = reach @ jobs
    return result


def variety(world: World, sector_jobs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Jobs in related other sectors, per job of the region's clusters (regions, sectors)."""
    related = world.relatedness.copy()
    np.fill_diagonal(related, 0.0)
    total = np.maximum(sector_jobs.sum(axis=1, keepdims=True), 1e-9)
    result: NDArray[np.float64] = np.maximum(sector_jobs @ related / total, 1e-9)
    return result


def quotient(
    sector_jobs: NDArray[np.float64], all_jobs: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Location quotient of each region and sector, against the nation; floor 0.01."""
    national = sector_jobs.sum(axis=0) / all_jobs.sum()
    result: NDArray[np.float64] = np.maximum(
        sector_jobs / all_jobs[:, None] / np.maximum(national, 1e-12), 1e-2
    )
    return result


def place_term(world: World, assumptions: TradeAssumptions) -> NDArray[np.float64]:
    """What the place adds to log productivity since the start, by region and sector."""
    o, regions, cells = world.organisations, world.regions, world.cells
    sector_jobs = np.empty(cells.pool.shape)
    jobs = np.empty(len(regions))
    place_effects(o.jobs, o.weight, o.kind, o.region, o.sector, sector_jobs, jobs)
    all_jobs = jobs + regions.background_jobs
    regions.density[:] = density(world, all_jobs, assumptions.density_decay)
    elasticity = np.where(
        world.sectors.is_service,
        assumptions.density_elasticity_services,
        assumptions.density_elasticity,
    )
    term: NDArray[np.float64] = (
        np.log(regions.density / regions.density_start)[:, None] * elasticity
    )
    term += assumptions.specialisation_elasticity * np.log(
        quotient(sector_jobs, all_jobs) / cells.base_quotient
    )
    term += assumptions.variety_elasticity * np.log(
        variety(world, sector_jobs) / cells.base_variety
    )
    capital = regions.place_capital / regions.place_capital_start
    term += (assumptions.place_capital_elasticity * np.log(capital))[:, None]
    term -= regions.congestion[:, None]
    _local_multiplier(world, sector_jobs.sum(axis=1), assumptions)
    return term


def _local_multiplier(
    world: World, cluster_jobs: NDArray[np.float64], assumptions: TradeAssumptions
) -> None:
    regions = world.regions
    induced = assumptions.local_multiplier * (cluster_jobs - regions.cluster_jobs_start)
    target = regions.background_jobs_start + induced
    regions.background_jobs += per_quarter(assumptions.multiplier_speed) * (
        target - regions.background_jobs
    )


def trade(world: World, assumptions: TradeAssumptions) -> None:
    """Productivity, markets, jobs and cash of one quarter."""
    o, sectors, t = world.organisations, world.sectors, world.ties
    n = len(o)
    step = assumptions.frontier_growth / QUARTERS_PER_YEAR
    sectors.frontier += step
    term = place_term(world, assumptions)
    suppliers, count = np.empty(n), np.empty(n)
    gain = o.productivity - o.base_productivity - sectors.frontier[o.sector]
    supplier_gain(world.supplies.supplier_row, world.supplies.buyer_row, gain, suppliers, count)
    linked = np.empty(n, np.bool_)
    links_to_catapults(t.source_row, t.target_row, t.works_until, o.kind, world.quarter, linked)
    before = o.productivity.copy()
    produce(
        o.kind,
        o.region,
        o.sector,
        o.base_productivity,
        o.knowledge,
        o.base_knowledge,
        term,
        sectors.frontier,
        suppliers,
        linked,
        assumptions.knowledge_elasticity,
        assumptions.supplier_elasticity,
        assumptions.catapult_link / QUARTERS_PER_YEAR,
        per_quarter(assumptions.link_forgetting),
        per_quarter(assumptions.adoption_speed),
        step,
        o.catapult_gain,
        o.productivity,
    )
    _clear_markets(world, o.productivity - before - step, assumptions)


def _clear_markets(world: World, gain: NDArray[np.float64], assumptions: TradeAssumptions) -> None:
    o, sectors = world.organisations, world.sectors
    n_sectors = len(sectors)
    growth = 1.0 + assumptions.demand_growth / QUARTERS_PER_YEAR
    sectors.demand *= growth * (1.0 + sectors.demand_shift)
    home = np.empty(n_sectors)
    compete(
        world.seed,
        world.quarter,
        o.uid,
        o.kind,
        o.sector,
        o.weight,
        gain,
        o.gva,
        o.exports,
        assumptions.market_response,
        assumptions.shock_spread,
        home,
    )
    scale = np.where(
        home > 0.0, (1.0 - assumptions.export_share) * sectors.demand / np.maximum(home, 1e-12), 1.0
    )
    settle(
        o.kind,
        o.sector,
        o.closure,
        scale,
        growth,
        o.productivity,
        per_quarter(assumptions.employment_speed),
        assumptions.margin,
        assumptions.payout,
        assumptions.cash_buffer,
        assumptions.finance_access,
        o.rd_intensity,
        o.base_income,
        o.grant_core + o.grant_research + o.grant_ties,
        o.returned,
        o.spending,
        o.gva,
        o.exports,
        o.jobs,
        o.cash,
    )


def begin(world: World, assumptions: TradeAssumptions) -> None:
    """Take the start as the reference of every effect of place, and split sales into markets."""
    o, regions, cells, sectors = world.organisations, world.regions, world.cells, world.sectors
    sector_jobs = np.empty(cells.pool.shape)
    jobs = np.empty(len(regions))
    place_effects(o.jobs, o.weight, o.kind, o.region, o.sector, sector_jobs, jobs)
    all_jobs = jobs + regions.background_jobs
    regions.density_start[:] = density(world, all_jobs, assumptions.density_decay)
    regions.density[:] = regions.density_start
    regions.place_capital_start[:] = regions.place_capital
    regions.cluster_jobs_start[:] = sector_jobs.sum(axis=1)
    cells.base_quotient[:] = quotient(sector_jobs, all_jobs)
    cells.base_variety[:] = variety(world, sector_jobs)
    is_firm = o.kind == FIRM
    o.exports[:] = np.where(is_firm, assumptions.export_share * o.gva, 0.0)
    sales = np.where(is_firm, o.weight * o.gva, 0.0)
    total = np.bincount(o.sector, sales, len(sectors))
    sectors.demand[:] = total
    sectors.mean_productivity[:] = np.bincount(
        o.sector, sales * o.productivity, len(sectors)
    ) / np.maximum(total, 1e-12)
