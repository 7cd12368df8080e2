"""Bids: who asks in a call, at what cost, and what the panel sees of the truth.

An organisation bids when what it expects to gain exceeds what the bid costs it:
``success · e^(own view of quality) · surplus · award > bid cost``, and when it can spare the
staff. So a costly bid also screens. True quality is drawn
for each project, knows neither programme nor capacity, and is seen only with noise:
``score = ρ · quality + √(1 − ρ²) · noise + γ · capacity``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.quarter.fund.allocation import Call, within
from sim.quarter.fund.asking import judge, who_asks
from sim.quarter.fund.ledger import LIVE, Pot
from sim.quarter.fund.programmes import (
    Allocation,
    Area,
    Basis,
    FundAssumptions,
    Programme,
    Purpose,
    quarters,
)
from sim.world.state import CATAPULT, FIRM, LABORATORY, World

#: Most projects that one holder proposes in one call.
PROPOSALS_PER_CALL = 4
_KINDS = {"firms": FIRM, "universities": LABORATORY, "catapults": CATAPULT}


@dataclass(frozen=True)
class Proposals:
    """What is asked for in one call, one entry a proposal; ``row`` is −1 − region for a region.

    ``payment`` is £m a quarter for one real consortium; ``ordinal`` counts a holder's projects;
    ``stagger`` is a uniform draw that no rule of allocation sees.
    """

    row: NDArray[np.int64]
    ordinal: NDArray[np.int64]
    uid: NDArray[np.int64]
    region: NDArray[np.int64]
    quality: NDArray[np.float64]
    weight: NDArray[np.float64]
    payment: NDArray[np.float64]
    stagger: NDArray[np.float64]
    call: Call

    def __len__(self) -> int:
        return len(self.row)


def invite(
    world: World,
    pot: Pot,
    row_of_pot: int,
    flow: float,
    promised: NDArray[np.float64],
    assumptions: FundAssumptions,
) -> Proposals:
    """Open a call: collect proposals, charge their cost to the bidders, and score them.

    ``flow`` is what the pot can pay in all, and ``promised`` (regions,) what it has committed
    already, £m a quarter.
    """
    programme = pot.programme
    assert programme is not None
    if programme.purpose is Purpose.INFRASTRUCTURE:
        row, ordinal, uid, region, weight, room, held = _regions_ask(world, row_of_pot, programme)
    else:
        row, ordinal, held = _organisations_ask(world, pot, row_of_pot, programme, assumptions)
        o = world.organisations
        uid, region, weight = o.uid[row], o.region[row], o.weight[row]
        room = assumptions.absorption_cap * o.spending[row]
    _charge(world, programme, row_of_pot, row, region, weight, assumptions)
    asked = (row, ordinal, uid, region, weight, room, held == 0)
    return _score(world, pot, programme, assumptions, flow, promised, *asked)


def _regions_ask(world: World, row_of_pot: int, programme: Programme) -> tuple[NDArray[Any], ...]:
    """Rows, ordinals, uids, regions, weights, room and awards held of the regions that ask."""
    awards, regions = world.awards, world.regions
    held = np.zeros(len(regions), np.int64)
    mine = still_held(world, row_of_pot, programme) & (awards.holder < 0)
    np.add.at(held, -1 - awards.holder[mine], 1)
    is_open = (
        regions.is_north.copy() if programme.area is Area.NORTH else np.ones_like(regions.is_north)
    )
    if programme.allocation is not Allocation.FORMULA:
        is_open = is_open & (held == 0)
    codes = np.flatnonzero(is_open).astype(np.int64)
    room = 0.1 * regions.place_capital[codes]
    ones = np.ones(len(codes))
    return -1 - codes, np.zeros_like(codes), -1 - codes, codes, ones, room, held[codes]


def _organisations_ask(
    world: World, pot: Pot, row_of_pot: int, programme: Programme, assumptions: FundAssumptions
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Row, ordinal and awards held, for each project that is proposed."""
    o, awards = world.organisations, world.awards
    mine = still_held(world, row_of_pot, programme) & (awards.holder_row >= 0)
    held = np.bincount(awards.holder_row[mine], minlength=len(o)).astype(np.int64)
    may_hold = eligible_holders(world, programme)
    bid_years = bid_years_of(programme, assumptions)
    seen_success = float(world.pots.success_rate[row_of_pot])
    row = np.empty(len(o) * PROPOSALS_PER_CALL, np.int64)
    ordinal = np.empty_like(row)
    n = who_asks(
        world.seed,
        world.quarter,
        pot.uid,
        o.uid,
        may_hold & o.is_research_active,
        o.spending,
        o.researchers,
        o.bid_effort,
        _possible_partners(world, may_hold) if programme.consortium_size > 1 else o.degree,
        held,
        programme.allocation is Allocation.FORMULA,
        programme.award_size,
        assumptions.absorption_cap,
        programme.consortium_size - 1,
        assumptions.bid_readiness,
        assumptions.own_signal,
        bid_years,
        seen_success * assumptions.award_surplus * programme.award_length,
        bid_years * float(world.researcher_cost[LABORATORY]),
        PROPOSALS_PER_CALL,
        row,
        ordinal,
    )
    return row[:n], ordinal[:n], held[row[:n]]


def eligible_holders(world: World, programme: Programme) -> NDArray[np.bool_]:
    """Whether each organisation may hold an award, as the lead or as a partner."""
    o, areas = world.organisations, world.regions.is_north
    kinds = np.zeros(3, np.bool_)
    kinds[[_KINDS[name] for name in programme.eligible]] = True
    if programme.area is not Area.NORTH:
        areas = np.ones_like(areas)
    may: NDArray[np.bool_] = kinds[o.kind] & areas[o.region]
    return may


