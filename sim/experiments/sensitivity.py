"""How sure a difference is: which assumptions move it, which could turn it, and where.

Three steps, each on what the one before has found. Morris's screening of all factors; the most
important ones alone to both ends of their ranges; and, if asked for, Sobol's indices of these with
the box in which the second scenario wins. All on paired runs: the two scenarios at a point share
their past and their luck, and points of a trajectory that differ in factors alone their seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.experiments.attribution_plan import unequal_money
from sim.experiments.box import Box, box_of
from sim.experiments.dispatch import Progress, default_workers
from sim.experiments.ends import Ends, end_points
from sim.experiments.factors import Pair, factors_of, pair_of
from sim.experiments.failures import Failures
from sim.experiments.indices import Indices, groups_of_points, indexed
from sim.experiments.mapping import Levels, lived_levels
from sim.experiments.points import Setting, live_points, setting_of
from sim.experiments.read_off import nothing_finished
from sim.experiments.screening import Screening, screened, trajectories
from sim.experiments.statistics import Vector
from sim.experiments.timing import seconds_of
from sim.scenario import Loaded

if TYPE_CHECKING:
    from sim.experiments.store import Store

#: Runs of a point where one factor is moved alone: few points, which are to be told from zero.
ENDS_TIMES = 10


@dataclass(frozen=True)
class Plan:
    """What is to be lived: trajectories, the factors that are looked at closely, Sobol's groups."""

    setting: Setting
    n_trajectories: int
    n_close: int
    n_groups: int
    notes: tuple[str, ...]

    @property
    def n_pairs(self) -> tuple[int, int, int]:
        """Paired runs of each of the three steps."""
        n, runs = len(self.setting.factors) + 1, self.setting.runs
        return (
            self.n_trajectories * (n + 1) * runs,
            (2 * self.n_close + 1) * runs * ENDS_TIMES,
            self.n_groups * (self.n_close + 3) * runs,
        )

    def seconds(self, workers: int | None = None) -> float:
        """About how long it takes if nothing else runs: each paired run has a past of its own."""
        of_past, of_year = seconds_of(self.setting.task, self.setting.seed)
        of_pair = of_past + 2 * self.setting.task.years * of_year
        return sum(self.n_pairs) * of_pair / (workers or default_workers())


@dataclass(frozen=True)
class Sensitivity:
    """What the steps found; a step that Ctrl-C came before is None.

    ``ending`` says why not all is there, if not by Ctrl-C: runs that failed, a lost cluster.
    """

    plan: Plan
    screening: Screening
    ends: Ends | None
    indices: Indices | None
    is_complete: bool
    ending: str = ""

    @cached_property
    def box(self) -> Box | None:
        """Where the second scenario wins; None where no box is looked for."""
        return None if self.indices is None else box_of(self.indices)

    @property
    def warnings(self) -> list[str]:
        """What a reader must know before any number."""
        found = list(self.plan.notes)
        if not self.is_complete:
            n, planned = self.screening.n_trajectories, self.screening.planned
            cause = f" {self.ending}." if self.ending else ""
            found.append(
                f"INTERRUPTED: {n} of {planned} trajectories are finished, and the results are of "
                f"what is finished.{cause}"
            )
        return found


def plan(
    pair: Pair,
    over: Sequence[str] = (),
    *,
    metric: str = "gva",
    region: str = "north",
    year: int | None = None,
    n_trajectories: int = 10,
    runs: int = 2,
    n_close: int = 8,
    n_groups: int = 0,
    seed: int = 1,
    notes: Sequence[str] = (),
) -> Plan:
    """Settle what is to be lived. ``over`` as for ``factors_of``; ``n_groups`` a power of two.

    Raises ScenarioError where the two cannot be compared or a factor is not known, ValueError for
    senseless numbers.
    """
    if n_trajectories < 2 or n_close < 1 or (n_groups and not is_power_of_two(n_groups)):
        raise ValueError("at least 2 trajectories and 1 close factor; groups: a power of two")
    factors = factors_of(pair, over)
    setting = setting_of(
        pair, factors, metric=metric, region=region, year=year, runs=runs, seed=seed
    )
    told = [*notes, *unequal_money(setting.task)]
    return Plan(setting, n_trajectories, min(n_close, len(factors)), n_groups, tuple(told))


def is_power_of_two(number: int) -> bool:
    """1, 2, 4, …"""
    return number > 0 and not number & (number - 1)


