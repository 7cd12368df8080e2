"""The sign of a difference over a grid: what is known of it, and where more runs would tell most.

Arrays are (rows, columns): a row for each value of the second axis, a column for each of the first.
A point without an estimate is NaN.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Mask = NDArray[np.bool_]
Counts = NDArray[np.int64]
#: The low and the high end.
Interval = tuple[Vector, Vector]


def signs(low: Vector, high: Vector) -> Counts:
    """1 where the whole interval is above zero, −1 where it is below, 0 where nobody can tell."""
    with np.errstate(invalid="ignore"):
        return np.asarray((low > 0).astype(np.int64) - (high < 0), np.int64)


def beside_change(mean: Vector) -> Mask:
    """Points with a neighbour, in their row or column, whose estimate has the opposite sign."""
    sign = np.sign(np.nan_to_num(mean))
    found = np.zeros(mean.shape, np.bool_)
    for one, other in ((np.s_[1:, :], np.s_[:-1, :]), (np.s_[:, 1:], np.s_[:, :-1])):
        is_change = sign[one] * sign[other] < 0
        found[one] |= is_change
        found[other] |= is_change
    return found


def wanting(mean: Vector, sure: Interval, rough: Interval, counts: Counts, most: int) -> Mask:
    """Points at which more runs, up to ``most``, may change what the map says.

    What an interval as wide as ``sure`` tells from zero is settled, and where every run gave the
    same there is nothing to learn. The others want runs beside a change of sign, for the line runs
    there, and where they may yet be told from zero: if nothing but the error changed, ``most`` runs
    would put the whole interval ``rough`` on one side.
    """
    low, high = sure
    narrowed = np.sqrt(counts / most)  # as errors are by more runs
    ends = [mean + narrowed * (end - mean) for end in rough]
    with np.errstate(invalid="ignore"):
        is_open = (high > low) & (signs(low, high) == 0) & (counts < most)
    found: Mask = is_open & (beside_change(mean) | (signs(ends[0], ends[1]) != 0))
    return found


def crossings(along: Sequence[float], mean: Vector) -> list[float]:
    """Where the estimate changes its sign along one line, between two points by a straight line."""
    found = []
    known = [(at, value) for at, value in zip(along, mean, strict=True) if np.isfinite(value)]
    for (at, value), (after, other) in pairwise(known):
        if value * other < 0:
            found.append(at + (after - at) * float(value / (value - other)))
    return found
