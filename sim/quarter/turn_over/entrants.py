"""What new firms are like: a share of their parent's ways, and some luck of their own."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.kernel import kernel
from sim.quarter.turn_over.assumptions import TurnOverAssumptions
from sim.world.state import FIRM, World


@kernel
def draw_entrants(
    seed,
    quarter,
    parent,
    is_out,
    sector,
    seed_uid,
    ordinal,
    mean_size,
    is_active,
    rd_intensity,
    entrant_research,
    spread,
    uid,
    z_productivity,
    size,
    begins_active,
    dx,
    dy,
):
    """Identity and luck of each entrant: productivity, size, research, and where it stands.

    A spin-out does research; a spin-off of a firm that does, does so every other time. A sector in
    which nobody did at the start has no usual intensity to begin at.
    """
    for k in range(uid.shape[0]):
        own = luck.child_uid(seed_uid[k], quarter, ordinal[k])
        uid[k] = own
        z_productivity[k] = spread * luck.normal(seed, luck.ENTRANT, own, quarter | (1 << 32))
        z = luck.normal(seed, luck.ENTRANT, own, quarter | (2 << 32))
        size[k] = max(1.0, mean_size[k] * math.exp(0.5 * z - 0.125))
        chance = entrant_research
        if is_out[k]:
            chance = 1.0
        elif parent[k] >= 0 and is_active[parent[k]]:
            chance = 0.5
        u = luck.uniform(seed, luck.ENTRANT, own, quarter | (3 << 32))
        begins_active[k] = u < chance and rd_intensity[sector[k]] > 0.0
        a, b = luck.uniform_pair(seed, luck.ENTRANT, own, quarter | (4 << 32))
        dx[k] = 0.3 * (a - 0.5)
        dy[k] = 0.3 * (b - 0.5)


@kernel
def inherit(
    parent,
    is_out,
    region,
    sector,
    uid_of,
    productivity_of,
    x_of,
    y_of,
    start,
    risen,
    sector_x,
    sector_y,
    inheritance,
    gap,
    dx,
    dy,
    parent_uid,
    productivity,
    x,
    y,
):
    """What entrants share with their parents: ``productivity`` and place; luck comes on top.

    A spin-off keeps a share of its parent's lead over the usual of its place and sector; it and a
    spin-out begin near the parent in knowledge space, the others near their sector.
    """
    for k in range(parent.shape[0]):
        p, r, s = parent[k], region[k], sector[k]
        usual = start[r, s] + risen[s]
        lead = 0.0
        if p >= 0 and not is_out[k]:
            lead = inheritance * (productivity_of[p] - usual)
        productivity[k] = usual + gap + lead + productivity[k]
        parent_uid[k] = uid_of[p] if p >= 0 else -1
        spread = 1.0 - inheritance if p >= 0 else 1.0
        x[k] = (x_of[p] if p >= 0 else sector_x[s]) + spread * dx[k]
        y[k] = (y_of[p] if p >= 0 else sector_y[s]) + spread * dy[k]


def furnish(
    world: World,
    assumptions: TurnOverAssumptions,
    risen: NDArray[np.float64],
    parent: NDArray[np.int64],
    is_out: NDArray[np.bool_],
    region: NDArray[np.int64],
    sector: NDArray[np.int64],
    seed_uid: NDArray[np.int64],
    ordinal: NDArray[np.int64],
    weight: NDArray[np.float64],
    mean_size: NDArray[np.float64],
) -> dict[str, Any]:
    """Give entrants what they bring: a share of their parent's ways, and some luck of their own."""
    o, sectors, now = world.organisations, world.sectors, world.quarter
    n = len(parent)
    uid, parent_uid = np.empty(n, np.int64), np.empty(n, np.int64)
    productivity, size, dx, dy, x, y = (np.empty(n) for _ in range(6))
    active = np.empty(n, np.bool_)
    draw_entrants(
        world.seed,
        now,
        parent,
        is_out,
        sector,
        seed_uid,
        ordinal,
        mean_size,
        o.is_research_active,
        sectors.rd_intensity,
        assumptions.entrant_research,
        assumptions.entrant_spread,
        uid,
        productivity,
        size,
        active,
        dx,
        dy,
    )
    inherit(
        parent,
        is_out,
        region,
        sector,
        o.uid,
        o.productivity,
        o.position_x,
        o.position_y,
        world.cells.productivity_start,
        risen,
        world.sector_x,
        world.sector_y,
        assumptions.inheritance,
        assumptions.entrant_gap,
        dx,
        dy,
        parent_uid,
        productivity,
        x,
        y,
    )
    gva = size * np.exp(productivity)
    intensity = np.where(active, sectors.rd_intensity[sector], 0.0)
    budget = intensity * gva / 4.0
    at = np.maximum(parent, 0)
    brought = assumptions.seed_knowledge * o.knowledge[at] / np.maximum(o.jobs[at], 1.0) * size
    knowledge = np.where(active, budget / 0.04, 0.02 * gva)
    knowledge += np.where((parent >= 0) & ~is_out & active, brought, 0.0)
    researchers = 4.0 * budget / world.researcher_cost[FIRM]
    sales = float(np.sum(o.weight * o.gva))
    # A new firm sells at home and abroad in the proportion of all firms.
    export_share = float(np.sum(o.weight * o.exports)) / max(sales, 1e-12)
    return {
        "uid": uid,
        "kind": FIRM,
        "region": region,
        "sector": sector,
        "institution": -1,
        "parent": parent_uid,
        "ring": luck.uniforms(0, luck.RING, uid, 0),
        "weight": weight,
        "born": now,
        "is_research_active": active,
        "rd_intensity": intensity,
        "base_productivity": productivity - sectors.frontier[sector],
        "base_knowledge": knowledge,
        "base_jobs": size,
        "credibility": 0.7,
        "continuation": 0.4,
        "horizon": 4.0,
        "project_length": 1.0,
        "own_rd": budget,
        "desired_researchers": researchers,
        "researchers": researchers,
        "experience": 0.7,
        "effort": 0.7 * budget,
        "spending": budget,
        "knowledge": knowledge,
        "position_x": x,
        "position_y": y,
        "work_in_progress": 2.0 * budget,
        "portfolio_length": 1.0,
        "portfolio_quality": 1.0,
        "usual_scale": budget,
        "jobs": size,
        "productivity": productivity,
        "gva": gva,
        "exports": export_share * gva,
        "passing_sales": assumptions.entrant_demand,
        "cash": 0.1 * gva,
    }
