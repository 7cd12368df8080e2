"""Why two scenarios differ: the difference of one outcome, shared out among levers or channels.

Each run lives every combination of its design from its own past and with its own luck, so that any
set of finished runs is a sound sample: the parts add up to the whole in each run, and their
intervals are those of means over runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.experiments.attribution_plan import Game, Plan, plan
from sim.experiments.dispatch import Progress
from sim.experiments.future import IsStopped, Task, live, never, seed_of
from sim.experiments.interrupt import on_interrupt
from sim.experiments.players import Player
from sim.experiments.read_off import Numbers, nothing_finished, read_off
from sim.experiments.scenarios import load_all
from sim.experiments.shapley import Design, Vector, pair_interactions
from sim.experiments.statistics import Estimate, drawn, estimate
from sim.experiments.store import Store
from sim.experiments.store.answers import Answers
from sim.experiments.store.keys import plain
from sim.metrics.history import METRICS, History
from sim.run import Run
from sim.scenario import Loaded

_AREAS = History(0).areas
_SHAPE = len(_AREAS), len(METRICS)


@dataclass(frozen=True)
class Living:
    """Lives the combinations of a seed, and keeps of each only the outcomes of the last year.

    All of them (combinations, areas, metrics), as all are measured: another one is then read
    without living anything again.
    """

    game: Game
    design: Design

    def __call__(self, task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Numbers:
        """All combinations of one seed. Raises Stopped."""
        past: Run | None = None
        game = self.game.between(*task.of(index))
        levels = []
        for mask in self.design.masks(seed):
            level = np.zeros(_SHAPE)
            for sign, scenario in game.futures(mask):
                if past is None or past.scenario.assumptions != scenario.assumptions:
                    past = Run.start(scenario, task.burn_in, seed)
                run = past.fork(scenario)
                run.history.recorded_from = task.years
                live(run, task.years, is_stopped)
                level += sign * run.history.values[task.years, :, -1]  # all sectors together
            levels.append(level)
        return Numbers(index, seed, np.stack(levels))


@dataclass
class Attribution:
    """The runs of a plan; arrays are (runs, …), in the order of seeds.

    ``worths`` are by run, each in the order of its masks; ``ending`` says what ended the runs
    early, if a computing cluster did.
    """

    plan: Plan
    indices: list[int] = field(default_factory=list)
    worths: list[tuple[float, ...]] = field(default_factory=list)
    ending: str = ""

    @property
    def runs(self) -> int:
        """Runs that are finished."""
        return len(self.indices)

    @property
    def is_complete(self) -> bool:
        """Whether every run that was asked for is finished."""
        return self.runs == self.plan.runs

    @property
    def groups(self) -> NDArray[np.int64] | None:
        """Which of the parameter sets each run had (runs,); None where all had those stated."""
        n_sets = len(self.plan.task.variants)
        return np.array(self.indices, np.int64) % n_sets if n_sets else None

    def drawn(self, values: Vector) -> Vector:
        """What an interval of ``values`` (runs, …) is over: the runs, or the means of the sets."""
        return drawn(values, self.groups)

    @property
    def players(self) -> tuple[Player, ...]:
        """Who takes part, in the order of the columns."""
        return self.plan.game.players

    @property
    def warnings(self) -> list[str]:
        """What a reader must know before any number."""
        found = list(self.plan.warnings)
        if not self.is_complete:
            found.append(
                f"INTERRUPTED: {self.runs} of {self.plan.runs} runs are finished, and the results "
                "are of these."
            )
        return found

    @cached_property
    def _seeds(self) -> list[int]:
        return [seed_of(self.plan.seed, index) for index in self.indices]

    @cached_property
    def differences(self) -> Vector:
        """The first scenario minus the other, as they are (runs,)."""
        ends = self._ends
        return ends[:, 1] if self.plan.is_channels else ends[:, 1] - ends[:, 0]

    @cached_property
    def rest(self) -> Vector:
        """What is left of the difference with every channel off (runs,); of levers, nothing."""
        return self._ends[:, 0] if self.plan.is_channels else np.zeros(self.runs)

    @property
    def _ends(self) -> Vector:
        return np.array([(worth[0], worth[-1]) for worth in self.worths])

    @cached_property
    def parts(self) -> Vector:
        """The part of each player (runs, players): with ``rest`` they add up to differences."""
        return np.stack([
            self.plan.design.values(seed, worth)
            for seed, worth in zip(self._seeds, self.worths, strict=True)
        ])  # fmt: skip

    @property
    def is_known(self) -> bool:
        """Whether the outcome has a value in every combination of some run."""
        return any(np.isfinite(worth).all() for worth in self.worths)

    @cached_property
    def steps(self) -> tuple[Vector, Vector]:
        """What each player adds alone, and to all the others (runs, players)."""
        both = [
            self.plan.design.steps(seed, worth)
            for seed, worth in zip(self._seeds, self.worths, strict=True)
        ]
        return np.stack([one for one, _ in both]), np.stack([one for _, one in both])

    @cached_property
    def pairs(self) -> Vector | None:
        """What each two add together beyond each without the other (runs, players, players).

        None where not all combinations are lived, or there is but one player.
        """
        if not self.plan.design.is_exact or len(self.players) < 2:
            return None
        return np.moveaxis(pair_interactions(np.array(self.worths).T), -1, 0)

    @cached_property
    def estimates(self) -> Estimate:
        """Of every part, of the rest, and of the whole (players + 2,); ``n`` counts runs."""
        whole = np.column_stack([self.parts, self.rest, self.differences])
        return replace(estimate(self.drawn(whole)), n=(~np.isnan(whole)).sum(axis=0))


def attribute(
    plan: Plan,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
    store: Store | None = None,
) -> Attribution:
    """Live what is planned, by processes here or by the workers of a Dask ``scheduler``.

    After Ctrl-C, or where the scheduler is lost, the runs that are finished make a smaller sample.
    Runs whose combinations are in the ``store`` are not lived again, whatever outcome they were
    lived for. Raises DaskError, or KeyboardInterrupt if nothing was finished.
    """
    task, players = plan.task, [one.keys for one in plan.game.players]
    area, metric = _AREAS.index(plan.area), METRICS.index(plan.metric)
    tell = progress or (lambda done, total, note: None)

    def key(index: int, seed: int) -> tuple[Any, ...]:
        return seed, [plain(one) for one in task.of(index)], plan.design.masks(seed)

    with on_interrupt() as is_stopped:
        found, ending = read_off(
            task,
            [(index, seed_of(plan.seed, index)) for index in range(plan.runs)],
            Living(plan.game, plan.design),
            workers=workers,
            scheduler=scheduler,
            tell=lambda done, note: tell(done, plan.runs, note),
            is_stopped=is_stopped,
            answers=Answers(
                store, "explain", plan.is_channels, players, plain(task.burn_in), task.years
            ),
            key=key,
            pick=lambda levels: levels.reshape(-1, *_SHAPE)[:, area, metric],
        )
    if not found:
        raise nothing_finished(ending)
    order = sorted(found)
    return Attribution(plan, order, [tuple(found[index].tolist()) for index in order], ending)


def explain(
    first: str | Path | Loaded,
    other: str | Path | Loaded,
    *,
    is_channels: bool = False,
    metric: str = "gva",
    region: str = "north",
    year: int | None = None,
    groups: Mapping[str, Sequence[str]] | None = None,
    n_orders: int | None = None,
    runs: int = 20,
    seed: int = 1,
    firms: int | None = None,
    overrides: Mapping[str, str] | None = None,
    is_over_fits: bool = False,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
    store: Store | None = None,
) -> Attribution:
    """Why two scenarios differ: the difference of one outcome, shared out by Shapley values.

    Among the levers in which they differ or, with ``is_channels``, among mechanisms. ``groups``
    are keys that are switched together, by name; ``n_orders`` draws so many orders a run in place
    of all combinations. ``is_over_fits`` lets the runs take turns with the parameter sets that fit
    the facts about equally well, so that intervals hold the doubt about parameters.

    >>> import sim
    >>> found = sim.explain("long_term", "piecemeal", runs=20, n_orders=4)  # doctest: +SKIP
    >>> found.players, found.estimates  # the parts, their rest and the whole  # doctest: +SKIP

    What is in the ``store`` is not lived again; with the address of a Dask ``scheduler`` its
    workers live the rest. Raises ScenarioError where the two cannot be compared, do not differ, or
    a group is wrong, DaskError where the scheduler cannot be used.
    """
    metrics = {one.name: one for one in METRICS}
    if metric not in metrics:
        raise ValueError(f"there is no metric {metric!r}; docs/metrics.md has them all")
    loaded = load_all([first, other], firms=firms, overrides=overrides)
    planned = plan(
        (loaded[0], loaded[1]), metrics[metric], is_channels=is_channels, area=region, year=year,
        groups=groups, n_orders=n_orders, runs=runs, seed=seed, is_over_fits=is_over_fits,
    )  # fmt: skip
    return attribute(planned, workers=workers, scheduler=scheduler, progress=progress, store=store)
