"""Fund: budgets are drawn, calls open, awards are decided and announced, and payments are made.

Everything after this phase sees money with its purpose, dates, announcements and experience, and
never a lever.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.parameters import QUARTERS_PER_YEAR, per_quarter_of_half_life
from sim.quarter.fund import awards, ledger
from sim.quarter.fund.allocation import ALLOCATIONS
from sim.quarter.fund.bids import bid_years_of, invite, standing_of
from sim.quarter.fund.opening import open_awards
from sim.quarter.fund.panel import Proposals
from sim.quarter.fund.plans import TIE_SUBSIDY, Pot
from sim.quarter.fund.programmes import FundAssumptions, Purpose, quarters
from sim.quarter.work import WorkAssumptions
from sim.world.state import World


def fund(
    world: World,
    pots: tuple[Pot, ...],
    start: int,
    assumptions: FundAssumptions,
    work: WorkAssumptions,
) -> None:
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
    awards.review(world, pots, step, assumptions)
    for row, pot in enumerate(pots):
        if pot.programme is not None and _opens_call(pot, step):
            _call(world, pot, row, step, assumptions, work)
    ledger.pay(world, assumptions.supplement_cap)
    _subsidise_ties(world, pots)
    _hand_on(world)


def _clear(world: World) -> None:
    o, regions = world.organisations, world.regions
    for flow in (o.bid_effort, o.n_bids, regions.place_bid_cost, regions.n_bids, regions.n_won):
        flow[:] = 0


def _opens_call(pot: Pot, step: int) -> bool:
    """Calls are spread over the year, and pots over one another; the first is on the first day."""
    assert pot.programme is not None
    if step <= pot.opens or step >= pot.closes:
        return step == pot.opens
    phase = step - pot.opens + pot.index
    calls = pot.programme.calls_per_year
    return phase * calls // QUARTERS_PER_YEAR > (phase - 1) * calls // QUARTERS_PER_YEAR


def _call(
    world: World,
    pot: Pot,
    row: int,
    step: int,
    assumptions: FundAssumptions,
    work: WorkAssumptions,
) -> None:
    """One call: what the pot can promise from the first payment on goes to those chosen.

    Of the awards of other pots only one thing is seen: which ideas somebody pays for already.
    """
    programme = pot.programme
    assert programme is not None
    lead = quarters(programme.decision_lead)
    if step + lead >= min(pot.closes, len(pot.release)):
        return
    before = standing_of(world, row, programme)
    flow = pot.award_flow(step + lead) + _spare(world, pot, row, step)
    # Rounding is no money: a call over a trace of it would cost all who ask, for nothing.
    if flow - float(before.promised.sum()) <= 1e-9 * flow:
        return
    proposals = invite(world, pot, row, flow, before, assumptions, work)
    chosen, part = ALLOCATIONS[programme.allocation.value](proposals.call)
    misfit = _misfit(world, pot, proposals, assumptions)
    won = open_awards(world, pot, row, step, proposals, chosen, part, misfit, assumptions)
    if bid_years_of(programme, assumptions) > 0.0:
        # A call that nobody answered tells the next that there is room.
        seen = won / float(proposals.weight.sum()) if len(proposals) else 1.0
        years = 1.0 / programme.calls_per_year
        speed = 1.0 - (1.0 - per_quarter_of_half_life(assumptions.perception_half_life)) ** (
            years * QUARTERS_PER_YEAR
        )
        world.pots.success_rate[row] += speed * (seen - world.pots.success_rate[row])


def _spare(world: World, pot: Pot, row: int, step: int) -> float:
    """£m a quarter that awards of under a year can take besides, out of money that lies idle.

    Between two calls such awards end and the pot fills. Longer awards meet the supplement of
    ``ledger.pay`` first, so that idle money is not promised twice.
    """
    assert pot.programme is not None
    length = pot.programme.award_length * QUARTERS_PER_YEAR
    if length >= QUARTERS_PER_YEAR:
        return 0.0
    flow = pot.award_flow(step)
    idle = float(world.pots.balance[row]) - flow
    # Rounding is no idle money, as in ``ledger.pay_out``.
    return idle / length if idle > 1e-9 * flow else 0.0


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
    ledger.draw_down(
        a.holder,
        a.holder_row,
        a.unspent,
        o.spending,
        o.base_income,
        o.own_rd,
        o.grant_core,
        o.grant_research,
        o.grant_ties,
    )


def _subsidise_ties(world: World, pots: tuple[Pot, ...]) -> None:
    """Pay the subsidy of joint work: alike for every tie of a northern organisation."""
    o, book = world.organisations, world.pots
    o.grant_ties[:] = 0.0
    for row, pot in enumerate(pots):
        if pot.name == TIE_SUBSIDY:
            amount = float(book.balance[row])
            paid = ledger.share_by_ties(
                amount, world.regions.is_north, o.region, o.degree, o.weight, o.grant_ties
            )
            book.payments[row] += paid
            book.balance[row] -= paid


def _hand_on(world: World) -> None:
    """Write money by purpose, what had been promised, and what the funded work is like."""
    a, o, regions = world.awards, world.organisations, world.regions
    joint, funded = np.empty(len(o)), np.empty(len(o))
    ledger.hand_on(
        world.quarter,
        a.holder,
        a.holder_row,
        a.purpose,
        a.weight,
        a.payment,
        a.paid,
        a.start,
        a.end,
        a.outcome,
        a.quality,
        a.misfit,
        a.match,
        o.weight,
        o.grant_core,
        o.grant_research,
        joint,
        funded,
        o.promised,
        o.match_due,
        o.award_quality,
        o.award_misfit,
        regions.place_grant,
        regions.place_promised,
        regions.place_quality,
        regions.place_misfit,
    )
    o.grant_ties += joint


__all__ = ["FundAssumptions", "Purpose", "fund"]
