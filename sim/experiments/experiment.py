"""An experiment as run: every arm with the same luck, an estimate and a verdict for every claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.experiments.accounts import flows
from sim.experiments.dispatch import Progress
from sim.experiments.ensemble import Ensemble, run_ensemble
from sim.experiments.measuring import lost, measured, unit
from sim.experiments.statistics import LEVEL
from sim.experiments.verdict import Hump, Interval, Verdict, beyond, hump, joined, judged
from sim.scenario import LoadedExperiment
from sim.scenario.crossing import OF, pooled
from sim.scenario.experiments import Expectation, Finding, Outcome

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.store import Store

Vector = NDArray[np.float64]

#: Reported for every comparison of arms, whatever decides on it.
ALWAYS = "value_added"
#: Shares of the budget within which two arms count as of one budget, and as spending alike.
SAME_BUDGET, SAME_SPENT = 1e-6, 0.03
LOST = Outcome(metric="rd_performed", title="Spending lost over fifteen months")


@dataclass(frozen=True)
class Result:
    """What became of one claim.

    ``found`` is the level or the difference that decides; ``control`` the same with the mechanism
    off, and ``excess`` the one less the other. Of a hump, ``found`` is the fall from the peak to
    the last dose, and ``hump`` and ``control_hump`` have the whole of it.
    """

    name: str
    finding: Finding
    unit: str
    found: Interval
    control: Interval | None
    excess: Interval | None
    hump: Hump | None
    control_hump: Hump | None
    verdict: Verdict


@dataclass
class ExperimentStudy:
    """An experiment with its runs; ``ensemble`` is None where it has no arms.

    ``level`` is that of the intervals by which claims are judged.
    """

    loaded: LoadedExperiment
    ensemble: Ensemble | None
    level: float = LEVEL

    @property
    def is_complete(self) -> bool:
        """Whether every run that was asked for is finished."""
        return self.ensemble is None or self.ensemble.is_complete

    @cached_property
    def outcomes(self) -> dict[str, Outcome]:
        """What is measured, value added of the North always among it."""
        stated = self.loaded.experiment.outcomes
        if self.ensemble is None or any(one == Outcome(title=one.title) for one in stated.values()):
            return dict(stated)
        return {**stated, ALWAYS: Outcome(title="Value added of the North's clusters")}

    @cached_property
    def values(self) -> dict[str, dict[str, Vector]]:
        """By outcome and arm, or level of crossed arms, the value in each run (runs,)."""
        if self.ensemble is None:
            return {}
        found = {}
        for name, outcome in self.outcomes.items():
            of_arms = dict(zip(self.ensemble.names, measured(self.ensemble, outcome), strict=True))
            of_levels = {
                level: np.mean([of_arms[arm] for arm in arms], axis=0)
                for level, arms in pooled(self.loaded.experiment.crossed).items()
            }
            found[name] = of_arms | of_levels
        return found

    @cached_property
    def losses(self) -> dict[str, float]:
        """By case, the share of fifteen months' spending that the gap takes away."""
        return {name: lost(case) for name, case in self.loaded.experiment.cases.items()}

    @cached_property
    def results(self) -> list[Result]:
        """Every claim with its verdict, in the order of the file."""
        return [self._result(*one) for one in self.loaded.experiment.findings.items()]

    @cached_property
    def standing(self) -> tuple[bool, ...]:
        """Whether each verdict is the same by intervals that hold for all claims at once.

        Bonferroni: each claim has its share of the error. What cannot be told never stands.
        """
        results = self.results
        level = 1.0 - (1.0 - self.level) / len(results)
        sharp = ExperimentStudy(self.loaded, self.ensemble, level).results
        return tuple(
            one.verdict is not Verdict.UNSURE and one.verdict is other.verdict
            for one, other in zip(results, sharp, strict=True)
        )

    @cached_property
    def warnings(self) -> list[str]:
        """Compared arms of one budget of which one could not place its money as the other did."""
        if self.ensemble is None:
            return []
        total = self._money("spent"), self._money("budget")
        spent, budget = (dict(zip(self.ensemble.names, one, strict=True)) for one in total)
        pairs = [
            (min(names), max(names))
            for one in self.loaded.experiment.findings.values()
            for names in (one.compare, one.control)
            if len(names) == 2 and names[0] in spent
        ]
        found = []
        for a, b in dict.fromkeys(pairs):
            base = max(budget[a], budget[b])
            is_one_budget = abs(budget[a] - budget[b]) <= SAME_BUDGET * base
            if is_one_budget and abs(spent[a] - spent[b]) > SAME_SPENT * base:
                less, more = sorted((a, b), key=lambda name: spent[name])
                share = (spent[more] - spent[less]) / base
                found.append(
                    f"NOT THE SAME MONEY SPENT: {self.title_of(less)} places {100 * share:.0f} % "
                    f"of the budget less than {self.title_of(more)}."
                )
        return found

    def _money(self, column: str) -> Vector:
        """Mean over runs of an account over all years, £m, for each arm (arms,)."""
        assert self.ensemble is not None
        numbers = range(len(self.ensemble.names))
        return np.array([flows(self.ensemble, s)[column].sum(axis=(1, 2)).mean() for s in numbers])

    def title_of(self, name: str) -> str:
        """An arm, a level or a case as figures and tables call it."""
        for arm in self.loaded.arms:
            if arm.name == name:
                return arm.scenario.title
        factor, dot, level = name.partition(OF)
        if dot:
            return str(self.loaded.experiment.crossed[factor][level].get("title", level))
        return self.loaded.experiment.cases[name].title

    def _result(self, name: str, finding: Finding) -> Result:
        if finding.compare[0] in self.losses:
            return self._of_cases(name, finding)
        assert self.ensemble is not None
        values = self.values[finding.outcome]
        shown = unit(self.ensemble, self.outcomes[finding.outcome])
        if finding.expect is Expectation.HUMP:
            return _of_doses(name, finding, values, shown, self.level)
        arms = contrast(values, finding.compare)
        found = Interval.of(arms, self.level)
        if not finding.control:
            return Result(
                name, finding, shown, found, None, None, None, None, judged(found, finding)
            )
        control = contrast(values, finding.control)
        excess = Interval.of(arms - control, self.level)
        verdict = _both(found, excess, finding)
        return Result(
            name,
            finding,
            shown,
            found,
            Interval.of(control, self.level),
            excess,
            None,
            None,
            verdict,
        )

    def _of_cases(self, name: str, finding: Finding) -> Result:
        values = {case: np.array([loss]) for case, loss in self.losses.items()}
        arms = float(contrast(values, finding.compare)[0])
        found, control, excess = Interval.exact(arms), None, None
        verdict = judged(found, finding)
        if finding.control:
            other = float(contrast(values, finding.control)[0])
            control, excess = Interval.exact(other), Interval.exact(arms - other)
            verdict = _both(found, excess, finding)
        return Result(name, finding, "share", found, control, excess, None, None, verdict)

    @cached_property
    def beside(self) -> pd.DataFrame:
        """The contrast of every claim about arms in every outcome, the deciding one marked."""
        import pandas as pd

        rows = []
        for name, finding in self.loaded.experiment.findings.items():
            if self.ensemble is None or finding.compare[0] in self.losses:
                continue
            names = finding.compare
            if finding.expect is Expectation.HUMP:
                names = (finding.compare[-1], finding.compare[0])
            for key, outcome in self.outcomes.items():
                values = self.values[key]
                found = Interval.of(contrast(values, names))
                base = Interval.of(values[names[-1]]).mean if len(names) > 1 else np.nan
                rows.append(
                    {
                        "finding": name,
                        "arm": names[0],
                        "against": names[1] if len(names) > 1 else "",
                        "outcome": key,
                        "metric": outcome.metric,
                        "title": outcome.title or outcome.metric,
                        "unit": unit(self.ensemble, outcome),
                        "estimate": found.mean,
                        "low": found.low,
                        "high": found.high,
                        "relative": 100.0 * found.mean / abs(base) if base else np.nan,
                        "n": int(np.sum(~np.isnan(contrast(values, names)))),
                        "role": "decides" if key == finding.outcome else "beside",
                    }
                )
        return pd.DataFrame(rows)


