"""All faults in turn, at random moments, for so many minutes; exit code 1 if any did harm."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from tests.experiments.dask_cluster import DaskCluster
from tests.faults.faults import FAULTS, CannotMount
from tests.faults.on_dask import CLUSTER_FAULTS
from tests.faults.scene import Count, Scene
from tests.faults.subject import digest, lived


def main() -> None:
    """Inject, count, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, help="Of an ensemble; default: 8, and 120 on Dask.")
    parser.add_argument("--dask", action="store_true", help="The faults of a computing cluster.")
    asked = parser.parse_args()
    asked.runs = asked.runs or (120 if asked.dask else 8)
    if not asked.dask:
        go(asked, FAULTS, None)
    with tempfile.TemporaryDirectory() as folder:
        cluster = DaskCluster(Path(folder))
        try:
            cluster.add()
            cluster.add()
            go(asked, CLUSTER_FAULTS, cluster)
        finally:
            cluster.close()


def go(
    asked: argparse.Namespace,
    faults: Sequence[Callable[[Scene], None]],
    cluster: DaskCluster | None,
) -> NoReturn:
    """Each in turn until the time is over."""
    rng = random.Random(asked.seed)
    wanted = digest(lived(asked.runs, "300", 2, None, None))
    counts = {fault.__name__: Count() for fault in faults}
    skipped: set[str] = set()
    end = time.monotonic() + 60 * asked.minutes
    number = 0
    while time.monotonic() < end or number < len(faults):
        fault = faults[number % len(faults)]
        number += 1
        with tempfile.TemporaryDirectory() as folder:
            scene = Scene(Path(folder), wanted, asked.runs, rng, cluster)
            try:
                fault(scene)
            except CannotMount:
                skipped.add(fault.__name__)
            counts[fault.__name__] += scene.count
        print(f"{fault.__name__}: {scene.count}", flush=True)
    total = sum(counts.values(), Count())
    for name, count in counts.items():
        note = "not tried: needs root" if name in skipped else ""
        print(f"{name:20} {count.faults:4} faults {count.lost:3} lost {count.wrong:3} wrong {note}")
    print(f"{'all':20} {total.faults:4} faults {total.lost:3} lost {total.wrong:3} wrong")
    sys.exit(1 if total.lost or total.wrong else 0)


if __name__ == "__main__":
    main()
