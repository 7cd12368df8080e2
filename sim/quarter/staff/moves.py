"""Moves: whom an organisation hires comes from one of the region that lost people."""

from __future__ import annotations

import numpy as np

from sim import luck
from sim.kernel import kernel
from sim.world.state import World

#: Quarters for which a move between organisations is kept as a link.
MEMORY_OF_MOVES = 12


@kernel
def origins(seed, quarter, hired, lost, uid, region, n_regions):
    """Rows that people leave and rows that hire them, one pair a move.

    Who hires draws one of its region's organisations that lost people; no move where that is
    itself, or nobody. Rows are sorted by region.
    """
    n = hired.shape[0]
    leavers, offsets = np.empty(n, np.int64), np.zeros(n_regions + 1, np.int64)
    n_leavers = 0
    for i in range(n):
        if lost[i] > 0.0:
            leavers[n_leavers] = i
            n_leavers += 1
            offsets[region[i] + 1] += 1
    offsets = np.cumsum(offsets)
    origin, to = np.empty(n, np.int64), np.empty(n, np.int64)
    n_moves = 0
    for i in range(n):
        first, n_there = offsets[region[i]], offsets[region[i] + 1] - offsets[region[i]]
        if hired[i] <= 0.0 or n_there == 0:
            continue
        pick = int(luck.uniform(seed, luck.HIRE_ORIGIN, uid[i], quarter) * n_there)
        row = leavers[first + min(pick, n_there - 1)]
        if row != i:
            origin[n_moves], to[n_moves] = row, i
            n_moves += 1
    return origin[:n_moves], to[:n_moves]


def remember_moves(world: World) -> None:
    """Keep who came from where as a link between the two, and drop what is forgotten."""
    o, moves = world.organisations, world.moves
    origin, to = origins(
        world.seed, world.quarter, o.hired, o.lost, o.uid, o.region, len(world.regions)
    )
    forgotten = np.searchsorted(moves.quarter, world.quarter - MEMORY_OF_MOVES)
    moves.append(
        {
            "origin": o.uid[origin],
            "destination": o.uid[to],
            "quarter": world.quarter,
            "people": o.hired[to] * o.weight[to],
        },
        first=int(forgotten),
    )
