"""Private match: a firm puts its own money beside an award only where that pays it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.quarter.fund.asking import match_burden
from sim.quarter.fund.programmes import FundAssumptions
from sim.world.columns import Organisations, Ties
from sim.world.state import FIRM, LABORATORY, World

Open = Callable[..., Any]
YEARS = st.floats(0.25, 40.0)
#: A bid costs nothing, and what it wins is worth a tenth of the award.
PLAIN = FundAssumptions(
    bid_readiness=1.0, own_signal=0.0, award_surplus=0.1, bid_effort=0.0, match_payback=4.0
)


@pytest.fixture
def pair(world: World) -> World:
    """Two firms with own money of eight years, who believe half of what they are promised."""
    o = Organisations.empty(2)
    o.uid[:] = [101, 102]
    o.kind[:] = FIRM
    o.weight[:] = 1.0
    o.is_research_active[:] = True
    o.spending[:] = 1.0
    o.researchers[:] = 40.0
    o.horizon[:] = 8.0
    o.credibility[:] = 0.5
    o.continuation[:] = 0.5
    world.organisations, world.ties = o, Ties.empty()
    return world


def test_the_burden_worked_by_hand() -> None:
    # Four years to pay back. On an award believed in for 4 years e^(−1) = 0.3679 lasts so long, and
    # with a salvage of a half 0.6839 is kept; on own money of 8 years 0.5 + 0.5 e^(−1/2) = 0.8033.
    expected = 0.5 * (1.0 - 0.68394 / 0.80327)
    assert match_burden(0.5, 4.0, 0.5, 4.0, 8.0) == pytest.approx(expected, rel=1e-4)


@given(match=st.floats(0.0, 5.0), award=YEARS, own=YEARS, payback=YEARS)
def test_limits_of_the_burden(match: float, award: float, own: float, payback: float) -> None:
    assert match_burden(match, 0.0, 0.4, award, own) == 0.0
    assert match_burden(match, payback, 1.0, award, own) == 0.0
    assert match_burden(match, payback, 0.4, own, own) == 0.0
    assert match_burden(match, payback, 0.0, award, own) <= match
    shorter = match_burden(match, payback, 0.4, 0.5 * award, own)
    assert shorter >= match_burden(match, payback, 0.4, award, own)


@pytest.mark.parametrize("allocation", ["competition", "formula"])
def test_short_money_is_not_matched_where_the_return_is_late(
    pair: World, office: Open, allocation: str
) -> None:
    def takers(length: float, match: float, assumptions: FundAssumptions = PLAIN) -> int:
        one = office(
            allocation=allocation,
            award_size=2.0,
            award_length=length,
            match=match,
            assumptions=assumptions,
        )
        one.run()
        return len(np.unique(one.world.awards.holder))

    # Bidders know nothing of their projects, e^view is what luck says: with a burden of 0.5 nobody
    # is left, since ln(0.5/0.1) = 1.6 is more than either draws.
    assert takers(1.0, 0.0) == takers(16.0, 1.0) == 2
    assert takers(1.0, 1.0) == 0
    assert takers(1.0, 1.0, PLAIN.model_copy(update={"match_payback": 0.0})) == 2


def test_a_review_is_the_end_of_what_is_sure(pair: World, office: Open) -> None:
    """16 years and a gate after one: the firm believes in 0.5 (1 + 0.5 · 16) years, not in 12."""
    believed = 0.5 * (1.0 + 0.5 * 16.0)
    assert match_burden(1.0, 4.0, 0.4, believed, 8.0) > 0.0
    levers = {
        "award_size": 2.0, "award_length": 16.0, "match": 1.0, "basis": "size",
        "assumptions": PLAIN.model_copy(update={"award_surplus": 0.01}),
    }  # fmt: skip

    def takers(**more: Any) -> int:
        one = office(**levers, **more)
        one.run()
        return len(one.world.awards.holder)

    assert takers() == 2
    assert takers(stage_gate=1.0) == 0


def test_only_firms_weigh_the_match(pair: World, office: Open) -> None:
    pair.organisations.kind[1] = LABORATORY
    one = office(award_size=2.0, award_length=1.0, match=5.0, assumptions=PLAIN)
    one.run()
    assert [int(uid) for uid in one.world.awards.holder] == [102]