def _possible_partners(world: World, may_hold: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Ties of each organisation to others that may hold an award."""
    ties, n = world.ties, len(may_hold)
    count = np.bincount(ties.source_row, may_hold[ties.target_row], n)
    count += np.bincount(ties.target_row, may_hold[ties.source_row], n)
    return count.astype(np.int64)


def bid_years_of(programme: Programme, assumptions: FundAssumptions) -> float:
    """Researcher-years that one bid really takes: none for a formula, less for a local pot."""
    share = {Allocation.FORMULA: 0.0, Allocation.DEVOLVED: assumptions.local_bid_share}.get(
        programme.allocation, 1.0
    )
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
    years = bid_years_of(programme, assumptions)
    if programme.allocation is Allocation.FORMULA or len(row) == 0:
        return
    cost = years * world.researcher_cost[LABORATORY] * world.regions.wage[region]
    is_region = row < 0
    np.add.at(world.organisations.bid_effort, row[~is_region], 4.0 * years)
    np.add.at(world.organisations.n_bids, row[~is_region], 1)
    np.add.at(world.regions.place_bid_cost, region[is_region], cost[is_region])
    np.add.at(world.regions.n_bids, region, weight)
    world.pots.bid_cost[row_of_pot] += float(np.sum(cost * weight))
    world.pots.bids[row_of_pot] += float(weight.sum())


def _score(
    world: World,
    pot: Pot,
    programme: Programme,
    assumptions: FundAssumptions,
    flow: float,
    promised: NDArray[np.float64],
    row: NDArray[np.int64],
    ordinal: NDArray[np.int64],
    uid: NDArray[np.int64],
    region: NDArray[np.int64],
    weight: NDArray[np.float64],
    room: NDArray[np.float64],
    is_open: NDArray[np.bool_],
) -> Proposals:
    o, regions = world.organisations, world.regions
    n = len(row)
    quality, panel, local, lot, stagger = (np.empty(n) for _ in range(5))
    judge(world.seed, world.quarter, pot.uid, uid, ordinal, quality, panel, local, lot, stagger)
    own = np.where(row >= 0, np.log(np.maximum(o.researchers[np.maximum(row, 0)], 0.5)), 0.0)
    capacity = np.log(np.maximum(regions.bid_capacity[region], 1e-6)) + 0.5 * own
    if n:
        capacity -= np.average(capacity, weights=weight)
    rho, rho_local = programme.signal_quality, assumptions.local_signal
    score = rho * quality + np.sqrt(1.0 - rho**2) * panel + assumptions.capacity_weight * capacity
    local_score = rho_local * quality + np.sqrt(1.0 - rho_local**2) * local
    part = region_share(world, programme, assumptions)
    free = flow - float(promised.sum())
    region_free = within(np.maximum(flow * part - promised, 0.0), free)
    is_shared = programme.allocation is Allocation.FORMULA
    # A formula fills its own amounts: its proposals are for one pound each.
    usual = np.minimum(programme.award_size / 4.0, room)
    payment = np.ones(n) if is_shared else usual
    if programme.purpose is Purpose.INFRASTRUCTURE and programme.allocation is Allocation.DEVOLVED:
        payment = np.minimum(room, region_free[region])
    call = Call(
        region=region,
        score=score,
        local_score=local_score,
        lot=lot,
        basis=_basis(world, programme, row, region, weight),
        cost=payment * weight,
        ceiling=room * weight,
        is_open=is_open,
        free=free,
        flow=flow,
        region_free=region_free,
    )
    return Proposals(row, ordinal, uid, region, quality, weight, payment, stagger, call)


def still_held(world: World, row_of_pot: int, programme: Programme) -> NDArray[np.bool_]:
    """Awards of the pot that stand against a new one, whose first payment is a lead time away.

    An award that ends by then does not, once its holder has been told that it is not renewed: with
    notice at least as long as the lead time, one can ask for the next without a gap.
    """
    awards = world.awards
    start = world.quarter + quarters(programme.decision_lead)
    is_over_by_then = (awards.end <= start) & (awards.decision < 0)
    return np.asarray((awards.pot == row_of_pot) & (awards.outcome == LIVE) & ~is_over_by_then)


def _basis(
    world: World,
    programme: Programme,
    row: NDArray[np.int64],
    region: NDArray[np.int64],
    weight: NDArray[np.float64],
) -> NDArray[np.float64]:
    """What a formula counts for each holder, all real organisations of its row together."""
    o = world.organisations
    at = np.maximum(row, 0)
    if programme.basis is Basis.EQUAL:
        return weight.copy()
    if programme.basis is Basis.POPULATION or (row < 0).any():
        count = np.bincount(region, weight, len(world.regions))
        share: NDArray[np.float64] = world.regions.population[region] * weight / count[region]
        return share
    if programme.basis is Basis.QUALITY:
        quality: NDArray[np.float64] = (o.cumulative_value[at] + 1e-6) * weight
        return quality
    size: NDArray[np.float64] = o.researchers[at] * weight
    return size


def region_share(
    world: World, programme: Programme, assumptions: FundAssumptions
) -> NDArray[np.float64]:
    """Each region's part of a devolved pot: by population, and by its shortfall in GVA a head."""
    regions = world.regions
    need = regions.population * regions.need**assumptions.need_weight
    if programme.area is Area.NORTH:
        need = np.where(regions.is_north, need, 0.0)
    share: NDArray[np.float64] = need / need.sum()
    return share
