"""One quarter, in the order in which money becomes growth.

It is paid, it hires people, people work together and learn, learning becomes innovation,
innovation becomes growth, and growth changes the place. This is the only place where the order is
written.
"""

from __future__ import annotations

from pydantic import Field

from sim.parameters import Parameters
from sim.quarter.collaborate import CollaborateAssumptions
from sim.quarter.fund.programmes import FundAssumptions
from sim.quarter.innovate import InnovateAssumptions
from sim.quarter.learn import LearnAssumptions
from sim.quarter.place import PlaceAssumptions
from sim.quarter.plan import PlanAssumptions
from sim.quarter.shock import ShockAssumptions
from sim.quarter.staff import StaffAssumptions
from sim.quarter.trade import TradeAssumptions
from sim.quarter.turn_over import TurnOverAssumptions


class Assumptions(Parameters):
    """Every assumption of the model, one group for each phase."""

    shock: ShockAssumptions = Field(default_factory=ShockAssumptions)
    fund: FundAssumptions = Field(default_factory=FundAssumptions)
    plan: PlanAssumptions = Field(default_factory=PlanAssumptions)
    staff: StaffAssumptions = Field(default_factory=StaffAssumptions)
    collaborate: CollaborateAssumptions = Field(default_factory=CollaborateAssumptions)
    learn: LearnAssumptions = Field(default_factory=LearnAssumptions)
    innovate: InnovateAssumptions = Field(default_factory=InnovateAssumptions)
    trade: TradeAssumptions = Field(default_factory=TradeAssumptions)
    turn_over: TurnOverAssumptions = Field(default_factory=TurnOverAssumptions)
    place: PlaceAssumptions = Field(default_factory=PlaceAssumptions)
