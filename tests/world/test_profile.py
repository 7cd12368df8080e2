"""What a cluster is made of adds up to the targets from which the world is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from sim.world import sources, targets
from sim.world.build import build_world
from sim.world.population import Population
from sim.world.profile import profile

SECTORS = [one.id for one in sources.sectors()]
REGIONS = [one.id for one in sources.regions()]


def test_jobs_and_value_added_are_those_of_the_targets() -> None:
    place, sector = REGIONS.index("tees_valley"), SECTORS.index("chemicals")
    found = profile("tees_valley", ["chemicals"])
    assert found.jobs == pytest.approx(targets.jobs()[place, sector])
    assert found.gva == pytest.approx(targets.gva()[place, sector])


def test_location_quotients_are_about_those_of_the_data() -> None:
    place, sector = REGIONS.index("cumbria"), SECTORS.index("clean_energy")
    found = profile("cumbria", ["clean_energy"])
    assert found.location_quotient == pytest.approx(
        sources.location_quotients()[place, sector], rel=0.1
    )
    assert found.rank == 1


def test_two_sectors_are_the_sum_of_both() -> None:
    each = [profile("cumbria", [name]) for name in ("clean_energy", "net_zero")]
    both = profile("cumbria", ["clean_energy", "net_zero"])
    for name in ("jobs", "gva", "firms"):
        assert getattr(both, name) == pytest.approx(sum(getattr(one, name) for one in each))
    assert not {one.sector.id for one in both.related} & {"clean_energy", "net_zero"}
    assert {one.id for one in both.institutions} >= {one.id for one in each[0].institutions}


def test_neighbours_and_related_sectors_come_nearest_first() -> None:
    for area in REGIONS[:11]:
        found = profile(area, ["chemicals"])
        minutes = [one.minutes for one in found.neighbours]
        assert minutes == sorted(minutes) and area not in {
            one.region.id for one in found.neighbours
        }
        relatedness = [one.relatedness for one in found.related]
        assert relatedness == sorted(relatedness, reverse=True)
    assert found.related[0].sector.id == "metallurgy"


def test_practice_in_bidding_is_that_of_the_world() -> None:
    world = build_world(1, Population(firms=150))
    told = [profile(area, ["chemicals"]).bid_capacity for area in REGIONS]
    np.testing.assert_allclose(world.regions.bid_capacity, told)
