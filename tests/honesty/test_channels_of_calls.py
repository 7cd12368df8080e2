"""Each channel of a call for money alone: bids, selection, themes, capacity, overhead.

Real programmes here, as only they have calls. Where a test speaks of the same flow, the neutral
gap is exactly zero.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.quarter import Assumptions
from sim.quarter.fund.programmes import Allocation, Programme, Recipient
from sim.run import Run
from sim.world.build import RESEARCHER_COST
from sim.world.state import LABORATORY, World
from tests.honesty.cuts import differences
from tests.honesty.futures import formula, scenario, start
from tests.honesty.switches import MEMORY, switched

YEARS = 3
#: Everybody has a project, thinks nothing of it, and any award is worth a bid: all who may, bid.
EAGER = {
    "fund__bid_readiness": 1.0, "fund__own_signal": 0.0, "fund__award_surplus": 1.0,
    "fund__perception_half_life": 1e9,
}  # fmt: skip
#: £m a year. A pot that nobody can win anything from: bids cost, and no money moves.
NO_PRIZE = 1e-9


@cache
def past(assumptions: Assumptions, seed: int) -> Run:
    return start(scenario({}, assumptions, firms=200, burn_in=0), seed, past="no_policy")


def futures(
    *programmes: Programme, on: tuple[str, ...] = (), budget: float = 300.0, seed: int = 1,
    **values: float,
) -> list[Run]:  # fmt: skip
    """The future under each programme, from one start."""
    assumptions = switched(*on, **values)
    begun = past(assumptions, seed)
    return [
        begun.fork(
            scenario({"one": one}, assumptions, firms=200, horizon=YEARS, budget=budget)
        ).finish()
        for one in programmes
    ]


def competition(**levers: Any) -> Programme:
    """A call every quarter, at once and without overhead, for universities."""
    usual = {
        "allocation": Allocation.COMPETITION, "eligible": (Recipient.UNIVERSITIES,),
        "decision_lead": 0.0, "notice": 0.0, "renewal_probability": 0.0, "award_length": 1.0,
        "overhead_share": 0.0, "pot_overhead": 0.0, "calls_per_year": 4,
    }  # fmt: skip
    return Programme.model_validate({**usual, **levers})


def institutions(world: World) -> NDArray[np.bool_]:
    o = world.organisations
    return np.asarray((o.kind > 0) & world.regions.is_north[o.region])


def mean(world: World, column: str) -> float:
    """Mean of a column over the North's institutions, by weight."""
    o, chosen = world.organisations, institutions(world)
    return float(np.average(getattr(o, column)[chosen], weights=o.weight[chosen]))


def work_done(begun: Run, programme: Programme, on: tuple[str, ...]) -> tuple[float, World, float]:
    """Research of all laboratories over the years, £m; the world; what their bids cost, £m."""
    one = scenario({"one": programme}, switched(*on, **EAGER), firms=200, horizon=YEARS,
                   budget=NO_PRIZE)  # fmt: skip
    run, done = begun.fork(one), 0.0
    while not run.is_over:
        run.step()
        o = run.world.organisations
        done += float(np.sum((o.effort * o.weight)[o.kind == LABORATORY]))
    return done, run.world, float(run.world.pots.bid_cost.sum())


def test_bids_take_exactly_their_cost_from_research() -> None:
    """Σ effort falls by bids · researcher-years a bid · cost of a researcher, by nothing else."""
    often = competition(bid_cost=0.02)
    seldom = competition(bid_cost=0.02, calls_per_year=1)
    on = ("fund.bid_effort",)
    begun = past(switched(*on, **EAGER), 1)
    (few, _, paid_few), (many, world, paid_many) = (
        work_done(begun, one, on) for one in (seldom, often)
    )
    # Twelve calls against three.
    assert paid_many == pytest.approx(12 / 3 * paid_few)
    assert few - many == pytest.approx(paid_many - paid_few, rel=1e-6)
    cost = RESEARCHER_COST[LABORATORY] * 0.02
    assert paid_many == pytest.approx(float(world.pots.bids.sum()) * cost)
    assert paid_many > 1.0


def test_bids_that_cost_nothing_and_formulas_that_need_none_take_nothing() -> None:
    often, seldom = competition(), competition(calls_per_year=1)
    begun = past(switched(**EAGER), 1)
    assert work_done(begun, often, ())[0] == work_done(begun, seldom, ())[0]
    runs = futures(formula(award_length=3.0), formula(award_length=0.25), on=("fund.bid_effort",))
    assert differences(*(run.world for run in runs)) <= MEMORY


def test_selection_pays_by_quality_alone() -> None:
    """Worth of funded work: 1 + public share · (e^(0.13 q) − 1), and a sharp panel finds higher q.

    Three starts. Where quality is worth nothing, the worth of all work is one, however chosen.
    """
    sharp, blind = competition(signal_quality=0.9), competition(signal_quality=0.0)
    on = ("innovate.quality_value",)
    gaps = []
    for seed in (1, 2, 3):
        a, b = futures(sharp, blind, on=on, budget=10.0, seed=seed, **EAGER)
        gaps.append(mean(a.world, "portfolio_quality") - mean(b.world, "portfolio_quality"))
        assert mean(a.world, "award_quality") > mean(b.world, "award_quality")
    assert min(gaps) > 0.0
    for run in futures(sharp, blind, budget=10.0):
        quality = run.world.organisations.portfolio_quality[institutions(run.world)]
        np.testing.assert_allclose(quality, 1.0, rtol=1e-12)


