"""Two or more futures of the same clusters, run by run: what differs, and how surely.

Every difference is the first named scenario minus another, in runs that share their past and
their luck. One outcome is the headline, named here before any result is seen; all the others are
secondary, and as there are hundreds of them their p values are corrected together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.experiments import accounts, milestones, outcomes
from sim.experiments.dispatch import Progress
from sim.experiments.ensemble import Ensemble, Sink, never_enough, run_ensemble
from sim.experiments.fitted import variants_of
from sim.experiments.milestones import HEADLINE_METRIC, HEADLINE_REGION
from sim.experiments.scenarios import horizon_notes, load_all
from sim.experiments.statistics import drawn, tail_share, variance_ratio
from sim.scenario import Loaded

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.store import Store


@dataclass
class Study:
    """Runs of one or more scenarios as data frames.

    ``outcomes`` is the long table, read from ``outcomes_path`` where it was written to disk.
    """

    ensemble: Ensemble
    outcomes_path: Path | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios; differences are the first minus each of the others."""
        return self.ensemble.names

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """One row per scenario, run, year, region and sector, with metrics as columns."""
        if self.outcomes_path is not None:
            import pandas as pd

            return pd.read_parquet(self.outcomes_path)
        return outcomes.frame(self.ensemble)

    def by_sector(self, metrics: Sequence[str]) -> NDArray[np.float64]:
        """Some metrics of every sector (scenarios, runs, years + 1, areas, sectors + 1, metrics).

        They have the precision of the outcomes, and only what is asked for is read.
        """
        if self.outcomes_path is not None:
            return outcomes.read_metrics(self.ensemble, self.outcomes_path, metrics)
        names = [one.name for one in self.ensemble.metrics]
        chosen = [names.index(one) for one in metrics]
        return np.stack(
            [values[..., chosen].astype(np.float64) for values in self.ensemble.detail], axis=1
        )

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Each scenario by itself, at the milestones.

        ``estimate`` is the mean over runs with its 90 % interval ``low``–``high``; nine in ten
        runs lie between ``spread_low`` and ``spread_high``.
        """
        return milestones.levels(self.ensemble)

    @cached_property
    def accounts(self) -> pd.DataFrame:
        """Budget, spent and delivered of each scenario and programme over all years, £m."""
        return accounts.accounts(self.ensemble)

    @cached_property
    def accounts_by_year(self) -> pd.DataFrame:
        """The same by year, over all programmes."""
        return accounts.accounts_by_year(self.ensemble)

    @cached_property
    def warnings(self) -> list[str]:
        """What a reader must know before any result: unequal budgets, an interrupted run."""
        found = accounts.budget_warnings(self.ensemble)
        if not self.ensemble.is_complete:
            cause = f" {self.ensemble.ending}." if self.ensemble.ending else ""
            found.append(
                f"INTERRUPTED: {self.ensemble.runs} of {self.ensemble.planned} runs are finished, "
                f"and the results are of these.{cause}"
            )
        shocks = {one.scenario.shocks for one in self.ensemble.loaded}
        if len(shocks) > 1:
            found.append("NOT THE SAME SHOCKS: the scenarios differ in what strikes them.")
        return found + self.notes

    @property
    def columns(self) -> pd.DataFrame:
        """Every column of ``outcomes`` with its unit and meaning."""
        import pandas as pd

        return pd.DataFrame(list(outcomes.column_rows(self.ensemble.metrics)))


@dataclass
class Comparison(Study):
    """Runs of two or more scenarios, paired by their past and their luck."""

    @cached_property
    def paired(self) -> pd.DataFrame:
        """Differences of ``scenario`` minus ``baseline`` in paired runs, at the milestones.

        ``estimate`` is the mean difference with its 90 % interval ``low``–``high``, ``median``
        the middle one, with an interval of its own that rare runs do not move;
        ``share_scenario_ahead`` and ``share_baseline_ahead`` are shares of runs;
        ``relative`` is the mean difference in per cent of the baseline's mean. ``p`` is that of a
        row by itself, and ``q`` the same corrected for all secondary rows of a pair; the headline
        was chosen before, and needs none.
        """
        return milestones.paired(self.ensemble)

    def headline(self, baseline: str | None = None) -> pd.Series[float]:
        """The row of ``paired`` that answers the question: the headline at the last year."""
        paired = self.paired
        rows = paired[
            (paired.metric == HEADLINE_METRIC)
            & (paired.region == HEADLINE_REGION)
            & (paired.year == self.ensemble.years)
        ]
        if baseline is not None:
            rows = rows[rows.baseline == baseline]
        return rows.iloc[0]

    @property
    def tails(self) -> dict[str, float]:
        """By baseline, the ``tail_share`` of the headline's differences, as intervals take them."""
        first, *others = self.ensemble.series(HEADLINE_METRIC, HEADLINE_REGION)[:, :, -1]
        return {
            name: tail_share(drawn(first - other, self.ensemble.groups))
            for name, other in zip(self.scenarios[1:], others, strict=True)
        }

    @property
    def common_luck(self) -> dict[str, float]:
        """By baseline, what common luck divides the variance of the headline by."""
        first, *others = self.ensemble.series(HEADLINE_METRIC, HEADLINE_REGION)[:, :, -1]
        return {
            name: variance_ratio(first, other)
            for name, other in zip(self.scenarios[1:], others, strict=True)
        }


