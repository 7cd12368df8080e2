"""Limits of the world, worked by hand: one firm, one region, no ties, no research, no distance."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.small_world import small_world
from sim.metrics import agglomeration
from sim.parameters import per_quarter
from sim.quarter import PHASES, Assumptions, Policy, advance, begin
from sim.quarter.collaborate import Collaboration
from sim.quarter.fund.entitlement import region_share
from sim.quarter.fund.ledger import accounts
from sim.quarter.fund.plans import open_pots
from sim.quarter.learn import knowledge_at_hand
from sim.quarter.trade.productivity import quotient
from sim.run import Run
from sim.scenario import load
from sim.world.build import Population, build_world
from sim.world.state import CATAPULT, FIRM, LABORATORY, World
from tests.honesty.cuts import differences
from tests.honesty.soundness import (
    PROGRAMMES,
    USUAL,
    assert_sound,
    fund_small,
    steady,
    with_changes,
)
from tests.honesty.switches import switched

# One firm


def test_one_firm_has_the_home_market_to_itself() -> None:
    columns = {"region": [0], "rd_intensity": [0.1], "own_rd": [0.025], "spending": [0.025],
               "researchers": [1.0], "desired_researchers": [1.0], "born": [-80]}  # fmt: skip
    world = small_world(columns, n_regions=1, quarter=0)
    steady(world)
    begin(world, USUAL)
    policy = fund_small(world)
    o, trade = world.organisations, USUAL.trade
    for quarter in range(16):
        advance(world, policy, USUAL)
        assert_sound(world)
        # Luck and productivity move its share of the market, and one firm's share is the whole.
        demand = (1.0 + trade.demand_growth / 4) ** (quarter + 1)
        assert o.gva[0] - o.exports[0] == pytest.approx((1.0 - trade.export_share) * demand)
        assert len(world.ties) == len(world.supplies) == len(world.moves) == 0
    assert len(o) == 1
    assert world.pots.payments.sum() > 0.0


def test_a_world_without_anybody_runs_and_keeps_its_money() -> None:
    world = small_world({"region": np.zeros(0, np.int64)}, quarter=0)
    steady(world)
    begin(world, USUAL)
    policy = fund_small(world)
    for _ in range(8):
        advance(world, policy, USUAL)
        assert_sound(world)
    assert world.pots.payments.sum() == 0.0
    assert world.pots.balance.sum() > 0.0


# One region


def one_region() -> World:
    """Thirty firms of two sectors, six laboratories and a catapult in the only region there is."""
    kind = [FIRM] * 30 + [LABORATORY] * 6 + [CATAPULT]
    n = len(kind)
    world = small_world(
        {"region": np.zeros(n, np.int64), "kind": kind, "sector": np.arange(n) % 2,
         "rd_intensity": np.where(np.array(kind) == FIRM, 0.1, 0.0), "own_rd": 0.025,
         "base_income": np.where(np.array(kind) == FIRM, 0.0, 0.5), "spending": 0.5,
         "researchers": 5.0, "desired_researchers": 5.0, "effort": 0.1,
         "position_x": np.linspace(0.0, 0.8, n)},
        n_regions=1, quarter=0,
    )  # fmt: skip
    begin(world, USUAL)
    return world


def test_with_one_region_no_quotient_differs_from_one_and_nobody_migrates() -> None:
    world = one_region()
    policy = fund_small(world)
    for _ in range(16):
        # Its region holds every pound of place, and what is at hand is its own pool.
        share = region_share(world, PROGRAMMES["core"], USUAL.fund)
        np.testing.assert_array_equal(share, [1.0])
        at_hand = knowledge_at_hand(world, USUAL.learn)
        np.testing.assert_allclose(at_hand, world.cells.pool @ world.relatedness)
        advance(world, policy, USUAL)
        assert_sound(world)
        np.testing.assert_array_equal(world.regions.migrated, [0.0])
        o = world.organisations
        firm = o.kind == FIRM
        by_sector = np.bincount(o.sector[firm], (o.jobs * o.weight)[firm], 2)[None, :]
        everybody = np.array([np.sum(o.jobs * o.weight)]) + world.regions.background_jobs
        np.testing.assert_allclose(quotient(by_sector, everybody), 1.0, rtol=1e-12)
    assert len(world.ties) > 0
    people = np.array([1000.0])
    assert agglomeration.theil(np.array([3.0]), people) == pytest.approx(0.0, abs=1e-12)
    assert agglomeration.gini(np.array([3.0]), people) == pytest.approx(0.0, abs=1e-12)


# No ties


def test_without_ties_only_codified_knowledge_flows_in() -> None:
    """inflow = ¼ rate · a · (at hand / usual) · K, with a = k / (k + 1) and k = K / K0."""
    loaded = load(
        "piecemeal",
        {"population.firms": "200", "population.tie_degree": "0", "burn_in.years": "0",
         "collaboration.openness": "0", "collaboration.brokerage": "0", "horizon": "4"},
    )  # fmt: skip
    run = Run.start(loaded.scenario, loaded.burn_in, 1).fork(loaded.scenario)
    learn = run.scenario.assumptions.learn
    while not run.is_over:
        for phase in PHASES:
            o = run.world.organisations
            knows = o.knowledge.copy()
            around = knowledge_at_hand(run.world, learn) / run.world.sectors.at_hand_start
            phase.run(run.world, run.policy, run.scenario.assumptions)
            if phase.name == "learn":
                k = knows / np.maximum(o.base_knowledge, 1e-9)
                drawn = learn.place_spillover / 4 * k / (k + 1) * around[o.region, o.sector] * knows
                np.testing.assert_allclose(o.inflow, np.where(o.is_research_active, drawn, 0.0))
        run.world.quarter += 1
        run.history.observe(run.world)
        assert len(run.world.ties) == 0
        assert not run.world.organisations.joint_cost.any()
    assert_sound(run.world)
    # The subsidy of ties finds none to pay, and is shown as unspent.
    subsidy = run.world.pots.programme == -1
    assert run.world.pots.payments[subsidy].sum() < 1e-9 < run.world.pots.balance[subsidy].sum()


# No research


def test_without_research_knowledge_decays_at_its_rate_and_nothing_is_invented() -> None:
    """K after n years is K0 (1 − δ)^n; productivity follows it down by β ln(K / K0)."""
    n = 20
    world = small_world(
        {"region": np.arange(n) // 10, "kind": [FIRM] * 18 + [LABORATORY, CATAPULT],
         "sector": np.arange(n) % 2, "knowledge": 4.0, "base_knowledge": 4.0},
        quarter=0,
    )  # fmt: skip
    steady(world)
    still = switched("trade.knowledge_elasticity")
    begin(world, still)
    left, elasticity = 1.0 - still.learn.depreciation, still.trade.knowledge_elasticity
    speed, gain = per_quarter(still.trade.adoption_speed), 0.0
    for quarter in range(20):
        advance(world, Policy(), still)
        # What is adopted is a part of the way to β ln(K / K0) in each quarter.
        gain += speed * (elasticity * np.log(left) * (quarter + 1) / 4 - gain)
        assert_sound(world)
        o = world.organisations
        for name in ("effort", "spending", "innovations", "innovation_value", "researchers"):
            assert not getattr(o, name).any(), name
    np.testing.assert_allclose(o.knowledge, 4.0 * left**5)
    np.testing.assert_allclose(
        world.cells.pool, 10.0 * (1.0 - still.innovate.pool_depreciation) ** 5
    )
    lost = o.productivity - o.base_productivity - world.sectors.frontier[o.sector]
    np.testing.assert_allclose(lost[o.kind == FIRM], gain)


def test_where_nobody_does_research_nobody_asks_and_money_for_it_stays() -> None:
    loaded = load("piecemeal", {"population.firms": "200", "burn_in.years": "0", "horizon": "3"})
    run = Run.start(loaded.scenario, loaded.burn_in, 1)
    o = run.world.organisations
    o.is_research_active[:] = False
    for name in ("own_rd", "base_income", "rd_intensity", "researchers", "desired_researchers",
                 "spending", "effort"):  # fmt: skip
        getattr(o, name)[:] = 0.0
    quiet = with_changes(
        USUAL, turn_over={"entrant_research": 0.0, "spin_out_rate": 0.0, "spin_off_share": 0.0}
    )
    begin(run.world, quiet)
    future = run.fork(loaded.scenario.model_copy(update={"assumptions": quiet}))
    before = dict(zip(o.uid.tolist(), o.knowledge.tolist(), strict=True))
    future.finish()
    o = future.world.organisations
    assert_sound(future.world)
    assert not o.innovations.any() and not o.researchers.any()
    old = np.array([before.get(uid, np.nan) for uid in o.uid.tolist()])
    lives = np.isfinite(old)
    np.testing.assert_array_equal(o.knowledge[lives], old[lives])
    assert not (o.grant_core + o.grant_research).any()
    # Places may still build; programmes of research pay nothing.
    names = [pot.name for pot in future.policy.pots]
    for row, name in enumerate(names):
        if name in ("institutions", "projects"):
            assert future.world.pots.payments[row] == 0.0
    assert future.history.series("innovation_value")[-1] == 0.0


# No distance


FLAT = with_changes(
    USUAL,
    learn={"spillover_reach": 1e30, "cross_region": 1.0},
    staff={"migration_reach": 1e30},
    trade={"density_decay": 0.0, "supplier_elasticity": 0.0},
)


def travelled(assumptions: Assumptions, reach: float, stretch: float) -> World:
    """Two years of a small world whose distances are stretched."""
    world = build_world(3, Population(firms=200))
    inside = np.diag(world.travel).copy()
    world.travel *= stretch
    np.fill_diagonal(world.travel, inside)
    begin(world, assumptions)
    programmes = PROGRAMMES
    pots = open_pots(programmes, 300.0, 0.2, 2, world.seed)
    world.pots = accounts(pots, tuple(programmes))
    for _ in range(8):
        advance(world, Policy(pots, Collaboration(reach=reach)), assumptions)
    assert_sound(world)
    return world


def test_where_reach_is_infinite_distance_is_nothing() -> None:
    """e^(−t / ∞) = 1 for every t: stretching the map five times changes no bit of the world.

    The supply chain alone has a reach of its own, which is no parameter; it carries nothing here.
    """
    near, far = travelled(FLAT, 1e30, 1.0), travelled(FLAT, 1e30, 5.0)
    assert {name.split(".")[0] for name in differences(near, far)} <= {"supplies"}
    at_hand = knowledge_at_hand(near, FLAT.learn)
    np.testing.assert_allclose(at_hand, np.broadcast_to(at_hand[0], at_hand.shape))
    np.testing.assert_allclose(near.regions.density, near.regions.density[0])
    # The same stretch matters where reach is as usual.
    assert "regions.density" in differences(
        travelled(USUAL, 60.0, 1.0), travelled(USUAL, 60.0, 5.0)
    )
