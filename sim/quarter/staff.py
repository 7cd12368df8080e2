"""Staff: money becomes people, slowly; the end of money lets them go, quickly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.kernel import kernel, kernel_of
from sim.parameters import (
    QUARTERS_PER_YEAR,
    Parameters,
    per_quarter,
    per_quarter_of_half_life,
    quantity,
)
from sim.world.state import World

#: Quarters for which a move between organisations is kept as a link.
MEMORY_OF_MOVES = 12


class StaffAssumptions(Parameters):
    """Hiring, experience, layoff, leaving, graduates and movers."""

    hiring_speed: float = quantity(
        0.29, "share of the vacancy a quarter", (0.15, 0.6), neutral=1.0, gt=0, le=1
    )
    """How fast vacancies are filled where people are there."""
    layoff_speed: float = quantity(
        0.933, "share of the excess a quarter", (0.5, 1), "[76]", neutral=1.0, gt=0, le=1
    )
    """How fast staff that no money pays for are let go."""
    quit_rate: float = quantity(
        0.169, "share a quarter", (0.03, 0.3), "[77]", neutral=0.0, ge=0, le=1
    )
    """Staff who leave before the end when their post has less than two quarters of funding."""
    post_length_half: float = quantity(0.5, "years", (0, 1.5), neutral=0.0, ge=0, le=10)
    """Length of post at which half of the candidates accept it."""
    pool_elasticity: float = quantity(0.5, "elasticity", (0.2, 1.0), neutral=0.0, ge=0, le=3)
    """Fall of the filling of vacancies as they grow against the people in the regional pool."""
    wage_elasticity: float = quantity(0.15, "elasticity", (0.05, 0.4), neutral=0.0, ge=0, le=2)
    """Rise of researchers' cost in a region with demand against its trained people."""
    wage_speed: float = quantity(0.25, "share of the way a year", (0.1, 0.6), ge=0, le=1)
    """How fast researchers' cost moves to its new level."""
    newcomer_experience: float = quantity(
        0.5, "share of full effect", (0.3, 0.8), neutral=1.0, ge=0, le=1
    )
    """Effect of a newly hired researcher against one of a trained team."""
    experience_half_life: float = quantity(1.5, "years", (0.75, 3), gt=0)
    """How fast newcomers reach full effect."""
    leave_share: float = quantity(
        0.5, "share of those let go", (0.2, 0.7), "[77]", neutral=0.0, ge=0, le=1
    )
    """Those let go who leave the region or research for good."""
    tacit_share: float = quantity(
        0.4, "share of knowledge held by people", (0.1, 0.7), neutral=0.0, ge=0, le=1
    )
    """Part of an organisation's knowledge that goes with the people who carry it."""
    retirement: float = quantity(0.0629, "per year", (0.02, 0.07), ge=0, le=0.5)
    """Research staff who retire or change profession, and whose posts are filled anew."""
    migration_semi_elasticity: float = quantity(
        0.1, "per year per unit of log real wage", (0.03, 0.3), "[72, 73]", neutral=0.0, ge=0, le=5
    )
    """Movement of skilled people to regions that pay more, net of congestion, by distance."""
    migration_reach: float = quantity(90.0, "minutes", (45, 180), "[73]", gt=0)
    """Travel time over which movement of people falls to 37 %."""


@kernel_of("float64(float64, float64, float64, float64, float64)")
def share_on_awards(grants, promised, remembered, other, unpaid):
    """Share of a team whose posts hang on awards: those that pay, and those that have stopped.

    All are £m a quarter. Money that nobody promised, as the subsidy of ties, is
    no post that ends on a date; an award that has just stopped leaves people waiting, but for
    those whom the organisation pays out of its cash: at most its ``unpaid`` staff.
    """
    stopped = min(max(remembered - grants, 0.0), unpaid)
    return (min(promised, grants) + stopped) / max(grants + stopped + other, 1e-12)


