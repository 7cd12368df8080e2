"""What a metric is: amounts that add up over places, their ratios, and properties of an area.

An *amount* is anything that may be summed over regions, sectors and the quarters of a year
(``tally.py`` has them all). A metric is an amount, a sum of amounts, or a ratio of two sums, taken
after the summing, so that the GVA per job of the North is its GVA over its jobs and not a mean of
means. What cannot be had from sums (an index of concentration, the shape of a network) is a
property of an area, by a function of the world and of the regions that the area has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sim.world.state import World

Kind = Literal["stock", "flow", "ratio"]
Scope = Literal["cell", "region", "area"]
#: Amounts by name, each (areas, sectors + 1); the last sector is all of them.
Totals = Mapping[str, NDArray[np.float64]]
#: Properties of the regions in a mask, by name: a number, or one for each sector and for all.
AreaFunction = Callable[[World, NDArray[np.bool_]], Mapping[str, Any]]
TotalsFunction = Callable[[Totals], NDArray[np.float64]]

ALL = "all"
NORTH, UK = "north", "uk"


@dataclass(frozen=True)
class Metric:
    """One measure of the world.

    ``of`` and ``per`` name amounts: the metric is Σ of, or Σ of / Σ per, where ``lag`` takes the
    denominator from that many years before. ``of_totals`` replaces both where the form is another.
    A metric of scope ``area`` is one entry of what ``of_area`` returns.
    """

    name: str
    unit: str
    meaning: str
    kind: Kind
    scope: Scope
    of: tuple[str, ...] = ()
    per: tuple[str, ...] = ()
    lag: int = 0
    of_totals: TotalsFunction | None = None
    of_area: AreaFunction | None = None

    def value(self, totals: Totals, earlier: Totals | None = None) -> NDArray[np.float64]:
        """The metric for every area and sector, from the year's totals (and earlier ones)."""
        if self.of_totals is not None:
            return self.of_totals(totals)
        amount = added(totals, self.of)
        if not self.per:
            return amount
        base = earlier if self.lag else totals
        if base is None:
            return np.full_like(amount, np.nan)
        return divided(amount, added(base, self.per))


def added(totals: Totals, names: tuple[str, ...]) -> NDArray[np.float64]:
    """Sum of the amounts in ``names``."""
    result = totals[names[0]].copy()
    for name in names[1:]:
        result += totals[name]
    return result


def divided(over: NDArray[np.float64], under: NDArray[np.float64]) -> NDArray[np.float64]:
    """``over / under``; NaN where there is nothing to divide by."""
    with np.errstate(invalid="ignore", divide="ignore"):
        result: NDArray[np.float64] = np.where(under != 0.0, over / under, np.nan)
    return result


def stock(name: str, unit: str, meaning: str, *of: str, scope: Scope = "cell") -> Metric:
    """An amount at the year's end; ``of`` defaults to the amount of the same name."""
    return Metric(name, unit, meaning, "stock", scope, of or (name,))


def flow(name: str, unit: str, meaning: str, *of: str, scope: Scope = "cell") -> Metric:
    """An amount summed over the four quarters of a year."""
    return Metric(name, unit, meaning, "flow", scope, of or (name,))


def ratio(
    name: str,
    unit: str,
    meaning: str,
    of: str | tuple[str, ...],
    per: str | tuple[str, ...],
    *,
    lag: int = 0,
    scope: Scope = "cell",
) -> Metric:
    """A ratio of two sums, taken after summing."""
    over = (of,) if isinstance(of, str) else of
    under = (per,) if isinstance(per, str) else per
    return Metric(name, unit, meaning, "ratio", scope, over, under, lag)


def property_of(function: AreaFunction, name: str, unit: str, meaning: str) -> Metric:
    """A property of an area, found by ``function`` under the same name."""
    return Metric(name, unit, meaning, "ratio", "area", of_area=function)
