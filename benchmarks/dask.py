"""What a computing cluster costs: Dask against the local pool, both with two workers here."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.ensembles import PAIR
from benchmarks.measuring import Result
from sim.experiments.ensemble import run_ensemble
from sim.scenario import load


@contextmanager
def _cluster(workers: int) -> Iterator[str]:
    """The address of a scheduler on this machine with so many workers of one thread."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        port = str(line.getsockname()[1])
    address = f"tcp://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        place = ("--local-directory", folder)
        commands = [("scheduler", "--host", "127.0.0.1", "--port", port)]
        commands += [("worker", address, "--no-nanny", "--nthreads", "1", *place)] * workers
        team = [
            subprocess.Popen(
                [sys.executable, "-m", "dask", *words, "--no-dashboard"],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                stderr=subprocess.DEVNULL,
                # As the pool's workers: Linux shares a busy processor out among sessions.
                start_new_session=True,
            )
            for words in commands
        ]
        try:
            time.sleep(5.0)  # workers start once, and that is not what is measured
            yield address
        finally:
            for process in team:
                process.kill()
                process.wait()


def dask(runs: int = 60, rounds: int = 3) -> list[Result]:
    """Time of default-sized runs by Dask over that of the local pool, in turn."""
    loaded = [load(name) for name in PAIR]
    ratios = []
    with _cluster(2) as address:
        run_ensemble(loaded, runs=4, scheduler=address)
        run_ensemble(loaded, runs=4, workers=2)
        for _ in range(rounds):
            begin = time.perf_counter()
            run_ensemble(loaded, runs=runs, workers=2)
            middle = time.perf_counter()
            run_ensemble(loaded, runs=runs, scheduler=address)
            ratios.append((time.perf_counter() - middle) / (middle - begin))
    label = f"Dask over the local pool, {runs} pairs of 25 years, 2 workers"
    return [Result("dask", label, statistics.median(ratios), "times", "≤ 1.05")]
