"""The life of an award: it opens, is reviewed, renewed, cancelled or stopped, and ends."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.kernel import kernel
from sim.parameters import QUARTERS_PER_YEAR, per_quarter, per_quarter_of_half_life
from sim.quarter.fund.ledger import CANCELLED, ENDED, HOLDER_GONE, LIVE, STOPPED
from sim.quarter.fund.plans import NEVER, Pot
from sim.quarter.fund.programmes import (
    FundAssumptions,
    quarters,
)
from sim.world.state import World

TERMS = np.dtype(
    [
        ("hazard", np.float64),
        ("renewal", np.float64),
        ("signal", np.float64),
        ("notice", np.int64),
        ("quarters_to_gate", np.int64),
        ("closes", np.int64),
    ]
)
#: Quarters for which a cancelled award still counts as a promise that is being broken.
MEMORY_OF_CANCELLATION = 4


def locate_holders(world: World) -> None:
    """End the awards of holders that are gone; their money returns to the pot."""
    awards = world.awards
    gone = (awards.holder >= 0) & (awards.holder_row < 0) & (awards.outcome == LIVE)
    awards.outcome[gone] = HOLDER_GONE
    awards.end[gone] = np.minimum(awards.end[gone], world.quarter)


def age(world: World, assumptions: FundAssumptions) -> None:
    """Quality drifts, ``q' = a q + √(1 − a²) z``, and falls where a new technology strikes.

    Work that won because it was good becomes ordinary, and any work may turn good or bad; the
    spread over all work stays what it is among the projects that are proposed.
    """
    awards, o = world.awards, world.organisations
    kept = 1.0 - per_quarter_of_half_life(assumptions.quality_persistence)
    z = luck.normals(world.seed, luck.QUALITY_DRIFT, awards.uid, world.quarter)
    awards.quality *= kept
    awards.quality += np.sqrt(1.0 - kept**2) * z
    if world.sectors.obsolescence.any():
        held = awards.holder_row >= 0
        sector = o.sector[np.maximum(awards.holder_row, 0)]
        hit = assumptions.shock_quality * world.sectors.obsolescence[sector]
        awards.quality -= np.where(held & (awards.outcome == LIVE), hit, 0.0)


def review(world: World, pots: tuple[Pot, ...], step: int, assumptions: FundAssumptions) -> None:
    """Take the quarter's decisions on live awards: cancel, stop at a gate, renew or let end.

    ``step`` is the quarter of the policy.
    """
    awards, o = world.awards, world.organisations
    o.n_renewed[:] = 0.0
    o.n_lapsed[:] = 0.0
    start = world.quarter - step
    _extend(world, pots, step)
    decide(
        world.seed,
        world.quarter,
        assumptions.gate_threshold,
        _terms(pots, start),
        awards.uid,
        awards.pot,
        awards.holder_row,
        awards.weight,
        awards.start,
        awards.length,
        awards.quality,
        o.weight,
        awards.outcome,
        awards.end,
        awards.next_gate,
        awards.decision,
        awards.terms,
        o.n_renewed,
        o.n_lapsed,
    )
    _archive(world)


def _extend(world: World, pots: tuple[Pot, ...], step: int) -> None:
    """Awards that would end with their programme go on, on the day on which its end is put off."""
    awards, o, start = world.awards, world.organisations, world.quarter - step
    for row, pot in enumerate(pots):
        if pot.programme is None or pot.extended < 0 or step != pot.since:
            continue
        goes_on = (awards.pot == row) & (awards.outcome == LIVE)
        goes_on &= awards.end == start + pot.extended
        if not goes_on.any():
            continue
        awards.end[goes_on] = np.minimum(
            awards.end[goes_on] + awards.length[goes_on], start + pot.closes
        )
        told = awards.end[goes_on] - quarters(pot.programme.notice)
        awards.decision[goes_on] = np.maximum(told, world.quarter + 1)
        awards.terms[goes_on] += 1
        held = goes_on & (awards.holder_row >= 0)
        holder = awards.holder_row[held]
        np.add.at(o.n_renewed, holder, awards.weight[held] / o.weight[holder])


@lru_cache(maxsize=16)
def _terms(pots: tuple[Pot, ...], start: int) -> NDArray[Any]:
    """What ``decide`` asks of each pot (pots,); a pot without a programme decides nothing."""
    rows = [
        (0.0, 0.0, 0.0, 0, 0, NEVER)
        if pot.programme is None
        else (
            per_quarter(pot.programme.cancellation_rate),
            pot.programme.renewal_probability,
            pot.programme.signal_quality,
            quarters(pot.programme.notice),
            pot.programme.quarters_to_gate,
            start + pot.closes,
        )
        for pot in pots
    ]
    return np.array(rows, TERMS)


@kernel
def decide(
    seed,
    now,
    gate_threshold,
    pot_terms,
    uid,
    pot,
    holder_row,
    weight,
    start,
    length,
    quality,
    holder_weight,
    outcome,
    end,
    next_gate,
    decision,
    terms,
    n_renewed,
    n_lapsed,
):
    """The decisions that are due on each award, and what its holder lives through.

    Promises are broken midway at the programme's hazard; at a gate the panel looks again, with
    noise as at entry, and stops what is seen to fail; renewals are decided and told, without
    notice on the very day on which the award would end.
    """
    for k in range(uid.shape[0]):
        of_pot = pot_terms[pot[k]]
        share = weight[k] / holder_weight[holder_row[k]] if holder_row[k] >= 0 else 0.0
        is_running = outcome[k] == LIVE and start[k] < now < end[k]
        if is_running and of_pot["hazard"] > 0.0:
            u = luck.uniform(seed, luck.CANCELLATION, uid[k], now)
            if u < of_pot["hazard"]:
                outcome[k] = CANCELLED
                end[k] = min(end[k], now + MEMORY_OF_CANCELLATION)
        if outcome[k] == LIVE and next_gate[k] == now and end[k] > now:
            next_gate[k] = now + of_pot["quarters_to_gate"]
            rho = of_pot["signal"]
            noise = luck.normal(seed, luck.GATE_NOISE, uid[k], now)
            if rho * quality[k] + math.sqrt(1.0 - rho * rho) * noise < gate_threshold:
                outcome[k] = STOPPED
                end[k] = now
        if outcome[k] == LIVE and decision[k] == now:
            decision[k] = -1
            lasts = end[k] < of_pot["closes"]
            if lasts and luck.uniform(seed, luck.RENEWAL, uid[k], now) < of_pot["renewal"]:
                end[k] = min(end[k] + length[k], of_pot["closes"])
                terms[k] += 1
                decision[k] = max(end[k] - of_pot["notice"], now + 1)
                if holder_row[k] >= 0:
                    n_renewed[holder_row[k]] += share
        is_over = outcome[k] == LIVE and end[k] <= now
        if is_over:
            outcome[k] = ENDED
        # Work stopped at a gate is, to its holder, an award that no other has followed.
        is_over = is_over or (outcome[k] == STOPPED and end[k] == now)
        if is_over and holder_row[k] >= 0:
            n_lapsed[holder_row[k]] += share


def _archive(world: World) -> None:
    """Drop awards that are over and whose money is settled; keep them where an export is wanted."""
    awards = world.awards
    settled = (awards.outcome != LIVE) & (awards.end + 2 * QUARTERS_PER_YEAR <= world.quarter)
    if not settled.any():
        return
    if world.ended is not None:
        world.ended.append({name: values[settled] for name, values in awards.items()})
    awards.keep(~settled)
