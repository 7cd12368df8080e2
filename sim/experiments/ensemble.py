"""Many seeds, each with all its futures: the paired runs from which every comparison is made.

A task is one seed: its past is lived once and every scenario forks from it, so that the futures
of a seed share their history and their luck. Results are put in the order of the seeds whatever
the order in which they finish: the number of workers changes nothing but the time.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.experiments.dask_workers import DaskLost
from sim.experiments.dispatch import Progress, finished
from sim.experiments.failures import Failures
from sim.experiments.future import Finished, Futures, IsStopped, Simulate, Task, seed_of, simulate
from sim.experiments.interrupt import on_interrupt
from sim.experiments.tasks import task_of
from sim.experiments.workers import OnFailure, RunFailed
from sim.metrics.history import METRICS, POT_COLUMNS, History
from sim.metrics.metric import Metric
from sim.quarter import Assumptions
from sim.scenario import Loaded

if TYPE_CHECKING:
    from sim.experiments.store import Store

#: Whether the first runs are enough, given the totals of each: see ``Futures``.
IsEnough = Callable[[Sequence[NDArray[np.float64]]], bool]


def never_enough(totals: Sequence[NDArray[np.float64]]) -> bool:
    """As many runs as were asked for."""
    return False


class Sink(Protocol):
    """Takes finished runs, in the order of their seeds."""

    def add(self, futures: Futures) -> None:
        """Keep the futures of one seed."""


@dataclass
class Ensemble:
    """Paired runs of some scenarios.

    ``totals`` (scenarios, runs, years + 1, areas, metrics) are over all sectors; ``money`` holds
    for each scenario its cumulative accounts (runs, years + 1, programmes, columns), £m. ``detail``
    keeps sectors apart, one array (scenarios, years + 1, areas, sectors + 1, metrics) for each
    run, or is empty where a sink took them. ``planned`` is the number of runs asked for, and
    ``indices`` (runs,) which of them are finished; ``ending`` says why some are not, if it was not
    the person: runs that failed, or a computing cluster that was lost.
    """

    loaded: tuple[Loaded, ...]
    seed: int
    years: int
    planned: int
    areas: tuple[str, ...]
    sectors: tuple[str, ...]
    metrics: tuple[Metric, ...] = METRICS
    money_columns: tuple[str, ...] = POT_COLUMNS
    indices: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    totals: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    money: tuple[NDArray[np.float64], ...] = ()
    programmes: tuple[tuple[str, ...], ...] = ()
    detail: list[NDArray[np.float32]] = field(default_factory=list)
    variants: tuple[Assumptions, ...] = ()
    ending: str = ""

    @property
    def task(self) -> Task:
        """What each seed did."""
        return task_of(self.loaded, self.years, self.variants)

    @property
    def groups(self) -> NDArray[np.int64] | None:
        """Which of the variants each finished run had (runs,); None where there are none."""
        return self.indices % len(self.variants) if self.variants else None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the scenarios, in order."""
        return tuple(one.name for one in self.loaded)

    @property
    def runs(self) -> int:
        """Runs that are finished."""
        return len(self.indices)

    @property
    def seeds(self) -> list[int]:
        """Seeds of the finished runs."""
        return [seed_of(self.seed, int(index)) for index in self.indices]

    @property
    def is_complete(self) -> bool:
        """Whether every run that was asked for is finished."""
        return self.runs == self.planned

    def series(self, metric: str, area: str = "north") -> NDArray[np.float64]:
        """One metric of one area (scenarios, runs, years + 1)."""
        names = [one.name for one in self.metrics]
        result: NDArray[np.float64] = self.totals[
            :, :, :, self.areas.index(area), names.index(metric)
        ]
        return result

    def milestones(self) -> list[int]:
        """Years at which results are told."""
        return milestones(self.years)


def milestones(years: int) -> list[int]:
    """Years at which results are told: 5, 10, 20 and 30 where reached, and the last."""
    return sorted({year for year in (5, 10, 20, 30) if year <= years} | {years})


