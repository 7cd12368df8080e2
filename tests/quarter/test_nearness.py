"""Nearness by hand: two regions an hour apart."""

from __future__ import annotations

import numpy as np

from sim.quarter.nearness import chance_by_region, nearness, region_met

TRAVEL = np.array([[20.0, 60.0], [60.0, 30.0]])


def test_nearness_falls_to_a_part_of_e_over_its_reach() -> None:
    found = nearness(TRAVEL, 60.0)
    np.testing.assert_allclose(found, np.exp([[-1 / 3, -1.0], [-1.0, -0.5]]), rtol=1e-14)


def test_a_region_is_met_by_nearness_and_mass() -> None:
    near = np.array([[1.0, 0.5], [0.5, 1.0]])
    # From the first 1 · 3 against 0.5 · 2; from the second 0.5 · 3 against 1 · 2.
    found = chance_by_region(near, np.array([3.0, 2.0]))
    np.testing.assert_allclose(found, [[3 / 4, 1.0], [1.5 / 3.5, 1.0]], rtol=1e-14)


def test_the_region_met_is_the_first_whose_chance_reaches_the_draw() -> None:
    chance = np.array([[0.2, 0.5, 1.0], [0.6, 0.9, 1.0]])
    draws = (0.1, 0.2, 0.3, 0.55, 0.8, 0.95, 1.0)
    assert [region_met(chance, 0, u) for u in draws] == [0, 0, 1, 2, 2, 2, 2]
    assert [region_met(chance, 1, u) for u in draws] == [0, 0, 0, 0, 1, 2, 2]
