"""Hiring: posts on offer are filled slowly, staff that no money pays for are let go quickly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel, kernel_of, rows_where
from sim.parameters import QUARTERS_PER_YEAR, per_quarter, per_quarter_of_half_life
from sim.quarter.staff.assumptions import StaffAssumptions
from sim.world.state import World


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
    for i in rows_where(is_active):
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
    effort[:] = 0.0
    spending[:] = 0.0
    hired[:] = 0.0
    lost[:] = 0.0
    knowledge_lost[:] = 0.0
    interrupted[:] = 0.0
    for i in rows_where(is_active):
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


def hire_and_let_go(world: World, assumptions: StaffAssumptions) -> None:
    """Fill what the region's people can fill of the posts on offer, and let go whom none pays."""
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
