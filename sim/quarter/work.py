"""Kinds of research work: one function for the value of its length, believed and realised alike."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel_of
from sim.parameters import Parameters, quantity


@kernel_of("float64(float64, float64, float64)")
def kept_share(years, horizon, salvage):
    """Share ``σ + (1 − σ) e^(−t/H)`` of work that is kept, when it needs ``years`` t of money.

    The money stops at rate 1/H, and all but the salvage σ is lost with it.
    """
    return salvage + (1.0 - salvage) * math.exp(-years / horizon)


class WorkAssumptions(Parameters):
    """What longer work is worth, and what is left of work that is broken off.

    The value of work of length ℓ is ``(ℓ / ℓ0)^φ``. No lever is in it, and the range of φ
    includes zero: longer grants barely changed what researchers do in one large survey [84].
    """

    length_exponent_laboratory: float = quantity(
        0.12, "elasticity", (0.0, 0.25), "[80, 84]", neutral=0.0, ge=-1, le=1
    )
    """Elasticity of the value of university work to its length."""
    length_exponent_catapult: float = quantity(
        0.08, "elasticity", (0.0, 0.20), "[80, 84]", neutral=0.0, ge=-1, le=1
    )
    """Elasticity of the value of applied-centre work to its length."""
    length_exponent_firm: float = quantity(
        0.05, "elasticity", (0.0, 0.15), "[80, 84]", neutral=0.0, ge=-1, le=1
    )
    """Elasticity of the value of a firm's work to its length."""
    usual_length: float = quantity(1.5, "years", (0.5, 3), gt=0)
    """Length at which the value of work is its mean."""
    salvage: float = quantity(0.4, "share", (0.1, 0.8), neutral=1.0, ge=0, le=1)
    """Part of the work in progress of lost staff that the others can finish."""

    def exponent_by_kind(self) -> NDArray[np.float64]:
        """φ for firms, laboratories and catapults, in the order of the codes of ``kind``."""
        return np.array(
            [
                self.length_exponent_firm,
                self.length_exponent_laboratory,
                self.length_exponent_catapult,
            ]
        )
