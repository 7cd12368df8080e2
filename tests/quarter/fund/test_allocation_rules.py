"""Who gets the money of a call: each rule worked by hand, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.quarter.fund.allocation import ALLOCATIONS, Call, fund_by_pot, fund_in_order

RANKED = ("competition", "staged", "lottery", "devolved")


def call(n: int, **given: Any) -> Call:
    """A call of ``n`` proposals of £1m a quarter each, and £1m to give; the rest as given."""
    columns: dict[str, Any] = {
        "region": np.zeros(n, np.int64),
        "score": np.zeros(n),
        "local_score": np.zeros(n),
        "basis": np.ones(n),
        "lot": np.full(n, 0.5),
        "cost": np.ones(n),
        "ceiling": np.full(n, 1e9),
        "is_open": np.ones(n, np.bool_),
        "free": 1.0,
        "flow": 1.0,
        "region_free": np.ones(1),
    }
    for name, values in given.items():
        columns[name] = values if np.isscalar(values) else np.asarray(values)
    return Call(**columns)


def amounts(rule: str, one: Call) -> NDArray[np.float64]:
    """£m a quarter that each proposal gets."""
    chosen, part = ALLOCATIONS[rule](one)
    out = np.zeros(len(one.cost))
    out[chosen] = part * one.cost[chosen]
    return out


@pytest.mark.parametrize("rule", ["competition", "staged"])
def test_a_ranking_funds_from_the_top(rule: str) -> None:
    # Ranked: 2 (score 3, cost 4), 0 (2, cost 3), 3 (1, cost 5), 1 (0, cost 1). Of £9m: 4 go
    # to the first, 3 to the second; £2m of 5 is less than half, so the third gets none; 1 to 1.
    one = call(4, score=[2.0, 0.0, 3.0, 1.0], cost=[3.0, 1.0, 4.0, 5.0], free=9.0)
    np.testing.assert_allclose(amounts(rule, one), [3, 1, 4, 0])


def test_the_last_that_fits_by_half_is_funded_in_part() -> None:
    # £5m: 4 to the first, and £1m of the £2m that the second asks, which is just half.
    order, cost = np.array([1, 0, 2]), np.array([2.0, 4.0, 3.0])
    np.testing.assert_allclose(fund_in_order(order, cost, 5.0), [0.5, 1.0, 0.0])
    # Out of a pot of its own, the third gets all that it asks.
    free, own_pot = np.array([5.0, 3.0]), np.array([0, 0, 1])
    np.testing.assert_allclose(fund_by_pot(order, cost, free, own_pot), [0.5, 1.0, 1.0])
    assert free.tolist() == [5.0, 3.0]


def test_equal_scores_are_funded_in_the_order_of_arrival() -> None:
    np.testing.assert_allclose(amounts("competition", call(3, free=2.0)), [1, 1, 0])


def test_a_lottery_draws_among_the_fundable_half() -> None:
    # The median score is 1.5: 1, 3 and 4 are fundable. By lot: 4 (0.2), 1 (0.6), 3 (0.8); 0 has
    # the lowest lot of all and is not fundable. £2m is enough for two.
    one = call(
        6,
        score=[1.0, 2.0, 0.0, 5.0, 3.0, -1.0],
        lot=[0.1, 0.6, 0.3, 0.8, 0.2, 0.05],
        free=2.0,
    )
    np.testing.assert_allclose(amounts("lottery", one), [0, 1, 0, 0, 1, 0])


def test_a_formula_fills_the_small_vessels_first() -> None:
    # £12m by basis 1:2:3 is 2, 4, 6. The second holds only 1, so 11 is left for the bases 1:3,
    # that is 2.75 and 8.25; the third holds only 5, so the first gets all that is left, 6.
    one = call(3, basis=[1.0, 2.0, 3.0], ceiling=[10.0, 1.0, 5.0], cost=[10.0, 1.0, 5.0], flow=12.0)
    np.testing.assert_allclose(
        amounts("formula", call(**{**one._asdict(), "n": 3, "free": 12.0})), [6, 1, 5]
    )


def test_a_formula_leaves_what_nobody_can_absorb() -> None:
    one = call(2, basis=[1.0, 1.0], ceiling=[2.0, 3.0], cost=[2.0, 3.0], flow=12.0, free=12.0)
    np.testing.assert_allclose(amounts("formula", one), [2, 3])


def test_a_formula_keeps_the_part_of_those_who_hold_theirs_already() -> None:
    # Entitlements of £12m by 1:2:3 are 2, 4, 6. The third holds its award; the pot has £3m free,
    # half of what the other two are due.
    one = call(
        3,
        basis=[1.0, 2.0, 3.0],
        is_open=np.array([True, True, False]),
        ceiling=[10.0, 10.0, 10.0],
        cost=[10.0, 10.0, 10.0],
        flow=12.0,
        free=3.0,
    )
    np.testing.assert_allclose(amounts("formula", one), [1, 2, 0])


def test_each_region_spends_its_own_pot_with_its_own_eyes() -> None:
    # Region 0 has £1m and thinks most of 2; region 1 has £2m and takes both of its own, though
    # the nation would rank 0 first and has no eye for 3.
    one = call(
        4,
        region=[0, 1, 0, 1],
        score=[9.0, 2.0, 1.0, 0.0],
        local_score=[1.0, 0.0, 2.0, 5.0],
        region_free=np.array([1.0, 2.0]),
        free=3.0,
    )
    np.testing.assert_allclose(amounts("devolved", one), [0, 1, 1, 1])


def test_regions_together_never_promise_more_than_the_pot_has() -> None:
    # A third region has more than its part, so of the £4m of room in the other two only £2m is
    # there: each is cut alike, to £1m.
    one = call(
        4,
        region=[0, 0, 1, 1],
        local_score=[1.0, 0.0, 1.0, 0.0],
        region_free=np.array([2.0, 2.0, 0.0]),
        free=2.0,
    )
    np.testing.assert_allclose(amounts("devolved", one), [1, 0, 1, 0])


def test_nobody_asks_and_nothing_happens() -> None:
    for rule in ALLOCATIONS:
        assert amounts(rule, call(0)).sum() == 0.0


def test_only_the_rule_named_decides() -> None:
    # 0 has the best score, 1 the lowest lot, 2 the best name at home, 3 the largest basis.
    one = call(
        4,
        score=[3.0, 2.0, 0.0, 1.0],
        lot=[0.9, 0.1, 0.2, 0.3],
        local_score=[0.0, 1.0, 5.0, 2.0],
        basis=[1.0, 1.0, 1.0, 97.0],
    )
    best = {rule: int(np.argmax(amounts(rule, one))) for rule in ALLOCATIONS}
    assert best == {"competition": 0, "staged": 0, "lottery": 1, "devolved": 2, "formula": 3}


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """Any call: proposals of every size, part of the pot free, regions with less or more."""
    n = draw(st.integers(0, 12))

    def column(low: float, high: float) -> Sequence[float]:
        values = st.floats(low, high).filter(lambda x: x == 0.0 or abs(x) > 1e-6)
        return draw(st.lists(values, min_size=n, max_size=n))

    flow = draw(st.floats(0.01, 50.0))
    return call(
        n,
        region=np.array(draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)), np.int64),
        score=np.array(column(-3, 3)),
        local_score=np.array(column(-3, 3)),
        basis=np.array(column(0.0, 10.0)),
        lot=np.array(column(0.01, 0.99)),
        cost=np.array(column(0.0, 20.0)),
        ceiling=np.array(column(0.0, 20.0)),
        is_open=np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)), np.bool_),
        free=flow * draw(st.floats(0.0, 1.0)),
        flow=flow,
        region_free=np.array([draw(st.floats(0.0, 50.0)) for _ in range(3)]),
    )


@pytest.mark.parametrize("rule", list(ALLOCATIONS))
@settings(max_examples=40, deadline=None)
@given(one=calls())
def test_never_more_than_is_free(rule: str, one: Call) -> None:
    chosen, part = ALLOCATIONS[rule](one)
    assert len(np.unique(chosen)) == len(chosen)
    assert np.all(part > 0.0)
    assert np.sum(part * one.cost[chosen]) <= one.free * (1 + 1e-9) + 1e-12
    if rule in RANKED:
        assert np.all((part >= 0.5) & (part <= 1.0))
    else:
        assert np.all(part * one.cost[chosen] <= one.ceiling[chosen] * (1 + 1e-9))


@settings(max_examples=40, deadline=None)
@given(one=calls())
def test_no_region_spends_more_than_its_own(one: Call) -> None:
    spent = np.bincount(one.region, amounts("devolved", one), 3)
    assert np.all(spent <= one.region_free * (1 + 1e-9) + 1e-12)


@settings(max_examples=40, deadline=None)
@given(one=calls())
def test_a_formula_gives_only_to_those_without_an_award(one: Call) -> None:
    chosen, _ = ALLOCATIONS["formula"](one)
    assert np.all(one.is_open[chosen])
    assert np.all(one.basis[chosen] > 0)
