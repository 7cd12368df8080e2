"""Jobs, value added, firms and research of a hand-made world, by region, North and nation."""

from __future__ import annotations

import numpy as np
import pytest
from tiny import SOUTH, four, observed, value

from sim.metrics.amounts import Flows, stocks_by_cell, stocks_by_region
from sim.metrics.history import History
from sim.metrics.sums import Amounts
from sim.world.state import FIRM, World


def test_stocks_by_hand() -> None:
    stocks = stocks_by_cell(four())
    assert stocks["jobs"][:2, 0].tolist() == [50.0, 50.0]
    assert stocks["gva"][:2, 0].tolist() == [10.0, 2.0]
    assert stocks["firms"].sum() == 11.0
    assert stocks["institution_jobs"][1, 0] == 20.0
    assert stocks["institution_jobs"][SOUTH, 1] == 8.0
    assert stocks["researchers"].sum() == 45.0
    assert stocks["researchers_laboratories"][1, 0] == 20.0
    assert stocks["research_active_firms"].sum() == 1.0
    assert stocks["research_organisations"].sum() == 3.0


def test_ratios_at_every_level() -> None:
    h = observed(four())
    first, second = h.areas[0], h.areas[1]
    assert value(h, "gva_per_job", first) == 0.2
    assert value(h, "gva_per_job", second) == 0.04
    assert value(h, "gva_per_job", "north") == 0.12
    assert value(h, "gva_per_job", "uk", h.sectors[0]) == 0.12
    assert np.isnan(value(h, "gva_per_job", h.areas[2]))


def test_research_by_performer_and_funder_is_summed_over_the_year() -> None:
    h = observed(four())
    assert value(h, "rd_business", "north") == pytest.approx(0.8)
    assert value(h, "rd_firms", "north") == pytest.approx(1.2)
    assert value(h, "rd_laboratories", "north") == pytest.approx(2.0)
    assert value(h, "rd_catapults", "north") == 0.0
    assert value(h, "rd_catapults", "uk") == pytest.approx(0.6)
    assert value(h, "rd_performed", "uk") == pytest.approx(3.8)
    assert value(h, "rd_background", "uk") == pytest.approx(2.0)


def test_location_quotient_by_hand() -> None:
    """Of 1,428 jobs in the nation 100 are the sector's, of 150 in the first region 50."""
    h = observed(four())
    sector = h.sectors[0]
    expected = (50.0 / 150.0) / (100.0 / 1428.0)
    assert value(h, "location_quotient", h.areas[0], sector) == pytest.approx(expected)
    assert value(h, "location_quotient", "uk", sector) == pytest.approx(1.0)
    assert value(h, "location_quotient", h.areas[2], sector) == 0.0
    assert np.isnan(value(h, "location_quotient", h.areas[0], h.sectors[5]))


def test_births_and_deaths_come_from_the_cells() -> None:
    world = four()
    world.cells.births[0, 0] = 2.0
    world.cells.deaths[1, 0] = 1.0
    h = observed(world)
    assert value(h, "births", "north") == 8.0
    assert value(h, "deaths", "north") == 4.0
    assert value(h, "birth_rate", "north") == pytest.approx(8.0 / 11.0)


@pytest.mark.parametrize(("quarters_ago", "age"), [(4, None), (5, 1), (8, 1), (13, 3), (24, 5)])
def test_ages_at_which_survivors_are_counted(quarters_ago: int, age: int | None) -> None:
    world = four(born=[-quarters_ago, -99, -99, -99])
    stocks = stocks_by_cell(world)
    found = {a: stocks[f"firms_aged_{a}"].sum() for a in (1, 3, 5)}
    assert found == {a: 10.0 * (a == age) for a in (1, 3, 5)}


def test_survival_is_against_the_births_of_its_year() -> None:
    """Eight births in the first year; a year on, ten firms of that age would be 10 / 8."""
    world = four(born=[2, -99, -99, -99])
    world.cells.births[0, 0] = 2.0
    history = History(2)
    history.start(world)
    for _ in range(8):
        world.quarter += 1
        history.observe(world)
    series = history.series("survival_1")
    assert np.isnan(series[:2]).all()
    assert series[2] == 10.0 / 8.0


def test_index_of_an_area_is_weighted() -> None:
    world = four()
    world.regions.wage[0] = 1.5
    world.regions.skilled_pool_usual[0] = 3.0
    h = observed(world)
    assert value(h, "wage", h.areas[0]) == 1.5
    assert value(h, "wage", "north") == pytest.approx((4.5 + 10.0) / 13.0)
    assert value(h, "background_gva", "north") == pytest.approx(55.0)
    assert value(h, "gva_per_head", "uk") == pytest.approx(12.0 / 13000.0)


def _shuffled(order: np.ndarray):
    world = four()
    o = world.organisations
    for name, values in list(o.items()):
        setattr(o, name, values[order])
    return world


def flows_by_cell(world: World) -> Amounts:
    flows = Flows(world)
    flows.add(world)
    return flows.by_cell()


def test_order_of_rows_does_not_matter() -> None:
    for by_cell in (flows_by_cell, stocks_by_cell):
        a, b = by_cell(four()), by_cell(_shuffled(np.array([2, 0, 3, 1])))
        for name in a:
            np.testing.assert_allclose(a[name], b[name], rtol=1e-12, err_msg=name)


def test_a_row_of_double_weight_is_two_rows() -> None:
    double = four(weight=[10.0, 2.0, 1.0, 1.0])
    split = four()
    second = {k: v[1:2] for k, v in split.organisations.items()}
    split.organisations.replace(np.array([0, 0, 1, 2, 3]), np.array([1]), second)
    for by_cell in (flows_by_cell, stocks_by_cell):
        a, b = by_cell(double), by_cell(split)
        for name in a:
            np.testing.assert_allclose(a[name], b[name], rtol=1e-12, err_msg=name)


def test_measuring_changes_nothing() -> None:
    world = four()
    before = world.digest()
    flows_by_cell(world), stocks_by_cell(world), stocks_by_region(world)
    History(1).start(world)
    assert world.digest() == before
    assert (world.organisations.kind == FIRM).sum() == 2
