"""The supply chain: firms that have lost their suppliers find another."""

from __future__ import annotations

import numpy as np

from sim import luck
from sim.kernel import kernel
from sim.quarter.nearness import chance_by_region, nearness, region_met
from sim.quarter.ring import on_ring, rows_by_region
from sim.world.links import REACH
from sim.world.state import FIRM, World

#: Candidates that a firm looks at before it takes the next one, related or not.
MOST_TRIES = 12


@kernel
def new_suppliers(
    seed,
    quarter,
    buyers,
    uid,
    region,
    sector,
    ring,
    relatedness,
    firms,
    region_start,
    chance,
    found,
):
    """A supplier for each buyer: a region by nearness, a stable place on its ring, then a look.

    A candidate is taken with probability ``relatedness`` (sectors, sectors) of the two sectors, so
    that new links are as the first ones are: near and related. −1 where only the buyer is met.
    """
    ring_of_firms = ring[firms]
    found[:] = -1
    looking, n = np.arange(buyers.shape[0]), buyers.shape[0]
    for attempt in range(MOST_TRIES):
        own, tried = uid[buyers[looking[:n]]], quarter | (attempt << 32)
        where, who = luck.uniform_pairs(seed, luck.SUPPLIER, own, tried)
        look, _ = luck.uniform_pairs(seed, luck.SUPPLIER, own, tried + (MOST_TRIES << 32))
        still = 0
        for a in range(n):
            k = looking[a]
            buyer, is_taken = buyers[k], False
            r = region_met(chance, region[buyer], where[a])
            met = on_ring(ring_of_firms, region_start, r, who[a])
            if met >= 0 and firms[met] != buyer:
                found[k] = firms[met]
                is_taken = look[a] < relatedness[sector[buyer], sector[found[k]]]
            looking[still] = k
            still += not is_taken
        n = still


@kernel
def without_supplier(firms, buyer_row, n):
    """Those of the rows ``firms`` that nobody supplies, among ``n`` organisations."""
    has = np.zeros(n, np.bool_)
    for t in range(buyer_row.shape[0]):
        has[buyer_row[t]] = True
    return firms[~has[firms]]


def repair_supply_chain(world: World) -> None:
    """Firms that have no supplier find one: near, related, and on a stable place of the ring."""
    o, s = world.organisations, world.supplies
    firms, start = rows_by_region(o.kind == FIRM, o.region, len(world.regions))
    buyers = without_supplier(firms, s.buyer_row, len(o))
    if len(buyers) == 0:
        return
    chance = chance_by_region(nearness(world.travel, REACH), np.ones(len(world.regions)))
    found = np.empty(len(buyers), np.int64)
    new_suppliers(
        world.seed,
        world.quarter,
        buyers,
        o.uid,
        o.region,
        o.sector,
        o.ring,
        world.relatedness,
        firms,
        start,
        chance,
        found,
    )
    good = found >= 0
    buyers, found = buyers[good], found[good]
    s.append(
        {
            "supplier": o.uid[found],
            "buyer": o.uid[buyers],
            "supplier_row": found,
            "buyer_row": buyers,
            "formed": world.quarter,
        }
    )
