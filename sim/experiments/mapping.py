"""A map of the sign of a difference: a few runs everywhere, then more where the sign is in doubt.

Every point has the same seeds in the same order, so that what differs between two points is what
their axes say. Which points get more runs depends on the runs so far and on nothing else: the
number of workers changes nothing but the time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.experiments.dask_workers import DaskError, DaskLost
from sim.experiments.dispatch import Progress, default_workers, finished
from sim.experiments.future import PAST, Finished, IsStopped, Task, live, never, seed_of, start
from sim.experiments.grid import Grid
from sim.experiments.interrupt import on_interrupt
from sim.experiments.read_off import nothing_finished
from sim.experiments.signs import Counts, Vector, shared_out, signs, wanting
from sim.experiments.statistics import estimate
from sim.experiments.store import Store
from sim.experiments.store.answers import Answers
from sim.experiments.store.keys import Keys
from sim.scenario import Scenario

#: Runs of every point before any choice is made, at the least; and the part of all runs that it is.
FEWEST, FIRST_PART, BATCH_PART = 6, 1 / 3, 1 / 4


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

    ``ending`` says what ended it early, if a computing cluster did.
    """

    grid: Grid
    place: Place
    seed: int
    planned: int
    is_complete: bool = True
    ending: str = ""
    levels: dict[tuple[int, int], float] = field(default_factory=dict)

    def differences(self, row: int, column: int) -> dict[int, float]:
        """First minus second in each finished run of a point, by the run."""
        point = self.grid.points[row * self.grid.shape[1] + column]
        runs = sorted(run for number, run in self.levels if number == point.first)
        return {
            run: self.levels[point.first, run] - self.levels[point.second, run]
            for run in runs
            if point.is_lived and (point.second, run) in self.levels
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
                found = estimate(values, groups=groups)
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
    def runs(self) -> int:
        """Finished runs of all points together."""
        return int(self.counts.sum())


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
    """Live the map with ``runs`` paired runs a point in the mean, more where the sign is in doubt.

    A point has the first seeds up to its number of runs; futures that points share are lived once.
    A past is lived again only for a point that comes back into doubt after it was settled. Ends
    early where no point is in doubt. Outcomes that are in the ``store`` are not lived again. After
    Ctrl-C the finished runs make the map; KeyboardInterrupt is raised only if no point has two.
    """
    if runs < 2 or seed < 0 or (workers is not None and workers < 1):
        raise ValueError("at least 2 runs, 1 worker and a seed not below 0")
    found = SignMap(grid, place, seed, runs * len(grid.lived))
    is_lived = np.zeros(grid.shape, np.bool_)
    for point in grid.lived:
        is_lived[point.row, point.column] = True
    tell = progress or (lambda done, total, note: None)
    counts = np.zeros(grid.shape, np.int64)
    extra = np.where(is_lived, first_runs(runs), 0)
    batch = math.ceil(runs * BATCH_PART)
    known = _Known(found, store, levels)
    with on_interrupt() as is_stopped:
        while extra.any() and not is_stopped():
            try:
                _live(found, counts, extra, workers, scheduler, levels, tell, is_stopped, known)
            except DaskError as error:
                # A scheduler that is lost between two rounds does not answer in the next one.
                if not (counts.any() or isinstance(error, DaskLost)):
                    raise
                found = replace(found, ending=str(error))
                break
            found = replace(found)  # what was worked out from fewer runs is forgotten
            # Points that share their futures with others have runs that nobody asked for.
            mean, low, high, _ = found.estimates
            counts = found.counts
            left = max(0, found.planned - found.runs)
            extra = shared_out(wanting(mean, low, high), counts, batch, left)
        found.is_complete = not is_stopped() and not found.ending
    if not (found.counts > 1).any():
        raise nothing_finished(found.ending)
    return found


def _live(
    found: SignMap,
    counts: Counts,
    extra: Counts,
    workers: int | None,
    scheduler: str | None,
    levels: Levels,
    tell: Progress,
    is_stopped: IsStopped,
    known: _Known,
) -> None:
    """One round: ``extra`` further runs of each point that has ``counts`` already."""
    grid = found.grid
    wanted: dict[int, set[int]] = {}
    for point in grid.lived:
        at = point.row, point.column
        for run in range(int(counts[at]), int(counts[at] + extra[at])):
            numbers = wanted.setdefault(run, set())
            numbers |= {n for n in (point.first, point.second) if not known.find(n, run)}
    n_workers = workers or default_workers()
    parts = _parts(grid.task.scenarios, wanted, n_workers)
    jobs = [(job, seed_of(found.seed, run)) for job, (run, _) in parts.items()]
    reading = Reading(found.place, levels, parts)
    n_futures, done = sum(len(numbers) for _, numbers in parts.values()), 0
    spent, total = int(counts.sum()), int(extra.sum())

    def pass_on(_: int, __: int, note: str) -> None:
        tell(spent + round(total * done / max(n_futures, 1)), found.planned, note)

    asked = (grid.task, jobs, workers, reading, pass_on, is_stopped, scheduler)
    for answer in finished(*asked) if jobs else ():
        assert isinstance(answer, Read)
        for number, level in zip(answer.numbers, answer.levels, strict=True):
            found.levels[number, answer.index] = level
            known.add(number, answer.index)
        done += len(answer.numbers)
        pass_on(0, 0, "")


def _parts(
    scenarios: tuple[Scenario, ...], wanted: Mapping[int, set[int]], workers: int
) -> dict[int, tuple[int, tuple[int, ...]]]:
    """The jobs of a round: the futures of one run that share a past, split where workers idle."""
    pasts = [str([getattr(one, key) for key in PAST]) for one in scenarios]
    groups: dict[tuple[int, str], list[int]] = {}
    for run in sorted(wanted):
        for number in sorted(wanted[run]):
            groups.setdefault((run, pasts[number]), []).append(number)
    pieces = math.ceil(workers / max(len(groups), 1))
    found: list[tuple[int, tuple[int, ...]]] = []
    for (run, _), numbers in groups.items():
        size = math.ceil(len(numbers) / pieces)
        found += [
            (run, tuple(numbers[start : start + size])) for start in range(0, len(numbers), size)
        ]
    return dict(enumerate(found))


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
