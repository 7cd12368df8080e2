"""What a scenario says: its money, its programmes, its collaboration, and the world it starts from.

Each group of levers lives with the phase that reads it; this file only puts them together, and
states what must hold between them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

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
#: A date from here on is a calendar year.
FIRST_CALENDAR_YEAR = 1900
#: What a reform may change: policy, and nothing of the world.
REFORMABLE = ("budget", "tie_subsidy", "programmes", "collaboration")
# A name becomes part of a column, a file and a dotted key: letters, digits, _ and - only.
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=60)]


class BurnIn(Parameters):
    """The years before the policies part: every compared future shares them."""

    years: int = quantity(5, "years", (3, 10), ge=0, le=30)
    """Length of the common history before the policies part."""
    regime: str = "mixed"
    """Scenario whose programmes pay during the burn-in: it trains habits and bid capacity."""


class Reform(Parameters):
    """A change of plan that nobody knew of before."""

    year: float = quantity(
        5.0, "years after the start, or a calendar year", (1, 20), "EVIDENCE §5", ge=0, le=2200
    )
    """When the levers change; awards that were made before keep their dates."""
    title: str = ""
    """What it is, for people."""
    set: dict[str, Any]
    """The levers that change, by dotted key, with their new values: budget, tie_subsidy,
    programmes and collaboration; null drops a programme."""


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
    first_year: int = quantity(2026, "calendar year", None, ge=1900, le=2200)
    """The calendar year in which the policies part; dates below 1900 are years after that."""
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
    reforms: tuple[Reform, ...] = ()
    """Changes of plan on the way, in the order of their dates."""
    assumptions: Assumptions = Field(default_factory=Assumptions)
    """How the world works, whatever the policy: the same in scenarios that are compared."""

    def after(self, year: float) -> float:
        """Years from the parting to a date."""
        return year - self.first_year if year >= FIRST_CALENDAR_YEAR else year

    def stages(self) -> tuple[tuple[float, Scenario], ...]:
        """The scenario as it is at the start and after each reform, with the years until then.

        All dates in them are years from the start. Raises ValidationError where a reform leaves a
        scenario that is not sound.
        """
        plain = self.model_dump(mode="json", exclude={"reforms"})
        found = [(0.0, self.model_copy(update={"reforms": ()}))]
        for reform in self.reforms:
            for key, value in reform.set.items():
                put(plain, key.split("."), value)
            stage = Scenario.model_validate_json(json.dumps(plain))
            found.append((self.after(reform.year), stage))
        return tuple((year, stage._from_the_start()) for year, stage in found)

    def _from_the_start(self) -> Scenario:
        def moved(one: Programme) -> Programme:
            dates = {"opens": one.opens, "closes": one.closes}
            return one.model_copy(
                update={k: self.after(v) for k, v in dates.items() if v is not None}
            )

        return self.model_copy(
            update={
                "programmes": {name: moved(one) for name, one in self.programmes.items()},
                "shocks": tuple(
                    one.model_copy(update={"year": self.after(one.year)}) for one in self.shocks
                ),
            }
        )

    @model_validator(mode="after")
    def _parts_agree(self, info: ValidationInfo) -> Scenario:
        tell_conflicts(conflicts(self), info)
        return self


def put(plain: dict[str, Any], keys: list[str], value: Any) -> None:
    """Set a dotted key of a plain scenario; None takes a programme out."""
    for key in keys[:-1]:
        plain = plain.setdefault(key, {})
    if value is None:
        plain.pop(keys[-1], None)
    elif isinstance(value, dict) and isinstance(plain.get(keys[-1]), dict):
        for key, one in value.items():
            put(plain[keys[-1]], [key], one)
    else:
        plain[keys[-1]] = value


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


def tell_conflicts(conflicts: Iterable[Conflict], info: ValidationInfo) -> None:
    """Leave them to the reader of a file, if there is one. Raises ValueError where there is not."""
    found = list(conflicts)
    if isinstance(info.context, dict) and "conflicts" in info.context:
        info.context["conflicts"].extend(found)  # the reader shows them with file and line
    elif found:
        raise ValueError("; ".join(str(one) for one in found))


def conflicts(scenario: Scenario) -> Iterator[Conflict]:
    """Everything in ``scenario`` that does not go together."""
    yield from _shares(scenario)
    yield from _lengths(scenario)
    yield from _places(scenario)
    yield from _reforms(scenario)


def _shares(scenario: Scenario) -> Iterator[Conflict]:
    """Without programmes nothing is shared out: that is the scenario without a policy."""
    sharing = {name: one for name, one in scenario.programmes.items() if one.amount is None}
    if not sharing:
        return
    parts = {f"{name} {one.share:g}": one.share for name, one in sharing.items()}
    total = math.fsum(parts.values()) + scenario.tie_subsidy
    if abs(total - 1.0) <= SHARE_TOLERANCE:
        return
    reads: list[Location] = [("programmes",)]
    reads += [("programmes", name, "share") for name in sharing]
    reads.append(("tie_subsidy",))
    terms = " + ".join([*parts, f"tie_subsidy {scenario.tie_subsidy:g}"])
    yield Conflict(
        tuple(reads),
        f"the shares add up to {total:.7g} ({terms})",
        "shares that add up to 1",
    )


def idle_money(scenario: Scenario) -> Iterator[Conflict]:
    """A budget that nobody pays out: not wrong, but not what the author of a file can mean."""
    has_share = any(one.amount is None for one in scenario.programmes.values())
    if not has_share and scenario.budget > 0 and scenario.tie_subsidy < 1:
        yield Conflict(
            (("budget",), ("programmes",)),
            f"no programme pays out the budget of £{scenario.budget:g}m a year",
            "programmes with a share of it, or a budget of 0",
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


def _reforms(scenario: Scenario) -> Iterator[Conflict]:
    dates = [scenario.after(one.year) for one in scenario.reforms]
    for number, reform in enumerate(scenario.reforms):
        if number and dates[number] <= dates[number - 1]:
            yield Conflict(
                (("reforms", number, "year"),),
                f"a reform in {reform.year:g} after one in {scenario.reforms[number - 1].year:g}",
                "reforms in the order of their dates, one at a date",
            )
        for key in reform.set:
            parts = key.split(".")
            if parts[0] not in REFORMABLE:
                known = {name: name for name in REFORMABLE}
                yield Conflict(
                    (("reforms", number, "set", key),),
                    f"a reform cannot change '{key}'",
                    f"keys of {', '.join(REFORMABLE)}",
                    known,
                    parts[0],
                )
            elif parts[-1] == "pots":
                yield Conflict(
                    (("reforms", number, "set", key),),
                    "the number of funders cannot change while they hold awards",
                    "another programme that opens when this one closes",
                )
