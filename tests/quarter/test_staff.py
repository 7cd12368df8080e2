"""Staff: hiring, layoff, experience, wages, and people who move between regions."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import COST, small_world

from sim.parameters import neutral, per_quarter, per_quarter_of_half_life
from sim.quarter.staff import StaffAssumptions, begin, staff
from sim.quarter.staff.hiring import fill_rate, share_on_awards
from sim.world.state import LABORATORY, World

# Numbers that are easy by hand, and that a new calibration does not move.
usual = partial(
    StaffAssumptions, hiring_speed=0.3, layoff_speed=0.75, quit_rate=0.15, retirement=0.04
)

USUAL = usual()


def staffed(columns: dict[str, Any], assumptions: StaffAssumptions = USUAL) -> World:
    """A small world of laboratories after one quarter of staffing."""
    world = small_world({"kind": LABORATORY, **columns})
    staff(world, assumptions)
    return world


def test_hiring_by_hand() -> None:
    world = staffed({"region": [0], "researchers": [10.0], "desired_researchers": [20.0]},
                    usual(retirement=0.0))  # fmt: skip
    o = world.organisations
    # 0.30 of ten open posts; at a horizon of 8 years 8 / 8.5 of candidates accept.
    hired = 0.3 * 10 * 8 / 8.5
    assert o.hired[0] == pytest.approx(hired)
    assert o.researchers[0] == pytest.approx(10 + hired)
    # Experience: ten at 1 and the newcomers at 0.5, who then learn.
    mixed = (10 + 0.5 * hired) / (10 + hired)
    learnt = mixed + (1 - mixed) * per_quarter_of_half_life(1.5)
    assert o.experience[0] == pytest.approx(learnt)
    assert o.effort[0] == pytest.approx((10 + hired) * learnt * COST / 4)
    assert o.spending[0] == pytest.approx((10 + hired) * COST / 4)
    assert world.regions.pool_hired[0] == pytest.approx(hired)


def test_layoff_by_hand() -> None:
    world = staffed(
        {"region": [0], "researchers": [10.0], "desired_researchers": [2.0], "knowledge": [5.0],
         "weight": [3.0]},
        usual(retirement=0.0, layoff_speed=0.75),
    )  # fmt: skip
    o = world.organisations
    assert o.lost[0] == pytest.approx(0.75 * 8)
    assert o.interrupted[0] == pytest.approx(0.6)
    # 40 % of knowledge is tacit; six tenths of those who carry it are gone.
    assert o.knowledge_lost[0] == pytest.approx(0.4 * 0.6 * 5)
    # Three real laboratories; half of those let go stay as candidates.
    assert world.regions.pool_returned[0] == pytest.approx(9.0)
    assert world.regions.left_research[0] == pytest.approx(9.0)


def test_people_leave_posts_with_less_than_two_quarters_promised() -> None:
    world = staffed(
        {"region": [0, 0], "researchers": 10.0, "desired_researchers": 10.0, "security": [1.0, 2.0],
         "grant_research": 0.5, "promised": 0.5, "grant_memory": 0.5, "base_income": 0.5},
    )  # fmt: skip
    # Half of the team is on awards, half a horizon of two quarters is missing: 0.15 · 0.25.
    assert world.organisations.lost == pytest.approx([0.375, 0.0])


def test_leavers_are_replaced_whether_or_not_the_team_is_a_trace_too_large() -> None:
    world = staffed(
        {"region": [0, 0, 0], "researchers": [10.0, 10.0 + 1e-9, 11.0], "desired_researchers": 10.0}
    )
    # Half of the eleventh's post is gone after layoff and retirement: nobody is hired for it.
    retired = 10.0 * per_quarter(USUAL.retirement)
    hired = USUAL.hiring_speed * 8 / 8.5 * retired
    assert world.organisations.hired == pytest.approx([hired, hired, 0.0], abs=1e-8)


def test_share_on_awards() -> None:
    grants = np.array([1.0, 1.0, 0.0, 0.0])
    promised = np.array([1.0, 0.0, 0.0, 0.0])
    remembered = np.array([1.0, 1.0, 0.7, 0.7])
    unpaid = np.array([0.0, 0.0, 0.9, 0.1])
    teams = zip(grants, promised, remembered, [0.3] * 4, unpaid, strict=True)
    share = [share_on_awards(*team) for team in teams]
    # An award; the subsidy of ties, which nobody promised; a gap; a gap that cash bridges.
    assert share == pytest.approx([1 / 1.3, 0.0, 0.7 / 1.0, 0.1 / 0.4])


def test_fill_rate_by_hand() -> None:
    pool, usual = np.array([100.0, 25.0, 10.0, 0.0]), np.full(4, 100.0)
    rate = fill_rate(pool, usual, np.array([10.0, 10.0, 50.0, 1.0]), USUAL)
    # As usual; a root of a quarter; at most half of the pool for fifty posts; nobody there.
    assert rate == pytest.approx([1.0, 0.5, 0.1, 0.0])


def test_bids_and_ties_take_time_but_not_pay() -> None:
    world = staffed(
        {"region": [0, 0], "researchers": 10.0, "desired_researchers": 10.0,
         "bid_effort": [2.0, 99.0], "joint_cost": [1.0, 0.0]},
        usual(retirement=0.0),
    )  # fmt: skip
    o = world.organisations
    assert o.effort == pytest.approx([7 * COST / 4, 0.0])
    assert o.spending == pytest.approx(10 * COST / 4)


def test_wages_rise_where_posts_outnumber_people() -> None:
    columns = {"region": [0, 1], "researchers": 10.0, "desired_researchers": [40.0, 10.0]}
    world = small_world({"kind": LABORATORY, **columns})
    world.regions.skilled_pool[:] = 0.0
    staff(world, usual(retirement=0.0))
    # Nobody could be hired: four posts wanted for each researcher there.
    rise = per_quarter(0.25) * (4.0**0.15 - 1.0)
    assert world.regions.wage == pytest.approx([1 + rise, 1.0])


def test_a_region_without_research_has_usual_wages() -> None:
    world = small_world({"region": [0], "kind": LABORATORY, "researchers": [10.0]}, n_regions=2)
    world.regions.skilled_pool[1] = 0.0
    begin(world)
    staff(world, USUAL)
    assert world.regions.wage[1] == 1.0


def test_without_friction_staff_are_what_the_plan_pays() -> None:
    calm = neutral(USUAL).model_copy(update={"retirement": 0.0})
    world = staffed(
        {"region": [0, 1], "researchers": [10.0, 4.0], "desired_researchers": [12.0, 1.0],
         "horizon": 0.1}, calm,
    )  # fmt: skip
    assert world.organisations.researchers == pytest.approx([12.0, 1.0])
    assert world.organisations.knowledge_lost == pytest.approx(0.0)
    assert world.regions.wage == pytest.approx(1.0)


@given(
    st.lists(st.floats(0, 200), min_size=4, max_size=4),
    st.lists(st.floats(0, 200), min_size=4, max_size=4),
    st.lists(st.floats(0, 8), min_size=4, max_size=4),
    st.lists(st.floats(0, 100), min_size=3, max_size=3),
    st.lists(st.floats(0.5, 2), min_size=3, max_size=3),
)
def test_people_are_conserved(
    researchers: list[float], desired: list[float], security: list[float],
    pool: list[float], wage: list[float],
) -> None:  # fmt: skip
    world = small_world(
        {"region": [0, 0, 1, 2], "kind": LABORATORY, "researchers": researchers,
         "desired_researchers": desired, "security": security, "weight": [1, 2, 1, 5],
         "grant_research": 1.0, "promised": 1.0, "experience": 0.5},
        n_regions=3,
    )  # fmt: skip
    world.regions.skilled_pool[:] = pool
    world.regions.wage[:] = wage
    before = np.array(researchers)
    staff(world, USUAL)
    o, r = world.organisations, world.regions
    retired = before - o.lost + o.hired - o.researchers
    assert np.all(retired >= -1e-9) and np.all(o.researchers >= 0)
    assert np.all((o.experience >= 0) & (o.experience <= 1))
    assert np.all((o.interrupted >= 0) & (o.interrupted <= 1 + 1e-12))
    assert np.all(o.effort <= o.spending / r.wage[o.region] * np.max(r.wage) * 2)
    for region in range(3):
        mine = o.region == region
        gone = float(np.sum((o.lost * o.weight)[mine]))
        assert r.pool_returned[region] + r.left_research[region] == pytest.approx(gone)
        assert r.pool_hired[region] == pytest.approx(float(np.sum((o.hired * o.weight)[mine])))
        assert r.pool_hired[region] <= 0.5 * pool[region] + 1e-9
    assert r.migrated.sum() == pytest.approx(0.0, abs=1e-9)
    assert np.all(np.array(pool) - r.pool_hired + r.migrated >= -1e-9)


def test_people_drift_to_better_pay_and_further_ones_less() -> None:
    world = small_world({"region": [0], "kind": LABORATORY}, n_regions=3)
    world.regions.wage[:] = [1.0, 1.2, 1.2]
    world.travel[0, 2] = world.travel[2, 0] = 240.0
    staff(world, usual(wage_elasticity=0.0, wage_speed=0.0))
    moved = world.regions.migrated
    # ln 1.2 · 0.1 / 4 of 100 people leave region 0, by e^(−60/90) against e^(−240/90).
    flow = np.log(1.2) * 0.1 / 4 * 100
    near, far = np.exp(-60 / 90), np.exp(-240 / 90)
    assert moved == pytest.approx([-flow, flow * near / (near + far), flow * far / (near + far)])


def test_moves_link_those_who_lost_people_to_those_who_hired() -> None:
    world = staffed(
        {"region": [0, 0, 1], "researchers": 10.0, "desired_researchers": [20.0, 0.0, 20.0]}
    )
    m, o = world.moves, world.organisations
    # In region 1 nobody lost people.
    assert m.origin.tolist() == [o.uid[1]] and m.destination.tolist() == [o.uid[0]]
    assert m.people == pytest.approx([o.hired[0]])
