"""A job of a sweep as a worker does it: one point, one seed, its scenarios, whatever goes wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.experiments.future import (
    Finished,
    Futures,
    IsStopped,
    Simulate,
    Stopped,
    Task,
    never,
    simulate,
)
from sim.experiments.workers import RunFailed
from sim.metrics.history import METRIC_NAMES, History
from sim.scenario import Scenario
from sim.scenario.axes import scenario_at
from sim.scenario.sweeps import Point, Value

#: What is kept of one run (years + 1, areas, metrics).
Values = NDArray[np.float64]
#: Point and run, from 0, and the numbers of the scenarios.
Job = tuple[int, int, tuple[int, ...]]


@dataclass(frozen=True)
class Keeping:
    """What is kept of every year: names of metrics and areas."""

    metrics: tuple[str, ...]
    areas: tuple[str, ...]

    def of(self, totals: Values) -> Values:
        """The part of a future's totals (years + 1, all areas, all metrics) that is kept."""
        areas = [History(0).areas.index(name) for name in self.areas]
        metrics = [METRIC_NAMES.index(name) for name in self.metrics]
        return totals[:, areas][:, :, metrics]


@dataclass(frozen=True)
class Lived(Finished):
    """Of a job, what is kept of each scenario, or the cause of its failure.

    ``futures`` are there only where they were asked for and none of them failed.
    """

    job: Job
    kept: tuple[Values | None, ...]
    causes: tuple[str, ...]
    futures: Futures | None


@dataclass(frozen=True)
class Living:
    """How a worker does a job; ``targets`` are the keys that each key sets in each scenario.

    ``is_whole`` asks for the futures, of a hundred times as many bytes, beside what is kept.
    """

    points: tuple[Point, ...]
    targets: dict[str, tuple[tuple[str, ...], ...]]
    keeping: Keeping
    jobs: tuple[Job, ...] = ()
    is_whole: bool = False
    simulate: Simulate = simulate

    def __call__(self, task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Lived:
        """Do job ``index``. Raises Stopped."""
        job = point, run, numbers = self.jobs[index]
        try:
            some = self.part(task, point, numbers)
            futures = self.simulate(some, run, seed, is_stopped)
        except Stopped:
            raise
        except Exception:  # some of them fails: each by itself shows which
            alone = [self._alone(task, point, run, one, seed, is_stopped) for one in numbers]
            kept, causes = zip(*alone, strict=True)
            return without_futures(index, seed, job, kept, causes)
        parts = [self.keeping.of(one) for one in futures.totals]
        found = without_futures(index, seed, job, parts, [""] * len(numbers))
        return replace(found, futures=futures) if self.is_whole else found

    def _alone(
        self, task: Task, point: int, run: int, number: int, seed: int, is_stopped: IsStopped
    ) -> tuple[Values | None, str]:
        try:
            futures = self.simulate(self.part(task, point, (number,)), run, seed, is_stopped)
        except Stopped:
            raise
        except Exception as error:
            return None, " ".join(f"{type(error).__name__}: {error}".split())
        return self.keeping.of(futures.totals[0]), ""

    def part(self, task: Task, point: int, numbers: tuple[int, ...]) -> Task:
        """Some scenarios of the task at a point. Raises ValueError where one is not sound."""
        return replace(task, scenarios=tuple(self.scenario(task, point, one) for one in numbers))

    def scenario(self, task: Task, point: int, number: int) -> Scenario:
        """A scenario at a point. Raises ValueError, in words, where it is not sound."""
        return scenario_at(task.scenarios[number], self.settings(point, number))

    def settings(self, point: int, number: int) -> dict[str, Value]:
        """The dotted keys that a point sets in a scenario."""
        return dict(self._settings(point, number))

    def _settings(self, point: int, number: int) -> Iterator[tuple[str, Value]]:
        for key, value in self.points[point].items():
            for target in self.targets[key][number]:
                yield target, value


def dead(job: Job, death: RunFailed) -> Lived:
    """A job that has killed its worker."""
    n = len(job[2])
    return without_futures(*death.job, job, [None] * n, [death.cause] * n)


def without_futures(
    index: int, seed: int, job: Job, kept: Sequence[Values | None], causes: Sequence[str]
) -> Lived:
    """A job of which nothing but what is kept is left."""
    return Lived(index, seed, job, tuple(kept), tuple(causes), None)
