"""What an attribution lives, settled before anything is: who takes part, how much, how long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sim.experiments.accounts import TOLERANCE
from sim.experiments.channels import channels
from sim.experiments.dispatch import default_workers
from sim.experiments.fitted import variants_of
from sim.experiments.future import Task, seed_of
from sim.experiments.levers import inseparable, levers
from sim.experiments.players import Player
from sim.experiments.scenarios import horizon_notes
from sim.experiments.shapley import MOST_EXACT, USUAL_ORDERS, Design, Vector
from sim.experiments.tasks import task_of
from sim.experiments.timing import seconds_of
from sim.metrics.metric import Metric
from sim.scenario import Loaded, Scenario
from sim.scenario.outlay import yearly_outlay


class Game(Protocol):
    """Players, and what is lived to know what a combination of them is worth."""

    @property
    def players(self) -> tuple[Player, ...]:
        """Who takes part."""

    def futures(self, mask: int) -> tuple[tuple[float, Scenario], ...]:
        """Scenarios with the sign of each in the worth of the combination."""

    def between(self, first: Scenario, other: Scenario) -> Game:
        """The same players between two other scenarios, which differ in the same."""


@dataclass(frozen=True)
class Plan:
    """What is to be lived, settled before anything is: who takes part, and which combinations.

    ``notes`` say what was made one; ``warnings`` what a reader must know before any number.
    """

    loaded: tuple[Loaded, Loaded]
    task: Task
    game: Game
    design: Design
    is_channels: bool
    metric: Metric
    area: str
    seed: int
    runs: int
    notes: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def n_combinations(self) -> int:
        """Combinations that a run lives, of those that draw orders about as many."""
        return len(self.design.masks(seed_of(self.seed, 0)))

    @property
    def n_futures(self) -> int:
        """Futures that all runs live."""
        return self.runs * self.n_combinations * (2 if self.is_channels else 1)

    def seconds(self, workers: int | None = None) -> float:
        """About how long it takes if nothing else runs, by a past and a year of each scenario."""
        of_past, of_year = seconds_of(self.task, self.seed)
        n_pasts = self.runs * (self.n_combinations if self.is_channels else 1)
        all_in_one = n_pasts * of_past + self.n_futures * self.task.years * of_year
        return all_in_one / min(workers or default_workers(), self.runs)


def plan(
    loaded: tuple[Loaded, Loaded],
    metric: Metric,
    *,
    is_channels: bool = False,
    area: str = "north",
    year: int | None = None,
    groups: Mapping[str, Sequence[str]] | None = None,
    n_orders: int | None = None,
    runs: int = 20,
    seed: int = 1,
    is_over_fits: bool = False,
) -> Plan:
    """Settle what is to be lived: the first scenario less the other, in ``metric`` of ``area``.

    ``year`` is that of the outcome (default: the last of both); ``n_orders`` draws that many
    orders where it is given or the players are more than eight; ``is_over_fits`` lets the runs
    take turns with the fitted parameter sets. Raises ScenarioError where the two cannot be
    compared, do not differ, or a group is wrong.
    """
    variants = variants_of(loaded[0].scenario.assumptions) if is_over_fits else ()
    task = task_of(loaded, year, variants)
    first, other = task.scenarios
    names = (loaded[0].name, loaded[1].name)
    seeds = [seed_of(seed, index) for index in range(runs)]

    def design_of(n: int) -> Design:
        usual = 0 if n <= MOST_EXACT else USUAL_ORDERS
        return Design(n, usual if n_orders is None or n == 1 else n_orders)

    between = levers(first, other, groups if groups and not is_channels else {}, names)
    notes = horizon_notes(loaded, year)
    game: Game = channels(first, other, groups or {}) if is_channels else between
    if not is_channels:
        game, joined = inseparable(between, design_of, seeds)
        notes += joined
    design = design_of(len(game.players))
    masks = {mask for one in seeds for mask in design.masks(one)}
    every = (1 << len(game.players)) - 1
    compared = game.futures(every) if is_channels else [game.futures(m)[0] for m in sorted(masks)]
    outlays = np.stack([yearly_outlay(scenario, task.years) for _, scenario in compared])
    return Plan(
        loaded, task, game, design, is_channels, metric, area, seed, runs, tuple(notes),
        tuple(_unequal(outlays)),
    )  # fmt: skip


def unequal_money(task: Task) -> list[str]:
    """What must be said where the scenarios of a task do not plan the same money."""
    return _unequal(np.stack([yearly_outlay(one, task.years) for one in task.scenarios]))


def _unequal(outlays: Vector) -> list[str]:
    """What must be said where combinations do not plan the same money (combinations, years)."""
    usual = outlays[-1]
    gaps = np.abs(outlays - usual) / np.maximum(np.maximum(outlays, usual), 1e-9)
    n = int(np.sum(gaps.max(axis=1) > TOLERANCE))
    if not n:
        return []
    return [
        f"NOT THE SAME MONEY: {n} of {len(outlays)} scenarios plan other sums than the first in "
        f"some year, up to {100 * gaps.max():.3g} % apart. Parts are of amount as well as of kind."
    ]
