"""Signs over a grid: known answers."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.signs import beside_change, crossings, shared_out, signs, wanting

NAN = np.nan


def test_a_sign_is_sure_where_the_whole_interval_is_on_one_side() -> None:
    low = np.array([[0.1, -1.0, -1.0, NAN, 0.0]])
    high = np.array([[1.0, 1.0, -0.1, NAN, 1.0]])
    assert signs(low, high).tolist() == [[1, 0, -1, 0, 0]]


def test_beside_a_change_are_both_its_sides_and_not_across_a_gap_or_a_corner() -> None:
    mean = np.array([[1.0, 1.0, -1.0], [1.0, NAN, 0.0]])
    assert beside_change(mean).tolist() == [[False, True, True], [False, False, False]]
    assert not beside_change(np.array([[1.0, 1.0], [1.0, NAN]])).any()
    assert not beside_change(np.array([[1.0, NAN, -1.0]])).any()
    assert beside_change(np.array([[1.0], [-1.0]])).all()


def test_runs_go_where_the_sign_is_in_doubt_and_where_something_can_be_learnt() -> None:
    mean = np.array([[5.0, 4.0, -4.0, 0.5, 0.0]])
    low, high = mean - 1.0, mean + 1.0
    low[0, 4] = high[0, 4] = 0.0  # alike: every run gave nothing
    assert wanting(mean, low, high).tolist() == [[False, True, True, True, False]]


def test_the_fewest_runs_come_first_and_no_more_than_what_is_left() -> None:
    wanted = np.array([[True, True], [False, True]])
    counts = np.array([[9, 3], [1, 3]])
    assert shared_out(wanted, counts, 4, 100).tolist() == [[4, 4], [0, 4]]
    assert shared_out(wanted, counts, 4, 6).tolist() == [[0, 4], [0, 2]]
    assert shared_out(wanted, counts, 4, 0).sum() == 0


def test_a_crossing_lies_on_the_straight_line_between_two_estimates() -> None:
    assert crossings((0.0, 1.0, 3.0), np.array([-1.0, 3.0, 1.0])) == [0.25]
    assert crossings((0.0, 1.0, 2.0, 4.0), np.array([1.0, NAN, -1.0, 1.0])) == [1.0, 3.0]
    assert crossings((0.0, 1.0), np.array([0.0, 1.0])) == []


@pytest.mark.parametrize("wall", [0.5, 2.5])
def test_a_contour_gets_the_runs(wall: float) -> None:
    """Differences of ±1 with a spread of 1, a wall between: after one round only its sides want."""
    columns = np.arange(4.0)
    mean = np.tile(np.where(columns < wall, -1.0, 1.0), (3, 1))
    wanted = wanting(mean, mean - 0.5, mean + 0.5)
    assert np.flatnonzero(wanted[0]).tolist() == [int(wall), int(wall) + 1]
