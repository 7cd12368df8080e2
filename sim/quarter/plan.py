"""Plan: organisations update what they believe about money, and choose staff and project length."""

from __future__ import annotations

import math

import numpy as np

from sim.kernel import kernel, kernel_of
from sim.parameters import Parameters, per_quarter_of_half_life, quantity
from sim.quarter.work import WorkAssumptions
from sim.world.state import FIRM, World

#: Jobs from which a firm counts as large.
LARGE_FIRM = 250.0
_QUARTER = 0.25


class PlanAssumptions(Parameters):
    """Belief, the length of projects, and a firm's own research budget."""

    belief_half_life: float = quantity(3.0, "years", (1, 6), "EVIDENCE §2", gt=0)
    """How fast experience of kept and broken promises replaces older experience."""
    partner_experience: float = quantity(0.25, "weight", (0, 0.5), neutral=0.0, ge=0, le=1)
    """Weight of what partners lived through beside one's own experience."""
    event_weight: float = quantity(0.25, "weight of one award that ends", (0.1, 0.5), ge=0, le=1)
    """How much one award renewed or lapsed moves the belief that awards are followed by others."""
    belief_response: float = quantity(1.0, "share", (0, 1), "[75]", neutral=0.0, ge=0, le=1)
    """How far choices follow the believed horizon of funding; 0: everybody plans as if funded
    for the reference horizon."""
    reference_horizon: float = quantity(8.0, "years", (4, 15), gt=0)
    """Horizon of money that no programme can end: sales, and the institutions' base income."""
    shortest_project: float = quantity(0.5, "years", (0.25, 1), gt=0)
    """Shortest project that anybody plans."""
    longest_project: float = quantity(6.0, "years", (4, 10), gt=0)
    """Longest project that anybody plans."""
    return_elasticity: float = quantity(
        0.6, "elasticity", (0.3, 0.9), "EVIDENCE §2c", gt=0, le=0.99
    )
    """Elasticity of innovation to effort as the firm sees it in its own problem (η)."""
    complementarity: float = quantity(
        0.35, "CES exponent", (0.1, 0.6), "[51–60]", neutral=0.6, gt=0, le=0.99
    )
    """CES exponent between own and public research (ρ). Below η public money attracts private
    money; at η it leaves it alone; above η it replaces it."""
    public_weight: float = quantity(0.35, "CES weight", (0.1, 0.8), gt=0, le=5)
    """Weight of public money in the firm's effort."""
    large_firm_weight: float = quantity(0.25, "multiple", (0, 1), "[59]", ge=0, le=1)
    """The same for firms of 250 jobs and more, as a multiple: generic subsidy moves them little."""
    grant_memory: float = quantity(0.5, "years, half-life", (0.25, 1.5), gt=0)
    """How long an organisation spends as if public money were still what it was."""
    habit_half_life: float = quantity(2.0, "years", (1.6, 2.5), "[61]", gt=0)
    """How fast a firm's research budget moves to what it would now choose."""
    cash_smoothing: float = quantity(0.75, "share", (0.5, 0.9), "[89]", neutral=0.0, ge=0, le=1)
    """Share of a fall in public money that a firm bridges out of cash while it has any."""
    reserve_months: float = quantity(1.0, "months", (0, 6), ge=0, le=60)
    """Months of a grant that a laboratory or catapult can bridge out of its reserve."""


@kernel
def award_terms(
    holder_row,
    award_weight,
    payment,
    paid,
    start,
    end,
    next_gate,
    announced,
    length,
    outcome,
    now,
    holder_weight,
    received,
    promised_flow,
    remaining,
    term,
):  # type: ignore[no-untyped-def]
    """What awards paid each holder and promise it: £m a quarter, mean remaining time and term.

    ``remaining`` and ``term`` (organisations,) are in years, weighted by money. Only awards that
    were announced count, and a review that may stop the work is the end of what is promised.
    ``received`` is of every purpose, and without the subsidy of ties, which
    nobody promised.
    """
    received[:] = 0.0
    promised_flow[:] = 0.0
    remaining[:] = 0.0
    term[:] = 0.0
    for k in range(holder_row.shape[0]):
        row = holder_row[k]
        if row < 0:
            continue
        received[row] += paid[k] * award_weight[k] / holder_weight[row]
        if outcome[k] != 0 or announced[k] > now or end[k] <= now or start[k] > now:
            continue
        flow = payment[k] * award_weight[k] / holder_weight[row]
        promised_flow[row] += flow
        sure = min(end[k], next_gate[k]) if next_gate[k] > now else end[k]
        remaining[row] += flow * (sure - now) * _QUARTER
        term[row] += flow * length[k] * _QUARTER
    for i in range(promised_flow.shape[0]):
        if promised_flow[i] > 0.0:
            remaining[i] /= promised_flow[i]
            term[i] /= promised_flow[i]


@kernel
def partner_record(source, target, kept, had_promise, total, count):  # type: ignore[no-untyped-def]
    """Sum and number of partners' records of kept promises, for each organisation."""
    total[:] = 0.0
    count[:] = 0.0
    for t in range(source.shape[0]):
        i, j = source[t], target[t]
        if had_promise[j]:
            total[i] += kept[j]
            count[i] += 1.0
        if had_promise[i]:
            total[j] += kept[i]
            count[j] += 1.0


