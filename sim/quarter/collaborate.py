"""Collaborate: ties form, deepen while they are worked on, and lapse."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.kernel import kernel, kernel_of
from sim.parameters import QUARTERS_PER_YEAR, Parameters, quantity
from sim.world.state import CATAPULT, World

#: Most searches of one organisation, or introductions by one catapult, in a quarter.
MOST_SEARCHES = 3
#: Share of searches that go to a partner's partner: triadic closure as a way of meeting [64].
FRIEND_OF_FRIEND = 0.3


class Collaboration(Parameters):
    """The levers of collaboration: this phase's own, and read by no other."""

    openness: float = quantity(
        0.5, "searches a year for each free place", (0.1, 1.5), lever=True, ge=0, le=8
    )
    """Propensity to seek partners."""
    reach: float = quantity(60.0, "minutes of travel", (20, 180), "[42, 43]", lever=True, gt=0)
    """Travel time over which partners are looked for."""
    brokerage: float = quantity(
        0.5,
        "introductions a quarter for each ten staff of a catapult",
        (0, 2),
        "[62, 63]",
        lever=True,
        ge=0,
        le=10,
    )
    """Capacity of catapults to introduce partners that would not have met."""
    pan_northern: float = quantity(0.0, "share", (0, 1), lever=True, ge=0, le=1)
    """Whether joint work across regions may be paid from regional money: 0 no, 1 as any other."""


class CollaborateAssumptions(Parameters):
    """How partners are found, and how ties live and end."""

    base: float = quantity(-1.2, "log odds", (-2.5, 0), ge=-20, le=20)
    """Log odds that two candidates agree, before anything speaks for or against it."""
    geographic: float = quantity(1.0, "log odds", (0.3, 2), "[65]", ge=-10, le=10)
    """Weight of being near: e^(−travel time / reach)."""
    cognitive: float = quantity(
        4.0, "log odds per squared distance", (1, 10), "[44, 64]", ge=0, le=100
    )
    """Cost of being further from, or nearer than, the best cognitive distance."""
    best_distance: float = quantity(0.40, "cognitive distance", (0.25, 0.60), "[44]", ge=0, le=2)
    """Cognitive distance at which partners have most to teach each other."""
    social: float = quantity(0.8, "log odds", (0.2, 1.6), "[64, 66]", ge=-10, le=10)
    """Weight of a common partner: triadic closure."""
    institutional: float = quantity(0.4, "log odds", (0, 1), "[65]", ge=-10, le=10)
    """Weight of being organisations of one kind."""
    past_trust: float = quantity(1.0, "log odds per unit of trust", (0, 2), ge=-10, le=10)
    """Weight of trust left from earlier work together."""
    broker: float = quantity(1.0, "log odds", (0, 2), "[62, 63]", neutral=0.0, ge=-10, le=10)
    """Weight of an introduction by a catapult."""
    money: float = quantity(1.5, "log odds at full cost", (0, 3), neutral=0.0, ge=-10, le=10)
    """Weight of money for joint work that covers the cost of the tie."""
    capacity: float = quantity(3.0, "ties", (2, 8), "EVIDENCE §3", gt=0)
    """Ties that an organisation of one researcher can keep; grows with the square root of size."""
    tie_cost: float = quantity(0.05, "researchers a tie", (0.01, 0.15), neutral=0.0, ge=0, le=5)
    """Staff time that one live tie takes at both ends."""
    trust_gain: float = quantity(
        0.2, "a year of joint work", (0.1, 0.4), "EVIDENCE §2g", ge=0, le=4
    )
    """Rise of trust while the tie is worked on."""
    trust_loss: float = quantity(0.1, "per year", (0.05, 0.3), "EVIDENCE §2g", ge=0, le=1)
    """Fall of trust while it is not."""
    tie_life: float = quantity(2.0, "years", (1, 4), "[25b]", gt=0)
    """Time for which a new tie is worked on without money for it."""
    lapse_hazard: float = quantity(0.5, "per year", (0.2, 0.9), "EVIDENCE §2g", ge=0, le=0.99)
    """Hazard that a tie ends once nobody works on it, at no trust."""
    renewal: float = quantity(0.30, "probability", (0.15, 0.5), "[67]", ge=0, le=1)
    """Chance that partners begin another piece of work when one ends, at average trust."""
    award_bond: float = quantity(1.0, "multiple", (0, 1), neutral=0.0, ge=0, le=1)
    """Whether a common award keeps its holders working together."""


@kernel
def neighbours(source, target, n):  # type: ignore[no-untyped-def]
    """Partners of each organisation: ``first`` (n + 1,) points into ``other`` and ``tie``."""
    first = np.zeros(n + 1, np.int64)
    for t in range(source.shape[0]):
        first[source[t] + 1] += 1
        first[target[t] + 1] += 1
    for i in range(n):
        first[i + 1] += first[i]
    place = first[:-1].copy()
    other = np.empty(2 * source.shape[0], np.int64)
    tie = np.empty_like(other)
    for t in range(source.shape[0]):
        i, j = source[t], target[t]
        other[place[i]] = j
        tie[place[i]] = t
        place[i] += 1
        other[place[j]] = i
        tie[place[j]] = t
        place[j] += 1
    return first, other, tie


