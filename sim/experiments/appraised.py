"""Options and their counterfactual, lived with the same luck, as benefits and costs by year.

The last scenario of the ensemble is the one that the others are appraised against; every benefit
and every cost is an option less it, run by run. So what would have happened anyway, and the awards
of the common past, are in neither.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.experiments.accounts import budget_warnings, flows
from sim.experiments.appraisal import over_years, parts
from sim.experiments.ensemble import Ensemble
from sim.experiments.experiment import SAME_SPENT
from sim.experiments.future import Futures
from sim.experiments.statistics import DISCOUNT_RATE, discount_factors, drawn, present_value
from sim.metrics.history import METRIC_NAMES
from sim.metrics.metric import NORTH, UK

Vector = NDArray[np.float64]
#: Below it resampled runs show too little of what luck can do.
FEW_RUNS = 30


class SectorValues:
    """Takes finished runs and keeps the value added of every sector, which totals lack."""

    def __init__(self) -> None:
        self._pages: list[NDArray[np.float32]] = []

    def add(self, futures: Futures) -> None:
        """Keep the sectors of one seed."""
        gva = METRIC_NAMES.index("gva")
        self._pages.append(futures.values[:, :, :, :, gva].copy())

    @property
    def gva(self) -> Vector:
        """£m a year (scenarios, runs, areas, sectors + 1, years + 1)."""
        whole = np.stack(self._pages, axis=1).transpose(0, 1, 3, 4, 2)
        return np.asarray(whole, np.float64)


@dataclass
class Appraisal:
    """An ensemble whose last scenario is the counterfactual, and how it is to be appraised.

    ``area`` is what counts as local. ``optimism_bias`` is added to all costs and ``benefit_cut``
    taken from all benefits, as shares of them.
    """

    ensemble: Ensemble
    sectors: SectorValues
    area: str = NORTH
    optimism_bias: float = 0.0
    benefit_cut: float = 0.0
    notes: list[str] = field(default_factory=list)

    @property
    def options(self) -> range:
        """Numbers of the scenarios that are appraised."""
        return range(len(self.ensemble.names) - 1)

    def accrued(self, metric: str, area: str, scenario: int) -> Vector:
        """What a metric comes to in each year (runs, years): stocks at their mean of the year."""
        series: Vector = self.ensemble.series(metric, area)[scenario]
        kind = next(one.kind for one in self.ensemble.metrics if one.name == metric)
        return series[:, 1:] if kind == "flow" else over_years(series)

    def change(self, metric: str, area: str, option: int) -> Vector:
        """The same, an option less the counterfactual."""
        return self.accrued(metric, area, option) - self.accrued(metric, area, -1)

    def paid(self, column: str, option: int) -> Vector:
        """£m of an account in each year (runs, years), an option less the counterfactual."""
        last = len(self.ensemble.names) - 1
        both = [flows(self.ensemble, s)[column].sum(axis=2) for s in (option, last)]
        return np.asarray(both[0] - both[1], np.float64)

    def today(self, yearly: Vector, rate: float = DISCOUNT_RATE) -> Vector:
        """Present value (draws,) of what accrues by year (runs, years)."""
        return drawn(present_value(yearly, rate=rate), self.ensemble.groups)

    def in_sectors(self, area: str, option: int) -> Vector:
        """Present value of the change in value added by sector (sectors, draws), £m."""
        gva: Vector = self._sector_values[:, :, self.ensemble.areas.index(area)]
        change = over_years(gva[option] - gva[-1])
        return np.stack([self.today(change[:, s]) for s in range(change.shape[1])])

    @cached_property
    def _sector_values(self) -> Vector:
        return self.sectors.gva

    def by_cause(self, area: str, option: int) -> tuple[Vector, Vector]:
        """The change in value added as that of jobs and that of output a job (runs, years)."""
        new, old = (
            [self.ensemble.series(metric, area)[s] for metric in ("gva", "jobs")]
            for s in (option, -1)
        )
        found = parts(*new, *old)
        return over_years(found.employment), over_years(found.productivity)

    def benefits(self, yearly: Vector, rate: float = DISCOUNT_RATE) -> Vector:
        """Present value of benefits (draws,), less the cut for optimism."""
        whole = self.today(yearly, rate)
        # Optimism overstates gains; a loss made smaller would be more optimism.
        return (1.0 - self.benefit_cut) * whole if whole.mean() > 0.0 else whole

    def costs(
        self, option: int, rate: float = DISCOUNT_RATE, uplift: float | None = None
    ) -> Vector:
        """Present value of the public outlay (draws,), with the uplift for optimism."""
        share = self.optimism_bias if uplift is None else uplift
        return (1.0 + share) * self.today(self.paid("spent", option), rate)

    def net_to_date(self, option: int) -> Vector:
        """National net present value, were each year the last one counted (runs, years)."""
        gains = self.change("gva", UK, option)
        cut = self.benefit_cut if self.today(gains).mean() > 0.0 else 0.0
        costs = (1.0 + self.optimism_bias) * self.paid("spent", option)
        factors = discount_factors(self.ensemble.years)
        return np.asarray(np.cumsum(((1.0 - cut) * gains - costs) * factors, axis=1))

    @cached_property
    def warnings(self) -> list[str]:
        """What a reader must know before any number."""
        found = budget_warnings(self._without_last())
        spent = [float(self.today(self.paid("spent", s)).mean()) for s in self.options]
        for s in self.options[1:]:
            if abs(spent[s] - spent[0]) > SAME_SPENT * max(spent[0], spent[s]):
                found.append(
                    f"NOT THE SAME MONEY SPENT: {self.ensemble.names[s]} spends "
                    f"£{spent[s]:,.0f}m in present value and {self.ensemble.names[0]} "
                    f"£{spent[0]:,.0f}m. Each is appraised at what it spends."
                )
        if not self.ensemble.is_complete:
            found.append(
                f"INTERRUPTED: {self.ensemble.runs} of {self.ensemble.planned} runs are finished, "
                "and the appraisal is of these."
            )
        if self.ensemble.runs == 1:
            found.append("A SINGLE RUN: nothing here can be told from luck.")
        elif self.ensemble.runs < FEW_RUNS:
            found.append(
                f"FEW RUNS: {self.ensemble.runs}. Intervals of ratios (bootstrap) are too narrow; "
                f"those of sums are not. Take {FEW_RUNS} or more for a verdict."
            )
        return found + self.notes

    def _without_last(self) -> Ensemble:
        full = self.ensemble
        return replace(
            full, loaded=full.loaded[:-1], totals=full.totals[:-1], money=full.money[:-1]
        )
