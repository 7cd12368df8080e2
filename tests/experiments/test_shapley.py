"""Shapley values of games whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.experiments.shapley import Design, pair_interactions, shapley_values, values_along

NUMBERS = st.floats(-1e3, 1e3).map(lambda x: round(x, 3))


def games(players: st.SearchStrategy[int] = st.integers(1, 5)) -> st.SearchStrategy[np.ndarray]:
    return players.flatmap(lambda n: arrays(float, 1 << n, elements=NUMBERS))


def masks(n: int) -> np.ndarray:
    return np.arange(1 << n)


def is_in(n: int, player: int) -> np.ndarray:
    return masks(n) >> player & 1 == 1


def test_gloves_left_and_two_right() -> None:
    """One has a left glove, two have a right one, and a pair is worth 1: 2/3, 1/6 and 1/6."""
    worth = np.array([0, 0, 0, 1, 0, 1, 0, 1], float)
    assert shapley_values(worth) == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_two_who_need_one_another_share_alike_and_interact() -> None:
    worth = np.array([0, 0, 0, 10, 0, 0, 0, 10], float)  # the third adds nothing
    assert shapley_values(worth) == pytest.approx([5, 5, 0])
    pairs = pair_interactions(worth)
    assert pairs[0, 1] == pairs[1, 0] == pytest.approx(10)
    assert pairs[0, 2] == pairs[1, 2] == pairs[0, 0] == 0.0


@given(st.lists(NUMBERS, min_size=2, max_size=5), NUMBERS)
def test_in_an_additive_game_each_gets_its_own_and_nobody_interacts(
    own: list[float], base: float
) -> None:
    n = len(own)
    worth = base + sum(value * is_in(n, i) for i, value in enumerate(own))
    assert shapley_values(worth) == pytest.approx(own, abs=1e-8)
    assert pair_interactions(worth) == pytest.approx(np.zeros((n, n)), abs=1e-8)


@given(games())
def test_values_add_up_to_the_whole(worth: np.ndarray) -> None:
    assert shapley_values(worth).sum() == pytest.approx(worth[-1] - worth[0], abs=1e-8)


@given(games(st.integers(2, 5)))
def test_who_adds_nothing_gets_nothing(worth: np.ndarray) -> None:
    n = len(worth).bit_length() - 1
    idle = worth[masks(n) & ~1]  # the first player never matters
    assert shapley_values(idle)[0] == pytest.approx(0.0, abs=1e-9)


@given(games(st.integers(2, 5)))
def test_players_alike_get_alike(worth: np.ndarray) -> None:
    n = len(worth).bit_length() - 1
    swapped = masks(n) & ~3 | (masks(n) & 1) << 1 | masks(n) >> 1 & 1
    alike = 0.5 * (worth + worth[swapped])  # the first two may change places
    values = shapley_values(alike)
    assert values[0] == pytest.approx(values[1], abs=1e-8)


@given(games(st.just(3)), games(st.just(3)))
def test_values_of_a_sum_are_the_sum_of_values(one: np.ndarray, other: np.ndarray) -> None:
    both = shapley_values(np.column_stack([one, other]))
    assert both[:, 0] + both[:, 1] == pytest.approx(shapley_values(one + other), abs=1e-8)


@given(games(st.integers(2, 4)), st.integers(0, 99))
def test_sampled_values_add_up_in_every_run(worth: np.ndarray, seed: int) -> None:
    design = Design(len(worth).bit_length() - 1, n_orders=2)
    lived = [float(worth[mask]) for mask in design.masks(seed)]
    values = design.values(seed, lived)
    assert values.sum() == pytest.approx(worth[-1] - worth[0], abs=1e-8)
    first, last = design.steps(seed, lived)
    assert first[0] == worth[1] - worth[0] and last[0] == worth[-1] - worth[-2]


def test_all_orders_together_give_the_exact_values() -> None:
    from itertools import permutations

    worth = np.random.default_rng(1).normal(size=16)
    by_mask = dict(enumerate(worth.tolist()))
    found = values_along(by_mask, list(permutations(range(4))))
    assert found == pytest.approx(shapley_values(worth))


def test_the_mean_over_runs_of_sampled_values_comes_near_the_exact_ones() -> None:
    worth = np.random.default_rng(2).normal(size=32)
    design = Design(5, n_orders=4)
    values = np.array([
        design.values(seed, [float(worth[mask]) for mask in design.masks(seed)])
        for seed in range(400)
    ])  # fmt: skip
    error = values.std(axis=0, ddof=1) / np.sqrt(len(values))
    assert np.all(np.abs(values.mean(axis=0) - shapley_values(worth)) < 4.5 * error)


def test_orders_come_with_their_reverse_and_by_the_seed() -> None:
    design = Design(9, n_orders=4)
    orders = design.orders(7)
    assert orders[1] == orders[0][::-1] and orders[3] == orders[2][::-1]
    assert orders == design.orders(7) != design.orders(8)
    assert len(design.masks(7)) <= 4 * 8 + 2 + 2 * 9
    assert Design(3).masks(7) == tuple(range(8))


def test_what_is_no_game_is_refused() -> None:
    with pytest.raises(ValueError, match="combinations"):
        shapley_values(np.zeros(3))
