"""Small futures that part from one burn-in, for the tests of the model's honesty."""

from __future__ import annotations

from functools import cache
from typing import cast

from sim.parameters import neutral
from sim.quarter import Assumptions
from sim.quarter.collaborate import Collaboration
from sim.quarter.fund.programmes import Allocation, Basis, Programme, Purpose, Recipient
from sim.run import Run
from sim.scenario import BurnIn, Scenario, load
from sim.world.build import Population

INSTITUTIONS = (Recipient.UNIVERSITIES, Recipient.CATAPULTS)


def neutral_assumptions() -> Assumptions:
    """Every channel off, and no ceiling on what a holder can absorb."""
    off = cast(Assumptions, neutral(Assumptions()))
    fund = off.fund.model_copy(update={"absorption_cap": 1e6})
    return off.model_copy(update={"fund": fund})


def scenario(
    programmes: dict[str, Programme],
    assumptions: Assumptions | None = None,
    *,
    firms: int = 300,
    horizon: int = 6,
    burn_in: int = 1,
    budget: float = 300.0,
    tie_subsidy: float = 0.0,
) -> Scenario:
    """A small scenario of these programmes."""
    return Scenario(
        title="test",
        horizon=horizon,
        budget=budget,
        tie_subsidy=tie_subsidy,
        programmes=programmes,
        collaboration=Collaboration(),
        population=Population(firms=firms),
        burn_in=BurnIn(years=burn_in),
        assumptions=assumptions or Assumptions(),
    )


def formula(**levers: object) -> Programme:
    """Equal shares for every institution, at once and without overhead."""
    usual = {
        "purpose": Purpose.CORE, "allocation": Allocation.FORMULA, "basis": Basis.EQUAL,
        "eligible": INSTITUTIONS, "decision_lead": 0.0, "renewal_probability": 0.0, "notice": 0.0,
        "overhead_share": 0.0, "pot_overhead": 0.0, "calls_per_year": 4,
    }  # fmt: skip
    return Programme(**{**usual, **levers})  # type: ignore[arg-type]


@cache
def _shipped(name: str) -> Scenario:
    return load(name).scenario


def start(one: Scenario, seed: int = 1, past: str = "mixed") -> Run:
    """The common past of every future of ``one``'s population and assumptions."""
    return Run.start(one, _shipped(past), seed)
