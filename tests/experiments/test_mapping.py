"""Maps of a made-up outcome: known contour, seeds, workers, Ctrl-C, and what cannot be mapped."""

from __future__ import annotations

import os
import signal
from dataclasses import replace

import numpy as np
import pytest

from sim.experiments import dispatch
from sim.experiments.future import IsStopped, Task, seed_of
from sim.experiments.grid import Grid, grid_of
from sim.experiments.landmarks import landmarks
from sim.experiments.mapping import Place, SignMap, first_runs, run_map
from sim.experiments.parts import parts_of
from sim.experiments.scenarios import load_all
from sim.experiments.workers import RunFailed
from sim.scenario import Loaded, Scenario, ScenarioError
from sim.scenario.axes import read_axes

PLACE = Place("gva", "north", 2)


def pair(*names: str) -> list[Loaded]:
    return load_all(names or ("long_term", "piecemeal"), firms=150)


def grid(x: str, y: str, *names: str) -> Grid:
    both = pair(*names)
    return grid_of(both, *read_axes(x, y, both), 2)


def made_up(task: Task, seed: int, is_stopped: IsStopped, place: Place) -> tuple[float, ...]:
    """Longer awards are worth as many years, budgets a hundredth; luck differs by scenario."""
    out = []
    for one in task.scenarios:
        luck = np.random.default_rng([seed, round(one.budget * 1000)]).normal()
        out.append(one.programmes["projects"].award_length + 0.01 * one.budget + 0.1 * luck)
    return tuple(out)


def interrupted(task: Task, seed: int, is_stopped: IsStopped, place: Place) -> tuple[float, ...]:
    """The person presses Ctrl-C while the third seed is lived."""
    if seed % 10 == 5:
        os.kill(os.getpid(), signal.SIGINT)
    return made_up(task, seed, is_stopped, place)


def test_the_contour_is_where_it_was_put_and_has_the_runs() -> None:
    # first: length + 3, second: 2 + budget / 100; so zero where length = budget / 100 − 1.
    here = grid("first:award_length=3..11:5", "second:budget=100..500:5")
    found = run_map(here, PLACE, runs=12, workers=1, levels=made_up)
    mean, _, _, n = found.estimates
    for row, budget in enumerate(here.y.values):
        for column, length in enumerate(here.x.values):
            truth = (length + 3.0) - (2.0 + 0.01 * budget)
            assert abs(mean[row, column] - truth) < 0.3
            if abs(truth) > 0.5:
                assert found.signs[row, column] == np.sign(truth)
    assert n.min() == first_runs(12) == 6
    assert n[3, 0] == n.max() == 12  # length 3 at a budget of 400: there it is zero
    assert n.sum() < 7 * 25
    assert found.is_complete


def test_workers_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "_is_compiled", lambda: True)
    small = grid("first:award_length=4..12:2", "second:budget=100..500:2")
    alone, beside = (
        run_map(small, PLACE, runs=7, workers=workers, levels=made_up) for workers in (1, 2)
    )
    assert alone.levels == beside.levels
    np.testing.assert_array_equal(alone.estimates[3], beside.estimates[3])
    assert alone.counts.max() > alone.counts.min()  # it had a second round


def test_what_points_share_is_lived_once_and_each_point_has_the_first_seeds() -> None:
    small = grid("first:award_length=3..11:3", "second:budget=100..500:3")
    assert len(small.task.scenarios) == 3 + 3
    found = run_map(small, PLACE, runs=2, workers=1, levels=made_up)
    assert sorted(found.levels) == [(number, run) for number in range(6) for run in (0, 1)]
    assert found.runs == 2 * 9


#: For each past that was lived its seed, and the futures that parted from it.
JOBS: list[tuple[int, tuple[Scenario, ...]]] = []


def counted(task: Task, seed: int, is_stopped: IsStopped, place: Place) -> tuple[float, ...]:
    JOBS.append((seed, task.scenarios))
    return made_up(task, seed, is_stopped, place)


def lived(here: Grid, runs: int) -> SignMap:
    JOBS.clear()
    return run_map(here, PLACE, runs=runs, workers=1, levels=counted)


def test_where_one_scenario_is_turned_the_other_is_lived_once_a_seed() -> None:
    here = grid("second:award_length=1..7:5", "second:budget=300..700:5")
    found = lived(here, 12)
    assert found.counts.max() == 12 > found.counts.min()
    assert len(JOBS) == len({seed for seed, _ in JOBS}) == 12  # one past a seed, in all rounds
    assert len(JOBS[0][1]) == 25 + 1
    first = pair()[0].scenario.programmes
    assert all(sum(one.programmes == first for one in futures) == 1 for _, futures in JOBS)
    assert sum(len(futures) for _, futures in JOBS) == found.runs + 12


