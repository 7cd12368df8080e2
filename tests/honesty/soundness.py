"""What must hold of any world at all, and money for worlds that are not of any scenario."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.quarter import Assumptions, Policy
from sim.quarter.fund.ledger import accounts
from sim.quarter.fund.plans import open_pots
from sim.quarter.fund.programmes import Allocation, Programme
from sim.world.columns import TABLES
from sim.world.state import World

USUAL = Assumptions()
#: Two programmes of every purpose but ties, for worlds that are not of any scenario.
PROGRAMMES = {
    "research": Programme(share=0.5, allocation=Allocation.COMPETITION, decision_lead=0.0),
    "core": Programme(share=0.3, allocation=Allocation.FORMULA, award_length=1.0),
}


def with_changes(assumptions: Assumptions, **groups: dict[str, Any]) -> Assumptions:
    """Some assumptions changed, given by group."""
    changed = {
        group: getattr(assumptions, group).model_copy(update=values)
        for group, values in groups.items()
    }
    return assumptions.model_copy(update=changed)


def assert_sound(world: World) -> None:
    """Every number is one, what cannot be negative is not, and every pound is accounted for."""
    for table in TABLES:
        for name, values in getattr(world, table).items():
            assert np.all(np.isfinite(values)), f"{table}.{name}"
    o = world.organisations
    for name in (
        "knowledge",
        "researchers",
        "jobs",
        "gva",
        "exports",
        "effort",
        "work_in_progress",
    ):
        assert np.all(getattr(o, name) >= 0.0), name
    book = world.pots
    held = book.balance + (book.budget - book.released)
    np.testing.assert_allclose(book.budget, book.payments + book.overhead + held, atol=1e-9)


def fund_small(world: World, budget: float = 2.0, years: int = 4) -> Policy:
    """Open pots of £m a year for a world that is not of any scenario."""
    pots = open_pots(PROGRAMMES, budget, 0.2, years, world.seed)
    world.pots = accounts(pots, tuple(PROGRAMMES))
    return Policy(pots)


def steady(world: World) -> None:
    """Nobody is born and no established firm dies."""
    world.cells.base_births[:] = 0.0
    world.sectors.birth_rate[:] = world.sectors.death_rate[:] = 0.0
