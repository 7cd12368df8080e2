"""How much the largest hold: where the tail of a distribution begins, and how heavy it is."""

from __future__ import annotations

import math

import numpy as np

from sim.kernel import kernel

#: Bits of the mantissa of a float, below those of its power of two; and powers that there are.
MANTISSA, POWERS_OF_TWO = 52, 2048


@kernel
def tail_begins(values, weights, part):
    """The largest value outside the tail that has the top ``part`` of the weight; NaN for none.

    Only values above zero count. One walk sorts them into powers of two, which finds the one in
    which the tail begins; among those few, quickselect by weight (Hoare 1961).
    """
    bits = values.view(np.int64)
    by_power = np.zeros(POWERS_OF_TWO)
    for i in range(values.shape[0]):
        if values[i] > 0.0 and weights[i] > 0.0:
            by_power[bits[i] >> MANTISSA] += weights[i]
    wanted = part * by_power.sum()
    power, taken = POWERS_OF_TWO - 1, 0.0
    while power >= 0 and taken + by_power[power] <= wanted * (1.0 + 1e-12):
        taken += by_power[power]
        power -= 1
    v, w = np.empty(values.shape[0]), np.empty(values.shape[0])
    n = 0
    for i in range(values.shape[0]):
        if bits[i] >> MANTISSA == power and values[i] > 0.0 and weights[i] > 0.0:
            v[n], w[n] = values[i], weights[i]
            n += 1
    low, high = 0, n
    while low < high:
        pivot = v[low + (high - low) // 2]
        # Larger values come first, then those that equal the pivot from ``same``, then the rest.
        same, after, k = low, high, low
        above, equal = 0.0, 0.0
        while k < after:
            if v[k] > pivot:
                above += w[k]
                v[k], v[same] = v[same], v[k]
                w[k], w[same] = w[same], w[k]
                same += 1
                k += 1
            elif v[k] < pivot:
                after -= 1
                v[k], v[after] = v[after], v[k]
                w[k], w[after] = w[after], w[k]
            else:
                equal += w[k]
                k += 1
        if taken + above > wanted * (1.0 + 1e-12):
            high = same
        elif taken + above + equal > wanted * (1.0 + 1e-12):
            return pivot
        else:
            taken += above + equal
            low = after
    return np.nan


@kernel
def top_share(values, weights, part):
    """Share of the total that the top ``part`` of those with a value above zero hold."""
    begins = tail_begins(values, weights, part)
    total, above, weight, weight_above = 0.0, 0.0, 0.0, 0.0
    for i in range(values.shape[0]):
        if values[i] > 0.0:
            weight += weights[i]
            total += weights[i] * values[i]
            if values[i] > begins:
                weight_above += weights[i]
                above += weights[i] * values[i]
    if total <= 0.0:
        return np.nan
    if np.isnan(begins):
        return 1.0
    return (above + max(part * weight - weight_above, 0.0) * begins) / total


@kernel
def hill(values, weights, part):
    """Hill's estimate of the tail exponent of sizes over the top ``part`` [Axtell 1.06].

    1 / mean of ln(x / x_min), where x_min is the largest value outside the tail. The row in which
    the tail begins counts with the part of its weight that is in it.
    """
    begins = tail_begins(values, weights, part)
    weight, logs = 0.0, 0.0
    for i in range(values.shape[0]):
        if values[i] > 0.0:
            weight += weights[i]
            if values[i] > begins and weights[i] > 0.0:
                logs += weights[i] * math.log(values[i] / begins)
    mean = logs / (part * weight) if part * weight > 0.0 else 0.0
    return 1.0 / mean if mean > 1e-12 else np.nan
