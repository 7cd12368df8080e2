"""New awards: those whom a call has chosen, and the partners of each, are entered in the table."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.kernel import kernel
from sim.parameters import QUARTERS_PER_YEAR
from sim.quarter.fund.eligibility import eligible_holders
from sim.quarter.fund.ideas import idea_key, idea_life
from sim.quarter.fund.panel import Proposals
from sim.quarter.fund.plans import Pot
from sim.quarter.fund.programmes import (
    Allocation,
    FundAssumptions,
    Programme,
    Purpose,
    quarters,
)
from sim.world.state import PURPOSE_NAMES, World


def open_awards(
    world: World,
    pot: Pot,
    row_of_pot: int,
    step: int,
    proposals: Proposals,
    chosen: NDArray[np.int64],
    part: NDArray[np.float64],
    misfit: NDArray[np.float64],
    assumptions: FundAssumptions,
) -> float:
    """Enter the awards of a call in the table; a consortium has one for each holder.

    ``step`` is the quarter of the policy. Returns how many real consortia have won.
    """
    programme, a = pot.programme, world.awards
    assert programme is not None
    size = 1 if programme.purpose is Purpose.INFRASTRUCTURE else programme.consortium_size
    partners = _partners(world, programme, proposals.row[chosen], size - 1)
    first = len(a)
    a.extend(len(chosen) + int(np.count_nonzero(partners >= 0)))
    won = enter(
        world.quarter,
        first,
        chosen,
        part,
        partners,
        misfit,
        proposals.row,
        proposals.ordinal,
        proposals.uid,
        proposals.region,
        proposals.weight,
        proposals.payment,
        proposals.quality,
        proposals.stagger,
        world.organisations.uid,
        pot.uid,
        row_of_pot,
        PURPOSE_NAMES.index(programme.purpose.value),
        programme.match,
        programme.allocation is Allocation.FORMULA,
        idea_life(assumptions),
        quarters(programme.decision_lead),
        max(1, round(programme.award_length * QUARTERS_PER_YEAR)),
        # It has been there before: its awards do not all end on one day.
        step == 0 and programme.opens is None,
        world.quarter - step + pot.closes,
        quarters(programme.notice),
        programme.quarters_to_gate if programme.stage_gate > 0 else -1,
        a.uid,
        a.pot,
        a.holder,
        a.holder_row,
        a.lead,
        a.purpose,
        a.weight,
        a.payment,
        a.match,
        a.terms,
        a.start,
        a.end,
        a.announced,
        a.length,
        a.decision,
        a.next_gate,
        a.idea,
        a.quality,
        a.misfit,
        world.regions.n_won,
    )
    world.pots.awards[row_of_pot] += won
    return float(won)


@kernel
def enter(
    now,
    first,
    chosen,
    part,
    partners,
    misfit_of,
    row_of,
    ordinal,
    uid_of,
    region_of,
    weight_of,
    payment_of,
    quality_of,
    stagger,
    organisation,
    pot_uid,
    row_of_pot,
    purpose_code,
    match_asked,
    is_formula,
    life,
    lead_time,
    term,
    is_staggered,
    closes,
    notice,
    quarters_to_gate,
    uid,
    pot,
    holder,
    holder_row,
    lead,
    purpose,
    weight,
    payment,
    match,
    terms,
    start,
    end,
    announced,
    length,
    decision,
    next_gate,
    idea,
    quality,
    misfit,
    n_won,
):
    """Write the awards to those ``chosen`` from row ``first`` on: the leads, then their partners.

    Each of a consortium holds an equal part of its payment; the idea is the lead's, and a formula
    or an award to a region has none: they pay for any work. Half of the time from a bid to its
    money is the decision; then the winner knows. Adds to ``n_won`` (regions,) where one had to
    bid; returns how many real consortia have won.
    """
    size = 1 + partners.shape[1]
    won = 0.0
    for p in chosen:
        won += weight_of[p]
        if not is_formula:
            n_won[region_of[p]] += weight_of[p]
    k = first
    for place in range(size):
        for c in range(chosen.shape[0]):
            p = chosen[c]
            row = row_of[p] if place == 0 else partners[c, place - 1]
            if place > 0 and row < 0:
                continue
            own_term = term
            if is_staggered:
                own_term = max(1, math.ceil(term * stagger[p]))
            pot[k] = row_of_pot
            uid[k] = luck.child_uid(uid_of[p] ^ pot_uid, now, ordinal[p] * size + place)
            holder[k] = organisation[row] if row >= 0 else row_of[p]
            holder_row[k] = max(row, -1)
            lead[k] = uid_of[p] if row_of[p] >= 0 else row_of[p]
            purpose[k] = purpose_code
            weight[k] = weight_of[p]
            payment[k] = payment_of[p] * part[c] / size
            match[k] = match_asked
            terms[k] = 1
            start[k] = now + lead_time
            end[k] = min(start[k] + own_term, closes)
            announced[k] = start[k] - lead_time // 2
            length[k] = term
            decision[k] = max(end[k] - notice, start[k] + 1)
            next_gate[k] = start[k] + quarters_to_gate if quarters_to_gate > 0 else -1
            idea[k] = -1
            if place == 0 and row >= 0 and not is_formula:
                idea[k] = idea_key(now, uid_of[p], ordinal[p], life)
            quality[k] = quality_of[p]
            misfit[k] = misfit_of[p]
            k += 1
    return won


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
