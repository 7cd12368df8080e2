"""A scenario told back in words, with its money over time: a wrong one is seen before it is run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.parameters import QUARTERS_PER_YEAR
from sim.quarter.fund.plans import open_plans
from sim.quarter.fund.programmes import Allocation, Area, Basis, Programme, Purpose, Recipient
from sim.report.wording import listed, percent
from sim.scenario import Scenario
from sim.scenario.outlay import plans, yearly_outlay

_PURPOSES = {
    Purpose.CORE: "core grants",
    Purpose.RESEARCH: "research projects",
    Purpose.TIES: "joint work",
    Purpose.INFRASTRUCTURE: "premises, equipment and business support of places",
}
_RECIPIENTS = {
    Recipient.FIRMS: "firms",
    Recipient.UNIVERSITIES: "universities",
    Recipient.CATAPULTS: "catapults",
}
_BASES = {
    Basis.SIZE: "by size",
    Basis.POPULATION: "by population",
    Basis.QUALITY: "by past results",
    Basis.EQUAL: "in equal parts",
}
_BARS = "▁▂▃▄▅▆▇█"


def told(scenario: Scenario) -> Iterator[str]:
    """What a scenario says, a sentence or a few for each part."""
    yearly = yearly_outlay(scenario, scenario.horizon)
    if not yearly.any():
        yield f"No public money for {_counted(scenario.horizon, 'year')}."
    else:
        low, high = float(yearly.min()), float(yearly.max())
        span = f"£{low:,.4g}m" if high - low < 1e-6 * high else f"£{low:,.4g}m to £{high:,.4g}m"
        yield (
            f"{span} a year for {_counted(scenario.horizon, 'year')} from {scenario.first_year}, "
            f"£{yearly.sum():,.0f}m in all, at constant prices."
        )
    for name, programme in scenario.programmes.items():
        yield f"{name}: {programme_told(programme, scenario.budget)}"
    if scenario.tie_subsidy:
        yield (
            f"Joint work: {percent(scenario.tie_subsidy)} "
            f"(£{scenario.tie_subsidy * scenario.budget:,.3g}m a year), alike for every tie."
        )
    levers = scenario.collaboration
    yield (
        f"Partners are looked for {levers.openness:g} times a year for each free place, over "
        f"{levers.reach:g} minutes of travel or so; money for joint work "
        + _across(levers.pan_northern)
    )
    stages = [one for _, one in scenario.stages()]
    for reform, before, after in zip(scenario.reforms, stages, stages[1:], strict=False):
        added = [name for name in after.programmes if name not in before.programmes]
        changes = [
            f"{key} becomes {_value(one)}"
            for key, one in reform.set.items()
            if key.removeprefix("programmes.") not in added
        ]
        changes += [f"{name} is added" for name in added]
        title = f"{reform.title}: " if reform.title else ""
        yield f"{_date(scenario, reform.year)}, unknown until then: {title}{listed(changes)}."
        for name in added:
            yield f"{name}: {programme_told(after.programmes[name], after.budget)}"
    for shock in scenario.shocks:
        where = shock.sector or shock.region
        of = f" of {where}" if where else ""
        when = _date(scenario, shock.year)
        yield f"{when}: a shock of {shock.kind.value}{of}, size {shock.size:g}."
    yield (
        f"Before it, {_counted(scenario.burn_in.years, 'year')} of common history under "
        f"{scenario.burn_in.regime}."
    )


def _date(scenario: Scenario, year: float) -> str:
    return f"Year {scenario.after(year):g} ({scenario.first_year + scenario.after(year):g})"


def _value(value: Any) -> str:
    if value is None:
        return "nothing more"
    return json.dumps(value, ensure_ascii=False).strip('"')


def _across(pan_northern: float) -> str:
    if pan_northern in (0.0, 1.0):
        return "crosses regions freely." if pan_northern else "stays inside regions."
    return f"counts for {percent(pan_northern)} between two regions."


def programme_told(programme: Programme, budget: float) -> str:
    """One programme in words."""
    money = f"{percent(programme.share)} (£{programme.share * budget:,.3g}m a year) for "
    if programme.amount is not None:
        money = f"£{programme.amount:,.4g}m a year of its own for "
    holders = listed([_RECIPIENTS[one] for one in programme.eligible])
    if programme.purpose is Purpose.INFRASTRUCTURE:
        holders = "held by regions"
    where = "in the North" if programme.area is Area.NORTH else "in all thirteen regions"
    parts = [f"{money}{_PURPOSES[programme.purpose]}, {holders} {where}, {_rule(programme)}."]
    parts.append(_award(programme))
    parts.append(_renewal(programme))
    parts.extend(_rest(programme))
    return " ".join(parts)


def _rule(programme: Programme) -> str:
    if programme.allocation is Allocation.FORMULA:
        return f"by formula, {_BASES[programme.basis]}"
    if programme.allocation is Allocation.DEVOLVED:
        return "by the regions themselves, each with a part by need"
    if programme.allocation is Allocation.LOTTERY:
        return "by lot among the fundable"
    how = "in stages" if programme.allocation is Allocation.STAGED else ""
    return f"by competition {how}".rstrip()


def _award(programme: Programme) -> str:
    calls = {1: "once a year", 2: "twice a year"}.get(
        programme.calls_per_year, f"{programme.calls_per_year} times a year"
    )
    length = f"An award lasts {_counted(programme.award_length, 'year')}"
    is_sized = programme.allocation not in (Allocation.FORMULA, Allocation.DEVOLVED)
    size = f" and pays at most £{programme.award_size:g}m a year" if is_sized else ""
    lead = _counted(programme.decision_lead, "month")
    after = f"money comes {lead} after asking" if programme.decision_lead else "money comes at once"
    return f"{length}{size}; one can ask {calls}, and {after}."


def _renewal(programme: Programme) -> str:
    chance = programme.renewal_probability
    if chance == 0.0:
        what = "It is never renewed without a new bid"
    elif chance == 1.0:
        what = "It is always renewed"
    else:
        what = f"It is renewed with a chance of {percent(chance)}"
    notice = programme.notice
    when = (
        f"known {_counted(notice, 'month')} before its end" if notice else "told on the day it ends"
    )
    return f"{what}, {when}."


def _rest(programme: Programme) -> Iterator[str]:
    if programme.opens is not None:
        yield f"It opens in year {programme.opens:g}."
    if programme.closes is not None:
        yield f"It closes in year {programme.closes:g}, and its awards end with it."
    if programme.pots > 1:
        yield f"{programme.pots} funders share it out, none knowing of the others."
    if not programme.carry_over:
        yield "What is unspent at the year's end goes back."
    if programme.stage_gate:
        yield f"Work is looked at again every {_counted(programme.stage_gate, 'year')}."
    if programme.cancellation_rate:
        yield f"A promise is broken at {percent(programme.cancellation_rate)} a year."
    if programme.themes:
        yield f"{percent(programme.themes)} of calls have a theme set from above."
    if programme.consortium_size > 1:
        yield f"An award needs {programme.consortium_size} organisations together."
    if programme.match:
        yield f"Firms add £{programme.match:g} of their own to each public £."


def _counted(number: float, unit: str) -> str:
    return f"{number:g} {unit}" + ("" if number == 1 else "s")


def released(scenario: Scenario, seed: int = 1) -> dict[str, NDArray[np.float64]]:
    """£m a year that each programme releases in one run (years,), as its pots vary."""
    found: dict[str, NDArray[np.float64]] = {}
    for pot in open_plans(plans(scenario), scenario.horizon, seed)[0]:
        yearly = pot.release.reshape(-1, QUARTERS_PER_YEAR).sum(axis=1)
        found[pot.name] = found.get(pot.name, np.zeros(len(yearly))) + yearly
    order = [*scenario.programmes, *(name for name in found if name not in scenario.programmes)]
    return {name: found[name] for name in order if name in found}


def bars(yearly: NDArray[np.float64], top: float) -> str:
    """One bar a year, from nothing to ``top``."""
    if top <= 0.0:
        return ""
    step = np.clip(np.ceil(yearly / top * len(_BARS)), 0, len(_BARS)).astype(int)
    return "".join(" " if one == 0 else _BARS[one - 1] for one in step)


def money_rows(scenario: Scenario, seed: int = 1) -> list[tuple[str, str, str]]:
    """Each programme's name, a bar for each year, and the least and most £m in a year."""
    found = released(scenario, seed)
    top = max((float(yearly.max()) for yearly in found.values()), default=0.0)
    rows = []
    for name, yearly in found.items():
        low, high = float(yearly.min()), float(yearly.max())
        alike = high - low < 0.005 * max(high, 1e-9)
        span = f"{low:,.3g}" if alike else f"{low:,.3g} to {high:,.3g}"
        rows.append((name, bars(yearly, top), span))
    return rows
