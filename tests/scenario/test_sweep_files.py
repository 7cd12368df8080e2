"""Sweep files: what each key means, and every mistake with its place and remedy."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.scenario import available, load_sweep
from sim.scenario.finding import SWEEP
from sim.scenario.sweeps import Sweep
from tests.scenario.conftest import said_of_mine, written

FILE = """\
title: Mine
scenarios: [long_term, piecemeal]
common:
  population: {firms: 300}
design: latin_hypercube
points: 8
keys:
  budget: {low: 100, high: 600}
  long_term:award_length: {range: plausible}
  programmes.places.notice: {values: [0, 12, 24]}
  assumptions.learn.tie_spillover: {range: plausible}
"""


@pytest.fixture
def complaints(desk: Path) -> Callable[[str], str]:
    """Write a sweep and return what loading it says, one line a problem."""

    def say(text: str) -> str:
        written(desk, "sweeps", text)
        return "\n".join(said_of_mine(load_sweep))

    return say


def test_a_key_is_of_all_scenarios_or_of_one_and_may_take_its_plausible_range(desk: Path) -> None:
    written(desk, "sweeps", FILE)
    loaded = load_sweep("mine")
    budget, length, notice, spillover = loaded.keys
    assert budget.targets == (("budget",), ("budget",)) and (budget.low, budget.high) == (100, 600)
    assert length.targets[1] == ()
    assert set(length.targets[0]) == {
        f"programmes.{name}.award_length" for name in loaded.loaded[0].scenario.programmes
    }
    assert (length.low, length.high, length.unit) == (1, 10, "years")
    assert notice.values == (0, 12, 24)
    assert spillover.low < spillover.high
    assert [one.scenario.population.firms for one in loaded.loaded] == [300, 300]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("points:", "point:", "6:1: point: unknown key; did you mean 'points'?"),
        ("points: 8", "", "design: a latin hypercube without points; expected points: 64"),
        ("latin_hypercube", "sobel", "5:9: design: 'sobel' is not a choice; expected one of grid,"),
        (
            "design: latin_hypercube\npoints: 8",
            "design: sobol\npoints: 12",
            "6:9: points: 12 points of a Sobol sequence; expected a power of two, such as 8 or 16",
        ),
        ("latin_hypercube\npoints: 8", "grid", "keys.budget: a grid needs the number of values"),
        (
            "piecemeal]",
            "piecemal]",
            "2:24: scenarios: there is no scenario 'piecemal'; looked in",
        ),
        ("firms: 300", "firms: 3", "4:23: common.population.firms: 3 is too small; expected rows"),
        ("high: 600", "high: 100", "8:28: keys.budget.high: the range from 100 to 100 is empty"),
        ("low: 100, ", "", "8:18: keys.budget.high: high without low; expected both ends"),
        (
            "low: 100",
            "low: -1",
            "8:17: keys.budget.low: -1 cannot be the value of 'budget'; expected a number (£m a "
            "year, constant prices), at least 0",
        ),
        (
            "long_term:award_length",
            "longterm:award_length",
            "9:3: keys.longterm:award_length: there is no scenario 'longterm'; expected one of "
            "long_term, piecemeal; did you mean 'long_term'?",
        ),
        ("award_length", "award_lenght", "'award_lenght'; did you mean 'award_length'?"),
        (
            "programmes.places",
            "programmes.place",
            "10:3: keys.programmes.place.notice: long_term has no programme 'place'; expected one "
            "of institutions, projects, places; did you mean 'places'?",
        ),
        ("[0, 12, 24]", "[0, 12, 500]", "notice.values.2: 500 cannot be the value"),
        ("[0, 12, 24]", "[0]", "one value alone does not vary"),
        ("[0, 12, 24]", "[0, 12, 0]", "10:46: keys.programmes.places.notice.values.2: 0 is writ"),
        (
            "budget: {low: 100, high: 600}",
            "title: {values: [a, b]}",
            "8:3: keys.title: 'title' cannot vary in a sweep; it changes nothing",
        ),
        ("budget: {low: 100, high: 600}", "horizon: {low: 5, high: 9}", "'horizon' cannot vary"),
        ("budget: {low: 100, high: 600}", "population: {values: [1, 2]}", "not a single value"),
        (
            "budget: {low: 100, high: 600}",
            "allocation: {range: plausible}",
            "8:3: keys.allocation: 'allocation' is not a number, and has no range; expected values",
        ),
        (
            "budget: {low: 100, high: 600}",
            "allocation: {values: [formula, lotery]}",
            "8:34: keys.allocation.values.1: 'lotery' cannot be the value of 'allocation'; "
            "expected one of formula, devolved, competition, staged, lottery; did you mean "
            "'lottery'?",
        ),
        (
            "budget: {low: 100, high: 600}",
            "long_term:population.firms: {low: 100, high: 600}",
            "'population.firms' cannot be set for one scenario alone",
        ),
        ("places.notice", "places.notice.x", "there is no key 'programmes.places.notice.x'"),
        ("programmes.places.notice", "first_year", "cannot be the value of 'first_year'"),
        (
            "budget: {low: 100, high: 600}",
            "programmes.places.award_length: {low: 1, high: 2}",
            "9:3: keys.long_term:award_length: turns what 'programmes.places.award_length' turns",
        ),
        (
            "design:",
            "metrics: [gvaa]\ndesign:",
            "5:11: metrics.0: there is no metric 'gvaa'; expected a name of docs/metrics.md; did "
            "you mean 'gva'?",
        ),
        ("design:", "areas: [moon]\ndesign:", "5:9: areas.0: there is no area 'moon'"),
        ("design:", "runs: 100001\ndesign:", "5:7: runs: 100001 is too large"),
        ("long_term, piecemeal", "", "2:12: scenarios: no scenario; expected names such as"),
        (
            "{low: 100, high: 600}",
            "{low: 100, high: 600, range: plausible}",
            "8:3: keys.budget: several ways to say how far it varies",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(
    complaints: Callable[[str], str], old: str, new: str, said: str
) -> None:
    assert old in FILE
    assert said in complaints(FILE.replace(old, new))


def test_a_list_is_checked_value_by_value_and_a_huge_grid_refused(
    complaints: Callable[[str], str],
) -> None:
    head = "title: M\nscenarios: [long_term]\ndesign: list\nat:\n"
    found = complaints(f"{head}  - {{budget: 100}}\n  - {{budget: -1}}\n")
    assert ":6:14: at.1.budget: -1 cannot be the value of 'budget'" in found
    assert "a list without points" in complaints(head.replace("at:\n", ""))
    keys = "".join(
        f"  {key}: {{range: plausible, steps: 1000}}\n" for key in ("budget", "award_length")
    )
    found = complaints(f"title: M\nscenarios: [long_term]\ndesign: grid\nkeys:\n{keys}")
    assert "the grid has 1,000,000 points; expected at most 100,000" in found
    assert "together" not in found


def test_more_runs_than_anybody_means_are_refused_however_they_come_about() -> None:
    names = [f"scenario_{number}" for number in range(101)]
    said = {"title": "M", "design": "latin_hypercube", "keys": {"budget": {"low": 1, "high": 2}}}

    def sweep(**more: object) -> Sweep:
        return Sweep.model_validate_json(json.dumps({**said, **more}))

    for n_points, runs in ((100_000, 1), (1_000, 100)):
        with pytest.raises(ValueError, match="10,100,000; expected at most 10,000,000 together"):
            sweep(scenarios=names, points=n_points, runs=runs)
    sweep(scenarios=names, points=99_000, runs=1)


def test_every_shipped_sweep_loads() -> None:
    names = [one.name for one in available(SWEEP)]
    assert "award_terms" in names
    for name in names:
        assert load_sweep(name).keys
