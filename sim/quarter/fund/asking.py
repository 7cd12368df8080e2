"""The compiled loops of asking: what stands already, who asks, and who bears what it costs."""

from __future__ import annotations

import math

from sim import luck
from sim.kernel import kernel, kernel_of
from sim.quarter.fund.ideas import MOST_IDEAS, idea_key
from sim.quarter.work import kept_share
from sim.world.state import FIRM


@kernel
def standing(
    row_of_pot,
    now,
    start,
    renewal,
    pot,
    outcome,
    holder,
    holder_row,
    end,
    decision,
    payment,
    weight,
    region,
    held,
    held_by_region,
    promised,
):
    """What a pot has committed for quarter ``start``, the first that a new award would pay.

    Adds to ``promised`` (regions,), £m a quarter, in which awards whose renewal is still open count
    with its probability; and the number of awards that stand against a new one, in ``held``
    (organisations,) and ``held_by_region``. An award that ends by then does not, once its holder
    has been told that it is not renewed: with notice at least as long as the lead time, one can
    ask for the next without a gap.
    """
    for k in range(pot.shape[0]):
        if pot[k] != row_of_pot or outcome[k] != 0:
            continue
        lasts = end[k] > start
        chance = 1.0 if lasts else (renewal if decision[k] >= now else 0.0)
        where = -1 - holder[k] if holder[k] < 0 else region[max(holder_row[k], 0)]
        promised[where] += chance * payment[k] * weight[k]
        if lasts or decision[k] >= 0:
            if holder[k] < 0:
                held_by_region[where] += 1
            elif holder_row[k] >= 0:
                held[holder_row[k]] += 1


@kernel_of("float64(float64, float64, float64, float64, float64)")
def match_burden(match, payback, salvage, award_horizon, own_horizon):
    """What a firm expects to lose by matching a public pound with ``match`` pounds of its own.

    ``μ (1 − k(t, H_award) / k(t, H_own))``: a matched pound leaves work on the firm's own money for
    work that stops with the award. Both pay back after ``payback`` t years, as far as they are
    kept (k). Below zero where the award is the surer of the two.
    """
    surer = kept_share(payback, award_horizon, salvage) / kept_share(payback, own_horizon, salvage)
    return match * (1.0 - surer)


@kernel
def who_asks(
    seed,
    quarter,
    active,
    uid,
    kind,
    region,
    kinds,
    areas,
    spending,
    researchers,
    bid_effort,
    n_partners,
    held,
    taken,
    credibility,
    continuation,
    own_horizon,
    is_formula,
    award_size,
    award_length,
    sure_length,
    match,
    payback,
    salvage,
    absorption,
    partners_needed,
    life,
    readiness,
    own_signal,
    bid_years,
    success,
    surplus,
    cost_of_bid,
    row_out,
    ordinal_out,
):
    """Fill ``row_out`` and ``ordinal_out`` with the projects that organisations propose; how many.

    ``active`` are the rows of those that do research.
    An idea lasts for ``life`` quarters and is proposed in every call while no award pays for it,
    see ``taken`` (organisations, ideas): more calls mean more bids, and not more ideas.
    ``kinds`` (3,) and ``areas`` (regions,) may hold an award. A bid is worth
    ``success · length · award · (surplus · e^view − burden of the match)``, £m, and is made where
    that exceeds ``cost_of_bid``. For how long a firm believes in the award follows its own view
    of promises, as in *plan*; until the first review, ``sure_length``, nothing is open.
    """
    n = 0
    for i in active:
        if not kinds[kind[i]] or not areas[region[i]]:
            continue
        if spending[i] <= 0.0 or n_partners[i] < partners_needed:
            continue
        burden = 0.0
        if kind[i] == FIRM and match > 0.0:
            believed = credibility[i] * (sure_length + continuation[i] * award_length)
            # A quarter at least, for the award that is paid in it.
            award_horizon = max(believed, 0.25)
            burden = match_burden(match, payback, salvage, award_horizon, own_horizon[i])
        if is_formula:
            if burden > surplus:
                continue
            row_out[n] = i
            ordinal_out[n] = 0
            n += 1
            continue
        room = absorption * spending[i] * 4.0
        places = max(1, int(room / award_size))
        free = places - held[i]
        award = min(award_size, room)
        spare = 0.5 * researchers[i] - bid_effort[i]
        for ordinal in range(min(places, MOST_IDEAS)):
            if free <= 0 or spare < 4.0 * bid_years:
                break
            key = idea_key(quarter, uid[i], ordinal, life)
            if (
                taken[i, ordinal] == key
                or luck.uniform(seed, luck.BID_READINESS, uid[i], key) >= readiness
            ):
                continue
            quality = luck.normal(seed, luck.PROJECT_QUALITY, uid[i], key)
            noise = luck.normal(seed, luck.OWN_VIEW, uid[i], key)
            view = own_signal * quality + math.sqrt(1.0 - own_signal * own_signal) * noise
            gain = surplus * math.exp(view) - burden
            if success * award_length * award * gain > cost_of_bid:
                row_out[n] = i
                ordinal_out[n] = ordinal
                n += 1
                free -= 1
                spare -= 4.0 * bid_years
    return n


@kernel
def charge(row, region, weight, effort, cost, bid_effort, n_bids, place_bid_cost, bids_of_region):
    """Charge bids to those who wrote them; return what they cost in all, £m, and how many.

    ``effort`` is in researchers and ``cost`` (regions,) in £m, for one real bid.
    """
    spent, bids = 0.0, 0.0
    for k in range(row.shape[0]):
        r = region[k]
        spent += cost[r] * weight[k]
        bids += weight[k]
        bids_of_region[r] += weight[k]
        if row[k] < 0:
            place_bid_cost[r] += cost[r]
        else:
            bid_effort[row[k]] += effort
            n_bids[row[k]] += 1
    return spent, bids
