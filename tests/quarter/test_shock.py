"""Shocks: dated and random, written for the phases that carry them out."""

from __future__ import annotations

import numpy as np
import pytest

from sim.quarter.shock import Shock, ShockAssumptions, ShockKind, shock
from sim.world import sources
from sim.world.state import World

CALM = ShockAssumptions(technology_rate=0.0)
SECTOR = sources.sectors()[2].id
REGION = sources.regions()[1].id


def struck(world: World, *shocks: Shock, start: int = 0) -> World:
    """The world after the shocks of its present quarter."""
    shock(world, shocks, start, CALM)
    return world


def test_a_calm_quarter_changes_nothing(world: World) -> None:
    before = world.digest()
    assert struck(world).digest() == before


def test_a_shock_comes_on_its_date_alone(world: World) -> None:
    one = Shock(year=2.5, kind=ShockKind.DEMAND, sector=SECTOR, size=-0.2)
    for quarter in range(20):
        world.quarter = quarter
        # Two and a half years are ten quarters after the start in quarter 4.
        expected = -0.2 if quarter == 14 else 0.0
        assert struck(world, one, start=4).sectors.demand_shift[2] == pytest.approx(expected)
        assert not world.sectors.demand_shift[:2].any()


def test_two_shocks_of_demand_compound(world: World) -> None:
    half = Shock(year=0.0, kind=ShockKind.DEMAND, size=-0.5)
    # 0.5 · 0.5 = 0.25 of demand is left.
    assert struck(world, half, half).sectors.demand_shift == pytest.approx(-0.75)


def test_technology_takes_a_share_of_what_is_left(world: World) -> None:
    one = Shock(year=0.0, kind=ShockKind.TECHNOLOGY, sector=SECTOR, size=-0.2)
    assert struck(world, one, one).sectors.obsolescence[2] == pytest.approx(1 - 0.8 * 0.8)
    assert world.sectors.obsolescence.sum() == world.sectors.obsolescence[2]


def test_transport_shortens_travel_to_and_from_a_region(world: World) -> None:
    before = world.travel.copy()
    struck(world, Shock(year=0.0, kind=ShockKind.TRANSPORT, region=REGION, size=-0.2))
    ratio = world.travel / before
    assert ratio[1, 0] == ratio[0, 1] == pytest.approx(0.8)
    assert ratio[1, 1] == ratio[0, 2] == 1.0


def test_transport_everywhere_leaves_travel_inside_regions(world: World) -> None:
    before = world.travel.copy()
    struck(world, Shock(year=0.0, kind=ShockKind.TRANSPORT, size=-0.2))
    off = ~np.eye(len(before), dtype=bool)
    np.testing.assert_allclose(world.travel[off], 0.8 * before[off])
    np.testing.assert_array_equal(np.diag(world.travel), np.diag(before))


def test_closure_strikes_the_largest_firm_of_the_place_and_sector(world: World) -> None:
    o = world.organisations
    struck(world, Shock(year=0.0, kind=ShockKind.CLOSURE, region=REGION, sector=SECTOR, size=-0.95))
    hit = np.flatnonzero(o.closure)
    mine = (o.region == 1) & (o.sector == 2) & (o.kind == 0)
    assert len(hit) == 1 and mine[hit[0]]
    assert o.jobs[hit[0]] == o.jobs[mine].max()
    assert o.closure[hit[0]] == 0.95


def test_random_shocks_come_at_their_rate_and_alike_in_every_future(world: World) -> None:
    other = world.copy()
    # Another future: half of its firms are gone.
    other.organisations.keep(np.arange(len(other.organisations)) % 2 == 0)
    often = ShockAssumptions(technology_rate=1.0, technology_size=0.1)
    n = 0
    for quarter in range(400):
        world.quarter = other.quarter = quarter
        shock(world, (), 0, often)
        shock(other, (), 0, often)
        np.testing.assert_array_equal(world.sectors.obsolescence, other.sectors.obsolescence)
        n += int(np.count_nonzero(world.sectors.obsolescence))
    draws = 400 * len(world.sectors)
    # A quarter of the draws strike; four standard errors.
    assert abs(n / draws - 0.25) < 4 * np.sqrt(0.25 * 0.75 / draws)
