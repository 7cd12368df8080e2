"""The outcome of every arm of an experiment, run by run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.experiments import gap
from sim.experiments.ensemble import Ensemble
from sim.scenario.experiments import Across, Case, Holder, Outcome
from sim.world import sources
from sim.world.state import CATAPULT, FIRM, LABORATORY

Vector = NDArray[np.float64]

KINDS = {Holder.LABORATORY: LABORATORY, Holder.CATAPULT: CATAPULT, Holder.FIRM: FIRM}


def measured(ensemble: Ensemble, outcome: Outcome) -> Vector:
    """The outcome of every arm and run (arms, runs)."""
    if outcome.across is Across.NONE:
        return _over_years(ensemble, outcome, outcome.area)
    north = [one.id for one in sources.regions() if one.is_north]
    by_region = np.stack([_over_years(ensemble, outcome, region) for region in north])
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(by_region > 0.0, np.log(by_region), np.nan)
    if outcome.across is Across.SPREAD:
        return np.asarray(logs.std(axis=0))
    capacity = np.stack([ensemble.series("bid_capacity", one)[:, :, 0] for one in north])
    return slopes(np.log(capacity), logs)


def slopes(x: Vector, y: Vector) -> Vector:
    """Least-squares slope of ``y`` on ``x`` over axis 0; NaN where ``x`` does not vary."""
    dx, dy = x - x.mean(axis=0), y - y.mean(axis=0)
    spread = np.sum(dx * dx, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope: Vector = np.where(spread > 1e-12, np.sum(dx * dy, axis=0) / spread, np.nan)
    return slope


def _over_years(ensemble: Ensemble, outcome: Outcome, area: str) -> Vector:
    series = ensemble.series(outcome.metric, area)
    last = min(outcome.last_years, ensemble.years)
    value: Vector = series[:, :, -last:].mean(axis=2)
    if outcome.since_start:
        value = value - series[:, :, 0]
    if outcome.per:
        value = value / ensemble.series(outcome.per, area)[:, :, -last:].mean(axis=2)
    return value


def path(ensemble: Ensemble, outcome: Outcome) -> Vector:
    """The outcome of every arm and run in each year (arms, runs, years + 1)."""
    series = ensemble.series(outcome.metric, outcome.area)
    return series - series[:, :, :1] if outcome.since_start else series


def unit(ensemble: Ensemble, outcome: Outcome) -> str:
    """Unit of the outcome."""
    units = {one.name: one.unit for one in ensemble.metrics}
    if outcome.across is Across.SPREAD:
        return "log"
    if outcome.across is Across.CAPACITY:
        return "elasticity"
    own = units[outcome.metric]
    return f"{own} per {units[outcome.per]}" if outcome.per else own


def lost(case: Case) -> float:
    """Share of fifteen months' spending that three months without the first grant take away."""
    lived = gap.Case(
        KINDS[case.holder],
        case.grants,
        case.income,
        case.cash,
        max(1, round(4 * case.award_length)),
    )
    return gap.cut(lived, case.assumptions)
