"""A North of identical regions: the same totals, spread evenly over equally distant places.

For experiments on concentration: what makes regions unlike in the data is taken away, so that any
unlikeness that comes is the model's own. The comparators stay as they are.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.world import sources
from sim.world.sources import Region

Vector = NDArray[np.float64]

#: kind, region, sector, institution, weight, income of a real organisation, £m a year
InstitutionRow = tuple[int, int, int, int, float, float]


def _north() -> NDArray[np.int64]:
    return np.flatnonzero([one.is_north for one in sources.regions()])


@cache
def regions(is_identical: bool) -> tuple[Region, ...]:
    """The regions of the data; if ``is_identical``, each of the North with the North's mean."""
    rows = sources.regions()
    if not is_identical:
        return rows
    north = [rows[k] for k in _north()]

    def mean(column: str) -> float:
        return math.fsum(getattr(one, column) for one in north) / len(north)

    columns = ("population", "jobs", "gva", "berd", "herd", "government_rd")
    even: dict[str, Any] = {column: mean(column) for column in columns}
    even["gva_per_job"] = even["gva"] / even["jobs"]
    return tuple(replace(one, **even) if one.is_north else one for one in rows)


def evened(table: Vector, is_identical: bool) -> Vector:
    """``table`` (regions, …); if ``is_identical``, with the North's mean in each of its rows."""
    if not is_identical:
        return table
    result, north = table.copy(), _north()
    result[north] = table[north].mean(axis=0)
    return result


@cache
def travel_minutes(is_identical: bool) -> Vector:
    """Minutes between regions; if ``is_identical``, any two northern ones are the mean apart.

    A comparator is then as far from each of them as it is on average.
    """
    minutes = sources.travel_minutes()
    if not is_identical:
        return minutes
    result, north = evened(minutes, True), _north()
    result[:, north] = result[:, north].mean(axis=1, keepdims=True)
    inside = minutes[np.ix_(north, north)]
    apart = inside[~np.eye(len(north), dtype=bool)].mean()
    result[np.ix_(north, north)] = apart
    result[north, north] = sources.WITHIN_REGION
    return result


def institutions(rows: list[InstitutionRow], is_identical: bool) -> list[InstitutionRow]:
    """``rows``; if ``is_identical``, one laboratory and one centre for each region and field.

    The incomes of each field and kind add up to what they are in the data.
    """
    if not is_identical:
        return rows
    north = _north().tolist()
    total: dict[tuple[int, int], float] = {}
    for kind, region, sector, _, weight, income in rows:
        if region in north:
            total[kind, sector] = total.get((kind, sector), 0.0) + weight * income
    even = [
        (kind, region, sector, -1, 1.0, income / len(north))
        for region in north
        for (kind, sector), income in sorted(total.items())
    ]
    return even + [row for row in rows if row[1] not in north]
