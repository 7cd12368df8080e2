"""What a sweep will take: runs, time and disk, from one run that is lived to see."""

from __future__ import annotations

import math
import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path

from sim.experiments.dispatch import default_workers
from sim.experiments.ensemble import milestones
from sim.experiments.future import IsStopped, Task, never
from sim.experiments.interrupt import on_interrupt
from sim.experiments.sweeps.jobs import Job, Lived, Living, dead
from sim.experiments.sweeps.living import WRITING_INTERVAL
from sim.experiments.sweeps.pieces import Pieces
from sim.experiments.sweeps.plan import Plan
from sim.experiments.workers import RunFailed, run_beside

#: Rows of firms that take as long as all else in a run.
OTHER_ROWS = 1000
# A number is written twice: in the finished runs, and in the outcomes with half of its digits.
_BYTES_A_NUMBER, _BYTES_A_FILE, _BYTES_A_POINT, _BYTES_A_ROW = 12.0, 4096.0, 3000.0, 120.0


@dataclass(frozen=True)
class Outlook:
    """What is to be done: ``seconds`` and ``disk`` (bytes) for ``to_live`` of ``runs``.

    ``seconds`` is NaN where the run that was lived to see has killed its process.

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
    trial, rate = _tried(plan, todo, weights, is_whole) if todo and is_tried else (None, 0.0)
    to_live = sum(len(numbers) for *_, numbers in todo)
    n_workers = min(workers or default_workers(), max(len(todo), 1))
    total = sum(weights[point] * len(numbers) for point, _, numbers in todo)
    seconds = rate * total / n_workers
    is_unknown, n_intervals = math.isnan(seconds), seconds / WRITING_INTERVAL
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
        disk=_disk(plan, to_live, len(todo) if is_unknown else min(len(todo), n_intervals)),
        free=float(shutil.disk_usage(there).free),
        trial=(trial,) if trial is not None else (),
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


@dataclass(frozen=True)
class _Timed(Lived):
    """A job that was lived to see what it takes."""

    seconds: float


class _Timing(Living):
    """Lives a job, and says what it took."""

    def __call__(self, task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> _Timed:
        # A short life first: the compiled model is read from disk, or compiled.
        super().__call__(replace(task, years=1), index, seed, is_stopped)
        began = time.perf_counter()
        found = super().__call__(task, index, seed, is_stopped)
        return _Timed(**vars(found), seconds=time.perf_counter() - began)


def _tried(
    plan: Plan, todo: list[Job], weights: list[float], is_whole: bool
) -> tuple[Lived, float]:
    """One job lived, and seconds for each of its futures and rows; NaN where nobody knows.

    It is lived in a process of its own, as all others are: one that kills its process is put down.
    """
    job = point, run, numbers = todo[0]
    living = _Timing(**{**vars(plan.living), "jobs": (job,), "is_whole": is_whole})
    seed = plan.seeds[run]
    try:
        with on_interrupt() as is_stopped:
            found = next(run_beside(plan.task, [(0, seed)], living, 1, is_stopped), None)
    except RunFailed as error:
        return dead(job, error), math.nan
    if found is None:
        raise KeyboardInterrupt
    assert isinstance(found, _Timed)
    return found, found.seconds / (len(numbers) * weights[point])
