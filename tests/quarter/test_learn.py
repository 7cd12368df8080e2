"""Learn: the knowledge equation, spillovers over ties and from places, and positions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import add_ties, small_world

from sim.parameters import per_quarter
from sim.quarter.learn import LearnAssumptions, knowledge_at_hand, learn
from sim.world.state import World

#: Nothing spills over and nothing moves.
ALONE = LearnAssumptions(tie_spillover=0.0, place_spillover=0.0, drift=0.0, convergence=0.0)


def two(**columns: Any) -> World:
    """Two firms of one place at the best distance in knowledge space, with a tie of trust 0.5."""
    world = small_world({"region": [0, 0], "position_x": [0.0, 0.4], **columns})
    add_ties(world, (0, 1))
    return world


def test_knowledge_by_hand() -> None:
    world = small_world(
        {"region": [0], "knowledge": [10.0], "knowledge_lost": [2.0], "effort": [1.0],
         "innovation_value": [0.3]},
    )  # fmt: skip
    learn(world, ALONE)
    kept = 0.85**0.25 * (10 - 2)
    assert world.organisations.knowledge[0] == pytest.approx(kept + 0.5 * 1 + 0.3)


def test_the_steady_state_of_a_constant_effort() -> None:
    world = small_world({"region": [0], "effort": [1.0], "innovation_value": [0.5]})
    for _ in range(400):
        learn(world, ALONE)
    # Half is learnt at work and half arrives: 1 / δ.
    assert world.organisations.knowledge[0] == pytest.approx(1 / per_quarter(0.15), rel=1e-6)


def test_spillover_over_a_tie_by_hand() -> None:
    world = two(knowledge=[2.0, 8.0], base_knowledge=[2.0, 8.0])
    learn(world, LearnAssumptions(place_spillover=0.0, drift=0.0))
    # 0.015 / 4 · trust 0.5 · f(d*) 1 · a ½ · the lesser of the two stocks.
    expected = 0.015 / 4 * 0.5 * 0.5 * 2.0
    assert world.organisations.inflow == pytest.approx([expected, expected])


@pytest.mark.parametrize("distance", [0.0, 0.8])
def test_the_inverted_u_is_symmetric(distance: float) -> None:
    world = two(position_x=[0.0, distance])
    learn(world, LearnAssumptions(place_spillover=0.0, drift=0.0))
    # 0.4 from the best distance, with a width of 0.25: e^(−1.28).
    expected = 0.015 / 4 * 0.5 * 0.5 * np.exp(-0.5 * (0.4 / 0.25) ** 2)
    assert world.organisations.inflow == pytest.approx(expected)


def test_spillover_from_the_place_by_hand() -> None:
    world = small_world({"region": [0], "knowledge": [4.0], "base_knowledge": [4.0]})
    world.sectors.at_hand_start[:] = 5.0
    learn(world, LearnAssumptions(tie_spillover=0.0))
    # Own pool 10 and half of the other sector's; next door 0.03 e^(−1) of as much.
    around = 15 * (1 + 0.03 * np.exp(-1)) / 5
    assert world.organisations.inflow[0] == pytest.approx(0.004 / 4 * 0.5 * around * 4.0)


def test_knowledge_at_hand_counts_the_own_region_once() -> None:
    world = small_world({"region": [0]})
    world.cells.pool[:] = [[1.0, 0.0], [0.0, 0.0]]
    found = knowledge_at_hand(world, LearnAssumptions(cross_region=0.1))
    far = 0.1 * np.exp(-1)
    np.testing.assert_allclose(found, [[1.0, 0.5], [far, 0.5 * far]])


def test_a_technology_shock_takes_its_share_in_its_sector() -> None:
    world = small_world({"region": [0, 0], "sector": [0, 1], "knowledge": 10.0})
    world.sectors.obsolescence[1] = 0.2
    learn(world, ALONE)
    kept = 0.85**0.25 * 10
    assert world.organisations.knowledge == pytest.approx([kept, 0.8 * kept])


def test_partners_approach_each_other_and_keep_their_middle() -> None:
    world = two(position_x=[0.0, 1.0])
    learn(world, LearnAssumptions(drift=0.0))
    # 0.05 / 4 of the distance at full trust; half of it at trust ½, in halves from both ends.
    step = 0.5 * 0.05 / 4 * 0.5
    assert world.organisations.position_x == pytest.approx([step, 1 - step])


def test_firms_without_research_stay_as_they_are() -> None:
    world = small_world({"region": [0], "is_research_active": False, "knowledge": [3.0]})
    learn(world, LearnAssumptions())
    assert world.organisations.knowledge[0] == 3.0


@given(
    st.lists(st.floats(0, 1000), min_size=3, max_size=3),
    st.lists(st.floats(0, 1000), min_size=3, max_size=3),
    st.lists(st.floats(0, 10), min_size=3, max_size=3),
    st.floats(0, 1),
)
def test_knowledge_is_never_negative_and_a_partner_never_harms(
    stock: list[float], lost: list[float], effort: list[float], trust: float
) -> None:
    columns = {"region": [0, 0, 1], "knowledge": stock, "knowledge_lost": lost, "effort": effort,
               "position_x": [0.0, 0.3, 0.9]}  # fmt: skip
    alone, tied = small_world(columns), small_world(columns)
    add_ties(tied, (0, 1), (1, 2), trust=trust)
    for world in (alone, tied):
        learn(world, LearnAssumptions())
    assert np.all(alone.organisations.knowledge >= 0)
    assert np.all(tied.organisations.knowledge >= alone.organisations.knowledge - 1e-9)
    # Nobody learns from one tie more than it knows itself.
    assert np.all(tied.organisations.inflow <= 0.1 * np.array(stock) + 1e-9)
