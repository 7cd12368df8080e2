"""Sequential stopping: where it stops, whatever the workers; and what common luck is worth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fakes import GVA, NORTH, fake, pair

from sim.experiments import dispatch
from sim.experiments.ensemble import run_ensemble
from sim.experiments.future import Futures, IsStopped, Task, never
from sim.experiments.statistics import variance_ratio
from sim.experiments.stopping import Precision


def noisy(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Futures:
    """Levels of 1000 and of a draw beside it with a standard deviation of 10."""
    plain = fake(task, index, seed, is_stopped)
    plain.totals[:, :, NORTH, GVA] = 1000.0
    plain.totals[0, :, NORTH, GVA] += np.random.default_rng(seed).normal(0.0, 10.0)
    return plain


class Sink:
    def __init__(self) -> None:
        self.order: list[int] = []

    def add(self, futures: Futures) -> None:
        self.order.append(futures.index)


def test_the_width_is_that_of_the_interval_over_the_baselines_level() -> None:
    # Differences 1 and 3: mean 2, s = √2, t(1, 95 %) = 6.3138, half-width 6.3138; level 100.
    headline = np.array([[101.0, 103.0], [100.0, 100.0]])
    found = Precision(0.01).reached(headline, np.arange(2))
    assert found == pytest.approx(0.063138, abs=1e-6)
    assert Precision(0.01).reached(headline[:, :1], np.arange(1)) == math.inf


def test_looks_are_after_whole_turns_of_the_parameter_sets() -> None:
    assert (Precision(0.1).batch, Precision(0.1, 17).batch, Precision(0.1, 4).batch) == (10, 17, 12)


def test_it_is_the_ensemble_of_so_many_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "_is_compiled", lambda: True)
    wish, sink = Precision(0.003), Sink()
    found = run_ensemble(
        pair(), runs=200, years=1, workers=1, simulate=noisy, is_enough=wish.is_enough, sink=sink
    )
    assert 10 < found.runs < 200 and found.runs % 10 == 0
    assert found.is_complete and found.planned == found.runs
    assert sink.order == list(range(found.runs))
    beside = run_ensemble(
        pair(), runs=200, years=1, workers=2, simulate=noisy, is_enough=wish.is_enough
    )
    plain = run_ensemble(pair(), runs=found.runs, years=1, workers=1, simulate=noisy)
    for one in (beside, plain):
        assert one.totals.tobytes() == found.totals.tobytes()
        assert one.indices.tolist() == found.indices.tolist()
    fewer = run_ensemble(pair(), runs=found.runs - 10, years=1, workers=1, simulate=noisy)
    last = fewer.series("gva")[:, :, -1]
    assert wish.reached(last, fewer.indices) > wish.share
    assert f"it stopped at {found.runs}" in wish.note(found, 200)


def test_what_is_not_reached_is_said() -> None:
    wish = Precision(1e-9)
    found = run_ensemble(
        pair(), runs=12, years=1, workers=1, simulate=noisy, is_enough=wish.is_enough
    )
    assert found.runs == 12
    assert wish.note(found, 12).startswith("NOT AS NARROW AS ASKED: 12 runs give")


def test_common_luck_divides_the_variance() -> None:
    luck = np.array([1.0, 2.0, 3.0, 4.0])
    own = np.array([0.1, -0.1, 0.1, -0.1])
    apart = luck.var(ddof=1) + (luck + own).var(ddof=1)
    assert variance_ratio(luck, luck + own) == pytest.approx(apart / own.var(ddof=1))
    assert math.isnan(variance_ratio(luck, luck))
    assert math.isnan(variance_ratio(luck[:1], own[:1]))
