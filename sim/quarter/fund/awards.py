"""The life of an award: it opens, is reviewed, renewed, cancelled or stopped, and ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.kernel import kernel
from sim.parameters import QUARTERS_PER_YEAR, per_quarter, per_quarter_of_half_life
from sim.quarter.fund.bids import Proposals, eligible_holders
from sim.quarter.fund.ledger import CANCELLED, ENDED, HOLDER_GONE, LIVE, STOPPED, Pot
from sim.quarter.fund.programmes import (
    Allocation,
    FundAssumptions,
    Programme,
    Purpose,
    quarters,
)
from sim.world.state import PURPOSE_NAMES, World

#: Quarters for which a cancelled award still counts as a promise that is being broken.
MEMORY_OF_CANCELLATION = 4


def locate_holders(world: World) -> None:
    """End the awards of holders that are gone; their money returns to the pot."""
    awards = world.awards
    gone = (awards.holder >= 0) & (awards.holder_row < 0) & (awards.outcome == LIVE)
    awards.outcome[gone] = HOLDER_GONE
    awards.end[gone] = np.minimum(awards.end[gone], world.quarter)


def age(world: World, assumptions: FundAssumptions) -> None:
    """Quality drifts back to the ordinary, and falls where a new technology strikes."""
    awards, o = world.awards, world.organisations
    awards.quality *= 1.0 - per_quarter_of_half_life(assumptions.quality_persistence)
    if world.sectors.obsolescence.any():
        held = awards.holder_row >= 0
        sector = o.sector[np.maximum(awards.holder_row, 0)]
        hit = assumptions.shock_quality * world.sectors.obsolescence[sector]
        awards.quality -= np.where(held & (awards.outcome == LIVE), hit, 0.0)


def review(world: World, pots: tuple[Pot, ...], assumptions: FundAssumptions) -> None:
    """Take the quarter's decisions on live awards: cancel, stop at a gate, renew or let end."""
    awards, now = world.awards, world.quarter
    o = world.organisations
    o.n_renewed[:] = 0.0
    o.n_lapsed[:] = 0.0
    _cancel(world, pots)
    _pass_gates(world, pots, assumptions)
    _renew(world, pots)
    over = (awards.outcome == LIVE) & (awards.end <= now)
    awards.outcome[over] = ENDED
    # Work stopped at a gate is, to its holder, an award that no other has followed.
    over |= (awards.outcome == STOPPED) & (awards.end == now)
    np.add.at(o.n_lapsed, *_by_holder(world, np.flatnonzero(over)))
    _archive(world)


def _of_pot(pots: tuple[Pot, ...], read: Callable[[Programme], float]) -> NDArray[Any]:
    """What each pot's programme says (pots,); 0 for a pot without one, which decides nothing."""
    return np.array([0 if pot.programme is None else read(pot.programme) for pot in pots])


def _cancel(world: World, pots: tuple[Pot, ...]) -> None:
    """Break promises midway, at each programme's hazard."""
    awards, now = world.awards, world.quarter
    hazard = _of_pot(pots, lambda one: per_quarter(one.cancellation_rate))[awards.pot]
    is_running = (awards.outcome == LIVE) & (awards.start < now) & (awards.end > now)
    running = np.flatnonzero(is_running & (hazard > 0.0))
    u = luck.uniforms(world.seed, luck.CANCELLATION, awards.uid[running], now)
    hit = running[u < hazard[running]]
    awards.outcome[hit] = CANCELLED
    awards.end[hit] = np.minimum(awards.end[hit], now + MEMORY_OF_CANCELLATION)


