"""Limits of money, worked by hand: awards of a quarter and of all time, a steady grant, none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.experiments.small_world import add_awards, small_world
from sim.metrics.history import History
from sim.quarter import PHASES, Assumptions, Policy, begin
from sim.quarter.fund.programmes import Allocation, Programme
from sim.run import Run
from sim.scenario import load
from sim.world.state import FIRM, LABORATORY, World
from tests.honesty.cuts import differences
from tests.honesty.futures import formula, neutral_assumptions, scenario, start
from tests.honesty.soundness import (
    assert_sound,
    steady,
)
from tests.honesty.switches import MEMORY


def test_one_quarter_renewed_for_ever_is_one_award_of_the_whole_horizon() -> None:
    """With channels off: the same bits, whether renewed, asked for anew, or given once."""
    neutral = neutral_assumptions()
    past = start(scenario({}, neutral, firms=200), past="no_policy")
    worlds = [
        past.fork(scenario({"core": formula(**levers)}, neutral, firms=200, horizon=4))
        .finish().world
        for levers in (
            {"award_length": 4.0}, {"award_length": 0.25, "renewal_probability": 1.0},
            {"award_length": 0.25},
        )
    ]  # fmt: skip
    for other in worlds[1:]:
        assert differences(worlds[0], other) <= MEMORY


@pytest.mark.parametrize("allocation", Allocation)
@pytest.mark.parametrize("length", [0.25, 3.0])
def test_the_shortest_and_the_longest_awards_are_sound(
    allocation: Allocation, length: float
) -> None:
    levers = {"allocation": allocation, "award_length": length, "stage_gate": 1.0,
              "notice": 3.0, "carry_over": False, "cancellation_rate": 0.1}  # fmt: skip
    one = scenario({"one": Programme.model_validate(levers)}, firms=200, horizon=3, burn_in=0)
    run = start(one).fork(one)
    while not run.is_over:
        run.step()
        assert_sound(run.world)
        awards = run.world.awards
        own = awards.length == round(4 * length)
        assert np.all((awards.end - awards.start)[own & (awards.terms <= 1)] <= 4 * length)
    assert run.unaccounted() < 1e-9
    assert run.world.pots.payments.sum() > 0.0


def test_a_budget_of_nothing_is_no_policy() -> None:
    settings = {"population.firms": "200", "burn_in.years": "1", "horizon": "3"}
    nothing = load("piecemeal", {**settings, "budget": "0"})
    none = load("no_policy", settings)
    past = Run.start(none.scenario, none.burn_in, 2)
    worlds = [past.fork(one.scenario).finish().world for one in (nothing, none)]
    assert differences(*worlds) == set()


def test_one_laboratory_on_one_steady_grant_keeps_what_it_pays_for() -> None:
    """staff → 4 · income / cost, work → effort (4ℓ − 1), and knowledge → effort / δ a quarter."""
    world = small_world({"region": [0, 1], "kind": [LABORATORY, FIRM]}, quarter=0)
    o = world.organisations
    o.base_income[0], o.is_research_active[1] = 0.5, False
    add_awards(world, [0], payment=0.5, end=4000, length=4000, announced=-1, decision=-1,
               next_gate=-1)  # fmt: skip
    steady(world)
    neutral = neutral_assumptions()
    begin(world, neutral)
    world.regions.skilled_pool[:] = world.regions.skilled_pool_usual[:] = 1e6
    granted = _paid_by_hand(world, neutral)
    for _ in range(200):
        granted()
    assert o.researchers[0] == pytest.approx(4 * 1.0 / 0.1)
    assert o.effort[0] == pytest.approx(1.0)
    # Projects of half a year: 2 quarters, of which one is always behind.
    assert o.work_in_progress[0] == pytest.approx(1.0 * (4 * 0.5 - 1))
    assert o.spending[0] == pytest.approx(1.0)


def _paid_by_hand(world: World, assumptions: Assumptions) -> Any:
    """A quarter in which the grant of £0.5m is simply there."""

    def quarter() -> None:
        world.organisations.grant_research[0] = world.organisations.promised[0] = 0.5
        for phase in PHASES[2:7]:
            phase.run(world, Policy(), assumptions)
        world.quarter += 1

    return quarter


def test_history_of_the_smallest_population_is_defined() -> None:
    """Fifty rows of firms, two years: everything that has a meaning is a number."""
    loaded = load("piecemeal", {"population.firms": "50", "burn_in.years": "0", "horizon": "2"})
    run = Run.start(loaded.scenario, loaded.burn_in, 1).fork(loaded.scenario).finish()
    assert_sound(run.world)
    assert isinstance(run.history, History)
    for metric in ("gva", "jobs", "firms", "knowledge", "rd_performed", "researchers"):
        assert np.isfinite(run.history.series(metric)[-1]), metric
