"""Place: capital, crowding, practice in bidding, and the pool of skilled people."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import small_world

from sim.parameters import per_quarter
from sim.quarter.place import PlaceAssumptions, begin, place
from sim.world.state import World

USUAL = PlaceAssumptions()


def quiet() -> World:
    """Two regions without anything going on: a firm of ten jobs in each."""
    world = small_world({"region": [0, 1]})
    begin(world)
    return world


def test_quiet_places_keep_their_capital_and_pool() -> None:
    world = quiet()
    for _ in range(40):
        place(world, USUAL)
    assert world.regions.place_capital == pytest.approx(100.0)
    assert world.regions.skilled_pool == pytest.approx(100.0)
    assert world.regions.congestion == pytest.approx(0.0)


def test_capital_by_hand() -> None:
    world = quiet()
    r = world.regions
    r.place_grant[:] = [6.25, 0.0]
    r.place_quality[0], r.place_misfit[0] = 1.0, 0.1
    r.place_bid_cost[1] = 0.5
    place(world, USUAL)
    decay = per_quarter(0.045)
    # What can be built in a quarter is a sixteenth of the capital, 6.25: a half is lost.
    built = 6.25 * np.exp(0.13) * 0.9 / 2
    assert r.place_capital == pytest.approx([100 + built, 100 - 0.5])
    assert decay * 100 > 0.5  # the bid took part of the upkeep and not more


def test_a_burst_builds_less_than_a_steady_flow() -> None:
    steady, burst = quiet(), quiet()
    for quarter in range(8):
        steady.regions.place_grant[:] = 1.0
        burst.regions.place_grant[:] = 8.0 if quarter == 7 else 0.0
        place(steady, USUAL)
        place(burst, USUAL)
    assert np.all(burst.regions.place_capital < steady.regions.place_capital)


def test_capital_fades_at_its_rate() -> None:
    world = quiet()
    world.regions.place_capital[0] = 200.0
    for _ in range(4):
        place(world, USUAL)
    assert world.regions.place_capital == pytest.approx([100 + 100 * 0.955, 100.0])


def test_crowding_by_hand() -> None:
    world = quiet()
    world.organisations.jobs[0] = 111.0
    place(world, USUAL)
    growth = np.log(1111 / 1010)
    assert world.regions.congestion == pytest.approx([per_quarter(0.2) * 0.04 * growth, 0.0])


def test_practice_is_kept_at_the_usual_number_of_bids() -> None:
    world = quiet()
    for _ in range(80):
        world.regions.n_bids[:] = world.regions.bids_usual
        place(world, USUAL)
    assert world.regions.bid_capacity == pytest.approx(1.0, abs=0.1)


def test_practice_is_forgotten_and_grows_with_bids() -> None:
    world = quiet()
    for _ in range(4):
        world.regions.n_bids[:] = world.regions.bids_usual * [0, 2]
        place(world, USUAL)
    # A fifth a year is forgotten; 0.05 a quarter is learnt for each usual number of bids.
    kept = 0.8**0.25
    learnt = 0.1 * (1 + kept + kept**2 + kept**3)
    assert world.regions.bid_capacity == pytest.approx([0.8, 0.8 + learnt])


def test_the_pool_by_hand() -> None:
    world = quiet()
    r = world.regions
    r.pool_hired[:], r.pool_returned[:], r.migrated[:] = [10.0, 0.0], [4.0, 0.0], [-2.0, 2.0]
    r.graduates[:], r.posts_open[:] = [40.0, 0.0], [1.0, 3.0]
    place(world, PlaceAssumptions(pool_return=0.0))
    # Ten graduates a quarter, 4.5 of whom stay; 5.5 go where the posts are, one to three.
    assert r.skilled_pool == pytest.approx([100 - 10 + 4 - 2 + 4.5 + 1.375, 102 + 4.125])


@given(
    st.lists(st.floats(0, 500), min_size=2, max_size=2),
    st.lists(st.floats(0, 50), min_size=2, max_size=2),
    st.lists(st.floats(0, 50), min_size=2, max_size=2),
    st.floats(-5, 5),
    st.lists(st.floats(0, 100), min_size=2, max_size=2),
    st.lists(st.floats(0, 100), min_size=2, max_size=2),
)
def test_nobody_vanishes_and_nothing_is_negative(
    pool: list[float], hired: list[float], returned: list[float], moved: float,
    grants: list[float], bids: list[float],
) -> None:  # fmt: skip
    world = quiet()
    r = world.regions
    r.skilled_pool[:] = np.array(pool) + 55.0
    r.pool_hired[:], r.pool_returned[:], r.migrated[:] = hired, returned, [moved, -moved]
    r.graduates[:], r.posts_open[:] = 8.0, [1.0, 2.0]
    r.place_grant[:], r.place_bid_cost[:], r.n_bids[:] = grants, 10.0, bids
    before = r.skilled_pool.sum()
    place(world, PlaceAssumptions(pool_return=0.0))
    # Two regions with two graduates a quarter each.
    assert r.skilled_pool.sum() == pytest.approx(before - sum(hired) + sum(returned) + 4.0)
    assert np.all(r.skilled_pool >= 0) and np.all(r.place_capital > 0)
    assert np.all((r.bid_capacity >= 0.2) & (r.bid_capacity <= 3.0))
