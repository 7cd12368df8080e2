"""Choice: the length of projects, the research budget and the staff that it can pay."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel, kernel_of, rows_where
from sim.parameters import per_quarter_of_half_life
from sim.quarter.plan.assumptions import PlanAssumptions
from sim.quarter.plan.belief import Promises
from sim.quarter.work import WorkAssumptions, kept_share
from sim.world.state import FIRM, World

#: Jobs from which a firm counts as large.
LARGE_FIRM = 250.0
#: Share of all income from which the memory of a grant counts when it is gone.
GRANT_THAT_MATTERS = 0.01
#: Years in a quarter.
_QUARTER = 0.25


@kernel_of("float64(float64, float64)")
def best_length(exponent, salvage):
    """Length of work, in horizons, that maximises x^φ (σ + (1 − σ) e^(−x)), for φ ``exponent``.

    Work is paid at its end, and all but the salvage σ is lost if money stops first, at rate 1/H;
    x is ℓ/H. The first-order condition is iterated from below, until the length stands; infinite
    where no length is long enough.
    """
    if exponent <= 0.0:
        return 0.0
    at_risk = 1.0 - salvage + 1e-9
    before, length = 0.0, exponent
    while length > before:
        if length > 100.0:  # horizons
            return math.inf
        before = length
        length = exponent * (1.0 + salvage / at_risk * math.exp(length))
    return length


@kernel_of("float64(float64, float64, float64, float64, float64)")
def own_research_ratio(public_ratio, security_ratio, elasticity, exponent, weight):
    """Own research x that a firm chooses, as a multiple of its usual own research.

    First-order condition of max V s (x^ρ + φ g^ρ)^(η/ρ) − x with V set so that x = 1 at g = 0:
    ``x = [s (x^ρ + φ g^ρ)^((η − ρ)/ρ)]^(1/(1 − ρ))``. Public research g attracts own research
    when ρ < η, and replaces it when ρ > η; without any, ``x = s^(1/(1 − η))``.
    ``security_ratio`` s is the chance that work is finished, against usual times. Solved by
    Newton's method in ln x, where the slope lies between 1 − η and 1 − ρ and is never zero.
    """
    if public_ratio <= 0.0:
        return min(max(security_ratio ** (1.0 / (1.0 - elasticity)), 0.01), 20.0)
    pull = weight * public_ratio**exponent
    power = (elasticity - exponent) / exponent
    level = math.log(security_ratio)
    log_x = 0.0
    for _ in range(30):
        own = math.exp(exponent * log_x)
        excess = (1.0 - exponent) * log_x - level - power * math.log(own + pull)
        slope = (1.0 - exponent) - (elasticity - exponent) * own / (own + pull)
        step = excess / slope
        log_x -= step
        if abs(step) < 1e-6:  # the next would be its square
            break
    return min(max(math.exp(log_x), 0.01), 20.0)


@kernel
def choose(
    kind,
    is_active,
    jobs,
    gva,
    cash,
    rd_intensity,
    base_income,
    grants,
    match_due,
    promised_flow,
    remaining,
    term,
    credibility,
    continuation,
    unit_cost,
    wage_at,
    grant_memory,
    memory_speed,
    exponent_by_kind,
    horizon_usual,
    response,
    salvage,
    shortest,
    longest,
    elasticity,
    exponent,
    weight,
    large_weight,
    habit_speed,
    smoothing,
    reserve_quarters,
    horizon,
    security,
    project_length,
    own_rd,
    desired,
    is_in_gap,
):
    """Each organisation's plan; all money is £m a quarter of one real organisation."""
    length_by_kind = np.empty(exponent_by_kind.shape[0])
    for k in range(exponent_by_kind.shape[0]):
        length_by_kind[k] = best_length(exponent_by_kind[k], salvage)
    is_in_gap[:] = False
    for i in rows_where(is_active):
        public = max(grants[i], 0.0)
        private = base_income[i] + (own_rd[i] if kind[i] == FIRM else 0.0)
        # Half of a grant that mattered is missing, and is still missed.
        matters = grant_memory[i] > GRANT_THAT_MATTERS * (private + public)
        is_in_gap[i] = matters and public < 0.5 * grant_memory[i]
        believed = credibility[i] * (remaining[i] + continuation[i] * term[i])
        # Money that has just stopped pays for work that is still there: it has no horizon at all.
        shortfall = max(grant_memory[i] - public, 0.0)
        total = private + promised_flow[i] + shortfall
        seen = horizon_usual
        if total > 0.0:
            seen = (private * horizon_usual + promised_flow[i] * believed) / total
        horizon[i] = max(horizon_usual + response * (seen - horizon_usual), 0.1)
        security[i] = 4.0 * remaining[i]
        project_length[i] = min(max(length_by_kind[kind[i]] * horizon[i], shortest), longest)
        if kind[i] == FIRM:
            usual = rd_intensity[i] * gva[i] * _QUARTER
            if usual > 0.0:
                length = project_length[i]
                finish = kept_share(length, horizon[i], salvage)
                usual_finish = kept_share(length, horizon_usual, salvage)
                pull = weight * (large_weight if jobs[i] >= LARGE_FIRM else 1.0)
                ratio = own_research_ratio(
                    public / usual, finish / usual_finish, elasticity, exponent, pull
                )
                target = max(usual * ratio, min(match_due[i], usual))
                target = min(target, 0.5 * gva[i] * _QUARTER + max(cash[i], 0.0) * _QUARTER)
                own_rd[i] += habit_speed * (target - own_rd[i])
                own_rd[i] = max(own_rd[i], min(match_due[i], max(cash[i], 0.0)))
            # Firms smooth about 75 % of the volatility of research out of cash [89].
            bridge = smoothing * shortfall if cash[i] > 4.0 * shortfall else 0.0
            budget = own_rd[i] + public + bridge
        else:
            # Laboratories and catapults have only a thin reserve to draw on.
            income = base_income[i] + public
            # In a gap the reserve is still that of usual times, and no surplus to be spent.
            target_reserve = reserve_quarters * (income + shortfall)
            surplus = max(cash[i] - target_reserve, 0.0)
            # A reserve of some months of a grant, drawn as the memory of it fades, lasts as long.
            bridge = min(reserve_quarters * memory_speed * shortfall, max(cash[i], 0.0) / 3.0)
            deficit = min(cash[i], 0.0)
            budget = max(income + 0.125 * surplus + bridge + 0.25 * deficit, 0.0)
        grant_memory[i] += memory_speed * (public - grant_memory[i])
        desired[i] = 4.0 * budget / (unit_cost[kind[i]] * wage_at[i])


