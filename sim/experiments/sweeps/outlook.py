"""What a sweep will take: runs, time and disk, from one run that is lived to see."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path

from sim.experiments.dispatch import default_workers
from sim.experiments.future import Stopped
from sim.experiments.interrupt import on_interrupt
from sim.experiments.sweeps.jobs import Job, Lived
from sim.experiments.sweeps.living import WRITING_INTERVAL
from sim.experiments.sweeps.pieces import Pieces
from sim.experiments.sweeps.plan import Plan
from sim.experiments.sweeps.tables import milestones

#: Rows of firms that take as long as all else in a run.
OTHER_ROWS = 1000
# A number is written twice: in the finished runs, and in the outcomes with half of its digits.
_BYTES_A_NUMBER, _BYTES_A_FILE, _BYTES_A_POINT, _BYTES_A_ROW = 12.0, 4096.0, 3000.0, 120.0


@dataclass(frozen=True)
class Outlook:
    """What is to be done: ``seconds`` and ``disk`` (bytes) for ``to_live`` of ``runs``.

    ``new`` are numbers of points (from 1) of which nothing is finished; ``others`` counts finished
    runs in the folder that belong to no point of the file. ``trial`` is what was lived to see.
    """

    points: int
    runs: int
    to_live: int
    new: tuple[int, ...]
    others: int
    seconds: float
    disk: float
    free: float
    trial: tuple[Lived, ...]


def outlook_of(
    plan: Plan,
    pieces: Pieces,
    folder: Path,
    workers: int | None,
    *,
    is_tried: bool = True,
    is_whole: bool = False,
) -> Outlook:
    """Live one job, if any is left, and say from it what all will take.

    ``is_whole`` keeps its futures, for a store.

    Raises KeyboardInterrupt where it is stopped meanwhile.
    """
    todo = list(plan.jobs(pieces))
    weights = [_rows(plan, point) for point in range(len(plan.points))]
    trial, rate = _tried(plan, todo, weights, is_whole) if todo and is_tried else ((), 0.0)
    to_live = sum(len(numbers) for *_, numbers in todo)
    n_workers = min(workers or default_workers(), max(len(todo), 1))
    total = sum(weights[point] * len(numbers) for point, _, numbers in todo)
    seconds = rate * total / n_workers
    there = folder
    while not there.exists():
        there = there.parent
    return Outlook(
        points=len(plan.points),
        runs=plan.n_runs,
        to_live=to_live,
        new=tuple(
            point + 1
            for point, own in enumerate(plan.own)
            if own and not _is_begun(plan, pieces, point)
        ),
        others=len(pieces) - (plan.n_runs - to_live),
        seconds=seconds,
        disk=_disk(plan, to_live, min(len(todo), seconds / WRITING_INTERVAL)),
        free=float(shutil.disk_usage(there).free),
        trial=trial,
    )


def _is_begun(plan: Plan, pieces: Pieces, point: int) -> bool:
    """Whether a run that this point shares with no earlier one is finished."""
    runs = range(plan.loaded.sweep.runs)
    return any(plan.key(point, one, run) in pieces for one in plan.own[point] for run in runs)


def _disk(plan: Plan, to_live: int, n_files: float) -> float:
    """Bytes of finished runs that are still to come, and of the tables."""
    keeping, n_points, n = plan.living.keeping, len(plan.points), len(plan.names)
    cells = len(keeping.areas) * len(keeping.metrics)
    rows = n_points * (2 * n - 1) * len(milestones(plan.task.years)) * cells
    numbers = to_live * (plan.task.years + 1) * cells
    return (
        numbers * _BYTES_A_NUMBER
        + n_files * _BYTES_A_FILE
        + n_points * _BYTES_A_POINT
        + rows * _BYTES_A_ROW
    )


def _rows(plan: Plan, point: int) -> float:
    """How long a run of a point takes beside others; their years are the same."""
    rows = plan.living.settings(point, 0).get("population.firms")
    return OTHER_ROWS + float(rows or plan.task.scenarios[0].population.firms)


def _tried(
    plan: Plan, todo: list[Job], weights: list[float], is_whole: bool
) -> tuple[tuple[Lived, ...], float]:
    """One job lived, and seconds for each of its futures and rows."""
    point, run, numbers = todo[0]
    living = replace(plan.living, jobs=(todo[0],), is_whole=is_whole)
    try:
        with on_interrupt() as is_stopped:
            # A short life first: the compiled model is read from disk, or compiled.
            living(replace(plan.task, years=1), 0, plan.seeds[run], is_stopped)
            began = time.perf_counter()
            found = living(plan.task, 0, plan.seeds[run], is_stopped)
    except Stopped:
        raise KeyboardInterrupt from None
    seconds = time.perf_counter() - began
    return (found,), seconds / (len(numbers) * weights[point])
