"""A long sweep of small runs, with the memory of its processes: ``python -m benchmarks.soak``.

Prints the memory of the parent and of its workers now and then, and at last how much it has grown
between the first fifth of the time, when all is loaded, and the last fifth. Linux only.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

#: More growth than this, MB an hour and process, is a leak.
MOST_GROWTH = 20.0
JOBS_A_MINUTE, RUNS, EVERY = 1000, 4, 5.0
FILE = """\
title: Soak
scenarios: [long_term, piecemeal]
common:
  population: {{firms: 50}}
  burn_in: {{years: 0}}
design: latin_hypercube
points: {points}
runs: {runs}
years: 1
keys:
  budget: {{range: plausible}}
  award_length: {{low: 2, high: 10}}
  assumptions.learn.tie_spillover: {{range: plausible}}
"""


def memory(process: int) -> float:
    """Resident memory of a process, MB; 0 where it is gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(one.split()[1]) for one in lines if one.startswith("VmRSS")) / 1024.0


def children() -> list[int]:
    """Processes of this one."""
    tasks = Path("/proc/self/task").iterdir()
    return sorted({int(one) for task in tasks for one in (task / "children").read_text().split()})


def has_grown(name: str, early: Sequence[float], late: Sequence[float], hours: float) -> bool:
    """Tell the memory (MB) of a process early and late; whether between them is a leak."""
    first, last = statistics.median(early), statistics.median(late)
    print(f"{name}: {first:.1f} MB early, {last:.1f} MB late ({last - first:+.1f} MB)")
    return last - first > MOST_GROWTH * max(hours, 1.0)


def main() -> int:
    """Soak for some minutes; 1 where memory has grown, 2 where a run has failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="soak-"))
    try:
        return soak(folder, asked.minutes, asked.workers)
    finally:
        shutil.rmtree(folder)


def soak(folder: Path, minutes: float, workers: int) -> int:
    """The same, in a folder."""
    import sim

    points = max(8, round(minutes * JOBS_A_MINUTE / RUNS))
    file = folder / "soak.yaml"
    file.write_text(FILE.format(points=points, runs=RUNS), encoding="utf-8")
    done, rows = [0], list[tuple[float, int, float, float]]()
    begun, over = threading.Event(), threading.Event()

    def watch() -> None:
        begun.wait()
        start = time.monotonic()
        while not over.wait(EVERY):
            row = (
                (time.monotonic() - start) / 60.0,
                done[0],
                memory(os.getpid()),
                max([memory(one) for one in children()], default=0.0),
            )
            rows.append(row)
            print(
                f"{row[0]:6.1f} min {row[1]:8d} runs   parent {row[2]:6.1f} MB   "
                f"largest worker {row[3]:6.1f} MB",
                flush=True,
            )
            if row[0] >= minutes:
                os.kill(os.getpid(), signal.SIGINT)  # as a person would end it
                return

    def progress(n_done: int, total: int, note: str) -> None:
        done[0] = n_done
        if n_done:
            begun.set()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        study = sim.sweep(file, workers=workers, progress=progress, output=folder / "out")
    finally:
        begun.set()
        over.set()
        watcher.join()
    fifth = max(1, len(rows) // 5)
    leak = False
    for name, column in (("parent", 2), ("worker", 3)):
        memories = [row[column] for row in rows]
        hours = (rows[-1][0] - rows[fifth][0]) / 60.0
        leak |= has_grown(name, memories[fifth : 2 * fifth], memories[-fifth:], hours)
    print(f"{done[0]} runs, {len(study.failures)} failures")
    return 2 if len(study.failures) else int(leak)


if __name__ == "__main__":
    sys.exit(main())
