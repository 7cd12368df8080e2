"""Outlay: what a scenario plans to spend in each year, and scenarios scaled to spend alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.parameters import QUARTERS_PER_YEAR
from sim.quarter.fund.plans import Plan, open_plans
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.loading import Loaded
from sim.scenario.models import Reform, Scenario


def plans(scenario: Scenario) -> list[Plan]:
    """What is planned from the start, and after each reform."""
    return [
        Plan(round(year * QUARTERS_PER_YEAR), stage.programmes, stage.budget, stage.tie_subsidy)
        for year, stage in scenario.stages()
    ]


def yearly_outlay(scenario: Scenario, years: int) -> NDArray[np.float64]:
    """£m budgeted in each year, as the plans in force have it (years,)."""
    quarterly = np.zeros(years * QUARTERS_PER_YEAR)
    made = plans(scenario)
    for plan, pots in zip(made, open_plans(made, years, seed=1), strict=True):
        for number, pot in enumerate(pots):
            if number == 0:
                quarterly[plan.start :] = 0.0
            quarterly[plan.start :] += pot.budget[plan.start :]
    yearly: NDArray[np.float64] = quarterly.reshape(years, QUARTERS_PER_YEAR).sum(axis=1)
    return yearly


def scaled(scenario: Scenario, factor: float) -> Scenario:
    """The scenario with every sum of money multiplied: its budget, amounts, and reforms of them."""
    programmes = {
        name: one if one.amount is None else one.model_copy(update={"amount": one.amount * factor})
        for name, one in scenario.programmes.items()
    }
    reforms = tuple(
        Reform(year=one.year, title=one.title, set=_scaled_keys(one.set, factor))
        for one in scenario.reforms
    )
    budget = scenario.budget * factor
    return scenario.model_copy(
        update={"budget": budget, "programmes": programmes, "reforms": reforms}
    )


def _scaled_keys(keys: dict[str, Any], factor: float) -> dict[str, Any]:
    return {key: _scaled_value(key.split(".")[-1], one, factor) for key, one in keys.items()}


def _scaled_value(key: str, value: Any, factor: float) -> Any:
    if isinstance(value, dict):
        return _scaled_keys(value, factor)
    return value * factor if key in ("budget", "amount") and value is not None else value


def equalised(loaded: Sequence[Loaded], years: int) -> tuple[list[Loaded], list[str]]:
    """Scenarios that spend over ``years`` in all what the first does, and what was done to each.

    Raises ScenarioError where one spends nothing, so that no factor makes it equal.
    """
    first = float(yearly_outlay(loaded[0].scenario, years).sum())
    found, notes = [loaded[0]], []
    for one in loaded[1:]:
        total = float(yearly_outlay(one.scenario, years).sum())
        if (total <= 0.0) != (first <= 0.0):
            none = one if total <= 0.0 else loaded[0]
            said = "it has no public money, so that no factor makes outlays equal"
            raise ScenarioError([Problem(str(none.path), 0, 0, "budget", said)])
        factor = first / total if total > 0.0 else 1.0
        found.append(replace(one, scenario=scaled(one.scenario, factor)))
        notes.append(
            f"{one.name}: every sum of money times {factor:.4g}, so that it plans £{first:,.0f}m "
            f"over {years} years, as {loaded[0].name} does (£{total:,.0f}m before)"
        )
    return found, notes
