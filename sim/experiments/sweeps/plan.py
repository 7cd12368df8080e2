"""Every run of a sweep and its key, with each point checked before anything is lived."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from sim.experiments.fingerprint import model_version
from sim.experiments.future import Simulate, Task, seed_of, simulate
from sim.experiments.store.keys import plain
from sim.experiments.sweeps.design import points_of
from sim.experiments.sweeps.jobs import Job, Keeping, Living
from sim.experiments.tasks import task_of
from sim.scenario import LoadedSweep, Problem, ScenarioError
from sim.scenario.sweeps import Point


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

    @cached_property
    def seeds(self) -> list[int]:
        """Seed of each run: that of the same run of ``compare``."""
        sweep = self.loaded.sweep
        return [seed_of(sweep.seed, run) for run in range(sweep.runs)]

    @cached_property
    def own(self) -> tuple[tuple[int, ...], ...]:
        """By point, scenarios that nothing before has just so: what is shared is lived once."""
        seen: set[bytes] = {b""}
        found = []
        for row in self.contents:
            own = []
            for number, content in enumerate(row):
                if content not in seen:
                    own.append(number)
                    seen.add(content)
            found.append(tuple(own))
        return tuple(found)

    @property
    def n_runs(self) -> int:
        """Runs that are lived."""
        return sum(map(len, self.own)) * self.loaded.sweep.runs

    def key(self, point: int, number: int, run: int) -> bytes:
        """What determines a run, in 32 bytes."""
        return hashlib.sha256(self.contents[point][number] + f"{self.seeds[run]}".encode()).digest()

    def jobs(self, done: Container[bytes]) -> Iterator[Job]:
        """What is not done yet."""
        for point, own in enumerate(self.own):
            for run in range(self.loaded.sweep.runs):
                numbers = tuple(one for one in own if self.key(point, one, run) not in done)
                if numbers:
                    yield point, run, numbers

    def everywhere(self, failure: Failure) -> Iterator[Failure]:
        """A failure at every point that shares the run."""
        content = self.contents[failure.point][failure.number]
        if not content:
            yield failure
            return
        for point, row in enumerate(self.contents):
            for number, other in enumerate(row):
                if other == content:
                    yield replace(failure, point=point, number=number)

    def job_of(self, start: str) -> Job | None:
        """The run whose key begins so, in hexadecimal digits."""
        for point, run, numbers in self.jobs(()):
            for number in numbers:
                if self.key(point, number, run).hex().startswith(start):
                    return point, run, (number,)
        return None


def plan_of(loaded: LoadedSweep, simulate: Simulate = simulate) -> Plan:
    """The points of a sweep, each checked in each scenario.

    Raises ScenarioError where the scenarios cannot share a past, or no point is sound.
    """
    sweep = loaded.sweep
    task = task_of(loaded.loaded, sweep.years)
    targets = {one.key: one.targets for one in loaded.keys}
    keeping = Keeping(sweep.metrics, sweep.areas)
    living = Living(points_of(loaded), targets, keeping, simulate=simulate)
    common = [
        model_version(),
        plain(task.burn_in),
        task.years,
        sweep.metrics,
        sweep.areas,
    ]
    head = json.dumps(common).encode()
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
            row.append(hashlib.sha256(head + json.dumps(plain(scenario)).encode()).digest())
        contents.append(tuple(row))
    if not any(any(row) for row in contents):
        found = f"no point of the sweep is sound; at the first one {flaws[0].cause}"
        raise ScenarioError([Problem(str(loaded.path), 0, 0, "keys", found, "other ranges")])
    return Plan(loaded, task, living, tuple(contents), tuple(flaws))
