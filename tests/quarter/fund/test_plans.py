"""Programmes with dates, and plans that change on the way: what is budgeted, awarded and broken."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.quarter import Policy, Reform
from sim.quarter.collaborate import Collaboration
from sim.quarter.fund import FundAssumptions, fund
from sim.quarter.fund.ledger import accounts
from sim.quarter.fund.plans import NEVER, Plan, Pot, open_plans
from sim.quarter.fund.programmes import Programme
from sim.quarter.work import WorkAssumptions
from sim.world.state import World

YEARS = 10
#: A formula pays entitlements at once and without overhead: what is paid is what is planned.
USUAL: dict[str, Any] = {
    "purpose": "core", "award_length": 5.0, "renewal_probability": 0.0, "notice": 0.0,
    "decision_lead": 0.0, "overhead_share": 0.0, "pot_overhead": 0.0,
}  # fmt: skip


def programme(**levers: Any) -> Programme:
    return Programme.model_validate({**USUAL, **levers}, strict=False)


def lived(world: World, plans: list[Plan], quarters: int) -> tuple[list[float], World]:
    """Payments of each quarter under plans that come one after another."""
    by_plan = open_plans(plans, YEARS, world.seed)
    reforms = tuple(
        Reform(plan.start, pots, Collaboration())
        for plan, pots in zip(plans[1:], by_plan[1:], strict=True)
    )
    policy = Policy(by_plan[0], start=world.quarter, reforms=reforms)
    world.pots = accounts(by_plan[0], tuple(plans[0].programmes))
    paid = []
    for _ in range(quarters):
        before = world.pots.payments.sum()
        fund(
            world, policy.at(world.quarter).pots, policy.start, FundAssumptions(), WorkAssumptions()
        )
        paid.append(float(world.pots.payments.sum() - before))
        world.quarter += 1
    return paid, world


def test_a_programme_with_dates_has_money_between_them() -> None:
    plan = Plan(0, {"one": programme(opens=2, closes=5.5)}, 100.0, 0.0)
    (pot,) = open_plans([plan], YEARS, 1)[0]
    expected = np.zeros(40)
    expected[8:22] = 25.0
    np.testing.assert_array_equal(pot.budget, expected)
    np.testing.assert_array_equal(pot.release, expected)
    assert (pot.opens, pot.closes, pot.extended) == (8, 22, -1)


def test_an_amount_of_its_own_comes_beside_the_budget() -> None:
    both = {"own": programme(amount=12.0, pots=3), "rest": programme(share=1.0)}
    pots = open_plans([Plan(0, both, 100.0, 0.0)], YEARS, 1)[0]
    assert {(pot.name, float(pot.budget[0])) for pot in pots} == {("own", 1.0), ("rest", 25.0)}


def test_awards_end_with_their_programme_and_none_is_made_after_it(world: World) -> None:
    plan = Plan(0, {"one": programme(opens=1, closes=3)}, 100.0, 0.0)
    paid, world = lived(world, [plan], 20)
    np.testing.assert_allclose(paid, [0.0] * 4 + [25.0] * 8 + [0.0] * 8)
    assert world.awards.start.min() == 4  # a new programme is not staggered
    assert world.awards.end.max() == 12
    assert world.pots.broken.sum() == pytest.approx(0.0)


def test_a_renewal_does_not_outlast_the_programme(world: World) -> None:
    levers = {"award_length": 2.0, "renewal_probability": 1.0, "opens": 0, "closes": 5}
    paid, world = lived(world, [Plan(0, {"one": programme(**levers)}, 100.0, 0.0)], 24)
    np.testing.assert_allclose(paid, [25.0] * 20 + [0.0] * 4)
    assert world.awards.end.max() == 20


def test_an_end_put_off_on_the_last_day_goes_on_without_a_break(world: World) -> None:
    short = Plan(0, {"one": programme(opens=0, closes=3)}, 100.0, 0.0)
    longer = Plan(12, {"one": programme(opens=0, closes=4)}, 100.0, 0.0)
    paid, world = lived(world, [short, longer], 20)
    np.testing.assert_allclose(paid, [25.0] * 16 + [0.0] * 4)
    (pot,) = open_plans([short, longer], YEARS, 1)[1]
    assert (pot.extended, pot.since) == (12, 12)
    assert set(world.awards.terms.tolist()) == {2}


def test_a_cut_breaks_what_had_been_promised(world: World) -> None:
    """From 100 to 60 a year when five-year awards of 100 are under way."""
    plan, cut = (Plan(k, {"one": programme(opens=0)}, b, 0.0) for k, b in ((0, 100.0), (8, 60.0)))
    paid, world = lived(world, [plan, cut], 12)
    np.testing.assert_allclose(paid, [25.0] * 8 + [15.0] * 4)
    assert world.pots.broken.sum() == pytest.approx(4 * 10.0)


def test_a_programme_that_is_dropped_pays_no_more(world: World) -> None:
    one, other = programme(share=0.5), programme(share=1.0)
    plans = [
        Plan(0, {"one": one, "two": one}, 100.0, 0.0), Plan(4, {"two": other}, 100.0, 0.0),
    ]  # fmt: skip
    _, world = lived(world, plans, 8)
    payments = dict(zip([pot.name for pot in open_plans(plans, YEARS, 1)[0]], world.pots.payments,
                        strict=True))  # fmt: skip
    assert payments["one"] == pytest.approx(50.0)
    assert world.pots.budget.sum() == pytest.approx(200.0)


dates = st.none() | st.integers(0, 8).map(float)


@st.composite
def changing(draw: st.DrawFn) -> list[Plan]:
    starts = sorted(draw(st.sets(st.integers(1, 30), max_size=3)))
    plans = []
    for start in (0, *starts):
        opens = draw(dates)
        closes = draw(st.none() | st.integers(1, 9).map(lambda more, o=opens: (o or 0.0) + more))
        levers = {"volatility": draw(st.sampled_from([0.0, 0.3])), "opens": opens, "closes": closes}
        one = programme(share=0.7, award_length=draw(st.sampled_from([0.5, 2.0, 8.0])), **levers)
        own = programme(amount=draw(st.floats(0.0, 50.0)))
        plans.append(Plan(start, {"one": one, "own": own}, draw(st.floats(0.0, 200.0)), 0.3))
    return plans


@given(plans=changing(), seed=st.integers(0, 50))
def test_releases_sum_to_the_budgets_in_force(plans: list[Plan], seed: int) -> None:
    by_plan = open_plans(plans, YEARS, seed)
    names = [[(pot.name, pot.index) for pot in pots] for pots in by_plan]
    assert all(one == names[0] for one in names)
    for row in range(len(names[0])):
        pots: list[Pot] = [one[row] for one in by_plan]
        in_force = np.zeros(4 * YEARS)
        for plan, pot in zip(plans, pots, strict=True):
            in_force[plan.start :] = pot.budget[plan.start :]
            np.testing.assert_array_equal(pot.release, pots[0].release)
            assert 0 <= pot.opens < pot.closes <= NEVER
        assert pots[0].release.sum() == pytest.approx(in_force.sum(), rel=1e-12, abs=1e-12)
        assert (pots[0].release[in_force == 0.0] == 0.0).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_money_is_conserved_through_reforms(world: World, seed: int) -> None:
    world.seed = seed
    volatile = {"volatility": 0.3, "award_length": 3.0, "pots": 2, "decision_lead": 6.0}
    plans = [
        Plan(0, {"one": programme(**volatile, closes=4)}, 100.0, 0.2),
        Plan(10, {"one": programme(**volatile, closes=6, carry_over=False)}, 60.0, 0.1),
        Plan(30, {"two": programme(allocation="competition", share=0.8)}, 80.0, 0.2),
    ]
    _, world = lived(world, plans, 4 * YEARS)
    book = world.pots
    held = book.balance + (book.budget - book.released)
    np.testing.assert_allclose(book.budget, book.payments + book.overhead + held, atol=1e-9)
    np.testing.assert_allclose(book.budget, book.released, atol=1e-9)
