"""Time and memory from a thousand agents to one for every real firm, and by phase."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

import numpy as np

from benchmarks.measuring import Result
from sim.quarter import PHASES
from sim.run import Run
from sim.scenario import load
from sim.world.columns import TABLES

#: Rows of firms asked for; laboratories and small cells bring the rows to more. The last asks for
#: more than there are real firms, and so gives one row to each: about 410,000.
SIZES = (800, 3000, 10_000, 31_000, 100_000, 316_000, 1_000_000)


def begun(firms: int) -> Run:
    """A future of ``firms`` rows of firms in its second quarter."""
    loaded = load("piecemeal", {"population.firms": str(firms), "burn_in.years": "1"})
    run = Run.start(loaded.scenario, loaded.burn_in, 1).fork(loaded.scenario)
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
    for firms in sizes:
        run = begun(firms)
        rows = len(run.world.organisations)
        taken = quarter_seconds(run, 9 if firms < 200_000 else 4)
        points.append((math.log(rows), math.log(taken)))
        results.append(Result("scaling", f"{rows:,} agents: time", taken / rows * 1e9, "ns"))
        goal = "≤ 600" if firms >= 1_000_000 else ""
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
