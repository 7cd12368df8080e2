"""Sequential stopping: runs are added until the headline is known narrowly enough.

The look is after every ``BATCH`` runs in the order of the seeds, whatever the order in which they
finish, so that the number of workers changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.experiments.ensemble import Ensemble
from sim.experiments.milestones import HEADLINE_METRIC, HEADLINE_REGION
from sim.experiments.statistics import estimate
from sim.metrics.history import METRIC_NAMES, History

#: Runs between two looks; with fewer a spread is hardly known.
BATCH = 10


@dataclass(frozen=True)
class Precision:
    """Half-width of the headline's interval that is wanted, as a share of the baseline's level.

    Where the runs take turns with ``turns`` sets of parameters, a look is after whole turns.
    """

    share: float
    turns: int = 1

    @property
    def batch(self) -> int:
        """Runs between two looks."""
        return math.ceil(BATCH / self.turns) * self.turns

    def is_enough(self, totals: Sequence[NDArray[np.float64]]) -> bool:
        """Whether the first runs are; ``totals`` as in ``Futures``, in the order of the seeds."""
        if not totals or len(totals) % self.batch:
            return False
        area = History(0).areas.index(HEADLINE_REGION)
        metric = METRIC_NAMES.index(HEADLINE_METRIC)
        headline = np.stack([one[:, -1, area, metric] for one in totals], axis=1)
        return self.reached(headline, np.arange(len(totals))) <= self.share

    def reached(self, headline: NDArray[np.float64], indices: NDArray[np.int64]) -> float:
        """The widest half-width of all differences, as a share.

        ``headline`` (scenarios, runs) has the level in each of the runs ``indices``.
        """
        groups = indices % self.turns if self.turns > 1 else None
        found = estimate((headline[0] - headline[1:]).T, groups=groups)
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = 0.5 * (found.high - found.low) / np.abs(headline[1:].mean(axis=1))
        return float(np.max(np.where(np.isnan(shares), np.inf, shares)))

    def note(self, ensemble: Ensemble, most: int) -> str:
        """How the number of runs was chosen, for whoever reads the results."""
        headline = ensemble.series(HEADLINE_METRIC, HEADLINE_REGION)[:, :, -1]
        reached = self.reached(headline, ensemble.indices)
        wish = (
            f"a half-width of the headline's 90 % interval of at most {100 * self.share:g} % of "
            f"the baseline's level, looked at after every {self.batch} runs"
        )
        if reached > self.share:
            return (
                f"NOT AS NARROW AS ASKED: {ensemble.runs} runs give {100 * reached:.2g} %, and "
                f"asked was {wish}."
            )
        return (
            f"The number of runs was chosen by the data: {wish}, and at most {most} runs; it "
            f"stopped at {ensemble.runs}, with {100 * reached:.2g} %. The results are those of "
            f"--runs {ensemble.runs}; intervals chosen so miss a little more often than they say."
        )