@kernel
def want(
    researchers,
    desired,
    horizon,
    security,
    core,
    research,
    ties,
    promised,
    remembered,
    base_income,
    own_rd,
    cost_of_kind,
    wage,
    kind,
    region,
    weight,
    is_active,
    hiring_speed,
    layoff_speed,
    quit_rate,
    post_length_half,
    retirement,
    hires,
    losses,
    retired,
    demand,
):
    """What each organisation would hire, and whom it loses; ``demand`` (regions,) sums the hires.

    Staff that no money pays for are let go quickly. People on posts with less than two quarters
    of promised money begin to leave before the end [76, 77].
    """
    demand[:] = 0.0
    for i in range(researchers.shape[0]):
        hires[i] = losses[i] = retired[i] = 0.0
        if not is_active[i]:
            continue
        staff = researchers[i]
        excess = max(staff - desired[i], 0.0)
        cost = cost_of_kind[kind[i]] / QUARTERS_PER_YEAR * wage[region[i]]
        on_awards = share_on_awards(
            core[i] + research[i] + ties[i],
            promised[i],
            remembered[i],
            base_income[i] + own_rd[i],
            excess * cost,
        )
        insecure = on_awards * max(0.0, 1.0 - 0.5 * security[i])
        losses[i] = min(layoff_speed * excess + quit_rate * insecure * staff, staff)
        retired[i] = retirement * (staff - losses[i])
        # Not "without excess staff": a rounding error of excess would leave leavers unreplaced.
        accept = horizon[i] / (horizon[i] + post_length_half)
        open_posts = desired[i] - staff + losses[i] + retired[i]
        hires[i] = hiring_speed * accept * max(open_posts, 0.0)
        demand[region[i]] += weight[i] * hires[i]


@kernel
def move(
    researchers,
    experience,
    knowledge,
    hires,
    losses,
    retired,
    fill,
    region,
    kind,
    weight,
    is_active,
    bid_effort,
    joint_cost,
    unit_cost,
    wage,
    newcomer,
    learning,
    tacit,
    leave_share,
    effort,
    spending,
    hired,
    lost,
    knowledge_lost,
    interrupted,
    pool_hired,
    pool_returned,
    left,
):
    """Carry out hires and losses; experience e and effective research follow.

    ``e' = (stayers · e + hires · e0) / staff``, then ``e' + (1 − e') λ``. Effective research is
    staff × experience, less the time that bids and ties take, at the usual cost of a researcher.
    """
    pool_hired[:] = 0.0
    pool_returned[:] = 0.0
    left[:] = 0.0
    for i in range(researchers.shape[0]):
        if not is_active[i]:
            effort[i] = spending[i] = hired[i] = lost[i] = 0.0
            knowledge_lost[i] = interrupted[i] = 0.0
            continue
        r = region[i]
        before = researchers[i]
        hired[i] = hires[i] * fill[r]
        lost[i] = losses[i]
        stay = before - losses[i] - retired[i]
        after = stay + hired[i]
        interrupted[i] = losses[i] / before if before > 0.0 else 0.0
        knowledge_lost[i] = tacit * interrupted[i] * knowledge[i]
        if after > 0.0:
            experience[i] = (stay * experience[i] + hired[i] * newcomer) / after
        experience[i] += (1.0 - experience[i]) * learning
        researchers[i] = after
        busy = bid_effort[i] + joint_cost[i]
        cost = 0.25 * unit_cost[kind[i]]
        effort[i] = max(after * experience[i] - busy, 0.0) * cost
        spending[i] = after * cost * wage[r]
        pool_hired[r] += weight[i] * hired[i]
        pool_returned[r] += weight[i] * losses[i] * (1.0 - leave_share)
        left[r] += weight[i] * losses[i] * leave_share


@kernel
def origins(seed, quarter, hired, uid, region, offsets, leavers, origin):
    """For each organisation that hires, one of the region's organisations that lost people.

    ``leavers`` holds the rows that lost people, by region between ``offsets``.
    """
    for i in range(hired.shape[0]):
        origin[i] = -1
        r = region[i]
        n = offsets[r + 1] - offsets[r]
        if hired[i] <= 0.0 or n == 0:
            continue
        pick = int(luck.uniform(seed, luck.HIRE_ORIGIN, uid[i], quarter) * n)
        row = leavers[offsets[r] + min(pick, n - 1)]
        if row != i:
            origin[i] = row


