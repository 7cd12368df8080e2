"""A sweep: every point of a design in every scenario with the same seeds, whatever goes wrong.

A run that fails is kept apart with its cause and the others go on. Finished runs are on disk within
a second of their end; who starts the sweep again lives only what is not there.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import metadata

import numpy as np

from sim.experiments.design import points_of
from sim.experiments.ensemble import Progress, finished, on_interrupt, task_of
from sim.experiments.future import Futures, IsStopped, Stopped, Task, each, never, seed_of
from sim.experiments.pieces import Pieces, Values
from sim.metrics.history import METRICS, History
from sim.scenario import LoadedSweep, Problem, Scenario, ScenarioError
from sim.scenario.axes import scenario_at
from sim.scenario.sweeps import Point, Value

#: Runs that end within this many seconds are written as one file.
WRITING_INTERVAL = 1.0
_SETTLED = {"title", "description"}  # what changes no number


@dataclass(frozen=True)
class Keeping:
    """What is kept of every year: names of metrics and areas."""

    metrics: tuple[str, ...]
    areas: tuple[str, ...]


Live = Callable[[Task, int, IsStopped, Keeping], tuple[Values, ...]]


def lived(task: Task, seed: int, is_stopped: IsStopped, keeping: Keeping) -> tuple[Values, ...]:
    """What is kept of each scenario of ``task`` (years + 1, areas, metrics). Raises Stopped."""
    known, areas = [one.name for one in METRICS], History(0).areas
    metrics = [known.index(name) for name in keeping.metrics]
    places = [areas.index(name) for name in keeping.areas]
    return tuple(
        run.history.values[: task.years + 1, places, -1][:, :, metrics].astype(np.float64)
        for run in each(task, 0, seed, is_stopped)
    )


@dataclass(frozen=True)
class Lived(Futures):
    """Of one seed at one point, what is kept of each scenario asked for, or the cause of failure.

    ``numbers`` (futures,) are those of the scenarios.
    """

    point: int
    run: int
    numbers: tuple[int, ...]
    kept: tuple[Values | None, ...]
    causes: tuple[str, ...]


@dataclass(frozen=True)
class Living:
    """How a worker does a job: a point, a run, and the numbers of its scenarios, by job."""

    points: tuple[Point, ...]
    targets: dict[str, tuple[tuple[str, ...], ...]]
    keeping: Keeping
    jobs: tuple[tuple[int, int, tuple[int, ...]], ...]
    live: Live

    def __call__(self, task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Lived:
        """Live the futures of job ``index``. Raises Stopped."""
        point, run, numbers = self.jobs[index]
        try:
            kept: tuple[Values | None, ...] = self._kept(task, point, numbers, seed, is_stopped)
            causes: tuple[str, ...] = ("",) * len(numbers)
        except Stopped:
            raise
        except Exception:  # some of them fails: each by itself shows which
            one_by_one = [self._alone(task, point, number, seed, is_stopped) for number in numbers]
            kept, causes = (tuple(column) for column in zip(*one_by_one, strict=True))  # type: ignore[assignment]
        nothing = np.zeros(0)
        blank = (index, seed, nothing.astype(np.float32), nothing, (), ())
        return Lived(*blank, point, run, numbers, kept, causes)

    def _kept(
        self,
        task: Task,
        point: int,
        numbers: tuple[int, ...],
        seed: int,
        is_stopped: IsStopped,
    ) -> tuple[Values, ...]:
        scenarios = tuple(self.scenario(task, point, number) for number in numbers)
        return self.live(replace(task, scenarios=scenarios), seed, is_stopped, self.keeping)

    def _alone(
        self, task: Task, point: int, number: int, seed: int, is_stopped: IsStopped
    ) -> tuple[Values | None, str]:
        try:
            return self._kept(task, point, (number,), seed, is_stopped)[0], ""
        except Stopped:
            raise
        except Exception as error:
            return None, " ".join(f"{type(error).__name__}: {error}".split())

    def scenario(self, task: Task, point: int, number: int) -> Scenario:
        """A scenario at a point. Raises ValueError, in words, where it is not sound."""
        return scenario_at(task.scenarios[number], self.settings(point, number))  # type: ignore[arg-type]

    def settings(self, point: int, number: int) -> dict[str, Value]:
        """The dotted keys that a point sets in a scenario."""
        return {
            target: value
            for key, value in self.points[point].items()
            for target in self.targets[key][number]
        }


@dataclass(frozen=True)
class Failure:
    """A run that failed (``run`` from 0), or a scenario that is not sound at a point (−1)."""

    point: int
    number: int
    run: int
    cause: str


@dataclass(frozen=True)
class Plan:
    """Every run of a sweep, by its key.

    ``contents`` has for each point and scenario the hash of what its runs have in common, or
    nothing where the scenario is not sound there: ``flaws``.
    """

    loaded: LoadedSweep
    task: Task
    living: Living
    contents: tuple[tuple[bytes, ...], ...]
    flaws: tuple[Failure, ...]

    @property
    def points(self) -> tuple[Point, ...]:
        """The design."""
        return self.living.points

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the scenarios."""
        return tuple(one.name for one in self.loaded.loaded)

    @property
    def seeds(self) -> list[int]:
        """Seed of each run."""
        sweep = self.loaded.sweep
        return [seed_of(sweep.seed, run) for run in range(sweep.runs)]

    @property
    def n_runs(self) -> int:
        """Runs that can be lived."""
        sound = sum(bool(content) for point in self.contents for content in point)
        return sound * self.loaded.sweep.runs

    def key(self, point: int, number: int, run: int) -> bytes:
        """What determines a run, in 32 bytes."""
        seed = seed_of(self.loaded.sweep.seed, run)
        return hashlib.sha256(self.contents[point][number] + f"{seed}".encode()).digest()

    def jobs(self, done: Pieces) -> Iterator[tuple[int, int, tuple[int, ...]]]:
        """Point, run and scenarios of what is not finished yet."""
        for point, contents in enumerate(self.contents):
            for run in range(self.loaded.sweep.runs):
                numbers = tuple(
                    number
                    for number, content in enumerate(contents)
                    if content and self.key(point, number, run) not in done
                )
                if numbers:
                    yield point, run, numbers

    def run_of(self, start: str) -> tuple[int, int, int] | None:
        """Point, scenario and run whose key begins so."""
        for point, contents in enumerate(self.contents):
            for number, content in enumerate(contents):
                for run in range(self.loaded.sweep.runs if content else 0):
                    if self.key(point, number, run).hex().startswith(start):
                        return point, number, run
        return None


