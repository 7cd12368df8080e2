"""What a sweep says: scenarios, keys that vary and how far, the design, and the runs of a point.

``sweep_loading.py`` reads it and settles what each key means in each of the scenarios.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum

from pydantic import Field, ValidationInfo, model_validator

from sim.metrics.history import METRICS
from sim.metrics.metric import NORTH, UK
from sim.parameters import Parameters, quantity
from sim.scenario.models import Conflict, Location, tell_conflicts
from sim.world import sources

#: More than these is a slip of the pen, not a plan.
MOST_POINTS, MOST_RUNS = 100_000, 10_000_000
#: Scalars that a key may take.
Value = bool | int | float | str
#: One point: the value of each key that it sets.
Point = Mapping[str, Value]


class Design(StrEnum):
    """How the points are laid over the keys."""

    GRID = "grid"
    LATIN_HYPERCUBE = "latin_hypercube"
    SOBOL = "sobol"
    LIST = "list"


SAMPLED = (Design.LATIN_HYPERCUBE, Design.SOBOL)


class Bounds(StrEnum):
    """Whose bounds a key keeps to."""

    PLAUSIBLE = "plausible"


class Variation(Parameters):
    """How far a key varies: a range, or the values that it takes."""

    range: Bounds | None = None
    """plausible: the key's own range (docs/parameters.md)."""
    low: float | None = quantity(None, "unit of the key")
    """Lower end of the range."""
    high: float | None = quantity(None, "unit of the key")
    """Upper end of it."""
    steps: int | None = quantity(None, "values", ge=2, le=1000)
    """Equally spaced values from end to end, in a grid."""
    values: tuple[object, ...] = ()
    """Each value by itself, in place of a range: numbers, words, true or false."""


class Sweep(Parameters):
    """A design over keys of some scenarios, lived with the same seeds at every point."""

    title: str
    """A short title."""
    question: str = ""
    """What is asked, in a sentence or two."""
    scenarios: tuple[str, ...] = ()
    """Names or paths of the scenarios; differences are the first minus each of the others."""
    common: dict[str, object] = Field(default_factory=dict)
    """Keys of a scenario that hold at every point, over what the scenarios say."""
    design: Design
    """grid, latin_hypercube, sobol or list."""
    points: int | None = quantity(None, "points", ge=1, le=MOST_POINTS)
    """Points of a Latin hypercube or of a Sobol sequence."""
    design_seed: int = quantity(1, "", ge=0, le=1_000_000_000)
    """Same seed, same points."""
    keys: dict[str, Variation] = Field(default_factory=dict)
    """What varies, by dotted key; ``SCENARIO:KEY`` is of one scenario alone."""
    at: tuple[dict[str, object], ...] = ()
    """The points of a list, each with the value of its keys."""
    runs: int = quantity(10, "runs", ge=1, le=100_000)
    """Runs of every scenario at every point, with the same luck at all."""
    seed: int = quantity(1, "", ge=0, le=1_000_000_000)
    """Same seed, same luck: that of the same runs of ``compare``."""
    years: int | None = quantity(None, "years", ge=1, le=60)
    """Years that are lived; if left out, the shortest horizon."""
    metrics: tuple[str, ...] = ("gva", "jobs", "innovations", "rd_performed", "public_total")
    """What is kept of every year (docs/metrics.md)."""
    areas: tuple[str, ...] = (NORTH,)
    """Regions, north or uk."""

    @model_validator(mode="after")
    def _parts_agree(self, info: ValidationInfo) -> Sweep:
        tell_conflicts(conflicts(self), info)
        return self


def conflicts(sweep: Sweep) -> Iterator[Conflict]:
    """Everything in ``sweep`` that does not go together."""
    if not sweep.scenarios:
        yield Conflict((("scenarios",),), "no scenario", "names such as [long_term, piecemeal]")
    yield from _of_names(sweep)
    yield from _of_design(sweep)
    for key, variation in sweep.keys.items():
        yield from _of_variation(sweep.design, ("keys", key), variation)
    yield from of_size(sweep)


def of_size(sweep: Sweep) -> Iterator[Conflict]:
    """More points, or runs of all scenarios at all of them, than anybody means."""
    n_points = sweep.points or len(sweep.at)
    if sweep.design is Design.GRID:
        n_points = math.prod(len(one.values) or one.steps or 1 for one in sweep.keys.values())
    n_runs = n_points * len(sweep.scenarios) * sweep.runs
    if n_points > MOST_POINTS:
        found = f"the grid has {n_points:,} points"
        yield Conflict((("keys",), ("design",)), found, f"at most {MOST_POINTS:,}")
    elif n_runs > MOST_RUNS:
        found = f"{n_points:,} points × {len(sweep.scenarios)} scenarios × {sweep.runs:,} runs"
        yield Conflict((("runs",),), f"{found} are {n_runs:,}", f"at most {MOST_RUNS:,} together")


