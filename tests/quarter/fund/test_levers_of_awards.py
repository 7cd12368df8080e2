"""Levers of an award's terms and life: each changes, directly, what it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.quarter.fund.ledger import CANCELLED, LIVE
from sim.quarter.fund.programmes import Allocation, Programme
from sim.world.state import CORE, INFRASTRUCTURE, RESEARCH, TIES, World

Open = Callable[..., Any]


@pytest.mark.parametrize(
    ("purpose", "code", "column"),
    [
        ("core", CORE, "grant_core"),
        ("research", RESEARCH, "grant_research"),
        ("ties", TIES, "grant_ties"),
    ],
)
def test_purpose_decides_the_column_of_the_money(
    office: Open, purpose: str, code: int, column: str
) -> None:
    one = office(purpose=purpose)
    assert set(one.run().purpose) == {code}
    o = one.world.organisations
    for name in ("grant_core", "grant_research", "grant_ties"):
        assert (getattr(o, name).sum() > 0) == (name == column)
    assert one.world.regions.place_grant.sum() == 0.0


def test_infrastructure_goes_to_regions_and_never_to_organisations(office: Open) -> None:
    one = office(purpose="infrastructure", basis="population")
    assert set(one.run().purpose) == {INFRASTRUCTURE}
    assert one.grants().sum() == 0.0
    paid = one.world.regions.place_grant
    np.testing.assert_allclose(paid.sum(), 25.0)  # £100m a year, by population in the North
    people = np.where(one.world.regions.is_north, one.world.regions.population, 0.0)
    np.testing.assert_allclose(paid, 25.0 * people / people.sum())


def test_award_length_is_the_time_from_start_to_end(office: Open) -> None:
    one = office(allocation="competition", award_length=2.5, calls_per_year=4, budget=400)
    one.run()
    awards = one.run(6)
    later = awards.start > 0
    assert later.any()
    assert set((awards.end - awards.start)[later & (awards.terms == 1)]) == {10}
    first = ~later & (awards.terms == 1)
    assert set(awards.length) == {10}
    assert np.all((awards.end - awards.start)[first] <= 10)


@pytest.mark.parametrize("rule", ["competition", "lottery", "formula", "devolved"])
def test_the_first_cohort_ends_evenly_over_one_term_whatever_the_rule(
    office: Open, rule: str
) -> None:
    awards = office(allocation=rule, award_length=5.0, award_size=0.02, bid_cost=0.0).run()
    term = awards.end - awards.start
    # Uniform on 1–20: mean 10.5, standard deviation 5.8.
    assert len(term) > 40
    assert abs(term.mean() - 10.5) < 4 * 5.8 / np.sqrt(len(term))
    assert term.min() <= 3
    assert term.max() >= 18


@pytest.mark.parametrize("size", [0.04, 0.08])
def test_award_size_is_what_one_award_pays_a_year(office: Open, size: float) -> None:
    awards = office(allocation="competition", award_size=size).run()
    room = 0.5 * office().world.organisations.spending[awards.holder_row]
    whole = awards.payment == size / 4
    capped = awards.payment == room
    assert whole.sum() > 10
    # All are whole or capped by the holder but for the one with which the money ran out.
    assert (~whole & ~capped).sum() <= 1
    assert awards.payment.max() == size / 4


@pytest.mark.parametrize(("months", "quarters"), [(0.0, 0), (3.0, 1), (6.0, 2), (20.0, 7)])
def test_decision_lead_parts_the_bid_from_the_first_payment(
    office: Open, months: float, quarters: int
) -> None:
    one = office(allocation="competition", decision_lead=months)
    for quarter in range(quarters + 1):
        awards = one.run()
        assert len(awards) > 0
        assert (one.grants().sum() > 0) == (quarter >= quarters)
    assert awards.start.min() == quarters


@pytest.mark.parametrize("months", [0.0, 3.0, 6.0, 9.0])
def test_notice_is_the_time_from_the_decision_to_the_end(office: Open, months: float) -> None:
    """Two-year awards: renewals are decided, and terms grow, just that long before the end."""
    one = office(
        allocation="competition", award_length=2, notice=months, renewal_probability=1.0, budget=20
    )
    one.run()
    awards = one.world.awards
    awards.end[:] = 8  # undo the stagger
    awards.decision[:] = 8 - round(months / 3)
    n = len(awards)
    for quarter in range(1, 10):
        one.run()
        decided = quarter >= 8 - round(months / 3)
        first = one.world.awards.start == 0
        assert first.sum() == n, f"an award was lost in quarter {quarter}"
        assert np.all(one.world.awards.terms[first] == (2 if decided else 1))
        assert np.all(one.world.awards.end[first] == (16 if decided else 8))
        assert np.all(one.world.awards.outcome[first] == LIVE)


def test_notice_sets_the_date_of_the_decision_of_new_awards(office: Open) -> None:
    awards = office(allocation="competition", award_length=5, notice=6).run()
    np.testing.assert_array_equal(awards.decision, np.maximum(awards.end - 2, awards.start + 1))


@pytest.mark.parametrize("notice", [0.0, 6.0])
@pytest.mark.parametrize("chance", [0.0, 0.3, 1.0])
def test_renewal_probability_is_the_share_of_awards_that_go_on(
    office: Open, chance: float, notice: float
) -> None:
    one = office(
        allocation="competition",
        award_size=0.02,
        award_length=2,
        notice=notice,
        renewal_probability=chance,
    )
    one.run()
    uids = one.world.awards.uid.copy()
    one.world.awards.end[:] = 8
    one.world.awards.decision[:] = 8 - round(notice / 3)
    awards = one.run(8)
    first = np.isin(awards.uid, uids)
    went_on = awards.terms[first] == 2
    assert len(went_on) > 100
    # Four standard errors of a share among that many awards.
    assert abs(went_on.mean() - chance) <= 4 * np.sqrt(chance * (1 - chance) / len(went_on))
    np.testing.assert_array_equal(awards.outcome[first] == LIVE, went_on)
    o = one.world.organisations
    renewed = np.sum(o.n_renewed * o.weight)
    lapsed = np.sum(o.n_lapsed * o.weight)
    if notice == 0.0:
        weight = awards.weight[first]
        np.testing.assert_allclose(renewed, weight[went_on].sum())
        np.testing.assert_allclose(lapsed, weight[~went_on].sum())


@pytest.mark.parametrize("rate", [0.0, 0.5])
def test_cancellation_rate_is_the_hazard_of_a_year(office: Open, rate: float) -> None:
    one = office(
        allocation="competition",
        award_size=0.02,
        award_length=10,
        cancellation_rate=rate,
        budget=100,
    )
    one.run()
    one.world.awards.end[:] = 40
    one.world.awards.decision[:] = 40
    uids = one.world.awards.uid.copy()
    n = len(uids)
    assert n > 60
    awards = one.run(4)
    mine = np.isin(awards.uid, uids)
    cancelled = awards.outcome[mine] == CANCELLED
    assert abs(cancelled.mean() - rate) <= 4 * np.sqrt(rate * (1 - rate) / n)
    if rate:
        assert np.all(awards.paid[mine][cancelled] == 0.0)
        # The promise is remembered while it is being broken.
        row = awards.holder_row[mine][cancelled]
        assert np.all(one.world.organisations.promised[row] > 0.0)


@pytest.mark.parametrize("match", [0.0, 0.5])
def test_match_is_due_in_proportion_to_the_grant(office: Open, match: float) -> None:
    one = office(allocation="competition", match=match)
    one.run(3)
    assert one.grants().sum() > 0
    np.testing.assert_allclose(one.world.organisations.match_due, match * one.grants())


def test_a_holder_alone_is_its_own_lead(office: Open) -> None:
    awards = office(allocation="competition", award_size=0.02, consortium_size=1).run()
    np.testing.assert_array_equal(awards.lead, awards.holder)


@pytest.mark.parametrize("size", [2, 3])
def test_a_consortium_has_one_lead_and_equal_parts(office: Open, size: int) -> None:
    one = office(allocation="competition", award_size=0.04, consortium_size=size, budget=30)
    awards = one.run()
    world = one.world
    leads = awards.holder == awards.lead
    n = int(leads.sum())
    assert n > 5
    assert len(awards) == n * size
    assert len(np.unique(awards.uid)) == len(awards)
    projects = [np.flatnonzero(awards.quality == q) for q in awards.quality[leads]]
    for rows in projects:
        assert len(rows) == size
        assert len(set(awards.lead[rows])) == 1
        assert len(set(awards.holder[rows])) == size
        assert len(set(awards.payment[rows])) == 1
    assert awards.payment.max() == 0.04 / 4 / size
    tied = set(zip(world.ties.source, world.ties.target, strict=True))
    for lead, holder in zip(awards.lead[~leads], awards.holder[~leads], strict=True):
        assert (min(lead, holder), max(lead, holder)) in tied


def test_partners_must_be_eligible_too(office: Open) -> None:
    """A programme for northern firms pays no partner in the South and no university."""
    for levers in ({"eligible": ("firms",)}, {"area": "north"}):
        one = office(allocation="competition", award_size=0.02, consortium_size=2, **levers)
        awards = one.run()
        o = one.world.organisations
        assert len(awards) > 10
        assert np.all(one.world.regions.is_north[o.region[awards.holder_row]])
        if "eligible" in levers:
            assert np.all(o.kind[awards.holder_row] == 0)


def test_the_partner_is_the_most_trusted(office: Open, world: World) -> None:
    one = office(allocation="competition", consortium_size=2, area="national", award_size=0.02)
    ties = one.world.ties
    ties.trust[:] = np.linspace(0.1, 0.9, len(ties))
    awards = one.run()
    best: dict[int, tuple[float, int]] = {}
    for a, b, trust in zip(ties.source, ties.target, ties.trust, strict=True):
        best[a] = max(best.get(a, (0.0, -1)), (trust, b))
        best[b] = max(best.get(b, (0.0, -1)), (trust, a))
    partner = awards.holder != awards.lead
    for lead, holder in zip(awards.lead[partner], awards.holder[partner], strict=True):
        assert best[lead][1] == holder


def test_a_programme_refuses_levers_that_contradict_one_another() -> None:
    with pytest.raises(ValueError, match="stage_gate"):
        Programme(allocation=Allocation.STAGED)
    with pytest.raises(ValueError, match="longer than the award"):
        Programme(award_length=1.0, notice=13.0)


@pytest.mark.parametrize(("notice", "gap"), [(6.0, False), (3.0, True)])
def test_notice_as_long_as_the_lead_time_leaves_no_gap(
    office: Open, notice: float, gap: bool
) -> None:
    """Told in time, a holder asks for the next award while this one runs out."""
    one = office(
        allocation="formula", purpose="core", award_length=1.0, calls_per_year=4,
        decision_lead=6.0, notice=notice, renewal_probability=0.0, eligible=["universities"],
    )  # fmt: skip
    paid = []
    for _ in range(16):
        one.run()
        paid.append(one.world.organisations.grant_core > 0)
    holders = np.any(paid, axis=0)
    later = np.array(paid)[6:, holders]
    assert holders.sum() > 20
    assert (not later.all()) == gap
