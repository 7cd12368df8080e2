"""Where runs are lived: in this process, in processes beside it, or under a Dask scheduler."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence

from sim.experiments.dask_workers import run_on_dask
from sim.experiments.future import Finished, IsStopped, Task, Work
from sim.experiments.workers import OnFailure, run_beside, run_here

#: Called with finished runs, all runs, and a word on what is happening.
Progress = Callable[[int, int, str], None]


def default_workers() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def finished(
    task: Task,
    jobs: Sequence[tuple[int, int]],
    workers: int | None,
    simulate: Work,
    tell: Progress,
    is_stopped: IsStopped,
    scheduler: str | None = None,
    on_failure: OnFailure | None = None,
    *,
    is_apart: bool = False,
) -> Generator[Finished]:
    """What comes of jobs as they finish, by processes here or under a Dask scheduler.

    A single job is lived in this process, and with one worker all are; but if they are to be
    ``is_apart``, none, so that one that ends its process takes nothing with it. A run that fails
    is told to ``on_failure`` and the others go on; without that it ends all.
    """
    if scheduler is not None:
        yield from run_on_dask(task, jobs, simulate, scheduler, tell, is_stopped, on_failure)
        return
    n = workers or default_workers()
    is_compiled = _is_compiled()
    tell(0, len(jobs), "" if is_compiled else "compiling the model, once")
    if not is_apart and (n == 1 or len(jobs) == 1):
        yield from run_here(task, jobs, simulate, is_stopped, on_failure)
        return
    # One process compiles and fills the cache on disk; the others would do it all over again.
    alone = 0 if is_compiled else 1
    yield from run_beside(task, jobs[:alone], simulate, 1, is_stopped, on_failure=on_failure)
    if not is_stopped():
        yield from run_beside(task, jobs[alone:], simulate, n, is_stopped, on_failure=on_failure)


def _is_compiled() -> bool:
    """Whether the compiled model is on disk already."""
    from pathlib import Path

    import numba

    folder = Path(numba.config.CACHE_DIR)
    return folder.is_dir() and any(folder.rglob("*.nbc"))
