"""Trade: productivity, markets that clear, jobs that follow sales, and the accounts of firms."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import add_ties, small_world

from sim.parameters import per_quarter
from sim.quarter.trade import TradeAssumptions, begin, trade
from sim.quarter.trade.productivity import density, quotient, variety
from sim.world.state import CATAPULT, FIRM, LABORATORY, World

# Numbers that are easy by hand, and that a new calibration does not move.
usual = partial(TradeAssumptions, market_response=2.0, frontier_growth=0.007)

#: No shocks and no growth: what is left is what the test is about.
STILL = usual(shock_spread=0.0, demand_growth=0.0, frontier_growth=0.0, employment_speed=0.5)


def started(columns: dict[str, Any], assumptions: TradeAssumptions = STILL) -> World:
    """A small world with the references of its start."""
    world = small_world(columns)
    begin(world, assumptions)
    return world


def sales(world: World) -> tuple[float, float]:
    """Home sales and exports of the whole economy, £m a year."""
    o = world.organisations
    firm = o.kind == FIRM
    return (
        float(np.sum((o.weight * (o.gva - o.exports))[firm])),
        float(np.sum((o.weight * o.exports)[firm])),
    )


def test_a_still_economy_stays_as_it_is() -> None:
    world = started({"region": [0, 0, 1], "sector": [0, 1, 0]})
    for _ in range(8):
        trade(world, STILL)
    o = world.organisations
    assert o.jobs == pytest.approx(10.0) and o.gva == pytest.approx(1.0)
    assert o.productivity == pytest.approx(np.log(0.1))


def test_productivity_follows_knowledge_by_hand() -> None:
    world = started({"region": [0, 0]})
    world.organisations.knowledge[0] = 2.0
    trade(world, STILL)
    rise = per_quarter(0.4) * 0.08 * np.log(2.0)
    assert world.organisations.productivity - np.log(0.1) == pytest.approx([rise, 0.0])


def test_the_frontier_lifts_everybody_alike() -> None:
    world = started({"region": [0, 1]})
    for _ in range(4):
        trade(world, usual(shock_spread=0.0, demand_growth=0.0))
    # Jobs fall a little as sales stand still, and with them density and crowding: hardly.
    assert world.organisations.productivity - np.log(0.1) == pytest.approx(0.007, rel=0.02)


def test_a_gain_at_home_displaces_others_and_abroad_nobody() -> None:
    world = started({"region": [0, 1]})
    world.organisations.knowledge[0] = 4.0
    home, _ = sales(world)
    trade(world, STILL)
    o = world.organisations
    new_home, new_abroad = sales(world)
    assert new_home == pytest.approx(home) == pytest.approx(1.4)
    gain = 2.0 * per_quarter(0.4) * 0.08 * np.log(4.0)
    assert new_abroad == pytest.approx(0.3 * np.exp(gain) + 0.3)
    assert o.gva[0] > 1.0 > o.gva[1]
    # Exports 0.3 grow by the gain; the two share the home market in proportion.
    part = np.exp(gain) / (np.exp(gain) + 1)
    assert o.gva == pytest.approx(
        [1.4 * part + 0.3 * np.exp(gain), 1.4 * (1 - part) + 0.3], rel=1e-9
    )


def test_a_neutral_market_ignores_productivity() -> None:
    calm = STILL.model_copy(update={"market_response": 0.0})
    world = started({"region": [0, 1]}, calm)
    world.organisations.knowledge[0] = 4.0
    trade(world, calm)
    assert world.organisations.gva == pytest.approx(1.0)


@given(
    st.lists(st.floats(0.01, 100), min_size=5, max_size=5),
    st.lists(st.floats(0.01, 100), min_size=5, max_size=5),
    st.lists(st.floats(1, 50), min_size=5, max_size=5),
    st.floats(-0.5, 0.5),
    st.integers(0, 1000),
)
def test_home_markets_clear(
    gva: list[float], knowledge: list[float], weight: list[float], shift: float, seed: int
) -> None:
    world = started({"region": [0, 0, 1, 1, 1], "sector": [0, 1, 0, 1, 1], "gva": gva,
                     "knowledge": knowledge, "weight": weight})  # fmt: skip
    world.seed = seed
    world.sectors.demand_shift[1] = shift
    before = world.sectors.demand.copy()
    trade(world, usual())
    o = world.organisations
    home = np.bincount(o.sector, o.weight * (o.gva - o.exports))
    np.testing.assert_allclose(home, 0.7 * world.sectors.demand)
    growth = 1 + usual().demand_growth / 4
    np.testing.assert_allclose(world.sectors.demand, before * growth * np.array([1, 1 + shift]))
    assert np.all(o.jobs > 0) and np.all(o.exports >= 0) and np.all(o.gva >= o.exports - 1e-9)


def test_shocks_to_exports_have_no_drift() -> None:
    n = 50_000
    wild = STILL.model_copy(update={"shock_spread": 0.5, "shock_rate": 4.0, "shock_lasting": 1.0})
    world = started({"region": np.zeros(n)}, wild)
    trade(world, wild)
    change = world.organisations.exports / 0.3
    # A quarter's Laplace shock has scale 0.25: standard deviation 0.35.
    assert change.mean() == pytest.approx(1.0, abs=0.01)
    assert np.log(change).std() == pytest.approx(0.25 * np.sqrt(2), rel=0.02)


def test_rarer_shocks_are_larger_and_a_part_of_them_passes() -> None:
    n = 50_000
    wild = STILL.model_copy(update={"shock_spread": 0.3, "shock_rate": 1.0, "shock_lasting": 0.4})
    world = started({"region": np.zeros(n)}, wild)
    trade(world, wild)
    o = world.organisations
    shock = np.log(o.exports / 0.3)
    # The lasting part alone sets the drift that is taken out, from who is struck and who is not.
    kept = 0.4 * 0.3
    shock -= -np.log(1.0 + 0.25 * kept**2 / (1.0 - kept**2))
    struck = np.abs(shock) > 1e-12
    # Binomial: a quarter, ± four standard errors; Laplace of scale 0.3.
    assert struck.mean() == pytest.approx(0.25, abs=0.008)
    assert shock[struck].std() == pytest.approx(0.3 * np.sqrt(2), rel=0.04)
    np.testing.assert_allclose(o.passing_sales, 0.6 * shock, atol=1e-12)


def test_new_customers_come_while_the_shortfall_passes() -> None:
    calm = STILL.model_copy(update={"shock_half_life": 0.5, "export_share": 1.0})
    world = started({"region": [0]}, calm)
    world.organisations.passing_sales[0] = -0.4
    for _ in range(2):
        trade(world, calm)
    # Half a year is one half-life: −0.4 has become −0.2, and sales have grown by e^0.2.
    assert world.organisations.passing_sales[0] == pytest.approx(-0.2)
    assert world.organisations.exports[0] == pytest.approx(np.exp(0.2))


def test_jobs_follow_sales_at_their_speed() -> None:
    world = started({"region": [0]})
    world.sectors.demand_shift[0] = -0.2
    trade(world, STILL.model_copy(update={"export_share": 0.3}))
    o = world.organisations
    # Home sales fall by a fifth of 0.7: 0.86 is left, and jobs go half of the way in a year.
    assert o.gva[0] == pytest.approx(0.86)
    wanted = 0.86 / np.exp(o.productivity[0])
    assert o.jobs[0] == pytest.approx(10 + per_quarter(0.5) * (wanted - 10))


def test_closure_takes_jobs_and_sales_at_once() -> None:
    world = started({"region": [0, 0], "closure": [0.5, 0.0]})
    trade(world, STILL)
    assert world.organisations.gva == pytest.approx([0.5, 1.0])
    assert world.organisations.jobs == pytest.approx([5.0, 10.0])
    assert world.organisations.exports == pytest.approx([0.15, 0.3])


def test_cash_of_a_firm_by_hand() -> None:
    world = started({"region": [0, 0], "rd_intensity": [0.1, 0.1], "spending": [0.045, 0.045],
                     "grant_research": [0.02, 0.0], "cash": [0.0, 0.14]})  # fmt: skip
    trade(world, STILL)
    # (0.25 + 0.1) of £1m in four quarters is 0.0875; less 0.045 of research, and a grant.
    # The second's 0.1825 is above the buffer of 0.15 by 0.0325, less than 0.8 of its profit.
    assert world.organisations.cash == pytest.approx([0.0625, 0.15])


def test_investors_cover_a_share_of_a_shortfall() -> None:
    world = started({"region": [0], "spending": [1.0], "cash": [0.0]})
    trade(world, STILL)
    assert world.organisations.cash[0] == pytest.approx((0.0625 - 1.0) * (1 - 0.25 * 0.5))


def test_cash_of_institutions_is_income_less_spending() -> None:
    world = started({"region": [0, 0, 1], "kind": [FIRM, LABORATORY, CATAPULT],
                     "base_income": 1.0, "grant_core": 0.5, "returned": 0.1, "spending": 1.2,
                     "cash": 2.0})  # fmt: skip
    trade(world, STILL)
    assert world.organisations.cash[1:] == pytest.approx(2.0 + 1.0 + 0.5 - 0.1 - 1.2)


def test_a_link_to_a_catapult_is_gained_and_forgotten() -> None:
    world = started({"region": [0, 0], "kind": [FIRM, CATAPULT]})
    add_ties(world, (0, 1))
    for _ in range(4):
        trade(world, STILL)
    assert world.organisations.catapult_gain == pytest.approx([0.005, 0.0])
    world.organisations.catapult_gain[0] = 15 * 0.005 - 0.001  # all but a little of what there is
    trade(world, STILL)
    assert world.organisations.catapult_gain[0] == pytest.approx(15 * 0.005)
    world.organisations.catapult_gain[0] = 0.005
    world.ties.works_until[:] = 0
    for _ in range(4):
        trade(world, STILL)
    assert world.organisations.catapult_gain[0] == pytest.approx(0.005 * 0.85)


def test_suppliers_pass_on_their_gains() -> None:
    world = started({"region": [0, 0, 0]})
    o = world.organisations
    o.productivity[0] += 0.4
    o.base_productivity[0] += 0.0
    world.supplies.append(
        {"supplier": o.uid[[0, 1]], "buyer": o.uid[[2, 2]], "supplier_row": np.array([0, 1]),
         "buyer_row": np.array([2, 2])}
    )  # fmt: skip
    trade(world, STILL)
    # The mean gain of the two suppliers is 0.2.
    rise = per_quarter(0.4) * 0.05 * 0.2
    assert o.productivity[2] - np.log(0.1) == pytest.approx(rise, rel=1e-6)
    assert o.productivity[1] == pytest.approx(np.log(0.1), abs=1e-4)


def test_density_variety_and_quotient_by_hand() -> None:
    world = small_world({"region": [0]})
    jobs = np.array([300.0, 90.0])
    # A region 60 minutes away counts a third of one 20 minutes wide.
    assert density(world.travel, jobs, 1.0) == pytest.approx([330.0, 190.0])
    assert density(world.travel, jobs, 0.0) == pytest.approx(390.0)
    sectors = np.array([[10.0, 30.0], [5.0, 0.0]])
    np.testing.assert_allclose(
        variety(world.relatedness, sectors), [[0.5 * 30 / 40, 0.5 * 10 / 40], [1e-9, 0.5]]
    )
    lq = quotient(sectors, np.array([100.0, 50.0]))
    np.testing.assert_allclose(lq, [[0.1 / 0.1, 0.3 / 0.2], [0.1 / 0.1, 0.01]])


def test_denser_places_gain_and_crowded_ones_lose() -> None:
    rise = per_quarter(0.4)
    world = started({"region": [0, 1]})
    world.regions.congestion[1] = 0.1
    world.regions.place_capital[0] *= 2.0
    trade(world, STILL)
    change = world.organisations.productivity - np.log(0.1)
    assert change == pytest.approx([rise * 0.04 * np.log(2), rise * -0.1])


def test_background_jobs_follow_cluster_jobs() -> None:
    world = started({"region": [0, 1]})
    world.organisations.jobs[0] += 100.0
    trade(world, STILL)
    assert world.regions.background_jobs == pytest.approx([1000 + per_quarter(0.3) * 40, 1000.0])
