"""The arithmetic of an appraisal in the terms of HM Treasury's Green Book: flows in, verdicts out.

Numbers in [brackets] are sources of docs/evidence.md; what stands there without having been checked
against its source is called "from memory, not checked". Nothing here knows the model.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.experiments.statistics import LEVEL
from sim.experiments.verdict import Interval

Vector = NDArray[np.float64]

#: Shares of a gross effect that leak out of the area and that displace others: low, medium, high.
#: The Green Book's family of guides [107]; the numbers are from memory, not checked.
RECKONER = {"low": (0.10, 0.25), "medium": (0.25, 0.50), "high": (0.50, 0.75)}
#: Value for money by the least benefit-cost ratio of the category [109].
CATEGORIES = ((2.0, "high"), (1.5, "medium"), (1.0, "low"), (-math.inf, "poor"))
#: The one above high, from memory, not checked.
VERY_HIGH = 4.0
#: Uplifts of cost to show beside the central case: the upper ends for capital works that are not
#: standard and for equipment and development; from memory, not checked.
UPLIFTS = (0.51, 2.00)
#: Green Book of February 2026 [108]: beyond this horizon the rate below is tried as well.
LONG_HORIZON, LOWER_RATE = 50, 0.030
RESAMPLES = 9_999


@dataclass(frozen=True)
class Parts:
    """A change in value added as what more jobs and what more output a job have brought."""

    employment: Vector
    productivity: Vector


def over_years(levels: Vector) -> Vector:
    """What accrues in each year (…, years) from rates at the ends of years (…, years + 1).

    The mean of the rates at which a year begins and ends: a rate that grows is not counted as if
    its last day had lasted all year.
    """
    return np.asarray(0.5 * (levels[..., :-1] + levels[..., 1:]), np.float64)


def parts(gva: Vector, jobs: Vector, gva_before: Vector, jobs_before: Vector) -> Parts:
    """ΔY = ΔE · (Y₀/E₀) + E · Δ(Y/E): jobs at the old output a job, and the rise of output a job.

    Extra local jobs are not taken to raise national employment [106]; the second part remains.
    """
    each = gva_before / jobs_before
    return Parts((jobs - jobs_before) * each, gva - jobs * each)


def ratio(above: Vector, below: Vector, seed: int = 1, level: float = LEVEL) -> Interval:
    """Mean ``above`` over mean ``below`` (both (runs,)), with a bootstrap interval over runs.

    Percentiles of resampled pairs by SciPy. There is no value where ``below`` cannot be told from
    zero, and no interval of a single run.
    """
    from scipy.stats import bootstrap

    under = Interval.of(below, level)
    if under.mean == 0.0 or under.low <= 0.0 <= under.high:
        return Interval(math.nan, math.nan, math.nan)
    mean = float(above.mean() / below.mean())
    if len(above) < 2:
        return Interval(mean, math.nan, math.nan)
    found = bootstrap(
        (above, below),
        lambda a, b, axis: a.mean(axis=axis) / b.mean(axis=axis),
        n_resamples=RESAMPLES,
        paired=True,
        vectorized=True,
        confidence_level=level,
        method="percentile",
        random_state=seed,
    )
    low, high = (float(end) for end in found.confidence_interval)
    return Interval(mean, low, high)


def category(benefit_cost_ratio: float) -> str:
    """The value-for-money category of a ratio; a bound belongs to the category above it."""
    if not math.isfinite(benefit_cost_ratio):
        return "unknown"
    if benefit_cost_ratio >= VERY_HIGH:
        return "very high"
    return next(name for least, name in CATEGORIES if benefit_cost_ratio >= least)


def categories(found: Interval) -> str:
    """The category of a ratio, and those that its interval reaches."""
    middle, low, high = (category(one) for one in (found.mean, found.low, found.high))
    if not math.isfinite(found.low) or low == high:
        return middle
    return f"{middle} (the interval reaches from {low} to {high})"


def switching(gap: Vector, base: Vector, seed: int = 1) -> Interval:
    """By what part of itself ``base`` must change for ``gap`` to close, −gap / base.

    With net benefit B − C as the gap and benefits as the base, −0.2 says that a fifth less benefit
    brings the ratio to one; for costs give the negative of them.
    """
    return ratio(-gap, base, seed)


def remaining(leakage: float, displacement: float) -> float:
    """(1 − L)(1 − Dp): what the ready-reckoner leaves of an effect, without a multiplier [107]."""
    return (1.0 - leakage) * (1.0 - displacement)
