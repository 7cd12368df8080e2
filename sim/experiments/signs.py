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


def wanting(mean: Vector, low: Vector, high: Vector) -> Mask:
    """Points at which more runs may change what the map says.

    Their interval includes zero, or they lie beside a change of sign. Where every run gave the same
    there is nothing more to learn.
    """
    with np.errstate(invalid="ignore"):
        found: Mask = (high > low) & ((signs(low, high) == 0) | beside_change(mean))
    return found


def shared_out(wanted: Mask, counts: Counts, batch: int, left: int) -> Counts:
    """Further runs of each point: ``batch`` where wanted, the fewest first, ``left`` in all.

    Points with as many runs take their turn from the first row on.
    """
    found = np.zeros(counts.shape, np.int64)
    places = np.flatnonzero(wanted)
    for place in places[np.argsort(counts.ravel()[places], kind="stable")]:
        found.flat[place] = min(batch, left)
        left -= int(found.flat[place])
    return found


def crossings(along: Sequence[float], mean: Vector) -> list[float]:
    """Where the estimate changes its sign along one line, between two points by a straight line."""
    found = []
    known = [(at, value) for at, value in zip(along, mean, strict=True) if np.isfinite(value)]
    for (at, value), (after, other) in pairwise(known):
        if value * other < 0:
            found.append(at + (after - at) * float(value / (value - other)))
    return found
