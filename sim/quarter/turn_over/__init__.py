"""Turn over: firms end and begin; nothing that an exit held vanishes from the accounts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.quarter.turn_over.assumptions import TurnOverAssumptions
from sim.quarter.turn_over.entries import entries, set_attraction
from sim.quarter.turn_over.exits import exits, set_hazard_level
from sim.quarter.turn_over.supply import repair_supply_chain
from sim.world.state import World

__all__ = ["TurnOverAssumptions", "begin", "replace_rows", "turn_over"]


def turn_over(world: World, assumptions: TurnOverAssumptions) -> None:
    """Exits, then entries; rows, ties, links and awards follow the organisations."""
    gone = exits(world, assumptions)
    replace_rows(world, gone, entries(world, assumptions))
    repair_supply_chain(world)


def replace_rows(world: World, gone: NDArray[np.bool_], entrants: dict[str, NDArray[Any]]) -> None:
    """Drop exits, insert entrants in their places, and point every link to the new rows."""
    o = world.organisations
    order = np.lexsort((entrants["ring"], entrants["region"]))
    entrants = {name: values[order] for name, values in entrants.items()}
    keep = ~gone
    survivors = np.flatnonzero(keep)
    key = o.region[keep] + o.ring[keep]
    places = np.searchsorted(key, entrants["region"] + entrants["ring"]).astype(np.int64)
    old_to_new = np.full(len(o) + 1, -1, np.int64)
    shift = np.searchsorted(places, np.arange(len(survivors)), side="right")
    old_to_new[survivors] = np.arange(len(survivors)) + shift
    o.replace(survivors, places, entrants)
    for table, ends in (
        (world.ties, ("source_row", "target_row")),
        (world.supplies, ("supplier_row", "buyer_row")),
    ):
        moved = {end: old_to_new[getattr(table, end)] for end in ends}
        there = (moved[ends[0]] >= 0) & (moved[ends[1]] >= 0)
        for end in ends:
            setattr(table, end, moved[end])
        table.keep(there)
    world.awards.holder_row[:] = old_to_new[world.awards.holder_row]


def begin(world: World, assumptions: TurnOverAssumptions) -> None:
    """Take the start as the usual level of exits and of what draws new firms to a place."""
    set_hazard_level(world, assumptions)
    set_attraction(world, assumptions)
