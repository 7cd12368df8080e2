"""Firms that end and begin under assumptions that are easy by hand."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from worlds import small_world

from sim.quarter.turn_over import TurnOverAssumptions, turn_over
from sim.world.state import FIRM, World

# Numbers that are easy by hand, and that a new calibration does not move.
usual = partial(TurnOverAssumptions, productivity_response=1.0)


USUAL = usual()


#: Nobody is born.
BARREN = {"spin_off_share": 0.0, "spin_out_rate": 0.0, "inward_share": 0.0}


def is_sorted(world: World) -> bool:
    """Whether rows are sorted by region, then by ring."""
    o = world.organisations
    return bool(np.all(np.diff(o.region + o.ring) > 0))


def real_firms(world: World) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Real firms by region and sector."""
    o, shape = world.organisations, world.cells.pool.shape
    firm = o.kind == FIRM
    code = (o.region * shape[1] + o.sector)[firm]
    return np.bincount(code, o.weight[firm], shape[0] * shape[1]).reshape(shape)


def crowd(n: int, **columns: Any) -> World:
    """``n`` firms of one region and sector."""
    return small_world({"region": np.zeros(n, np.int64), **columns})


def ended(world: World, assumptions: TurnOverAssumptions = USUAL) -> float:
    """Share of the firms that end in the quarter."""
    world.cells.base_births[:] = world.sectors.birth_rate[:] = 0.0
    n = len(world.organisations)
    turn_over(world, assumptions)
    return 1.0 - len(world.organisations) / n
