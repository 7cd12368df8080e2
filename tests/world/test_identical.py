"""Identical regions: nothing in the start tells one northern region from another."""

from __future__ import annotations

import numpy as np
import pytest

from sim.world import identical
from sim.world.build import Population, build_world
from sim.world.state import FIRM, World

NORTH = slice(0, 11)


@pytest.fixture(scope="module", params=[60, 300, 2500])
def pair(request: pytest.FixtureRequest) -> tuple[World, World]:
    """The world of the data and that of identical regions, of as many rows."""
    rows = request.param
    return (
        build_world(3, Population(firms=rows)),
        build_world(3, Population(firms=rows, identical_regions=True)),
    )


def by_cell(world: World, name: str, *, firms: bool) -> np.ndarray:
    o = world.organisations
    amount = o.weight * (getattr(o, name) if name != "weight" else 1.0)
    held = np.zeros(world.cells.pool.shape)
    np.add.at(held, (o.region, o.sector), np.where((o.kind == FIRM) == firms, amount, 0.0))
    return held


@pytest.mark.parametrize(
    ("name", "firms"),
    [("jobs", True), ("gva", True), ("weight", True), ("base_income", False), ("jobs", False)],
)
def test_every_region_has_the_same_in_every_sector_and_the_north_what_it_had(
    pair: tuple[World, World], name: str, firms: bool
) -> None:
    before, even = (by_cell(world, name, firms=firms) for world in pair)
    spread = np.ptp(even[NORTH], axis=0)
    np.testing.assert_allclose(spread, 0.0, atol=1e-9 * even[NORTH].max())
    if name != "weight":  # large firms are whole in every region, which costs a few of them
        np.testing.assert_allclose(even[NORTH].sum(), before[NORTH].sum(), rtol=1e-9)
        np.testing.assert_allclose(even[11:].sum(), before[11:].sum(), rtol=1e-9)


def test_business_research_is_the_same_in_every_region(pair: tuple[World, World]) -> None:
    before, even = (by_cell(world, "own_rd", firms=True).sum(axis=1) for world in pair)
    np.testing.assert_allclose(even[NORTH], before[NORTH].mean(), rtol=1e-9)


def test_places_and_what_is_around_them_are_the_same(pair: tuple[World, World]) -> None:
    even = pair[1]
    for name in (
        "population", "need", "background_jobs", "background_gva_per_job", "graduates",
        "skilled_pool", "place_capital", "bid_capacity",
    ):  # fmt: skip
        column = getattr(even.regions, name)[NORTH]
        np.testing.assert_allclose(column, column[0], rtol=1e-9, err_msg=name)
    inside = even.travel[NORTH, NORTH]
    np.testing.assert_array_equal(np.diag(inside), 20.0)
    apart = inside[~np.eye(11, dtype=bool)]
    np.testing.assert_allclose(apart, apart[0])
    for k in (11, 12):
        np.testing.assert_allclose(even.travel[NORTH, k], even.travel[0, k])
    np.testing.assert_array_equal(even.travel, even.travel.T)


def test_rows_do_not_differ_either(pair: tuple[World, World]) -> None:
    o = pair[1].organisations
    rows = np.bincount(o.region[o.kind == FIRM], minlength=13)[NORTH]
    assert np.ptp(rows) == 0


def test_without_the_key_nothing_is_touched() -> None:
    table = np.arange(26.0).reshape(13, 2)
    assert identical.evened(table, False) is table
    evened = identical.evened(table, True)
    np.testing.assert_array_equal(evened[NORTH], np.tile([10.0, 11.0], (11, 1)))
    np.testing.assert_array_equal(evened[11:], table[11:])
