"""The three-month gap of [76]: what one quarter without its grant costs a laboratory.

In that study a gap of 30 days and more at the renewal of a laboratory's only grant cut its
spending from three months before to twelve months after by about half, with a trough of −90 % of a
month; other grants cushion it. Money is imposed by hand: the real equations of Plan, Staff and
Trade answer to it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.experiments.small_world import COST, add_awards, small_world
from sim.quarter import Assumptions
from sim.quarter.place import place
from sim.quarter.plan import plan
from sim.quarter.staff import staff
from sim.quarter.trade import begin, trade
from sim.world.state import FIRM, LABORATORY, World

#: The quarter without money; before it the laboratory has had four years to settle.
GAP = 16
#: −3 … +12 months around the start of the gap.
WINDOW = slice(GAP - 1, GAP + 4)


@dataclass(frozen=True)
class Case:
    """An organisation and what it lives on, £m a quarter; awards of ``length`` quarters.

    ``cash`` is £m at the start; a firm's is kept there, so that rich and poor stay what they are.
    """

    kind: int
    grants: tuple[float, ...]
    income: float
    cash: float
    length: int = 4


LAB_ONE = Case(LABORATORY, (1.0,), income=0.05, cash=1.0 / 3.0)
LAB_TWO = Case(LABORATORY, (0.5, 0.5), income=0.05, cash=1.0 / 3.0)
FIRM_RICH = Case(FIRM, (0.5,), income=0.5, cash=10.0)


def spending(case: Case, *, has_gap: bool, assumptions: Assumptions | None = None) -> list[float]:
    """£m of research spending in each quarter of ten years; the first grant may have a gap.

    A quiet firm keeps the rest of the market going, and both regions' pools are deep.
    """
    used = assumptions or Assumptions()
    world = small_world({"region": [0, 1], "kind": [case.kind, FIRM]}, quarter=0)
    o = world.organisations
    total = case.income + math.fsum(case.grants)
    if case.kind == FIRM:
        o.gva[0], o.rd_intensity[0] = 40.0, 4.0 * case.income / 40.0
        o.jobs[0], o.own_rd[0], o.exports[0] = 400.0, case.income, 12.0
    else:
        o.base_income[0] = case.income
    begin(world, used.trade)
    o.cash[0] = case.cash
    o.researchers[0] = o.desired_researchers[0] = 4.0 * total / COST
    o.grant_memory[0] = math.fsum(case.grants)
    o.credibility[0], o.continuation[0] = 0.7, 0.4
    world.regions.skilled_pool[:] = world.regions.skilled_pool_usual[:] = 1000.0
    _promise(world, case, has_gap=has_gap)
    spent = []
    for quarter in range(40):
        world.quarter = quarter
        _pay(world)
        plan(world, used.plan, used.work)
        staff(world, used.staff)
        trade(world, used.trade)
        place(world, used.place)
        if case.kind == FIRM:
            o.cash[0] = case.cash
        spent.append(float(o.spending[0]))
    return spent


def _promise(world: World, case: Case, *, has_gap: bool) -> None:
    """Awards end to end, the grants' terms spread over time; the gap is at an award's end."""
    for number, grant in enumerate(case.grants):
        first = -(number * case.length // len(case.grants))
        start = np.arange(first, 48, case.length)
        if has_gap and number == 0:
            start = start + (start >= GAP)
        end = start + case.length
        add_awards(
            world, [0] * len(start), payment=grant, paid=0.0, start=start, end=end,
            announced=start, length=case.length,
        )  # fmt: skip


def _pay(world: World) -> None:
    o, a, now = world.organisations, world.awards, world.quarter
    is_live = (a.start <= now) & (a.end > now)
    a.paid[:] = np.where(is_live, a.payment, 0.0)
    o.grant_research[0] = o.promised[0] = a.paid.sum()
    o.n_lapsed[0] = np.sum(a.end == now)


def cut(case: Case, assumptions: Assumptions | None = None) -> float:
    """Share of the spending of fifteen months that the gap takes away."""
    without = np.array(spending(case, has_gap=False, assumptions=assumptions))[WINDOW]
    with_gap = np.array(spending(case, has_gap=True, assumptions=assumptions))[WINDOW]
    return float(1.0 - with_gap.sum() / without.sum())
