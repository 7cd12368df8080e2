"""Nearness: how travel time makes another region matter less, and which one a draw meets."""

from __future__ import annotations

import math

import numpy as np

from sim.kernel import kernel, kernel_of


@kernel
def nearness(travel, reach):
    """e^(−t / reach) of every two regions (regions, regions), travel time and reach in minutes."""
    near = np.empty(travel.shape)
    for a in range(travel.shape[0]):
        for b in range(travel.shape[1]):
            near[a, b] = math.exp(-travel[a, b] / reach)
    return near


@kernel
def chance_by_region(near, mass):
    """Chance that one of a region (rows) meets somebody of a region up to each (columns).

    The chance of each region, its own included, is in proportion to nearness and ``mass``
    (regions,).
    """
    chance = np.empty_like(near)
    for a in range(near.shape[0]):
        total = 0.0
        for b in range(near.shape[1]):
            total += near[a, b] * mass[b]
            chance[a, b] = total
        for b in range(near.shape[1]):
            chance[a, b] /= total
    return chance


@kernel_of("int64(float64[:, ::1], int64, float64)")
def region_met(chance, region, u):
    """The region that one of ``region`` meets by the uniform draw ``u``, see ``chance_by_region``.

    All regions are counted, without a branch: 3 ns, and 12 where one looks until it is found.
    """
    met = 0
    for k in range(chance.shape[1] - 1):
        met += u > chance[region, k]
    return met
