"""Fit the free parameters to the facts of the scorecard that are marked for calibration.

No target is an effect of a funding regime: the facts are of firms, places, networks and money as
they are under one regime. An evolution strategy (CMA-ES, Hansen & Ostermeier 2001) proposes
parameters inside their plausible ranges; the best are lived again with fresh luck, since the best
of many trials is partly the luckiest, and all that then fit about as well are kept. What one point
cannot say, the set does: how far the facts leave the parameters open.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.experiments.dispatch import Progress
from sim.experiments.fitted import Point, assumptions_at
from sim.experiments.future import IsStopped, Task, never, seed_of
from sim.experiments.interrupt import on_interrupt
from sim.experiments.read_off import nothing_finished, read_off
from sim.experiments.scorecard import FACTS, Fact, measure_seed, scorecard_task
from sim.experiments.store.answers import Answers
from sim.experiments.store.keys import plain
from sim.parameters import parameter_rows
from sim.quarter import Assumptions

if TYPE_CHECKING:
    from sim.experiments.store import Store

Vector = NDArray[np.float64]

#: What is fitted: parameters without a firm source of their own that move a fact of calibration.
FREE: tuple[str, ...] = (
    "fund.bid_readiness",
    "fund.own_signal",
    "plan.grant_memory",
    "plan.reserve_months",
    "staff.hiring_speed",
    "staff.layoff_speed",
    "staff.quit_rate",
    "staff.retirement",
    "collaborate.base",
    "collaborate.capacity",
    "collaborate.capacity_exponent",
    "collaborate.renewal",
    "collaborate.tie_life",
    "collaborate.lapse_hazard",
    "collaborate.trust_gain",
    "innovate.value_spread",
    "trade.market_response",
    "trade.demand_growth",
    "trade.frontier_growth",
    "trade.shock_spread",
    "trade.shock_rate",
    "trade.shock_lasting",
    "trade.shock_half_life",
    "trade.shock_size_exponent",
    "turn_over.hazard_year_1",
    "turn_over.hazard_year_2",
    "turn_over.hazard_year_3",
    "turn_over.productivity_response",
    "turn_over.entrant_demand",
)
#: A fact that is missed by more than this many half-widths counts no more than that.
WORST = 3.0
#: Trials of one generation, which learn nothing from one another; the same for any workers.
GENERATION = 16
#: Spread of the first generation around the code's own values, in parts of the plausible range.
FIRST_SPREAD = 0.12
#: Part of the trials that is lived again, and how many parameter sets are kept at most.
SHORTLIST, MOST = 0.08, 20
#: Base seeds, apart from those of the scorecard and of comparisons.
FIRST_SEED, FRESH_SEED = 7001, 7002


@dataclass(frozen=True)
class Trial:
    """A point of the parameters with its facts (runs, facts)."""

    point: Point
    facts: Vector

    @property
    def misfit(self) -> float:
        """Misfit of the mean over runs."""
        return misfit(_mean(self.facts))


@dataclass
class Fit:
    """All trials, those lived again with fresh luck by misfit, and the set that is kept.

    ``ending`` says what ended the search early, if not Ctrl-C: a run that failed, a lost cluster.
    """

    trials: list[Trial] = field(default_factory=list)
    again: list[Trial] = field(default_factory=list)
    kept: list[Trial] = field(default_factory=list)
    is_complete: bool = True
    ending: str = ""


def bounds() -> dict[str, tuple[float, float]]:
    """Plausible range of each free parameter."""
    ranges = {row.path: row.plausible for row in parameter_rows(Assumptions)}
    found = {}
    for key in FREE:
        plausible = ranges[key]
        assert plausible is not None, key
        found[key] = plausible
    return found


def default_point() -> Point:
    """The free parameters as the code has them."""
    defaults = {
        row.path: float(row.default) for row in parameter_rows(Assumptions) if row.path in FREE
    }
    return {key: defaults[key] for key in FREE}


def distance(value: float, fact: Fact) -> float:
    """Distance from the middle of the accepted range in half-widths of it, at most ``WORST``.

    Where one end is open, what is inside is at no distance; a single value is ±10 % wide.
    """
    if not np.isfinite(value):
        return WORST
    if not np.isfinite(fact.high):
        return min(max((fact.low - value) / abs(fact.low), 0.0), WORST)
    half = 0.5 * (fact.high - fact.low) or 0.1 * abs(fact.low)
    return float(min(abs(value - 0.5 * (fact.high + fact.low)) / half, WORST))


def misfit(facts: Vector) -> float:
    """Mean squared distance of the facts of calibration (facts,), and the part that is missed.

    Being inside a range is what the sources ask, so that a miss costs 1 beside its distance.
    """
    distances = np.array(
        [
            distance(float(value), fact)
            for value, fact in zip(facts, FACTS, strict=True)
            if fact.standing == "calibration"
        ]
    )
    return float(np.mean(distances**2 + (distances > 1.0)))


def _mean(facts: Vector) -> Vector:
    known = np.isfinite(facts)
    total = np.where(known, facts, 0.0).sum(axis=0)
    mean: Vector = np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), np.nan)
    return mean


def live_points(
    points: Sequence[Point],
    runs: int,
    seed: int,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    firms: int | None = None,
    tell: Callable[[int, str], None] = lambda done, note: None,
    is_stopped: IsStopped = never,
    is_later: bool = False,
    store: Store | None = None,
) -> tuple[dict[int, Trial], str]:
    """Live every point with the same ``runs`` seeds; points that were stopped are left out.

    Trials by the number of their point, and why some are missing, if not by Ctrl-C. What is in the
    ``store`` is not lived again. See ``read_off``.
    """
    usual = scorecard_task(firms)
    base = usual.scenarios[0].assumptions
    variants = tuple(assumptions_at(point, base) for point in points)
    task = Task(usual.scenarios, usual.burn_in, usual.years, variants)
    lived_by = [plain(one) for one in (*task.scenarios, task.burn_in)]
    # A run's number says which of the points it is of: see ``Task``.
    jobs = [
        (number + run * len(points), seed_of(seed, run))
        for number in range(len(points))
        for run in range(runs)
    ]

    def key(index: int, seed: int) -> tuple[Any, ...]:
        return seed, task.variants[index % len(points)].model_dump(mode="json")

    found, ending = read_off(
        task,
        jobs,
        measure_seed,
        workers=workers,
        scheduler=scheduler,
        tell=tell,
        is_stopped=is_stopped,
        is_later=is_later,
        answers=Answers(store, "calibrate", lived_by, task.years),
        key=key,
    )
    lived = {
        number: Trial(point, np.stack([found[number + run * len(points)] for run in range(runs)]))
        for number, point in enumerate(points)
        if all(number + run * len(points) in found for run in range(runs))
    }
    return lived, ending


def calibrate(
    *,
    generations: int = 30,
    runs: int = 3,
    fresh_runs: int = 12,
    seed: int = 1,
    workers: int | None = None,
    scheduler: str | None = None,
    firms: int | None = None,
    progress: Progress | None = None,
    store: Store | None = None,
) -> Fit:
    """Search, live the best again with fresh luck, and keep what fits about as well as the best.

    The same ``seed`` gives the same fit, whatever the number of ``workers``, here or under a Dask
    ``scheduler``; so a search that was stopped meets the points of the ``store`` again, and goes
    on. After Ctrl-C, where the scheduler is lost or a run fails, which a generation has to learn
    from, the fit is made of the trials that are finished. Raises ValueError for senseless numbers,
    DaskError, or RunFailed or KeyboardInterrupt if nothing was finished.
    """
    for name, value in (("generations", generations), ("runs", runs), ("fresh_runs", fresh_runs)):
        if value < 1:
            raise ValueError(f"{name} must be at least 1, not {value}")
    from cmaes import CMA

    ranges = np.array(list(bounds().values()))
    low, width = ranges[:, 0], ranges[:, 1] - ranges[:, 0]
    search = CMA(
        mean=(np.array(list(default_point().values())) - low) / width,
        sigma=FIRST_SPREAD,
        bounds=np.tile([0.0, 1.0], (len(FREE), 1)),
        seed=seed,
        population_size=GENERATION,
    )
    tell = progress or (lambda done, total, note: None)
    fit = Fit()
    with on_interrupt() as is_stopped:

        def live(points: Sequence[Point], runs: int, seed: int, said: str) -> dict[int, Trial]:
            done = len(fit.trials) // GENERATION
            lived, fit.ending = live_points(
                points,
                runs,
                seed,
                workers=workers,
                scheduler=scheduler,
                firms=firms,
                tell=lambda _, note: tell(done, generations, note or said),
                is_stopped=is_stopped,
                is_later=bool(fit.trials),
                store=store,
            )
            fit.is_complete = not (is_stopped() or fit.ending)
            return lived

        said = "searching"
        for _ in range(generations):
            asked = [search.ask() for _ in range(GENERATION)]
            points = [dict(zip(FREE, (low + width * x).tolist(), strict=True)) for x in asked]
            lived = live(points, runs, FIRST_SEED, said)
            fit.trials += lived.values()
            if not fit.is_complete:
                break
            search.tell([(asked[k], trial.misfit) for k, trial in lived.items()])
            said = f"best misfit {min(trial.misfit for trial in fit.trials):.3f}"
        if not fit.trials:
            raise nothing_finished(fit.ending)
        ranked = sorted(fit.trials, key=lambda trial: trial.misfit)
        if fit.is_complete:
            short = ranked[: max(MOST, round(SHORTLIST * len(ranked)))]
            points = [trial.point for trial in short]
            again = live(points, fresh_runs, FRESH_SEED, "living the best again with fresh luck")
            fit.again = list(again.values())
    fit.again.sort(key=lambda trial: trial.misfit)
    fit.kept = as_good(fit.again, seed) if fit.again else ranked[:1]
    return fit


def as_good(ranked: Sequence[Trial], seed: int, draws: int = 1000) -> list[Trial]:
    """Those whose misfit cannot be told from that of the first, by a bootstrap over the runs.

    All points met the same luck, so that the same runs are drawn for both (one-sided, 5 %).
    """
    dice = np.random.default_rng(seed)
    n = len(ranked[0].facts)
    drawn = dice.integers(0, n, (draws, n))
    best = np.array([misfit(_mean(ranked[0].facts[rows])) for rows in drawn])
    kept = [ranked[0]]
    for trial in ranked[1:MOST]:
        other = np.array([misfit(_mean(trial.facts[rows])) for rows in drawn])
        if np.quantile(other - best, 0.05) <= 0.0:
            kept.append(trial)
    return kept
