"""What is read off runs: what is finished is kept and told, whatever a computing cluster does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import test_mapping
import test_sensitivity
from fakes import BLANK, pair
from test_attribution import GVA

from sim.experiments import attribution, calibration, mapping, read_off, scorecard
from sim.experiments.attribution import Living, attribute
from sim.experiments.attribution_plan import plan
from sim.experiments.calibration import GENERATION, MOST, calibrate
from sim.experiments.dask_workers import DaskError, DaskLost
from sim.experiments.future import Futures, IsStopped, Simulate, Task, never
from sim.experiments.read_off import Numbers
from sim.experiments.scorecard import FACTS, run_scorecard
from sim.experiments.sensitivity import lived
from sim.experiments.workers import Job, OnFailure, run_here
from sim.metrics.history import METRICS
from sim.report.calibration import sentence
from sim.report.saving import save

GONE, SILENT = "the Dask scheduler is gone", "no Dask scheduler answers"


class Lost:
    """A Dask scheduler that is lost after so many runs, and does not answer from then on."""

    def __init__(self, runs: int, error: type[DaskError]) -> None:
        self.left, self.error = runs, error

    def __call__(
        self,
        task: Task,
        jobs: Sequence[Job],
        workers: int | None,
        simulate: Simulate,
        tell: object,
        is_stopped: IsStopped,
        scheduler: str | None,
        on_failure: OnFailure | None = None,
        is_apart: bool = False,
    ) -> Iterator[Futures]:
        if not self.left:
            raise DaskError(SILENT)
        some = jobs[: self.left]
        for answer in run_here(task, some, simulate, is_stopped):
            self.left -= 1
            yield answer
        if len(some) < len(jobs):
            raise self.error(GONE)


def lose(monkeypatch: pytest.MonkeyPatch, runs: int, error: type[DaskError] = DaskLost) -> None:
    lost = Lost(runs, error)
    monkeypatch.setattr(read_off, "finished", lost)
    monkeypatch.setattr(mapping, "finished", lost)


def facts(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Numbers:
    return Numbers(index, seed, np.full(len(FACTS), float(seed % 7 + index)))


def test_a_scorecard_is_of_the_runs_that_are_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scorecard, "measure_seed", facts)
    lose(monkeypatch, 2)
    card = run_scorecard(runs=3)
    assert (card.runs, card.planned, card.ending) == (2, 3, GONE)
    with pytest.raises(DaskError, match=SILENT):
        run_scorecard(runs=3)
    lose(monkeypatch, 2, DaskError)  # a worker of another version is no loss but a refusal
    with pytest.raises(DaskError, match=GONE):
        run_scorecard(runs=3)


def test_where_nothing_is_finished_the_loss_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*asked: object, **how: object) -> Iterator[Futures]:
        raise DaskLost(GONE)

    monkeypatch.setattr(read_off, "finished", lost)
    for command in (
        lambda: run_scorecard(runs=3),
        lambda: calibrate(generations=1),
        lambda: lived(test_sensitivity.planned()),
        lambda: attribute(plan((pair()[0], pair()[1]), GVA, year=1, n_orders=2)),
    ):
        with pytest.raises(DaskLost, match=GONE):
            command()


def test_an_explanation_is_of_the_runs_that_are_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    class Made(Living):
        def __call__(
            self, task: Task, index: int, seed: int, is_stopped: IsStopped = never
        ) -> Numbers:
            shape = len(self.design.masks(seed)), len(BLANK.areas), len(METRICS)
            return Numbers(index, seed, np.zeros(shape))

    monkeypatch.setattr(attribution, "Living", Made)
    lose(monkeypatch, 2)
    one, other = pair()
    found = attribute(plan((one, other), GVA, year=1, runs=4, n_orders=2))
    assert (found.indices, found.ending, found.is_complete) == ([0, 1], GONE, False)


@pytest.mark.parametrize(
    ("runs", "trials", "again", "ending"),
    [
        (GENERATION + 3, GENERATION + 3, 0, GONE),
        (GENERATION, GENERATION, 0, SILENT),  # between two generations
        (2 * GENERATION + 5, 2 * GENERATION, 5, GONE),  # while the best are lived again
        (2 * GENERATION + MOST, 2 * GENERATION, MOST, ""),
    ],
)
def test_a_fit_is_of_the_trials_that_are_finished(
    monkeypatch: pytest.MonkeyPatch, runs: int, trials: int, again: int, ending: str
) -> None:
    monkeypatch.setattr(calibration, "measure_seed", facts)
    lose(monkeypatch, runs)
    fit = calibrate(generations=2, runs=1, fresh_runs=1)
    assert (len(fit.trials), len(fit.again), fit.ending) == (trials, again, ending)
    assert fit.is_complete == (not ending) and fit.kept
    assert ("INTERRUPTED" in sentence(fit)) == (not again)


@pytest.mark.parametrize(
    ("runs", "trajectories", "has_ends", "ending"),
    [(40, 3, False, GONE), (96, 8, False, SILENT), (126, 8, True, GONE)],
)
def test_a_sensitivity_analysis_is_of_the_steps_that_are_finished(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    runs: int,
    trajectories: int,
    has_ends: bool,
    ending: str,
) -> None:
    lose(monkeypatch, runs)
    planned = test_sensitivity.planned()
    assert planned.n_pairs[0] == 96
    found = lived(planned, levels=test_sensitivity.made_up)
    assert (found.screening.n_trajectories, found.ending) == (trajectories, ending)
    assert not found.is_complete and (found.ends is not None) == has_ends
    assert (save(found, tmp_path / "out") / "sensitivity.md").is_file()


def test_a_map_keeps_the_rounds_that_are_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    here = test_mapping.grid("first:award_length=3..11:5", "second:budget=100..500:5")
    lose(monkeypatch, 6)  # the first round: six seeds, each with one past
    found = mapping.run_map(
        here, test_mapping.PLACE, runs=12, workers=1, levels=test_mapping.made_up
    )
    assert found.ending == SILENT and not found.is_complete
    assert found.counts.min() == found.counts.max() == 6