def lived(
    planned: Plan,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
    levels: Levels = lived_levels,
    store: Store | None = None,
) -> Sensitivity:
    """Live what is planned, by processes here or by the workers of a Dask ``scheduler``.

    What is in the ``store`` is not lived again. A run that fails takes its trajectory with it and
    nothing else. After Ctrl-C, or where the scheduler is lost, the steps and trajectories that are
    finished are kept. Raises DaskError, or RunFailed or KeyboardInterrupt if no two trajectories
    are.
    """
    failures = Failures()
    setting, total = planned.setting, sum(planned.n_pairs)
    tell = progress or (lambda done, total, note: None)

    def telling(before: int) -> Callable[[int, str], None]:
        return lambda done, note: tell(before + done, total, note)

    def live(
        setting: Setting,
        points: Vector,
        before: int,
        runs: int | None = None,
        block_size: int | None = None,
    ) -> tuple[Vector, bool, str]:
        return live_points(
            setting,
            points,
            runs=runs,
            block_size=block_size,
            workers=workers,
            scheduler=scheduler,
            is_later=before > 0,
            tell=telling(before),
            levels=levels,
            failures=failures,
            store=store,
        )

    def of(
        ends: Ends | None, indices: Indices | None, is_complete: bool, ending: str
    ) -> Sensitivity:
        is_whole = is_complete and not failures.found
        return Sensitivity(planned, screening, ends, indices, is_whole, failures.told(ending))

    first, second, _ = planned.n_pairs
    points = trajectories(len(setting.factors) + 1, planned.n_trajectories, setting.seed)
    # Luck has but four levels in all trajectories: with the same seeds they would be few draws.
    found, is_complete, ending = live(setting, points, 0, block_size=len(setting.factors) + 2)
    screening = screened(setting, points, found)
    if screening.n_trajectories < 2:
        failures.check()
        raise nothing_finished(ending)
    if not is_complete:
        return of(None, None, False, ending)
    chosen = tuple(setting.factors[k] for k in ranked(screening)[: planned.n_close])
    close = replace(setting, factors=chosen)
    points = end_points(len(chosen))
    found, is_complete, ending = live(close, points, first, setting.runs * ENDS_TIMES)
    ends = Ends(close, found[..., 0] - found[..., 1]) if np.isfinite(found).any() else None
    if not is_complete or not planned.n_groups:
        return of(ends, None, is_complete, ending)
    points = groups_of_points(len(chosen) + 1, planned.n_groups, setting.seed)
    found, is_complete, ending = live(close, points, first + second)
    indices = indexed(close, points, found)
    enough = indices if indices.n_groups > 1 else None
    return of(ends, enough, is_complete, ending)


def ranked(screening: Screening) -> list[int]:
    """Numbers of the factors: those told from noise first, each kind by the size of its effects."""
    effects = screening.of_difference
    told, size = effects.is_told[:-1], effects.mu_star[:-1]
    return [int(k) for k in np.lexsort((-size, ~told))]


def sensitivity(
    first: str | Path | Loaded,
    second: str | Path | Loaded,
    over: Sequence[str] = (),
    *,
    metric: str = "gva",
    region: str = "north",
    year: int | None = None,
    n_trajectories: int = 10,
    runs: int = 2,
    n_close: int = 8,
    n_groups: int = 0,
    seed: int = 1,
    firms: int | None = None,
    overrides: Mapping[str, str] | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
    store: Store | None = None,
) -> Sensitivity:
    """How the difference of two scenarios depends on assumptions: see ``plan`` and ``lived``.

    ``over`` names the factors (default: all assumptions), ``n_close`` of which are looked at
    closely; with ``n_groups`` (64, 128, …) Sobol's indices and the box are found too.

    >>> import sim
    >>> found = sim.sensitivity("long_term", "piecemeal", ["trade"])  # doctest: +SKIP
    >>> sim.save(found, "results/how_sure")  # doctest: +SKIP

    What is in the ``store`` is not lived again; with the address of a Dask ``scheduler`` its
    workers live the rest. Raises ScenarioError where
    a scenario or a factor is not sound, DaskError where the scheduler cannot be used.
    """
    pair = pair_of(first, second, firms=firms, overrides=overrides)
    planned = plan(
        pair, over, metric=metric, region=region, year=year, n_trajectories=n_trajectories,
        runs=runs, n_close=n_close, n_groups=n_groups, seed=seed,
    )  # fmt: skip
    return lived(planned, workers=workers, scheduler=scheduler, progress=progress, store=store)