def moving(task: Task, seed: int, is_stopped: IsStopped, place: Place) -> tuple[float, ...]:
    """The line lies before budgets of 300 in the first six runs, and behind them in eight."""
    JOBS.append((seed, task.scenarios))
    run = seed - seed_of(1, 0)
    luck = 10.0 * (-1.0) ** run
    second = {100.0: luck + 1.0, 300.0: luck - 1.0 if run < 6 else 10.0, 500.0: luck - 0.5}
    is_turned = [one.programmes["projects"].award_length == 2 for one in task.scenarios]
    budgets = [one.budget for one in task.scenarios]
    return tuple(second[b] if turned else 0.0 for b, turned in zip(budgets, is_turned, strict=True))


def test_a_point_to_which_the_line_comes_catches_up_and_no_future_is_lived_twice() -> None:
    JOBS.clear()
    here = grid("second:budget=100..500:3", "second:tie_subsidy=0.1..0.2:2")
    found = run_map(here, PLACE, runs=8, workers=1, levels=moving)
    assert found.counts.tolist() == [[8, 8, 8], [0, 0, 0]]
    assert [len(futures) for _, futures in JOBS] == [4] * 6 + [3] * 2 + [1] * 2


def test_a_world_has_one_past_a_seed_whatever_else_is_turned() -> None:
    here = grid("second:budget=100..500:3", "assumptions.trade.shock_rate=1..2:2")
    lived(here, 2)
    worlds = [(seed, futures[0].assumptions.trade.shock_rate) for seed, futures in JOBS]
    assert sorted(worlds) == [(seed_of(1, run), rate) for run in (0, 1) for rate in (1.0, 2.0)]
    assert [len(futures) for _, futures in JOBS] == [3 + 1] * 4


def test_months_that_are_the_same_number_of_quarters_are_lived_once() -> None:
    # 4, 5, 6, 7 and 8 months are 1, 2, 2, 2 and 3 quarters.
    here = grid("second:budget=100..300:2", "second:notice=4..8:5")
    assert (len(here.lived), here.n_repeated, here.n_futures) == (6, 4, 6 + 1)
    found = lived(here, 2)
    assert sum(len(futures) for _, futures in JOBS) == 2 * (6 + 1) and found.runs == 2 * 6
    mean, _, _, n = found.estimates
    assert (n == 2).all() and (mean[1] == mean[2]).all() and (mean[1] == mean[3]).all()


def test_a_point_beside_the_line_gets_its_runs_where_an_earlier_one_has_the_same_futures() -> None:
    def by_notice(task: Task, seed: int, is_stopped: IsStopped, place: Place) -> tuple[float, ...]:
        """Zero between 7 and 8 months, so near that nobody can tell on either side."""
        luck = 3.0 * np.random.default_rng(seed).normal()
        notices = (one.programmes["projects"].notice for one in task.scenarios)
        return tuple(luck * (one < 20) + np.sign(7.5 - one) * (one < 20) for one in notices)

    here = grid("second:budget=100..300:2", "second:notice=4..8:5")
    found = run_map(here, PLACE, runs=8, workers=1, levels=by_notice)
    assert found.counts[:, 0].tolist() == [6, 8, 8, 8, 8]


@pytest.mark.parametrize("workers", [1, 2, 3, 4, 16])
def test_a_round_leaves_no_worker_without_futures(workers: int) -> None:
    scenarios = grid("second:budget=100..500:9", "second:notice=3..6:2").task.scenarios
    missing = {run: range(len(scenarios)) for run in range(7)}
    jobs = parts_of(scenarios, missing, workers).values()
    every = sorted((run, number) for run, numbers in jobs for number in numbers)
    assert every == [(run, number) for run, numbers in missing.items() for number in numbers]
    assert workers > 1 or len(jobs) == 7
    busy = [0] * workers
    for _, numbers in jobs:
        busy[busy.index(min(busy))] += len(numbers)
    assert max(busy) <= 1.2 * len(every) / workers + 1


def test_real_futures_pair_by_their_luck() -> None:
    small = grid("blend=0..1:3", "assumptions.trade.shock_rate=1..2:2")
    assert len(small.lived) == 4  # at 0 the two are the same
    found = run_map(small, Place("rd_performed", "north", 1), runs=2, workers=1)
    assert found.estimates[0][:, 0].tolist() == [0.0, 0.0]
    assert np.isfinite(found.estimates[0]).all()
    assert found.estimates[3].tolist() == [[0, 2, 2], [0, 2, 2]]


def test_ctrl_c_keeps_the_points_that_are_finished() -> None:
    small = grid("first:award_length=3..11:3", "second:budget=100..500:3")
    found = run_map(small, PLACE, runs=9, workers=1, levels=interrupted)
    assert not found.is_complete
    assert 0 < found.runs < found.planned
    assert found.is_known.all()


def sometimes(task: Task, seed: int, is_stopped: IsStopped, place: Place) -> tuple[float, ...]:
    """An outcome that has no value in two runs of three."""
    return tuple(np.nan if seed % 3 else level for level in made_up(task, seed, is_stopped, place))


