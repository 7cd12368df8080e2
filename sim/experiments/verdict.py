"""From numbers to a verdict: what theory expected emerged, did not, or cannot be told.

A claim counts as emerged only if its whole 90 % interval is on the expected side, and as refuted
only if the whole interval is on the other: one claim in twenty of either kind is luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from sim.experiments.statistics import LEVEL, estimate
from sim.scenario.experiments import Expectation, Finding

Vector = NDArray[np.float64]


class Verdict(StrEnum):
    """What became of an expectation."""

    EMERGED = "emerged"
    DID_NOT = "did not emerge"
    UNSURE = "cannot be told"


@dataclass(frozen=True)
class Interval:
    """A mean with its interval; both ends are the mean where nothing is left to chance."""

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Vector, level: float = LEVEL) -> Interval:
        """Of values by run (runs,); without chance if there is but one that is exact."""
        found = estimate(values, level)
        return cls(float(found.mean), float(found.low), float(found.high))

    @classmethod
    def exact(cls, value: float) -> Interval:
        """A number that luck has no part in."""
        return cls(value, value, value)


def judged(found: Interval, finding: Finding) -> Verdict:
    """Whether ``found`` lies where ``finding`` expects it, by the whole of its interval."""
    if finding.expect is Expectation.WITHIN:
        is_in = finding.low <= found.low and found.high <= finding.high
        is_out = found.high < finding.low or found.low > finding.high
    elif finding.expect is Expectation.ABOVE:
        is_in, is_out = found.low > finding.than, found.high < finding.than
    else:
        is_in, is_out = found.high < finding.than, found.low > finding.than
    return _verdict(is_in, is_out)


def beyond(excess: Interval, expect: Expectation) -> Verdict:
    """Whether what the arms show is more than the control does, in the expected direction.

    ``excess`` is the arms' number less the control's, run by run.
    """
    if expect is Expectation.BELOW:
        return _verdict(excess.high < 0.0, excess.low > 0.0)
    return _verdict(excess.low > 0.0, excess.high < 0.0)


@dataclass(frozen=True)
class Hump:
    """The dose at which a response is highest, and how far it stands above both ends.

    ``peak`` is the place of the dose; ``rise`` is the response there less that of the first dose,
    ``fall`` the same less that of the last.
    """

    peak: int
    rise: Interval
    fall: Interval
    verdict: Verdict


def hump(values: Vector, level: float = LEVEL) -> Hump:
    """Whether the response (doses, runs), in the order of the doses, is not monotone.

    It has a hump if some dose in between stands surely above both ends; with several to choose
    from, each has its share of the error (Bonferroni). It has none if one end stands surely above
    all doses in between.
    """
    inner = range(1, len(values) - 1)
    sharp = 1.0 - (1.0 - level) / len(inner)
    is_hump = False
    for k in inner:
        ends = [Interval.of(values[k] - values[end], sharp) for end in (0, -1)]
        is_hump = is_hump or all(one.low > 0.0 for one in ends)
    is_monotone = any(
        all(Interval.of(values[end] - values[k], level).low > 0.0 for k in inner) for end in (0, -1)
    )
    peak = max(inner, key=lambda k: Interval.of(values[k]).mean)
    return Hump(
        peak,
        Interval.of(values[peak] - values[0], sharp),
        Interval.of(values[peak] - values[-1], sharp),
        _verdict(is_hump, is_monotone),
    )


def joined(verdicts: Sequence[Verdict]) -> Verdict:
    """One verdict on a claim that holds only if all its parts do."""
    if all(one is Verdict.EMERGED for one in verdicts):
        return Verdict.EMERGED
    if any(one is Verdict.DID_NOT for one in verdicts):
        return Verdict.DID_NOT
    return Verdict.UNSURE


def _verdict(is_as_expected: bool, is_refuted: bool) -> Verdict:
    if is_as_expected:
        return Verdict.EMERGED
    return Verdict.DID_NOT if is_refuted else Verdict.UNSURE
