"""A sensitivity analysis of a made-up outcome: what is planted is found; workers, Ctrl-C, ends."""

from __future__ import annotations

import os
import signal
from dataclasses import replace

import numpy as np
import pytest

from sim.experiments import box, dispatch
from sim.experiments.box import box_of
from sim.experiments.ends import Ends, Flip, end_points
from sim.experiments.factors import at, factors_of, pair_of
from sim.experiments.future import IsStopped, Task
from sim.experiments.indices import Indices, groups_of_points
from sim.experiments.mapping import Place
from sim.experiments.points import LUCK, live_points
from sim.experiments.sensitivity import Plan, lived, plan
from sim.report.sensitivity_words import sentences
from sim.report.wording import quantity
from sim.scenario import ScenarioError

OVER = ["trade.margin", "trade.export_share", "learn.drift", "place.bid_learning"]


def made_up(task: Task, seed: int, is_stopped: IsStopped, place: Place) -> tuple[float, ...]:
    """First minus second is 100 · (margin − 0.25) less 10 · drift; luck is common but for a bit."""
    first, _ = task.scenarios
    luck = np.random.default_rng(seed)
    level = 50.0 + luck.normal(scale=5.0)
    assumed = first.assumptions
    gap = 100.0 * (assumed.trade.margin - 0.25) - 10.0 * assumed.learn.drift
    return level + gap + 0.1 * luck.normal(), level


def interrupted(task: Task, seed: int, is_stopped: IsStopped, place: Place) -> tuple[float, ...]:
    """The person presses Ctrl-C where drift has its highest value in the third trajectory on."""
    interrupted.calls += 1  # type: ignore[attr-defined]
    if interrupted.calls == 40:  # type: ignore[attr-defined]
        os.kill(os.getpid(), signal.SIGINT)
    return made_up(task, seed, is_stopped, place)


def planned(n_groups: int = 0, n_trajectories: int = 8) -> Plan:
    pair = pair_of("long_term", "piecemeal", firms=150)
    return plan(pair, OVER, year=2, n_trajectories=n_trajectories, n_close=2, n_groups=n_groups)


def test_what_was_planted_is_found() -> None:
    done: list[tuple[int, int]] = []
    here = planned(n_groups=32)
    found = lived(
        here, workers=1, levels=made_up, progress=lambda n, total, _: done.append((n, total))
    )
    assert found.is_complete and done[-1] == (sum(here.n_pairs), sum(here.n_pairs))
    effects = found.screening.of_difference
    assert effects.is_told.tolist() == [True, False, True, False, False]
    # The range of margin is 0.15 to 0.35, that of drift 0 to 0.1.
    np.testing.assert_allclose(effects.mu[[0, 2]], [20.0, -1.0], atol=0.2)
    assert found.ends is not None and found.indices is not None
    assert [one.name for one in found.ends.setting.factors] == [
        "assumptions.trade.margin", "assumptions.learn.drift",
    ]  # fmt: skip
    # As it is, margin is 0.25 and drift 0.03: −0.3; margin alone leads to −10.3 and 9.7.
    assert found.ends.usual.mean == pytest.approx(-0.3, abs=0.1)
    assert found.ends.flip(0) is Flip.FLIPS and found.ends.flip(1) is not Flip.FLIPS
    shares = found.indices.shares
    assert shares.first[0] == pytest.approx(1.0, abs=0.1)
    np.testing.assert_array_equal(replace(found.indices).shares.total_conf, shares.total_conf)
    assert shares.acts_alone.tolist()[0] and not shares.acts_with_others[-1]
    assert found.box is not None and found.box.is_told
    low, high = found.box.limits["assumptions.trade.margin"]
    assert low < 0.16 and 0.24 < high < 0.27
    assert found.box.density > 0.9 and found.box.coverage > 0.9


def test_other_seeds_move_the_difference_by_what_is_said() -> None:
    found = lived(planned(), workers=1, levels=made_up)
    screening = found.screening
    means = screening.differences.mean(axis=1).reshape(screening.n_trajectories, -1)
    luck = screening.points[:, -1].reshape(means.shape)
    moves = np.abs(np.diff(means, axis=1)[np.diff(luck, axis=1) != 0.0])
    assert len(moves) == screening.n_trajectories
    (said,) = [one for one in sentences(found) if "other seeds alone" in one]
    assert f"move the difference by {quantity(moves.mean(), '£m a year')} (mean size)." in said


def test_the_level_has_effects_of_its_own() -> None:
    found = lived(planned(), workers=1, levels=made_up).screening
    assert found.of_level.mu_star[-1] > 10 * found.of_difference.mu_star[-1]  # luck is common


def test_trajectories_are_independent_draws_of_luck() -> None:
    """Else what hangs on a few seeds is taken for an effect, and makes the mean look sure."""

    def lucky(task: Task, seed: int, is_stopped: IsStopped, place: Place) -> tuple[float, ...]:
        return np.random.default_rng(seed).normal(), 0.0

    found = lived(planned(n_trajectories=6), workers=1, levels=lucky).screening
    by_trajectory = found.differences.reshape(6, -1)
    assert len(np.unique(by_trajectory)) == 6 * 4  # each with two steps of luck, of two runs
    assert all(len(set(one)) == 4 for one in by_trajectory.tolist())


