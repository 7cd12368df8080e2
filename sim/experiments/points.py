"""Paired runs at many points of the factors' ranges, with luck as one more coordinate.

A point lies in the unit cube (factors + 1,): 0 is the low end of a factor's range, 1 the high one.
The last coordinate, *luck*, is no factor: it says which seeds the point has, so that points that
agree in it have the same luck, and a step along it shows what luck alone does. Points may also lie
in *blocks*, each with seeds of its own: what shares seeds is no independent draw of luck.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from sim.experiments.factors import Pair, at, ends_at
from sim.experiments.failures import Failures
from sim.experiments.future import IsStopped, Task, never, seed_of
from sim.experiments.interrupt import on_interrupt
from sim.experiments.mapping import Levels, Place, lived_levels
from sim.experiments.read_off import Numbers, read_off
from sim.experiments.statistics import Vector
from sim.experiments.store import Store
from sim.experiments.store.answers import Answers
from sim.experiments.store.keys import Keys
from sim.experiments.tasks import task_of
from sim.scenario import Problem, ScenarioError
from sim.scenario.axes import Axis

LUCK = "luck"
#: Sets of seeds that the coordinate of luck tells apart.
_SETS = 997


@dataclass(frozen=True)
class Setting:
    """What is the same at every point: scenarios, factors, outcome, seed, and runs of a point."""

    pair: Pair
    factors: tuple[Axis, ...]
    place: Place
    task: Task
    seed: int
    runs: int

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the coordinates, luck the last."""
        return (*(one.name for one in self.factors), LUCK)

    def seeds(self, luck: float, runs: int, block: int = 0) -> list[int]:
        """Seeds of a point with this coordinate of luck."""
        chosen = block * _SETS + min(int(luck * _SETS), _SETS - 1)
        return [seed_of(self.seed, chosen * runs + run) for run in range(runs)]

    def task_at(self, values: Mapping[str, float]) -> Task:
        """The two scenarios with the factors set. Raises ValueError where one is not sound."""
        ends = ends_at(self.pair, self.factors, values)
        # The pair's own horizons may be shorter than what is lived.
        reaching = tuple(
            one.model_copy(update={"horizon": max(one.horizon, self.task.years)}) for one in ends
        )
        return replace(self.task, scenarios=reaching)


@dataclass(frozen=True)
class Living:
    """How a worker lives a job: the point that it is of, set in both scenarios."""

    setting: Setting
    values: tuple[Mapping[str, float], ...]
    runs: int
    levels: Levels

    def __call__(self, task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Numbers:
        """The outcome in the two futures of job ``index`` (2,). Raises Stopped."""
        here = self.setting.task_at(self.values[index // self.runs])
        return Numbers(
            index, seed, np.array(self.levels(here, seed, is_stopped, self.setting.place))
        )


def setting_of(
    pair: Pair,
    factors: Sequence[Axis],
    *,
    metric: str = "gva",
    region: str = "north",
    year: int | None = None,
    runs: int = 2,
    seed: int = 1,
) -> Setting:
    """What all points share. Raises ScenarioError where the two cannot share a past."""
    if runs < 2 or seed < 0:
        raise ValueError("at least 2 runs of a point, and a seed not below 0")
    task = task_of(pair, year)
    return Setting(pair, tuple(factors), Place(metric, region, task.years), task, seed, runs)


def flaws(setting: Setting, points: Vector) -> list[str]:
    """Why each point cannot be lived, or "" (points,)."""
    found = []
    for values in _values(setting, points):
        try:
            setting.task_at(values)
            found.append("")
        except ValueError as error:
            found.append(str(error))
    return found


def live_points(
    setting: Setting,
    points: Vector,
    *,
    runs: int | None = None,
    block_size: int | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    is_later: bool = False,
    tell: Callable[[int, str], None] = lambda done, note: None,
    levels: Levels = lived_levels,
    failures: Failures | None = None,
    store: Store | None = None,
) -> tuple[Vector, bool, str]:
    """Live every point (points, factors + 1): levels (points, runs, 2), and whether all are lived.

    Each ``block_size`` points have seeds of their own (default: all are one block).
    NaN where the scenarios are not sound, the outcome has no value, the run failed, or Ctrl-C or
    the loss of the Dask ``scheduler`` came first, of which the words come last; the points are
    lived in their order. What is in the ``store`` is not lived again, and what failed is put down
    in ``failures`` and counts as lived. See ``read_off``. Raises DaskError, and ScenarioError where
    no point is sound.
    """
    n, size = runs or setting.runs, block_size or len(points)
    said = flaws(setting, points)
    if all(said):
        first = setting.pair[0]
        what = f"no point of the ranges is a sound pair of scenarios; at the first one {said[0]}"
        raise ScenarioError([Problem(str(first.path), 0, 0, "", what, "other factors or ranges")])
    jobs = [
        (point * n + run, seed)
        for point, flaw in enumerate(said)
        if not flaw
        for run, seed in enumerate(setting.seeds(points[point, -1], n, point // size))
    ]
    values = tuple(_values(setting, points))
    place = setting.place
    failed = Failures() if failures is None else failures
    n_failed = len(failed.found)

    @cache
    def keys(point: int) -> Keys:
        return Keys(setting.task_at(values[point]))

    def key(index: int, seed: int) -> tuple[str, ...]:
        here = keys(index // n)
        return here.of(0, seed, 0), here.of(0, seed, 1)

    found = np.full((len(points) * n, 2), np.nan)
    with on_interrupt() as is_stopped:
        lived, ending = read_off(
            setting.task,
            jobs,
            Living(setting, values, n, levels),
            workers=workers,
            scheduler=scheduler,
            tell=tell,
            is_stopped=is_stopped,
            is_later=is_later,
            failures=failed,
            answers=Answers(
                store, "sensitivity", levels.__qualname__, place.metric, place.region, place.year
            ),
            key=key,
        )
    n_lived = len(lived) + len(failed.found) - n_failed
    for job, level in lived.items():
        found[job] = level
    return found.reshape(len(points), n, 2), n_lived == len(jobs), ending


def whole(points: Vector, levels: Vector, size: int) -> tuple[Vector, Vector, int]:
    """Points and levels of the groups, ``size`` points each, that have a value in every run.

    And how many groups there are in all.
    """
    n = len(points) // size
    is_whole = np.isfinite(levels).all(axis=(1, 2)).reshape(n, size).all(axis=1)
    kept = np.repeat(is_whole, size)
    return points[kept], levels[kept], n


def _values(setting: Setting, points: Vector) -> list[dict[str, float]]:
    return [at(setting.factors, point[:-1]) for point in points]
