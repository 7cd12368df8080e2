"""Morris's screening: hand-worked effects, a floor that holds, and what is told from noise."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments import screening
from sim.experiments.screening import effects, elementary, trajectories


def test_an_effect_is_the_change_per_whole_range_in_each_run() -> None:
    # From (0, 0) up in the second coordinate, then in the first; and back again from (1, 1).
    points = np.array([[0, 0], [0, 2 / 3], [2 / 3, 2 / 3], [1, 1], [1 / 3, 1], [1 / 3, 1 / 3]])
    values = np.array([[0.0, 10.0], [2.0, 10.0], [1.0, 14.0], [6.0, 0.0], [2.0, 0.0], [2.0, 2.0]])
    found = elementary(points, values)
    np.testing.assert_allclose(found[0], [[-1.5, 6.0], [3.0, 0.0]])
    np.testing.assert_allclose(found[1], [[6.0, 0.0], [0.0, -3.0]])


def test_salibs_measures_are_those_of_the_mean_over_runs() -> None:
    points = trajectories(3, 4, seed=1)
    values = 2.0 * points[:, :1] - points[:, 1:2] + np.array([[0.5, -0.5]])
    found = effects(points, values)
    np.testing.assert_allclose(found.mu, [2.0, -1.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(found.mu_star, [2.0, 1.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(found.mu_star, np.abs(found.sizes.mean(axis=2)).mean(axis=0))


@pytest.mark.parametrize("law", ["normal", "heavy"])
def test_noise_alone_is_told_no_more_often_than_it_says(law: str) -> None:
    p, above_floor = [], []
    for repeat in range(6):
        rng = np.random.default_rng(repeat)
        points = trajectories(40, 8, seed=repeat)
        shape = len(points), 2
        noise = rng.normal(size=shape) if law == "normal" else rng.standard_t(1.5, size=shape)
        found = effects(points, noise)
        p.append(found.p)
        above_floor.append(found.mu_star > found.floor)
    # 240 of each: five standard deviations of a binomial share of 0.1 and 0.05.
    assert np.mean(np.concatenate(p) <= 0.1) < 0.1 + 5 * 0.0194
    assert np.mean(above_floor) < 0.05 + 5 * 0.0141
    assert np.mean(above_floor) > 0.0  # a floor that nothing reaches would hide effects


def test_true_effects_are_told_in_heavy_noise_with_their_direction() -> None:
    rng = np.random.default_rng(1)
    points = trajectories(30, 10, seed=1)
    truth = 4.0 * points[:, 0] - 4.0 * points[:, 1] + 6.0 * np.abs(points[:, 2] - 0.5)
    found = effects(points, truth[:, None] + 0.3 * rng.standard_t(2, size=(len(points), 2)))
    assert found.is_told[:3].all()
    assert found.mu[0] > 0 > found.mu[1]
    assert not found.is_told[-1]  # the last coordinate is luck, which is no finding
    assert found.is_told.sum() <= 5


def test_what_changes_nothing_has_no_floor_and_is_not_told() -> None:
    points = trajectories(2, 3, seed=1)
    found = effects(points, np.ones((len(points), 2)))
    assert found.mu_star.tolist() == found.floor.tolist() == [0.0, 0.0]
    assert found.p.tolist() == [1.0, 1.0]


def test_signs_are_drawn_in_blocks_to_the_same_p(monkeypatch: pytest.MonkeyPatch) -> None:
    points = trajectories(4, 5, seed=1)
    values = np.random.default_rng(1).normal(size=(len(points), 3))
    values[:, 0] += points[:, 0]
    whole = effects(points, values)
    monkeypatch.setattr(screening, "_BLOCK", 5 * 3 * 7 + 1)
    parts = effects(points, values)
    assert parts.p.tobytes() == whole.p.tobytes()
    assert parts.floor.tobytes() == whole.floor.tobytes()
