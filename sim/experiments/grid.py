"""The points of a map: the pair of scenarios that each compares, and why some cannot be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sim.experiments.fitted import variants_of
from sim.experiments.future import Task
from sim.experiments.store.keys import plain
from sim.experiments.tasks import task_of
from sim.scenario import Loaded, Problem, Scenario, ScenarioError, blend
from sim.scenario.axes import BLEND, Axis, scenario_at
from sim.scenario.outlay import yearly_outlay

#: Part of the outlay by which two plans may differ and still count as the same money.
SAME_MONEY = 1e-6


@dataclass(frozen=True)
class Point:
    """One point of the grid: the numbers of its two scenarios in the task, or its flaw."""

    row: int
    column: int
    first: int = -1
    second: int = -1
    flaw: str = ""

    @property
    def is_lived(self) -> bool:
        """Whether it is sound, and the two scenarios differ: alike, the difference is zero."""
        return not self.flaw and self.first != self.second


@dataclass(frozen=True)
class Grid:
    """All points, row by row, with the task that holds every scenario of any of them once."""

    pair: tuple[Loaded, Loaded]
    x: Axis
    y: Axis
    points: tuple[Point, ...]
    task: Task
    unequal: int
    notes: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.y.values), len(self.x.values)

    @cached_property
    def lived(self) -> list[Point]:
        """Points at which futures are lived; of those with the same two futures, the first."""
        found: dict[tuple[int, int], Point] = {}
        for one in self.points:
            if one.is_lived:
                found.setdefault((one.first, one.second), one)
        return list(found.values())

    @property
    def n_repeated(self) -> int:
        """Points whose two futures are those of an earlier point."""
        return sum(one.is_lived for one in self.points) - len(self.lived)

    @property
    def n_futures(self) -> int:
        """Futures that one run of every point takes, where what points share counts once."""
        return len({number for one in self.lived for number in (one.first, one.second)})


def grid_of(
    pair: Sequence[Loaded],
    x: Axis,
    y: Axis,
    years: int | None = None,
    *,
    is_over_fits: bool = False,
    notes: Sequence[str] = (),
) -> Grid:
    """The grid of two scenarios over two axes.

    With a blend the pair is the first scenario and what lies between the two: the difference at 1
    is that of the two themselves. ``is_over_fits`` lets the runs of every point take turns with the
    fitted parameter sets. ``notes`` are what a reader must know of the pair. Raises ScenarioError
    where an axis is one of the fitted assumptions, or the two cannot share a past, are the same at
    every point, or make no sound point.
    """
    first, second = pair
    if first.name == second.name:
        second = replace(second, name=f"{second.name}_again")
    variants = variants_of(first.scenario.assumptions) if is_over_fits else ()
    if variants and (fitted := [one.key for one in (x, y) if one.key.startswith("assumptions.")]):
        said = "is an assumption, which the runs over the fitted sets set for themselves"
        raise ScenarioError([Problem(fitted[0], 0, 0, "", said, "a lever, or no --over-fits")])
    lived = task_of([first, second], years).years
    numbers: dict[str, int] = {}
    scenarios: list[Scenario] = []
    points, unequal = [], 0

    def number(scenario: Scenario) -> int:
        # What says the same to the model is lived once.
        reaching = scenario.model_copy(update={"horizon": max(scenario.horizon, lived)})
        key = json.dumps(plain(reaching))
        if key not in numbers:
            numbers[key] = len(scenarios)
            scenarios.append(reaching)
        return numbers[key]

    for row, y_value in enumerate(y.values):
        for column, x_value in enumerate(x.values):
            try:
                ends = _pair_at((first, second), ((x, x_value), (y, y_value)))
            except ValueError as error:
                points.append(Point(row, column, flaw=str(error)))
                continue
            points.append(Point(row, column, number(ends[0]), number(ends[1])))
            unequal += _is_unequal(ends, lived)
    if not any(one.is_lived for one in points):
        raise ScenarioError([_nothing(first, second, points)])
    task = Task(tuple(scenarios), first.burn_in, lived, variants)
    return Grid((first, second), x, y, tuple(points), task, unequal, tuple(notes))


def _pair_at(
    pair: tuple[Loaded, Loaded], values: Sequence[tuple[Axis, float]]
) -> tuple[Scenario, Scenario]:
    """The two scenarios at a point. Raises ValueError where one of them is not sound."""
    first, second = (
        scenario_at(
            one.scenario, {key: value for axis, value in values for key in axis.targets[side]}
        )
        for side, one in enumerate(pair)
    )
    for axis, value in values:
        if axis.key == BLEND:
            second = blend(first, second, value)
    return first, second


def _is_unequal(ends: tuple[Scenario, Scenario], years: int) -> bool:
    reaching = (one.model_copy(update={"horizon": max(one.horizon, years)}) for one in ends)
    first, second = (float(yearly_outlay(one, years).sum()) for one in reaching)
    return abs(first - second) > SAME_MONEY * max(first, second)


def _nothing(first: Loaded, second: Loaded, points: Sequence[Point]) -> Problem:
    flaws = [one.flaw for one in points if one.flaw]
    if flaws:
        said = f"no point of the map is a sound pair of scenarios; at the first one {flaws[0]}"
        return Problem(str(first.path), 0, 0, "", said, "another range")
    said = f"{first.name} and {second.name} are the same at every point of the map"
    hint = "name two that differ, or turn the lever of one alone, as in --x second:KEY"
    return Problem(str(second.path), 0, 0, "", said, "two different scenarios", hint)
