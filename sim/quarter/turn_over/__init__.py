"""Turn over: firms end and begin; nothing that an exit held vanishes from the accounts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.quarter.turn_over.assumptions import TurnOverAssumptions
from sim.quarter.turn_over.entries import entries, set_attraction
from sim.quarter.turn_over.exits import exits, set_hazard_level, standing
from sim.quarter.turn_over.supply import repair_supply_chain
from sim.world.state import World

__all__ = ["TurnOverAssumptions", "begin", "replace_rows", "turn_over"]


def turn_over(world: World, assumptions: TurnOverAssumptions) -> None:
    """Exits, then entries; rows, ties, links and awards follow the organisations."""
    stand = standing(world, assumptions.productivity_response)
    gone = exits(world, assumptions, stand)
    replace_rows(world, gone, entries(world, assumptions, stand))
    repair_supply_chain(world)


def replace_rows(world: World, gone: NDArray[np.bool_], entrants: dict[str, NDArray[Any]]) -> None:
    """Drop exits, insert entrants in their places, and point every link to the new rows."""
    o, ties, supplies = world.organisations, world.ties, world.supplies
    order = np.lexsort((entrants["ring"], entrants["region"]))
    place = (entrants["region"] + entrants["ring"])[order]
    index, old_to_new, new = renumber(gone, o.region, o.ring, place, order)
    o.replace(index, new, entrants)
    there = np.empty(len(ties), np.bool_)
    follow(ties.source_row, ties.target_row, old_to_new, there)
    ties.keep(there)
    there = np.empty(len(supplies), np.bool_)
    follow(supplies.supplier_row, supplies.buyer_row, old_to_new, there)
    supplies.keep(there)
    world.awards.holder_row[:] = old_to_new[world.awards.holder_row]


@kernel
def renumber(gone, region, ring, place, order):
    """Old row of each new one; new row of each old one, −1 for exits and row −1; entrants' rows.

    Rows are sorted by region + ring, and so is ``place`` (entrants,) of the entrants in ``order``:
    one walk merges the two.
    """
    n, n_new = gone.shape[0], place.shape[0]
    index, old_to_new = np.zeros(n + n_new, np.int64), np.full(n + 1, -1)
    new = np.empty(n_new, np.int64)
    row, entrant = 0, 0
    for i in range(n):
        if gone[i]:
            continue
        while entrant < n_new and place[entrant] <= region[i] + ring[i]:
            new[order[entrant]] = row
            entrant += 1
            row += 1
        index[row], old_to_new[i] = i, row
        row += 1
    while entrant < n_new:
        new[order[entrant]] = row
        entrant += 1
        row += 1
    return index[:row], old_to_new, new


@kernel
def follow(one, other, old_to_new, there):
    """Point both ends of every link to their new rows; whether both are still there."""
    for t in range(one.shape[0]):
        one[t] = old_to_new[one[t]]
        other[t] = old_to_new[other[t]]
        there[t] = one[t] >= 0 and other[t] >= 0


def begin(world: World, assumptions: TurnOverAssumptions) -> None:
    """Take the start as the usual level of exits and of what draws new firms to a place."""
    set_hazard_level(world, assumptions)
    set_attraction(world, assumptions)
