"""Collaborate: ties deepen while worked on, are renewed or lapse, and form by proximity."""

from __future__ import annotations

import itertools
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import COST, add_awards, add_ties, points_right, small_world

from sim import luck
from sim.quarter.collaborate import CollaborateAssumptions, Collaboration, collaborate
from sim.quarter.collaborate.ties import neighbours, tie_uids
from sim.world.state import CATAPULT, LABORATORY, World

# Numbers that are easy by hand, and that a new calibration does not move.
usual = partial(
    CollaborateAssumptions,
    base=-1.2,
    capacity=5.0,
    capacity_exponent=0.5,
    renewal=0.2,
    tie_life=2.0,
    lapse_hazard=0.8,
    trust_gain=0.2,
)

#: Nobody looks for partners.
CLOSED = Collaboration(openness=0.0, brokerage=0.0)
USUAL = usual()


def pair(n_ties: int = 1, **columns: Any) -> World:
    """Two laboratories at the best distance, with some ties between them (of one pair)."""
    world = small_world({"region": [0, 1], "kind": LABORATORY, "position_x": [0.0, 0.4]})
    add_ties(world, *[(0, 1)] * n_ties, **columns)
    return world


def many_pairs(**columns: Any) -> World:
    """Four thousand ties between ninety-one laboratories, all at one point of knowledge space."""
    n = 91
    world = small_world({"region": np.repeat([0, 1], [46, 45]), "kind": LABORATORY})
    ends = list(itertools.combinations(range(n), 2))[:4000]
    add_ties(world, *ends, **columns)
    return world


def test_trust_rises_at_work_and_falls_when_idle() -> None:
    world = pair(2, trust=0.5, works_until=[100, 8])
    collaborate(world, CLOSED, usual(lapse_hazard=0.0, renewal=0.0))
    # A quarter of 0.2 a year up; a quarter of 0.1 down.
    assert world.ties.trust == pytest.approx([0.55, 0.475])
    assert world.ties.last_used.tolist() == [8, 0]


def test_idle_ties_lapse_at_their_hazard() -> None:
    world = many_pairs(trust=0.0, works_until=0)
    collaborate(world, CLOSED, usual(best_distance=0.0, lapse_hazard=0.5))
    # Half a year's chance to last, so 0.5^¼ = 0.841 a quarter.
    kept = len(world.ties) / 4000
    assert abs(kept - 0.5**0.25) < 4 * np.sqrt(0.841 * 0.159 / 4000)


def test_ties_are_renewed_at_their_chance() -> None:
    world = many_pairs(trust=0.525, works_until=8)
    collaborate(world, CLOSED, usual(lapse_hazard=0.0, renewal=0.3))
    # Trust falls to 0.5 first; 0.30 · (0.5 + 0.5) are renewed, for two years.
    renewed = world.ties.works_until == 16
    assert abs(renewed.mean() - 0.3) < 4 * np.sqrt(0.3 * 0.7 / 4000)
    assert np.all(world.ties.spells == np.where(renewed, 2, 1))


def test_the_luck_of_ties_is_their_own() -> None:
    # In 1–2 and 5–6 the identities have one and the same exclusive-or.
    assert 1 ^ 2 == 5 ^ 6
    pairs = np.array(list(itertools.combinations(range(200), 2)))
    uids = tie_uids(*np.ascontiguousarray(pairs.T))
    assert len(set(uids.tolist())) == 199 * 100
    source, target = (int(end) for end in pairs[7])
    assert uids[7] == luck.child_uid(source, 0, target)
    big = 1 << 61
    others = tie_uids(np.array([3, 3, 3]), np.array([big + 1, big + 2, 1]))
    assert len(set(others.tolist())) == 3


def test_money_renews_across_regions_only_as_far_as_it_may() -> None:
    ends = {}
    for share in (0.0, 1.0):
        world = many_pairs(trust=0.525, works_until=8)
        world.organisations.degree[:] = 1
        world.organisations.grant_ties[:] = USUAL.tie_cost * COST / 4
        levers = CLOSED.model_copy(update={"pan_northern": share})
        collaborate(world, levers, usual(lapse_hazard=0.0, renewal=0.2))
        t, region = world.ties, world.organisations.region
        across = region[t.source_row] != region[t.target_row]
        renewed = t.works_until == 16
        ends[share] = (renewed[across].mean(), renewed[~across].mean())
    # 0.2 without money, 0.2 · (1 + 1.5) with.
    assert ends[0.0] == pytest.approx((0.2, 0.5), abs=0.06)
    assert ends[1.0] == pytest.approx((0.5, 0.5), abs=0.06)


