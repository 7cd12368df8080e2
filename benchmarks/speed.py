"""Agent-quarters per second, memory per agent, and how cost grows with the population.

Run with ``python benchmarks/speed.py [--rows 1000 4000 ...]``. Ratios are measured side by side in
one process; nothing here is asserted by a test.
"""

from __future__ import annotations

import argparse
import math
import resource
import time

from sim.run import Run
from sim.scenario import load

QUARTERS = 12


def measure(firms: int) -> tuple[int, float, float]:
    """Rows, seconds a quarter, and MB of the world."""
    loaded = load("long_term", {"population.firms": str(firms), "burn_in.years": "1"})
    run = Run.start(loaded.scenario, loaded.burn_in, 1).fork(loaded.scenario)
    run.step()
    start = time.perf_counter()
    for _ in range(QUARTERS):
        run.step()
    seconds = (time.perf_counter() - start) / QUARTERS
    size = sum(
        values.nbytes for name in run.world.TABLES for _, values in getattr(run.world, name).items()
    )
    return len(run.world.organisations), seconds, size / 1e6


def main() -> None:
    """Print one line for each size, and the exponent between neighbours."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[600, 2500, 10_000, 40_000, 160_000])
    sizes = parser.parse_args().rows
    measure(sizes[0])  # compile
    heads = ("agents", "ms/quarter", "M agent-quarters/s", "bytes/agent", "exponent")
    print("{:>9} {:>11} {:>19} {:>12} {:>9}".format(*heads))
    before: tuple[int, float] | None = None
    for firms in sizes:
        rows, seconds, megabytes = measure(firms)
        exponent = ""
        if before is not None:
            exponent = f"{math.log(seconds / before[1]) / math.log(rows / before[0]):.2f}"
        print(
            f"{rows:>9,} {1000 * seconds:>11.2f} {rows / seconds / 1e6:>19.2f} "
            f"{1e6 * megabytes / rows:>12,.0f} {exponent:>9}"
        )
        before = rows, seconds
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the process: {peak:,.0f} MB")


if __name__ == "__main__":
    main()