def staff(world: World, assumptions: StaffAssumptions) -> None:
    """Hire, let go, and pay; move wages and people between regions."""
    o, regions = world.organisations, world.regions
    n, n_regions = len(o), len(regions)
    hires, losses, retired = np.empty(n), np.empty(n), np.empty(n)
    demand = np.empty(n_regions)
    want(
        o.researchers,
        o.desired_researchers,
        o.horizon,
        o.security,
        o.grant_core,
        o.grant_research,
        o.grant_ties,
        o.promised,
        o.grant_memory,
        o.base_income,
        o.own_rd,
        world.researcher_cost,
        regions.wage,
        o.kind,
        o.region,
        o.weight,
        o.is_research_active,
        assumptions.hiring_speed,
        assumptions.layoff_speed,
        assumptions.quit_rate,
        assumptions.post_length_half,
        per_quarter(assumptions.retirement),
        hires,
        losses,
        retired,
        demand,
    )
    regions.posts_open[:] = demand
    fill = fill_rate(regions.skilled_pool, regions.skilled_pool_usual, demand, assumptions)
    move(
        o.researchers,
        o.experience,
        o.knowledge,
        hires,
        losses,
        retired,
        fill,
        o.region,
        o.kind,
        o.weight,
        o.is_research_active,
        o.bid_effort,
        o.joint_cost,
        world.researcher_cost,
        regions.wage,
        assumptions.newcomer_experience,
        per_quarter_of_half_life(assumptions.experience_half_life),
        assumptions.tacit_share,
        assumptions.leave_share,
        o.effort,
        o.spending,
        o.hired,
        o.lost,
        o.knowledge_lost,
        o.interrupted,
        regions.pool_hired,
        regions.pool_returned,
        regions.left_research,
    )
    _pay_more_where_people_are_scarce(world, assumptions)
    _migrate(world, assumptions)
    _remember_moves(world)


def fill_rate(
    pool: NDArray[np.float64],
    usual: NDArray[np.float64],
    demand: NDArray[np.float64],
    assumptions: StaffAssumptions,
) -> NDArray[np.float64]:
    """Share of the posts on offer that are filled: (pool / usual pool)^ε, at most half the pool."""
    depth = (np.maximum(pool, 0.0) / np.maximum(usual, 1e-9)) ** assumptions.pool_elasticity
    most = 0.5 * np.maximum(pool, 0.0) / np.maximum(demand, 1e-9)
    return np.minimum(np.minimum(depth, most), 1.0)


@kernel
def staff_by_region(region, weight, desired, researchers, wanted, there):
    """Researchers that plans can pay, and those that are there, by region."""
    wanted[:] = 0.0
    there[:] = 0.0
    for i in range(region.shape[0]):
        wanted[region[i]] += desired[i] * weight[i]
        there[region[i]] += researchers[i] * weight[i]


def tightness(world: World) -> NDArray[np.float64]:
    """Posts wanted against trained people there, by region."""
    o, regions = world.organisations, world.regions
    wanted, there = np.empty(len(regions)), np.empty(len(regions))
    staff_by_region(o.region, o.weight, o.desired_researchers, o.researchers, wanted, there)
    ratio = wanted / np.maximum(there + regions.skilled_pool, 1e-9)
    # A region without research has no posts to fill, and no scarcity that could be measured.
    return np.asarray(np.maximum(ratio, 1e-9))


def _pay_more_where_people_are_scarce(world: World, assumptions: StaffAssumptions) -> None:
    regions = world.regions
    target = (tightness(world) / regions.tightness_start) ** assumptions.wage_elasticity
    regions.wage += per_quarter(assumptions.wage_speed) * (target - regions.wage)


def _migrate(world: World, assumptions: StaffAssumptions) -> None:
    """Skilled people drift to places with better real pay, the less the further away they are."""
    regions = world.regions
    real = np.log(regions.wage) - regions.congestion
    near = np.exp(-world.travel / assumptions.migration_reach)
    np.fill_diagonal(near, 0.0)
    near /= np.maximum(near.sum(axis=1, keepdims=True), 1e-12)
    gain = np.maximum(real[None, :] - real[:, None], 0.0)
    speed = assumptions.migration_semi_elasticity / QUARTERS_PER_YEAR
    flow = np.minimum(speed * gain, 0.1) * near * np.maximum(regions.skilled_pool, 0.0)[:, None]
    regions.migrated[:] = flow.sum(axis=0) - flow.sum(axis=1)


def _remember_moves(world: World) -> None:
    o, moves, n_regions = world.organisations, world.moves, len(world.regions)
    leavers = np.flatnonzero(o.lost > 0.0).astype(np.int64)
    offsets = np.searchsorted(o.region[leavers], np.arange(n_regions + 1)).astype(np.int64)
    origin = np.empty(len(o), np.int64)
    origins(world.seed, world.quarter, o.hired, o.uid, o.region, offsets, leavers, origin)
    to = np.flatnonzero(origin >= 0)
    forgotten = np.searchsorted(moves.quarter, world.quarter - MEMORY_OF_MOVES)
    moves.append(
        {
            "origin": o.uid[origin[to]],
            "destination": o.uid[to],
            "quarter": world.quarter,
            "people": o.hired[to] * o.weight[to],
        },
        first=int(forgotten),
    )


def begin(world: World) -> None:
    """Take the start as the usual state of every region's market for researchers."""
    world.regions.tightness_start[:] = tightness(world)
