"""Innovate: projects complete or are lost, and some become innovations of very unequal value."""

from __future__ import annotations

import math

import numpy as np

from sim import luck
from sim.kernel import kernel, rows_where
from sim.parameters import Parameters, per_quarter, per_quarter_of_half_life, quantity
from sim.quarter.work import WorkAssumptions
from sim.world.state import FIRM, World

#: Innovations of one row in a quarter whose values are drawn one by one; the mean of these stands
#: for the rest.
MOST_DRAWS = 12


class InnovateAssumptions(Parameters):
    """Work in progress, arrival and value of innovations, and codified results."""

    arrival_rate: float = quantity(0.5, "innovations per £m of completed work", (0.2, 2), gt=0)
    """Innovations from completed work at the usual scale; only their number, not their sum."""
    scale_elasticity: float = quantity(
        0.6, "elasticity", (0.3, 0.9), "EVIDENCE §2c (m)", neutral=1.0, gt=0, le=1
    )
    """Elasticity of innovation to effort around the organisation's own usual scale."""
    scale_half_life: float = quantity(5.0, "years", (2, 10), gt=0)
    """How fast the usual scale follows: facilities, methods, management."""
    value_spread: float = quantity(
        2.21, "standard deviation of the log", (1.23, 2.76), "[50]", ge=0, le=4
    )
    """Inequality of the values of innovations."""
    quality_value: float = quantity(
        0.13,
        "log value per standard deviation of quality",
        (0.07, 0.19),
        "[83]",
        neutral=0.0,
        ge=0,
        le=1,
    )
    """What a project's true quality multiplies its value by."""
    innovation_share: float = quantity(
        0.5, "£m of knowledge per £m of completed work", (0.2, 0.8), ge=0, le=3
    )
    """Mean value of the innovations from a pound of completed work, as knowledge; the part of
    research that is not learnt while it is done."""
    codified_share: float = quantity(0.3, "share of value", (0.1, 0.6), ge=0, le=1)
    """Part of an innovation's value that ends in the public pool."""
    memory_of_results: float = quantity(0.2, "per year", (0.1, 0.4), ge=0, le=0.95)
    """How fast past results are forgotten by those who fund by them."""
    lag_private: float = quantity(1.5, "years", (1, 2), "MODEL §4", gt=0)
    """Mean lag until codified private results are public."""
    lag_public: float = quantity(6.0, "years", (4, 8), "[49]", gt=0)
    """Mean lag until public research is in use."""
    pool_depreciation: float = quantity(0.10, "per year", (0.05, 0.2), ge=0, le=0.9)
    """Obsolescence of the public pool."""


@kernel
def progress(
    kind,
    is_active,
    effort,
    interrupted,
    project_length,
    public_share,
    award_quality,
    award_misfit,
    salvage,
    quality_value,
    exponent_by_kind,
    usual_length,
    work,
    length,
    quality,
    completed,
):
    """Work in progress W grows by effort, shrinks by what is lost, and 1/ℓ of it completes.

    ``W' = (W (1 − interrupted (1 − salvage)) + effort) (1 − 1/ℓ)``. The mean length and value of
    the portfolio move towards those of the new work. The value of new work is
    ``(ℓ / ℓ0)^φ · (1 + public share · (e^(s q) (1 − misfit) − 1))``, with q the true quality of
    the work that public money pays for.
    """
    completed[:] = 0.0
    for i in rows_where(is_active):
        kept = work[i] * (1.0 - interrupted[i] * (1.0 - salvage))
        new = effort[i]
        total = kept + new
        if total <= 0.0:
            work[i] = 0.0
            continue
        worth = (project_length[i] / usual_length) ** exponent_by_kind[kind[i]]
        funded = math.exp(quality_value * award_quality[i]) * (1.0 - award_misfit[i])
        worth *= 1.0 + public_share[i] * (funded - 1.0)
        length[i] = (kept * length[i] + new * project_length[i]) / total
        quality[i] = (kept * quality[i] + new * worth) / total
        done = total / max(4.0 * length[i], 1.0)
        completed[i] = done
        work[i] = total - done


