"""Designs: a grid by hand, and samples within bounds, evenly spread, and the same again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.experiments.sweeps.design import _value, points_of
from sim.scenario import LoadedSweep, load_sweep
from sim.scenario.sweep_loading import SweepKey


def loaded(folder: Path, design: str, keys: str) -> LoadedSweep:
    path = folder / "s.yaml"
    path.write_text(f"title: S\nscenarios: [long_term]\ndesign: {design}\n{keys}", encoding="utf-8")
    return load_sweep(path)


KEYS = """\
keys:
  budget: {low: 100, high: 600}
  award_length: {range: plausible}
  calls_per_year: {range: plausible}
  programmes.places.carry_over: {values: [true, false]}
"""


def test_a_grid_by_hand(tmp_path: Path) -> None:
    keys = """\
keys:
  budget: {low: 100, high: 200, steps: 3}
  award_length: {values: [2, 10]}
"""
    points = points_of(loaded(tmp_path, "grid", keys))
    assert [tuple(one.values()) for one in points] == [
        (100, 2), (100, 10), (150, 2), (150, 10), (200, 2), (200, 10),
    ]  # fmt: skip
    whole = points_of(
        loaded(tmp_path, "grid", "keys:\n  calls_per_year: {low: 1, high: 4, steps: 9}\n")
    )
    assert [one["calls_per_year"] for one in whole] == [1, 2, 3, 4]


def test_a_list_is_as_it_is_written(tmp_path: Path) -> None:
    points = points_of(
        loaded(tmp_path, "list", "at:\n  - {budget: 100}\n  - {award_length: 3, budget: 50.5}\n")
    )
    assert points == ({"budget": 100}, {"award_length": 3, "budget": 50.5})


def test_a_latin_hypercube_has_one_point_in_each_slice_of_each_key(tmp_path: Path) -> None:
    points = points_of(loaded(tmp_path, "latin_hypercube\npoints: 20", KEYS))
    budgets = np.array([float(one["budget"]) for one in points])
    assert sorted(np.floor((budgets - 100) / 25)) == list(range(20))
    calls = [one["calls_per_year"] for one in points]
    assert [calls.count(n) for n in (1, 2, 3, 4)] == [5, 5, 5, 5]
    assert all(type(one) is int for one in calls)
    assert [one["programmes.places.carry_over"] for one in points].count(True) == 10


@pytest.mark.parametrize("design", ["latin_hypercube", "sobol"])
def test_samples_are_the_same_again_and_others_with_another_seed(
    tmp_path: Path, design: str
) -> None:
    first = points_of(loaded(tmp_path, f"{design}\npoints: 16", KEYS))
    assert first == points_of(loaded(tmp_path, f"{design}\npoints: 16", KEYS))
    assert first != points_of(loaded(tmp_path, f"{design}\npoints: 16\ndesign_seed: 2", KEYS))
    for one in first:
        assert 100 <= float(one["budget"]) <= 600 and 1 <= float(one["award_length"]) <= 10
        # What is written in a command is what was lived.
        assert json.loads(json.dumps(one)) == one
        assert len(f"{one['budget']}".replace(".", "")) <= 6


def test_a_sobol_sequence_halves_every_key(tmp_path: Path) -> None:
    points = points_of(loaded(tmp_path, "sobol\npoints: 16", KEYS))
    budgets = [float(one["budget"]) for one in points]
    assert sum(one < 350 for one in budgets) == 8
    assert sorted(int((one - 100) // 31.25) for one in budgets) == list(range(16))


@given(
    ends=st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)).filter(lambda e: e[0] < e[1]),
    share=st.floats(0, 1, exclude_max=True),
    is_whole=st.booleans(),
)
@settings(deadline=None)
def test_every_value_is_within_bounds(
    ends: tuple[float, float], share: float, is_whole: bool
) -> None:
    low, high = (float(round(end)) for end in ends) if is_whole else ends
    key = SweepKey("k", "", is_whole, low, high, (), ())
    assert low <= float(_value(key, share)) <= high
