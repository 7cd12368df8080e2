"""The parameter sets that fit the facts about equally well, as they were found by calibration."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from sim.quarter import Assumptions

#: One row a set: its misfit with fresh luck, then the value of each free parameter.
TABLE = Path(__file__).parent / "fitted.csv"
MISFIT = "misfit"

Point = dict[str, float]


@cache
def fitted_points() -> tuple[Point, ...]:
    """The sets by ``phase.parameter``, the best first."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            {key: float(value) for key, value in row.items() if key != MISFIT}
            for row in csv.DictReader(file)
        )


def assumptions_at(point: Point, base: Assumptions | None = None) -> Assumptions:
    """``base`` (default: as in the code) with the parameters of ``point``.

    What ``base`` sets by itself, apart from the code, stays as it is set.
    """
    usual = Assumptions()
    result = base or usual
    for key, value in point.items():
        phase, name = key.split(".")
        part = getattr(result, phase)
        if getattr(part, name) == getattr(getattr(usual, phase), name):
            result = result.model_copy(update={phase: part.model_copy(update={name: value})})
    return result


def variants_of(base: Assumptions) -> tuple[Assumptions, ...]:
    """``base`` under each of the fitted sets."""
    return tuple(assumptions_at(point, base) for point in fitted_points())
