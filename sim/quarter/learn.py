"""Learn: knowledge grows by own research, by partners, and by the place."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.kernel import kernel, rows_where
from sim.parameters import QUARTERS_PER_YEAR, Parameters, per_quarter, quantity
from sim.quarter.nearness import nearness
from sim.world.state import World


class LearnAssumptions(Parameters):
    """The knowledge equation and the movement of positions."""

    depreciation: float = quantity(0.15, "per year", (0.05, 0.35), "[45]", ge=0, le=0.9)
    """Share of knowledge that becomes obsolete."""
    own_share: float = quantity(0.5, "share of effective research", (0.2, 0.8), ge=0, le=1)
    """Part of research that is learnt while doing it; the rest arrives as finished innovations."""
    tie_spillover: float = quantity(
        0.015,
        "share of the partner's knowledge a year",
        (0.0, 0.04),
        "[48, 62]",
        neutral=0.0,
        ge=0,
        le=1,
    )
    """Knowledge that passes over a fully trusted tie at the best cognitive distance."""
    place_spillover: float = quantity(
        0.004, "share of own knowledge a year", (0.0, 0.012), "[42]", neutral=0.0, ge=0, le=1
    )
    """Knowledge drawn from the codified pool around, where the pool is as in the mean region."""
    spillover_reach: float = quantity(60.0, "minutes of travel", (30, 120), "[42, 43]", gt=0)
    """Travel time over which spillover from places falls to 37 %."""
    cross_region: float = quantity(0.03, "weight", (0.01, 0.10), "[42]", ge=0, le=1)
    """Weight of another region's pool at no travel time, against one's own."""
    best_distance: float = quantity(0.40, "cognitive distance", (0.25, 0.60), "[44]", ge=0, le=2)
    """Cognitive distance at which a partner teaches most."""
    distance_width: float = quantity(0.25, "cognitive distance", (0.15, 0.4), "[44]", gt=0)
    """Width of the inverted U in cognitive distance."""
    convergence: float = quantity(
        0.05, "share of the distance a year", (0, 0.15), neutral=0.0, ge=0, le=1
    )
    """How fast partners' positions approach each other at full trust."""
    drift: float = quantity(0.03, "cognitive distance a year", (0, 0.1), ge=0, le=1)
    """Random movement of positions, so that the space does not collapse."""


