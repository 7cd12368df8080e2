"""Tasks from scenarios: what can start from one state, and what each seed then does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sim.experiments.future import PAST, Task
from sim.quarter import Assumptions
from sim.scenario import Loaded, Problem, ScenarioError

LONGEST_HORIZON = 60


def task_of(
    loaded: Sequence[Loaded],
    years: int | None = None,
    variants: Sequence[Assumptions] = (),
    *,
    is_one_past: bool = True,
) -> Task:
    """What each seed does. Raises ScenarioError where the scenarios cannot fork from one state."""
    if not loaded:
        raise ValueError("no scenario")
    problems = [*(_unlike(loaded) if is_one_past else ()), *_twins(loaded)]
    if problems:
        raise ScenarioError(problems)
    lived = min(one.scenario.horizon for one in loaded) if years is None else years
    if not 1 <= lived <= LONGEST_HORIZON:
        raise ValueError(f"years must be between 1 and {LONGEST_HORIZON}, not {lived}")
    scenarios = tuple(reaching(one, lived).scenario for one in loaded)
    burn_ins = () if is_one_past else tuple(one.burn_in for one in loaded)
    return Task(scenarios, loaded[0].burn_in, lived, tuple(variants), burn_ins)


def reaching(loaded: Loaded, years: int | None) -> Loaded:
    """The scenario with a horizon of at least ``years``, if that is given.

    Money that varies is budgeted over the whole horizon, so that earlier years hang on it too.
    """
    if years is None or loaded.scenario.horizon >= years:
        return loaded
    return replace(loaded, scenario=loaded.scenario.model_copy(update={"horizon": years}))


def _unlike(loaded: Sequence[Loaded]) -> list[Problem]:
    """What must be the same in scenarios that are compared, and is not."""
    first = loaded[0]
    problems = []
    for other in loaded[1:]:
        problems += [
            _problem(first, other, key)
            for key in PAST
            if getattr(first.scenario, key) != getattr(other.scenario, key)
        ]
        if first.burn_in != other.burn_in:
            problems.append(_problem(first, other, "burn_in.regime"))
    return problems


def _twins(loaded: Sequence[Loaded]) -> list[Problem]:
    """Names that several of the scenarios have."""
    names = [one.name for one in loaded]
    return [
        Problem(
            str(loaded[0].path),
            0,
            0,
            "",
            f"two of the compared scenarios are called {name}",
            "different names",
        )
        for name in sorted({name for name in names if names.count(name) > 1})
    ]


def _problem(first: Loaded, other: Loaded, key: str) -> Problem:
    return Problem(
        str(other.path),
        0,
        0,
        key,
        f"differs from that of {first.name}, so that the two cannot start from the same state",
        "the same in all compared scenarios",
        "set it for all of them with --set",
    )
