"""Ties that form: organisations look for partners, and catapults introduce them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.kernel import kernel
from sim.quarter.collaborate.assumptions import CollaborateAssumptions, Collaboration
from sim.quarter.collaborate.ties import cognitive_distance, neighbours
from sim.quarter.nearness import chance_by_region, nearness, region_met
from sim.quarter.ring import on_ring, rows_by_region
from sim.world.state import CATAPULT, World

#: Most searches of one organisation, or introductions by one catapult, in a quarter.
MOST_SEARCHES = 3
#: Share of searches that go to a partner's partner: triadic closure as a way of meeting [64].
FRIEND_OF_FRIEND = 0.3


@kernel
def seek(
    seed,
    quarter,
    seekers,
    offsets,
    uid,
    kind,
    region,
    researchers,
    degree,
    ring,
    x,
    y,
    money,
    first,
    other,
    tie,
    trust,
    region_chance,
    near,
    places,
    openness,
    brokerage,
    pan_northern,
    base,
    geographic,
    cognitive,
    best,
    social,
    institutional,
    past_trust,
    broker,
    money_weight,
    pair_source,
    pair_target,
    pair_brokered,
):
    """Candidates who agree this quarter, as pairs of rows; return how many.

    ``logit p = b0 + b_g e^(−t/reach) + [common partner] (b_s + b_t trust in that partner)
    + b_i [same kind] + b_m money + b_k [broker] − b_c (d − d*)²``. Candidates come from
    partners' partners, or from a region drawn by nearness and size; catapults introduce
    organisations to others of any place and field.
    """
    n_pairs = 0
    own, ring_of_seekers = uid[seekers], ring[seekers]
    luck_of, _ = luck.uniform_pairs(seed, luck.SEEK_PARTNER, own, quarter)
    pool = np.empty((MOST_SEARCHES, 2, own.shape[0]))
    pick = np.empty_like(pool)
    for search in range(MOST_SEARCHES):
        key = quarter | (search << 32)
        pool[search, 0], pool[search, 1] = luck.uniform_pairs(seed, luck.PARTNER_POOL, own, key)
        pick[search, 0], pick[search, 1] = luck.uniform_pairs(seed, luck.PARTNER_PICK, own, key)
    for s in range(seekers.shape[0]):
        i = seekers[s]
        free = places[i] - degree[i]
        r = region[i]
        expected = 0.25 * openness * max(free, 0.0)
        searches = min(luck.poisson_from_uniform(expected, luck_of[s]), MOST_SEARCHES)
        introductions = 0
        if kind[i] == CATAPULT and brokerage > 0.0:
            v = luck.uniform(seed, luck.BROKER, uid[i], quarter)
            introductions = min(
                luck.poisson_from_uniform(brokerage * researchers[i] / 10.0, v), MOST_SEARCHES
            )
        for search in range(searches + introductions):
            is_brokered = search >= searches
            if is_brokered:
                key = quarter | ((search - searches + 16) << 32)
                how, where = luck.uniform_pair(seed, luck.PARTNER_POOL, uid[i], key)
                who, agree = luck.uniform_pair(seed, luck.PARTNER_PICK, uid[i], key)
            else:
                how, where = pool[search, 0, s], pool[search, 1, s]
                who, agree = pick[search, 0, s], pick[search, 1, s]
            a = i
            common = False
            trust_in_friend = 0.0
            if is_brokered:
                # There is one: the catapult itself seeks in its region.
                a = seekers[on_ring(ring_of_seekers, offsets, r, how)]
            n_own = first[a + 1] - first[a]
            b = -1
            if not is_brokered and how < FRIEND_OF_FRIEND and n_own > 0:
                met = first[a] + min(int(where * n_own), n_own - 1)
                friend = other[met]
                trust_in_friend = trust[tie[met]]
                n_friend = first[friend + 1] - first[friend]
                b = other[first[friend] + min(int(who * n_friend), n_friend - 1)]
                common = True
            else:
                there = region_met(region_chance, r, where)
                met = on_ring(ring_of_seekers, offsets, there, who)
                b = seekers[met] if met >= 0 else a
            if a == b or degree[b] >= places[b] or degree[a] >= places[a]:
                continue
            d = cognitive_distance(x[a], y[a], x[b], y[b]) - best
            paid = min(1.0, 0.5 * (money[a] + money[b]))
            if region[a] != region[b]:
                paid *= pan_northern
            score = base + geographic * near[region[a], region[b]] - cognitive * d * d
            score += money_weight * paid + past_trust * trust_in_friend
            if common:
                score += social
            if kind[a] == kind[b]:
                score += institutional
            if is_brokered:
                score += broker
            if agree >= 1.0 / (1.0 + math.exp(-score)):
                continue
            # Few agree, so that it is asked of few whether they are partners already.
            is_known = False
            for m in range(first[a], first[a + 1]):
                is_known |= other[m] == b
            if not is_known:
                pair_source[n_pairs] = a
                pair_target[n_pairs] = b
                pair_brokered[n_pairs] = is_brokered
                degree[a] += 1
                degree[b] += 1
                n_pairs += 1
    return n_pairs


@kernel
def each_once(uid, source, target, brokered):
    """Put the smaller identity of each pair first, and drop pairs that were met before; how many.

    A pair can only have been met twice where each sought the other, or a catapult introduced them.
    """
    latest = np.full(uid.shape[0], -1)  # the latest pair of each first end, and the one before it
    before = np.empty_like(source)
    n = 0
    for k in range(source.shape[0]):
        a, b = source[k], target[k]
        if uid[a] > uid[b]:
            a, b = b, a
        met = latest[a]
        while met >= 0 and target[met] != b:
            met = before[met]
        if met < 0:
            source[n], target[n], brokered[n] = a, b, brokered[k]
            before[n], latest[a] = latest[a], n
            n += 1
    return n


def form(
    world: World,
    levers: Collaboration,
    assumptions: CollaborateAssumptions,
    money: NDArray[np.float64],
    life: int,
) -> None:
    """New ties of this quarter, each for ``life`` quarters of joint work."""
    o, t = world.organisations, world.ties
    seekers, offsets = rows_by_region(o.is_research_active, o.region, len(world.regions))
    near = nearness(world.travel, levers.reach)
    chance = chance_by_region(near, np.sqrt(world.regions.population))
    # Only those who do research have ties; a power for everybody would take as long as the rest.
    places = np.zeros(len(o))
    staff = np.maximum(o.researchers[seekers], 1.0)
    places[seekers] = assumptions.capacity * staff**assumptions.capacity_exponent
    first, other, tie = neighbours(t.source_row, t.target_row, len(o))
    most = 2 * MOST_SEARCHES * len(seekers)
    source, target = np.empty(most, np.int64), np.empty(most, np.int64)
    brokered = np.empty(most, np.bool_)
    n = seek(
        world.seed,
        world.quarter,
        seekers,
        offsets,
        o.uid,
        o.kind,
        o.region,
        o.researchers,
        np.diff(first),
        o.ring,
        o.position_x,
        o.position_y,
        money,
        first,
        other,
        tie,
        t.trust,
        chance,
        near,
        places,
        levers.openness,
        levers.brokerage,
        levers.pan_northern,
        assumptions.base,
        assumptions.geographic,
        assumptions.cognitive,
        assumptions.best_distance,
        assumptions.social,
        assumptions.institutional,
        assumptions.past_trust,
        assumptions.broker,
        assumptions.money,
        source,
        target,
        brokered,
    )
    n = each_once(o.uid, source[:n], target[:n], brokered[:n])
    source, target = source[:n], target[:n]
    t.append(
        {
            "source": o.uid[source],
            "target": o.uid[target],
            "source_row": source,
            "target_row": target,
            "trust": 0.2,
            "formed": world.quarter,
            "last_used": world.quarter,
            "works_until": world.quarter + life,
            "spells": 1,
            "is_brokered": brokered[:n],
        }
    )