def plan_of(loaded: LoadedSweep, live: Live = lived) -> Plan:
    """The points of a sweep, each checked in each scenario before anything is lived.

    Raises ScenarioError where the scenarios cannot share a past, or no point is sound.
    """
    sweep = loaded.sweep
    task = task_of(loaded.loaded, sweep.years)
    keeping = Keeping(sweep.metrics, sweep.areas)
    targets = {one.key: one.targets for one in loaded.keys}
    living = Living(points_of(loaded), targets, keeping, (), live)
    common = [
        metadata.version("clustersim"),
        task.burn_in.model_dump_json(exclude=_SETTLED),
        task.years,
        keeping.metrics,
        keeping.areas,
    ]
    contents, flaws = [], []
    for point in range(len(living.points)):
        row = []
        for number in range(len(task.scenarios)):
            try:
                scenario = living.scenario(task, point, number)
            except ValueError as error:
                flaws.append(Failure(point, number, -1, " ".join(str(error).split())))
                row.append(b"")
                continue
            said = json.dumps([*common, scenario.model_dump_json(exclude=_SETTLED)])
            row.append(hashlib.sha256(said.encode()).digest())
        contents.append(tuple(row))
    if not any(any(row) for row in contents):
        found = f"no point of the sweep is sound; at the first one {flaws[0].cause}"
        raise ScenarioError([Problem(str(loaded.path), 0, 0, "keys", found, "other ranges")])
    return Plan(loaded, task, living, tuple(contents), tuple(flaws))


@dataclass
class Outcome:
    """What became of the runs that were not finished before."""

    failures: list[Failure] = field(default_factory=list)
    n_done: int = 0
    is_complete: bool = True


def live_all(
    plan: Plan,
    pieces: Pieces,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    first: Sequence[Lived] = (),
) -> Outcome:
    """Live what is not finished, and keep it; ``first`` has been lived already.

    After Ctrl-C what is finished is kept. Raises StoreError where it cannot be written.
    """
    had = {(one.point, one.run) for one in first}
    todo = [job for job in plan.jobs(pieces) if job[:2] not in had]
    living = replace(plan.living, jobs=tuple(todo))
    seeds = plan.seeds
    jobs = [(number, seeds[run]) for number, (_, run, _) in enumerate(todo)]
    total = sum(len(numbers) for *_, numbers in todo) + sum(len(one.numbers) for one in first)
    writing = _Writing(plan, pieces, Outcome(), total, progress or (lambda *_: None))
    with on_interrupt() as is_stopped, writing:
        for one in first:
            writing.take(one)
        if jobs:
            for answer in finished(plan.task, jobs, workers, living, writing.note, is_stopped):
                assert isinstance(answer, Lived)
                writing.take(answer)
        writing.outcome.is_complete = writing.outcome.n_done == total
    return writing.outcome


class _Writing:
    """Takes answers, and writes those of about a second together; leaving it writes the rest."""

    def __init__(
        self, plan: Plan, pieces: Pieces, outcome: Outcome, total: int, tell: Progress
    ) -> None:
        self.plan, self.pieces, self.outcome, self.total = plan, pieces, outcome, total
        self._tell = tell
        self._open: dict[bytes, Values] = {}
        self._written = time.monotonic()

    def __enter__(self) -> _Writing:
        return self

    def __exit__(self, *error: object) -> None:
        self._write()

    def note(self, _: int, __: int, note: str) -> None:
        self._tell(self.outcome.n_done, self.total, note)

    def take(self, answer: Lived) -> None:
        for number, kept, cause in zip(answer.numbers, answer.kept, answer.causes, strict=True):
            if kept is None:
                self.outcome.failures.append(Failure(answer.point, number, answer.run, cause))
            else:
                self._open[self.plan.key(answer.point, number, answer.run)] = kept
        if time.monotonic() - self._written >= WRITING_INTERVAL:
            self._write()
        self.outcome.n_done += len(answer.numbers)
        self.note(0, 0, "")

    def _write(self) -> None:
        if self._open:
            self.pieces.add(self._open)
        self._open = {}
        self._written = time.monotonic()
