"""Made-up futures that a store keeps, and a note of each that is lived."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from fakes import BLANK, account, pair

from sim.experiments.ensemble import Ensemble, run_ensemble
from sim.experiments.future import Futures, IsStopped, Task, never
from sim.experiments.store import Store
from sim.metrics.history import METRIC_NAMES
from sim.scenario import Loaded

LIVED: list[tuple[int, float]] = []


def counted(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Futures:
    """Futures that depend on their scenario and seed alone; takes note of each that it lives."""
    n = len(METRIC_NAMES)
    shape = (task.years + 1, len(BLANK.areas), len(BLANK.sectors), n)
    values = []
    for scenario in task.of(index):
        LIVED.append((index, scenario.budget))
        rng = np.random.default_rng([seed, int(scenario.budget)])
        # Year by year, so that a longer future begins with the shorter one.
        values.append(np.stack([rng.normal(size=shape[1:]) for _ in range(shape[0])]))
        values[-1][:, 0, 0, :3] = np.nan
        values[-1][:, 1, 0, 0] = -0.0
    money = tuple(account(task, s) for s in range(len(task.scenarios)))
    whole = np.stack(values)
    names = tuple(("projects",) for _ in task.scenarios)
    return Futures(index, seed, whole.astype(np.float32), whole[:, :, :, -1], money, names)


def two(first: float = 300, second: float = 200) -> list[Loaded]:
    one, other = pair()
    change = {"budget": first}, {"budget": second}
    return [
        replace(one, scenario=one.scenario.model_copy(update=change[0])),
        replace(other, scenario=other.scenario.model_copy(update=change[1])),
    ]


def live(
    store: Store | None, loaded: list[Loaded] | None = None, runs: int = 3, years: int = 2
) -> Ensemble:
    LIVED.clear()
    return run_ensemble(
        loaded or two(), runs=runs, years=years, workers=1, simulate=counted, store=store
    )


def assert_same(one: Ensemble, other: Ensemble) -> None:
    assert one.totals.tobytes() == other.totals.tobytes()
    assert one.programmes == other.programmes
    for name in ("detail", "money"):
        for a, b in zip(getattr(one, name), getattr(other, name), strict=True):
            assert a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


def opened(folder: Path, said: list[str] | None = None) -> Store:
    return Store(folder, say=([] if said is None else said).append, spare=0)
