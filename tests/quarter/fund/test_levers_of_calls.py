"""Levers of who gets the money: how calls choose, who may ask, and what the panel sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.quarter.fund.bids import invite, standing_of
from sim.quarter.fund.panel import Proposals
from sim.quarter.work import WorkAssumptions
from sim.world.state import CATAPULT, FIRM, LABORATORY, World

Open = Callable[..., Any]


@pytest.fixture
def even(world: World) -> World:
    """A world in which every organisation is one real one, of the same size."""
    o = world.organisations
    o.weight[:] = 1.0
    o.spending[:] = 10.0
    o.researchers[:] = 100.0
    return world


def asked(one: Any) -> Proposals:
    """What the office would be asked in its next call; nothing is changed."""
    still, pot = one.world.copy(), one.pots[0]
    before = standing_of(still, 0, pot.programme)
    flow = pot.award_flow(0)
    return invite(still, pot, 0, flow, before, one.assumptions, WorkAssumptions())


def won(one: Any) -> NDArray[np.bool_]:
    """Which of the proposals of its first call the office funds."""
    proposals = asked(one)
    awards = one.run()
    # A project of a holder is known by its quality.
    return np.isin(proposals.quality, awards.quality)


#: £0.2m a year each, so £10m a year are 50 awards.
FIFTY = {"award_size": 0.2, "budget": 10.0}


@pytest.mark.parametrize("rule", ["competition", "staged"])
def test_a_competition_funds_the_best_scores(even: World, office: Open, rule: str) -> None:
    one = office(allocation=rule, stage_gate=1.0, **FIFTY)
    score = asked(one).call.score
    expected = score >= np.sort(score)[-50]
    np.testing.assert_array_equal(won(one), expected)
    assert set(one.world.awards.next_gate) == {4}


def test_a_lottery_funds_the_lowest_lots_of_the_fundable(even: World, office: Open) -> None:
    one = office(allocation="lottery", **FIFTY)
    call = asked(one).call
    fundable = call.score >= np.median(call.score)
    lot = np.where(fundable, call.lot, 1.0)
    np.testing.assert_array_equal(won(one), lot <= np.sort(lot)[49])


def test_a_devolved_pot_funds_what_each_region_thinks_best(even: World, office: Open) -> None:
    one = office(allocation="devolved", **FIFTY)
    world = one.world
    call = asked(one).call
    need = np.where(world.regions.is_north, world.regions.population * world.regions.need, 0.0)
    share = need / need.sum()
    funded = won(one)
    for region in range(11):
        own = call.region == region
        # £2.5m a quarter in all; £0.05m each; the last in part where half or more is left.
        places = int(np.floor(2.5 * share[region] / 0.05 + 0.5))
        best = np.sort(call.local_score[own])[-places:]
        assert set(call.local_score[own & funded]) == set(best)


def test_a_formula_pays_everybody_eligible_without_a_bid(even: World, office: Open) -> None:
    one = office(allocation="formula", eligible=("universities",))
    awards = one.run()
    o = one.world.organisations
    laboratories = (o.kind == LABORATORY) & one.world.regions.is_north[o.region]
    assert set(awards.holder) == set(o.uid[laboratories])
    assert one.world.pots.bids[0] == 0.0
    assert one.world.pots.bid_cost[0] == 0.0
    assert o.bid_effort.sum() == 0.0
    assert one.world.regions.n_won.sum() == 0.0


@pytest.mark.parametrize("basis", ["size", "population", "quality", "equal"])
def test_basis_is_what_a_formula_counts(world: World, office: Open, basis: str) -> None:
    one = office(allocation="formula", basis=basis, budget=0.4)
    awards = one.run()
    o = one.world.organisations
    row, region = awards.holder_row, o.region[awards.holder_row]
    count = {
        "size": o.researchers[row],
        "quality": o.cumulative_value[row] + 1e-6,
        "equal": np.ones(len(row)),
        # A region's people are shared alike by its real organisations.
        "population": one.world.regions.population[region]
        / np.bincount(region, awards.weight, 13)[region],
    }[basis]
    np.testing.assert_allclose(
        awards.payment, 0.1 * count / np.sum(count * awards.weight), rtol=1e-9
    )


@pytest.mark.parametrize("rule", ["competition", "formula"])
@pytest.mark.parametrize(
    ("names", "kinds"),
    [
        (("firms",), {FIRM}),
        (("universities",), {LABORATORY}),
        (("universities", "catapults"), {LABORATORY, CATAPULT}),
    ],
)
def test_eligible_says_what_kinds_may_hold(
    office: Open, rule: str, names: tuple[str, ...], kinds: set[int]
) -> None:
    one = office(allocation=rule, eligible=names, award_size=0.05)
    awards = one.run()
    assert set(one.world.organisations.kind[awards.holder_row]) == kinds


@pytest.mark.parametrize("rule", ["competition", "formula", "devolved", "lottery"])
@pytest.mark.parametrize("purpose", ["research", "infrastructure"])
def test_area_says_where_holders_may_be(office: Open, rule: str, purpose: str) -> None:
    for area in ("north", "national"):
        one = office(allocation=rule, area=area, purpose=purpose, budget=10_000.0)
        awards = one.run()
        o = one.world.organisations
        region = np.where(awards.holder < 0, -1 - awards.holder, o.region[awards.holder_row])
        assert (region >= 11).any() == (area == "national")
        assert (region < 11).any()


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        (1, {0, 4, 8}),
        (2, {0, 2, 4, 6, 8, 10}),
        (3, {0, 2, 3, 4, 6, 7, 8, 10, 11}),
        (4, set(range(12))),
    ],
)
def test_calls_per_year_says_when_one_can_ask(office: Open, calls: int, expected: set[int]) -> None:
    """From the opening call on, calls are spread over the year."""
    one = office(
        allocation="competition", award_length=0.25, calls_per_year=calls, renewal_probability=0.0
    )
    seen = set()
    for quarter in range(12):
        before = one.world.pots.bids[0]
        one.run()
        if one.world.pots.bids[0] > before:
            seen.add(quarter)
    assert seen == expected


def test_pots_of_one_programme_call_in_different_quarters(office: Open) -> None:
    one = office(
        allocation="competition", award_length=0.25, pots=2, renewal_probability=0.0, budget=40
    )
    seen: dict[int, set[int]] = {0: set(), 1: set()}
    for quarter in range(9):
        before = one.world.pots.bids.copy()
        one.run()
        for row in np.flatnonzero(one.world.pots.bids > before):
            seen[one.pots[row].index].add(quarter)
    assert seen == {0: {0, 4, 8}, 1: {0, 3, 7}}


def test_a_perfect_signal_finds_the_truly_best(even: World, office: Open) -> None:
    one = office(allocation="competition", signal_quality=1.0, **FIFTY)
    quality = asked(one).quality
    assert len(quality) > 150
    np.testing.assert_array_equal(won(one), quality >= np.sort(quality)[-50])


def test_a_blind_panel_funds_the_ordinary(even: World, office: Open) -> None:
    """The mean true quality of 50 winners is zero: |mean| < 3.3/√50 but for one seed in 1000."""
    one = office(allocation="competition", signal_quality=0.0, **FIFTY)
    one.run()
    quality = one.world.awards.quality
    assert len(quality) == 50
    assert abs(quality.mean()) < 3.3 / np.sqrt(50)


@pytest.mark.parametrize("signal", [0.0, 0.3, 0.8])
def test_signal_quality_is_the_correlation_of_score_and_truth(
    even: World, office: Open, signal: float
) -> None:
    proposals = asked(office(allocation="competition", signal_quality=signal))
    n = len(proposals)
    assert n > 400
    found = np.corrcoef(proposals.call.score, proposals.quality)[0, 1]
    # The standard error of a correlation is (1 − ρ²)/√n; a false alarm once in 10,000.
    assert abs(found - signal) < 3.9 * (1 - signal**2) / np.sqrt(n)
    assert abs(proposals.call.score.std() - 1.0) < 3.9 / np.sqrt(2 * n)


def test_capacity_lifts_a_score_and_not_the_truth(world: World, office: Open) -> None:
    """score − ρ·quality − noise is γ·(log capacity + ½ log researchers), less its mean."""
    plain = asked(office(allocation="competition"))
    keen = office(allocation="competition")
    keen.assumptions = keen.assumptions.model_copy(update={"capacity_weight": 0.3})
    lifted = asked(keen)
    np.testing.assert_array_equal(plain.quality, lifted.quality)
    o, regions = world.organisations, world.regions
    capacity = np.log(regions.bid_capacity[lifted.region])
    capacity += 0.5 * np.log(np.maximum(o.researchers[lifted.row], 0.5))
    capacity -= np.average(capacity, weights=lifted.weight)
    np.testing.assert_allclose(lifted.call.score - plain.call.score, 0.3 * capacity, atol=1e-12)


@pytest.mark.parametrize(("bid_cost", "partner_cost", "size"), [(0.1, 0.0, 1), (0.1, 0.05, 3)])
def test_bid_cost_and_partner_cost_are_staff_time(
    office: Open, bid_cost: float, partner_cost: float, size: int
) -> None:
    one = office(
        allocation="competition",
        bid_cost=bid_cost,
        partner_cost=partner_cost,
        consortium_size=size,
        award_size=0.05,
    )
    proposals = asked(one)
    one.run()
    o = one.world.organisations
    years = bid_cost + partner_cost * (size - 1)
    assert o.n_bids.sum() == len(proposals) > 10
    # A bid of 0.2 researcher-years takes 0.8 researchers for a quarter.
    np.testing.assert_allclose(o.bid_effort, 4 * years * o.n_bids)
    # A researcher-year of a laboratory is £0.1m at the wage of the start.
    np.testing.assert_allclose(one.world.pots.bid_cost[0], years * 0.1 * proposals.weight.sum())
    np.testing.assert_allclose(one.world.pots.bids[0], proposals.weight.sum())
    np.testing.assert_allclose(one.world.regions.n_bids.sum(), proposals.weight.sum())


def test_asking_a_region_costs_a_part_of_the_stated_cost(office: Open) -> None:
    one = office(allocation="devolved", bid_cost=0.1, award_size=0.05)
    one.run()
    o = one.world.organisations
    np.testing.assert_allclose(o.bid_effort, 4 * 0.3 * 0.1 * o.n_bids)
    assert o.n_bids.sum() > 0


def test_regions_pay_for_their_own_bids(office: Open) -> None:
    one = office(allocation="competition", purpose="infrastructure", bid_cost=0.5)
    one.run()
    regions = one.world.regions
    np.testing.assert_allclose(regions.place_bid_cost, 0.5 * 0.1 * regions.n_bids)
    assert regions.n_bids.sum() == 11
    assert one.world.organisations.bid_effort.sum() == 0.0


def test_short_awards_between_rare_calls_leave_no_money_lying(office: Open) -> None:
    """One-quarter awards with a call a year: what waits for a call goes out in it."""
    one = office(
        allocation="competition", award_length=0.25, calls_per_year=1, renewal_probability=0.0,
        budget=40.0,
    )  # fmt: skip
    one.run(32)
    assert one.world.pots.balance[0] < 40.0
    assert one.world.pots.payments[0] > 0.85 * one.world.pots.released[0]
