"""Plan: organisations update what they believe about money, and choose staff and project length."""

from __future__ import annotations

from sim.quarter.plan.assumptions import PlanAssumptions
from sim.quarter.plan.belief import form_beliefs
from sim.quarter.plan.choice import choose_plans
from sim.quarter.work import WorkAssumptions
from sim.world.state import World

__all__ = ["PlanAssumptions", "plan"]


def plan(world: World, assumptions: PlanAssumptions, work: WorkAssumptions) -> None:
    """Update beliefs from what was announced, kept and broken; choose length, budget and staff."""
    o = world.organisations
    grants = o.grant_core + o.grant_research + o.grant_ties
    promises = form_beliefs(world, grants, assumptions)
    choose_plans(world, grants, promises, assumptions, work)
