"""Indices of concentration against known answers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny import four

from sim.metrics.agglomeration import (
    density_elasticity,
    distance_ratio,
    ellison_glaeser,
    gini,
    measure,
    theil,
)
from sim.metrics.tails import hill, tail_begins, top_share

ONES = np.ones(4)


def test_equal_regions_have_no_inequality() -> None:
    assert gini(3.0 * ONES, ONES) == pytest.approx(0.0, abs=1e-12)
    assert theil(3.0 * ONES, ONES) == pytest.approx(0.0, abs=1e-12)


def test_all_in_one_of_four() -> None:
    only = np.array([0.0, 0.0, 8.0, 0.0])
    assert gini(only, ONES) == pytest.approx(0.75)
    assert theil(only, ONES) == pytest.approx(np.log(4.0))


def test_weights_count_as_persons() -> None:
    values, weights = np.array([1.0, 2.0]), np.array([3.0, 1.0])
    spelt_out = np.array([1.0, 1.0, 1.0, 2.0])
    assert gini(values, weights) == pytest.approx(gini(spelt_out, ONES))
    assert theil(values, weights) == pytest.approx(theil(spelt_out, ONES))


def test_nothing_has_no_inequality_to_speak_of() -> None:
    assert np.isnan(gini(np.zeros(4), ONES))
    assert np.isnan(theil(np.zeros(4), ONES))


def test_ellison_glaeser_by_hand() -> None:
    """Half of all jobs in each of two regions; sector 0 in one of them, sector 1 in both.

    G / (1 − Σx²) = 0.5 / 0.5 = 1 for sector 0, with ten firms H = 0.1: (1 − 0.1) / 0.9 = 1.
    Sector 1 is spread evenly: (0 − 0.1) / 0.9. Sector 2 has one firm, sector 3 no job.
    """
    jobs = np.array([[100.0, 50.0, 10.0, 0.0], [0.0, 50.0, 0.0, 0.0]])
    squares = np.array([10 * 100.0, 10 * 100.0, 100.0, 0.0])
    gamma = ellison_glaeser(jobs, np.array([500.0, 500.0]), squares)
    assert gamma[:2] == pytest.approx([1.0, -1.0 / 9.0])
    assert np.isnan(gamma[2:]).all()


def test_firms_thrown_like_dice_have_an_index_of_zero() -> None:
    """Mean over 500 throws of 50 equal firms on 11 regions: zero within five standard errors."""
    luck = np.random.default_rng(3)
    jobs = luck.multinomial(50, np.ones(11) / 11, size=500).T.astype(float)
    gamma = ellison_glaeser(jobs, np.ones(11), np.full(500, 50.0))
    assert abs(gamma.mean()) < 5.0 * gamma.std() / np.sqrt(500)


def test_density_elasticity_is_found_again() -> None:
    density = np.array([1.0, 2.0, 5.0])
    level = np.array([0.05, 0.2])
    jobs = np.array([[10.0, 20.0], [5.0, 1.0], [30.0, 0.0]])
    gva = jobs * level * density[:, None] ** 0.04
    assert density_elasticity(gva, jobs, density) == pytest.approx(0.04)
    assert np.isnan(density_elasticity(gva, jobs, ONES[:3]))


def test_distance_ratio_by_hand() -> None:
    """One sector in one place (20 minutes), one in two (40 on average), all jobs: 36 minutes."""
    travel = np.array([[20.0, 60.0], [60.0, 20.0]])
    jobs = np.array([[50.0, 25.0], [0.0, 25.0]])
    share = np.array([0.75, 0.25])
    overall = share @ travel @ share
    assert distance_ratio(jobs, travel) == pytest.approx([20.0 / overall, 40.0 / overall])


def test_top_share_takes_part_of_a_row_where_it_must() -> None:
    values, weights = np.array([10.0, 1.0, 0.0]), np.array([1.0, 9.0, 100.0])
    assert top_share(values, weights, 0.1) == pytest.approx(10.0 / 19.0)
    assert top_share(values, weights, 0.05) == pytest.approx(5.0 / 19.0)
    assert np.isnan(top_share(np.zeros(3), weights, 0.1))


def test_hill_by_hand() -> None:
    """The top two of four are e² and e times the third: mean log 1.5."""
    values = np.array([np.exp(2.0), np.e, 1.0, 0.5])
    assert hill(values, ONES, 0.5) == pytest.approx(1.0 / 1.5)
    assert np.isnan(hill(ONES, ONES, 0.5))


def test_hill_finds_the_exponent_of_a_power_law() -> None:
    u = (np.arange(100_000) + 0.5) / 100_000
    assert hill(u ** (-1.0 / 1.06), np.ones(len(u)), 0.05) == pytest.approx(1.06, rel=0.01)


@given(st.lists(st.floats(0.1, 1e4), min_size=3, max_size=30), st.integers(0, 2))
def test_double_weight_is_two_rows(values: list[float], which: int) -> None:
    v = np.array(values)
    w = np.ones(len(v))
    w[which] = 2.0
    split, ones = np.append(v, v[which]), np.ones(len(v) + 1)
    for index in (gini, theil):
        assert index(v, w) == pytest.approx(index(split, ones), abs=1e-9)
    assert top_share(v, w, 0.1) == pytest.approx(top_share(split, ones, 0.1), abs=1e-9)
    assert hill(v, w, 0.3) == pytest.approx(hill(split, ones, 0.3), nan_ok=True, rel=1e-6)


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), max_size=40),
    st.sampled_from([0.05, 0.1, 0.5]),
)
def test_a_tail_begins_where_sorting_finds_it(rows: list[tuple[int, int]], part: float) -> None:
    values, weights = np.array(rows, np.float64).reshape(-1, 2).T
    spelt_out = np.sort(np.repeat(values, weights.astype(int)))[::-1]
    spelt_out = spelt_out[spelt_out > 0]
    outside = [
        value for value in spelt_out if np.sum(spelt_out >= value) > part * len(spelt_out) + 1e-9
    ]
    expected = max(outside, default=np.nan)
    assert tail_begins(values.copy(), weights.copy(), part) == pytest.approx(expected, nan_ok=True)


def test_north_and_nation() -> None:
    world = four(cumulative_value=[0.0, 1.0, 3.0, 0.0])
    north = measure(world, world.regions.is_north)
    nation = measure(world, np.ones(13, np.bool_))
    # Two of eleven regions have 50 jobs each: half of the people would have to move.
    assert north["gini_jobs"] == pytest.approx(9.0 / 11.0)
    assert nation["gini_jobs"] == pytest.approx(11.0 / 13.0)
    assert north["theil_gva_per_head"] > north["theil_jobs"]
    assert north["research_concentration"] == 1.0
    assert nation["research_concentration"] == pytest.approx((0.8**2 + 0.15**2) / 0.95**2)
    assert north["value_top_share"] == pytest.approx(0.2 * 3.0 / 4.0)
    assert north["ellison_glaeser"].shape == (12,)
    assert north["ellison_glaeser"][-1] == north["ellison_glaeser"][0]
