"""The panel: what is seen of the true quality of what is proposed, and the call that it decides.

True quality is drawn for each project, knows neither programme nor capacity, and is seen only with
noise: ``score = ρ · quality + √(1 − ρ²) · noise + γ · capacity``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.kernel import kernel
from sim.quarter.fund.allocation import Call, within
from sim.quarter.fund.entitlement import basis_of, region_share
from sim.quarter.fund.ideas import idea_key, idea_life
from sim.quarter.fund.plans import Pot
from sim.quarter.fund.programmes import Allocation, FundAssumptions, Programme, Purpose
from sim.world.state import World


@dataclass(slots=True)
class Proposals:
    """What is asked for in one call, one entry a proposal; ``row`` is −1 − region for a region.

    ``payment`` is £m a quarter for one real consortium; ``ordinal`` counts a holder's projects;
    ``stagger`` is a uniform draw that no rule of allocation sees.
    """

    row: NDArray[np.int64]
    ordinal: NDArray[np.int64]
    uid: NDArray[np.int64]
    region: NDArray[np.int64]
    quality: NDArray[np.float64]
    weight: NDArray[np.float64]
    payment: NDArray[np.float64]
    stagger: NDArray[np.float64]
    call: Call

    def __len__(self) -> int:
        return len(self.row)


@kernel
def judge(
    seed,
    quarter,
    pot_uid,
    uid,
    ordinal,
    capacity,
    signal,
    capacity_weight,
    local_signal,
    life,
    quality,
    score,
    local_score,
    lot,
    stagger,
):
    """True quality of each project, and what the panel and the region see of it.

    The panel looks anew in every call; the region knows the idea, and sees the same in each.
    ``score = ρ · quality + √(1 − ρ²) · noise + γ · capacity``; the region's own knows no capacity.
    """
    noise = math.sqrt(1.0 - signal * signal)
    local_noise = math.sqrt(1.0 - local_signal * local_signal)
    idea, key = np.empty_like(uid), np.empty_like(uid)
    for k in range(uid.shape[0]):
        idea[k] = idea_key(quarter, uid[k], ordinal[k], life)
        key[k] = quarter | (ordinal[k] << 32)
    asked = uid ^ pot_uid
    quality[:] = luck.normals_at(seed, luck.PROJECT_QUALITY, uid, idea)
    panel = luck.normals_at(seed, luck.PANEL_NOISE, asked, key)
    local = luck.normals_at(seed, luck.PANEL_NOISE, uid, idea)
    lot[:], stagger[:] = luck.uniform_pairs_at(seed, luck.LOTTERY, asked, key)
    for k in range(uid.shape[0]):
        score[k] = signal * quality[k] + noise * panel[k] + capacity_weight * capacity[k]
        local_score[k] = local_signal * quality[k] + local_noise * local[k]


@kernel
def capacity_to_write(row, region, weight, bid_capacity, researchers):
    """How well each bid is written, against the mean bid: practice of the place, size of the team.

    ``ln C + ½ ln staff``; a region's own bid has no team.
    """
    capacity = np.empty(row.shape[0])
    total = 0.0
    for k in range(row.shape[0]):
        capacity[k] = math.log(max(bid_capacity[region[k]], 1e-6))
        if row[k] >= 0:
            capacity[k] += 0.5 * math.log(max(researchers[row[k]], 0.5))
        total += weight[k] * capacity[k]
    return capacity - total / max(weight.sum(), 1e-12)


def put_to_panel(
    world: World,
    pot: Pot,
    programme: Programme,
    assumptions: FundAssumptions,
    flow: float,
    promised: NDArray[np.float64],
    row: NDArray[np.int64],
    ordinal: NDArray[np.int64],
    uid: NDArray[np.int64],
    region: NDArray[np.int64],
    weight: NDArray[np.float64],
    room: NDArray[np.float64],
    is_open: NDArray[np.bool_],
) -> Proposals:
    """What the panel and the regions see of what is proposed, and the call that a rule decides."""
    o, regions = world.organisations, world.regions
    n = len(row)
    is_shared = programme.allocation is Allocation.FORMULA
    is_devolved = programme.allocation is Allocation.DEVOLVED
    # Neither a formula nor a region that knows its own is moved by how well a bid is written.
    if is_shared or is_devolved:
        capacity = np.zeros(n)
    else:
        capacity = capacity_to_write(row, region, weight, regions.bid_capacity, o.researchers)
    quality, score, local_score, lot, stagger = np.empty((5, n))
    judge(
        world.seed,
        world.quarter,
        pot.uid,
        uid,
        ordinal,
        capacity,
        programme.signal_quality,
        assumptions.capacity_weight,
        assumptions.local_signal,
        idea_life(assumptions),
        quality,
        score,
        local_score,
        lot,
        stagger,
    )
    free = flow - float(promised.sum())
    region_free = np.zeros(len(regions))
    if is_devolved:
        part = region_share(world, programme, assumptions)
        region_free = within(np.maximum(flow * part - promised, 0.0), free)
    # A formula fills its own amounts: its proposals are for one pound each.
    payment = np.ones(n) if is_shared else np.minimum(programme.award_size / 4.0, room)
    if programme.purpose is Purpose.INFRASTRUCTURE and is_devolved:
        payment = np.minimum(room, region_free[region])
    call = Call(
        region=region,
        score=score,
        local_score=local_score,
        lot=lot,
        basis=basis_of(world, programme, row, region, weight) if is_shared else weight,
        cost=payment * weight,
        ceiling=room * weight,
        is_open=is_open,
        free=free,
        flow=flow,
        region_free=region_free,
    )
    return Proposals(row, ordinal, uid, region, quality, weight, payment, stagger, call)
