"""A run that fails, or whose worker is killed: it stops no other, and nothing finished is lost."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import test_sensitivity
from fakes import broken, ensemble, fake, pair

from sim.experiments import sensitivity, workers
from sim.experiments.ensemble import run_ensemble
from sim.experiments.future import Futures, IsStopped, Task, never
from sim.experiments.mapping import Place
from sim.experiments.read_off import Numbers, read_off
from sim.experiments.store import Store
from sim.experiments.store.answers import Answers
from sim.experiments.tasks import task_of
from sim.experiments.workers import RunFailed


@dataclass(frozen=True)
class Deadly:
    """Ends its worker in run ``index``, so many times; each time leaves a mark in ``folder``."""

    folder: Path
    index: int
    times: int

    def __call__(self, task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Futures:
        marks = len(list(self.folder.glob("mark*")))
        if index == self.index and marks < self.times:
            (self.folder / f"mark{marks}").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return fake(task, index, seed, is_stopped)


@dataclass(frozen=True)
class Reading:
    """The seed of a run, read off it."""

    deadly: Deadly

    def __call__(self, task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Numbers:
        self.deadly(task, index, seed, is_stopped)
        return Numbers(index, seed, np.array([float(seed)]))


def test_a_worker_that_is_killed_is_replaced_and_its_run_begun_anew(tmp_path: Path) -> None:
    deadly = Deadly(tmp_path, 2, times=workers._TRIES - 1)
    found = run_ensemble(pair(), runs=5, years=3, workers=2, simulate=deadly)
    assert len(list(tmp_path.iterdir())) == deadly.times
    assert found.is_complete and not found.ending
    assert found.totals.tobytes() == ensemble(runs=5, years=3).totals.tobytes()


def test_a_run_that_kills_each_worker_is_told_and_stops_no_other(tmp_path: Path) -> None:
    taken: list[int] = []

    class Sink:
        def add(self, futures: Futures) -> None:
            taken.append(futures.index)

    deadly = Deadly(tmp_path, 1, times=99)
    found = run_ensemble(pair(), runs=6, years=3, workers=2, simulate=deadly, sink=Sink())
    assert len(list(tmp_path.iterdir())) == workers._TRIES
    assert found.indices.tolist() == taken == [0, 2, 3, 4, 5] and not found.is_complete
    assert found.ending == (
        "run 2 (seed 1000004) of Long-term, Piecemeal ended its worker 3 times over (killed, "
        "probably for want of memory: take fewer --workers or --firms)"
    )
    whole = ensemble(runs=6, years=3)
    np.testing.assert_array_equal(found.totals, whole.totals[:, found.indices])


def test_where_every_run_fails_the_third_one_ends_it() -> None:
    with pytest.raises(RunFailed, match=r"run \d \(seed \d+\) of .* failed: ZeroDivisionError"):
        run_ensemble(pair(), runs=5000, years=3, workers=2, simulate=broken)
    with pytest.raises(RunFailed, match=r"run 1 \(seed \d+\) of .* failed: ZeroDivisionError"):
        run_ensemble(pair(), runs=2, years=3, workers=1, simulate=broken)


def test_a_sensitivity_analysis_goes_on_without_the_trajectory_that_failed() -> None:
    found = sensitivity.lived(test_sensitivity.planned(), workers=1, levels=failing)
    assert found.screening.n_trajectories == 7 and not found.is_complete
    assert found.ends is not None and np.isfinite(found.ends.differences).all()
    assert "run 3 (seed" in found.ending and "failed: OverflowError: too much" in found.ending
    assert "INTERRUPTED: 7 of 8 trajectories" in found.warnings[0]


LIVED: list[int] = []


def failing(task: Task, seed: int, is_stopped: IsStopped, place: Place) -> tuple[float, ...]:
    """The third run fails."""
    LIVED.append(seed)
    if len(LIVED) == 3:
        raise OverflowError("too much")
    return test_sensitivity.made_up(task, seed, is_stopped, place)


def test_what_is_read_off_the_others_is_kept_and_the_deadly_run_alone_is_lived_again(
    tmp_path: Path,
) -> None:
    marks, store = tmp_path / "marks", Store(tmp_path / "store", spare=0)
    marks.mkdir()
    jobs = [(index, 100 + index) for index in range(5)]

    def read(times: int) -> tuple[dict[int, float], str]:
        found, ending = read_off(
            task_of(pair(), 1),
            jobs,
            Reading(Deadly(marks, 3, times)),
            workers=2,
            scheduler=None,
            tell=lambda done, note: None,
            is_stopped=never,
            answers=Answers(store, "seeds"),
        )
        return {index: float(numbers[0]) for index, numbers in found.items()}, ending

    found, ending = read(times=3)
    assert found == {index: seed for index, seed in jobs if index != 3}
    assert "run 4 (seed 103)" in ending and "want of memory" in ending
    # Alone it is left, and not in this process, which it would take down.
    assert read(times=4) == (dict(jobs), "")
