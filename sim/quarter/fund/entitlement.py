"""Entitlement: what a formula counts for each holder, and each region's part of a devolved pot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.quarter.fund.programmes import Area, Basis, FundAssumptions, Programme
from sim.world.state import World


def basis_of(
    world: World,
    programme: Programme,
    row: NDArray[np.int64],
    region: NDArray[np.int64],
    weight: NDArray[np.float64],
) -> NDArray[np.float64]:
    """What a formula counts for each holder, all real organisations of its row together."""
    o = world.organisations
    at = np.maximum(row, 0)
    if programme.basis is Basis.EQUAL:
        return weight.copy()
    if programme.basis is Basis.POPULATION or (row < 0).any():
        count = np.bincount(region, weight, len(world.regions))
        share: NDArray[np.float64] = world.regions.population[region] * weight / count[region]
        return share
    if programme.basis is Basis.QUALITY:
        quality: NDArray[np.float64] = (o.cumulative_value[at] + 1e-6) * weight
        return quality
    size: NDArray[np.float64] = o.researchers[at] * weight
    return size


def region_share(
    world: World, programme: Programme, assumptions: FundAssumptions
) -> NDArray[np.float64]:
    """Each region's part of a devolved pot: by population, and by its shortfall in GVA a head."""
    regions = world.regions
    need = regions.population * regions.need**assumptions.need_weight
    if programme.area is Area.NORTH:
        need = np.where(regions.is_north, need, 0.0)
    share: NDArray[np.float64] = need / need.sum()
    return share
