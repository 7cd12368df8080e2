"""Time and memory from a thousand agents to a million, and by phase."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import Result
from sim.quarter import PHASES
from sim.run import Run
from sim.scenario import load
from sim.world.columns import TABLES
from sim.world.tables import Table

#: Rows of firms asked for; laboratories and small cells bring the rows to more. The last asks for
#: more than there are real firms, and so gives one row to each: about 410,000.
SIZES = (800, 3000, 10_000, 31_000, 100_000, 316_000, 1_000_000)
#: Rows for each real firm in the largest world of all, of over a million rows.
COPIES = 3


def begun(firms: int) -> Run:
    """A future of ``firms`` rows of firms in its second quarter."""
    loaded = load("piecemeal", {"population.firms": str(firms), "burn_in.years": "1"})
    run = Run.start(loaded.scenario, loaded.burn_in, 1).fork(loaded.scenario)
    run.step()
    return run


def repeated(run: Run, copies: int) -> Run:
    """The same world with ``copies`` rows for each: the copies of a number are linked as they were.

    Each stands for a part of its firm, so that all sums of money, jobs and firms stay. No scenario
    has such a world, for there are not so many firms; to the engine it is as any other.
    """
    world = run.world

    def repeat(table: Table) -> NDArray[np.int64]:
        """Repeat every row in its place; the number of each copy."""
        n = len(table)
        table.replace(np.repeat(np.arange(n), copies), np.empty(0, np.int64), {})
        return np.tile(np.arange(copies), n)

    def copied(uid: NDArray[np.int64], number: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.where(uid >= 0, uid ^ (number << 56), uid)

    copy = repeat(world.organisations)
    world.organisations.uid[:] = copied(world.organisations.uid, copy)
    for table, identities, rows in (
        (world.ties, ("source", "target"), ("source_row", "target_row")),
        (world.supplies, ("supplier", "buyer"), ("supplier_row", "buyer_row")),
        (world.moves, ("origin", "destination"), ()),
        (world.awards, ("uid", "holder", "lead"), ("holder_row",)),
    ):
        number = repeat(table)
        for name in identities:
            getattr(table, name)[:] = copied(getattr(table, name), number)
        for name in rows:
            row = getattr(table, name)
            row[:] = np.where(row >= 0, row * copies + number, row)
    # Each copy has a place of its own on the ring, between its own and the next.
    o, t = world.organisations, world.ties
    gap = np.diff(o.region + o.ring, append=len(world.regions))[copies - 1 :: copies]
    o.ring += np.repeat(np.minimum(gap, 1.0 - o.ring[::copies]), copies) * copy / copies
    swapped = t.source > t.target
    for one, other in ((t.source, t.target), (t.source_row, t.target_row)):
        one[swapped], other[swapped] = other[swapped], one[swapped]
    o.weight /= copies
    # A new row stands for one firm at least: as many more are born as die.
    world.cells.base_births *= copies
    world.awards.weight /= copies
    run.step()
    return run


def quarter_seconds(run: Run, quarters: int) -> float:
    """Median time of a quarter, measuring of years included."""
    times = []
    for _ in range(quarters):
        start = time.process_time()
        run.step()
        times.append(time.process_time() - start)
    return sorted(times)[len(times) // 2]


def memory(run: Run) -> float:
    """Bytes of an agent with its ties, links, awards and the places it is in, room included."""
    world = run.world
    columns = (values for name in TABLES for _, values in getattr(world, name).items())
    held = {id(own): own for own in (c if c.base is None else c.base for c in columns)}
    return sum(own.nbytes for own in held.values()) / len(world.organisations)


def scaling(sizes: Sequence[int] = SIZES) -> list[Result]:
    """Nanoseconds an agent and quarter, bytes an agent, and the exponent of cost in agents."""
    results, points = [], []
    for firms, copies in (*((firms, 1) for firms in sizes), (sizes[-1], COPIES)):
        run = begun(firms)
        if copies > 1:
            run = repeated(run, copies)
        rows = len(run.world.organisations)
        taken = quarter_seconds(run, 9 if firms < 200_000 else 4)
        points.append((math.log(rows), math.log(taken)))
        results.append(Result("scaling", f"{rows:,} agents: time", taken / rows * 1e9, "ns"))
        goal = "≤ 600" if copies > 1 else ""
        results.append(Result("scaling", f"{rows:,} agents: memory", memory(run), "bytes", goal))
    large = [one for one in points if one[0] > math.log(25_000)]
    for label, some in (("", points), (" above 25,000", large)):
        if len(some) > 1:
            slope = float(np.polyfit(*zip(*some, strict=True), 1)[0])
            what = f"exponent of cost in agents{label}"
            results.append(Result("scaling", what, slope, "", "≤ 1.08"))
    return results


def by_phase(firms: int, quarters: int = 8) -> list[Result]:
    """Nanoseconds of each phase, for each agent and for each tie."""
    run = begun(firms)
    world, assumptions = run.world, run.scenario.assumptions
    totals = dict.fromkeys((phase.name for phase in PHASES), 0.0)
    agents = ties = 0
    for _ in range(quarters):
        agents, ties = agents + len(world.organisations), ties + len(world.ties)
        for phase in PHASES:
            start = time.process_time()
            phase.run(world, run.policy, assumptions)
            totals[phase.name] += time.process_time() - start
        world.quarter += 1
    rows = agents // quarters
    results = []
    for name, taken in totals.items():
        label = f"{name.replace('_', ' ')}, {rows:,} agents"
        results.append(Result("phases", f"{label}: an agent", 1e9 * taken / agents, "ns"))
        results.append(Result("phases", f"{label}: a tie", 1e9 * taken / ties, "ns"))
    return results