def choose_plans(
    world: World,
    grants: NDArray[np.float64],
    promises: Promises,
    assumptions: PlanAssumptions,
    work: WorkAssumptions,
) -> None:
    """Choose length of projects, research budget and staff, from ``grants`` and ``promises``."""
    o = world.organisations
    choose(
        o.kind,
        o.is_research_active,
        o.jobs,
        o.gva,
        o.cash,
        o.rd_intensity,
        o.base_income,
        grants,
        o.match_due,
        promises.flow,
        promises.remaining,
        promises.term,
        o.credibility,
        o.continuation,
        world.researcher_cost,
        world.regions.wage[o.region],
        o.grant_memory,
        per_quarter_of_half_life(assumptions.grant_memory),
        work.exponent_by_kind(),
        assumptions.reference_horizon,
        assumptions.belief_response,
        work.salvage,
        assumptions.shortest_project,
        assumptions.longest_project,
        assumptions.return_elasticity,
        assumptions.complementarity,
        assumptions.public_weight,
        assumptions.large_firm_weight,
        per_quarter_of_half_life(assumptions.habit_half_life),
        assumptions.cash_smoothing,
        assumptions.reserve_months / 3.0,
        o.horizon,
        o.security,
        o.project_length,
        o.own_rd,
        o.desired_researchers,
        o.is_in_gap,
    )
