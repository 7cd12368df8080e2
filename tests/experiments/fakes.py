"""Futures without a model: every number known, so that what is made of them can be checked."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence

import numpy as np

from sim.experiments.chunks import Refusal
from sim.experiments.ensemble import Ensemble, run_ensemble
from sim.experiments.future import Futures, IsStopped, Stopped, Task, never
from sim.experiments.scenarios import load_all
from sim.experiments.workers import Job
from sim.metrics.history import METRIC_NAMES, POT_COLUMNS, History
from sim.scenario import Loaded

BLANK = History(0)
GVA, NORTH = METRIC_NAMES.index("gva"), BLANK.areas.index("north")


def account(task: Task, scenario: int) -> np.ndarray:
    """Cumulative accounts (years + 1, one programme, columns): budget as stated, 90 % paid."""
    money = np.zeros((task.years + 1, 1, len(POT_COLUMNS)))
    years = np.arange(task.years + 1)
    budget = task.scenarios[scenario].budget
    for name, share in (("budget", 1.0), ("payments", 0.9), ("overhead", 0.05), ("bid_cost", 0.1)):
        money[:, 0, POT_COLUMNS.index(name)] = share * budget * years
    return money


def fake(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Futures:
    """Everything is 1000 + seed's luck; the first scenario has (1 + index) more a year of GVA."""
    shape = (len(task.scenarios), task.years + 1, len(BLANK.areas), len(BLANK.sectors))
    values = np.full((*shape, len(METRIC_NAMES)), 1000.0 + seed % 10)
    values[0, :, :, :, GVA] += (1.0 + index) * np.arange(task.years + 1)[:, None, None]
    money = tuple(account(task, s) for s in range(len(task.scenarios)))
    totals, programmes = values[:, :, :, -1], tuple(("projects",) for _ in task.scenarios)
    return Futures(index, seed, values.astype(np.float32), totals, money, programmes)


def interrupted(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Futures:
    """The person presses Ctrl-C while the third run is lived."""
    if index == 2:
        os.kill(os.getpid(), signal.SIGINT)
    return fake(task, index, seed, is_stopped)


def interrupted_at_once(
    task: Task, index: int, seed: int, is_stopped: IsStopped = never
) -> Futures:
    """The person presses Ctrl-C before the first run is finished."""
    os.kill(os.getpid(), signal.SIGINT)
    assert is_stopped()
    raise Stopped


def broken(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Futures:
    """A run that fails."""
    raise ZeroDivisionError("a fault of the model")


def broken_late(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Futures:
    """The sixth run fails."""
    return (broken if index == 5 else slow)(task, index, seed, is_stopped)


def refusing(version: tuple[tuple[str, str], ...], content: bytes, jobs: Sequence[Job]) -> Refusal:
    """What a worker of another version answers to a chunk."""
    return Refusal("another machine", (("clustersim", "other"), *version[1:]))


def pair() -> list[Loaded]:
    """The headline pair, small."""
    return load_all(["long_term", "piecemeal"], firms=150)


def ensemble(runs: int = 4, years: int = 6, loaded: list[Loaded] | None = None) -> Ensemble:
    """An ensemble of fake futures."""
    return run_ensemble(loaded or pair(), runs=runs, years=years, workers=1, simulate=fake)


def slow(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Futures:
    """A run that takes long enough for something to happen meanwhile."""
    time.sleep(0.2)
    return fake(task, index, seed, is_stopped)
