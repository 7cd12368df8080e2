"""A numeric key of two scenarios as an axis: which key, whose, and the values along it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import UnionType
from typing import Any, get_args

from pydantic import ValidationError

from sim.parameters import ParameterRow, parameter_rows
from sim.quarter.fund.programmes import Programme
from sim.scenario.errors import Problem, ScenarioError, did_you_mean, nearest
from sim.scenario.loading import Loaded
from sim.scenario.models import Scenario, put
from sim.scenario.shape import annotation_at, expected_at, number

#: The dial from the first scenario to the second, which is no key of either.
BLEND = "blend"
#: Whose lever an axis turns, by the word before the colon.
SIDES = {"first": 0, "a": 0, "second": 1, "b": 1}
#: Keys of the world, which compared scenarios have in common.
WORLD = ("assumptions", "population", "burn_in", "horizon", "first_year")
POINTS, MOST_POINTS = 7, 60
# At 0 the blend is the first scenario itself, and the difference is nothing by construction.
_BLEND_ROW = ParameterRow(
    BLEND, 0.5, "share of the second", (0.1, 1.0), None, "", True, "", (0.0, 1.0)
)
_RANGE = re.compile(r"(?:(?P<low>[^:]+?)\.\.(?P<high>[^:]+))?(?::(?P<points>.+))?")

Pair = Sequence[Loaded]


@dataclass(frozen=True)
class Axis:
    """The values of one key.

    ``key`` is as it was written, without its side; ``side`` is 0 or 1 where it is of the first or
    the second scenario alone. ``targets`` are the dotted keys that it sets in each of the two.
    ``is_whole`` where its values are whole numbers.
    """

    key: str
    side: int | None
    values: tuple[float, ...]
    unit: str
    targets: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    is_whole: bool = False

    @property
    def name(self) -> str:
        """The key with its side, as it can be written again."""
        return self.key if self.side is None else f"{('first', 'second')[self.side]}:{self.key}"

    @property
    def lever(self) -> str:
        """The lever of a programme that it turns; "" for any other key."""
        last = self.key.rpartition(".")[2]
        is_lever = self.key.startswith("programmes.") or self.key in Programme.model_fields
        return last if is_lever and last in Programme.model_fields else ""


def read_axes(x: str, y: str, pair: Pair) -> tuple[Axis, Axis]:
    """The two axes, such as ``budget``, ``second:award_length=1..10:5`` or ``blend``.

    Raises ScenarioError with every mistake in them.
    """
    found, problems = list[Axis](), list[Problem]()
    for option, text in (("--x", x), ("--y", y)):
        try:
            found.append(read_axis(text, f"{option} {text}", pair))
        except ScenarioError as error:
            problems += error.problems
    if not problems and _is_one(*found):
        said = f"turns the same key as --x {x}"
        problems.append(
            Problem(f"--y {y}", 0, 0, "", said, "another key, or of the other scenario")
        )
    if problems:
        raise ScenarioError(problems)
    return found[0], found[1]


def _is_one(x: Axis, y: Axis) -> bool:
    if BLEND in (x.key, y.key):
        return x.key == y.key
    return any(set(one) & set(other) for one, other in zip(x.targets, y.targets, strict=True))


def scenario_at(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """The scenario with dotted keys set. Raises ValueError, in words, where it is not sound."""
    if not values:
        return scenario
    plain = scenario.model_dump(mode="json")
    for key, value in values.items():
        put(plain, key.split("."), value)
    try:
        found = Scenario.model_validate_json(json.dumps(plain))
        found.stages()
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        where = ".".join(map(str, detail["loc"]))
        message = str(detail["msg"]).removeprefix("Value error, ")
        raise ValueError(f"{where}: {message}" if where else message) from None
    return found


def own_value(scenario: Scenario, keys: Sequence[str]) -> float | None:
    """The value that all of the dotted ``keys`` have in a scenario, or None."""
    found = set()
    for key in keys:
        here: Any = scenario
        for part in key.split("."):
            here = here[part] if isinstance(here, dict) else getattr(here, part)
        found.add(here)
    (value,) = found if len(found) == 1 else (None,)
    return None if value is None else float(value)


def read_axis(text: str, place: str, pair: Pair) -> Axis:
    """One axis; ``place`` is where it was written. Raises ScenarioError."""
    written, equals, range_text = (one.strip() for one in text.partition("="))
    key, row = read_key(written, place, pair)
    return replace(key, values=_values(range_text if equals else "", row, key.is_whole, place))


def read_key(written: str, place: str, pair: Pair) -> tuple[Axis, ParameterRow]:
    """A key without values, and what it is. Raises ScenarioError."""
    word, colon, rest = written.partition(":")
    side = SIDES.get(word) if colon else None
    if colon and side is None:
        said = f"'{word}' is neither of the two scenarios"
        raise ScenarioError([Problem(place, 0, 0, "", said, "first: or second:")])
    key = rest if colon else written
    row, is_whole, targets = _found(key, side, place, pair)
    return Axis(key, side, (), row.unit, targets, is_whole), row


def _found(
    key: str, side: int | None, place: str, pair: Pair
) -> tuple[ParameterRow, bool, tuple[tuple[str, ...], tuple[str, ...]]]:
    """What a key is, whether its values are whole numbers, and what it sets in each scenario."""

    def problem(said: str, expected: str = "", hint: str = "") -> ScenarioError:
        return ScenarioError([Problem(place, 0, 0, "", said, expected, hint)])

    is_world = key.split(".")[0] in WORLD
    if side is not None and (key == BLEND or is_world):
        why = "the blend is of both" if key == BLEND else "the two live in one world"
        raise problem(f"'{key}' cannot be set for one scenario alone: {why}", key)
    if key == BLEND:
        return _BLEND_ROW, False, ((), ())
    parts = key.split(".")
    location: tuple[str | int, ...] = tuple(parts)
    if key in Programme.model_fields and key not in Scenario.model_fields:
        location = ("programmes", "any", key)
    annotation, field = annotation_at(location)
    if field is None or not key:
        raise problem(f"there is no key '{key}'", "", meant(key, pair))
    if not numbers_of(annotation):
        raise problem(
            f"'{key}' is not a number", "a numeric key", f"its value is {expected_at(location)}"
        )
    path = str(location[-1]) if location[0] == "programmes" else key
    model = Programme if location[0] == "programmes" else Scenario
    row = next((one for one in parameter_rows(model) if one.path == path), None)
    if row is None:
        raise problem(f"'{key}' is not a number on a scale")
    targets = tuple(
        tuple(targets_in(key, location, one, place)) if side in (None, number) else ()
        for number, one in enumerate(pair)
    )
    return row, int in numbers_of(annotation), (targets[0], targets[1])


def numbers_of(annotation: Any) -> set[type]:
    """Which kinds of number may be written; none for words, switches and lists."""
    inner = set(get_args(annotation)) if isinstance(annotation, UnionType) else {annotation}
    return inner & {int, float} if inner <= {int, float, type(None)} else set()


def targets_in(key: str, location: tuple[str | int, ...], one: Loaded, place: str) -> Iterator[str]:
    """The dotted keys that ``key`` sets in a scenario. Raises ScenarioError if there are none."""
    programmes = list(one.scenario.programmes)
    if location[0] != "programmes" or location[1] in programmes:
        yield key
    elif key == location[-1] and programmes:
        yield from (f"programmes.{name}.{key}" for name in programmes)
    else:
        said = f"{one.name} has no programme"
        hint = "first:… or second:… turns the lever of one scenario alone"
        if key != location[-1]:
            said = f"{said} '{location[1]}'"
            hint = did_you_mean(str(location[1]), programmes) or hint
        expected = f"one of {', '.join(programmes)}" if programmes else ""
        raise ScenarioError([Problem(place, 0, 0, "", said, expected, hint)])


def meant(key: str, pair: Pair) -> str:
    """A suggestion among all keys; the last part alone is often what is remembered."""
    names = {name for one in pair for name in one.scenario.programmes}
    levers = [row.path for row in parameter_rows(Programme)]
    paths = [row.path for row in parameter_rows(Scenario)]
    paths += [f"programmes.{name}.{lever}" for name in sorted(names) for lever in levers]
    last = {path.rpartition(".")[2]: path for path in paths if not path.startswith("programmes.")}
    known = [BLEND, *levers, *last]
    close = nearest(key, [*known, *paths]) or nearest(key.rpartition(".")[2], known)
    return f"did you mean '{last.get(close, close)}'?" if close else ""


def _values(text: str, row: ParameterRow, is_whole: bool, place: str) -> tuple[float, ...]:
    """``LOW..HIGH:N``, either part left out, as values of the key."""

    def problem(said: str, expected: str, hint: str = "") -> ScenarioError:
        return ScenarioError([Problem(place, 0, 0, "", said, expected, hint)])

    written = _RANGE.fullmatch(text.replace(" ", ""))
    if written is None:
        raise problem(f"'{text}' is not a range", "LOW..HIGH:N, such as 1..10:5")
    n = _number(written["points"], int, problem) if written["points"] else POINTS
    if not 2 <= n <= MOST_POINTS:
        raise problem(f"{number(n)} points", f"2 to {MOST_POINTS}")
    if written["low"]:
        kind = int if is_whole else float
        low, high = (_number(written[end], kind, problem) for end in ("low", "high"))
    elif row.plausible is not None:
        low, high = row.plausible
    else:
        raise problem(f"{row.path} has no range of its own", "one, such as 1..10")
    if not low < high:
        said = f"the range from {number(low)} to {number(high)} is empty"
        raise problem(said, "the lower end first")
    least, most = row.limits
    if (least is not None and low < least) or (most is not None and high > most):
        words = [f"at least {least:g}"] * (least is not None) + [f"at most {most:g}"] * (
            most is not None
        )
        said = f"the range from {number(low)} to {number(high)} leaves what may be"
        raise problem(said, " and ".join(words))
    steps = [low + (high - low) * step / (n - 1) for step in range(int(n))]
    if is_whole:
        return tuple(dict.fromkeys(round(one) for one in steps))
    # A step such as 0.1 + 0.2 is what a reader would write, and not its last binary digit.
    return tuple(float(f"{one:.12g}") for one in steps)


def _number(text: str, kind: type, problem: Any) -> float:
    try:
        found = kind(text)
        if abs(found) < float("inf"):
            return float(found) if kind is float else found
    except ValueError:
        pass
    what = "a whole number" if kind is int else "a number"
    raise problem(f"'{text}' is not {what}", what)
