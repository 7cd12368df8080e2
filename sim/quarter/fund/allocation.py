"""Rules of allocation: who of those who ask gets the money of a call.

A rule takes a call and returns the accepted proposals (indices) with the part of each that is
funded (0–1]. It never changes a quality, and knows nothing of what the money will do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel

Accepted = tuple[NDArray[np.int64], NDArray[np.float64]]


class Call(NamedTuple):
    """Proposals of one call of one pot; every array has one entry a proposal.

    ``region`` (code), ``score`` (panel's), ``local_score`` (the region's own), ``basis`` (what a
    formula counts), ``lot`` (a uniform draw), ``cost`` (£m a quarter for the whole proposal, all
    real organisations of the row and all partners), ``ceiling`` (largest cost that the holders
    can absorb), ``is_open`` (whether the holder has no award of this pot: a formula counts all).
    ``free`` is what the pot can commit now and ``flow`` what it pays in all, £m a quarter;
    ``region_free`` (regions,) is what each region can still commit of its part by need.
    """

    region: NDArray[np.int64]
    score: NDArray[np.float64]
    local_score: NDArray[np.float64]
    basis: NDArray[np.float64]
    lot: NDArray[np.float64]
    cost: NDArray[np.float64]
    ceiling: NDArray[np.float64]
    is_open: NDArray[np.bool_]
    free: float
    flow: float
    region_free: NDArray[np.float64]


@kernel
def fund_by_pot(order, cost, free, of):
    """As ``fund_in_order``; proposal k draws on what is ``free`` (pots,) in pot ``of[k]``."""
    part = np.zeros(cost.shape[0])
    left = free.copy()
    for k in order:
        if cost[k] <= 0.0:
            continue
        share = min(1.0, left[of[k]] / cost[k])
        if share >= 0.5:
            part[k] = share
            left[of[k]] -= share * cost[k]
    return part


@kernel
def fund_in_order(order, cost, free):
    """Fund proposals in ``order`` while there is money; the last one in part, if half or more.

    A smaller proposal further down may still fit where a larger one did not.
    """
    return fund_by_pot(order, cost, np.full(1, free), np.zeros(cost.shape[0], np.int64))


def _accepted(part: NDArray[np.float64]) -> Accepted:
    chosen = np.flatnonzero(part > 0.0)
    return chosen, part[chosen]


def by_rank(call: Call) -> Accepted:
    """A national ranking of bids by the panel's score."""
    order = np.argsort(-call.score, kind="stable")
    return _accepted(fund_in_order(order, call.cost, call.free))


def by_lot(call: Call) -> Accepted:
    """A draw among the fundable: those whose score is at least the median."""
    if len(call.score) == 0:
        return _accepted(np.zeros(0))
    order = np.argsort(call.lot, kind="stable")
    fundable = call.score >= np.median(call.score)
    return _accepted(fund_in_order(order[fundable[order]], call.cost, call.free))


@kernel
def shares_by_basis(basis, ceiling, flow):
    """Parts of ``flow`` in proportion to ``basis``, none above its ``ceiling``, by water filling.

    What one cannot absorb goes to the others in proportion.
    """
    n = basis.shape[0]
    amount, is_filling = np.zeros(n), basis > 0.0
    left = flow
    for _ in range(n):
        total = 0.0
        for k in range(n):
            total += basis[k] if is_filling[k] else 0.0
        if total <= 0.0 or left <= 1e-12:
            break
        level, n_full = left / total, 0
        for k in range(n):
            if is_filling[k] and amount[k] + basis[k] * level >= ceiling[k]:
                left -= ceiling[k] - amount[k]
                amount[k] = ceiling[k]
                is_filling[k] = False
                n_full += 1
        if n_full == 0:
            for k in range(n):
                amount[k] += basis[k] * level if is_filling[k] else 0.0
            break
    return amount


def by_formula(call: Call) -> Accepted:
    """Everybody who is eligible, in proportion to the basis, up to what each can absorb.

    Entitlements are shares of the whole flow among all who are eligible. Those without an award
    now get theirs, scaled down alike where the pot has less to commit.
    """
    amount = shares_by_basis(call.basis, call.ceiling, call.flow) * call.is_open
    total = float(amount.sum())
    if total > call.free * (1.0 + 1e-9):
        amount *= call.free / total
    part = np.divide(amount, call.cost, out=np.zeros_like(amount), where=call.cost > 0.0)
    return _accepted(part)


def within(region_free: NDArray[np.float64], free: float) -> NDArray[np.float64]:
    """What regions can commit, cut alike where together it is more than the pot has.

    A region whose awards were renewed more often than expected holds more than its part.
    """
    total = float(region_free.sum())
    return region_free * (max(free, 0.0) / total) if total > free else region_free


def by_region(call: Call) -> Accepted:
    """Each region gets a pot by need, and spends it on its own with local knowledge."""
    region_free = within(call.region_free, call.free)
    order = np.argsort(-call.local_score, kind="stable")
    return _accepted(fund_by_pot(order, call.cost, region_free, call.region))


ALLOCATIONS: dict[str, Callable[[Call], Accepted]] = {
    "formula": by_formula,
    "devolved": by_region,
    "competition": by_rank,
    "staged": by_rank,
    "lottery": by_lot,
}