def test_workers_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "_is_compiled", lambda: True)
    alone, beside = (
        lived(planned(n_trajectories=3), workers=workers, levels=made_up) for workers in (1, 2)
    )
    np.testing.assert_array_equal(alone.screening.levels, beside.screening.levels)
    assert alone.ends is not None and beside.ends is not None
    np.testing.assert_array_equal(alone.ends.differences, beside.ends.differences)


def test_ctrl_c_keeps_the_trajectories_that_are_whole() -> None:
    interrupted.calls = 0  # type: ignore[attr-defined]
    found = lived(planned(), workers=1, levels=interrupted)
    # A trajectory is 6 points of 2 runs: 40 runs are three of them and a bit.
    assert (found.screening.n_trajectories, found.screening.planned) == (3, 8)
    assert not found.is_complete and found.ends is None and found.indices is None
    assert any("INTERRUPTED: 3 of 8 trajectories" in one for one in found.warnings)


def test_points_that_agree_in_luck_have_the_same_seeds() -> None:
    setting = planned().setting
    assert setting.names[-1] == LUCK
    assert setting.seeds(0.0, 2) != setting.seeds(1.0, 2)
    assert not set(setting.seeds(1 / 3, 2)) & set(setting.seeds(2 / 3, 2))
    assert not set(setting.seeds(1.0, 2)) & set(setting.seeds(0.0, 2, block=1))
    assert at(setting.factors, np.array([0.5, np.nan, 1.0, 0.0])) == {
        "assumptions.trade.margin": 0.25,
        "assumptions.learn.drift": 0.1,
        "assumptions.place.bid_learning": 0.02,
    }


def test_the_real_model_is_lived_in_pairs() -> None:
    setting = planned().setting
    points = end_points(len(setting.factors))[[0, 3]]
    found, is_complete, _ = live_points(setting, points, workers=1)
    assert is_complete and found.shape == (2, 2, 2) and np.isfinite(found).all()
    assert not np.array_equal(found[0], found[1])


def test_a_point_that_is_no_sound_scenario_is_left_out() -> None:
    pair = pair_of("long_term", "piecemeal", firms=150)
    over = ["second:notice=0..36", "trade.margin"]
    setting = replace(planned().setting, factors=factors_of(pair, over))
    found, *_ = live_points(setting, np.array([[0.0, 0.5, 0], [1.0, 0.5, 0]]), workers=1,
                           levels=made_up)  # fmt: skip
    assert np.isfinite(found).all(axis=(1, 2)).tolist() == [True, False]
    with pytest.raises(ScenarioError, match="no point of the ranges is a sound pair"):
        live_points(setting, np.array([[1.0, 0.5, 0.0]]), workers=1, levels=made_up)


def test_noise_gives_no_box_and_wins_that_are_too_few_none() -> None:
    setting = planned().setting
    points = groups_of_points(5, 32, seed=1)
    rng = np.random.default_rng(4)
    levels = np.zeros((len(points), 2, 2))
    levels[..., 0] = rng.normal(size=levels.shape[:2])
    found = box_of(Indices(setting, points, levels, 32))
    assert found is not None and not found.is_told
    levels[..., 0] = 1.0
    assert box_of(Indices(setting, points, levels, 32)) is None


def test_flips_need_both_signs_surely() -> None:
    setting = planned().setting
    noise = np.linspace(-1, 1, 20)
    ends = Ends(setting, np.stack([noise + 3, noise - 3, noise + 3, noise + 3, noise + 4]))
    assert [ends.flip(k) for k in (0, 1)] == [Flip.FLIPS, Flip.KEEPS]
    ends = Ends(setting, np.stack([noise + 0.1, noise - 0.1, noise, noise + 0.1, noise + 0.1]))
    assert [ends.flip(k) for k in (0, 1)] == [Flip.MAY, Flip.UNSURE]


def test_both_halves_have_the_whole_range_of_every_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a box is looked for, and where it is tried, are samples of the same ranges."""
    halves = list[np.ndarray]()
    monkeypatch.setattr(box, "_peeled", lambda values, _: halves.append(values.to_numpy()) or {})
    monkeypatch.setattr(box, "_tried", lambda _, values, __: halves.append(values.to_numpy()))
    for seed in (1, 2):
        points = groups_of_points(5, 128, seed)
        luck = np.random.default_rng(seed).normal(size=(len(points), 1, 1))
        box_of(Indices(planned().setting, points, luck * [1.0, 0.0], 128))
    ranges = np.array([one.values for one in planned().setting.factors])
    for values in halves:
        middle = (values.mean(axis=0) - ranges[:, 0]) / (ranges[:, -1] - ranges[:, 0])
        assert np.abs(middle - 0.5).max() < 0.1


def test_the_interval_of_a_box_holds_where_points_of_a_group_have_one_luck() -> None:
    """A box that has nothing to do with who wins: half of its points are wins."""
    setting, n_right, n_told = planned().setting, 0, 0
    for seed in range(40):
        points = groups_of_points(5, 64, seed)
        of_luck = np.random.default_rng(seed).normal(size=998)[(997 * points[:, -1]).astype(int)]
        levels = of_luck[:, None, None] * np.array([1.0, 0.0])
        with pytest.MonkeyPatch.context() as patch:
            margin = {"assumptions.trade.margin": (0.15, 0.22)}
            patch.setattr(box, "_peeled", lambda values, _, limits=margin: limits)
            found = box_of(Indices(setting, points, levels, 64))
        assert found is not None
        n_right += found.low <= 0.5 <= found.high
        n_told += found.is_told
    assert n_right >= 32 and n_told <= 6