@kernel
def arrive(
    seed,
    quarter,
    uid,
    weight,
    is_active,
    completed,
    quality,
    arrival_rate,
    scale_elasticity,
    scale_speed,
    value_spread,
    innovation_share,
    usual_scale,
    innovations,
    value,
    past_value,
    memory,
):
    """Innovations arrive as Poisson events and have lognormal values.

    Rate of one real organisation: ``θ X̄ (X / X̄)^η`` with X completed work and X̄ its usual scale.
    The mean value is the completed work's worth, so that the number of innovations and the sum of
    their values are set apart. Rows that stand for many organisations average over them.
    """
    rows = rows_where(is_active)
    luck_of, _ = luck.uniform_pairs(seed, luck.ARRIVAL, uid[rows], quarter)
    draws = np.zeros(rows.shape[0], np.int64)
    innovations[:] = 0.0
    value[:] = 0.0
    past_value *= 1.0 - memory
    for a in range(rows.shape[0]):
        i = rows[a]
        if completed[i] <= 0.0:
            continue
        usual = usual_scale[i]
        if usual <= 0.0:
            usual = completed[i]
        scaled = usual * (completed[i] / usual) ** scale_elasticity
        usual_scale[i] = usual + scale_speed * (completed[i] - usual)
        n = luck.poisson_from_uniform(arrival_rate * scaled * weight[i], luck_of[a])
        innovations[i] = n / weight[i]
        draws[a] = min(n, MOST_DRAWS)
    inventor, key = np.empty(draws.sum(), np.int64), np.empty(draws.sum(), np.int64)
    d = 0
    for a in range(rows.shape[0]):
        for k in range(draws[a]):
            inventor[d], key[d] = uid[rows[a]], quarter | (k << 32)
            d += 1
    z = luck.normals_at(seed, luck.INNOVATION_VALUE, inventor, key)
    d = 0
    for a in range(rows.shape[0]):
        if draws[a] > 0:
            i = rows[a]
            total = 0.0
            for _ in range(draws[a]):
                total += math.exp(value_spread * z[d] - 0.5 * value_spread * value_spread)
                d += 1
            mean_value = innovation_share / arrival_rate * quality[i]
            value[i] = total / draws[a] * innovations[i] * mean_value
            past_value[i] += value[i]


@kernel
def codify(region, sector, kind, weight, value, share, private, public):
    """Codified part of the quarter's innovations, by region and sector, private and public."""
    private[:] = 0.0
    public[:] = 0.0
    for i in range(region.shape[0]):
        if value[i] > 0.0:
            amount = share * weight[i] * value[i]
            if kind[i] == FIRM:
                private[region[i], sector[i]] += amount
            else:
                public[region[i], sector[i]] += amount


def innovate(world: World, assumptions: InnovateAssumptions, work: WorkAssumptions) -> None:
    """Projects complete or abort; innovations arrive; codified results wait for their use."""
    o = world.organisations
    completed = np.empty(len(o))
    public = np.maximum(o.grant_core + o.grant_research + o.grant_ties, 0.0)
    public_share = np.minimum(public / np.maximum(o.spending, 1e-12), 1.0)
    progress(
        o.kind,
        o.is_research_active,
        o.effort,
        o.interrupted,
        o.project_length,
        public_share,
        o.award_quality,
        o.award_misfit,
        work.salvage,
        assumptions.quality_value,
        work.exponent_by_kind(),
        work.usual_length,
        o.work_in_progress,
        o.portfolio_length,
        o.portfolio_quality,
        completed,
    )
    arrive(
        world.seed,
        world.quarter,
        o.uid,
        o.weight,
        o.is_research_active,
        completed,
        o.portfolio_quality,
        assumptions.arrival_rate,
        assumptions.scale_elasticity,
        per_quarter_of_half_life(assumptions.scale_half_life),
        assumptions.value_spread,
        assumptions.innovation_share,
        o.usual_scale,
        o.innovations,
        o.innovation_value,
        o.cumulative_value,
        per_quarter(assumptions.memory_of_results),
    )
    _publish(world, assumptions)


@kernel
def pass_two_stages(flow, leaves, first, second, pool):
    """Results wait in two stages before the pool; a share ``leaves`` each in a quarter (Erlang)."""
    for r in range(flow.shape[0]):
        for s in range(flow.shape[1]):
            out_of_first, out_of_second = leaves * first[r, s], leaves * second[r, s]
            first[r, s] += flow[r, s] - out_of_first
            second[r, s] += out_of_first - out_of_second
            pool[r, s] += out_of_second


def _publish(world: World, assumptions: InnovateAssumptions) -> None:
    """Codified results pass two stages of waiting, whose times add to the mean lag."""
    o, cells = world.organisations, world.cells
    shape = cells.pool.shape
    private, public = np.empty(shape), np.empty(shape)
    codify(
        o.region,
        o.sector,
        o.kind,
        o.weight,
        o.innovation_value,
        assumptions.codified_share,
        private,
        public,
    )
    cells.pool *= 1.0 - per_quarter(assumptions.pool_depreciation)
    for flow, lag, first, second in (
        (private, assumptions.lag_private, cells.pending_private, cells.pending_private_late),
        (public, assumptions.lag_public, cells.pending_public, cells.pending_public_late),
    ):
        pass_two_stages(flow, min(1.0, 2.0 / (4.0 * lag)), first, second, cells.pool)
