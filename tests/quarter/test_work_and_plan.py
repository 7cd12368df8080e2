"""Work and plan: belief, the best length of work, a firm's own research, and the staff it wants."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import COST, add_awards, add_ties, small_world

from sim.parameters import per_quarter_of_half_life
from sim.quarter.fund.awards import review
from sim.quarter.fund.plans import open_pots
from sim.quarter.fund.programmes import Allocation, FundAssumptions, Programme
from sim.quarter.plan import PlanAssumptions, plan
from sim.quarter.plan.choice import best_length, own_research_ratio
from sim.quarter.work import WorkAssumptions
from sim.world.state import CATAPULT, FIRM, LABORATORY, TIES, World

# Numbers that are easy by hand, and that a new calibration does not move.
usual = partial(PlanAssumptions, grant_memory=0.5, reserve_months=1.0)

WORK = WorkAssumptions()


def planned(columns: dict[str, Any], **assumptions: Any) -> World:
    """A small world after one plan."""
    world = small_world(columns)
    plan(world, usual(**assumptions), WORK)
    return world


def test_length_exponents_are_in_the_order_of_the_kinds() -> None:
    work = WorkAssumptions(
        length_exponent_firm=0.1, length_exponent_laboratory=0.2, length_exponent_catapult=0.3
    )
    assert work.exponent_by_kind()[[FIRM, LABORATORY, CATAPULT]].tolist() == [0.1, 0.2, 0.3]


def test_best_length_without_salvage_is_exponent_times_horizon() -> None:
    # max x^φ e^(−x): φ/x = 1, so that ℓ = φ H.
    assert best_length(0.25, 0.0) == pytest.approx(0.25)


@pytest.mark.parametrize("exponent", [0.05, 0.12, 0.2])
def test_best_length_is_the_best_on_a_grid(exponent: float) -> None:
    salvage = 0.4
    grid = np.linspace(0.001, 1.0, 10_000)
    worth = grid**exponent * (salvage + (1 - salvage) * np.exp(-grid))
    assert best_length(exponent, salvage) == pytest.approx(grid[np.argmax(worth)], abs=2e-4)


@given(st.floats(1e-6, 0.25), st.floats(0, 0.99))
def test_best_length_solves_its_first_order_condition(exponent: float, salvage: float) -> None:
    found = best_length(exponent, salvage)
    assert found >= exponent
    if np.isfinite(found):
        wanted = exponent * (1.0 + salvage / (1.0 - salvage + 1e-9) * np.exp(found))
        assert found == pytest.approx(wanted, rel=1e-12)


def test_limits_of_best_length() -> None:
    assert best_length(0.0, 0.4) == 0.0  # length is worth nothing
    assert best_length(0.12, 1.0) == np.inf  # nothing is lost when money stops


def test_own_research_without_public_money() -> None:
    assert own_research_ratio(0.0, 1.0, 0.6, 0.35, 0.35) == pytest.approx(1.0)
    # x = s^(1/(1 − η)) = 0.9^2.5
    assert own_research_ratio(0.0, 0.9, 0.6, 0.35, 0.35) == pytest.approx(0.9**2.5)


def test_public_money_attracts_leaves_or_replaces_own_research() -> None:
    ratio = [own_research_ratio(0.5, 1.0, 0.6, rho, 0.35) for rho in (0.35, 0.6, 0.8)]
    assert ratio[0] > 1.0
    assert ratio[1] == pytest.approx(1.0)
    assert ratio[2] < 1.0


@given(st.floats(0, 3), st.floats(0.5, 1.0), st.floats(0.3, 0.9), st.floats(0.1, 0.6))
def test_own_research_solves_its_first_order_condition(
    public: float, security: float, elasticity: float, exponent: float
) -> None:
    x = own_research_ratio(public, security, elasticity, exponent, 0.35)
    assert 0.01 <= x <= 20.0
    if 0.0101 < x < 19.9:
        inner = x**exponent + 0.35 * (public**exponent if public > 0 else 0.0)
        right = security * inner ** ((elasticity - exponent) / exponent)
        assert x ** (1 - exponent) == pytest.approx(right, rel=1e-3)


def test_an_organisation_without_awards_plans_for_the_usual_horizon() -> None:
    o = planned({"region": [0], "kind": [LABORATORY], "base_income": [1.0]}).organisations
    assert o.horizon[0] == 8.0 and o.security[0] == 0.0 and not o.is_in_gap[0]
    # £1m a quarter is £4m a year, which pays 40 researchers of £0.1m.
    assert o.desired_researchers[0] == pytest.approx(40.0)
    assert o.project_length[0] == 8.0 * best_length(WORK.length_exponent_laboratory, WORK.salvage)


def test_believed_horizon_by_hand() -> None:
    world = small_world(
        {"region": [0], "kind": [LABORATORY], "base_income": [1.0], "continuation": [0.25],
         "credibility": [0.8]}
    )  # fmt: skip
    o = world.organisations
    o.grant_research[:] = o.promised[:] = o.grant_memory[:] = 1.0
    add_awards(world, [0], end=16, length=12)
    plan(world, usual(belief_half_life=1e9), WORK)
    # Two of three years remain, and a quarter of three more is hoped for: 2 + 0.75 = 2.75 years,
    # of which 0.8 is believed; half of the income hangs on it: (8 + 2.2) / 2.
    assert o.horizon[0] == pytest.approx(5.1)
    assert o.security[0] == pytest.approx(8.0)


def test_an_award_that_follows_lengthens_what_is_promised_and_does_not_double_it() -> None:
    world = small_world(
        {"region": [0], "kind": [LABORATORY], "base_income": [1.0], "continuation": [0.25],
         "credibility": [0.8]}
    )  # fmt: skip
    o = world.organisations
    o.grant_research[:] = o.promised[:] = o.grant_memory[:] = 1.0
    add_awards(world, [0, 0], start=[0, 16], end=[16, 28], length=12)
    plan(world, usual(belief_half_life=1e9), WORK)
    # Two years and then three: 5 + 0.75 years, of which 0.8 is believed, for half of the income.
    assert o.horizon[0] == pytest.approx((8.0 + 4.6) / 2)
    assert o.security[0] == pytest.approx(20.0)


def test_neutral_belief_plans_for_the_reference_horizon() -> None:
    world = small_world({"region": [0], "kind": [LABORATORY]})
    world.organisations.grant_research[:] = world.organisations.promised[:] = 1.0
    add_awards(world, [0], end=9)
    plan(world, usual(belief_response=0.0), WORK)
    assert world.organisations.horizon[0] == 8.0


def test_money_that_has_stopped_has_no_horizon() -> None:
    o = planned(
        {"region": [0], "kind": [LABORATORY], "base_income": [1.0], "grant_memory": [3.0]}
    ).organisations
    # A quarter of what paid for the work goes on, for eight years.
    assert o.horizon[0] == pytest.approx(2.0)


def test_a_broken_promise_lowers_belief_and_a_kept_one_raises_it() -> None:
    speed = per_quarter_of_half_life(3.0)
    world = small_world({"region": [0, 0], "kind": LABORATORY, "credibility": [0.5, 0.5]})
    world.organisations.promised[:] = 1.0
    add_awards(world, [0, 1], paid=[1.0, 0.2])
    plan(world, usual(), WORK)
    assert world.organisations.credibility == pytest.approx(
        [0.5 + speed * 0.5, 0.5 + speed * (0.2 - 0.5)]
    )


def test_a_paid_award_for_joint_work_is_a_promise_kept() -> None:
    world = small_world({"region": [0], "kind": [LABORATORY]})
    world.organisations.promised[:] = world.organisations.grant_ties[:] = 1.0
    add_awards(world, [0], purpose=TIES)
    plan(world, usual(), WORK)
    assert world.organisations.credibility[0] == 1.0


def test_partners_tell_of_broken_promises() -> None:
    world = small_world({"region": [0, 0], "kind": LABORATORY})
    add_ties(world, (0, 1))
    world.organisations.promised[0] = 1.0
    add_awards(world, [0], paid=0.0)
    plan(world, usual(partner_experience=0.5), WORK)
    speed = per_quarter_of_half_life(3.0)
    assert world.organisations.credibility == pytest.approx([1 - speed, 1 - 0.5 * speed])


def test_an_award_that_ends_on_its_date_breaks_no_promise_but_lowers_hope() -> None:
    o = planned(
        {"region": [0], "kind": [LABORATORY], "n_lapsed": [1.0], "grant_memory": [1.0],
         "continuation": [0.4]},
    ).organisations  # fmt: skip
    assert o.credibility[0] == 1.0
    assert o.continuation[0] == pytest.approx(0.4 * 0.75)


def test_an_award_that_another_follows_raises_hope() -> None:
    world = small_world(
        {"region": [0], "kind": [LABORATORY], "n_lapsed": [1.0], "grant_memory": [1.0],
         "grant_research": [1.0],
         "continuation": [0.4]},
    )  # fmt: skip
    add_awards(world, [0])
    plan(world, usual(), WORK)
    assert world.organisations.continuation[0] == pytest.approx(0.4 + 0.25 * 0.6)


def test_work_stopped_at_a_gate_lowers_hope_and_breaks_no_promise() -> None:
    world = small_world({"region": [0, 0], "kind": LABORATORY, "continuation": 0.4,
                         "grant_memory": 1.0, "promised": 0.0})  # fmt: skip
    gated = Programme(
        allocation=Allocation.STAGED, stage_gate=1.0, signal_quality=1.0, renewal_probability=0.0
    )
    pots = open_pots({"gated": gated}, 10.0, 0.0, 5, seed=1)
    add_awards(world, [0, 1], next_gate=8, decision=-1, quality=[-2.0, 2.0])
    review(world, pots, 8, FundAssumptions())
    o = world.organisations
    assert o.n_lapsed.tolist() == [1.0, 0.0]
    world.awards.paid[:] = [0.0, 1.0]
    o.grant_research[:] = [0.0, 1.0]
    plan(world, usual(), WORK)
    assert o.continuation == pytest.approx([0.4 * 0.75, 0.4])
    assert o.credibility == pytest.approx(1.0)


def test_the_subsidy_of_ties_is_no_award_that_was_lost() -> None:
    world = small_world(
        {"region": [0], "kind": [LABORATORY], "n_lapsed": [1.0], "grant_memory": [3.0],
         "grant_research": [1.0], "grant_ties": [2.0], "continuation": [0.4]},
    )  # fmt: skip
    add_awards(world, [0])
    plan(world, usual(), WORK)
    assert world.organisations.continuation[0] == pytest.approx(0.4 + 0.25 * 0.6)


def test_a_firm_without_grants_keeps_its_usual_research() -> None:
    o = planned(
        {"region": [0], "rd_intensity": [0.1], "gva": [40.0], "own_rd": [1.0], "cash": [6.0]}
    ).organisations
    # A tenth of £40m a year is £1m a quarter, at £0.1m a year forty researchers.
    assert o.own_rd[0] == pytest.approx(1.0)
    assert o.desired_researchers[0] == pytest.approx(4.0 / COST)


def test_a_firm_with_cash_bridges_three_quarters_of_a_fall() -> None:
    columns = {"region": [0], "rd_intensity": [0.1], "gva": [40.0], "own_rd": [1.0],
               "grant_memory": [1.0]}  # fmt: skip
    rich = planned({**columns, "cash": [9.0]}, habit_half_life=1e9).organisations
    poor = planned({**columns, "cash": [3.0]}, habit_half_life=1e9).organisations
    assert rich.desired_researchers[0] == pytest.approx(4 * 1.75 / COST, rel=1e-6)
    assert poor.desired_researchers[0] == pytest.approx(4 * 1.0 / COST, rel=1e-6)


def test_a_gap_begins_when_half_the_money_is_missing_and_ends_when_it_is_back() -> None:
    world = small_world({"region": [0], "kind": [LABORATORY]})
    o = world.organisations
    o.base_income[:] = 1.0
    for public, memory, expected in (
        (0.49, 1.0, True),
        (0.51, 1.0, False),
        (0.0, 0.009, False),  # under a hundredth of its income: it is no longer missed
        (0.0, 0.02, True),
    ):
        o.grant_core[:] = public
        o.grant_memory[:] = memory
        plan(world, usual(), WORK)
        assert o.is_in_gap[0] == expected, (public, memory)


@given(
    st.lists(st.floats(0, 5), min_size=3, max_size=3),
    st.lists(st.floats(-5, 20), min_size=3, max_size=3),
    st.lists(st.floats(0, 1), min_size=3, max_size=3),
    st.integers(9, 60),
)
def test_plans_stay_in_bounds(
    grants: list[float], cash: list[float], belief: list[float], end: int
) -> None:
    world = small_world(
        {"region": [0, 0, 1], "kind": [FIRM, LABORATORY, CATAPULT], "base_income": [0, 0.5, 0],
         "rd_intensity": [0.1, 0, 0], "own_rd": [0.02, 0, 0], "grant_research": grants,
         "promised": 1.0, "grant_memory": [1.0, 0.0, 3.0], "cash": cash, "credibility": belief,
         "continuation": belief, "n_lapsed": [0, 1, 2], "n_renewed": [1, 0, 1]},
    )  # fmt: skip
    add_ties(world, (0, 1), (1, 2))
    add_awards(world, [0, 1, 2], paid=grants, end=end)
    plan(world, usual(), WORK)
    o = world.organisations
    for share in (o.credibility, o.continuation):
        assert np.all((share >= 0) & (share <= 1))
    assert np.all(o.desired_researchers >= 0) and np.all(o.own_rd >= 0)
    assert np.all((o.project_length >= 0.5) & (o.project_length <= 6.0))
    assert np.all(o.horizon >= 0.1) and all(map(math.isfinite, o.horizon))