@kernel
def from_partners(source, target, trust, knowledge, absorbed, x, y, rate, best, width, inflow):
    """Add to ``inflow`` what passes over ties: rate · trust · a(K) · f(d) · partner's knowledge.

    ``f(d) = exp(−(d − d*)² / 2σ²)`` is the inverted U in cognitive distance [44]; ``a(K)``
    ``absorbed`` (organisations,) is absorptive capacity. A partner of many real organisations
    counts as one of them. Nobody learns from one tie more than it knows itself.
    """
    for t in range(source.shape[0]):
        i, j = source[t], target[t]
        d = math.sqrt((x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2) - best
        passed = rate * trust[t] * math.exp(-0.5 * d * d / (width * width))
        inflow[i] += passed * absorbed[i] * min(knowledge[j], knowledge[i])
        inflow[j] += passed * absorbed[j] * min(knowledge[i], knowledge[j])


@kernel
def converge(source, target, trust, x, y, rate, dx, dy):
    """Partners' positions approach each other, by trust."""
    for t in range(source.shape[0]):
        i, j = source[t], target[t]
        step = 0.5 * rate * trust[t]
        dx[i] += step * (x[j] - x[i])
        dy[i] += step * (y[j] - y[i])
        dx[j] += step * (x[i] - x[j])
        dy[j] += step * (y[i] - y[j])


@kernel
def accumulate(
    seed,
    quarter,
    uid,
    region,
    sector,
    is_active,
    knowledge,
    knowledge_lost,
    effort,
    innovation_value,
    inflow,
    absorbed,
    at_hand,
    place_rate,
    depreciation,
    own_share,
    obsolescence,
    x,
    y,
    dx,
    dy,
    drift,
):
    """K' = (1 − δ)(K − lost) + own share · effective research + innovations + spillovers.

    ``at_hand`` (regions, sectors) is the codified knowledge within reach, against the mean region
    at the start; what is drawn from it is in proportion to own knowledge, as absorption is.
    """
    rows = rows_where(is_active)
    drift_x, drift_y = luck.uniform_pairs(seed, luck.DRIFT, uid[rows], quarter)
    for a in range(rows.shape[0]):
        i = rows[a]
        around = at_hand[region[i], sector[i]]
        inflow[i] += place_rate * absorbed[i] * around * knowledge[i]
        kept = (1.0 - depreciation) * (1.0 - obsolescence[sector[i]])
        stock = kept * max(knowledge[i] - knowledge_lost[i], 0.0)
        knowledge[i] = stock + own_share * effort[i] + innovation_value[i] + inflow[i]
        x[i] += dx[i] + drift * (2.0 * drift_x[a] - 1.0)
        y[i] += dy[i] + drift * (2.0 * drift_y[a] - 1.0)


@kernel
def within_reach(near, across, pool, relatedness):
    """Related knowledge of the own region, and of others by ``across`` and nearness."""
    n_regions, n_sectors = pool.shape
    related, found = np.zeros_like(pool), np.zeros_like(pool)
    for r in range(n_regions):
        for other in range(n_sectors):
            for s in range(n_sectors):
                related[r, s] += pool[r, other] * relatedness[other, s]
    for r in range(n_regions):
        for k in range(n_regions):
            weight = 1.0 if k == r else across * near[r, k]
            for s in range(n_sectors):
                found[r, s] += weight * related[k, s]
    return found


def knowledge_at_hand(world: World, assumptions: LearnAssumptions) -> NDArray[np.float64]:
    """Codified knowledge within reach of each region and sector, £m.

    Own region counts fully, another by ``cross-region weight · e^(−t/τ)``; another sector by
    relatedness.
    """
    found: NDArray[np.float64] = within_reach(
        nearness(world.travel, assumptions.spillover_reach),
        assumptions.cross_region,
        world.cells.pool,
        world.relatedness,
    )
    return found


def learn(world: World, assumptions: LearnAssumptions) -> None:
    """Knowledge grows by own research, partners and place; partners' positions converge."""
    o, t = world.organisations, world.ties
    n = len(o)
    o.inflow[:] = 0.0
    absorbed = _absorptive_capacity(world)
    rate = assumptions.tie_spillover / QUARTERS_PER_YEAR
    from_partners(
        t.source_row,
        t.target_row,
        t.trust,
        o.knowledge,
        absorbed,
        o.position_x,
        o.position_y,
        rate,
        assumptions.best_distance,
        assumptions.distance_width,
        o.inflow,
    )
    dx, dy = np.zeros(n), np.zeros(n)
    converge(
        t.source_row,
        t.target_row,
        t.trust,
        o.position_x,
        o.position_y,
        assumptions.convergence / QUARTERS_PER_YEAR,
        dx,
        dy,
    )
    accumulate(
        world.seed,
        world.quarter,
        o.uid,
        o.region,
        o.sector,
        o.is_research_active,
        o.knowledge,
        o.knowledge_lost,
        o.effort,
        o.innovation_value,
        o.inflow,
        absorbed,
        knowledge_at_hand(world, assumptions) / world.sectors.at_hand_start,
        assumptions.place_spillover / QUARTERS_PER_YEAR,
        per_quarter(assumptions.depreciation),
        assumptions.own_share,
        world.sectors.obsolescence,
        o.position_x,
        o.position_y,
        dx,
        dy,
        assumptions.drift / QUARTERS_PER_YEAR**0.5,
    )


def _absorptive_capacity(world: World) -> NDArray[np.float64]:
    """a = k / (k + κ), with k knowledge per £m of usual knowledge and κ its middle, 1."""
    o = world.organisations
    relative = o.knowledge / np.maximum(o.base_knowledge, 1e-9)
    absorbed: NDArray[np.float64] = relative / (relative + 1.0)
    return absorbed


def begin(world: World, assumptions: LearnAssumptions) -> None:
    """Take the mean region at the start as the reference of what lies within reach."""
    world.sectors.at_hand_start[:] = np.maximum(
        knowledge_at_hand(world, assumptions).mean(axis=0), 1e-9
    )
