"""One seed, all its futures: the common past is lived once, and every scenario forks from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.parameters import QUARTERS_PER_YEAR
from sim.quarter import Assumptions
from sim.run import Run
from sim.scenario import Scenario

#: What scenarios that fork from one state have in common, beside the regime of the burn-in.
PAST = ("population", "burn_in", "assumptions")


class Stopped(Exception):
    """The person asked to stop; what is unfinished is dropped."""


@dataclass(frozen=True)
class Task:
    """What every seed of an ensemble does: these scenarios, from this past, for these years.

    Where there are ``variants``, the runs take turns with them: run ``index`` is lived, in all its
    futures alike, under the assumptions of the variant ``index`` modulo their number. Where the
    scenarios have not one past, ``burn_ins`` holds the burn-in of each; else it is empty.
    """

    scenarios: tuple[Scenario, ...]
    burn_in: Scenario
    years: int
    variants: tuple[Assumptions, ...] = ()
    burn_ins: tuple[Scenario, ...] = ()

    def of(self, index: int) -> tuple[Scenario, ...]:
        """The scenarios as run ``index`` lives them."""
        if not self.variants:
            return self.scenarios
        update = {"assumptions": self.variants[index % len(self.variants)]}
        return tuple(one.model_copy(update=update) for one in self.scenarios)


@dataclass(frozen=True)
class Finished:
    """What has come of one seed: its futures, or no more than what was read off them."""

    index: int
    seed: int


@dataclass(frozen=True)
class Futures(Finished):
    """The futures of one seed, one for each scenario.

    ``values`` (scenarios, years + 1, areas, sectors + 1, metrics) have the precision of the files
    that hold them: half of the bytes that a worker sends. ``totals`` (scenarios, years + 1, areas,
    metrics) are over all sectors. ``money`` holds for each scenario the cumulative accounts by
    programme (years + 1, programmes, columns), £m, and ``programmes`` their names.
    """

    values: NDArray[np.float32]
    totals: NDArray[np.float64]
    money: tuple[NDArray[np.float64], ...]
    programmes: tuple[tuple[str, ...], ...]


IsStopped = Callable[[], bool]
#: What a worker does with an index and a seed of a task; and where that is to live its futures.
Work = Callable[[Task, int, int, IsStopped], Finished]
Simulate = Callable[[Task, int, int, IsStopped], Futures]


def never() -> bool:
    """Nobody asks to stop."""
    return False


def seed_of(base: int, index: int) -> int:
    """Seed of a run: far apart, so that the runs of two base seeds do not overlap."""
    return base * 1_000_003 + index


def start(task: Task, seed: int, index: int = 0) -> Run:
    """The world of run ``index`` with ``seed`` at the moment when the policies part."""
    return Run.start(task.of(index)[0], task.burn_in, seed)


def live(run: Run, years: int, is_stopped: IsStopped = never) -> Run:
    """Take a future through its first ``years``. Raises Stopped."""
    for _ in range(years * QUARTERS_PER_YEAR):
        if is_stopped():
            raise Stopped
        run.step()
    return run


def each(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Iterator[Run]:
    """Every future of one seed at its end, in the order of the scenarios. Raises Stopped."""
    scenarios = task.of(index)
    past = _Pasts(scenarios, task, seed)
    for number, scenario in enumerate(scenarios):
        yield live(past.of(number).fork(scenario), task.years, is_stopped)


def simulate(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Futures:
    """All futures of one seed. Raises Stopped."""
    values, money, programmes = [], [], []
    for run in each(task, index, seed, is_stopped):
        values.append(run.history.values[: task.years + 1])
        names, accounts = _by_programme(run, task.years)
        programmes.append(names)
        money.append(accounts)
    totals = np.stack([one[:, :, -1] for one in values])
    detail = np.stack([one.astype(np.float32) for one in values])
    return Futures(index, seed, detail, totals, tuple(money), tuple(programmes))


class _Pasts:
    """The pasts of one seed, each lived once for all scenarios that share it."""

    def __init__(self, scenarios: tuple[Scenario, ...], task: Task, seed: int) -> None:
        self._scenarios, self._seed = scenarios, seed
        self._burn_ins = task.burn_ins or (task.burn_in,) * len(scenarios)
        self._found: list[tuple[int, Run]] = []

    def of(self, number: int) -> Run:
        """The moment when the policies part, for the scenario of this number."""
        for other, run in self._found:
            if self._is_one(number, other):
                return run
        run = Run.start(self._scenarios[number], self._burn_ins[number], self._seed)
        self._found.append((number, run))
        return run

    def _is_one(self, number: int, other: int) -> bool:
        one, another = self._scenarios[number], self._scenarios[other]
        return self._burn_ins[number] == self._burn_ins[other] and all(
            getattr(one, key) == getattr(another, key) for key in PAST
        )


def _by_programme(run: Run, years: int) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Accounts of the pots, added up over the funders of each programme."""
    accounts = run.history.pots[: years + 1]
    owner = [pot.name for pot in run.policy.pots]
    # In the order of the scenario; what belongs to no programme of its own comes last.
    names = [name for name in run.scenario.programmes if name in owner]
    names += [name for name in dict.fromkeys(owner) if name not in names]
    total = np.zeros((len(accounts), len(names), accounts.shape[2]))
    for pot, name in enumerate(owner):
        total[:, names.index(name)] += accounts[:, pot]
    return tuple(names), total
