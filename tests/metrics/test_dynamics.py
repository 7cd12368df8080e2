"""Shapes of growth and of networks, on draws whose shape is known."""

from __future__ import annotations

import numpy as np
import pytest

from sim.metrics import dynamics

DICE = np.random.default_rng(7)
ONES = np.ones(20_000)


def test_the_shape_tells_a_tent_from_a_bell() -> None:
    assert dynamics.subbotin_shape(DICE.laplace(size=20_000), ONES) == pytest.approx(1.0, abs=0.06)
    assert dynamics.subbotin_shape(DICE.normal(size=20_000), ONES) == pytest.approx(2.0, abs=0.12)


def test_the_shape_does_not_depend_on_scale_or_on_how_rows_are_weighted() -> None:
    growth = DICE.laplace(size=2_000)
    shape = dynamics.subbotin_shape(growth, np.ones(2_000))
    assert dynamics.subbotin_shape(0.01 * growth, np.full(2_000, 5.0)) == shape
    twice = np.concatenate([growth, growth])
    assert dynamics.subbotin_shape(twice, np.full(4_000, 0.5)) == shape


def test_nothing_has_no_shape() -> None:
    none = np.zeros(0)
    assert np.isnan(dynamics.subbotin_shape(none, none))
    assert np.isnan(dynamics.subbotin_shape(np.zeros(5), np.ones(5)))
    assert np.isnan(dynamics.weighted_quantile(none, none, 0.5))
    assert np.isnan(dynamics.size_variance_exponent(none, none, none))
    assert np.isnan(dynamics.power_law_exponent(none))
    assert np.isnan(dynamics.skewness(none))


@pytest.mark.parametrize("beta", [0.0, 0.2])
def test_the_spread_of_growth_falls_with_size_as_it_was_made_to(beta: float) -> None:
    jobs = np.exp(DICE.uniform(0.0, 7.0, 20_000))
    growth = 0.3 * jobs**-beta * DICE.laplace(size=20_000)
    found = dynamics.size_variance_exponent(growth, jobs, ONES)
    assert found == pytest.approx(beta, abs=0.02)


def test_a_slope_is_taken_inside_groups() -> None:
    x = np.array([0.0, 1.0, 10.0, 11.0])
    y = np.array([0.0, 2.0, -5.0, -3.0])  # 2 inside each group, falling between them
    groups, weights = np.array([0, 0, 1, 1]), np.array([1.0, 1.0, 3.0, 3.0])
    assert dynamics.slope(y, x, groups, weights) == pytest.approx(2.0)
    assert np.isnan(dynamics.slope(y, np.ones(4), groups, weights))


def test_quantiles_count_weight() -> None:
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([1.0, 8.0, 1.0])
    assert dynamics.weighted_quantile(values, weights, 0.5) == 1.0
    assert dynamics.weighted_quantile(values, weights, 0.85) == 2.0
    groups = np.zeros(3, np.int64)
    assert dynamics.quantile_ratio(values, groups, weights) == 2.0


def test_a_sector_in_one_area_is_localised_and_one_spread_like_all_is_not() -> None:
    counts = np.array([[300.0, 0.0, 300.0], [300.0, 0.0, 300.0], [300.0, 300.0, 300.0]])
    travel = np.full((3, 3), 100.0)
    found = dynamics.localised(counts, travel, 30.0)
    assert found[1]
    assert not found[2]
    assert not dynamics.localised(counts, travel, 200.0).any()  # everything is near


def test_the_exponent_of_a_power_law_is_found() -> None:
    draws = np.floor(0.5 + 4.5 * (1.0 - DICE.random(20_000)) ** (-1.0 / 1.5))  # exponent 2.5
    assert dynamics.power_law_exponent(draws) == pytest.approx(2.5, abs=0.15)


def test_skewness() -> None:
    assert dynamics.skewness(np.array([0.0, 1.0, 2.0])) == pytest.approx(0.0)
    assert dynamics.skewness(np.array([0.0, 0.0, 0.0, 4.0])) > 1.0
