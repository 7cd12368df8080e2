"""What a sensitivity analysis varies: the uncertain parameters, each from end to end of its range.

A range is what is plausible by the parameter's source, and not the narrower set of values that fit
known facts together: see ``fitted.py`` for those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.experiments.future import never, seed_of
from sim.experiments.mapping import Place, lived_levels
from sim.experiments.scenarios import load_all
from sim.experiments.statistics import Vector
from sim.experiments.tasks import task_of
from sim.parameters import ParameterRow, parameter_rows
from sim.quarter import Assumptions
from sim.scenario import Loaded, Problem, Scenario, ScenarioError
from sim.scenario.axes import Axis, own_value, read_axis, read_key, scenario_at

#: How finely the world is drawn: a question of cost, and no doubt about the world.
RESOLUTION = ("population.firms",)
USUAL = ("assumptions",)

Pair = tuple[Loaded, Loaded]


def pair_of(
    first: str | Path | Loaded,
    second: str | Path | Loaded,
    *,
    firms: int | None = None,
    overrides: Mapping[str, str] | None = None,
) -> Pair:
    """Two scenarios by name, path or as loaded. Raises ScenarioError."""
    one, other = load_all([first, second], firms=firms, overrides=overrides)
    if one.name == other.name:
        other = replace(other, name=f"{other.name}_again")
    return one, other


def factors_of(pair: Pair, over: Sequence[str] = ()) -> tuple[Axis, ...]:
    """The factors named in ``over``, each an axis whose values are the two ends of its range.

    A name is a key as an axis of a map has it (``trade.margin`` for an assumption, ``budget``,
    ``second:award_length=1..10``), or a group (``trade``, ``population``), which stands for all
    its parameters that have a plausible range and are no levers. Without names: all assumptions.
    Raises ScenarioError with every mistake in them.
    """
    found: dict[str, Axis] = {}
    problems: list[Problem] = []
    for name in over or USUAL:
        for key in _keys(name):
            text = f"{key}:2" if "=" in key else f"{key}=:2"
            try:
                axis = read_axis(text, f"--over {name}", pair)
                found[axis.name] = axis
            except ScenarioError as error:
                problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return tuple(found.values())


def _keys(name: str) -> Iterator[str]:
    """The keys that a name stands for; itself where it is no group."""
    written, _, _ = name.partition("=")
    groups = (f"{written}.", f"assumptions.{written}.")
    within = [
        path
        for path, row in _ranged().items()
        if path.startswith(groups)
        and path.startswith(("assumptions.", "population."))
        and not row.lever
        and path not in RESOLUTION
    ]
    yield from within or [_in_full(name)]


def _in_full(name: str) -> str:
    """An assumption may be named from its group on."""
    group, dot, _ = name.partition(".")
    return f"assumptions.{name}" if dot and group in Assumptions.model_fields else name


def _ranged() -> dict[str, ParameterRow]:
    return {row.path: row for row in parameter_rows(Scenario) if row.plausible is not None}


def problem(
    first: str | Path | Loaded, second: str | Path | Loaded, over: Sequence[str] = ()
) -> dict[str, Any]:
    """The factors as a problem of SALib: ``num_vars``, ``names`` and ``bounds``.

    >>> import sim
    >>> sim.problem("long_term", "piecemeal", ["trade.margin", "budget"])
    {'num_vars': 2, 'names': ['assumptions.trade.margin', 'budget'], 'bounds': [[0.15, 0.35], \
[100.0, 600.0]]}

    Raises ScenarioError where a factor is not known.
    """
    factors = factors_of(pair_of(first, second), over)
    return {
        "num_vars": len(factors),
        "names": [one.name for one in factors],
        "bounds": [[float(one.values[0]), float(one.values[-1])] for one in factors],
    }


def at(factors: Sequence[Axis], unit: Vector) -> dict[str, float]:
    """Values by name at a point of the unit cube (factors,): 0 is the low end, 1 the high one.

    A factor whose coordinate is NaN stays as the scenarios have it.
    """
    found = {}
    for one, share in zip(factors, unit, strict=True):
        if np.isnan(share):
            continue
        low, high = one.values[0], one.values[-1]
        value = low + float(share) * (high - low)
        found[one.name] = round(value) if one.is_whole else float(f"{value:.12g}")
    return found


def ends_at(
    pair: Pair, factors: Sequence[Axis], values: Mapping[str, float]
) -> tuple[Scenario, Scenario]:
    """The two scenarios with the factors of these names set.

    Raises ValueError, in words, where one of them is no sound scenario there.
    """
    first, second = (
        scenario_at(
            one.scenario,
            {
                key: values[axis.name]
                for axis in factors
                if axis.name in values
                for key in axis.targets[side]
            },
        )
        for side, one in enumerate(pair)
    )
    return first, second


def usual_value(pair: Pair, factor: Axis) -> float | None:
    """The value that a factor has in the scenarios as they are, or None where it has several."""
    found = {
        own_value(one.scenario, factor.targets[side])
        for side, one in enumerate(pair)
        if factor.targets[side]
    }
    return found.pop() if len(found) == 1 else None


def difference(
    first: str | Path | Loaded,
    second: str | Path | Loaded,
    values: Mapping[str, float] | None = None,
    *,
    metric: str = "gva",
    region: str = "north",
    year: int | None = None,
    runs: int = 10,
    seed: int = 1,
    firms: int | None = None,
    overrides: Mapping[str, str] | None = None,
) -> Vector:
    """First minus second in ``runs`` paired runs (runs,), with some keys set to ``values``.

    A function of numbers, for any tool that explores one. A key of ``values`` is named as in
    ``factors_of``: an assumption holds for both, ``first:KEY`` and ``second:KEY`` are levers of
    one. The outcome is ``metric`` of ``region`` in ``year`` (default: the last); the same seeds at
    any values. Lived in this process. Raises ScenarioError where a key or a scenario is not sound.

    >>> import sim
    >>> values = {"trade.margin": 0.3, "second:award_length": 5}
    >>> sim.difference("long_term", "piecemeal", values, runs=10).mean()  # doctest: +SKIP
    """
    pair = pair_of(first, second, firms=firms, overrides=overrides)
    named, keys = dict[str, float](), list[Axis]()
    for name, value in (values or {}).items():
        key, _ = read_key(_in_full(name), f"values[{name!r}]", pair)
        keys.append(key)
        named[key.name] = round(value) if key.is_whole else float(value)
    try:
        ends = ends_at(pair, keys, named)
    except ValueError as error:
        where = str(pair[0].path)
        raise ScenarioError([Problem(where, 0, 0, "", str(error), "other values")]) from None
    loaded = [replace(one, scenario=end) for one, end in zip(pair, ends, strict=True)]
    task = task_of(loaded, year)
    place = Place(metric, region, task.years)
    levels = [lived_levels(task, seed_of(seed, run), never, place) for run in range(runs)]
    return np.array([one - other for one, other in levels])
