"""What the summary says of the headline, from runs made up for it."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.comparison import Comparison
from sim.report.summary import markdown, tail_sentences
from tests.experiments import fakes


def _with(differences: list[float]) -> Comparison:
    """A comparison whose headline differs by so much in each run."""
    ensemble = fakes.ensemble(runs=len(differences))
    north, gva = ensemble.areas.index("north"), fakes.GVA
    ensemble.totals[0, :, -1, north, gva] = 1000.0 + np.array(differences)
    ensemble.totals[1, :, -1, north, gva] = 1000.0
    return Comparison(ensemble)


def test_a_mean_that_hangs_on_rare_runs_is_said_to() -> None:
    comparison = _with([*np.arange(39.0), 900.0])
    # Mean 41.025; (900 − 41)² + 41² of 39·(39² − 1)/12 + 39·(41.025 − 19)² + (900 − 41)²: 97.1 %.
    assert "2 of the 40 runs hold 97.1 %" in tail_sentences(comparison)["piecemeal"]
    assert "hold 97" in markdown(comparison)


def test_runs_of_one_size_carry_no_warning() -> None:
    assert tail_sentences(_with([*np.arange(40.0)])) == {}


def test_of_few_runs_nothing_is_said_of_tails() -> None:
    assert tail_sentences(_with([0.0, 0.0, 0.0, 90.0])) == {}


def test_the_median_run_stands_beside_the_mean() -> None:
    comparison = _with([0.0, 1.0, 2.0, 3.0, 90.0])
    row = comparison.headline()
    assert (row["median"], row["median_low"], row["median_high"]) == (2.0, 0.0, 90.0)
    assert row.estimate == pytest.approx(19.2)
    assert "| +£2.00m (£0m to +£90.0m) |" in markdown(comparison)
