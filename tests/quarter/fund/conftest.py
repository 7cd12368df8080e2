"""The funding phase alone, on a world in which nothing else moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.quarter.fund import FundAssumptions, fund
from sim.quarter.fund.ledger import accounts
from sim.quarter.fund.plans import Pot, open_pots
from sim.quarter.fund.programmes import Programme
from sim.quarter.work import WorkAssumptions
from sim.world.columns import Awards
from sim.world.state import World

#: Everybody who may ask does ask, knows nothing of the own project, and quality does not drift:
#: what a test sees is then the lever alone.
PLAIN = FundAssumptions(
    bid_readiness=1.0,
    own_signal=0.0,
    award_surplus=1.0,
    capacity_weight=0.0,
    quality_persistence=1e9,
    shock_quality=0.0,
)
#: Half of what is broken off is kept.
WORK = WorkAssumptions(salvage=0.5)


class Office:
    """Public money and its awards, quarter by quarter, while organisations stand still."""

    def __init__(
        self,
        world: World,
        programmes: Mapping[str, Programme],
        budget: float,
        tie_subsidy: float,
        years: int,
        assumptions: FundAssumptions,
    ) -> None:
        self.world = world
        self.assumptions = assumptions
        self.start = world.quarter
        self.pots: tuple[Pot, ...] = open_pots(programmes, budget, tie_subsidy, years, world.seed)
        world.pots = accounts(self.pots, tuple(programmes))

    def run(self, quarters: int = 1) -> Awards:
        """Go on for some quarters, one at least; the awards as they stand after the last."""
        for _ in range(quarters):
            fund(self.world, self.pots, self.start, self.assumptions, WORK)
            self.world.quarter += 1
        return self.world.awards

    def grants(self) -> NDArray[np.float64]:
        """£m a quarter to each organisation, all purposes, per real organisation."""
        o = self.world.organisations
        return np.asarray(o.grant_core + o.grant_research + o.grant_ties)


OpenOffice = Callable[..., Office]


@pytest.fixture
def office(world: World) -> OpenOffice:
    """Open an office for one programme of the given levers, free of fixed cost unless told."""

    def open_office(
        budget: float = 100.0,
        years: int = 10,
        tie_subsidy: float = 0.0,
        assumptions: FundAssumptions = PLAIN,
        programmes: Mapping[str, Programme] | None = None,
        **levers: Any,
    ) -> Office:
        if programmes is None:
            usual = {
                "overhead_share": 0.0,
                "pot_overhead": 0.0,
                "decision_lead": 0.0,
                "notice": 0.0,
            }
            programmes = {"one": Programme.model_validate({**usual, **levers}, strict=False)}
        return Office(world.copy(), programmes, budget, tie_subsidy, years, assumptions)

    return open_office