def contrast(values: Mapping[str, Vector], names: tuple[str, ...]) -> Vector:
    """The level of one arm, or the first minus the second, run by run."""
    return values[names[0]] - values[names[1]] if len(names) > 1 else values[names[0]]


def _both(found: Interval, excess: Interval, finding: Finding) -> Verdict:
    """As expected, and, where a direction is expected, by more than without the mechanism."""
    own = judged(found, finding)
    if finding.expect is Expectation.WITHIN:
        return own
    return joined([own, beyond(excess, finding.expect)])


def _of_doses(
    name: str, finding: Finding, values: Mapping[str, Vector], shown: str, level: float
) -> Result:
    """A hump where the mechanism is on, and none where it is off."""
    found = hump(np.stack([values[one] for one in finding.compare]), level)
    verdict, control = found.verdict, None
    if finding.control:
        control = hump(np.stack([values[one] for one in finding.control]), level)
        if verdict is Verdict.EMERGED and control.verdict is Verdict.EMERGED:
            verdict = Verdict.DID_NOT
    fall = control.fall if control is not None else None
    return Result(name, finding, shown, found.fall, fall, None, found, control, verdict)


def run_experiment(
    loaded: LoadedExperiment,
    *,
    runs: int | None = None,
    years: int | None = None,
    seed: int = 1,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
    store: Store | None = None,
) -> ExperimentStudy:
    """Live every arm of ``loaded`` with the same luck; ``runs`` and ``years`` default to its own.

    Arms with unlike assumptions have not one past, but an organisation meets the same luck in all.
    After Ctrl-C the finished runs make a smaller study, as in ``run_ensemble``.
    """
    ensemble = None
    if loaded.arms:
        ensemble = run_ensemble(
            loaded.arms,
            runs=runs or loaded.experiment.runs,
            seed=seed,
            years=years or loaded.experiment.years,
            workers=workers,
            scheduler=scheduler,
            progress=progress,
            is_kept=False,
            is_one_past=False,
            store=store,
        )
    return ExperimentStudy(loaded, ensemble)
