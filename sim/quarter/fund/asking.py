"""The compiled loops of a call: what stands already, who asks, and what is seen of a project."""

from __future__ import annotations

import math

from sim import luck
from sim.kernel import kernel

#: Most ideas that one organisation has at a time.
MOST_IDEAS = 4


@kernel
def idea_key(quarter, uid, ordinal, life):
    """Which idea this is: for ``life`` quarters it is the same one, whoever is asked to pay for it.

    Lives are staggered over holders and their ideas.
    """
    return (quarter + (uid + 7 * ordinal) % life) // life | (ordinal << 32)


@kernel
def ideas_taken(now, start, holder_row, outcome, end, decision, idea, taken):
    """Mark in ``taken`` (organisations, ideas) the keys of ideas that awards pay for at ``start``.

    As in ``standing``, an award that ends by then, and is known not to be renewed, does not count.
    """
    taken[:] = -1
    for k in range(holder_row.shape[0]):
        if holder_row[k] < 0 or idea[k] < 0 or outcome[k] != 0:
            continue
        if end[k] > start or decision[k] >= now:
            taken[holder_row[k], idea[k] >> 32] = idea[k]


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


@kernel
def who_asks(
    seed,
    quarter,
    uid,
    kind,
    region,
    is_active,
    kinds,
    areas,
    spending,
    researchers,
    bid_effort,
    n_partners,
    held,
    taken,
    is_formula,
    award_size,
    absorption,
    partners_needed,
    life,
    readiness,
    own_signal,
    bid_years,
    value_of_bid,
    cost_of_bid,
    row_out,
    ordinal_out,
):
    """Fill ``row_out`` and ``ordinal_out`` with the projects that organisations propose; how many.

    An idea lasts for ``life`` quarters and is proposed in every call while no award pays for it,
    see ``taken`` (organisations, ideas): more calls mean more bids, and not more ideas.
    ``kinds`` (3,) and ``areas`` (regions,) may hold an award. ``value_of_bid`` is the surplus
    expected per £m a year of award, ``cost_of_bid`` in £m.
    """
    n = 0
    for i in range(uid.shape[0]):
        if not is_active[i] or not kinds[kind[i]] or not areas[region[i]]:
            continue
        if spending[i] <= 0.0 or n_partners[i] < partners_needed:
            continue
        if is_formula:
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
            if award * value_of_bid * math.exp(view) > cost_of_bid:
                row_out[n] = i
                ordinal_out[n] = ordinal
                n += 1
                free -= 1
                spare -= 4.0 * bid_years
    return n


@kernel
def charge(
    row, region, weight, effort, cost, bid_effort, n_bids, place_bid_cost, bids_of_region, spent
):
    """Charge bids to those who wrote them; fill ``spent`` (proposals,) with their cost, £m.

    ``effort`` is in researchers and ``cost`` (regions,) in £m, for one real bid.
    """
    for k in range(row.shape[0]):
        r = region[k]
        spent[k] = cost[r] * weight[k]
        bids_of_region[r] += weight[k]
        if row[k] < 0:
            place_bid_cost[r] += cost[r]
        else:
            bid_effort[row[k]] += effort
            n_bids[row[k]] += 1


@kernel
def judge(
    seed,
    quarter,
    pot_uid,
    uid,
    ordinal,
    capacity,
    signal,
    capacity_weight,
    local_signal,
    life,
    quality,
    score,
    local_score,
    lot,
    stagger,
):
    """True quality of each project, and what the panel and the region see of it.

    The panel looks anew in every call; the region knows the idea, and sees the same in each.
    ``score = ρ · quality + √(1 − ρ²) · noise + γ · capacity``; the region's own knows no capacity.
    """
    noise = math.sqrt(1.0 - signal * signal)
    local_noise = math.sqrt(1.0 - local_signal * local_signal)
    for k in range(uid.shape[0]):
        idea = idea_key(quarter, uid[k], ordinal[k], life)
        key = quarter | (ordinal[k] << 32)
        quality[k] = luck.normal(seed, luck.PROJECT_QUALITY, uid[k], idea)
        panel = luck.normal(seed, luck.PANEL_NOISE, uid[k] ^ pot_uid, key)
        local = luck.normal(seed, luck.PANEL_NOISE, uid[k], idea)
        score[k] = signal * quality[k] + noise * panel + capacity_weight * capacity[k]
        local_score[k] = local_signal * quality[k] + local_noise * local
        lot[k], stagger[k] = luck.uniform_pair(seed, luck.LOTTERY, uid[k] ^ pot_uid, key)
