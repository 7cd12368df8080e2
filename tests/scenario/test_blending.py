"""Two scenarios as the ends of one dial: exact at the ends, straight and sound in between."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.quarter.collaborate import Collaboration
from sim.quarter.fund.programmes import Allocation, Programme
from sim.scenario import Scenario, ScenarioError, blend, load, load_blend
from sim.scenario.models import SHARE_TOLERANCE
from sim.scenario.outlay import yearly_outlay

NAMES = ("institutions", "projects", "places")


@st.composite
def programmes(draw: st.DrawFn, horizon: int, share: float) -> Programme:
    length = draw(st.floats(0.25, min(float(horizon), 50.0)))
    return Programme(
        share=share,
        allocation=draw(st.sampled_from(Allocation)),
        award_length=length,
        notice=draw(st.floats(0.0, min(12 * length, 120.0))),
        pots=draw(st.integers(1, 20)),
        stage_gate=draw(st.floats(0.5, 20)),
        carry_over=draw(st.booleans()),
        volatility=draw(st.floats(0, 1)),
    )


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    horizon = draw(st.integers(1, 60))
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=3))
    parts = [draw(st.integers(1, 100)) for _ in names]
    ties = draw(st.integers(0, 100)) if names else 0
    total = sum(parts) + ties
    return Scenario(
        title="drawn",
        horizon=horizon,
        budget=draw(st.floats(0, 1000)),
        tie_subsidy=ties / total if total else 0.0,
        programmes={
            name: draw(programmes(horizon, part / total))
            for name, part in zip(names, parts, strict=True)
        },
        collaboration=Collaboration(reach=draw(st.floats(1, 300))),
    )


@settings(max_examples=200, deadline=None)
@given(scenarios(), scenarios(), st.floats(0, 1))
def test_every_blend_is_sound_and_lies_between(a: Scenario, b: Scenario, share: float) -> None:
    mixed = blend(a, b, share)
    assert Scenario.model_validate(mixed.model_copy().__dict__) == mixed
    if mixed.programmes:
        total = math.fsum(one.share for one in mixed.programmes.values()) + mixed.tie_subsidy
        assert abs(total - 1) < SHARE_TOLERANCE
    straight = (1 - share) * a.budget + share * b.budget
    assert mixed.budget == pytest.approx(straight)
    for low, value, high in (
        (a.budget, mixed.budget, b.budget),
        (a.horizon, mixed.horizon, b.horizon),
        (a.collaboration.reach, mixed.collaboration.reach, b.collaboration.reach),
    ):
        assert min(low, high) <= value <= max(low, high)
    for name in set(a.programmes) & set(b.programmes):
        one, other, between = a.programmes[name], b.programmes[name], mixed.programmes[name]
        assert between.allocation in (one.allocation, other.allocation)
        assert abs(between.pots - ((1 - share) * one.pots + share * other.pots)) <= 0.5 + 1e-9


@settings(max_examples=50, deadline=None)
@given(scenarios(), scenarios())
def test_the_ends_are_the_scenarios_themselves(a: Scenario, b: Scenario) -> None:
    assert blend(a, b, 0) == a
    assert blend(a, b, 1) == b


@settings(max_examples=50, deadline=None)
@given(scenarios(), st.floats(0, 1))
def test_a_scenario_blended_with_itself_is_itself(a: Scenario, share: float) -> None:
    assert blend(a, a, share) == a


def test_by_hand() -> None:
    mixed = load_blend("long_term", "piecemeal", 0.25)
    places = mixed.scenario.programmes["places"]
    assert mixed.name == "long_term~piecemeal@0.25"
    assert places.award_length == 8.0  # 0.75 × 10 + 0.25 × 2
    assert places.notice == 18.75  # 0.75 × 24 + 0.25 × 3
    assert places.pots == 2  # 1.75, rounded
    assert places.carry_over is True
    assert load_blend("long_term", "piecemeal", 0.5).scenario.programmes["places"].pots == 3
    assert load_blend("long_term", "piecemeal", 0.5).scenario.programmes["places"].carry_over is (
        False
    )
    assert {"long_term", "piecemeal", "base", "mixed"} == {
        file.rsplit("/", 1)[-1].removesuffix(".yaml") for file in mixed.text
    }


def test_a_programme_of_one_side_fades_out() -> None:
    a = Scenario(title="a", tie_subsidy=0.2, programmes={"x": Programme(share=0.8)})
    b = Scenario(title="b", programmes={"y": Programme(share=1.0)})
    mixed = blend(a, b, 0.25)
    assert mixed.programmes["x"].share == pytest.approx(0.6)
    assert mixed.programmes["y"].share == pytest.approx(0.25)
    assert mixed.tie_subsidy == pytest.approx(0.15)


def test_against_no_policy_only_the_budget_fades() -> None:
    mixed = load_blend("long_term", "no_policy", 0.9).scenario
    whole = load("long_term").scenario
    assert mixed.budget == pytest.approx(30.0)
    assert mixed.tie_subsidy == pytest.approx(whole.tie_subsidy)
    for name, programme in whole.programmes.items():
        assert mixed.programmes[name].share == pytest.approx(programme.share)


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_outside_the_dial(share: float) -> None:
    with pytest.raises(ScenarioError, match="a share between 0 and 1"):
        load_blend("long_term", "piecemeal", share)


def test_an_amount_of_one_side_alone_is_scaled_and_shares_still_add_up() -> None:
    between = load_blend("long_term", "erdf", 0.25).scenario
    assert between.budget == pytest.approx(225.0)
    assert between.programmes["erdf_places"].amount == pytest.approx(15.0)
    shares = [one.share for one in between.programmes.values() if one.amount is None]
    assert sum(shares) + between.tie_subsidy == pytest.approx(1.0)
    outlay = yearly_outlay(between, 8)
    assert outlay[0] == pytest.approx(0.75 * 300 + 0.25 * 120)
    assert outlay[7] == pytest.approx(0.75 * 300)


def test_a_part_below_rounding_is_no_part() -> None:
    """Shares of a budget that are less than the smallest number would add up to nothing."""
    without, with_policy = load("no_policy").scenario, load("piecemeal").scenario
    for share in (5e-324, 1e-300, 1e-17):
        assert blend(without, with_policy, share) == without
