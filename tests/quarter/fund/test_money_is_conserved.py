"""Nothing is lost or made: pots against budgets, and holders against pots, whatever the levers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.quarter import PHASES, Assumptions, Policy
from sim.quarter.fund import fund
from sim.quarter.fund.ledger import LEGACY, LIVE, accounts
from sim.quarter.fund.plans import Pot, open_pots
from sim.quarter.fund.programmes import Programme
from sim.run import Run
from sim.scenario import Scenario
from sim.world.build import Population
from sim.world.state import World
from tests.honesty.regimes import programmes

ASSUMPTIONS = Assumptions()


def live_through(world: World, policy: Policy, quarters: int) -> None:
    """Some quarters with every phase, firms coming and going; the accounts checked in each."""
    planned = np.zeros(len(policy.pots))
    for _ in range(quarters):
        step = world.quarter - policy.start
        paid, returned = world.pots.payments.copy(), world.pots.returned.copy()
        for phase in PHASES:
            phase.run(world, policy, ASSUMPTIONS)
            if phase.name == "fund":
                planned += [pot.budget[step] for pot in policy.pots]
                check_pots(world, policy.pots, planned, step)
                check_holders(world, paid, returned)
        world.quarter += 1


def check_pots(world: World, pots: tuple[Pot, ...], planned: Any, step: int) -> None:
    """Budget = payments + overhead + unspent, where unspent is held or not yet released."""
    book = world.pots
    released = np.array([pot.release[: step + 1].sum() for pot in pots])
    unspent = book.balance + (planned - released)
    np.testing.assert_allclose(planned, book.payments + book.overhead + unspent, atol=1e-9)
    np.testing.assert_allclose(book.budget, planned, atol=1e-9)
    # A pot that is short by a billionth pays in full: that is rounding.
    assert np.all(book.balance >= -1.1e-9 * (1.0 + planned))


def check_holders(world: World, paid: Any, returned: Any) -> None:
    """What organisations and regions receive is what pots paid before anything came back."""
    o, book, awards = world.organisations, world.pots, world.awards
    grants = o.grant_core + o.grant_research + o.grant_ties
    received = float(np.sum(grants * o.weight) + world.regions.place_grant.sum())
    came_back = book.returned - returned
    out = float(np.sum(book.payments - paid + came_back))
    assert received == pytest.approx(out, rel=1e-9, abs=1e-9)
    given_back = float(np.sum(o.returned * o.weight))
    from_gone = float(came_back.sum()) - given_back
    assert from_gone >= -1e-9
    assert np.all(awards.unspent >= -1e-12)
    assert np.all(came_back >= -1e-12)


# As plain Python, every example takes a second.
@settings(max_examples=15, deadline=None)
@given(
    first=programmes(share=0.6),
    second=programmes(share=0.3),
    budget=st.sampled_from([1.0, 300.0, 5000.0]),
    seed=st.integers(0, 1000),
)
def test_every_pound_is_accounted_for(
    fresh_world: Callable[[], World], first: Programme, second: Programme, budget: float, seed: int
) -> None:
    world = fresh_world()
    world.seed = seed
    both = {"first": first, "second": second}
    pots = open_pots(both, budget, 0.1, 2, seed)
    world.pots = accounts(pots, tuple(both))
    live_through(world, Policy(pots), 8)
    # Over the whole horizon the volatile release is the budget, to the penny.
    np.testing.assert_allclose(world.pots.released, world.pots.budget, rtol=1e-12)


@settings(max_examples=15, deadline=None)
@given(programme=programmes(), budget=st.sampled_from([1.0, 300.0]))
def test_a_pot_never_promises_more_than_its_usual_flow(
    fresh_world: Callable[[], World], programme: Programme, budget: float
) -> None:
    """For no quarter to come, when nothing is renewed beyond what was expected."""
    world = fresh_world()
    # Awards of under a year also take up money that has lain idle between calls.
    longer = max(programme.award_length, 1.0)
    programme = programme.model_copy(update={"renewal_probability": 0.0, "award_length": longer})
    pots = open_pots({"one": programme}, budget, 0.0, 3, world.seed)
    world.pots = accounts(pots, ("one",))
    for _ in range(8):
        fund(world, pots, 0, ASSUMPTIONS.fund, ASSUMPTIONS.work)
        awards = world.awards
        flow = np.array([pot.award_flow(0) for pot in pots])
        for quarter in range(world.quarter, world.quarter + 6):
            pays = (awards.start <= quarter) & (awards.end > quarter) & (awards.outcome == LIVE)
            amount = np.where(pays, awards.payment * awards.weight, 0.0)
            promised = np.bincount(awards.pot, amount, len(pots))
            assert np.all(promised <= flow * (1 + 1e-9) + 1e-12)
        world.quarter += 1


@settings(max_examples=50, deadline=None)
@given(
    volatility=st.floats(0, 1),
    years=st.integers(1, 60),
    seed=st.integers(0, 2**31),
    n=st.integers(1, 20),
)
def test_volatile_pots_release_exactly_their_budgets(
    volatility: float, years: int, seed: int, n: int
) -> None:
    one = Programme(volatility=volatility, pots=n)
    pots = open_pots({"one": one}, 300.0, 0.0, years, seed)
    for pot in pots:
        assert pot.release.sum() == pytest.approx(pot.budget.sum(), rel=1e-12)
        assert np.all(pot.release > 0)
    assert sum(pot.budget.sum() for pot in pots) == pytest.approx(300.0 * years, rel=1e-12)


@pytest.mark.parametrize("volatility", [0.0, 0.4])
def test_awards_of_the_burn_in_are_honoured_and_accounted_for(volatility: float) -> None:
    """Through a fork: the legacy pot has what was promised, and nothing of it goes missing."""
    levers = {"award_length": 3, "volatility": volatility, "allocation": "competition"}
    scenario = Scenario.model_validate(
        {
            "title": "t",
            "horizon": 4,
            "budget": 300.0,
            "programmes": {"one": Programme.model_validate(levers, strict=False)},
            "population": Population(firms=400),
            "burn_in": {"years": 2},
        }
    )
    past = Run.start(scenario, scenario, 3)
    assert past.unaccounted() < 1e-9
    run = past.fork(scenario)
    a, now = run.world.awards, run.policy.start
    is_live = a.outcome == LIVE
    remaining = np.clip(a.end - np.maximum(a.start, now), 0, 16 - np.maximum(a.start - now, 0))
    promised = float(np.sum((a.payment * a.weight * remaining)[is_live]))
    assert promised > 10.0
    row = [pot.name for pot in run.policy.pots].index(LEGACY)
    assert run.policy.pots[row].budget.sum() == pytest.approx(promised)
    live_through(run.world, run.policy, 16)
    book = run.world.pots
    assert book.budget[row] == pytest.approx(promised)
    assert book.payments[row] + book.balance[row] == pytest.approx(promised)
    assert book.broken[row] == pytest.approx(0.0, abs=1e-9)
    assert book.budget.sum() == pytest.approx(promised + 4 * 300.0)
    assert run.unaccounted() < 1e-9
