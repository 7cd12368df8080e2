"""Loading a sweep: its scenarios, and what every key means in each of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, cast, get_origin

from pydantic import BaseModel, Strict, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from sim.parameters import ParameterRow, parameter_rows
from sim.quarter.fund.programmes import Programme
from sim.scenario.axes import WORLD, meant, numbers_of, targets_in
from sim.scenario.checking import check_as
from sim.scenario.errors import Problem, ScenarioError, did_you_mean, shown
from sim.scenario.finding import SWEEP, find
from sim.scenario.loading import Files, Loaded, in_order, settled
from sim.scenario.models import Location, Scenario
from sim.scenario.reader import Located
from sim.scenario.shape import annotation_at, choices, expected_at
from sim.scenario.shape import number as shown_number
from sim.scenario.sweeps import Design, Sweep, Value, Variation

#: Keys of a scenario that cannot vary in a sweep, and what to do instead.
FIXED = {
    "title": "it changes nothing",
    "description": "it changes nothing",
    "extends": "name several scenarios",
    "horizon": "years says how long futures are lived",
    "burn_in.regime": "name several scenarios",
    "shocks": "name several scenarios",
    "reforms": "name several scenarios",
}


@dataclass(frozen=True)
class SweepKey:
    """What varies: from ``low`` to ``high``, or over ``values``.

    ``targets`` are the dotted keys that it sets in each of the scenarios.
    """

    key: str
    unit: str
    is_whole: bool
    low: float
    high: float
    values: tuple[Value, ...]
    targets: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class LoadedSweep:
    """A sweep with its scenarios and its keys.

    ``common`` is what the file says of every scenario; ``text`` holds the file, by path.
    """

    name: str
    path: Path
    sweep: Sweep
    loaded: tuple[Loaded, ...]
    keys: tuple[SweepKey, ...]
    common: dict[str, object]
    text: dict[str, str]


def load_sweep(name_or_path: str | Path, overrides: Mapping[str, str] | None = None) -> LoadedSweep:
    """The sweep of a name or a path; ``overrides`` set keys of every scenario.

    >>> load_sweep("award_terms")  # doctest: +SKIP

    Raises ScenarioError with every mistake found, in the file and in its scenarios.
    """
    path = find(name_or_path, what=SWEEP)
    text: dict[str, str] = {}
    files = Files(text)
    tree = files.tree(path, shown(path), "keys such as title, scenarios, design and keys")
    sweep, problems = check_as(Sweep, _frame(tree))
    problems = files.problems + problems
    loaded = []
    for one in _names(tree):
        try:
            loaded.append(_scenario(one, tree, path, text, overrides or {}))
        except ScenarioError as error:
            problems += error.problems
    if sweep is None or problems:
        raise ScenarioError(in_order(problems, list(text)))
    keys = []
    for key, variation in _varied(sweep).items():
        try:
            keys.append(_Key(key, tree, tuple(loaded)).settled(variation))
        except ScenarioError as error:
            problems += error.problems
    problems += _overlaps(keys, tree)
    if problems:
        raise ScenarioError(in_order(problems, list(text)))
    common = tree.at(("common",))
    said = common.plain() if common is not None else {}
    return LoadedSweep(path.stem, path, sweep, tuple(loaded), tuple(keys), said, text)


def _frame(tree: Located) -> Located:
    """The file with ``common`` emptied: what is in it is checked as part of the scenarios."""
    common = tree.value.get("common")
    if common is None or not isinstance(common.value, dict):
        return tree
    return replace(tree, value={**tree.value, "common": replace(common, value={})})


def _names(tree: Located) -> list[Located]:
    names = tree.at(("scenarios",))
    listed = names.value if names is not None and isinstance(names.value, list) else []
    return [one for one in listed if isinstance(one.value, str)]


def _scenario(
    name: Located,
    tree: Located,
    path: Path,
    text: dict[str, str],
    overrides: Mapping[str, str],
) -> Loaded:
    """A scenario of the sweep under what is ``common``. Raises ScenarioError."""
    try:
        found = find(name.value, near=path, at=name.place)
    except ScenarioError as error:
        raise ScenarioError([replace(one, key="scenarios") for one in error.problems]) from None
    files = Files(text)
    own = files.resolved(found, ())
    common = tree.at(("common",))
    if common is not None and isinstance(common.value, dict):
        own = replace(files.merged(own, common), place=own.place)
    loaded, problems = settled(found.stem, found, own, files, overrides)
    if loaded is None:
        here = shown(path)
        placed = [
            replace(one, key=f"common.{one.key}") if one.file == here else one for one in problems
        ]
        raise ScenarioError(in_order(placed, list(text)))
    return loaded


def _varied(sweep: Sweep) -> dict[str, Variation | None]:
    """Every key that varies, in the order of the file; those of a list have no range."""
    if sweep.design is Design.LIST:
        return {key: None for point in sweep.at for key in point}
    return dict(sweep.keys)


def _overlaps(keys: list[SweepKey], tree: Located) -> Iterator[Problem]:
    """Keys that turn what another one turns."""
    for first, second in combinations(keys, 2):
        if any(set(a) & set(b) for a, b in zip(first.targets, second.targets, strict=True)):
            place, key = next(_written(second.key, tree))
            found = f"turns what '{first.key}' turns too"
            yield Problem.at(place.key_place, key, found, "each lever once")


def _written(key: str, tree: Located) -> Iterator[tuple[Located, str]]:
    """Where a key is written, with its path: under ``keys``, or in points of a list."""
    here = tree.at(("keys", key))
    if here is not None:
        yield here, f"keys.{key}"
    points = tree.at(("at",))
    for number in range(len(points.value) if points is not None else 0):
        here = tree.at(("at", number, key))
        if here is not None:
            yield here, f"at.{number}.{key}"


class _Key:
    """A key as it is written, on its way to what it means."""

    def __init__(self, written: str, tree: Located, loaded: tuple[Loaded, ...]) -> None:
        self.written, self.tree, self.loaded = written, tree, loaded
        self.here, self.path = next(_written(written, tree))
        names = [one.name for one in loaded]
        name, colon, rest = written.rpartition(":")
        self.key = rest
        self.side = names.index(name) if name in names else None
        if colon and self.side is None:
            hint = did_you_mean(name, names)
            raise self._problem(
                f"there is no scenario '{name}'", f"one of {', '.join(names)}", hint
            )
        parts: Location = tuple(rest.split("."))
        is_lever = rest in Programme.model_fields and rest not in Scenario.model_fields
        self.location: Location = ("programmes", "any", rest) if is_lever else parts
        self.annotation, self.field = self._meaning()

    def settled(self, variation: Variation | None) -> SweepKey:
        """The key with its range or values, in each scenario. Raises ScenarioError."""
        row = self._row()
        kinds = numbers_of(self.annotation)
        if variation is None:
            values, low, high = self._listed(), 0.0, 0.0
        elif variation.values:
            values, low, high = self._checked(variation.values, ("values",)), 0.0, 0.0
        else:
            values = ()
            low, high = self._range(variation, row, is_whole=int in kinds)
        return SweepKey(
            self.written,
            row.unit if row else "",
            int in kinds,
            low,
            high,
            values,
            tuple(self._targets()),
        )

    def _problem(
        self, found: str, expected: str = "", hint: str = "", at: Location | None = None
    ) -> ScenarioError:
        """A problem with the key, or with the value that is written ``at`` below it."""
        place = self.here.key_place if at is None else self.here.nearest(at).place
        path = ".".join(map(str, (self.path, *(at or ()))))
        return ScenarioError([Problem.at(place, path, found, expected, hint)])

    def _meaning(self) -> tuple[Any, FieldInfo]:
        """The type and the parameter of the key. Raises ScenarioError where it cannot vary."""
        for fixed, why in FIXED.items():
            if self.key == fixed or self.key.startswith(f"{fixed}."):
                raise self._problem(f"'{self.key}' cannot vary in a sweep", "", why)
        if self.side is not None and self.key.split(".")[0] in WORLD:
            found = f"'{self.key}' cannot be set for one scenario alone: they live in one world"
            raise self._problem(found, self.key)
        annotation, field = annotation_at(self.location)
        if field is None or annotation is None:
            hint = meant(self.key, self.loaded)
            raise self._problem(f"there is no key '{self.key}'", "", hint)
        is_group = isinstance(annotation, type) and issubclass(annotation, BaseModel)
        if is_group or get_origin(annotation) in (dict, tuple):
            expected = expected_at(self.location)
            found = f"'{self.key}' is not a single value"
            raise self._problem(found, "a key with one value", f"it holds {expected}")
        return annotation, field

    def _row(self) -> ParameterRow | None:
        is_lever = self.location[0] == "programmes"
        path = str(self.location[-1]) if is_lever else self.key
        rows = parameter_rows(Programme if is_lever else Scenario)
        return next((one for one in rows if one.path == path), None)

    def _targets(self) -> Iterator[tuple[str, ...]]:
        for number, one in enumerate(self.loaded):
            if self.side not in (None, number):
                yield ()
                continue
            try:
                yield tuple(targets_in(self.key, self.location, one, ""))
            except ScenarioError as error:
                said = error.problems[0]
                hint = said.suggestion
                if hint.startswith("first:"):
                    hint = f"{self.loaded[0].name}:{self.key} is of one scenario alone"
                raise self._problem(said.found, said.expected, hint) from None

    def _range(
        self, variation: Variation, row: ParameterRow | None, *, is_whole: bool
    ) -> tuple[float, float]:
        if row is None or not numbers_of(self.annotation):
            hint = f"values: […], each {expected_at(self.location)}"
            raise self._problem(f"'{self.key}' is not a number, and has no range", "values", hint)
        if variation.low is None or variation.high is None:
            if row.plausible is None:
                found = f"'{self.key}' has no plausible range of its own"
                raise self._problem(found, "low and high")
            return row.plausible
        ends = {"low": variation.low, "high": variation.high}
        whole = {name: int(end) if is_whole and end % 1 == 0 else end for name, end in ends.items()}
        for name, end in whole.items():
            self._checked((end,), (name,), is_list=False)
        return variation.low, variation.high

    def _listed(self) -> tuple[Value, ...]:
        """Values in the points of a list, each checked where it is written."""
        found = list[Value]()
        for here, path in _written(self.written, self.tree):
            self.here, self.path = here, path
            found += self._checked((here.plain(),), (), is_list=False)
        return tuple(found)

    def _checked(
        self, values: tuple[object, ...], below: Location, *, is_list: bool = True
    ) -> tuple[Value, ...]:
        """Values that the key may take. Raises ScenarioError for the first that it may not."""
        assert self.field is not None
        adapter = TypeAdapter(cast(Any, Annotated[self.annotation, Strict(), *self.field.metadata]))
        for number, value in enumerate(values):
            try:
                adapter.validate_json(json.dumps(value))
            except ValidationError:
                hint = did_you_mean(str(value), choices(self.annotation))
                raise self._problem(
                    f"{_said(value)} cannot be the value of '{self.key}'",
                    expected_at(self.location),
                    hint,
                    (*below, number) if is_list else below,
                ) from None
        return cast(tuple[Value, ...], values)


def _said(value: object) -> str:
    if isinstance(value, str):
        return f"'{value[:40]}'"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return shown_number(value)
    return json.dumps(value)[:40] if value is not None else "nothing"
