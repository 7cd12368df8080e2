"""What the summary says of the headline, from runs made up for it."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.comparison import Comparison
from sim.experiments.fitted import variants_of
from sim.report.summary import markdown, multiplicity_sentences, tail_sentences
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


def test_over_fits_it_is_the_sets_that_may_be_rare() -> None:
    scenario = fakes.pair()[0].scenario
    variants = variants_of(scenario.assumptions)[:20]
    # One set is far from all others, in every run alike: 846.45² of 846.45² + 19 · (44.55² + 30).
    sets = np.append(np.arange(19.0), 900.0)
    comparison = _with([*sets, *sets, *sets])
    assert "3 of the 60 runs hold 94.9 %" in tail_sentences(comparison)["piecemeal"]
    comparison.ensemble.variants = variants
    comparison = Comparison(comparison.ensemble)
    (said,) = tail_sentences(comparison).values()
    assert said.startswith("1 of the 20 sets of parameters hold 94.9 % of the variance")
    assert "In the median set it is +£9.50m a year (90 % interval +£5.00m" in said
    assert "| median set |" in markdown(comparison)


def test_a_run_without_a_value_hides_no_tail() -> None:
    comparison = _with([*np.arange(39.0), 900.0, np.nan])
    assert "2 of the 40 runs hold 97.1 %" in tail_sentences(comparison)["piecemeal"]


def test_of_few_runs_nothing_is_said_of_tails() -> None:
    assert tail_sentences(_with([0.0, 0.0, 0.0, 90.0])) == {}


def test_what_cannot_differ_is_not_expected_to_stand_out_by_luck() -> None:
    comparison = _with([0.0, 1.0, -1.0, 2.0])
    # The made-up futures differ in value added alone, and vary from run to run in that alone.
    secondary = comparison.paired[comparison.paired.role == "secondary"]
    varied = int((secondary.metric == "gva").sum())
    (said,) = multiplicity_sentences(comparison)
    assert f"{len(secondary):,} differences to Piecemeal were looked at" in said
    assert f"{varied} of them vary from run to run" in said
    assert f"where about {round(0.1 * varied)} would by luck alone" in said
    assert round(0.1 * varied) < round(0.1 * len(secondary))


def test_the_median_run_stands_beside_the_mean() -> None:
    comparison = _with([0.0, 1.0, 2.0, 3.0, 90.0])
    row = comparison.headline()
    assert (row["median"], row["median_low"], row["median_high"]) == (2.0, 0.0, 90.0)
    assert row.estimate == pytest.approx(19.2)
    assert "| +£2.00m (£0m to +£90.0m) |" in markdown(comparison)