def test_runs_without_a_value_are_spent_and_not_counted_as_known() -> None:
    small = grid("first:award_length=3..11:3", "second:budget=100..500:3")
    found = run_map(small, PLACE, runs=9, workers=1, levels=sometimes)
    assert found.runs >= 6 * 9
    assert (found.estimates[3] < found.counts).all()


def test_points_that_are_not_sound_are_left_out_and_said() -> None:
    found = grid("second:award_length=1..10:3", "second:notice=0..24:3")
    flaws = {(one.column, one.row): one.flaw for one in found.points if one.flaw}
    assert list(flaws) == [(0, 2)]
    assert "notice of 24 months is longer than the award" in flaws[0, 2]


def test_two_axes_of_one_lever_map_a_scenario_against_itself() -> None:
    found = grid("first:budget=100..300:3", "second:budget=100..300:3", "long_term", "long_term")
    assert [(one.row, one.column) for one in found.points if not one.is_lived] == [
        (0, 0), (1, 1), (2, 2),
    ]  # fmt: skip
    assert found.unequal == 6


def test_the_same_scenario_twice_is_refused() -> None:
    with pytest.raises(ScenarioError, match="are the same at every point of the map"):
        grid("budget=100..300:3", "collaboration.openness", "long_term", "long_term")


def test_a_map_without_a_sound_point_is_refused() -> None:
    with pytest.raises(ScenarioError, match="no point of the map is a sound pair"):
        grid("tie_subsidy=0.3..0.4:2", "budget")


def test_programmes_lie_where_their_levers_say_and_a_mix_adds_none() -> None:
    found = landmarks(grid("second:award_length=1..10:3", "second:notice=0..24:3"))
    at = {one.name: (one.x, one.y) for one in found}
    assert at["shared_prosperity"] == (3.0, 3.0)
    assert at["investment_zone_10: zones_capital"] == (10.0, 24.0)
    assert at["piecemeal"] == (2.0, 3.0)
    assert [one.name for one in found if not one.is_real] == ["piecemeal"]
    assert not any(name.startswith("real_mix") for name in at)
    assert not any(one.is_real for one in landmarks(grid("second:award_length", "budget")))


def test_over_fits_the_runs_of_a_point_take_turns_with_the_sets() -> None:
    both = pair()
    axes = read_axes("first:award_length=4..12:3", "second:budget=100..500:3", both)
    here = grid_of(both, *axes, 2, is_over_fits=True)

    def by_set(task: Task, seed: int, is_stopped: IsStopped, place: Place) -> tuple[float, ...]:
        assumed = {one.assumptions for one in task.scenarios}
        assert len(assumed) == 1 and not task.variants
        market = assumed.pop().trade.market_response
        return tuple(market * level for level in made_up(task, seed, is_stopped, place))

    n_sets = len(here.task.variants)
    found = run_map(here, PLACE, runs=2 * n_sets, workers=1, levels=by_set)
    ratio = {found.levels[0, run] / made_up_level(here, run) for run in range(n_sets)}
    assert len({round(one, 6) for one in ratio}) == n_sets
    _, low, high, n = found.estimates
    assert n[2, 0] == n.max() > n_sets and (high > low).all()
    axes = read_axes("assumptions.trade.margin", "budget", both)
    with pytest.raises(ScenarioError, match=r"assumptions.trade.margin: is an assumption"):
        grid_of(both, *axes, 2, is_over_fits=True)


def made_up_level(here: Grid, run: int) -> float:
    """Of the first scenario of a grid in a run, with the assumptions that it has itself."""
    some = replace(here.task, scenarios=here.task.scenarios[:1])
    return made_up(some, seed_of(1, run), lambda: False, PLACE)[0]


def failing(task: Task, seed: int, is_stopped: IsStopped, place: Place) -> tuple[float, ...]:
    """The second run divides by nothing."""
    return made_up(task, seed // (seed - seed_of(1, 1)) and seed, is_stopped, place)


def test_a_run_that_fails_is_left_out_and_told() -> None:
    here = grid("first:award_length=3..5:3", "second:budget=100..500:3")
    whole = run_map(here, PLACE, runs=8, workers=1, levels=made_up)
    found = run_map(here, PLACE, runs=8, workers=1, levels=failing)
    assert not found.is_complete
    assert found.ending.startswith("run 2 (seed 1000004)") and "ZeroDivisionError" in found.ending
    kept = {at: level for at, level in found.levels.items() if at in whole.levels}
    assert kept and all(run != 1 for _, run in found.levels)
    assert kept == {at: whole.levels[at] for at in kept}
    assert found.counts.max() == 7  # all that there can be


def hopeless(task: Task, seed: int, is_stopped: IsStopped, place: Place) -> tuple[float, ...]:
    raise ZeroDivisionError


def test_where_every_run_fails_the_first_is_told() -> None:
    here = grid("first:award_length=3..5:2", "second:budget=100..500:2")
    with pytest.raises(RunFailed, match=r"run 3 .*ZeroDivisionError"):
        run_map(here, PLACE, runs=8, workers=1, levels=hopeless)