@kernel_of("int64(float64[:], int64[:], int64[:], int64, float64)")
def on_ring(ring, seekers, offsets, region, u):  # type: ignore[no-untyped-def]
    """Row of the first organisation of ``region`` at or after ``u`` on its ring; −1 if none.

    Organisations sit at fixed places on a ring, so that a draw meets the same partner in two
    futures although firms have come and gone in between.
    """
    low, high = offsets[region], offsets[region + 1]
    if low == high:
        return -1
    end = high
    while low < high:
        middle = (low + high) // 2
        if ring[seekers[middle]] < u:
            low = middle + 1
        else:
            high = middle
    return seekers[low if low < end else offsets[region]]


@kernel_of("float64(float64, float64, float64, float64)")
def cognitive_distance(x1, y1, x2, y2):  # type: ignore[no-untyped-def]
    """Euclidean distance in knowledge space."""
    return math.sqrt((x1 - x2) ** 2 + (y1 - y2) ** 2)


@kernel
def work_on_ties(
    seed,
    quarter,
    source_row,
    target_row,
    source,
    target,
    trust,
    last_used,
    works_until,
    spells,
    is_brokered,
    x,
    y,
    money,
    gain,
    loss,
    life,
    hazard,
    renewal,
    persistence,
    best,
    money_weight,
    lapsed,
):  # type: ignore[no-untyped-def]
    """Trust rises while a tie is worked on and falls while it is not; then it is renewed or lapses.

    At the end of a spell a new one begins with probability ``renewal`` (0.5 + trust), more with
    money for joint work. An idle tie ends at the hazard times (1 − trust), more the further the
    partners are from the best cognitive distance: proximity of mind keeps ties, it does not make
    them [64].
    """
    for t in range(source_row.shape[0]):
        i, j = source_row[t], target_row[t]
        if works_until[t] > quarter:
            trust[t] = min(1.0, trust[t] + 0.25 * gain)
            last_used[t] = quarter
            continue
        trust[t] = max(0.0, trust[t] - 0.25 * loss)
        u_renew, u_lapse = luck.uniform_pair(seed, luck.TIE_LAPSES, source[t] ^ target[t], quarter)
        if works_until[t] == quarter:
            paid = min(1.0, 0.5 * (money[i] + money[j]))
            p = renewal * (0.5 + trust[t]) * (1.0 + money_weight * paid)
            if u_renew < p:
                works_until[t] = quarter + life
                spells[t] += 1
                continue
        d = cognitive_distance(x[i], y[i], x[j], y[j]) - best
        yearly = min(0.99, hazard * (1.0 - 0.7 * trust[t]) * math.exp(0.25 * persistence * d * d))
        lapsed[t] = u_lapse < 1.0 - (1.0 - yearly) ** 0.25


@kernel
def bind_awards(
    quarter,
    bond,
    holder_row,
    lead,
    holder,
    start,
    end,
    outcome,
    uid,
    first,
    other,
    tie,
    works_until,
):  # type: ignore[no-untyped-def]
    """A common award keeps its holders at work together until its date."""
    for k in range(holder_row.shape[0]):
        row = holder_row[k]
        if row < 0 or outcome[k] != 0 or lead[k] == holder[k] or start[k] > quarter:
            continue
        for s in range(first[row], first[row + 1]):
            if uid[other[s]] == lead[k]:
                until = quarter + int(bond * (end[k] - quarter))
                works_until[tie[s]] = max(works_until[tie[s]], until)


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
):  # type: ignore[no-untyped-def]
    """Candidates who agree this quarter, as pairs of rows; return how many.

    ``logit p = b0 + b_g e^(−t/reach) + b_s [common partner] + b_i [same kind] + b_m money
    + b_k [broker] − b_c (d − d*)²``. Candidates come from partners' partners, or from a region
    drawn by nearness and size; catapults introduce organisations to others of any place and field.
    """
    n_pairs = 0
    n_regions = region_chance.shape[0]
    for s in range(seekers.shape[0]):
        i = seekers[s]
        free = places[i] - degree[i]
        r = region[i]
        expected = 0.25 * openness * max(free, 0.0)
        u, _ = luck.uniform_pair(seed, luck.SEEK_PARTNER, uid[i], quarter)
        searches = min(luck.poisson_from_uniform(expected, u), MOST_SEARCHES)
        introductions = 0
        if kind[i] == CATAPULT and brokerage > 0.0:
            v = luck.uniform(seed, luck.BROKER, uid[i], quarter)
            introductions = min(
                luck.poisson_from_uniform(brokerage * researchers[i] / 10.0, v), MOST_SEARCHES
            )
        for search in range(searches + introductions):
            is_brokered = search >= searches
            key = quarter | ((search - searches + 16 if is_brokered else search) << 32)
            how, where = luck.uniform_pair(seed, luck.PARTNER_POOL, uid[i], key)
            who, agree = luck.uniform_pair(seed, luck.PARTNER_PICK, uid[i], key)
            a = i
            common = False
            if is_brokered:
                a = on_ring(ring, seekers, offsets, r, how)
            n_own = first[a + 1] - first[a]
            b = -1
            if not is_brokered and how < FRIEND_OF_FRIEND and n_own > 0:
                friend = other[first[a] + min(int(where * n_own), n_own - 1)]
                n_friend = first[friend + 1] - first[friend]
                b = other[first[friend] + min(int(who * n_friend), n_friend - 1)]
                common = True
            else:
                k = 0
                while k < n_regions - 1 and where > region_chance[r, k]:
                    k += 1
                b = on_ring(ring, seekers, offsets, k, who)
            if a < 0 or b < 0 or a == b or degree[b] >= places[b] or degree[a] >= places[a]:
                continue
            is_known = False
            left_trust = 0.0
            for m in range(first[a], first[a + 1]):
                if other[m] == b:
                    is_known = True
                if trust[tie[m]] > left_trust:
                    left_trust = trust[tie[m]]
            if is_known:
                continue
            d = cognitive_distance(x[a], y[a], x[b], y[b]) - best
            paid = min(1.0, 0.5 * (money[a] + money[b]))
            if region[a] != region[b]:
                paid *= pan_northern
            score = base + geographic * near[region[a], region[b]] - cognitive * d * d
            score += money_weight * paid + past_trust * (left_trust if common else 0.0)
            if common:
                score += social
            if kind[a] == kind[b]:
                score += institutional
            if is_brokered:
                score += broker
            if agree < 1.0 / (1.0 + math.exp(-score)):
                pair_source[n_pairs] = a
                pair_target[n_pairs] = b
                pair_brokered[n_pairs] = is_brokered
                n_pairs += 1
    return n_pairs


