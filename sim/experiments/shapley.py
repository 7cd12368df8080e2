"""Shares of a whole that several players make together: Shapley values, exact and sampled.

A combination of players is a number whose bit i says whether player i is in. The value of a player
is what it adds when it joins, averaged over all orders in which all could join; the values add up
to what all make together less what nobody makes. Everything here is a pure function of the worth
of combinations.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Most players whose combinations are all lived: 256.
MOST_EXACT = 8
#: Orders that each run draws where there are more players than that.
USUAL_ORDERS = 16

Vector = NDArray[np.float64]
Order = tuple[int, ...]


def shapley_values(worth: Vector) -> Vector:
    """Value of each player (players, …), from the worth of all combinations (2ⁿ, …).

    φᵢ = Σ_S s! (n − s − 1)! / n! · (v(S ∪ i) − v(S)) over the S of s players without i.
    """
    n = _players(worth)
    masks, sizes = _combinations(n)
    weights = np.array([1.0 / (n * math.comb(n - 1, s)) for s in range(n)])
    values = np.empty((n, *worth.shape[1:]))
    for i in range(n):
        without = masks[(masks >> i) & 1 == 0]
        added = worth[without | 1 << i] - worth[without]
        values[i] = np.tensordot(weights[sizes[without]], added, axes=1)
    return values


def pair_interactions(worth: Vector) -> Vector:
    """What each two players add together beyond what each adds without the other (n, n, …).

    I_ij = Σ_S s! (n − s − 2)! / (n − 1)! · (v(S ∪ ij) − v(S ∪ i) − v(S ∪ j) + v(S)) over the S
    without both (the Shapley interaction index); zero on the diagonal.
    """
    n = _players(worth)
    masks, sizes = _combinations(n)
    weights = np.array([1.0 / ((n - 1) * math.comb(n - 2, s)) for s in range(n - 1)])
    values = np.zeros((n, n, *worth.shape[1:]))
    for i in range(n):
        for j in range(i):
            without = masks[(masks >> i | masks >> j) & 1 == 0]
            one, other = without | 1 << i, without | 1 << j
            beyond = worth[one | other] - worth[one] - worth[other] + worth[without]
            values[i, j] = values[j, i] = np.tensordot(weights[sizes[without]], beyond, axes=1)
    return values


def values_along(worth: Mapping[int, float], orders: Sequence[Order]) -> Vector:
    """What each player adds when it joins, averaged over ``orders`` (players,)."""
    values = np.zeros(len(orders[0]))
    for order in orders:
        mask = 0
        for player in order:
            joined = mask | 1 << player
            values[player] += (worth[joined] - worth[mask]) / len(orders)
            mask = joined
    return values


@dataclass(frozen=True)
class Design:
    """Which combinations of ``n`` players a run lives: all, or those along ``n_orders`` orders.

    Each run draws its own orders, each with its reverse, so that the spread over runs holds the
    chance of the draw too. The first and the last step of every player are always lived.
    """

    n: int
    n_orders: int = 0

    @property
    def is_exact(self) -> bool:
        """Whether all combinations are lived."""
        return self.n_orders == 0

    def orders(self, seed: int) -> tuple[Order, ...]:
        """The orders that the run with ``seed`` draws."""
        dice = np.random.default_rng([seed, self.n])
        drawn = [tuple(dice.permutation(self.n).tolist()) for _ in range(-(-self.n_orders // 2))]
        both = [order for one in drawn for order in (one, one[::-1])]
        return tuple(both[: self.n_orders])

    def masks(self, seed: int) -> tuple[int, ...]:
        """The combinations that the run with ``seed`` lives, in rising order."""
        if self.is_exact:
            return tuple(range(1 << self.n))
        every = (1 << self.n) - 1
        found = {0, every}
        for i in range(self.n):
            found |= {1 << i, every ^ 1 << i}
        for order in self.orders(seed):
            mask = 0
            for player in order:
                mask |= 1 << player
                found.add(mask)
        return tuple(sorted(found))

    def values(self, seed: int, worth: Sequence[float]) -> Vector:
        """Value of each player (players,) in the run with ``seed``, from the worth of its masks."""
        if self.is_exact:
            return shapley_values(np.asarray(worth, float))
        by_mask = dict(zip(self.masks(seed), worth, strict=True))
        return values_along(by_mask, self.orders(seed))

    def steps(self, seed: int, worth: Sequence[float]) -> tuple[Vector, Vector]:
        """What each player adds to nobody, and to all the others (players,)."""
        by_mask = dict(zip(self.masks(seed), worth, strict=True))
        every = (1 << self.n) - 1
        first = [by_mask[1 << i] - by_mask[0] for i in range(self.n)]
        last = [by_mask[every] - by_mask[every ^ 1 << i] for i in range(self.n)]
        return np.array(first), np.array(last)


def _players(worth: Vector) -> int:
    n = len(worth).bit_length() - 1
    if len(worth) != 1 << n or n < 1:
        raise ValueError(f"{len(worth)} is not the number of combinations of some players")
    return n


def _combinations(n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All combinations, and how many players each has."""
    masks = np.arange(1 << n, dtype=np.int64)
    return masks, np.bitwise_count(masks).astype(np.int64)
