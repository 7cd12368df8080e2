"""Markets turn productivity into sales, jobs and cash."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.kernel import kernel
from sim.parameters import QUARTERS_PER_YEAR, per_quarter, per_quarter_of_half_life
from sim.quarter.trade.assumptions import TradeAssumptions
from sim.world.state import FIRM, World


@kernel
def compete(
    seed,
    quarter,
    uid,
    kind,
    sector,
    weight,
    gain,
    jobs,
    gva,
    exports,
    passing,
    response,
    spread,
    rate,
    lasting,
    fading,
    size_exponent,
    domestic_total,
):
    """Sales before the market clears: firms that become better gain, with fat tails.

    With Δg the quarter's gain in log productivity beyond the shared frontier, home sales grow by
    χ (Δg − mean Δg of the national sector) and exports by χ Δg. Opportunities and losses come
    ``rate`` times a year, each as a Laplace shock; the spread of a year's sum is that of one
    shock of scale ``spread · (jobs / 10)^ψ``: larger firms are steadier [Stanley et al. 1996]. A
    part of each lasts, and the rest passes: ``passing' = (1 − fading) passing + (1 − lasting) e``.
    The mean is taken by the market, which scales home sales to demand: ``domestic_total``
    (sectors,).
    """
    domestic_total[:] = 0.0
    chance = min(rate / 4.0, 1.0)
    comes, how = luck.uniform_pairs(seed, luck.GROWTH_SHOCK, uid, quarter)
    for i in range(uid.shape[0]):
        if kind[i] != FIRM:
            continue
        s = sector[i]
        own = spread * (max(jobs[i], 1.0) / 10.0) ** size_exponent / math.sqrt(4.0 * chance)
        own = min(own, 0.9)  # at 1 the mean of e^shock has no value
        shock = 0.0
        if comes[i] < chance:
            u = how[i] - 0.5
            shock = -own * math.copysign(math.log(1.0 - 2.0 * abs(u)), u)
        # The mean of e^shock is above one; the market, and not luck, sets the total.
        kept = lasting * own
        level = 1.0 + chance * kept * kept / (1.0 - kept * kept)
        faded = fading * passing[i]
        passing[i] += (1.0 - lasting) * shock - faded
        growth = math.exp(response * gain[i] + shock - faded)
        home = (gva[i] - exports[i]) * growth
        exports[i] *= growth / level
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
):
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


def clear_markets(world: World, gain: NDArray[np.float64], assumptions: TradeAssumptions) -> None:
    """Firms compete, sales meet demand, jobs follow sales; each account is closed.

    ``gain`` (organisations,) is the quarter's gain in log productivity beyond the frontier.
    """
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
        o.jobs,
        o.gva,
        o.exports,
        o.passing_sales,
        assumptions.market_response,
        assumptions.shock_spread,
        assumptions.shock_rate,
        assumptions.shock_lasting,
        per_quarter_of_half_life(assumptions.shock_half_life),
        assumptions.shock_size_exponent,
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


def split_sales(world: World, assumptions: TradeAssumptions) -> None:
    """Split sales at the start into home and world markets, and take them as demand."""
    o, sectors = world.organisations, world.sectors
    is_firm = o.kind == FIRM
    o.exports[:] = np.where(is_firm, assumptions.export_share * o.gva, 0.0)
    sales = np.where(is_firm, o.weight * o.gva, 0.0)
    total = np.bincount(o.sector, sales, len(sectors))
    sectors.demand[:] = total
    sectors.mean_productivity[:] = np.bincount(
        o.sector, sales * o.productivity, len(sectors)
    ) / np.maximum(total, 1e-12)