def _pass_gates(world: World, pots: tuple[Pot, ...], assumptions: FundAssumptions) -> None:
    """Look again, with noise as at entry, and stop what is seen to fail."""
    awards, now = world.awards, world.quarter
    is_at_gate = (awards.outcome == LIVE) & (awards.next_gate == now) & (awards.end > now)
    at_gate = np.flatnonzero(is_at_gate)
    pot = awards.pot[at_gate]
    rho = _of_pot(pots, lambda one: one.signal_quality)[pot]
    noise = luck.normals(world.seed, luck.GATE_NOISE, awards.uid[at_gate], now)
    seen = rho * awards.quality[at_gate] + np.sqrt(1.0 - rho**2) * noise
    stopped = at_gate[seen < assumptions.gate_threshold]
    awards.outcome[stopped] = STOPPED
    awards.end[stopped] = now
    awards.next_gate[at_gate] = now + _of_pot(pots, _quarters_to_gate)[pot]


def _renew(world: World, pots: tuple[Pot, ...]) -> None:
    """Decide and tell the renewals that are due.

    Without notice the holder learns on the very day on which the award would end.
    """
    awards, now = world.awards, world.quarter
    due = np.flatnonzero((awards.outcome == LIVE) & (awards.decision == now))
    u = luck.uniforms(world.seed, luck.RENEWAL, awards.uid[due], now)
    chance = _of_pot(pots, lambda one: one.renewal_probability)
    renewed = due[u < chance[awards.pot[due]]]
    awards.decision[due] = -1
    awards.end[renewed] += awards.length[renewed]
    awards.terms[renewed] += 1
    notice = _of_pot(pots, lambda one: quarters(one.notice))[awards.pot[renewed]]
    awards.decision[renewed] = np.maximum(awards.end[renewed] - notice, now + 1)
    np.add.at(world.organisations.n_renewed, *_by_holder(world, renewed))


