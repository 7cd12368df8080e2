"""Who bids, what it costs, and what is true of a project whoever is asked to pay for it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim import luck
from sim.quarter.fund.bids import invite, standing_of
from sim.quarter.fund.entitlement import region_share
from sim.quarter.fund.panel import Proposals
from sim.quarter.fund.programmes import Area, FundAssumptions, Programme
from sim.quarter.work import WorkAssumptions
from sim.world.columns import Organisations, Ties
from sim.world.state import FIRM, World

Open = Callable[..., Any]


@pytest.fixture
def five(world: World) -> World:
    """Five firms of the first region and nothing else; see the tests for their figures."""
    o = Organisations.empty(5)
    o.uid[:] = np.arange(101, 106)
    o.kind[:] = FIRM
    o.weight[:] = [1.0, 1.0, 3.0, 1.0, 1.0]
    o.is_research_active[:] = [True, True, True, True, False]
    o.spending[:] = [1.0, 0.1, 0.4, 1.0, 1.0]  # £m a quarter
    o.researchers[:] = [40.0, 4.0, 16.0, 1.0, 40.0]
    o.degree[:] = 0
    world.organisations, world.ties = o, Ties.empty()
    return world


def bids(one: Any) -> dict[int, int]:
    """Bids of each organisation in the first call, by identity."""
    one.run()
    o = one.world.organisations
    return {int(uid): int(n) for uid, n in zip(o.uid, o.n_bids, strict=True) if n}


# Room for awards is half of yearly research: £2m, 0.2, 0.8, 2 and 2 a year. Bids of 0.5
# researcher-years take 2 researchers for the quarter, of the half of the staff that can be spared:
# 20, 2, 8, 0.5 and 20.
USUAL: dict[str, Any] = {"allocation": "competition", "bid_cost": 0.5, "award_length": 20.0}


def test_who_bids_worked_by_hand(five: World, office: Open) -> None:
    # Awards of £0.4m a year. Slots: 2/0.4 = 5, at most four a call; one at least; 0.8/0.4 = 2; the
    # fourth has not the staff, and the fifth does no research. Over twenty years a bid is worth
    # 0.3 · 0.2 · 20 · e^view = 1.2·e^view at least, and costs 0.05: all who can bid do.
    rich = FundAssumptions(bid_readiness=1.0, own_signal=0.0, award_surplus=1.0)
    assert bids(office(award_size=0.4, assumptions=rich, **USUAL)) == {101: 4, 102: 1, 103: 2}


def test_staff_is_spared_only_for_bids_that_are_written(five: World, office: Open) -> None:
    # 102 can spare 2 researchers, so one bid of its two slots; when the first project is not
    # ready the second still can be.
    five.organisations.spending[1] = 0.4
    half = FundAssumptions(bid_readiness=0.5, own_signal=0.0, award_surplus=1.0)
    uids = set()
    for seed in range(12):
        five.seed = seed
        one = office(award_size=0.4, assumptions=half, **USUAL)
        ready = [
            luck.uniform(seed, luck.BID_READINESS, 102, ordinal << 32) < 0.5 for ordinal in range(2)
        ]
        assert bids(one).get(102, 0) == min(1, sum(ready))
        uids.add(tuple(ready))
    assert (False, True) in uids


def test_a_bid_must_be_worth_its_cost(five: World, office: Open) -> None:
    """success · surplus · award · length · e^view against 0.5 researcher-years at £0.1m."""
    # First success rates are taken at 0.3, the surplus is 0.1, awards last two years: a bid is
    # worth 0.06·award·e^view and costs 0.05, so it is written where e^view > 0.05/(0.06·award).
    # For awards of 0.4, 0.2 and 0.4 (what each can hold): above 2.083, 4.167 and 2.083.
    plain = FundAssumptions(bid_readiness=1.0, own_signal=0.6, award_surplus=0.1)
    found = []
    levers = {**USUAL, "award_length": 2.0}
    for seed in range(10):
        five.seed = seed
        expected: dict[int, int] = {}
        for uid, slots, bar in ((101, 4, 2.0833), (102, 1, 4.1667), (103, 2, 2.0833)):
            for ordinal in range(slots):
                quality = luck.normal(seed, luck.PROJECT_QUALITY, uid, ordinal << 32)
                noise = luck.normal(seed, luck.OWN_VIEW, uid, ordinal << 32)
                if math.exp(0.6 * quality + 0.8 * noise) > bar:
                    expected[uid] = expected.get(uid, 0) + 1
        assert bids(office(award_size=0.4, assumptions=plain, **levers)) == expected
        found.append(sum(expected.values()))
    assert 0 < sum(found) < 70


def first_call(one: Any, assumptions: FundAssumptions) -> Proposals:
    """What the office is asked before it holds any award."""
    pot = one.pots[0]
    assert pot.programme is not None
    before = standing_of(one.world, 0, pot.programme)
    return invite(one.world, pot, 0, pot.award_flow(0), before, assumptions, WorkAssumptions())


def test_a_costly_bid_screens(office: Open) -> None:
    """Bidders who know something of their projects keep the poor ones back when it costs."""
    knowing = FundAssumptions(bid_readiness=1.0, own_signal=0.8, award_surplus=0.1)

    def quality(cost: float) -> tuple[int, float]:
        one = office(allocation="competition", award_size=0.2, bid_cost=cost, assumptions=knowing)
        asked = first_call(one, knowing)
        return len(asked), float(asked.quality.mean())

    (many, ordinary), (few, good) = quality(0.0), quality(0.15)
    assert many > 1.5 * few > 100
    assert abs(ordinary) < 4 / np.sqrt(many)
    assert good > 0.4


def test_bids_cost_the_staff_of_those_who_write_them(five: World, office: Open) -> None:
    rich = FundAssumptions(bid_readiness=1.0, own_signal=0.0, award_surplus=1.0)
    one = office(award_size=0.4, assumptions=rich, **USUAL)
    one.run()
    np.testing.assert_allclose(one.world.organisations.bid_effort, [8, 2, 4, 0, 0])
    # Real bids: 4 + 1 + 3·2 = 11, of 0.5 researcher-years at £0.1m.
    assert one.world.pots.bids[0] == 11.0
    assert one.world.pots.bid_cost[0] == pytest.approx(11 * 0.05)
    # A quarter without a call costs nothing.
    one.run()
    assert one.world.organisations.bid_effort.sum() == 0.0


def test_bid_effort_scales_the_stated_cost(five: World, office: Open) -> None:
    free = FundAssumptions(bid_readiness=1.0, bid_effort=0.0)
    one = office(award_size=0.4, assumptions=free, **USUAL)
    # Without a cost all with a project bid, even the one without staff to spare.
    assert bids(one) == {101: 4, 102: 1, 103: 2, 104: 4}
    assert one.world.organisations.bid_effort.sum() == 0.0


def test_a_second_funder_finds_the_staff_already_busy(five: World, office: Open) -> None:
    # There is next to nothing to win, so that all are asked with the same ideas. 103 can spare 8
    # researchers: two bids to each of two funders take them all, and the third funder gets none
    # from it; 102 has time for one bid in all.
    rich = FundAssumptions(bid_readiness=1.0, own_signal=0.0, award_surplus=1.0)
    assert bids(office(award_size=0.4, pots=3, assumptions=rich, budget=1e-9, **USUAL)) == {
        101: 10,
        102: 1,
        103: 4,
    }


def test_readiness_is_the_share_of_projects_that_are_proposed(office: Open) -> None:
    def count(readiness: float) -> int:
        some = FundAssumptions(bid_readiness=readiness, own_signal=0.0, bid_effort=0.0)
        one = office(allocation="competition", award_size=0.05, assumptions=some)
        return len(first_call(one, some))

    n = count(1.0)
    assert abs(count(0.15) / n - 0.15) < 4 * math.sqrt(0.15 * 0.85 / n)
    assert count(0.0) == 0


def test_who_has_won_with_an_idea_does_not_ask_another_for_it(five: World, office: Open) -> None:
    # Two funders with money for all: whoever calls first gets every idea, and the other none.
    rich = FundAssumptions(bid_readiness=1.0, own_signal=0.0, award_surplus=1.0)
    one = office(award_size=0.4, pots=2, assumptions=rich, budget=900, **USUAL)
    assert bids(one) == {101: 4, 102: 1, 103: 2}
    assert len(np.unique(one.world.awards.idea)) == 4
    assert (one.world.awards.pot == one.world.awards.pot[0]).all()


def test_an_idea_is_proposed_in_every_call_while_it_lasts(five: World, office: Open) -> None:
    """Of one year; those of organisation 101 change in quarters 3, 4, 2 and 1 of a year."""
    rich = FundAssumptions(bid_readiness=0.5, own_signal=0.0, award_surplus=1.0, idea_life=1.0)
    one = office(award_size=0.4, assumptions=rich, calls_per_year=4, budget=1e-9, **USUAL)
    seen, expected = [], []
    for quarter in range(8):
        seen.append(bids(one).get(101, 0))
        keys = [(quarter + (101 + 7 * k) % 4) // 4 | (k << 32) for k in range(4)]
        ready = [luck.uniform(five.seed, luck.BID_READINESS, 101, key) < 0.5 for key in keys]
        expected.append(sum(ready))
    assert seen == expected
    assert len(set(seen)) > 1


def test_an_award_that_ends_sets_its_idea_free(five: World, office: Open) -> None:
    rich = FundAssumptions(bid_readiness=1.0, own_signal=0.0, award_surplus=1.0, idea_life=100.0)
    one = office(award_size=0.4, assumptions=rich, calls_per_year=4, budget=900, **USUAL)
    assert bids(one) == {101: 4, 102: 1, 103: 2}
    one.world.awards.end[:] = 3
    one.world.awards.decision[:] = -1  # not renewed
    quality = sorted(one.world.awards.quality)
    assert [bids(one) for _ in range(2)] == [{}, {}]  # a fifth place, and no fifth idea
    assert bids(one) == {101: 4, 102: 1, 103: 2}
    assert sorted(one.world.awards.quality[-7:]) == quality


def test_holders_of_awards_ask_for_what_is_left(five: World, office: Open) -> None:
    rich = FundAssumptions(bid_readiness=1.0, own_signal=0.0, award_surplus=1.0, idea_life=1.0)
    one = office(award_size=0.4, assumptions=rich, calls_per_year=4, budget=900, **USUAL)
    assert bids(one) == {101: 4, 102: 1, 103: 2}
    one.world.awards.end[:] = 12
    # Four of five places are held; a new idea comes in the next quarter, and fills the fifth.
    assert [bids(one) for _ in range(4)] == [{101: 1}, {}, {}, {}]


@pytest.mark.parametrize(("trace", "written"), [(0.0, 0), (1e-12, 0), (1e-6, 1)])
def test_nobody_asks_for_a_trace_of_money(
    five: World, office: Open, trace: float, written: int
) -> None:
    rich = FundAssumptions(bid_readiness=1.0, own_signal=0.0, award_surplus=1.0, idea_life=1.0)
    one = office(award_size=0.4, assumptions=rich, calls_per_year=4, budget=900, **USUAL)
    one.run()
    a = one.world.awards
    a.end[:] = 12  # a place is free, and a new idea comes in the next quarter
    a.payment *= one.pots[0].award_flow(1) * (1.0 - trace) / float(np.sum(a.payment * a.weight))
    assert sum(bids(one).values()) == written


def test_quality_knows_neither_programme_nor_capacity(office: Open, world: World) -> None:
    """The same project has the same true quality whoever is asked, and whoever asks."""
    levers = {"allocation": "competition", "award_size": 0.05, "bid_cost": 0.0, "budget": 50.0}
    first = office(signal_quality=0.2, **levers)
    world.regions.bid_capacity *= np.linspace(0.1, 10.0, 13)
    world.organisations.researchers *= 3.0
    other = office(
        programmes={
            "other": Programme.model_validate(
                {
                    "allocation": "lottery",
                    "award_size": 0.05,
                    "bid_cost": 0.0,
                    "signal_quality": 0.9,
                    "award_length": 1.0,
                },
                strict=False,
            )
        }
    )
    seen = []
    for one in (first, other):
        asked = first_call(one, one.assumptions)
        keys = zip(asked.uid, asked.ordinal, strict=True)
        scores = zip(asked.quality, asked.call.score, strict=True)
        seen.append(dict(zip(keys, scores, strict=True)))
    common = seen[0].keys() & seen[1].keys()
    assert len(common) > 200
    assert all(seen[0][key][0] == seen[1][key][0] for key in common)
    assert all(seen[0][key][1] != seen[1][key][1] for key in common)  # panels differ
    quality = np.array([seen[0][key][0] for key in common])
    assert abs(quality.mean()) < 4 / math.sqrt(len(common))
    assert abs(quality.std() - 1) < 4 / math.sqrt(2 * len(common))


def test_success_is_learnt_from_calls(five: World, office: Open) -> None:
    """From 0.3, half of the way to what was seen in 1.5 years; one call a year goes 37 %."""
    rich = FundAssumptions(bid_readiness=1.0, own_signal=0.0, award_surplus=1.0)
    one = office(award_size=0.4, assumptions=rich, budget=900, **USUAL)
    one.run()  # money for all
    speed = 1 - 0.5 ** (1 / 1.5)
    assert one.world.pots.success_rate[0] == pytest.approx(0.3 + speed * 0.7)


def test_a_region_gets_its_part_by_people_and_need(world: World) -> None:
    assumptions = FundAssumptions(need_weight=1.0)
    world.regions.population[:] = 1.0
    world.regions.need[:] = 1.0
    world.regions.population[0] = 4.0
    world.regions.need[1] = 2.0
    # 4·1, 1·2 and nine regions of 1: 15 in all.
    north = region_share(world, Programme(), assumptions)
    np.testing.assert_allclose(north[:3], np.array([4, 2, 1]) / 15)
    assert north[11:].sum() == 0.0
    nation = region_share(world, Programme(area=Area.NATIONAL), assumptions)
    np.testing.assert_allclose(nation[[0, 1, 12]], np.array([4, 2, 1]) / 17)


def test_nobody_holds_more_than_it_can_absorb(five: World, office: Open) -> None:
    rich = FundAssumptions(bid_readiness=1.0, own_signal=0.0, award_surplus=1.0)
    awards = office(award_size=50.0, assumptions=rich, budget=900, **USUAL).run()
    yearly = dict(zip(awards.holder.tolist(), (4 * awards.payment).tolist(), strict=True))
    assert yearly == pytest.approx({101: 2.0, 102: 0.2, 103: 0.8})
