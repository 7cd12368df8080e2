"""Eligibility: which organisations and regions may hold an award of a programme."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.quarter.fund.programmes import Area, Programme, Recipient
from sim.world.state import CATAPULT, FIRM, LABORATORY, World

_KINDS = {
    Recipient.FIRMS: FIRM,
    Recipient.UNIVERSITIES: LABORATORY,
    Recipient.CATAPULTS: CATAPULT,
}


def eligible_kinds(programme: Programme) -> NDArray[np.bool_]:
    """Which kinds of organisation may hold an award (3,)."""
    kinds = np.zeros(3, np.bool_)
    for name in programme.eligible:
        kinds[_KINDS[name]] = True
    return kinds


def eligible_regions(world: World, programme: Programme) -> NDArray[np.bool_]:
    """In which regions an award may be held (regions,)."""
    north: NDArray[np.bool_] = world.regions.is_north
    return north if programme.area is Area.NORTH else np.ones_like(north)


def eligible_holders(world: World, programme: Programme) -> NDArray[np.bool_]:
    """Whether each organisation may hold an award, as the lead or as a partner."""
    o = world.organisations
    may: NDArray[np.bool_] = (
        eligible_kinds(programme)[o.kind] & eligible_regions(world, programme)[o.region]
    )
    return may


def possible_partners(world: World, may_hold: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Ties of each organisation to others that may hold an award."""
    ties, n = world.ties, len(may_hold)
    count = np.bincount(ties.source_row, may_hold[ties.target_row], n)
    count += np.bincount(ties.target_row, may_hold[ties.source_row], n)
    return count.astype(np.int64)
