"""The points of a sweep: a grid, a Latin hypercube, a Sobol sequence, or a list."""

from __future__ import annotations

import itertools
import math

import numpy as np
from numpy.typing import NDArray

from sim.scenario import LoadedSweep
from sim.scenario.sweep_loading import SweepKey
from sim.scenario.sweeps import Design, Point, Sweep, Value

#: What a reader would write, and write again: enough digits for any lever.
DIGITS = 6


def points_of(loaded: LoadedSweep) -> tuple[Point, ...]:
    """Every point of the design, in its order; the first key of a grid varies slowest."""
    sweep = loaded.sweep
    if sweep.design is Design.LIST:
        return tuple(dict(one) for one in sweep.at)  # type: ignore[arg-type]
    names = [one.key for one in loaded.keys]
    if sweep.design is Design.GRID:
        levels = [_levels(one, sweep.keys[one.key].steps or 0) for one in loaded.keys]
        return tuple(dict(zip(names, one, strict=True)) for one in itertools.product(*levels))
    sample = _sample(sweep, len(names))
    columns = [
        [_value(key, float(u)) for u in shares]
        for key, shares in zip(loaded.keys, sample.T, strict=True)
    ]
    return tuple(dict(zip(names, one, strict=True)) for one in zip(*columns, strict=True))


def _sample(sweep: Sweep, n_keys: int) -> NDArray[np.float64]:
    """Points in the unit cube (points, keys), each coordinate at least 0 and below 1."""
    from scipy.stats import qmc

    luck = np.random.default_rng(sweep.design_seed)
    sampler: qmc.QMCEngine = (
        qmc.LatinHypercube(n_keys, seed=luck)
        if sweep.design is Design.LATIN_HYPERCUBE
        else qmc.Sobol(n_keys, seed=luck)
    )
    return np.asarray(sampler.random(sweep.points or 0))


def _levels(key: SweepKey, steps: int) -> tuple[Value, ...]:
    """The values of a key in a grid."""
    if key.values:
        return key.values
    if key.is_whole:
        whole = (round(key.low + (key.high - key.low) * n / (steps - 1)) for n in range(steps))
        return tuple(dict.fromkeys(whole))
    return tuple(_between(key, n / (steps - 1)) for n in range(steps))


def _value(key: SweepKey, share: float) -> Value:
    """The value that lies ``share`` (0 to below 1) of the way along a key.

    Whole numbers and listed values have equal parts of the way each.
    """
    if key.values:
        return key.values[math.floor(share * len(key.values))]
    if key.is_whole:
        least = math.ceil(key.low)
        return least + math.floor(share * (math.floor(key.high) - least + 1))
    return _between(key, share)


def _between(key: SweepKey, share: float) -> float:
    value = float(f"{key.low + (key.high - key.low) * share:.{DIGITS}g}")
    return min(max(value, key.low), key.high)
