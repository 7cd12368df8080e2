"""The engine on the phases that the plain Mesa model has, with a frozen flow of money."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.quarter import Assumptions, Policy, collaborate, innovate, learn, staff, trade, turn_over
from sim.run import Run
from sim.scenario import load
from sim.world.state import FIRM, World


def start(firms: int, seed: int = 1) -> tuple[World, Assumptions, Policy]:
    """A world two years into the burn-in, whose money then stays as it is."""
    loaded = load("piecemeal", {"population.firms": str(firms), "burn_in.years": "2"})
    run = Run.start(loaded.scenario, loaded.burn_in, seed)
    world, o = run.world, run.world.organisations
    world.awards.keep(np.zeros(len(world.awards), np.bool_))
    for flow in (o.returned, o.closure, o.bid_effort):
        flow[:] = 0.0
    world.sectors.obsolescence[:] = world.sectors.demand_shift[:] = 0.0
    return world, loaded.scenario.assumptions, run.policy


def step(world: World, policy: Policy, a: Assumptions) -> None:
    """One quarter of the phases that both have."""
    staff.staff(world, a.staff)
    collaborate.collaborate(world, policy.collaboration, a.collaborate)
    learn.learn(world, a.learn)
    innovate.innovate(world, a.innovate, a.work)
    trade.trade(world, a.trade)
    turn_over.turn_over(world, a.turn_over)
    world.quarter += 1


def totals(world: World) -> dict[str, float]:
    """The same sums as ``ClusterModel.totals``."""
    o = world.organisations
    names = ("jobs", "gva", "knowledge", "researchers", "innovation_value", "cash")
    found: dict[str, Any] = {name: float(np.sum(o.weight * getattr(o, name))) for name in names}
    found["ties"] = float(len(world.ties))
    found["firms"] = float(o.weight[o.kind == FIRM].sum())
    found["suppliers"] = float(len(world.supplies))
    return found
