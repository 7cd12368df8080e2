"""Belief: what awards promise, and how kept and broken promises change what is expected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.parameters import per_quarter_of_half_life
from sim.quarter.plan.assumptions import PlanAssumptions
from sim.world.state import World

#: Years in a quarter.
_QUARTER = 0.25


@kernel
def award_terms(
    holder_row,
    award_weight,
    payment,
    paid,
    start,
    end,
    next_gate,
    announced,
    length,
    outcome,
    now,
    holder_weight,
    received,
    promised_flow,
    remaining,
    term,
):
    """What awards paid each holder and promise it: £m a quarter, mean remaining time and term.

    ``remaining`` and ``term`` (organisations,) are in years, weighted by money. Only awards that
    were announced count, and a review that may stop the work is the end of what is promised. An
    award that follows another lengthens the time for which money is promised, not its flow.
    ``received`` is of every purpose, and without the subsidy of ties, which
    nobody promised.
    """
    received[:] = 0.0
    promised_flow[:] = 0.0
    remaining[:] = 0.0
    term[:] = 0.0
    to_come = np.zeros(received.shape[0])
    for k in range(holder_row.shape[0]):
        row = holder_row[k]
        if row < 0:
            continue
        received[row] += paid[k] * award_weight[k] / holder_weight[row]
        if outcome[k] != 0 or announced[k] > now or end[k] <= now:
            continue
        flow = payment[k] * award_weight[k] / holder_weight[row]
        if start[k] <= now:
            promised_flow[row] += flow
        else:
            to_come[row] += flow
        sure = min(end[k], next_gate[k]) if next_gate[k] > now else end[k]
        remaining[row] += flow * (sure - max(start[k], now)) * _QUARTER
        term[row] += flow * length[k] * _QUARTER
    for i in range(promised_flow.shape[0]):
        every = promised_flow[i] + to_come[i]
        if every > 0.0:
            promised_flow[i] = max(promised_flow[i], to_come[i])
            remaining[i] /= promised_flow[i]
            term[i] /= every


@kernel
def partner_record(source, target, kept, had_promise, total, count):
    """Sum and number of partners' records of kept promises, for each organisation."""
    total[:] = 0.0
    count[:] = 0.0
    for t in range(source.shape[0]):
        i, j = source[t], target[t]
        # Zeros are added, and not asked for: a wrong guess of the processor costs more.
        total[i] += had_promise[j] * kept[j]
        count[i] += had_promise[j]
        total[j] += had_promise[i] * kept[i]
        count[j] += had_promise[i]


@kernel
def update_belief(
    credibility,
    continuation,
    promised,
    received,
    n_renewed,
    n_lapsed,
    promised_flow,
    remembered,
    partner_total,
    partner_count,
    speed,
    partner_weight,
    event_weight,
):
    """Belief that promises are kept: c' = c + λ (kept − c), by own and partners' experience.

    An award that ends on its date breaks no promise; it informs the belief that one award is
    followed by another: r' = r + (1 − (1 − ω)^n) (share renewed − r). Where awards promise about
    what is ``remembered`` of them (£m a quarter, without the subsidy of ties), all were followed.
    """
    for i in range(credibility.shape[0]):
        if promised[i] > 0.0:
            kept = min(1.0, received[i] / promised[i])
            credibility[i] += speed * (kept - credibility[i])
        if partner_count[i] > 0.0:
            seen = partner_total[i] / partner_count[i]
            credibility[i] += speed * partner_weight * (seen - credibility[i])
        events = n_renewed[i] + n_lapsed[i]
        if events > 0.0:
            followed = n_renewed[i]
            if promised_flow[i] >= 0.9 * remembered[i]:
                followed = events
            weight = 1.0 - (1.0 - event_weight) ** events
            continuation[i] += weight * (followed / events - continuation[i])


@dataclass(frozen=True)
class Promises:
    """What announced awards still promise each organisation (organisations,)."""

    flow: NDArray[np.float64]
    """£m a quarter."""
    remaining: NDArray[np.float64]
    """Mean time to their end or next review, weighted by money, in years."""
    term: NDArray[np.float64]
    """Mean length from start to end, weighted by money, in years."""


def form_beliefs(
    world: World, grants: NDArray[np.float64], assumptions: PlanAssumptions
) -> Promises:
    """Update beliefs from what was announced, kept and broken; return what is promised.

    ``grants`` (organisations,) is all public money of the quarter, in £m.
    """
    o, a, t = world.organisations, world.awards, world.ties
    n = len(o)
    received, promised_flow, remaining, term = (np.empty(n) for _ in range(4))
    award_terms(
        a.holder_row,
        a.weight,
        a.payment,
        a.paid,
        a.start,
        a.end,
        a.next_gate,
        a.announced,
        a.length,
        a.outcome,
        world.quarter,
        o.weight,
        received,
        promised_flow,
        remaining,
        term,
    )
    had_promise = o.promised > 0.0
    kept = np.minimum(1.0, received / np.where(had_promise, o.promised, 1.0))
    total, count = np.empty(n), np.empty(n)
    partner_record(t.source_row, t.target_row, kept, had_promise, total, count)
    update_belief(
        o.credibility,
        o.continuation,
        o.promised,
        received,
        o.n_renewed,
        o.n_lapsed,
        promised_flow,
        np.maximum(o.grant_memory - (grants - received), 0.0),
        total,
        count,
        per_quarter_of_half_life(assumptions.belief_half_life),
        assumptions.partner_experience,
        assumptions.event_weight,
    )
    return Promises(promised_flow, remaining, term)