def _by_holder(
    world: World, chosen: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    awards = world.awards
    held = chosen[awards.holder_row[chosen] >= 0]
    row = awards.holder_row[held]
    return row, awards.weight[held] / world.organisations.weight[row]


def _quarters_to_gate(programme: Programme) -> int:
    return max(1, round(programme.stage_gate * QUARTERS_PER_YEAR))


def _archive(world: World) -> None:
    """Drop awards that are over and whose money is settled; keep them where an export is wanted."""
    awards = world.awards
    settled = (awards.outcome != LIVE) & (awards.end + 2 * QUARTERS_PER_YEAR <= world.quarter)
    if not settled.any():
        return
    if world.ended is not None:
        world.ended.append({name: values[settled] for name, values in awards.items()})
    awards.keep(~settled)


def committed(world: World, row: int, start: int, renewal: float) -> NDArray[np.float64]:
    """£m a quarter that a pot has promised for quarter ``start`` in each region (regions,).

    Awards whose renewal is still open count with its probability.
    """
    awards, regions = world.awards, world.organisations.region
    own = np.flatnonzero((awards.pot == row) & (awards.outcome == LIVE))
    holder = awards.holder[own]
    is_open = awards.decision[own] >= world.quarter
    chance = np.where(awards.end[own] > start, 1.0, renewal * is_open)
    flow = chance * awards.payment[own] * awards.weight[own]
    region = np.where(holder < 0, -1 - holder, regions[np.maximum(awards.holder_row[own], 0)])
    return np.asarray(np.bincount(region, flow, len(world.regions)))


def open_awards(
    world: World,
    pot: Pot,
    row_of_pot: int,
    proposals: Proposals,
    chosen: NDArray[np.int64],
    part: NDArray[np.float64],
    misfit: NDArray[np.float64],
    is_first_cohort: bool,
) -> list[dict[str, NDArray[Any]]]:
    """Rows of the awards of a call, for the table; a consortium has one for each holder."""
    programme = pot.programme
    assert programme is not None
    lead_row = proposals.row[chosen]
    size = 1 if programme.purpose is Purpose.INFRASTRUCTURE else programme.consortium_size
    partners = _partners(world, programme, lead_row, size - 1)
    start = world.quarter + quarters(programme.decision_lead)
    length = max(1, round(programme.award_length * QUARTERS_PER_YEAR))
    term = np.full(len(chosen), length)
    if is_first_cohort:
        # Staggered, so that a new programme does not end all its awards on one day.
        term = np.maximum(1, np.ceil(length * proposals.stagger[chosen])).astype(np.int64)
    n = len(chosen)
    opened = []
    for place in range(size):
        row = lead_row if place == 0 else partners[:, place - 1]
        there = (row >= 0) | (lead_row < 0)
        lead = proposals.uid[chosen]
        at = np.maximum(row, 0)
        holder = np.where(lead_row < 0, lead_row, world.organisations.uid[at])
        end = start + term
        rows = {
            "uid": _award_uids(
                lead, proposals.ordinal[chosen] * size + place, world.quarter, pot.uid
            ),
            "pot": np.full(n, row_of_pot),
            "holder": holder,
            "holder_row": np.where(lead_row < 0, -1, row),
            "lead": np.where(lead_row < 0, lead_row, lead),
            "purpose": np.full(n, PURPOSE_NAMES.index(programme.purpose.value)),
            "weight": proposals.weight[chosen],
            "payment": proposals.payment[chosen] * part / size,
            "start": np.full(n, start),
            "end": end,
            # Half of the time from a bid to its money is the decision; then the winner knows.
            "announced": np.full(n, start - (start - world.quarter) // 2),
            "length": np.full(n, length),
            "decision": np.maximum(end - quarters(programme.notice), start + 1),
            "next_gate": np.full(
                n,
                start + _quarters_to_gate(programme) if programme.stage_gate > 0 else -1,
            ),
            "quality": proposals.quality[chosen],
            "misfit": misfit[chosen],
            "match": np.full(n, programme.match),
            "terms": np.ones(n, np.int64),
        }
        opened.append({name: values[there] for name, values in rows.items()})
    world.pots.awards[row_of_pot] += float(proposals.weight[chosen].sum())
    if programme.allocation is not Allocation.FORMULA:
        np.add.at(world.regions.n_won, proposals.region[chosen], proposals.weight[chosen])
    return opened


@kernel
def _award_uids(lead, ordinal, quarter, pot_uid):
    out = np.empty(lead.shape[0], np.int64)
    for k in range(lead.shape[0]):
        out[k] = luck.child_uid(lead[k] ^ pot_uid, quarter, ordinal[k])
    return out


def _partners(
    world: World, programme: Programme, lead_row: NDArray[np.int64], n: int
) -> NDArray[np.int64]:
    """The ``n`` most trusted eligible partners of each lead, as rows; −1 where there are fewer."""
    found = np.full((len(lead_row), n), -1, np.int64)
    if n == 0 or len(lead_row) == 0:
        return found
    ties = world.ties
    _most_trusted(
        lead_row,
        ties.source_row,
        ties.target_row,
        ties.trust,
        eligible_holders(world, programme),
        found,
    )
    return found


@kernel
def _most_trusted(lead_row, source, target, trust, may_hold, found):
    place = np.full(may_hold.shape[0], -1, np.int64)
    best = np.zeros(found.shape)
    for k in range(lead_row.shape[0]):
        if lead_row[k] >= 0:
            place[lead_row[k]] = k
    for t in range(source.shape[0]):
        for end in range(2):
            own = source[t] if end == 0 else target[t]
            other = target[t] if end == 0 else source[t]
            k = place[own]
            if k < 0 or not may_hold[other]:
                continue
            for slot in range(found.shape[1]):
                if found[k, slot] < 0 or trust[t] > best[k, slot]:
                    for later in range(found.shape[1] - 1, slot, -1):
                        found[k, later] = found[k, later - 1]
                        best[k, later] = best[k, later - 1]
                    found[k, slot] = other
                    best[k, slot] = trust[t]
                    break
    # Two projects of one lead in a call share its partners.
    for k in range(lead_row.shape[0]):
        if lead_row[k] >= 0 and place[lead_row[k]] != k:
            found[k, :] = found[place[lead_row[k]], :]
