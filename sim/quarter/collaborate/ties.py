"""Ties that exist: they deepen while they are worked on, are renewed, and lapse."""

from __future__ import annotations

import math

import numpy as np

from sim import luck
from sim.kernel import kernel, kernel_of


@kernel
def neighbours(source, target, n):
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


@kernel
def covered(kind, degree, grant, cost):
    """Part of what its ties cost that an organisation is paid for them, at most all.

    ``grant`` is £m a quarter, ``cost`` (kinds,) that of one tie.
    """
    part = np.empty(kind.shape[0])
    for i in range(kind.shape[0]):
        need = max(degree[i], 1) * max(cost[kind[i]], 1e-12)
        part[i] = min(grant[i] / need, 1.0)
    return part


@kernel
def count_ties(source, target, degree):
    """Ties of each organisation (organisations,)."""
    degree[:] = 0
    for t in range(source.shape[0]):
        degree[source[t]] += 1
        degree[target[t]] += 1


@kernel_of("float64(float64, float64, float64, float64)")
def cognitive_distance(x1, y1, x2, y2):
    """Euclidean distance in knowledge space."""
    return math.sqrt((x1 - x2) ** 2 + (y1 - y2) ** 2)


@kernel
def tie_uids(source, target):
    """Identity of each pair. Not ``source ^ target``, which many pairs of small ones share."""
    uid = np.empty(source.shape[0], np.int64)
    for t in range(source.shape[0]):
        uid[t] = luck.child(source[t], target[t] >> 32, target[t] & 0xFFFFFFFF)
    return uid


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
    x,
    y,
    region,
    money,
    pan_northern,
    gain,
    loss,
    life,
    hazard,
    renewal,
    persistence,
    best,
    money_weight,
    lapsed,
):
    """Trust rises while a tie is worked on and falls while it is not; then it is renewed or lapses.

    At the end of a spell a new one begins with probability ``renewal`` (0.5 + trust), more with
    money for joint work, which crosses regions only as far as ``pan_northern`` lets it. An idle tie
    ends at the hazard times (1 − 0.7 trust), more the further the partners are from the best
    cognitive distance: proximity of mind keeps ties, it does not make them [64].
    """
    uid = tie_uids(source, target)
    to_renew, to_lapse = luck.uniform_pairs(seed, luck.TIE_LAPSES, uid, quarter)
    for t in range(source_row.shape[0]):
        i, j = source_row[t], target_row[t]
        if works_until[t] > quarter:
            trust[t] = min(1.0, trust[t] + 0.25 * gain)
            last_used[t] = quarter
            continue
        trust[t] = max(0.0, trust[t] - 0.25 * loss)
        if works_until[t] == quarter:
            paid = min(1.0, 0.5 * (money[i] + money[j]))
            if region[i] != region[j]:
                paid *= pan_northern
            p = renewal * (0.5 + trust[t]) * (1.0 + money_weight * paid)
            if to_renew[t] < p:
                works_until[t] = quarter + life
                spells[t] += 1
                continue
        d = cognitive_distance(x[i], y[i], x[j], y[j]) - best
        yearly = min(0.99, hazard * (1.0 - 0.7 * trust[t]) * math.exp(0.25 * persistence * d * d))
        # A quarter's chance is less than a year's: the power is worked out where luck leaves room.
        lapsed[t] = to_lapse[t] < yearly and to_lapse[t] < 1.0 - (1.0 - yearly) ** 0.25


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
    n,
    source_row,
    target_row,
    source,
    target,
    works_until,
):
    """A common award keeps its lead and each partner at work together until its date.

    ``n`` is the number of organisations.
    """
    latest = np.full(n, -1)  # the latest award of each partner, and the one before it
    before = np.empty(holder_row.shape[0], np.int64)
    n_common = 0
    for k in range(holder_row.shape[0]):
        row = holder_row[k]
        if row >= 0 and outcome[k] == 0 and lead[k] != holder[k] and start[k] <= quarter:
            before[k], latest[row] = latest[row], k
            n_common += 1
    if n_common == 0:
        return
    for t in range(source_row.shape[0]):
        for partner, other in ((source_row[t], target[t]), (target_row[t], source[t])):
            k = latest[partner]
            while k >= 0:
                until = quarter + int(bond * (end[k] - quarter))
                if lead[k] == other and until > quarter:
                    works_until[t] = max(works_until[t], until)
                k = before[k]
