"""About how long a future takes here, found by living a little of one."""

from __future__ import annotations

import time

from sim.experiments.future import Task, live, start


def seconds_of(task: Task, seed: int) -> tuple[float, float]:
    """Seconds of the processor for a past, and for a year of a future (mean of the scenarios)."""
    past = start(task, seed)
    for scenario in task.scenarios:
        live(past.fork(scenario), 1)  # compiled by now
    began = time.process_time()
    past = start(task, seed)
    of_past = time.process_time() - began
    began = time.process_time()
    for scenario in task.scenarios:
        live(past.fork(scenario), 1)
    return of_past, (time.process_time() - began) / len(task.scenarios)