def test_gates_pay_by_quality_alone() -> None:
    """Of one flow: what is stopped is followed at once by a new draw, and the bad do not stay."""
    levers = {"award_length": 3.0, "signal_quality": 0.9}
    gated, plain = formula(**levers, stage_gate=0.5), formula(**levers)
    for seed in (1, 2, 3):
        a, b = futures(gated, plain, on=("innovate.quality_value",), seed=seed)
        assert mean(a.world, "portfolio_quality") > mean(b.world, "portfolio_quality")
    worlds = [run.world for run in futures(gated, plain)]
    assert differences(*worlds) <= MEMORY


def test_a_theme_costs_the_misfit_of_funded_work() -> None:
    """Worth of funded work: 1 − public share · misfit; of one flow, so nothing else differs."""
    themed, free = formula(award_length=3.0, themes=1.0), formula(award_length=3.0)
    a, b = futures(themed, free, on=("fund.theme_misfit",))
    lost = mean(a.world, "award_misfit")
    assert 0.05 < lost < 0.4
    assert mean(b.world, "award_misfit") == 0.0
    assert mean(a.world, "portfolio_quality") < mean(b.world, "portfolio_quality")
    changed = differences(a.world, b.world) - MEMORY
    assert "organisations.effort" not in changed
    worlds = [run.world for run in futures(themed, free)]
    assert differences(*worlds) <= MEMORY


def test_capacity_draws_money_to_those_who_have_it() -> None:
    """score = ρ q + √(1 − ρ²) ε + capacity weight · c."""

    def capacity_of_money(run: Run) -> float:
        o, regions = run.world.organisations, run.world.regions
        c = np.log(regions.bid_capacity[o.region]) + 0.5 * np.log(np.maximum(o.researchers, 0.5))
        return float(np.average(c, weights=o.grant_research * o.weight))

    one = competition(award_size=1.0, bid_cost=0.0)
    for seed in (1, 2, 3):
        with_weight, without = (
            futures(one, on=on, budget=20.0, seed=seed, **EAGER)[0]
            for on in (("fund.capacity_weight",), ())
        )
        assert capacity_of_money(with_weight) > capacity_of_money(without)


def test_practice_in_bidding_is_learnt_by_bids_and_forgotten_without() -> None:
    """C' = (1 − f) C + ½ learning · C0 · bids / usual bids."""
    often, seldom = competition(bid_cost=0.0), competition(bid_cost=0.0, calls_per_year=1)
    values = {**EAGER, "fund__bid_readiness": 0.1}
    many, few = futures(often, seldom, on=("place.bid_learning",), budget=NO_PRIZE, **values)
    gain = many.world.regions.bid_capacity - few.world.regions.bid_capacity
    assert np.all(gain >= 0.0)
    assert np.sum(gain > 0.0) >= 8
    runs = futures(
        formula(award_length=3.0), formula(award_length=0.25), on=("place.bid_learning",)
    )
    for run in runs:
        regions = run.world.regions
        np.testing.assert_array_equal(regions.bid_capacity, regions.bid_capacity_start)
    (forgetful,) = futures(formula(), on=("place.bid_forgetting",))
    regions = forgetful.world.regions
    left = (1.0 - Assumptions().place.bid_forgetting) ** YEARS
    np.testing.assert_allclose(regions.bid_capacity, left * regions.bid_capacity_start)


def test_new_technology_spoils_long_awards_that_cannot_turn_to_it() -> None:
    """q' = q − shock_quality · obsolescence while an award runs; the next one starts anew."""
    long, short = formula(award_length=YEARS), formula(award_length=0.25)
    worth = []
    for spoils in ((), ("fund.shock_quality",)):
        on = ("shock.technology_size", "innovate.quality_value", *spoils)
        runs = futures(long, short, on=on, shock__technology_rate=2.0)
        worth.append([mean(run.world, "portfolio_quality") for run in runs])
    (long_kept, short_kept), (long_spoilt, short_spoilt) = worth
    assert long_spoilt < long_kept - 0.01
    assert short_spoilt == short_kept
    # Without a shock to meet, or where quality is worth nothing, length spoils nothing.
    for quiet in (("fund.shock_quality",), ("fund.shock_quality", "shock.technology_size")):
        runs = futures(long, short, on=quiet, shock__technology_rate=2.0)
        assert differences(*(run.world for run in runs)) <= MEMORY


def test_overhead_is_what_separate_funders_cost_and_is_missing_to_holders() -> None:
    """Each funder takes £0.3m a year: three more over three years £2.7m, to the penny."""
    levers = {"award_length": 1.0, "pot_overhead": 0.3}
    one, four = futures(formula(**levers), formula(**levers, pots=4))
    paid = [float(run.world.pots.payments.sum()) for run in (one, four)]
    assert paid[0] - paid[1] == pytest.approx(3 * 0.3 * YEARS, rel=1e-9)
    assert all(run.unaccounted() < 1e-9 for run in (one, four))
    worlds = [run.world for run in futures(formula(), formula(pots=4))]
    assert differences(*worlds) <= MEMORY
