"""Levers of the money itself: how much there is, when, what it costs to run, and what returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.quarter.fund.ledger import ENDED, HOLDER_GONE, LIVE, legacy_pot
from sim.quarter.fund.plans import open_pots
from sim.quarter.fund.programmes import Allocation, Programme

Open = Callable[..., Any]


def one_programme(**levers: Any) -> dict[str, Programme]:
    return {"one": Programme(**levers)}


def test_share_divides_the_budget() -> None:
    pots = open_pots({"a": Programme(share=0.75), "b": Programme(share=0.2)}, 400.0, 0.05, 3, 1)
    yearly = {pot.name: float(pot.budget[:4].sum()) for pot in pots}
    assert yearly == pytest.approx({"a": 300.0, "b": 80.0, "tie subsidy": 20.0})
    assert all(len(pot.budget) == len(pot.release) == 12 for pot in pots)


def test_pots_split_a_programme_and_its_luck() -> None:
    pots = open_pots(one_programme(pots=4, volatility=0.3), 400.0, 0.0, 5, 1)
    assert len({pot.uid for pot in pots}) == len(pots) == 4
    assert sorted(pot.index for pot in pots) == [0, 1, 2, 3]
    for pot in pots:
        np.testing.assert_allclose(pot.budget, 25.0)
    assert len({float(pot.release[0]) for pot in pots}) == 4


def test_each_pot_bears_its_own_overhead(office: Open) -> None:
    def overhead(pots: int) -> float:
        one = office(pots=pots, overhead_share=0.04, pot_overhead=0.4, budget=100.0)
        one.run(2)
        return float(one.world.pots.overhead.sum())

    # Two quarters: 4 % of £50m, and £0.2m for each pot.
    assert overhead(1) == pytest.approx(2.0 + 0.2)
    assert overhead(5) == pytest.approx(2.0 + 1.0)


def test_pots_are_blind_to_one_another(office: Open) -> None:
    """Each counts only its own awards: with three, one may hold more than it could of one."""

    def most_held(pots: int) -> int:
        levers = {"award_size": 50.0, "budget": 20_000.0, "award_length": 5.0}
        one = office(allocation="competition", pots=pots, **levers)
        for _ in range(9):
            awards = one.run()
        assert len(np.unique(awards.quality)) == len(awards)  # no idea is paid for twice
        pays = (awards.start <= one.world.quarter) & (one.world.quarter < awards.end)
        return int(np.unique(awards.holder[pays], return_counts=True)[1].max())

    # An award larger than the holder can absorb leaves it one place in each pot.
    assert most_held(1) == 1
    assert 1 < most_held(3) <= 3


@pytest.mark.parametrize(
    ("released", "expected"),
    [
        (10.0, 0.5 + 0.2),  # 5 % of £10m, and a quarter of £0.8m
        (0.1, 0.1),  # never more than there is
        (0.0, 0.0),
    ],
)
def test_overhead_is_a_share_and_a_fixed_cost(released: float, expected: float) -> None:
    (pot,) = open_pots(one_programme(overhead_share=0.05, pot_overhead=0.8), 40.0, 0.0, 1, 1)
    assert pot.overhead(released) == pytest.approx(expected)
    assert pot.award_flow(0) == pytest.approx(10.0 - 0.7)


def test_volatility_moves_the_release_from_year_to_year_and_not_the_budget() -> None:
    for seed in range(5):
        (pot,) = open_pots(one_programme(volatility=0.3), 40.0, 0.0, 60, seed)
        np.testing.assert_array_equal(pot.budget, 10.0)
        by_year = pot.release.reshape(60, 4)
        np.testing.assert_array_equal(by_year, by_year[:, :1].repeat(4, axis=1))
        # The standard error of a standard deviation of 60 draws is 0.3/√120.
        assert abs(np.log(by_year[:, 0]).std(ddof=1) - 0.3) < 4 * 0.3 / np.sqrt(120)
        assert pot.release.sum() == pytest.approx(pot.budget.sum(), rel=1e-12)
    (still,) = open_pots(one_programme(volatility=0.0), 40.0, 0.0, 60, 1)
    np.testing.assert_array_equal(still.release, still.budget)


def test_a_lean_year_breaks_promises_alike(office: Open) -> None:
    """Where the pot has 60 % of what it promised, every award gets 60 %."""
    one = office(allocation="competition", award_size=0.05, budget=10.0)
    one.run()
    awards, book = one.world.awards, one.world.pots
    awards.end[:] = 40
    promised = np.sum(awards.payment * awards.weight)
    book.balance[0] = 0.6 * promised - 2.5  # and £2.5m are released
    one.run()
    awards = one.world.awards
    np.testing.assert_allclose(awards.paid, 0.6 * awards.payment)
    assert book.broken[0] == pytest.approx(0.4 * promised)
    assert book.balance[0] == pytest.approx(0.0, abs=1e-12)


def test_idle_money_is_placed_within_about_a_year(office: Open) -> None:
    """A quarter of what lies idle, and at most half of what was promised, goes on top."""
    one = office(allocation="competition", award_size=0.05, budget=10.0)
    one.run()
    awards, book = one.world.awards, one.world.pots
    awards.end[:] = 40
    promised = np.sum(awards.payment * awards.weight)
    book.balance[0] = promised - 2.5 + 0.4 * promised
    one.run()
    np.testing.assert_allclose(awards.paid, 1.1 * awards.payment)
    book.balance[0] = promised - 2.5 + 40 * promised
    one.run()
    np.testing.assert_allclose(awards.paid, 1.5 * awards.payment)


@pytest.mark.parametrize("carry_over", [True, False])
def test_carry_over_lets_a_holder_keep_what_is_unspent(office: Open, carry_over: bool) -> None:
    one = office(allocation="competition", carry_over=carry_over, award_length=5)
    o, book = one.world.organisations, one.world.pots
    # Holders spend half of all their money.
    for _ in range(4):
        one.run()
        o.spending[:] = 0.5 * (o.base_income + o.own_rd + one.grants())
    awards = one.world.awards
    left = 0.5 * np.sum(awards.unspent * awards.weight)
    assert left > 1.0
    assert book.returned[0] == 0.0  # the year is not over
    paid, of_holder = float(book.payments[0]), o.uid[awards.holder_row[0]]
    one.run()
    if carry_over:
        assert book.returned[0] == 0.0
        assert o.returned.sum() == 0.0
    else:
        assert book.returned[0] == pytest.approx(left)
        assert np.sum(o.returned * o.weight) == pytest.approx(left)
        assert o.returned[o.uid == of_holder] > 0
        new = np.sum(one.world.awards.paid * one.world.awards.weight)
        assert book.payments[0] == pytest.approx(paid - left + new)
        np.testing.assert_array_equal(one.world.awards.unspent, one.world.awards.paid)


def test_unspent_is_drawn_down_with_spending(office: Open) -> None:
    one = office(allocation="competition", award_length=5, budget=20)
    one.run()
    o, awards = one.world.organisations, one.world.awards
    o.spending[:] = 0.25 * (o.base_income + o.own_rd + one.grants())
    before = awards.unspent.copy()
    one.run()
    kept = one.world.awards.unspent[: len(before)] - one.world.awards.paid[: len(before)]
    np.testing.assert_allclose(kept, 0.75 * before)


@pytest.mark.parametrize("has_ended", [False, True])
@pytest.mark.parametrize("carry_over", [True, False])
def test_what_an_exit_leaves_unspent_returns(
    office: Open, carry_over: bool, has_ended: bool
) -> None:
    """Whatever the rule of carry-over, and whether or not its award is over."""
    one = office(allocation="competition", carry_over=carry_over, award_length=5, budget=20)
    one.run()
    awards, book = one.world.awards, one.world.pots
    awards.unspent[:] = 0.0
    awards.unspent[0] = 3.0
    awards.holder_row[0] = -1
    if has_ended:
        awards.end[0] = 1
        awards.outcome[0] = ENDED
    due = 3.0 * awards.weight[0]
    one.run()
    assert book.returned[0] == pytest.approx(due)
    assert awards.outcome[0] == (ENDED if has_ended else HOLDER_GONE)
    assert awards.unspent[0] == awards.paid[0] == 0.0
    one.run()
    assert book.returned[0] == pytest.approx(due)  # once


def test_tie_subsidy_pays_every_northern_tie_alike(office: Open) -> None:
    one = office(tie_subsidy=0.25, share=0.75, budget=100.0)
    one.run()
    o, world = one.world.organisations, one.world
    north = world.regions.is_north[o.region]
    assert np.all(o.grant_ties[~north] == 0.0)
    tied = north & (o.degree > 0)
    assert np.all(o.grant_ties[north & ~tied] == 0.0)
    per_tie = o.grant_ties[tied] / o.degree[tied]
    np.testing.assert_allclose(per_tie, per_tie[0])
    # £25m a year, less 3 % for running it.
    assert np.sum(o.grant_ties * o.weight) == pytest.approx(25.0 / 4 * 0.97)
    row = [pot.name for pot in one.pots].index("tie subsidy")
    assert world.pots.payments[row] == pytest.approx(25.0 / 4 * 0.97)
    none = office(tie_subsidy=0.0)
    none.run()
    assert none.world.organisations.grant_ties.sum() == 0.0


def test_the_tie_subsidy_waits_for_ties(office: Open) -> None:
    one = office(tie_subsidy=1.0, budget=100.0, programmes={})
    one.world.organisations.degree[:] = 0
    one.run(3)
    assert one.world.pots.payments[0] == 0.0
    assert one.world.pots.balance[0] == pytest.approx(3 * 24.25)


def test_the_legacy_is_budgeted_at_what_was_promised(office: Open) -> None:
    """By hand: 2·£1m until quarter 8, £3m in quarters 6 to 9, and nothing for one that is over."""
    awards = office(allocation=Allocation.COMPETITION).run()
    awards.keep(np.arange(len(awards)) < 3)
    awards.weight[:] = [2.0, 1.0, 1.0]
    awards.payment[:] = [1.0, 3.0, 50.0]
    awards.start[:] = [0, 6, 0]
    awards.end[:] = [8, 10, 20]
    awards.outcome[:] = [LIVE, LIVE, ENDED]
    pot = legacy_pot(awards, 4, 8)  # quarters 4 … 11
    np.testing.assert_allclose(pot.budget, [2, 2, 5, 5, 3, 3, 0, 0])
    np.testing.assert_array_equal(pot.release, pot.budget)
    assert pot.overhead(5.0) == 0.0
