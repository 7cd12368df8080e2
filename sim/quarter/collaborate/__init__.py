"""Collaborate: ties form, deepen while they are worked on, and lapse."""

from __future__ import annotations

import numpy as np

from sim.parameters import QUARTERS_PER_YEAR
from sim.quarter.collaborate.assumptions import CollaborateAssumptions, Collaboration
from sim.quarter.collaborate.search import form
from sim.quarter.collaborate.ties import bind_awards, count_ties, covered, work_on_ties
from sim.world.state import World

__all__ = ["CollaborateAssumptions", "Collaboration", "collaborate"]


def collaborate(world: World, levers: Collaboration, assumptions: CollaborateAssumptions) -> None:
    """Work on ties, let idle ones lapse, and form new ones; count what they cost."""
    o, t, a = world.organisations, world.ties, world.awards
    cost = assumptions.tie_cost * world.researcher_cost / QUARTERS_PER_YEAR
    money = covered(o.kind, o.degree, o.grant_ties, cost)
    life = max(1, round(assumptions.tie_life * QUARTERS_PER_YEAR))
    bind_awards(
        world.quarter,
        assumptions.award_bond,
        a.holder_row,
        a.lead,
        a.holder,
        a.start,
        a.end,
        a.outcome,
        len(o),
        t.source_row,
        t.target_row,
        t.source,
        t.target,
        t.works_until,
    )
    lapsed = np.zeros(len(t), np.bool_)
    work_on_ties(
        world.seed,
        world.quarter,
        t.source_row,
        t.target_row,
        t.source,
        t.target,
        t.trust,
        t.last_used,
        t.works_until,
        t.spells,
        o.position_x,
        o.position_y,
        o.region,
        money,
        levers.pan_northern,
        assumptions.trust_gain,
        assumptions.trust_loss,
        life,
        assumptions.lapse_hazard,
        assumptions.renewal,
        assumptions.cognitive,
        assumptions.best_distance,
        assumptions.money,
        lapsed,
    )
    t.keep(~lapsed)
    form(world, levers, assumptions, money, life)
    count_ties(t.source_row, t.target_row, o.degree)
    o.joint_cost[:] = assumptions.tie_cost * o.degree
