"""Scale: rows are a matter of sampling, and not of results."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.run import Run
from sim.scenario import load

YEARS = 6
PAIRS = 10


@pytest.mark.slow
@pytest.mark.parametrize("metric", ["gva", "jobs", "rd_performed", "firms"])
def test_twice_the_rows_leave_means_and_gaps_unchanged(
    metric: str, sampled: dict[str, tuple[np.ndarray, np.ndarray]]
) -> None:
    """False-alarm rate 0.1 % each: Welch's t-test of means, and of the gap between two regimes."""
    few, many = sampled["few"], sampled["many"]
    place = METRICS.index(metric)
    assert stats.ttest_ind(few[0][:, place], many[0][:, place], equal_var=False).pvalue > 0.001
    gap_few, gap_many = few[0] - few[1], many[0] - many[1]
    assert stats.ttest_ind(gap_few[:, place], gap_many[:, place], equal_var=False).pvalue > 0.001


METRICS = ["gva", "jobs", "rd_performed", "firms"]


@pytest.fixture(scope="module")
def sampled() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Growth of each metric over the years, by regime, with some rows and with twice as many."""
    out = {}
    for name, rows, first in (("few", 1200, 100), ("many", 2400, 200)):
        settings = {"population.firms": str(rows), "horizon": "10", "burn_in.years": "2"}
        regimes = [load(regime, settings) for regime in ("long_term", "piecemeal")]
        growth: list[list[list[float]]] = [[], []]
        for seed in range(first, first + PAIRS):
            past = Run.start(regimes[0].scenario, regimes[0].burn_in, seed)
            for k, one in enumerate(regimes):
                future = past.fork(one.scenario)
                for _ in range(4 * YEARS):
                    future.step()
                series = [future.history.series(metric) for metric in METRICS]
                growth[k].append([float(np.log(s[YEARS] / s[0])) for s in series])
        out[name] = (np.array(growth[0]), np.array(growth[1]))
    return out