@pytest.mark.parametrize(("bond", "until"), [(1.0, 20), (0.5, 14), (0.0, 3)])
def test_a_common_award_keeps_partners_at_work(bond: float, until: int) -> None:
    world = pair(works_until=3)
    add_awards(world, [0, 1], end=20, lead=1)
    collaborate(world, CLOSED, usual(award_bond=bond, lapse_hazard=0.0))
    # The award has twelve quarters to go; without a bond the tie stays as idle as it was.
    assert world.ties.works_until.tolist() == [until]


def test_the_longest_of_common_awards_counts_at_either_end() -> None:
    world = small_world({"region": [0, 0, 0], "kind": LABORATORY})
    add_ties(world, (0, 1), (1, 2), (0, 2), works_until=3)
    # The second works with the first and twice with the third, the third with the first; the first
    # holds one award alone, and one of the third that has not begun.
    add_awards(
        world,
        [1, 1, 1, 2, 0, 0],
        lead=[1, 3, 3, 1, 1, 3],
        start=[0, 0, 0, 0, 0, 9],
        end=[30, 20, 24, 14, 40, 40],
    )
    collaborate(world, CLOSED, usual(award_bond=1.0, lapse_hazard=0.0))
    assert world.ties.works_until.tolist() == [30, 24, 14]


def test_neighbours_by_hand() -> None:
    first, other, tie = neighbours(np.array([0, 0, 2]), np.array([1, 2, 3]), 5)
    assert first.tolist() == [0, 2, 3, 5, 6, 6]
    assert other.tolist() == [1, 2, 0, 0, 3, 2]
    assert tie.tolist() == [0, 1, 0, 1, 2, 2]


def test_nobody_forms_ties_alone_or_without_seeking() -> None:
    alone = small_world({"region": [0], "kind": LABORATORY, "researchers": [100.0]})
    collaborate(alone, Collaboration(openness=8.0), USUAL)
    assert len(alone.ties) == 0
    world = small_world({"region": [0] * 50, "kind": LABORATORY})
    collaborate(world, CLOSED, USUAL)
    assert len(world.ties) == 0 and not world.organisations.degree.any()


def lived_together(levers: Collaboration, quarters: int = 8, **columns: Any) -> World:
    """A hundred laboratories in two regions after some quarters of looking for partners."""
    values = {"region": np.repeat([0, 1], 50), "kind": LABORATORY, "researchers": 10.0, **columns}
    world = small_world(values)
    for _ in range(quarters):
        collaborate(world, levers, USUAL)
        world.quarter += 1
    return world


def test_ties_are_single_ordered_and_counted() -> None:
    world = lived_together(Collaboration(openness=6.0))
    t, o = world.ties, world.organisations
    assert len(t) > 50 and points_right(world)
    assert np.all(t.source < t.target)
    assert len({*zip(t.source.tolist(), t.target.tolist(), strict=True)}) == len(t)
    ends = np.bincount(np.concatenate([t.source_row, t.target_row]), minlength=100)
    np.testing.assert_array_equal(o.degree, ends)
    np.testing.assert_allclose(o.joint_cost, USUAL.tie_cost * o.degree)


def test_near_partners_are_found_more_often() -> None:
    t = lived_together(Collaboration(openness=6.0, reach=20.0)).ties
    within = (t.source_row < 50) == (t.target_row < 50)
    # e^(−60/20) / e^(−20/20) = 0.14 of searches go to the other region.
    assert within.mean() > 0.75


def test_a_catapult_introduces_organisations() -> None:
    kind = np.full(100, LABORATORY)
    kind[0] = CATAPULT
    columns = {"kind": kind, "researchers": np.where(kind == CATAPULT, 40.0, 10.0)}
    t = lived_together(Collaboration(openness=0.0, brokerage=2.0), **columns).ties
    assert len(t) > 3 and t.is_brokered.all()
    none = lived_together(Collaboration(openness=0.0, brokerage=0.0), **columns)
    assert len(none.ties) == 0


def test_capacity_bounds_the_ties() -> None:
    world = lived_together(Collaboration(openness=8.0), 40, researchers=1.0)
    assert world.organisations.degree.max() == 5


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3), st.integers(0, 20), st.integers(0, 99))
def test_trust_stays_in_bounds(trust: list[float], until: int, seed: int) -> None:
    world = small_world({"region": [0, 0, 1], "kind": LABORATORY})
    world.seed = seed
    add_ties(world, (0, 1), (0, 2), (1, 2), trust=trust, works_until=until)
    for _ in range(12):
        collaborate(world, CLOSED, USUAL)
        world.quarter += 1
        assert np.all((world.ties.trust >= 0) & (world.ties.trust <= 1))
