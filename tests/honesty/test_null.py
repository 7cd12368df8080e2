"""The null test: with every channel off, how money is cut makes no difference.

(a) The same realised flow to each recipient in each quarter: the gap is exactly zero.
(b) Equal expected but not equal realised flows: no gap beyond sampling error in what is linear in
    money.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.quarter import Assumptions
from sim.quarter.fund.programmes import Allocation, Programme
from sim.world.state import FIRM
from tests.honesty.futures import INSTITUTIONS, formula, neutral_assumptions, scenario, start

#: What the two futures may differ in: how money was cut, and what was believed of it.
BELIEFS = {
    "promised", "award_quality", "award_misfit", "n_renewed", "n_lapsed", "credibility",
    "continuation", "security",
}  # fmt: skip


LONG = formula(award_length=5.0, notice=24.0)
CUTS = {
    "one-year awards": formula(award_length=1.0),
    "one-quarter awards": formula(award_length=0.25),
    "two pots": formula(award_length=2.0, pots=2),
    "renewed without notice": formula(award_length=1.0, renewal_probability=0.7),
    "stage gates and themes": formula(award_length=3.0, themes=1.0, stage_gate=1.0),
}


@pytest.mark.parametrize("name", CUTS)
def test_same_realised_flow_exactly_no_gap(name: str) -> None:
    assumptions = neutral_assumptions()
    # Without awards of the past, whose sums with two halves would round otherwise.
    past = start(scenario({"core": LONG}, assumptions), past="no_policy")
    a = past.fork(scenario({"core": LONG}, assumptions)).finish()
    b = past.fork(scenario({"core": CUTS[name]}, assumptions)).finish()
    for column, values in a.world.organisations.items():
        if column not in BELIEFS:
            np.testing.assert_array_equal(
                values, getattr(b.world.organisations, column), err_msg=column
            )
    for table in ("ties", "regions", "cells", "sectors"):
        for column in getattr(a.world, table).columns():
            if column.writer != "fund":
                np.testing.assert_array_equal(
                    getattr(getattr(a.world, table), column.name),
                    getattr(getattr(b.world, table), column.name),
                    err_msg=f"{table}.{column.name}",
                )


def test_the_same_cut_does_matter_when_channels_are_on() -> None:
    assumptions = Assumptions()
    past = start(scenario({"core": LONG}, assumptions))
    a = past.fork(scenario({"core": LONG}, assumptions)).finish()
    b = past.fork(scenario({"core": CUTS["one-year awards"]}, assumptions)).finish()
    assert a.history.series("gva")[-1] != b.history.series("gva")[-1]


@pytest.mark.slow
def test_equal_expected_flows_no_gap_in_what_is_linear_in_money() -> None:
    """Value per pound of work is alike for long and short lotteries.

    Which holder gets how much when differs from pair to pair, and with it reserves, the pool of
    researchers and so the total of work (by about 0.2 %, the curvature that is left). With
    constant returns the value of a pound of work is linear, and its gap is luck alone. False-alarm
    rate 0.1 %: a t-test of the paired difference of logs over twelve pairs.
    """
    assumptions = neutral_assumptions()
    lottery = {
        "allocation": Allocation.LOTTERY, "eligible": INSTITUTIONS, "bid_cost": 0.0,
        "overhead_share": 0.0, "pot_overhead": 0.0, "decision_lead": 0.0, "award_size": 2.0,
    }  # fmt: skip
    long = Programme(award_length=5.0, notice=12.0, **lottery)  # type: ignore[arg-type]
    short = Programme(award_length=1.0, notice=0.0, calls_per_year=4, **lottery)  # type: ignore[arg-type]
    gaps, work_gaps = [], []
    for seed in range(12):
        past = start(scenario({"grants": long}, assumptions), seed)
        worth, work = [], []
        for one in (long, short):
            future = past.fork(scenario({"grants": one}, assumptions))
            value = done = 0.0
            while not future.is_over:
                future.step()
                o = future.world.organisations
                is_institution = o.kind != FIRM
                value += float(np.sum((o.innovation_value * o.weight)[is_institution]))
                done += float(np.sum((o.effort * o.weight)[is_institution]))
            worth.append(value / done)
            work.append(done)
        gaps.append(np.log(worth[0] / worth[1]))
        work_gaps.append(work[0] / work[1] - 1.0)
    p = stats.ttest_1samp(gaps, 0.0).pvalue
    assert p > 0.001, f"mean gap {np.mean(gaps):.2%}, p = {p:.5f}"
    assert abs(np.mean(work_gaps)) < 0.005