def run_ensemble(
    loaded: Sequence[Loaded],
    *,
    runs: int = 100,
    seed: int = 1,
    years: int | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    sink: Sink | None = None,
    is_kept: bool | None = None,
    is_one_past: bool = True,
    simulate: Simulate = simulate,
    variants: Sequence[Assumptions] = (),
    is_enough: IsEnough = never_enough,
    store: Store | None = None,
    scheduler: str | None = None,
) -> Ensemble:
    """Live ``runs`` seeds under every scenario of ``loaded``.

    ``years`` above the horizon lengthens it; below, only the first years are lived. ``sink``
    receives each finished run in the order of seeds; ``is_kept`` says whether the detail by
    sector stays in memory (default: only without a sink). With ``variants`` the runs take turns
    with those assumptions in place of the scenarios' own. Where not ``is_one_past``, the scenarios
    may differ in population, assumptions and burn-in, and have only their luck in common.
    ``is_enough`` is asked after each run, in the order of seeds, whether the first ones are enough:
    if so the ensemble is that of so many runs, and what others have begun is dropped. What is in
    the ``store`` is not lived again, and what is lived is added to it. With the address of a Dask
    ``scheduler`` its workers live the runs, in place of processes here. A run that fails, or that
    ends its worker time and again, stops no other. After that, after Ctrl-C, or where the scheduler
    is lost, the runs that are finished make a smaller ensemble; RunFailed, KeyboardInterrupt or
    DaskError is raised only if there is none. Raises ScenarioError where the scenarios cannot share
    a past, ValueError for senseless numbers.
    """
    for name, value in (("runs", runs), ("workers", workers)):
        if value is not None and value < 1:
            raise ValueError(f"{name} must be at least 1, not {value}")
    if seed < 0:
        raise ValueError(f"seed must not be below 0, not {seed}")
    task = task_of(loaded, years, variants, is_one_past=is_one_past)
    blank = History(0)
    ensemble = Ensemble(
        tuple(loaded),
        seed,
        task.years,
        runs,
        blank.areas,
        blank.sectors,
        variants=task.variants,
    )
    keeps_detail = sink is None if is_kept is None else is_kept
    gather = _Gather(ensemble, sink, keeps_detail, is_enough)
    jobs = [(index, seed_of(seed, index)) for index in range(runs)]
    tell = progress or (lambda done, total, note: None)
    failures = Failures()

    def on_failure(failure: RunFailed) -> None:
        gather.leave_out(failure.job[0])
        failures.take(failure, is_any_finished=bool(gather.n))

    with on_interrupt() as is_stopped:
        asked = (workers, simulate, tell, is_stopped, store, scheduler, on_failure)
        found = _found(ensemble, task, jobs, *asked)
        number = 0
        try:
            for number, futures in enumerate(found, start=1):
                assert isinstance(futures, Futures)
                gather.add(futures)
                tell(number, runs, "")
                if gather.is_enough:
                    found.close()
                    ensemble.planned = gather.n_next
                    break
        except DaskLost as error:
            if not number:
                raise
            ensemble.ending = str(error)
        ensemble.ending = failures.told(ensemble.ending)
        if not number:
            failures.check()
        gather.close()
    return ensemble


def _found(
    ensemble: Ensemble,
    task: Task,
    jobs: Sequence[tuple[int, int]],
    workers: int | None,
    simulate: Simulate,
    tell: Progress,
    is_stopped: IsStopped,
    store: Store | None,
    scheduler: str | None,
    on_failure: OnFailure,
) -> Generator[Finished]:
    """Futures in the order in which they are there, out of the store or lived."""
    if store is None:
        return finished(task, jobs, workers, simulate, tell, is_stopped, scheduler, on_failure)
    from sim.experiments.store.serving import served

    def live(some: Sequence[tuple[int, int]], simulate: Simulate) -> Generator[Finished]:
        def tell_of_all(done: int, total: int, note: str) -> None:
            tell(done, len(jobs), note)

        # A run that has ended its command is the one that is left when the command is given again.
        is_apart = workers != 1 and len(some) < len(jobs)
        asked = (workers, simulate, tell_of_all, is_stopped, scheduler, on_failure)
        return finished(task, some, *asked, is_apart=is_apart)

    return served(store, task, ensemble.names, jobs, simulate, live, is_stopped)


class _Gather:
    """Collects futures in any order and passes them on in the order of seeds."""

    def __init__(
        self, ensemble: Ensemble, sink: Sink | None, keeps_detail: bool, is_enough: IsEnough
    ) -> None:
        self.ensemble = ensemble
        self.sink = sink
        self.keeps_detail = keeps_detail
        self.is_enough = False
        self.found: dict[int, tuple[NDArray[np.float64], tuple[NDArray[np.float64], ...]]] = {}
        self._ask = is_enough
        self._detail: dict[int, NDArray[np.float32]] = {}
        self._waiting: dict[int, Futures | None] = {}
        self.n = self.n_next = 0

    def add(self, futures: Futures) -> None:
        """Keep the futures of one seed, once all seeds before it are there or left out."""
        self.n += 1
        self._take(futures.index, futures)

    def leave_out(self, index: int) -> None:
        """Wait no longer for a run that failed."""
        self._take(index, None)

    def _take(self, index: int, futures: Futures | None) -> None:
        self._waiting[index] = futures
        while self.n_next in self._waiting and not self.is_enough:
            self._keep(self._waiting.pop(self.n_next))
            self.n_next += 1
            self.is_enough = self._ask([totals for totals, _ in self.found.values()])

    def _keep(self, futures: Futures | None) -> None:
        if futures is None:
            return
        self.found[futures.index] = (futures.totals, futures.money)
        self.ensemble.programmes = futures.programmes
        if self.keeps_detail:
            self._detail[futures.index] = futures.values
        if self.sink is not None:
            self.sink.add(futures)

    def close(self) -> None:
        """Fill the ensemble with what is there; a gap in the order no longer holds runs back."""
        if not self.is_enough:
            for index in sorted(self._waiting):
                self._keep(self._waiting.pop(index))
        order = sorted(self.found)
        if not order:
            raise KeyboardInterrupt
        ensemble = self.ensemble
        ensemble.indices = np.array(order, np.int64)
        ensemble.totals = np.stack([self.found[index][0] for index in order], axis=1)
        ensemble.money = tuple(
            np.stack([self.found[index][1][s] for index in order])
            for s in range(len(ensemble.loaded))
        )
        ensemble.detail = [self._detail[index] for index in order if index in self._detail]
