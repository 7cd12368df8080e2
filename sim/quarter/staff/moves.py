"""Moves: whom an organisation hires comes from one of the region that lost people."""

from __future__ import annotations

import numpy as np

from sim import luck
from sim.kernel import kernel
from sim.quarter.ring import rows_by_region
from sim.world.state import World

#: Quarters for which a move between organisations is kept as a link.
MEMORY_OF_MOVES = 12


@kernel
def origins(seed, quarter, hired, lost, uid, region, n_regions):
    """Rows that people leave and rows that hire them, one pair a move.

    Who hires draws one of its region's organisations that lost people; no move where that is
    itself, or nobody.
    """
    leavers, offsets = rows_by_region(lost > 0.0, region, n_regions)
    origin, to = np.empty_like(uid), np.empty_like(uid)
    n_moves = 0
    for i in range(uid.shape[0]):
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
