"""Moves: whom an organisation hires comes from one of the region that lost people."""

from __future__ import annotations

import numpy as np

from sim import luck
from sim.kernel import kernel
from sim.world.state import World

#: Quarters for which a move between organisations is kept as a link.
MEMORY_OF_MOVES = 12


@kernel
def origins(seed, quarter, hired, uid, region, offsets, leavers, origin):
    """For each organisation that hires, one of the region's organisations that lost people.

    ``leavers`` holds the rows that lost people, by region between ``offsets``.
    """
    for i in range(hired.shape[0]):
        origin[i] = -1
        r = region[i]
        n = offsets[r + 1] - offsets[r]
        if hired[i] <= 0.0 or n == 0:
            continue
        pick = int(luck.uniform(seed, luck.HIRE_ORIGIN, uid[i], quarter) * n)
        row = leavers[offsets[r] + min(pick, n - 1)]
        if row != i:
            origin[i] = row


def remember_moves(world: World) -> None:
    """Keep who came from where as a link between the two, and drop what is forgotten."""
    o, moves, n_regions = world.organisations, world.moves, len(world.regions)
    leavers = np.flatnonzero(o.lost > 0.0).astype(np.int64)
    offsets = np.searchsorted(o.region[leavers], np.arange(n_regions + 1)).astype(np.int64)
    origin = np.empty(len(o), np.int64)
    origins(world.seed, world.quarter, o.hired, o.uid, o.region, offsets, leavers, origin)
    to = np.flatnonzero(origin >= 0)
    forgotten = np.searchsorted(moves.quarter, world.quarter - MEMORY_OF_MOVES)
    moves.append(
        {
            "origin": o.uid[origin[to]],
            "destination": o.uid[to],
            "quarter": world.quarter,
            "people": o.hired[to] * o.weight[to],
        },
        first=int(forgotten),
    )
