"""Bids: who asks in a call, and at what cost.

An organisation bids when what it expects to gain exceeds what the bid costs it:
``success · award · (surplus · e^(own view of quality) − burden of the match) > bid cost``, and when
it can spare the staff. So a costly bid also screens.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.quarter.fund.asking import charge, standing, who_asks
from sim.quarter.fund.eligibility import (
    eligible_holders,
    eligible_kinds,
    eligible_regions,
    possible_partners,
)
from sim.quarter.fund.ideas import MOST_IDEAS, idea_life, taken_of
from sim.quarter.fund.panel import Proposals, put_to_panel
from sim.quarter.fund.plans import Pot
from sim.quarter.fund.programmes import (
    Allocation,
    FundAssumptions,
    Programme,
    Purpose,
    quarters,
)
from sim.quarter.work import WorkAssumptions
from sim.world.state import LABORATORY, World


class Standing(NamedTuple):
    """What a pot has committed when a call opens.

    ``promised`` (regions,) is £m a quarter; ``held`` (organisations,) and ``held_by_region`` are
    the awards that stand against a new one.
    """

    promised: NDArray[np.float64]
    held: NDArray[np.int64]
    held_by_region: NDArray[np.int64]


def standing_of(world: World, row_of_pot: int, programme: Programme) -> Standing:
    """Commitments of a pot for the quarter in which the awards of a call would begin."""
    awards, n_regions = world.awards, len(world.regions)
    found = Standing(
        np.zeros(n_regions),
        np.zeros(len(world.organisations), np.int64),
        np.zeros(n_regions, np.int64),
    )
    standing(
        row_of_pot,
        world.quarter,
        world.quarter + quarters(programme.decision_lead),
        programme.renewal_probability,
        awards.pot,
        awards.outcome,
        awards.holder,
        awards.holder_row,
        awards.end,
        awards.decision,
        awards.payment,
        awards.weight,
        world.organisations.region,
        found.held,
        found.held_by_region,
        found.promised,
    )
    return found


def invite(
    world: World,
    pot: Pot,
    row_of_pot: int,
    flow: float,
    before: Standing,
    assumptions: FundAssumptions,
    work: WorkAssumptions,
) -> Proposals:
    """Open a call: collect proposals, charge their cost to the bidders, and score them.

    ``flow`` is what the pot can pay in all, £m a quarter, and ``before`` what it has committed.
    """
    programme = pot.programme
    assert programme is not None
    if programme.purpose is Purpose.INFRASTRUCTURE:
        row, ordinal, uid, region, weight, room, held = _regions_ask(
            world, programme, before.held_by_region
        )
    else:
        row, ordinal = _organisations_ask(
            world, row_of_pot, programme, before.held, assumptions, work
        )
        o = world.organisations
        uid, region, weight = o.uid[row], o.region[row], o.weight[row]
        room = assumptions.absorption_cap * o.spending[row]
        held = before.held[row]
    _charge(world, programme, row_of_pot, row, region, weight, assumptions)
    asked = (row, ordinal, uid, region, weight, room, held == 0)
    return put_to_panel(world, pot, programme, assumptions, flow, before.promised, *asked)


def _regions_ask(
    world: World, programme: Programme, held: NDArray[np.int64]
) -> tuple[NDArray[Any], ...]:
    """Rows, ordinals, uids, regions, weights, room and awards held of the regions that ask."""
    regions = world.regions
    is_open = eligible_regions(world, programme)
    if programme.allocation is not Allocation.FORMULA:
        is_open = is_open & (held == 0)
    codes = np.flatnonzero(is_open).astype(np.int64)
    room = 0.1 * regions.place_capital[codes]
    ones = np.ones(len(codes))
    return -1 - codes, np.zeros_like(codes), -1 - codes, codes, ones, room, held[codes]


def _organisations_ask(
    world: World,
    row_of_pot: int,
    programme: Programme,
    held: NDArray[np.int64],
    assumptions: FundAssumptions,
    work: WorkAssumptions,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row and ordinal of each project that is proposed."""
    o = world.organisations
    is_formula = programme.allocation is Allocation.FORMULA
    active = np.flatnonzero(o.is_research_active)
    bid_years = bid_years_of(programme, assumptions)
    seen_success = float(world.pots.success_rate[row_of_pot])
    n_partners = o.degree
    if programme.consortium_size > 1:
        n_partners = possible_partners(world, eligible_holders(world, programme))
    row = np.empty(len(active) * MOST_IDEAS, np.int64)
    ordinal = np.empty_like(row)
    n = who_asks(
        world.seed,
        world.quarter,
        active,
        o.uid,
        o.kind,
        o.region,
        eligible_kinds(programme),
        eligible_regions(world, programme),
        o.spending,
        o.researchers,
        o.bid_effort,
        n_partners,
        held,
        np.empty((0, MOST_IDEAS), np.int64) if is_formula else taken_of(world, programme),
        o.credibility,
        o.continuation,
        o.horizon,
        is_formula,
        programme.award_size,
        programme.award_length,
        min(programme.award_length, programme.stage_gate or programme.award_length),
        programme.match,
        assumptions.match_payback,
        work.salvage,
        assumptions.absorption_cap,
        programme.consortium_size - 1,
        idea_life(assumptions),
        assumptions.bid_readiness,
        assumptions.own_signal,
        bid_years,
        seen_success,
        assumptions.award_surplus,
        bid_years * float(world.researcher_cost[LABORATORY]),
        row,
        ordinal,
    )
    return row[:n], ordinal[:n]


def bid_years_of(programme: Programme, assumptions: FundAssumptions) -> float:
    """Researcher-years that one bid really takes: none for a formula, less for a local pot."""
    if programme.allocation is Allocation.FORMULA:
        return 0.0
    is_local = programme.allocation is Allocation.DEVOLVED
    share = assumptions.local_bid_share if is_local else 1.0
    stated = programme.bid_cost + programme.partner_cost * (programme.consortium_size - 1)
    return share * assumptions.bid_effort * stated


def _charge(
    world: World,
    programme: Programme,
    row_of_pot: int,
    row: NDArray[np.int64],
    region: NDArray[np.int64],
    weight: NDArray[np.float64],
    assumptions: FundAssumptions,
) -> None:
    if programme.allocation is Allocation.FORMULA or len(row) == 0:
        return
    years = bid_years_of(programme, assumptions)
    o, regions = world.organisations, world.regions
    spent, bids = charge(
        row,
        region,
        weight,
        4.0 * years,
        years * world.researcher_cost[LABORATORY] * regions.wage,
        o.bid_effort,
        o.n_bids,
        regions.place_bid_cost,
        regions.n_bids,
    )
    world.pots.bid_cost[row_of_pot] += spent
    world.pots.bids[row_of_pot] += bids
