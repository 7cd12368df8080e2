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
    uid,
    mean_size,
    active_chance,
    spread,
    z_productivity,
    size,
    is_active,
    dx,
    dy,
):
    """Luck of each entrant: productivity, size, whether it does research, and where it stands."""
    for k in range(uid.shape[0]):
        z_productivity[k] = spread * luck.normal(seed, luck.ENTRANT, uid[k], quarter | (1 << 32))
        z = luck.normal(seed, luck.ENTRANT, uid[k], quarter | (2 << 32))
        size[k] = max(1.0, mean_size[k] * math.exp(0.5 * z - 0.125))
        u = luck.uniform(seed, luck.ENTRANT, uid[k], quarter | (3 << 32))
        is_active[k] = u < active_chance[k]
        a, b = luck.uniform_pair(seed, luck.ENTRANT, uid[k], quarter | (4 << 32))
        dx[k] = 0.3 * (a - 0.5)
        dy[k] = 0.3 * (b - 0.5)


@kernel
def child_uids(parent, quarter, ordinal):
    """Identities of entrants from their parents' identities."""
    out = np.empty(parent.shape[0], np.int64)
    for k in range(parent.shape[0]):
        out[k] = luck.child_uid(parent[k], quarter, ordinal[k])
    return out


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
) -> dict[str, NDArray[Any]]:
    """Give entrants what they bring: a share of their parent's ways, and some luck of their own."""
    o, now = world.organisations, world.quarter
    n = len(parent)
    uid = child_uids(seed_uid, now, ordinal)
    at = np.maximum(parent, 0)
    is_off = (parent >= 0) & ~is_out
    parent_active = np.where(is_off, o.is_research_active[at], False)
    chance = np.where(is_out, 1.0, np.where(parent_active, 0.5, assumptions.entrant_research))
    z, size, dx, dy = (np.empty(n) for _ in range(4))
    active = np.empty(n, np.bool_)
    draw_entrants(
        world.seed,
        now,
        uid,
        mean_size,
        chance,
        assumptions.entrant_spread,
        z,
        size,
        active,
        dx,
        dy,
    )
    # A sector in which nobody did research at the start has no usual intensity to begin at.
    active &= world.sectors.rd_intensity[sector] > 0.0
    local = world.cells.productivity_start[region, sector]
    usual = local + risen[sector]
    inherited = np.where(is_off, assumptions.inheritance * (o.productivity[at] - usual), 0.0)
    productivity = usual + assumptions.entrant_gap + inherited + z
    gva = size * np.exp(productivity)
    intensity = np.where(active, world.sectors.rd_intensity[sector], 0.0)
    budget = intensity * gva / 4.0
    knowledge = np.where(active, budget / 0.04, 0.02 * gva)
    brought = assumptions.seed_knowledge * o.knowledge[at] / np.maximum(o.jobs[at], 1.0) * size
    knowledge = knowledge + np.where(is_off & active, brought, 0.0)
    spread = np.where(is_off | is_out, 1.0 - assumptions.inheritance, 1.0)
    x = np.where(parent >= 0, o.position_x[at], world.sector_x[sector]) + spread * dx
    y = np.where(parent >= 0, o.position_y[at], world.sector_y[sector]) + spread * dy
    researchers = 4.0 * budget / world.researcher_cost[FIRM]
    sales = float(np.sum(o.weight * o.gva))
    # A new firm sells at home and abroad in the proportion of all firms.
    export_share = float(np.sum(o.weight * o.exports)) / max(sales, 1e-12)
    return {
        "uid": uid,
        "kind": np.full(n, FIRM),
        "region": region,
        "sector": sector,
        "institution": np.full(n, -1),
        "parent": np.where(parent >= 0, o.uid[at], -1),
        "ring": luck.uniforms(0, luck.RING, uid, 0),
        "weight": weight,
        "born": np.full(n, now),
        "is_research_active": active,
        "rd_intensity": intensity,
        "base_productivity": productivity - world.sectors.frontier[sector],
        "base_knowledge": knowledge,
        "base_jobs": size,
        "credibility": np.full(n, 0.7),
        "continuation": np.full(n, 0.4),
        "horizon": np.full(n, 4.0),
        "project_length": np.ones(n),
        "own_rd": budget,
        "desired_researchers": researchers,
        "researchers": researchers,
        "experience": np.full(n, 0.7),
        "effort": 0.7 * budget,
        "spending": budget,
        "knowledge": knowledge,
        "position_x": x,
        "position_y": y,
        "work_in_progress": 2.0 * budget,
        "portfolio_length": np.ones(n),
        "portfolio_quality": np.ones(n),
        "usual_scale": budget,
        "jobs": size,
        "productivity": productivity,
        "gva": gva,
        "exports": export_share * gva,
        "passing_sales": np.full(n, assumptions.entrant_demand),
        "cash": 0.1 * gva,
    }
