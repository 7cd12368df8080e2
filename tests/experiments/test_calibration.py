"""Calibration: what a misfit is, what is kept, and that a fit can be had again."""

from __future__ import annotations

import dataclasses
import math
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.experiments import calibration
from sim.experiments.calibration import (
    FREE,
    Trial,
    as_good,
    bounds,
    calibrate,
    default_point,
    distance,
    live_points,
    misfit,
)
from sim.experiments.comparison import compare
from sim.experiments.fitted import assumptions_at, fitted_points, variants_of
from sim.experiments.scorecard import FACTS, scorecard_task
from sim.experiments.statistics import estimate
from sim.quarter import Assumptions
from tests.cli.command import call

FACT = dataclasses.replace(FACTS[0], low=1.0, high=3.0)


def test_a_distance_is_in_half_widths_from_the_middle() -> None:
    assert distance(2.0, FACT) == 0.0
    assert distance(3.0, FACT) == distance(1.0, FACT) == 1.0
    assert distance(2.5, FACT) == 0.5
    assert distance(90.0, FACT) == distance(math.nan, FACT) == 3.0
    is_open = dataclasses.replace(FACT, low=2.0, high=math.inf)
    assert distance(7.0, is_open) == 0.0 and distance(1.0, is_open) == 0.5
    assert distance(0.95, dataclasses.replace(FACT, low=1.0, high=1.0)) == pytest.approx(0.5)


def middle() -> np.ndarray:
    """Facts that all lie in the middle of their ranges, or inside where there is no middle."""
    return np.array([0.5 * (f.low + f.high) if math.isfinite(f.high) else f.low for f in FACTS])


def test_only_facts_of_calibration_count() -> None:
    values = middle()
    assert misfit(values) == 0.0
    held_out = [k for k, fact in enumerate(FACTS) if fact.standing == "held out"]
    values[held_out] = 1e6
    assert misfit(values) == 0.0
    used = [k for k, fact in enumerate(FACTS) if fact.standing == "calibration"]
    values[used[0]] = 1e6  # the worst distance is 3, and a miss costs 1
    assert misfit(values) == pytest.approx(10.0 / len(used))


def test_no_fact_of_calibration_is_an_effect_of_a_regime() -> None:
    """What is fitted is lived under one regime; crowding-in, the one effect of money, is not."""
    standing = {fact.key: fact.standing for fact in FACTS}
    assert standing["crowding_in"] == "held out"


def test_free_parameters_lie_inside_their_ranges() -> None:
    point = default_point()
    assert list(point) == list(FREE) == list(bounds())
    for key, (low, high) in bounds().items():
        assert low <= point[key] <= high, key


def test_what_cannot_be_told_from_the_best_is_kept() -> None:
    """The second differs from the first by luck alone, the third by more than any luck."""
    dice = np.random.default_rng(1)
    used = np.array([fact.standing == "calibration" for fact in FACTS])
    facts = np.tile(middle(), (12, 1))
    width = np.array([f.high - f.low if math.isfinite(f.high) else 0.0 for f in FACTS])
    noise = dice.normal(0.0, 0.3, (12, 1)) * width * used
    trials = [Trial({}, facts + noise), Trial({}, facts - noise), Trial({}, facts + noise + width)]
    assert as_good(trials, seed=1) == trials[:2]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """The facts are measured after ten years, not twenty."""
    monkeypatch.setattr(calibration, "scorecard_task", partial(scorecard_task, years=10))


@pytest.mark.usefixtures("short")
def test_the_same_fit_whatever_the_workers() -> None:
    points = [default_point(), {**default_point(), "staff.retirement": 0.03}]
    alone, beside = (live_points(points, 2, 5, workers=workers, firms=150)[0] for workers in (1, 2))
    for number, point in enumerate(points):
        assert alone[number].point == beside[number].point == point
        np.testing.assert_array_equal(alone[number].facts, beside[number].facts)
    turnover = [fact.key for fact in FACTS].index("staff_turnover")
    assert alone[0].facts[:, turnover].mean() > alone[1].facts[:, turnover].mean()


def test_a_point_changes_what_it_names_and_nothing_that_a_scenario_set() -> None:
    usual = Assumptions()
    assert assumptions_at({}) == usual
    changed = assumptions_at({"staff.retirement": 0.031})
    assert changed.staff.retirement == 0.031
    assert changed.model_copy(update={"staff": usual.staff}) == usual
    own = usual.model_copy(update={"staff": usual.staff.model_copy(update={"retirement": 0.05})})
    assert assumptions_at({"staff.retirement": 0.031}, own) == own


def test_the_shipped_sets_are_plausible_and_the_code_has_the_best() -> None:
    points = fitted_points()
    assert len(points) >= 2
    for point in points:
        assert list(point) == list(FREE)
        for key, (low, high) in bounds().items():
            assert low <= point[key] <= high, key
    for key, value in default_point().items():
        low, high = bounds()[key]
        assert value == pytest.approx(points[0][key], abs=0.01 * (high - low)), key


def test_an_interval_over_sets_is_of_the_means_of_sets() -> None:
    values = np.array([1.0, 3.0, 4.0, 8.0])
    found = estimate(values, groups=np.array([0, 1, 0, 1]))
    # Means 2.5 and 5.5: mean 4, s = 3/√2, so that s/√2 = 1.5 and t(1; 0.95) = 6.314.
    assert (float(found.mean), int(found.n)) == (4.0, 2)
    assert float(found.high) == pytest.approx(4.0 + 6.3138 * 1.5, rel=1e-4)


def test_a_comparison_takes_turns_with_the_sets() -> None:
    settings = {"population.firms": "150", "burn_in.years": "1"}
    names = ["long_term", "piecemeal"]
    usual = compare(names, runs=3, years=1, overrides=settings, workers=1)
    over = compare(names, runs=3, years=1, overrides=settings, workers=1, is_over_fits=True)
    variants = variants_of(usual.ensemble.loaded[0].scenario.assumptions)
    assert over.ensemble.variants == variants and over.ensemble.groups is not None
    assert over.ensemble.groups.tolist() == [0, 1, 2]
    assert not np.array_equal(usual.ensemble.totals, over.ensemble.totals, equal_nan=True)


def test_senseless_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="generations"):
        calibrate(generations=0)


@pytest.mark.usefixtures("short")
def test_the_command_writes_trials_and_sets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration, "GENERATION", 5)
    words = ["--generations", "1", "-n", "1", "--fresh-runs", "1", "-f", "60", "-w", "1"]
    done = call("calibrate", *words, "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    trials = pd.read_csv(tmp_path / "out" / "trials.csv")
    assert list(trials.columns) == ["misfit", *FREE] and len(trials) == 5
    assert trials[list(FREE)].drop_duplicates().shape == (5, len(FREE))
    kept = pd.read_csv(tmp_path / "out" / "fitted.csv")
    assert 1 <= len(kept) <= 5 and kept.misfit[0] == kept.misfit.min()
    assert len(kept.merge(trials, on=list(FREE))) == len(kept)
    assert "trade.shock_spread" in (tmp_path / "out" / "calibration.md").read_text("utf-8")