@kernel
def update_belief(
    credibility,
    continuation,
    promised,
    received,
    n_renewed,
    n_lapsed,
    promised_flow,
    remembered,
    partner_total,
    partner_count,
    speed,
    partner_weight,
    event_weight,
):  # type: ignore[no-untyped-def]
    """Belief that promises are kept: c' = c + λ (kept − c), by own and partners' experience.

    An award that ends on its date breaks no promise; it informs the belief that one award is
    followed by another: r' = r + (1 − (1 − ω)^n) (share renewed − r). Where awards promise about
    what is ``remembered`` of them (£m a quarter, without the subsidy of ties), all were followed.
    """
    for i in range(credibility.shape[0]):
        if promised[i] > 0.0:
            kept = min(1.0, received[i] / promised[i])
            credibility[i] += speed * (kept - credibility[i])
        if partner_count[i] > 0.0:
            seen = partner_total[i] / partner_count[i]
            credibility[i] += speed * partner_weight * (seen - credibility[i])
        events = n_renewed[i] + n_lapsed[i]
        if events > 0.0:
            followed = n_renewed[i]
            if promised_flow[i] >= 0.9 * remembered[i]:
                followed = events
            weight = 1.0 - (1.0 - event_weight) ** events
            continuation[i] += weight * (followed / events - continuation[i])


@kernel_of("float64(float64, float64, float64, float64, float64)")
def best_length(exponent, horizon, salvage, shortest, longest):  # type: ignore[no-untyped-def]
    """Length ℓ (years) that maximises ℓ^φ (σ + (1 − σ) e^(−ℓ/H)), for φ ``exponent``.

    Work is paid at its end, and all but the salvage σ is lost if money stops first, at rate 1/H.
    Solved by fixed-point iteration of the first-order condition, from below.
    """
    if exponent <= 0.0:
        return shortest
    length = exponent * horizon
    for _ in range(8):
        length = min(longest, length)
        safe = 1.0 + salvage / (1.0 - salvage + 1e-9) * math.exp(length / horizon)
        length = exponent * horizon * safe
        if length >= longest:
            break
    return min(max(length, shortest), longest)


@kernel_of("float64(float64, float64, float64, float64, float64)")
def own_research_ratio(public_ratio, security_ratio, elasticity, exponent, weight):  # type: ignore[no-untyped-def]
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
        if abs(step) < 1e-9:
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
):  # type: ignore[no-untyped-def]
    """Each organisation's plan; all money is £m a quarter of one real organisation."""
    for i in range(kind.shape[0]):
        had_grant = grant_memory[i] > 1e-9
        if promised_flow[i] > 0.0:
            is_in_gap[i] = False
        elif had_grant and security[i] > 0.0:
            is_in_gap[i] = True
        if not is_active[i]:
            continue
        public = max(grants[i], 0.0)
        private = base_income[i] + (own_rd[i] if kind[i] == FIRM else 0.0)
        believed = credibility[i] * (remaining[i] + continuation[i] * term[i])
        # Money that has just stopped pays for work that is still there: it has no horizon at all.
        shortfall = max(grant_memory[i] - public, 0.0)
        total = private + promised_flow[i] + shortfall
        seen = horizon_usual
        if total > 0.0:
            seen = (private * horizon_usual + promised_flow[i] * believed) / total
        horizon[i] = max(horizon_usual + response * (seen - horizon_usual), 0.1)
        security[i] = 4.0 * remaining[i]
        project_length[i] = best_length(
            exponent_by_kind[kind[i]], horizon[i], salvage, shortest, longest
        )
        if kind[i] == FIRM:
            usual = rd_intensity[i] * gva[i] * _QUARTER
            if usual > 0.0:
                length = project_length[i]
                finish = salvage + (1.0 - salvage) * math.exp(-length / horizon[i])
                usual_finish = salvage + (1.0 - salvage) * math.exp(-length / horizon_usual)
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


def plan(world: World, assumptions: PlanAssumptions, work: WorkAssumptions) -> None:
    """Update beliefs from what was announced, kept and broken; choose length, budget and staff."""
    o, a, t = world.organisations, world.awards, world.ties
    n = len(o)
    received, promised_flow, remaining, term = (np.empty(n) for _ in range(4))
    award_terms(
        a.holder_row,
        a.weight,
        a.payment,
        a.paid,
        a.start,
        a.end,
        a.next_gate,
        a.announced,
        a.length,
        a.outcome,
        world.quarter,
        o.weight,
        received,
        promised_flow,
        remaining,
        term,
    )
    grants = o.grant_core + o.grant_research + o.grant_ties
    had_promise = o.promised > 0.0
    kept = np.minimum(1.0, received / np.where(had_promise, o.promised, 1.0))
    total, count = np.empty(n), np.empty(n)
    partner_record(t.source_row, t.target_row, kept, had_promise, total, count)
    update_belief(
        o.credibility,
        o.continuation,
        o.promised,
        received,
        o.n_renewed,
        o.n_lapsed,
        promised_flow,
        np.maximum(o.grant_memory - (grants - received), 0.0),
        total,
        count,
        per_quarter_of_half_life(assumptions.belief_half_life),
        assumptions.partner_experience,
        assumptions.event_weight,
    )
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
        promised_flow,
        remaining,
        term,
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