def compare(
    scenarios: Sequence[str | Path | Loaded],
    *,
    runs: int = 100,
    seed: int = 1,
    years: int | None = None,
    firms: int | None = None,
    overrides: Mapping[str, str] | None = None,
    blend: float | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
    sink: Sink | None = None,
    is_over_fits: bool = False,
    until: float | None = None,
    store: Store | None = None,
) -> Comparison:
    """Compare two or more scenarios, by name, path or as loaded, in ``runs`` paired runs.

    ``years`` ends (or lengthens) the futures, ``firms`` sets the rows of firms, ``overrides`` sets
    dotted keys of every scenario to a YAML text, and ``blend`` adds the scenario that lies that
    far from the first of two to the second. ``is_over_fits`` lets the runs take turns with the
    parameter sets that fit the facts about equally well, so that intervals hold the doubt about
    parameters. ``until`` stops as soon as the half-width of the headline's interval is that share
    of the baseline's level (0.005 for half a per cent); ``runs`` is then the most. Results do not
    depend on ``workers``, nor on the Dask ``scheduler`` whose workers live the runs, if its address
    is given, nor on a ``store`` of runs lived before, such as ``sim.Store("runs")``. Raises
    ScenarioError with every mistake in the scenarios.

    >>> import sim
    >>> found = sim.compare(["long_term", "piecemeal"], runs=100)  # doctest: +SKIP
    >>> found.headline()[["estimate", "low", "high"]]  # doctest: +SKIP
    """
    loaded = load_all(scenarios, firms=firms, overrides=overrides, share=blend)
    if len(loaded) < 2:
        raise ValueError("a comparison needs at least two scenarios")
    from sim.experiments.stopping import Precision  # which is about the headline of this module

    variants = variants_of(loaded[0].scenario.assumptions) if is_over_fits else ()
    precision = None if until is None else Precision(until, max(1, len(variants)))
    ensemble = run_ensemble(
        loaded,
        runs=runs,
        seed=seed,
        years=years,
        workers=workers,
        scheduler=scheduler,
        progress=progress,
        sink=sink,
        variants=variants,
        is_enough=precision.is_enough if precision else never_enough,
        store=store,
    )
    said = [precision.note(ensemble, runs)] if precision else []
    return Comparison(ensemble, notes=[*horizon_notes(loaded, years), *said])


def simulate(
    scenario: str | Path | Loaded,
    *,
    runs: int = 1,
    seed: int = 1,
    years: int | None = None,
    firms: int | None = None,
    overrides: Mapping[str, str] | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
    store: Store | None = None,
) -> Study:
    """Live ``runs`` runs of one scenario; arguments as for ``compare``.

    >>> import sim
    >>> sim.simulate("long_term", runs=1).summary  # doctest: +SKIP
    """
    loaded = load_all([scenario], firms=firms, overrides=overrides)
    ensemble = run_ensemble(
        loaded,
        runs=runs,
        seed=seed,
        years=years,
        workers=workers,
        scheduler=scheduler,
        progress=progress,
        store=store,
    )
    return Study(ensemble)
