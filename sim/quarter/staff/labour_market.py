"""The labour market of a region: how scarce researchers are, what they cost, where they move."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.parameters import QUARTERS_PER_YEAR, per_quarter
from sim.quarter.nearness import nearness
from sim.quarter.staff.assumptions import StaffAssumptions
from sim.world.state import World


@kernel
def staff_by_region(region, weight, desired, researchers, wanted, there):
    """Researchers that plans can pay, and those that are there, by region."""
    wanted[:] = 0.0
    there[:] = 0.0
    for i in range(region.shape[0]):
        wanted[region[i]] += desired[i] * weight[i]
        there[region[i]] += researchers[i] * weight[i]


def tightness(world: World) -> NDArray[np.float64]:
    """Posts wanted against trained people there, by region."""
    o, regions = world.organisations, world.regions
    wanted, there = np.empty(len(regions)), np.empty(len(regions))
    staff_by_region(o.region, o.weight, o.desired_researchers, o.researchers, wanted, there)
    ratio = wanted / np.maximum(there + regions.skilled_pool, 1e-9)
    # A region without research has no posts to fill, and no scarcity that could be measured.
    return np.asarray(np.maximum(ratio, 1e-9))


def pay_more_where_people_are_scarce(world: World, assumptions: StaffAssumptions) -> None:
    """``wage' = wage + speed · ((tightness / that of the start)^ε − wage)``."""
    regions = world.regions
    target = (tightness(world) / regions.tightness_start) ** assumptions.wage_elasticity
    regions.wage += per_quarter(assumptions.wage_speed) * (target - regions.wage)


@kernel
def net_movement(near, real_pay, pool, speed, net):
    """Net movement into every region: ``flow = min(speed · gain, 0.1) · nearness · pool``.

    The gain is in log ``real_pay`` (regions,); nearness is of the other regions, which share one.
    """
    net[:] = 0.0
    for a in range(near.shape[0]):
        others = 0.0
        for b in range(near.shape[0]):
            others += near[a, b] if b != a else 0.0
        for b in range(near.shape[0]):
            if real_pay[b] > real_pay[a]:
                leave = min(speed * (real_pay[b] - real_pay[a]), 0.1)
                flow = leave * near[a, b] / max(others, 1e-12) * max(pool[a], 0.0)
                net[b] += flow
                net[a] -= flow


def migrate(world: World, assumptions: StaffAssumptions) -> None:
    """Skilled people drift to places with better real pay, the less the further away they are."""
    regions = world.regions
    net_movement(
        nearness(world.travel, assumptions.migration_reach),
        np.log(regions.wage) - regions.congestion,
        regions.skilled_pool,
        assumptions.migration_semi_elasticity / QUARTERS_PER_YEAR,
        regions.migrated,
    )
