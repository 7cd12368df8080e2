"""Sums and ratios taken at once are those taken one by one, to the bit."""

from __future__ import annotations

import numpy as np

from sim.metrics.history import METRICS
from sim.metrics.sums import Amounts, Sums, is_sum


def test_all_at_once_is_one_by_one() -> None:
    dice = np.random.default_rng(1)
    plain = [one for one in METRICS if is_sum(one)]
    names = sorted({name for one in plain for name in (*one.of, *one.per)})
    values = dice.normal(size=(len(names), 15, 12)) * dice.integers(0, 2, (len(names), 15, 12))
    amounts = Amounts(tuple(names), values)
    page = np.full((15, 12, len(METRICS)), np.nan)
    Sums(METRICS, names).fill(page, amounts)
    for m, one in enumerate(METRICS):
        expected = one.value(amounts) if is_sum(one) else np.full((15, 12), np.nan)
        np.testing.assert_array_equal(page[:, :, m], expected, one.name)
