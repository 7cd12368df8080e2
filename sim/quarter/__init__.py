"""One quarter, in the order in which money becomes growth.

It is paid, it hires people, people work together and learn, learning becomes innovation,
innovation becomes growth, and growth changes the place. This is the only place where the order is
written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from pydantic import Field

from sim.parameters import Parameters
from sim.quarter import (
    collaborate,
    fund,
    innovate,
    learn,
    place,
    plan,
    shock,
    staff,
    trade,
    turn_over,
)
from sim.quarter.collaborate import CollaborateAssumptions, Collaboration
from sim.quarter.fund.plans import Pot
from sim.quarter.fund.programmes import FundAssumptions
from sim.quarter.innovate import InnovateAssumptions
from sim.quarter.learn import LearnAssumptions
from sim.quarter.place import PlaceAssumptions
from sim.quarter.plan import PlanAssumptions
from sim.quarter.shock import Shock, ShockAssumptions
from sim.quarter.staff import StaffAssumptions
from sim.quarter.trade import TradeAssumptions
from sim.quarter.turn_over import TurnOverAssumptions
from sim.quarter.work import WorkAssumptions
from sim.world.columns import TABLES
from sim.world.state import World


class Assumptions(Parameters):
    """Every assumption of the model, one group for each phase."""

    shock: ShockAssumptions = Field(default_factory=ShockAssumptions)
    fund: FundAssumptions = Field(default_factory=FundAssumptions)
    work: WorkAssumptions = Field(default_factory=WorkAssumptions)
    plan: PlanAssumptions = Field(default_factory=PlanAssumptions)
    staff: StaffAssumptions = Field(default_factory=StaffAssumptions)
    collaborate: CollaborateAssumptions = Field(default_factory=CollaborateAssumptions)
    learn: LearnAssumptions = Field(default_factory=LearnAssumptions)
    innovate: InnovateAssumptions = Field(default_factory=InnovateAssumptions)
    trade: TradeAssumptions = Field(default_factory=TradeAssumptions)
    turn_over: TurnOverAssumptions = Field(default_factory=TurnOverAssumptions)
    place: PlaceAssumptions = Field(default_factory=PlaceAssumptions)


@dataclass(frozen=True)
class Reform:
    """A change of plan in quarter ``begins`` of the policy; its pots are the same, in one order."""

    begins: int
    pots: tuple[Pot, ...]
    collaboration: Collaboration


@dataclass(frozen=True)
class Policy:
    """What differs between futures: the pots of public money, and the levers of collaboration.

    ``start`` is the quarter in which the policy begins; ``reforms`` come in the order of dates.
    """

    pots: tuple[Pot, ...] = ()
    collaboration: Collaboration = field(default_factory=Collaboration)
    shocks: tuple[Shock, ...] = ()
    start: int = 0
    reforms: tuple[Reform, ...] = ()

    def at(self, quarter: int) -> Policy:
        """The policy as it is in ``quarter``, after the reforms until then."""
        past = [one for one in self.reforms if one.begins <= quarter - self.start]
        if not past:
            return self
        return replace(self, pots=past[-1].pots, collaboration=past[-1].collaboration)


@dataclass(frozen=True)
class Phase:
    """One step of the quarter: its name, what it reads in words, and how it is run.

    ``run`` hands over just what the phase may see; that only ``fund`` is given the pots is how
    the rule "no equation knows a regime" is kept.
    """

    name: str
    reads: str
    run: Callable[[World, Policy, Assumptions], None]

    @property
    def writes(self) -> dict[str, tuple[str, ...]]:
        """Columns that the state's dictionary lets this phase write, by table."""
        columns = {
            name: tuple(c.name for c in table.columns() if self.name in c.writer.split("+"))
            for name, table in TABLES.items()
        }
        return {name: own for name, own in columns.items() if own}


PHASES = (
    Phase(
        "shock",
        "dated and random shocks",
        lambda w, p, a: shock.shock(w, p.shocks, p.start, a.shock),
    ),
    Phase(
        "fund",
        "programmes; quality, researchers, bid capacity of bidders",
        lambda w, p, a: fund.fund(w, p.pots, p.start, a.fund, a.work),
    ),
    Phase(
        "plan",
        "awards' dates and announcements, cash, past promises",
        lambda w, p, a: plan.plan(w, a.plan, a.work),
    ),
    Phase(
        "staff",
        "desired against actual staff, regional skilled pool",
        lambda w, p, a: staff.staff(w, a.staff),
    ),
    Phase(
        "collaborate",
        "positions, trust, travel time, brokerage, common awards",
        lambda w, p, a: collaborate.collaborate(w, p.collaboration, a.collaborate),
    ),
    Phase(
        "learn",
        "effective research, ties, codified knowledge",
        lambda w, p, a: learn.learn(w, a.learn),
    ),
    Phase(
        "innovate",
        "effort, work in progress, quality and length of projects",
        lambda w, p, a: innovate.innovate(w, a.innovate, a.work),
    ),
    Phase(
        "trade",
        "knowledge, density, related variety, place capital, suppliers",
        lambda w, p, a: trade.trade(w, a.trade),
    ),
    Phase(
        "turn_over",
        "age, size, productivity, cash, parents",
        lambda w, p, a: turn_over.turn_over(w, a.turn_over),
    ),
    Phase("place", "regional sums, flows of staff, bids", lambda w, p, a: place.place(w, a.place)),
)


def advance(
    world: World, policy: Policy, assumptions: Assumptions, phases: tuple[Phase, ...] = PHASES
) -> None:
    """Take ``world`` through one quarter, in place.

    ``phases`` are those of the model unless a researcher adds, replaces or drops one.
    """
    now = policy.at(world.quarter)
    for phase in phases:
        phase.run(world, now, assumptions)
    world.quarter += 1


def begin(world: World, assumptions: Assumptions) -> None:
    """Take the state at the start as the reference of everything that is measured against it."""
    trade.begin(world, assumptions.trade)
    learn.begin(world, assumptions.learn)
    staff.begin(world)
    place.begin(world)
    turn_over.begin(world, assumptions.turn_over)
