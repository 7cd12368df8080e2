"""Innovate: work in progress, arrival and value of innovations, and the codified pool."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import small_world

from sim.parameters import per_quarter
from sim.quarter.innovate import InnovateAssumptions, innovate
from sim.quarter.work import WorkAssumptions
from sim.world.state import LABORATORY, World

# Numbers that are easy by hand, and that a new calibration does not move.
usual = partial(InnovateAssumptions, value_spread=1.8)

USUAL, WORK = usual(), WorkAssumptions()
#: Length and quality of work are worth nothing, so that money alone counts.
PLAIN = WorkAssumptions(
    length_exponent_firm=0.0, length_exponent_laboratory=0.0, length_exponent_catapult=0.0
)


def after(columns: dict[str, Any], work: WorkAssumptions = PLAIN, **assumptions: Any) -> World:
    """A small world after one quarter of innovation."""
    world = small_world(columns)
    innovate(world, usual(**assumptions), work)
    return world


def test_work_in_progress_by_hand() -> None:
    world = after({"region": [0], "work_in_progress": [3.0], "effort": [1.0],
                   "interrupted": [0.5]})  # fmt: skip
    # Of the three, half of the team leaves unfinished work of which 0.4 is saved: 3 · 0.7 = 2.1;
    # with the new pound 3.1, a quarter of which is done at a length of a year.
    assert world.organisations.work_in_progress[0] == pytest.approx(3.1 * 0.75)


def test_completed_work_is_neither_made_nor_lost() -> None:
    world = small_world({"region": [0, 0], "effort": [1.0, 0.5], "project_length": [2.0, 0.5],
                         "portfolio_length": [2.0, 0.5]})  # fmt: skip
    o = world.organisations
    for _ in range(400):
        innovate(world, USUAL, PLAIN)
    # Steady: effort goes in, W / (4ℓ − 1) comes out.
    assert o.work_in_progress == pytest.approx([7.0, 0.5])


def test_longer_work_and_better_work_are_worth_more() -> None:
    columns = {"region": [0, 0, 0], "kind": LABORATORY, "effort": 1.0, "spending": 2.0,
               "grant_research": 1.0, "project_length": [1.5, 3.0, 1.5],
               "portfolio_quality": 0.0, "award_quality": [0.0, 0.0, 1.0],
               "award_misfit": [0.0, 0.0, 0.1]}  # fmt: skip
    quality = after(columns, WORK).organisations.portfolio_quality
    # (3 / 1.5)^0.12; half of the work is funded, at e^0.13 less a tenth.
    assert quality == pytest.approx([1.0, 2**0.12, 1 + 0.5 * (np.exp(0.13) * 0.9 - 1)])


def test_innovations_arrive_at_their_rate_and_are_worth_their_work() -> None:
    n = 20_000
    world = after(
        {"region": np.zeros(n), "effort": 4.0, "weight": 2.0}, arrival_rate=0.5, value_spread=1.0
    )
    o = world.organisations
    # £1m of the £4m is completed: half an innovation, worth £0.5m.
    assert o.innovations.mean() == pytest.approx(0.5, rel=0.03)
    assert o.innovation_value.mean() == pytest.approx(0.5, rel=0.05)
    np.testing.assert_allclose(o.cumulative_value, o.innovation_value)


def test_the_top_tenth_holds_most_of_the_value() -> None:
    n = 20_000
    value = after({"region": np.zeros(n), "effort": 0.1}).organisations.innovation_value
    found = np.sort(value[value > 0])[::-1]
    share = found[: len(found) // 10].sum() / found.sum()
    # [50]: 48–93 %; Φ(1.8 − 1.28) = 0.70 of a lognormal.
    assert 0.48 < share < 0.93


def test_a_row_of_many_firms_averages_over_them() -> None:
    columns = {"region": np.zeros(4000), "effort": 4.0}
    one = after({**columns, "weight": 1.0}).organisations.innovation_value
    many = after({**columns, "weight": 50.0}).organisations.innovation_value
    assert many.mean() == pytest.approx(one.mean(), rel=0.15)
    assert many.std() < 0.5 * one.std()


def test_arrival_is_concave_around_the_usual_scale() -> None:
    n = 20_000
    flat, double = (
        after(
            {"region": np.zeros(n), "effort": effort, "usual_scale": 1.0, "weight": 10.0}
        ).organisations.innovations.mean()
        for effort in (4.0, 8.0)
    )
    # Twice the completed work: 2^0.6 = 1.52 as many.
    assert double / flat == pytest.approx(2**0.6, rel=0.03)


def test_no_research_no_innovation() -> None:
    world = after({"region": [0, 0], "effort": [0.0, 4.0], "is_research_active": [True, False]})
    o = world.organisations
    assert not o.innovations.any() and not o.innovation_value.any()
    assert not o.work_in_progress.any()


@pytest.mark.parametrize(("kind", "lag"), [(0, 1.5), (LABORATORY, 6.0)])
def test_codified_results_reach_the_pool_once_after_their_lag(kind: int, lag: float) -> None:
    world = small_world({"region": [1], "kind": kind, "effort": [400.0]})
    world.cells.pool[:] = 0.0
    frozen = usual(pool_depreciation=0.0)
    innovate(world, frozen, PLAIN)
    value = float(world.organisations.innovation_value[0])
    world.organisations.effort[:] = world.organisations.work_in_progress[:] = 0.0
    arrived, before = [], 0.0
    for _ in range(600):
        innovate(world, frozen, PLAIN)
        arrived.append(float(world.cells.pool.sum()) - before)
        before = float(world.cells.pool.sum())
    assert before == pytest.approx(0.3 * value)
    assert world.cells.pool[1, 0] == pytest.approx(before)
    quarters = np.arange(1, 601)
    mean = float(np.sum(quarters * arrived) / before)
    assert mean == pytest.approx(4 * lag, rel=0.02)


def test_the_pool_becomes_obsolete() -> None:
    world = after({"region": [0]})
    assert world.cells.pool == pytest.approx(10 * (1 - per_quarter(0.10)))


@given(
    st.lists(st.floats(0, 50, allow_subnormal=False), min_size=3, max_size=3),
    st.lists(st.floats(0, 50, allow_subnormal=False), min_size=3, max_size=3),
    st.lists(st.floats(0, 1), min_size=3, max_size=3),
    st.lists(st.floats(0.25, 6), min_size=3, max_size=3),
    st.integers(0, 1000),
)
def test_nothing_is_negative_and_work_is_conserved(
    effort: list[float], work: list[float], broken: list[float], length: list[float], seed: int
) -> None:
    world = small_world(
        {"region": [0, 0, 1], "kind": [0, 1, 2], "effort": effort, "work_in_progress": work,
         "interrupted": broken, "project_length": length, "award_misfit": 1.0,
         "spending": 1.0, "grant_research": 3.0, "award_quality": -3.0},
    )  # fmt: skip
    world.seed = seed
    innovate(world, USUAL, WORK)
    o = world.organisations
    assert np.all(o.work_in_progress >= 0)
    assert np.all(o.work_in_progress <= np.array(work) + np.array(effort) + 1e-9)
    assert np.all(o.portfolio_quality >= 0) and np.all(o.innovation_value >= 0)
    assert np.all((o.portfolio_length > 0.2499) & (o.portfolio_length < 6.0001))
    assert np.all(world.cells.pool >= 0)
