"""Place: slow stocks of the region follow what was spent and who came and went."""

from __future__ import annotations

import numpy as np

from sim.parameters import QUARTERS_PER_YEAR, Parameters, per_quarter, quantity
from sim.world.state import World


class PlaceAssumptions(Parameters):
    """Place capital, congestion, bid capacity and the skilled pool."""

    place_capital_depreciation: float = quantity(
        0.045, "per year", (0.03, 0.06), "[39]", ge=0, le=0.9
    )
    """Decay of infrastructure, premises and business support."""
    place_capital_return: float = quantity(
        1.0, "£ of capital per £ of grant", (0.5, 1.2), ge=0, le=5
    )
    """Capital that a pound of infrastructure money becomes."""
    quality_value: float = quantity(
        0.13,
        "log value per standard deviation of quality",
        (0.07, 0.19),
        "[83]",
        neutral=0.0,
        ge=0,
        le=1,
    )
    """What the true quality of a scheme multiplies its value by."""
    delivery_capacity: float = quantity(
        0.25, "share of place capital a year", (0.05, 0.5), gt=0, le=5
    )
    """What a place can build in a year before more money buys less: short bursts are waste."""
    congestion_elasticity: float = quantity(
        0.04, "elasticity", (0.02, 0.08), "[38]", neutral=0.0, ge=0, le=1
    )
    """Land and wage cost of a place as its jobs grow (κ)."""
    congestion_speed: float = quantity(0.2, "share of the way a year", (0.05, 0.5), ge=0, le=1)
    """How fast land and wage costs follow the number of jobs."""
    bid_learning: float = quantity(0.10, "per bid", (0.02, 0.2), neutral=0.0, ge=0, le=1)
    """Growth of a region's bid capacity, as a share of that of the start, with each half-year's
    usual number of bids."""
    bid_forgetting: float = quantity(0.20, "per year", (0.05, 0.4), neutral=0.0, ge=0, le=0.95)
    """Loss of bid capacity that is not used."""
    graduate_retention: float = quantity(0.45, "share", (0.25, 0.60), "[71]", ge=0, le=1)
    """Graduates able to do research who stay in the region where they studied."""
    pool_return: float = quantity(0.5, "share of the way a year", (0.2, 0.8), ge=0, le=1)
    """How fast other professions and regions refill or drain an unusual pool of skilled people."""


def place(world: World, assumptions: PlaceAssumptions) -> None:
    """Close the slow stocks of every region with the quarter's flows."""
    _build(world, assumptions)
    _crowd(world, assumptions)
    _practise(world, assumptions)
    _train(world, assumptions)


def _build(world: World, assumptions: PlaceAssumptions) -> None:
    """P' = (1 − δ) P + usual upkeep + what the grant becomes.

    Upkeep out of ordinary budgets holds the stock of the start. A grant becomes capital at
    ``return · G / (1 + G / capacity)``: what a place can deliver in a quarter is limited, so that
    a burst buys less than a steady flow [96, 97]. The cost of the region's own bids is taken from
    its upkeep.
    """
    regions = world.regions
    decay = per_quarter(assumptions.place_capital_depreciation)
    capacity = assumptions.delivery_capacity / QUARTERS_PER_YEAR * regions.place_capital_start
    worth = np.exp(assumptions.quality_value * regions.place_quality)
    worth *= 1.0 - regions.place_misfit
    built = regions.place_grant * worth * assumptions.place_capital_return
    built /= 1.0 + regions.place_grant / capacity
    upkeep = decay * regions.place_capital_start - regions.place_bid_cost
    regions.place_capital *= 1.0 - decay
    regions.place_capital += np.maximum(upkeep, 0.0) + built


def _crowd(world: World, assumptions: PlaceAssumptions) -> None:
    """Congestion follows κ ln(jobs / jobs at the start), slowly."""
    o, regions = world.organisations, world.regions
    jobs = np.bincount(o.region, o.jobs * o.weight, len(regions))
    growth = (jobs + regions.background_jobs) / regions.jobs_start
    target = assumptions.congestion_elasticity * np.log(growth)
    speed = per_quarter(assumptions.congestion_speed)
    regions.congestion += speed * (target - regions.congestion)


def _practise(world: World, assumptions: PlaceAssumptions) -> None:
    """C' = (1 − f) C + ½ learning · C0 · bids / usual bids: learnt by bidding, else forgotten.

    Gains add up and do not compound: a place that bids twice as much as usual comes to have about
    twice the practice, and at the usual number of bids it keeps what it has.
    """
    regions = world.regions
    practice = 0.5 * assumptions.bid_learning * regions.n_bids / regions.bids_usual
    forgotten = per_quarter(assumptions.bid_forgetting)
    regions.bid_capacity *= 1.0 - forgotten
    regions.bid_capacity += practice * regions.bid_capacity_start
    # Capacity is staff: it cannot grow beyond what a place of this size can employ for bids.
    np.clip(
        regions.bid_capacity,
        0.2 * regions.bid_capacity_start,
        3.0 * regions.bid_capacity_start,
        out=regions.bid_capacity,
    )


def _train(world: World, assumptions: PlaceAssumptions) -> None:
    """The pool gains those let go or released by an exit, movers and graduates, and loses those
    hired and those who begin with a new firm.

    Graduates who do not stay where they studied go where posts are on offer. What is unusual
    returns slowly to usual, as people enter or leave other professions.
    """
    regions = world.regions
    regions.skilled_pool += regions.pool_returned - regions.pool_hired + regions.migrated
    regions.skilled_pool += regions.pool_released - regions.pool_founding
    graduates = regions.graduates / QUARTERS_PER_YEAR
    stay = assumptions.graduate_retention * graduates
    posts = regions.posts_open / max(float(regions.posts_open.sum()), 1e-12)
    regions.skilled_pool += stay + float(np.sum(graduates - stay)) * posts
    speed = per_quarter(assumptions.pool_return)
    regions.skilled_pool += speed * (regions.skilled_pool_usual - regions.skilled_pool)
    np.maximum(regions.skilled_pool, 0.0, out=regions.skilled_pool)


def begin(world: World) -> None:
    """Take the start as the reference of crowding and of practice in bidding."""
    o, regions = world.organisations, world.regions
    jobs = np.bincount(o.region, o.jobs * o.weight, len(regions))
    regions.jobs_start[:] = jobs + regions.background_jobs
    regions.bid_capacity_start[:] = regions.bid_capacity
    active = np.where(o.is_research_active, o.weight, 0.0)
    # One bid a year for every ten research organisations keeps practice about where it is.
    regions.bids_usual[:] = np.maximum(
        np.bincount(o.region, active, len(regions)) / 10.0 / QUARTERS_PER_YEAR, 0.25
    )
