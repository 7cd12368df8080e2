"""Which futures are appraised, and against which: all that can be wrong is said before any run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sim.experiments.scenarios import load_all
from sim.scenario import Loaded, Problem, ScenarioError
from sim.scenario.outlay import equalised, yearly_outlay

#: Keys of a scenario that are its policy: the counterfactual keeps its own.
POLICY = ("budget", "tie_subsidy", "programmes", "reforms")


def load_options(
    scenarios: Sequence[str | Path | Loaded],
    against: str | Path | Loaded,
    *,
    firms: int | None = None,
    overrides: Mapping[str, str] | None = None,
) -> list[Loaded]:
    """The options and, last, their counterfactual, which keeps its own policy whatever is set.

    Raises ScenarioError with the mistakes of all of them.
    """
    settings = dict(overrides or {})
    world = {key: text for key, text in settings.items() if key.split(".")[0] not in POLICY}
    loaded: list[Loaded] = []
    problems: list[Problem] = []
    for names, keys in ((scenarios, settings), ([against], world)):
        try:
            loaded += load_all(names, firms=firms, overrides=keys)
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return loaded


def settled(
    loaded: Sequence[Loaded], years: int | None, *, is_equalised: bool = False
) -> tuple[list[Loaded], list[str]]:
    """The same, the options' money made equal if asked, with what was done to them.

    Raises ScenarioError where an option plans no more money than its counterfactual: there is no
    cost then that benefits could be held against.
    """
    lived = years or min(one.scenario.horizon for one in loaded)
    last = loaded[-1]
    before = float(yearly_outlay(last.scenario, lived).sum())
    problems = []
    for one in loaded[:-1]:
        planned = float(yearly_outlay(one.scenario, lived).sum())
        if planned <= before:
            problems.append(
                Problem(
                    str(one.path),
                    0,
                    0,
                    "budget",
                    f"plans £{planned:,.0f}m over {lived} years, no more than the £{before:,.0f}m "
                    f"of {last.name}, so that there is no cost to appraise",
                    "an option that spends more than what it is appraised against",
                    "--against no_policy",
                )
            )
    if problems:
        raise ScenarioError(problems)
    if not is_equalised:
        return list(loaded), []
    options, notes = equalised(loaded[:-1], lived)
    return [*options, last], notes
