"""What a scenario says: its money, its programmes, its collaboration, and the world it starts from.

Each group of levers lives with the phase that reads it; this file only puts them together, and
states what must hold between them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationInfo, model_validator

from sim.parameters import Parameters, quantity
from sim.quarter import Assumptions
from sim.quarter.collaborate import Collaboration
from sim.quarter.fund.programmes import Programme
from sim.quarter.shock import Shock
from sim.world import sources
from sim.world.build import Population

Location = tuple[str | int, ...]

SHARE_TOLERANCE = 1e-6
# A name becomes part of a column, a file and a dotted key: letters, digits, _ and - only.
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=60)]


class BurnIn(Parameters):
    """The years before the policies part: every compared future shares them."""

    years: int = quantity(5, "years", (3, 10), ge=0, le=30)
    """Length of the common history before the policies part."""
    regime: str = "mixed"
    """Scenario whose programmes pay during the burn-in: it trains habits and bid capacity."""


class Scenario(Parameters):
    """One future of the clusters: how much public money arrives, and how."""

    title: str
    """A short title for figures and tables."""
    description: str = ""
    """What this scenario stands for, in a sentence or two."""
    horizon: int = quantity(25, "years", (10, 40), ge=1, le=60)
    """Years that are simulated after the policies part."""
    budget: float = quantity(
        300.0, "£m a year, constant prices", (100, 600), lever=True, ge=0, le=100_000
    )
    """Public money that the programmes and the tie subsidy share, the same in every year."""
    tie_subsidy: float = quantity(0.0, "share of the budget", (0, 0.4), lever=True, ge=0, le=1)
    """Part of the budget that pays for joint work, whoever does it."""
    programmes: dict[Name, Programme] = Field(default_factory=dict)
    """The programmes that pay out the budget, by name."""
    collaboration: Collaboration = Field(default_factory=Collaboration)
    """How freely organisations look for partners, and over what distance."""
    population: Population = Field(default_factory=Population)
    """How many rows stand for the firms."""
    burn_in: BurnIn = Field(default_factory=BurnIn)
    """The common history before the policies part."""
    shocks: tuple[Shock, ...] = ()
    """What strikes from outside at given dates, alike in every future that is compared."""
    assumptions: Assumptions = Field(default_factory=Assumptions)
    """How the world works, whatever the policy: the same in scenarios that are compared."""

    @model_validator(mode="after")
    def _parts_agree(self, info: ValidationInfo) -> Scenario:
        found = list(conflicts(self))
        context = info.context
        if isinstance(context, dict) and "conflicts" in context:
            context["conflicts"].extend(found)  # the reader shows them with file and line
        elif found:
            raise ValueError("; ".join(str(one) for one in found))
        return self


@dataclass(frozen=True)
class Conflict:
    """Values that are sound alone and do not go together.

    ``reads`` are the locations that the judgement rests on, the one to change first.
    """

    reads: tuple[Location, ...]
    found: str
    expected: str
    choices: Mapping[str, str] = field(default_factory=dict)
    value: str = ""

    def __str__(self) -> str:
        key = ".".join(map(str, self.reads[0]))
        return f"{key}: {self.found}; expected {self.expected}"


def conflicts(scenario: Scenario) -> Iterator[Conflict]:
    """Everything in ``scenario`` that does not go together."""
    yield from _shares(scenario)
    yield from _lengths(scenario)
    yield from _places(scenario)


def _shares(scenario: Scenario) -> Iterator[Conflict]:
    """Without programmes nothing is shared out: that is the scenario without a policy."""
    if not scenario.programmes:
        return
    parts = {f"{name} {one.share:g}": one.share for name, one in scenario.programmes.items()}
    total = math.fsum(parts.values()) + scenario.tie_subsidy
    if abs(total - 1.0) <= SHARE_TOLERANCE:
        return
    reads: list[Location] = [("programmes",)]
    reads += [("programmes", name, "share") for name in scenario.programmes]
    reads.append(("tie_subsidy",))
    terms = " + ".join([*parts, f"tie_subsidy {scenario.tie_subsidy:g}"])
    yield Conflict(
        tuple(reads),
        f"the shares add up to {total:.7g} ({terms})",
        "shares that add up to 1",
    )


def idle_money(scenario: Scenario) -> Iterator[Conflict]:
    """A budget that nobody pays out: not wrong, but not what the author of a file can mean."""
    if not scenario.programmes and scenario.budget > 0 and scenario.tie_subsidy < 1:
        yield Conflict(
            (("budget",), ("programmes",)),
            f"no programme pays out the budget of £{scenario.budget:g}m a year",
            "programmes, or a budget of 0",
        )


def _lengths(scenario: Scenario) -> Iterator[Conflict]:
    for name, programme in scenario.programmes.items():
        if programme.award_length > scenario.horizon:
            yield Conflict(
                (("programmes", name, "award_length"), ("horizon",)),
                f"an award of {programme.award_length:g} years is longer than the horizon "
                f"of {scenario.horizon} years",
                f"at most {scenario.horizon} years, or a longer horizon",
            )


def _places(scenario: Scenario) -> Iterator[Conflict]:
    if not scenario.shocks:
        return
    known = {
        "sector": {one.id: one.name for one in sources.sectors()},
        "region": {one.id: one.name for one in sources.regions()},
    }
    for number, shock in enumerate(scenario.shocks):
        for key, names in known.items():
            value = getattr(shock, key)
            if value is not None and value not in names:
                yield Conflict(
                    (("shocks", number, key),),
                    f"there is no {key} '{value}'",
                    f"one of {', '.join(names)}",
                    names,
                    value,
                )
