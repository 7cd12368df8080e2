"""Signs over a grid: known answers."""

from __future__ import annotations

import numpy as np

from sim.experiments.mapping import HOPEFUL, SETTLED
from sim.experiments.signs import Counts, Vector, beside_change, crossings, signs, wanting
from sim.experiments.statistics import estimate

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


def around(mean: Vector, half: float) -> tuple[Vector, Vector]:
    return mean - half, mean + half


def test_runs_go_to_the_line_and_to_what_may_yet_be_told() -> None:
    # With four times the runs a half-width of 1 becomes one of 0.5.
    mean = np.array([[5.0, 0.6, 0.4, 0.3, -0.3, -1.2, 0.0]])
    low, high = around(mean, 1.1)
    low[0, 6] = high[0, 6] = 0.0  # alike: every run gave nothing
    counts = np.full((1, 7), 5)
    found = wanting(mean, (low, high), around(mean, 1.0), counts, 20)
    assert found.tolist() == [[False, True, False, True, True, False, False]]


def test_who_has_all_runs_gets_no_more_and_who_has_fewer_catches_up() -> None:
    mean = np.array([[0.3, -0.3, 0.3]])
    ends = around(mean, 1.0)
    assert wanting(mean, ends, ends, np.array([[20, 20, 17]]), 20).tolist() == [
        [False, False, True]
    ]


def test_a_point_without_an_estimate_gets_no_more() -> None:
    mean = np.array([[NAN, 0.3]])
    ends = around(mean, 1.0)
    found = wanting(mean, ends, ends, np.array([[6, 6]]), 100)
    assert found.tolist() == [[False, True]]


def lived(luck: Vector, most: int, first: int, batch: int) -> Counts:
    """Runs of each point of a map whose runs (runs, rows, columns) are known beforehand."""
    until, counts = first, np.full(luck.shape[1:], first)
    while True:
        sure, rough = (intervals(luck, counts, level) for level in (SETTLED, HOPEFUL))
        wanted = wanting(0.5 * (sure[0] + sure[1]), sure, rough, counts, most)
        if not wanted.any():
            return counts
        until = min(until + batch, most)
        counts = np.where(wanted, until, counts)


def intervals(luck: Vector, counts: Counts, level: float) -> tuple[Vector, Vector]:
    low, high = np.empty(counts.shape), np.empty(counts.shape)
    for n in np.unique(counts):
        found, here = estimate(luck[:n], level), counts == n
        low[here], high[here] = found.low[here], found.high[here]
    return low, high


def test_where_there_is_no_difference_one_interval_in_ten_leaves_out_zero() -> None:
    """The looks after each round must not make more of the map sure than its intervals say.

    2,025 points of nothing but luck: 10 % expected, with a standard error of 0.7 %. To stop at the
    first interval of 90 % that leaves out zero makes it more than a fifth.
    """
    luck = np.random.default_rng(1).normal(size=(20, 45, 45))
    counts = lived(luck, 20, 7, 5)
    low, high = intervals(luck, counts, 0.9)
    assert 0.07 < np.mean(signs(low, high) != 0) < 0.13


def test_runs_are_where_the_line_is() -> None:
    slope = np.linspace(-2.0, 2.0, 15)
    luck = np.random.default_rng(1).normal(size=(20, 15, 15)) + slope
    by_column = lived(luck, 20, 7, 5).mean(axis=0)
    assert by_column[[0, 1, 2, 12, 13, 14]].max() < 10 < 17 < by_column[6:9].min()


def test_a_crossing_lies_on_the_straight_line_between_two_estimates() -> None:
    assert crossings((0.0, 1.0, 3.0), np.array([-1.0, 3.0, 1.0])) == [0.25]
    assert crossings((0.0, 1.0, 2.0, 4.0), np.array([1.0, NAN, -1.0, 1.0])) == [1.0, 3.0]
    assert crossings((0.0, 1.0), np.array([0.0, 1.0])) == []
