"""Small answers in the store: found again, by what they depend on, and never read damaged."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import pytest
from fakes import BLANK
from test_attribution import GVA, pair
from test_mapping import PLACE, grid, made_up

from sim.experiments import attribution, calibration
from sim.experiments.attribution import Living, attribute
from sim.experiments.attribution_plan import Plan, plan
from sim.experiments.calibration import GENERATION, Fit, calibrate
from sim.experiments.channels import CHANNELS
from sim.experiments.ensemble import run_ensemble
from sim.experiments.factors import pair_of
from sim.experiments.future import IsStopped, Task, never
from sim.experiments.mapping import Place, run_map
from sim.experiments.read_off import Numbers
from sim.experiments.scorecard import FACTS
from sim.experiments.sensitivity import lived
from sim.experiments.sensitivity import plan as sensitivity_plan
from sim.experiments.store import Store, tending
from sim.experiments.store.answers import Answers
from sim.metrics.history import METRICS
from sim.metrics.metric import Metric

LIVED: list[int] = []


def opened(folder: Path, said: list[str] | None = None) -> Store:
    return Store(folder, say=([] if said is None else said).append, spare=0)


def test_an_answer_comes_back_to_the_bit_and_only_to_its_question(tmp_path: Path) -> None:
    numbers = np.array([0.1, -0.0, np.nan, 1e308])
    Answers(opened(tmp_path), "a", [1.5]).add(numbers, 7)
    found = Answers(opened(tmp_path), "a", [1.5]).find(7)
    assert found is not None and found.tobytes() == numbers.tobytes()
    assert Answers(opened(tmp_path), "a", [1.5]).find(8) is None
    assert Answers(opened(tmp_path), "b", [1.5]).find(7) is None
    assert Answers(None, "a", [1.5]).find(7) is None


@pytest.mark.parametrize("is_verified", [False, True])
def test_a_damaged_answer_is_named_and_set_aside(tmp_path: Path, is_verified: bool) -> None:
    Answers(opened(tmp_path), "a").add([1.0, 2.0])
    path = next(tmp_path.rglob("answers/*/*"))
    path.write_bytes(path.read_bytes()[:-1])
    said: list[str] = []
    if is_verified:
        assert tending.verify(tmp_path, said.append, lambda done, total, note: None)[1] == 1
    assert Answers(opened(tmp_path, said), "a").find() is None
    assert len(said) == 1 and str(path) in said[0] and not path.exists()
    assert [one.name for one in tending.damaged(tmp_path)] == [path.name]


def counted(task: Task, seed: int, is_stopped: IsStopped, place: Place) -> tuple[float, ...]:
    LIVED.append(len(task.scenarios))
    return made_up(task, seed, is_stopped, place)


def test_a_map_lives_only_what_the_store_has_not(tmp_path: Path) -> None:
    def live(folder: Path | None, budgets: str) -> dict[tuple[int, int], float]:
        LIVED.clear()
        here = grid("first:award_length=3..11:3", f"second:budget={budgets}")
        store = None if folder is None else opened(folder)
        return run_map(here, PLACE, runs=6, workers=1, levels=counted, store=store).levels

    first = live(tmp_path, "100..300:2")
    n_first = sum(LIVED)
    assert live(tmp_path, "100..300:2") == first == live(None, "100..300:2")
    assert live(tmp_path, "100..300:2") == first and LIVED == []
    alone = live(None, "100..500:3")
    n_alone = sum(LIVED)
    assert live(tmp_path, "100..500:3") == alone
    assert 0 < sum(LIVED) < n_alone and n_first > 0


def test_an_explanation_lives_only_what_the_store_has_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Counted(Living):
        def __call__(
            self, task: Task, index: int, seed: int, is_stopped: IsStopped = never
        ) -> Numbers:
            LIVED.append(index)
            worth = np.array([float(mask + seed % 7) for mask in self.design.masks(seed)])
            levels = np.tile(worth[:, None, None], (len(BLANK.areas), len(METRICS)))
            return Numbers(index, seed, levels)

    monkeypatch.setattr(attribution, "Living", Counted)

    def live(runs: int, budget: str) -> list[tuple[float, ...]]:
        LIVED.clear()
        asked = plan(pair(budget=budget), GVA, year=1, runs=runs)
        return attribute(asked, workers=1, store=opened(tmp_path)).worths

    first = live(2, "200")
    assert LIVED == [0, 1]
    assert live(3, "200")[:2] == first and LIVED == [2]
    live(2, "201")
    assert LIVED == [0, 1]


@pytest.mark.parametrize("is_channels", [False, True])
def test_another_outcome_of_an_explanation_lives_nothing(tmp_path: Path, is_channels: bool) -> None:
    groups = {"all": [one.name for one in CHANNELS]} if is_channels else None
    jobs = next(one for one in METRICS if one.name == "jobs")
    both = pair(programmes__projects__pots="4")

    def planned(metric: Metric, area: str) -> Plan:
        return plan(
            both, metric, area=area, is_channels=is_channels, groups=groups, year=1, runs=2
        )  # fmt: skip

    attribute(planned(GVA, "north"), workers=1, store=opened(tmp_path))
    store = opened(tmp_path)
    again = attribute(planned(jobs, "tees_valley"), workers=1, store=store)
    assert store.n_found == store.n_asked == 2
    alone = attribute(planned(jobs, "tees_valley"), workers=1)
    assert again.worths == alone.worths and np.ptp(alone.worths) > 0.0
    ensemble = run_ensemble(both, runs=2, years=1, workers=1)
    first, other = ensemble.series("jobs", "tees_valley")[:, :, 1]
    np.testing.assert_array_equal(again.differences, first - other)


def test_a_sensitivity_analysis_lives_only_what_the_store_has_not(tmp_path: Path) -> None:
    def live(folder: Path | None, n_groups: int, year: int = 2) -> tuple[bytes, int]:
        LIVED.clear()
        planned = sensitivity_plan(
            pair_of("long_term", "piecemeal", firms=150), ["trade.margin", "learn.drift"],
            year=year, n_trajectories=3, n_close=2, n_groups=n_groups,
        )  # fmt: skip
        store = None if folder is None else opened(folder)
        found = lived(planned, workers=1, levels=counted_margin, store=store)
        assert found.is_complete and found.ends is not None
        indices = found.indices.levels if found.indices is not None else np.zeros(0)
        parts = (found.screening.levels, found.ends.differences, indices)
        return b"".join(one.tobytes() for one in parts), len(LIVED)

    first, n_first = live(tmp_path, 0)
    assert live(tmp_path, 0) == (first, 0) and n_first > 0
    alone, n_alone = live(None, 4)
    assert live(tmp_path, 4) == (alone, n_alone - n_first)
    assert live(tmp_path, 0, year=3)[1] == n_first


def counted_margin(task: Task, seed: int, is_stopped: IsStopped, place: Place) -> tuple[float, ...]:
    LIVED.append(len(task.scenarios))
    return task.scenarios[0].assumptions.trade.margin + seed % 7, float(seed % 5)


def test_a_search_that_was_stopped_goes_on_from_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It proposes the same parameters again, because it learns the same from them."""

    def facts(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Numbers:
        LIVED.append(index)
        if len(LIVED) == stop_at:
            os.kill(os.getpid(), signal.SIGINT)
        here = task.of(index)[0].assumptions
        return Numbers(index, seed, np.full(len(FACTS), here.trade.demand_growth + seed % 3))

    monkeypatch.setattr(calibration, "measure_seed", facts)

    def fit(store: Store | None) -> tuple[Fit, int]:
        LIVED.clear()
        return calibrate(
            generations=3, runs=1, fresh_runs=2, workers=1, store=store, firms=60
        ), len(LIVED)  # fmt: skip

    stop_at = 0
    whole, n_whole = fit(None)
    stop_at = 2 * GENERATION + 5
    stopped, n_stopped = fit(opened(tmp_path))
    assert not stopped.is_complete and n_stopped == stop_at
    stop_at = 0
    found, n_found = fit(opened(tmp_path))
    assert found.is_complete and str(found) == str(whole)
    assert n_found == n_whole - n_stopped
    assert fit(opened(tmp_path))[1] == 0