def collaborate(world: World, levers: Collaboration, assumptions: CollaborateAssumptions) -> None:
    """Work on ties, let idle ones lapse, and form new ones; count what they cost."""
    o, t, a = world.organisations, world.ties, world.awards
    cost = assumptions.tie_cost * world.researcher_cost[o.kind] / QUARTERS_PER_YEAR
    need = np.maximum(o.degree, 1) * np.maximum(cost, 1e-12)
    money = np.minimum(o.grant_ties / need, 1.0)
    life = max(1, round(assumptions.tie_life * QUARTERS_PER_YEAR))
    first, other, tie = neighbours(t.source_row, t.target_row, len(o))
    bind_awards(
        world.quarter,
        assumptions.award_bond,
        a.holder_row,
        a.lead,
        a.holder,
        a.start,
        a.end,
        a.outcome,
        o.uid,
        first,
        other,
        tie,
        t.works_until,
    )
    lapsed = np.zeros(len(t), np.bool_)
    work_on_ties(
        world.seed,
        world.quarter,
        t.source_row,
        t.target_row,
        t.source,
        t.target,
        t.trust,
        t.last_used,
        t.works_until,
        t.spells,
        t.is_brokered,
        o.position_x,
        o.position_y,
        money,
        assumptions.trust_gain,
        assumptions.trust_loss,
        life,
        assumptions.lapse_hazard,
        assumptions.renewal,
        assumptions.cognitive,
        assumptions.best_distance,
        assumptions.money,
        lapsed,
    )
    t.keep(~lapsed)
    _form(world, levers, assumptions, money, life)
    o.degree[:] = np.bincount(np.concatenate([t.source_row, t.target_row]), minlength=len(o))
    o.joint_cost[:] = assumptions.tie_cost * o.degree


def _form(
    world: World,
    levers: Collaboration,
    assumptions: CollaborateAssumptions,
    money: NDArray[np.float64],
    life: int,
) -> None:
    o, t = world.organisations, world.ties
    seekers = np.flatnonzero(o.is_research_active).astype(np.int64)
    offsets = np.searchsorted(o.region[seekers], np.arange(len(world.regions) + 1)).astype(np.int64)
    near = np.exp(-world.travel / levers.reach)
    chance = near * np.sqrt(world.regions.population)[None, :]
    chance = np.cumsum(chance / chance.sum(axis=1, keepdims=True), axis=1)
    places = assumptions.capacity * np.sqrt(np.maximum(o.researchers, 1.0))
    places = np.minimum(places, 40.0)
    first, other, tie = neighbours(t.source_row, t.target_row, len(o))
    degree = np.diff(first)
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
        degree,
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
    source, target, brokered = source[:n], target[:n], brokered[:n]
    swap = o.uid[source] > o.uid[target]
    source, target = np.where(swap, target, source), np.where(swap, source, target)
    _, kept = np.unique(source * len(o) + target, return_index=True)
    kept.sort()
    source, target = source[kept], target[kept]
    t.append(
        {
            "source": o.uid[source],
            "target": o.uid[target],
            "source_row": source,
            "target_row": target,
            "trust": np.full(len(kept), 0.2),
            "formed": np.full(len(kept), world.quarter),
            "last_used": np.full(len(kept), world.quarter),
            "works_until": np.full(len(kept), world.quarter + life),
            "spells": np.ones(len(kept), np.int64),
            "is_brokered": brokered[kept],
        }
    )
