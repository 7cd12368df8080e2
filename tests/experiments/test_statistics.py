"""Estimates over runs, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.statistics import (
    corrected,
    discount_factors,
    estimate,
    median,
    p_values,
    present_value,
    share_ahead,
    spread,
    tail_share,
)


def test_mean_and_t_interval_by_hand() -> None:
    # 1, 2, 3, 4: mean 2.5, s = 1.29099, t(0.95; 3) = 2.35336, half = 2.35336·1.29099/2 = 1.51909
    found = estimate(np.array([1.0, 2.0, 3.0, 4.0]))
    assert found.mean == pytest.approx(2.5)
    assert found.low == pytest.approx(2.5 - 1.51909, abs=1e-4)
    assert found.high == pytest.approx(2.5 + 1.51909, abs=1e-4)
    assert found.n == 4


def test_one_run_has_a_mean_and_no_interval() -> None:
    found = estimate(np.array([[7.0, np.nan]]))
    assert found.mean[0] == 7.0
    assert np.isnan(found.low[0]) and np.isnan(found.high[0])
    assert np.isnan(found.mean[1]) and found.n.tolist() == [1, 0]


def test_a_run_without_a_value_is_left_out() -> None:
    with_gap = estimate(np.array([1.0, np.nan, 3.0]))
    without = estimate(np.array([1.0, 3.0]))
    assert with_gap.mean == without.mean
    assert with_gap.low == pytest.approx(without.low)
    assert with_gap.n == 2


def test_nine_in_ten_intervals_hold_the_truth() -> None:
    # 4,000 samples of 10: the share that holds the mean is 0.90 ± 0.014 at three standard errors.
    sample = np.random.default_rng(5).normal(3.0, 2.0, (10, 4000))
    found = estimate(sample)
    held = np.mean((found.low <= 3.0) & (found.high >= 3.0))
    assert 0.885 < held < 0.915


def test_spread_is_the_middle_nine_tenths() -> None:
    low, high = spread(np.arange(101.0)[:, None])
    assert low[0] == pytest.approx(5.0) and high[0] == pytest.approx(95.0)
    nothing, _ = spread(np.full((3, 1), np.nan))
    assert np.isnan(nothing[0])


def test_ties_are_neither_ahead_nor_behind() -> None:
    ahead, behind = share_ahead(np.array([1.0, 2.0, 0.0, -1.0]))
    assert (ahead, behind) == (0.5, 0.25)


def test_present_value_by_hand() -> None:
    assert present_value(np.array([100.0, 103.5])) == pytest.approx(200.0)
    factors = discount_factors(33)
    assert factors[0] == 1.0
    assert factors[30] == pytest.approx(1.035**-30)
    assert factors[31] == pytest.approx(1.035**-30 / 1.03)  # Green Book: 3.0 % after 30 years
    assert len(discount_factors(0)) == 0


def test_p_is_that_of_the_t_test_and_of_what_never_varies() -> None:
    from scipy.stats import ttest_1samp

    values = np.array([[1.0, 0.0, 2.0, -1.0], [2.0, 0.0, 2.0, 2.0], [4.0, 0.0, 2.0, 0.5]])
    p = p_values(estimate(values))
    expected = ttest_1samp(values[:, [0, 3]], 0.0).pvalue
    np.testing.assert_allclose(p[[0, 3]], expected)
    assert p[1:3].tolist() == [1.0, 0.0]
    assert np.isnan(p_values(estimate(values[:1]))).all()


def test_correction_is_for_those_that_are_known() -> None:
    # Of three: 3 · 0.01 = 0.03, 3 / 2 · 0.02 = 0.03, 3 / 3 · 0.9 = 0.9.
    found = corrected(np.array([0.02, np.nan, 0.01, 0.9]))
    np.testing.assert_allclose(found, [0.03, np.nan, 0.03, 0.9])


def test_the_median_lies_between_the_order_statistics_of_the_published_table() -> None:
    # Conover 1999, table A3 (binomial, n = 10, p = ½): P(B ≤ 1) = 0.0107, P(B ≤ 2) = 0.0547: the
    # second and the ninth of ten hold it with 97.9 %, and the third and the eighth do not with 90.
    values = np.array([9.0, 1.0, 3.0, 10.0, 2.0, 8.0, 7.0, 4.0, 6.0, 500.0])
    assert [float(one) for one in median(values)] == [6.5, 2.0, 10.0]


def test_a_median_needs_five_values_for_its_ends_and_leaves_out_what_is_missing() -> None:
    middle, low, high = median(
        np.array([[4.0, 5.0], [1.0, np.nan], [2.0, 1.0], [3.0, 2.0], [5.0, 3.0]])
    )
    assert middle.tolist() == [3.0, 2.5]
    assert (low[0], high[0]) == (1.0, 5.0)
    assert np.isnan([low[1], high[1]]).all()


def test_intervals_of_the_median_hold_it_whatever_the_tails() -> None:
    # The 6th and the 15th of 20: 1 − 2·P(B ≤ 5) = 0.9586 for any law. In 4,000 samples of a Cauchy
    # law, which has no mean, ±0.0095 are three standard errors.
    _, low, high = median(np.random.default_rng(5).standard_cauchy((20, 4000)))
    held = np.mean((low <= 0.0) & (high >= 0.0))
    assert 0.949 < held < 0.968


def test_a_mean_that_hangs_on_one_run_shows() -> None:
    even = np.array([1.0, -1.0] * 20)
    assert tail_share(even) == pytest.approx(2 / 40)  # two of forty are few
    assert tail_share(np.append(np.zeros(38), [100.0, -100.0])) == pytest.approx(1.0)
    assert np.isnan(tail_share(np.ones(4)))
    assert tail_share(np.append(even, np.nan)) == tail_share(even)
    assert np.isnan(tail_share(np.full(4, np.nan)))
