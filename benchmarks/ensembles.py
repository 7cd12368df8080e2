"""Many runs, the first run, and the live page: what a person waits for."""

from __future__ import annotations

import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor

from benchmarks.measuring import Result, in_turn
from sim.experiments.ensemble import run_ensemble
from sim.experiments.future import live, start
from sim.experiments.tasks import task_of
from sim.scenario import load

PAIR = ("long_term", "piecemeal")
_FIRST_RESULT = """
import time
start = time.perf_counter()
import sim
print(time.perf_counter() - start)
sim.compare(["long_term", "piecemeal"], runs=1, years=1, workers=1)
print(time.perf_counter() - start)
"""


def ensembles(runs: int = 200, years: int = 4, rounds: int = 1) -> list[Result]:
    """Paired runs a second with one worker and with two; short ones, so that starting counts."""
    loaded = [load(name) for name in PAIR]
    run_ensemble(loaded, runs=2, years=1, workers=2)
    rates = {}
    for workers in (1, 2):
        found = []
        for _ in range(rounds):
            begin = time.perf_counter()
            run_ensemble(loaded, runs=runs, years=years, workers=workers)
            found.append(runs / (time.perf_counter() - begin))
        rates[workers] = max(found)
    label = f"pairs of {years} years a second"
    return [
        Result("ensembles", f"{label}, 1 worker", rates[1], "runs a second"),
        Result("ensembles", f"{label}, 2 workers", rates[2], "runs a second"),
        Result("ensembles", "2 workers over 1", rates[2] / rates[1], "times", "≥ 1.8"),
    ]


def both_futures(rounds: int = 9) -> list[Result]:
    """Both futures of 25 years again, from a past that is there, on one core.

    In a process of its own, as the live page has it: memory that other benchmarks leave behind
    makes them a tenth slower.
    """
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
        times = alone.submit(_times_of_both, rounds).result()
    what = "both futures of 25 years, one core"
    return [Result("waiting", what, statistics.median(times), "s", "≤ 0.5")]


def _times_of_both(rounds: int) -> list[float]:
    task = task_of([load(name) for name in PAIR], 25)
    past = start(task, 1)

    def both() -> None:
        for scenario in task.scenarios:
            live(past.fork(scenario), task.years)

    both()
    return in_turn([both], rounds)[0]


def headline(runs: int = 100) -> list[Result]:
    """The comparison that the README begins with, as a command, warm."""
    with tempfile.TemporaryDirectory() as folder:
        options = ("--runs", str(runs), "--output", f"{folder}/out", "--quiet", "--no-store")
        command = (sys.executable, "-m", "sim.cli", "compare", *PAIR, *options)
        begin = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        taken = time.perf_counter() - begin
    return [Result("waiting", f"headline comparison, {runs} runs, warm", taken, "s", "≤ 15")]


def cold() -> list[Result]:
    """Importing and compiling in a process that finds nothing compiled, and in the next one."""
    results = []
    with tempfile.TemporaryDirectory() as cache:
        for state, goal in (("nothing compiled", "≤ 60"), ("compiled before", "")):
            done = subprocess.run(
                [sys.executable, "-c", _FIRST_RESULT],
                env={
                    **os.environ,
                    "NUMBA_CACHE_DIR": cache,
                    "PYTHONPATH": os.pathsep.join(sys.path),
                },
                check=True,
                capture_output=True,
                text=True,
            )
            imported, first = (float(line) for line in done.stdout.split())
            results.append(Result("cold start", f"{state}: import", imported, "s"))
            results.append(Result("cold start", f"{state}: first comparison", first, "s", goal))
    return results
