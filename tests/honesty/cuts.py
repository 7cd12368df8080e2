"""Futures whose money is given and only its cut is free: into awards, dates, promises, qualities.

The awards of all quarters are written at the start, and a pot that honours them pays each on its
day, as it does those of a burn-in: so the real ``fund`` and every later phase run, and a test
chooses exactly what differs between two futures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.quarter import Assumptions, Policy, advance, begin
from sim.quarter.collaborate import Collaboration
from sim.quarter.fund.ledger import CANCELLED, LIVE, accounts, legacy_pot
from sim.world.build import Population, build_world
from sim.world.state import CATAPULT, FIRM, INFRASTRUCTURE, LABORATORY, RESEARCH, World

Rows = NDArray[np.int64]
FIRMS, INSTITUTIONS = (FIRM,), (LABORATORY, CATAPULT)
QUARTERS = 16
#: Multiples of a holder's usual grant, quarter by quarter and over again.
NOTHING, STEADY = (0.0,), (1.0,)
LUMPY = (2.0, 2.0, 2.0, 2.0, 0.0, 0.0, 0.0, 0.0)
#: A holder's usual grant, as a share of its other income.
GRANT = 0.25
_FLOWS = ("effort", "spending", "innovations", "inflow")


@dataclass(frozen=True)
class Cut:
    """How money comes: in awards of ``term`` quarters, each in ``parts`` alike.

    ``levels`` say how much there is in each quarter; no award may cross a change. An award is
    announced ``told`` quarters before it starts. ``is_broken`` puts beside each award another that
    was promised and cancelled; ``is_shared`` makes a partner of the holder its lead; ``quality``
    is of the funded work. All northern organisations of ``kinds`` that do research hold awards;
    ``place`` is £m a quarter for each northern region's infrastructure.
    ``collaboration`` is the one lever that is not of money.
    """

    term: int = 40
    levels: tuple[float, ...] = STEADY
    parts: int = 1
    told: int = 0
    is_broken: bool = False
    is_shared: bool = False
    quality: float = 0.0
    purpose: int = RESEARCH
    kinds: tuple[int, ...] = INSTITUTIONS
    place: float = 0.0
    collaboration: Collaboration = field(default_factory=Collaboration)


@dataclass(frozen=True)
class Future:
    """A world after its last quarter; ``flows`` are sums over all quarters of its holders."""

    world: World
    holders: Rows
    flows: dict[str, float]

    def total(self, name: str) -> float:
        """A flow summed over the quarters, or a column at the end, of the holders that live."""
        return self.flows[name] if name in self.flows else _sum(self.world, self.holders, name)


def _sum(world: World, holders: Rows, name: str) -> float:
    o = world.organisations
    there = np.isin(o.uid, holders)
    return float(np.sum((getattr(o, name) * o.weight)[there]))


@cache
def _drawn(is_scarce: bool) -> World:
    world = build_world(4, Population(firms=200))
    if not is_scarce:
        world.regions.skilled_pool[:] = world.regions.skilled_pool_usual[:] = 1e6
    # Nobody is half trained at the start: what training adds is a channel of its own.
    world.organisations.experience[world.organisations.is_research_active] = 1.0
    return world


def northern(world: World, kinds: tuple[int, ...]) -> Rows:
    """Rows of the North's organisations of ``kinds`` that do research."""
    o = world.organisations
    there = world.regions.is_north[o.region] & o.is_research_active
    return np.flatnonzero(there & np.isin(o.kind, kinds))


def live(
    cut: Cut,
    assumptions: Assumptions,
    *,
    is_scarce: bool = False,
    prepare: Callable[[World], None] | None = None,
) -> Future:
    """Four years of a small world whose holders get this money, cut in this way.

    People to hire are no limit unless ``is_scarce``. ``prepare`` may change the world before.
    """
    world = _drawn(is_scarce).copy()
    begin(world, assumptions)
    o = world.organisations
    rows = northern(world, cut.kinds)
    holders = o.uid[rows].copy()
    _write(world, rows, cut)
    if prepare is not None:
        prepare(world)
    pot = legacy_pot(world.awards, 0, QUARTERS)
    world.pots = accounts((pot,), ())
    policy = Policy((pot,), cut.collaboration)
    flows = dict.fromkeys(_FLOWS, 0.0)
    for _ in range(QUARTERS):
        advance(world, policy, assumptions)
        for name in _FLOWS:
            flows[name] += _sum(world, holders, name)
    return Future(world, holders, flows)


def _write(world: World, rows: Rows, cut: Cut) -> None:
    """The awards of all quarters, as the table holds them."""
    o = world.organisations
    usual = GRANT * (o.own_rd + o.base_income)[rows]
    lead = o.uid[_a_partner(world)[rows]] if cut.is_shared else o.uid[rows]
    regions = np.flatnonzero(world.regions.is_north)
    # One award more than is paid, so that the last ones are not the end of all money.
    for start in range(0, QUARTERS + 1, cut.term):
        end = start + cut.term
        (level,) = {cut.levels[q % len(cut.levels)] for q in range(start, end)}
        dates: dict[str, Any] = {
            "start": start, "end": end, "length": cut.term, "quality": cut.quality,
            "announced": start - cut.told if start else -1,
        }  # fmt: skip
        if level > 0.0:
            own: dict[str, Any] = {
                "holder": o.uid[rows], "holder_row": rows, "lead": lead, "weight": o.weight[rows],
                "purpose": cut.purpose, "payment": usual * (level / cut.parts), **dates,
            }  # fmt: skip
            for _ in range(cut.parts):
                add(world, outcome=LIVE, **own)
            if cut.is_broken:
                add(world, outcome=CANCELLED, **own)
        if cut.place > 0.0:
            add(
                world, holder=-1 - regions, holder_row=-1, lead=-1 - regions, weight=1.0,
                purpose=INFRASTRUCTURE, payment=cut.place, outcome=LIVE, **dates,
            )  # fmt: skip


def add(world: World, **columns: Any) -> None:
    """Awards that nobody will renew or review."""
    n, first = len(columns["holder"]), len(world.awards) + 1
    columns = {"uid": np.arange(first, first + n), "decision": -1, "next_gate": -1} | columns
    world.awards.append({name: np.broadcast_to(v, n) for name, v in columns.items()})


def _a_partner(world: World) -> Rows:
    """A partner of each organisation; itself where it has none."""
    t = world.ties
    partner = np.arange(len(world.organisations))
    partner[t.source_row], partner[t.target_row] = t.target_row, t.source_row
    return partner


def differences(one: World, other: World) -> set[str]:
    """Columns of the world, but for its accounts and awards, that are not the same bits."""
    found = set()
    for table in ("organisations", "ties", "supplies", "moves", "regions", "cells", "sectors"):
        for name, values in getattr(one, table).items():
            if not np.array_equal(values, getattr(getattr(other, table), name)):
                found.add(f"{table}.{name}")
    return found
