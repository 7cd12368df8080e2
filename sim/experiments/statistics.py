"""Estimates over runs: means with their intervals, spreads, and how often one future is ahead.

Runs are independent draws of luck, so a mean over runs has a t interval. It holds the chance of the
runs alone. Where the runs took turns with several sets of parameters, the sets are what is drawn:
the interval of the mean over sets holds the doubt about parameters too, as far as the sets show it,
but never the doubt about the model itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.90
#: Green Book: 3.5 % a year for the first 30 years, 3.0 % after; the first year is not discounted.
DISCOUNT_RATE, LATER_RATE, FIRST_YEARS = 0.035, 0.030, 30

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """Mean over runs with its interval; all arrays have one shape, without the runs.

    ``n`` counts the runs in which the value exists. ``low`` and ``high`` are NaN where runs are too
    few for an interval.
    """

    mean: Vector
    low: Vector
    high: Vector
    n: NDArray[np.int64]


def estimate(
    values: Vector, level: float = LEVEL, groups: NDArray[np.int64] | None = None
) -> Estimate:
    """Mean over axis 0 and its t interval: x̄ ± t(n−1) · s / √n, NaN left out.

    ``values`` (runs, …). A ratio to nothing has no value in a run, and such a run is not counted.
    With ``groups`` (runs,) the means of the groups are what is averaged, and ``n`` counts groups.
    """
    from scipy.special import stdtrit

    values = drawn(values, groups)
    known = ~np.isnan(values)
    n = known.sum(axis=0)
    clean = np.where(known, values, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(n > 0, clean.sum(axis=0) / n, np.nan)
        squares = np.where(known, values - mean, 0.0) ** 2
        deviation = np.sqrt(squares.sum(axis=0) / (n - 1))
        t = stdtrit(np.maximum(n - 1, 1), 0.5 + 0.5 * level)
        half = np.where(n > 1, t * deviation / np.sqrt(n), np.nan)
    return Estimate(mean, mean - half, mean + half, np.asarray(n, np.int64))


def median(
    values: Vector, level: float = LEVEL, groups: NDArray[np.int64] | None = None
) -> tuple[Vector, Vector, Vector]:
    """Median over axis 0, NaN left out, and the order statistics below and above that hold it.

    The k-th smallest and the k-th largest of n values hold the median with at least ``level`` for
    any distribution, k the largest with P(B < k) ≤ (1 − level) / 2, B binomial (n, ½): David &
    Nagaraja 2003, Order Statistics, section 7.1. Below five values no two of them do,
    and the ends are NaN. Arguments as for ``estimate``.
    """
    from scipy.stats import binom

    values = np.sort(drawn(values, groups), axis=0)  # NaN last
    n = (~np.isnan(values)).sum(axis=0)
    k = binom.ppf(0.5 * (1.0 - level), n, 0.5).astype(np.int64)

    def ranked(rank: NDArray[np.int64]) -> Vector:
        inside = np.clip(rank, 0, len(values) - 1)
        found: Vector = np.take_along_axis(values, inside[None], axis=0)[0]
        return found

    middle = 0.5 * (ranked((n - 1) // 2) + ranked(n // 2))
    return (
        np.where(n > 0, middle, np.nan),
        np.where(k > 0, ranked(k - 1), np.nan),
        np.where(k > 0, ranked(n - k), np.nan),
    )


def few_of(n: int) -> int:
    """How many of ``n`` draws are called few: a twentieth, at least one."""
    return -(-n // 20)


def tail_share(values: Vector) -> float:
    """Share of the variance of ``values`` (draws,) that the few most extreme of them hold.

    About 0.28 where they are normal and many; near 1 where a mean hangs on a few of them. NaN among
    them is left out; NaN is what comes where all are the same.
    """
    known = values[~np.isnan(values)]
    if not len(known):
        return float("nan")
    squares = np.sort((known - known.mean()) ** 2)[::-1]
    total = float(squares.sum())
    return float(squares[: few_of(len(known))].sum()) / total if total > 0.0 else float("nan")


def drawn(values: Vector, groups: NDArray[np.int64] | None) -> Vector:
    """What an interval is over (draws, …): the runs, or the means of ``groups`` (runs,) of them."""
    if groups is None:
        return values
    return np.stack([estimate(values[groups == group]).mean for group in np.unique(groups)])


def p_values(found: Estimate, level: float = LEVEL) -> Vector:
    """Two-sided p of Student's t that each mean is zero, from an estimate at ``level``.

    NaN below two runs; 1 where every run gave nothing, 0 where all gave the same something.
    """
    from scipy.special import stdtr, stdtrit

    freedom = np.maximum(found.n - 1, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        error = 0.5 * (found.high - found.low) / stdtrit(freedom, 0.5 + 0.5 * level)
        p: Vector = 2.0 * stdtr(freedom, -np.abs(found.mean) / error)
    return np.where((error == 0.0) & (found.mean == 0.0), 1.0, p)


def corrected(p: Vector) -> Vector:
    """p values of one family, corrected for their number by Benjamini and Hochberg; NaN stays.

    Of all that are at most 0.1 one in ten is expected to be luck.
    """
    from scipy.stats import false_discovery_control

    found = np.full(p.shape, np.nan)
    known = ~np.isnan(p)
    if known.any():
        found[known] = false_discovery_control(p[known])
    return found


def variance_ratio(first: Vector, other: Vector) -> float:
    """How many times as large the variance of a difference were with independent runs.

    (var a + var b) / var(a − b) over paired runs; NaN below two runs, or where nothing differs.
    """
    if len(first) < 2:
        return float("nan")
    paired = float(np.var(first - other, ddof=1))
    apart = float(np.var(first, ddof=1) + np.var(other, ddof=1))
    return apart / paired if paired > 0.0 else float("nan")


def spread(values: Vector, level: float = LEVEL) -> tuple[Vector, Vector]:
    """The band over axis 0 that holds the middle ``level`` of runs (5th and 95th percentiles)."""
    band = np.full((2, *values.shape[1:]), np.nan)
    if not len(values):
        return band[0], band[1]
    tail = 50.0 * (1.0 - level)
    percent = [tail, 100.0 - tail]
    known = ~np.isnan(values)
    whole = known.all(axis=0)
    # What is known in every run is ranked at once, and not one by one: 30 times as fast.
    band[:, whole] = np.percentile(values[:, whole], percent, axis=0)
    part = known.any(axis=0) & ~whole
    if part.any():
        band[:, part] = np.nanpercentile(values[:, part], percent, axis=0)
    return band[0], band[1]


def share_ahead(differences: Vector) -> tuple[Vector, Vector]:
    """Share of runs (axis 0) in which the difference is above zero, and below; ties are neither."""
    n = (~np.isnan(differences)).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        ahead: Vector = np.where(n > 0, (differences > 0).sum(axis=0) / n, np.nan)
        behind: Vector = np.where(n > 0, (differences < 0).sum(axis=0) / n, np.nan)
    return ahead, behind


def discount_factors(years: int, rate: float = DISCOUNT_RATE) -> Vector:
    """Weight of each year's money today (years,): the first is 1, the next 1 / (1 + rate)."""
    rates = np.where(np.arange(1, years) <= FIRST_YEARS, rate, LATER_RATE)
    return np.concatenate([np.ones(min(years, 1)), np.cumprod(1.0 / (1.0 + rates))])


def present_value(flows: Vector, axis: int = -1, rate: float = DISCOUNT_RATE) -> Vector:
    """Value today of yearly ``flows`` along ``axis``; ``rate`` is that of the first 30 years."""
    factors = discount_factors(flows.shape[axis], rate)
    shape = [1] * flows.ndim
    shape[axis] = len(factors)
    total: Vector = np.sum(flows * factors.reshape(shape), axis=axis)
    return total
