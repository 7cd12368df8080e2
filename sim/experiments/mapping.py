"""A map of the sign of a difference: a few runs everywhere, then more where they may tell more.

Every point has the same seeds in the same order, so that what differs between two points is what
their axes say. Which points get more runs depends on the runs so far and on nothing else: the
number of workers changes nothing but the time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from sim.experiments.dask_workers import DaskError, DaskLost
from sim.experiments.dispatch import Progress, default_workers, finished
from sim.experiments.failures import Failures
from sim.experiments.future import Finished, IsStopped, Task, live, never, seed_of, start
from sim.experiments.grid import Grid
from sim.experiments.interrupt import on_interrupt
from sim.experiments.parts import parts_of
from sim.experiments.read_off import nothing_finished
from sim.experiments.signs import Counts, Mask, Vector, signs, wanting
from sim.experiments.statistics import LEVEL, estimate
from sim.experiments.store import Store
from sim.experiments.store.answers import Answers
from sim.experiments.store.keys import Keys
from sim.experiments.workers import RunFailed

#: Runs of every point before any choice is made, at the least; and the part of all runs that it is.
FEWEST, FIRST_PART, BATCH_PART = 6, 1 / 3, 1 / 4
#: Levels of the intervals that say, after each round, where the sign is settled and where it may
#: yet be told. To call settled what an interval of 90 % tells would leave zero out at more than a
#: fifth of the points without a difference, and not at the tenth that the map says.
SETTLED, HOPEFUL = 0.98, 2 / 3


@dataclass(frozen=True)
class Place:
    """Where in a future the outcome is read."""

    metric: str
    region: str
    year: int


@dataclass(frozen=True)
class Read(Finished):
    """Of one seed, the outcome in each future that was asked for (futures,), by its number."""

    numbers: tuple[int, ...]
    levels: tuple[float, ...]


Levels = Callable[[Task, int, IsStopped, Place], tuple[float, ...]]


def lived_levels(task: Task, seed: int, is_stopped: IsStopped, place: Place) -> tuple[float, ...]:
    """The outcome of each scenario of ``task``, lived from their one past. Raises Stopped."""
    past = start(task, seed)
    found = []
    for scenario in task.scenarios:
        run = past.fork(scenario)
        run.history.recorded_from = place.year  # measuring every year takes a fifth of the time
        live(run, place.year, is_stopped)
        found.append(float(run.history.series(place.metric, place.region)[place.year]))
    return tuple(found)


@dataclass(frozen=True)
class Reading:
    """How a worker does its part of a round: which futures of a job, and what is read of them.

    ``parts`` has for each job its run and the numbers of its futures.
    """

    place: Place
    levels: Levels
    parts: Mapping[int, tuple[int, tuple[int, ...]]]

    def __call__(self, task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Read:
        """Live the futures of job ``index``. Raises Stopped."""
        run, numbers = self.parts[index]
        here = task.of(run)
        some = replace(task, scenarios=tuple(here[number] for number in numbers), variants=())
        levels = self.levels(some, seed, is_stopped, self.place)
        return Read(run, seed, numbers, levels)


@dataclass
class SignMap:
    """The runs of every point; ``levels`` has the outcome by the scenario's number and the run.

    ``most`` is the number of runs that a point may have; ``ending`` says what ended it early, if a
    computing cluster did.
    """

    grid: Grid
    place: Place
    seed: int
    most: int
    is_complete: bool = True
    ending: str = ""
    levels: dict[tuple[int, int], float] = field(default_factory=dict)

    def differences(self, row: int, column: int) -> dict[int, float]:
        """First minus second in each finished run of a point, by the run."""
        point = self.grid.points[row * self.grid.shape[1] + column]
        pairs = {run: ((point.first, run), (point.second, run)) for run in range(self.most)}
        return {
            run: self.levels[first] - self.levels[second]
            for run, (first, second) in pairs.items()
            if point.is_lived and first in self.levels and second in self.levels
        }

    @cached_property
    def counts(self) -> Counts:
        """Finished runs of each point (rows, columns)."""
        rows, columns = self.grid.shape
        n = [len(self.differences(row, column)) for row in range(rows) for column in range(columns)]
        return np.array(n, np.int64).reshape(rows, columns)

    @cached_property
    def estimates(self) -> tuple[Vector, Vector, Vector, Counts]:
        """Mean, low and high end of the 90 % interval, and runs behind it, each (rows, columns).

        NaN where nothing is known; all zero, of no run, where the two scenarios are alike. Where
        the runs take turns with parameter sets, the interval is of the mean over sets.
        """
        return self._estimated(LEVEL)

    def _estimated(self, level: float) -> tuple[Vector, Vector, Vector, Counts]:
        n_sets = len(self.grid.task.variants)
        shape = self.grid.shape
        mean, low, high = (np.full(shape, np.nan) for _ in range(3))
        n = np.zeros(shape, np.int64)
        for point in self.grid.points:
            at = point.row, point.column
            if not point.flaw and not point.is_lived:
                mean[at] = low[at] = high[at] = 0.0
            finished = self.differences(*at)
            values = np.array(list(finished.values()))
            if len(values) > 1:
                groups = np.array(list(finished)) % n_sets if n_sets else None
                found = estimate(values, level, groups)
                mean[at], low[at], high[at] = found.mean, found.low, found.high
                n[at] = np.isfinite(values).sum()
        return mean, low, high, n

    @cached_property
    def signs(self) -> Counts:
        """1, −1 or 0 at each point: see ``signs.signs``."""
        _, low, high, _ = self.estimates
        return signs(low, high)

    @property
    def is_known(self) -> NDArray[np.bool_]:
        """Points of which there is an estimate (rows, columns)."""
        return np.isfinite(self.estimates[0])

    @property
    def wanted(self) -> Mask:
        """Points that get more runs in the next round (rows, columns)."""
        mean, sure_low, sure_high, _ = self._estimated(SETTLED)
        _, low, high, _ = self._estimated(HOPEFUL)
        return wanting(mean, (sure_low, sure_high), (low, high), self.counts, self.most)

    @property
    def planned(self) -> int:
        """Runs of all points together, if each had as many as it may."""
        return self.most * len(self.grid.lived)

    @property
    def runs(self) -> int:
        """Finished runs of all points together; points with the same two futures count once."""
        return int(sum(self.counts[one.row, one.column] for one in self.grid.lived))


def first_runs(runs: int) -> int:
    """Runs of every point before any choice is made."""
    return min(runs, max(FEWEST, math.ceil(runs * FIRST_PART)))


def run_map(
    grid: Grid,
    place: Place,
    *,
    runs: int = 20,
    seed: int = 1,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
    levels: Levels = lived_levels,
    store: Store | None = None,
) -> SignMap:
    """Live the map: a few paired runs at every point, then up to ``runs`` where more may tell.

    A point has the first seeds up to its number of runs. Futures that points share are lived once.
    The past of a seed is lived again only where several workers share its futures, and for a point
    that catches up when the contour comes to it. Outcomes that are in the ``store`` are not lived
    again. After Ctrl-C, or where runs fail, the finished runs make the map; KeyboardInterrupt or
    RunFailed is raised only if no point has two.
    """
    if runs < 2 or seed < 0 or (workers is not None and workers < 1):
        raise ValueError("at least 2 runs, 1 worker and a seed not below 0")
    found = SignMap(grid, place, seed, runs)
    tell = progress or (lambda done, total, note: None)
    wanted, until = np.ones(grid.shape, np.bool_), first_runs(runs)
    batch = math.ceil(runs * BATCH_PART)
    known, failed = _Known(found, store, levels), Failures()
    asked = (workers, scheduler, levels, tell)
    with on_interrupt() as is_stopped:
        while wanted.any() and not is_stopped():
            try:
                n_jobs = _live(found, wanted, until, *asked, is_stopped, known, failed)
            except DaskError as error:
                # A scheduler that is lost between two rounds does not answer in the next one.
                if not (found.counts.any() or isinstance(error, DaskLost)):
                    raise
                found = replace(found, ending=str(error))
                break
            found = replace(found)  # what was worked out from fewer runs is forgotten
            if n_jobs == 0 and until == runs:
                break  # nothing is left but runs that failed
            wanted = found.wanted
            until = min(until + batch, runs)
        found.ending = failed.told(found.ending)
        found.is_complete = not is_stopped() and not found.ending
    if not (found.counts > 1).any():
        failed.check()
        raise nothing_finished(found.ending)
    return found


def _live(
    found: SignMap,
    wanted: Mask,
    until: int,
    workers: int | None,
    scheduler: str | None,
    levels: Levels,
    tell: Progress,
    is_stopped: IsStopped,
    known: _Known,
    failed: Failures,
) -> int:
    """One round: every point that is ``wanted`` gets the runs that it lacks of the first ones.

    Returns how many jobs that takes. A run that ``failed`` is not asked for again.
    """
    grid, counts = found.grid, found.counts
    lacking = {
        (one.first, one.second): until - int(counts[one.row, one.column])
        for one in grid.points
        if one.is_lived and wanted[one.row, one.column]
    }
    numbers = sorted(set(chain.from_iterable(lacking)))
    left = sorted(set(range(until)) - {one.job[0] for one in failed.found})
    missing = {run: [n for n in numbers if not known.find(n, run)] for run in left}
    n_workers = workers or default_workers()
    parts = parts_of(grid.task.scenarios, missing, n_workers)
    jobs = [(job, seed_of(found.seed, run)) for job, (run, _) in parts.items()]
    reading = Reading(found.place, levels, parts)
    n_futures, done = sum(len(numbers) for _, numbers in parts.values()), 0
    spent, total = found.runs, sum(lacking.values())

    def pass_on(_: int, __: int, note: str) -> None:
        tell(spent + round(total * done / max(n_futures, 1)), found.planned, note)

    def on_failure(failure: RunFailed) -> None:
        job, seed = failure.job
        of_run = RunFailed(failure.names, (parts[job][0], seed), failure.cause, failure.trace)
        failed.take(of_run, is_any_finished=bool(found.levels))

    asked = (grid.task, jobs, workers, reading, pass_on, is_stopped, scheduler, on_failure)
    # A run that has ended its command is the one that is left when the command is given again.
    is_apart = workers != 1 and bool(found.levels)
    for answer in finished(*asked, is_apart=is_apart) if jobs else ():
        assert isinstance(answer, Read)
        for number, level in zip(answer.numbers, answer.levels, strict=True):
            found.levels[number, answer.index] = level
            known.add(number, answer.index)
        done += len(answer.numbers)
        pass_on(0, 0, "")
    return len(jobs)


class _Known:
    """Outcomes of a map that a store has, by the keys of their futures."""

    def __init__(self, found: SignMap, store: Store | None, levels: Levels) -> None:
        place = found.place
        question = (levels.__qualname__, place.metric, place.region, place.year)
        self._levels, self._seed = found.levels, found.seed
        self._answers = Answers(store, "map", *question)
        self._keys = Keys(found.grid.task)
        self._asked: set[tuple[int, int]] = set()

    def find(self, number: int, run: int) -> bool:
        """Whether the outcome is known by now."""
        if (number, run) not in self._asked:
            self._asked.add((number, run))
            level = self._answers.find(self._key(number, run))
            if level is not None:
                self._levels[number, run] = float(level[0])
        return (number, run) in self._levels

    def add(self, number: int, run: int) -> None:
        """Keep an outcome that was lived."""
        self._answers.add([self._levels[number, run]], self._key(number, run))

    def _key(self, number: int, run: int) -> str:
        return self._keys.of(run, seed_of(self._seed, run), number)
