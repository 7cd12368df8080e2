"""Fund: budgets are drawn, calls open, awards are decided and announced, and payments are made.

Everything after this phase sees money with its purpose, dates, announcements and experience, and
never a lever.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.parameters import QUARTERS_PER_YEAR, per_quarter_of_half_life
from sim.quarter.fund import awards, ledger
from sim.quarter.fund.allocation import ALLOCATIONS
from sim.quarter.fund.bids import Proposals, bid_years_of, invite
from sim.quarter.fund.ledger import CANCELLED, LIVE, TIE_SUBSIDY, Pot
from sim.quarter.fund.programmes import FundAssumptions, Purpose, quarters
from sim.world.state import CORE, INFRASTRUCTURE, RESEARCH, TIES, World


def fund(world: World, pots: tuple[Pot, ...], start: int, assumptions: FundAssumptions) -> None:
    """Run the quarter's funding: release, review, call, pay, and hand the money on by purpose.

    ``pots`` are in the order of ``world.pots``; their calendars begin in quarter ``start``.
    Budget = payments + overhead + unspent holds for every pot after every quarter.
    """
    _clear(world)
    step = world.quarter - start
    awards.locate_holders(world)
    _spend_down(world)
    ledger.take_back(world, pots)
    ledger.release(world, pots, step)
    awards.age(world, assumptions)
    awards.review(world, pots, assumptions)
    opened: list[dict[str, NDArray[Any]]] = []
    for row, pot in enumerate(pots):
        if pot.programme is not None and _opens_call(pot, step):
            opened += _call(world, pot, row, step, assumptions)
    world.awards.append(*opened)
    ledger.pay(world, assumptions.supplement_cap)
    _subsidise_ties(world, pots)
    _hand_on(world, assumptions)


def _clear(world: World) -> None:
    o, regions = world.organisations, world.regions
    for flow in (o.bid_effort, o.n_bids, regions.place_bid_cost, regions.n_bids, regions.n_won):
        flow[:] = 0


def _opens_call(pot: Pot, step: int) -> bool:
    """Calls are spread over the year, and pots over one another; the first is on the first day."""
    assert pot.programme is not None
    if step == 0:
        return True
    phase = step + pot.index
    calls = pot.programme.calls_per_year
    return (phase + 1) * calls // QUARTERS_PER_YEAR > phase * calls // QUARTERS_PER_YEAR


def _call(
    world: World, pot: Pot, row: int, step: int, assumptions: FundAssumptions
) -> list[dict[str, NDArray[Any]]]:
    """One call: what the pot can promise from the first payment on goes to those chosen.

    Returns the rows of the new awards. No other pot's call looks at them.
    """
    programme = pot.programme
    assert programme is not None
    lead = quarters(programme.decision_lead)
    if step + lead >= len(pot.release):
        return []
    promised = awards.committed(world, row, world.quarter + lead, programme.renewal_probability)
    flow = pot.mean_award_flow() + _spare(world, pot, row)
    if flow <= promised.sum():
        return []
    proposals = invite(world, pot, row, flow, promised, assumptions)
    chosen, part = ALLOCATIONS[programme.allocation.value](proposals.call)
    misfit = _misfit(world, pot, proposals, assumptions)
    opened = awards.open_awards(
        world, pot, row, proposals, chosen, part, misfit, is_first_cohort=step == 0
    )
    if bid_years_of(programme, assumptions) > 0.0:
        weight = proposals.weight
        # A call that nobody answered tells the next that there is room.
        seen = float(weight[chosen].sum() / weight.sum()) if len(proposals) else 1.0
        years = 1.0 / programme.calls_per_year
        speed = 1.0 - (1.0 - per_quarter_of_half_life(assumptions.perception_half_life)) ** (
            years * QUARTERS_PER_YEAR
        )
        world.pots.success_rate[row] += speed * (seen - world.pots.success_rate[row])
    return opened


def _spare(world: World, pot: Pot, row: int) -> float:
    """£m a quarter that awards of under a year can take besides, out of money that lies idle.

    Between two calls such awards end and the pot fills. Longer awards meet the supplement of
    ``ledger.pay`` first, so that idle money is not promised twice.
    """
    assert pot.programme is not None
    length = pot.programme.award_length * QUARTERS_PER_YEAR
    if length >= QUARTERS_PER_YEAR:
        return 0.0
    idle = float(world.pots.balance[row]) - pot.mean_award_flow()
    return max(idle, 0.0) / length


def _misfit(
    world: World, pot: Pot, proposals: Proposals, assumptions: FundAssumptions
) -> NDArray[np.float64]:
    """Value that a themed call costs each project: more, the less its field is related."""
    assert pot.programme is not None
    lost = np.zeros(len(proposals))
    is_themed, which = luck.uniform_pair(world.seed, luck.THEME, pot.uid, world.quarter)
    if is_themed >= pot.programme.themes:
        return lost
    n_sectors = len(world.sectors)
    theme = min(int(which * n_sectors), n_sectors - 1)
    distance = 1.0 - world.relatedness[:, theme]
    sector = world.organisations.sector[np.maximum(proposals.row, 0)]
    lost = assumptions.theme_misfit * distance[sector] / distance.mean()
    return np.where(proposals.row >= 0, np.minimum(lost, 1.0), assumptions.theme_misfit)


def _spend_down(world: World) -> None:
    """Draw last quarter's spending from all of a holder's money in proportion."""
    o, a = world.organisations, world.awards
    grants = o.grant_core + o.grant_research + o.grant_ties
    income = np.maximum(o.base_income + o.own_rd + grants, 1e-12)
    spent = np.minimum(o.spending / income, 1.0)
    is_organisation = a.holder_row >= 0
    a.unspent *= np.where(is_organisation, 1.0 - spent[np.maximum(a.holder_row, 0)], 1.0)
    a.unspent[a.holder < 0] = 0.0


def _subsidise_ties(world: World, pots: tuple[Pot, ...]) -> None:
    """Pay the subsidy of joint work: alike for every tie of a northern organisation."""
    o, book = world.organisations, world.pots
    o.grant_ties[:] = 0.0
    for row, pot in enumerate(pots):
        if pot.name != TIE_SUBSIDY:
            continue
        units = np.where(world.regions.is_north[o.region], o.degree, 0).astype(np.float64)
        total = float(np.sum(units * o.weight))
        if total <= 0.0:
            continue
        amount = float(book.balance[row])
        o.grant_ties += units * (amount / total)
        book.payments[row] += amount
        book.balance[row] -= amount


def _hand_on(world: World, assumptions: FundAssumptions) -> None:
    """Write money by purpose, what had been promised, and what the funded work is like."""
    a, o, regions, now = world.awards, world.organisations, world.regions, world.quarter
    work = np.zeros(len(o))

    def summed(
        amount: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        ledger.per_holder(a.holder_row, a.weight, amount, o.weight, work)
        return work

    o.grant_core[:] = summed(np.where(a.purpose == CORE, a.paid, 0.0))
    o.grant_research[:] = summed(np.where(a.purpose == RESEARCH, a.paid, 0.0))
    o.grant_ties += summed(np.where(a.purpose == TIES, a.paid, 0.0))
    is_due = (a.start <= now) & (a.end > now) & ((a.outcome == LIVE) | (a.outcome == CANCELLED))
    o.promised[:] = summed(np.where(is_due, a.payment, 0.0))
    o.match_due[:] = summed(a.paid * a.match)
    funded = summed(a.paid).copy()
    with np.errstate(divide="ignore", invalid="ignore"):
        o.award_quality[:] = np.where(funded > 0, summed(a.paid * a.quality) / funded, 0.0)
        o.award_misfit[:] = np.where(funded > 0, summed(a.paid * a.misfit) / funded, 0.0)
    of_region = (a.holder < 0) & (a.purpose == INFRASTRUCTURE)
    code = -1 - a.holder[of_region]
    paid = a.paid[of_region]
    regions.place_grant[:] = np.bincount(code, paid, len(regions))
    total = np.maximum(regions.place_grant, 1e-12)
    regions.place_quality[:] = np.bincount(code, paid * a.quality[of_region], len(regions)) / total
    regions.place_misfit[:] = np.bincount(code, paid * a.misfit[of_region], len(regions)) / total
    regions.place_promised[:] = np.bincount(
        code, np.where(is_due, a.payment, 0.0)[of_region], len(regions)
    )


__all__ = ["FundAssumptions", "Purpose", "fund"]
