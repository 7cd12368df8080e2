"""Staff: money becomes people, slowly; the end of money lets them go, quickly."""

from __future__ import annotations

from sim.quarter.staff.assumptions import StaffAssumptions
from sim.quarter.staff.hiring import hire_and_let_go
from sim.quarter.staff.labour_market import migrate, pay_more_where_people_are_scarce, tightness
from sim.quarter.staff.moves import remember_moves
from sim.world.state import World

__all__ = ["StaffAssumptions", "begin", "staff"]


def staff(world: World, assumptions: StaffAssumptions) -> None:
    """Hire, let go, and pay; move wages and people between regions."""
    hire_and_let_go(world, assumptions)
    pay_more_where_people_are_scarce(world, assumptions)
    migrate(world, assumptions)
    remember_moves(world)


def begin(world: World) -> None:
    """Take the start as the usual state of every region's market for researchers."""
    world.regions.tightness_start[:] = tightness(world)