def _of_names(sweep: Sweep) -> Iterator[Conflict]:
    """Metrics, areas and scenarios: known, and each once."""
    metrics = {one.name: one.meaning for one in METRICS}
    areas = {one.id: one.name for one in sources.regions()} | {NORTH: "the North", UK: "the UK"}
    expected = {
        "metrics": (metrics, "a name of docs/metrics.md"),
        "areas": (areas, f"one of {', '.join(areas)}"),
    }
    for key, (known, words) in expected.items():
        names = getattr(sweep, key)
        if not names:
            yield Conflict(((key,),), "nothing is kept", words)
        for number, name in enumerate(names):
            if name not in known:
                at: Location = (key, number)
                found = f"there is no {key.removesuffix('s')} '{name}'"
                yield Conflict((at,), found, words, known, name)
    for key in ("scenarios", "metrics", "areas"):
        counts = Counter(getattr(sweep, key))
        for name, count in counts.items():
            if count > 1:
                yield Conflict(((key,),), f"'{name}' is written {count} times", "each once")


def _of_design(sweep: Sweep) -> Iterator[Conflict]:
    """What a design needs, and what it has no use for."""
    design, is_sampled = sweep.design, sweep.design in SAMPLED
    words = design.value.replace("_", " ")
    if is_sampled and sweep.points is None:
        yield Conflict((("points",), ("design",)), f"a {words} without points", "points: 64")
    if not is_sampled and sweep.points is not None:
        wanted = "no points here: a list has its own under at, a grid the steps of its keys"
        yield Conflict((("points",), ("design",)), f"a {words} has no such number", wanted)
    n = sweep.points or 1
    if design is Design.SOBOL and n & (n - 1):
        below = 1 << (n.bit_length() - 1)
        wanted = f"a power of two, such as {below} or {2 * below}"
        yield Conflict((("points",), ("design",)), f"{n} points of a Sobol sequence", wanted)
    is_list = design is Design.LIST
    if is_list and sweep.keys:
        yield Conflict((("keys",), ("design",)), "a list has no ranges", "its points, under at")
    if not is_list and sweep.at:
        yield Conflict((("at",), ("design",)), f"a {words} has no list of points", "design: list")
    if is_list and not sweep.at:
        yield Conflict((("at",), ("design",)), "a list without points", "points, under at")
    if not is_list and not sweep.keys:
        yield Conflict((("keys",), ("design",)), "nothing varies", "keys, each with its range")


def _of_variation(design: Design, at: Location, one: Variation) -> Iterator[Conflict]:
    """One way of saying how far a key varies, and what a grid needs."""
    ends = [name for name in ("low", "high") if getattr(one, name) is not None]
    said = [("values",)] * bool(one.values) + [("low", "high")] * bool(ends)
    said += [("range",)] * (one.range is not None)
    ways = "range: plausible, low and high, or values"
    if len(said) != 1:
        found = (
            "several ways to say how far it varies" if said else "nothing says how far it varies"
        )
        yield Conflict(((*at,),), found, f"one of {ways}" if said else ways)
        return
    if len(ends) == 1:
        missing = "high" if ends == ["low"] else "low"
        yield Conflict(((*at, ends[0]),), f"{ends[0]} without {missing}", "both ends")
    if len(ends) == 2 and one.low is not None and one.high is not None and one.low >= one.high:
        found = f"the range from {one.low:g} to {one.high:g} is empty"
        yield Conflict(((*at, "high"), (*at, "low")), found, "low below high")
    if one.values and len(one.values) < 2:
        found = "one value alone does not vary"
        yield Conflict(((*at, "values"),), found, "two or more, or the key under common")
    for number, value in enumerate(one.values):
        if value in one.values[:number]:
            yield Conflict(((*at, "values", number),), f"{value} is written twice", "each once")
    if design is Design.GRID and not one.values and one.steps is None:
        yield Conflict(((*at, "steps"), (*at,)), "a grid needs the number of values", "steps: 5")
    if one.steps is not None and (one.values or design in SAMPLED):
        why = "values are counted" if one.values else f"a {design.value.replace('_', ' ')} has none"
        yield Conflict(((*at, "steps"),), f"no use for steps: {why}", "steps left out")
