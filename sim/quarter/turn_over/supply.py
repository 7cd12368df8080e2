"""The supply chain: firms that have lost their suppliers find another."""

from __future__ import annotations

import numpy as np

from sim import luck
from sim.kernel import kernel
from sim.world.state import FIRM, World


@kernel
def new_suppliers(seed, quarter, uid, region, ring, firms, region_start, chance, found):  # type: ignore[no-untyped-def]
    """A supplier for each buyer: a region by nearness, then a stable place on its ring."""
    n_regions = chance.shape[0]
    for k in range(uid.shape[0]):
        where, who = luck.uniform_pair(seed, luck.SUPPLIER, uid[k], quarter)
        r = 0
        while r < n_regions - 1 and where > chance[region[k], r]:
            r += 1
        low, high = region_start[r], region_start[r + 1]
        found[k] = -1
        if low == high:
            continue
        end = high
        while low < high:
            middle = (low + high) // 2
            if ring[firms[middle]] < who:
                low = middle + 1
            else:
                high = middle
        found[k] = firms[low if low < end else region_start[r]]


def repair_supply_chain(world: World) -> None:
    """Firms that have no supplier find one: near, and on a stable place of the ring."""
    o, s = world.organisations, world.supplies
    has = np.zeros(len(o), np.bool_)
    has[s.buyer_row] = True
    firms = np.flatnonzero(o.kind == FIRM).astype(np.int64)
    buyers = firms[~has[firms]]
    if len(buyers) == 0:
        return
    start = np.searchsorted(o.region[firms], np.arange(len(world.regions) + 1)).astype(np.int64)
    near = np.exp(-world.travel / 60.0)
    chance = np.cumsum(near / near.sum(axis=1, keepdims=True), axis=1)
    found = np.empty(len(buyers), np.int64)
    new_suppliers(
        world.seed,
        world.quarter,
        o.uid[buyers],
        o.region[buyers],
        o.ring,
        firms,
        start,
        chance,
        found,
    )
    good = (found >= 0) & (found != buyers)
    buyers, found = buyers[good], found[good]
    s.append(
        {
            "supplier": o.uid[found],
            "buyer": o.uid[buyers],
            "supplier_row": found,
            "buyer_row": buyers,
            "formed": np.full(len(buyers), world.quarter),
        }
    )
