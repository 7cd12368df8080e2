"""Ensembles: order, workers, Ctrl-C, and what cannot be compared."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from fakes import broken, ensemble, fake, interrupted, interrupted_at_once, pair

from sim.experiments import dispatch
from sim.experiments.ensemble import run_ensemble
from sim.experiments.future import Futures, seed_of
from sim.experiments.tasks import task_of
from sim.experiments.workers import WorkerError
from sim.scenario import ScenarioError, load


class Sink:
    """Remembers the order in which runs come."""

    def __init__(self) -> None:
        self.order: list[int] = []

    def add(self, futures: Futures) -> None:
        self.order.append(futures.index)


def test_totals_are_those_of_all_sectors_in_the_order_of_seeds() -> None:
    found = ensemble(runs=3, years=2)
    difference = found.series("gva")[0] - found.series("gva")[1]
    assert difference.tolist() == [[0, 1, 2], [0, 2, 4], [0, 3, 6]]
    assert found.seeds == [seed_of(1, 0), seed_of(1, 1), seed_of(1, 2)]
    assert found.milestones() == [2]
    assert len(found.detail) == 3


def test_milestones_are_those_reached_and_the_last() -> None:
    assert ensemble(runs=1, years=12).milestones() == [5, 10, 12]


def test_workers_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "_is_compiled", lambda: True)
    alone = ensemble(runs=5, years=3)
    sink = Sink()
    beside = run_ensemble(pair(), runs=5, years=3, workers=2, simulate=fake, sink=sink)
    np.testing.assert_array_equal(alone.totals, beside.totals)
    assert sink.order == [0, 1, 2, 3, 4]
    assert beside.detail == []


@pytest.mark.slow
def test_workers_change_no_byte_of_real_runs() -> None:
    alone, beside = (run_ensemble(pair(), runs=3, years=2, workers=workers) for workers in (1, 2))
    assert alone.totals.tobytes() == beside.totals.tobytes()
    for one, other in zip(alone.detail, beside.detail, strict=True):
        assert one.tobytes() == other.tobytes()
    for one, other in zip(alone.money, beside.money, strict=True):
        assert one.tobytes() == other.tobytes()


def test_a_longer_look_leaves_the_first_years_as_they_were() -> None:
    short, long = (run_ensemble(pair(), runs=1, years=years, workers=1) for years in (1, 2))
    np.testing.assert_array_equal(short.totals, long.totals[:, :, :2])


def test_futures_start_from_the_same_state() -> None:
    found = run_ensemble(pair(), runs=1, years=1, workers=1)
    np.testing.assert_array_equal(found.totals[0, :, 0], found.totals[1, :, 0])


def test_interrupt_keeps_what_is_finished() -> None:
    sink = Sink()
    found = run_ensemble(pair(), runs=9, years=2, workers=1, simulate=interrupted, sink=sink)
    assert found.runs == 3 and found.planned == 9
    assert not found.is_complete
    assert found.totals.shape[1] == 3
    assert sink.order == [0, 1, 2]


def test_interrupt_before_anything_is_finished_is_passed_on() -> None:
    with pytest.raises(KeyboardInterrupt):
        run_ensemble(pair(), runs=2, years=2, workers=1, simulate=interrupted_at_once)


def test_a_broken_run_says_which_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "_is_compiled", lambda: True)
    with pytest.raises(
        WorkerError, match=r"run \d \(seed \d+\) of Long-term, Piecemeal failed"
    ) as error:
        run_ensemble(pair(), runs=1 + 1, years=2, workers=2, simulate=broken)
    assert "a fault of the model" in str(error.value)


def test_a_worker_whose_parent_has_gone_says_nothing() -> None:
    worker = subprocess.Popen(
        [sys.executable, "-m", "sim.experiments.workers"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert worker.stdin is not None and worker.stdout is not None and worker.stderr is not None
    worker.stdout.close()
    pickle.dump((task_of(pair(), 1), fake), worker.stdin)
    pickle.dump((0, 1), worker.stdin)
    worker.stdin.close()
    assert (worker.wait(timeout=60), worker.stderr.read()) == (0, b"")
    worker.stderr.close()


def test_futures_that_cannot_share_a_past_are_refused_all_at_once() -> None:
    first = load("long_term", {"population.firms": "150"})
    other = load("piecemeal", {"population.firms": "200", "burn_in.years": "3"})
    with pytest.raises(ScenarioError) as error:
        task_of([first, other])
    keys = {problem.key for problem in error.value.problems}
    assert keys == {"population", "burn_in"}


def test_one_scenario_twice_is_refused() -> None:
    with pytest.raises(ScenarioError, match="called long_term"):
        task_of([load("long_term"), load("long_term")])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"runs": 0}, "runs"),
        ({"workers": 0}, "workers"),
        ({"seed": -1}, "seed"),
        ({"years": 61}, "years"),
    ],
)
def test_senseless_numbers_are_refused(wrong: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run_ensemble(pair(), simulate=fake, **wrong)  # type: ignore[arg-type]


def test_years_beyond_the_horizon_lengthen_it() -> None:
    task = task_of(pair(), 30)
    assert [one.horizon for one in task.scenarios] == [30, 30]
    assert [one.horizon for one in task_of(pair(), 4).scenarios] == [25, 25]
