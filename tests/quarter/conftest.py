"""A small, quick world for tests of the phases: drawn once, copied for each test."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sim.quarter import Assumptions, begin
from sim.world.build import Population, build_world
from sim.world.state import World


@pytest.fixture(scope="session")
def first_world() -> World:
    """About 550 organisations with their reference values; do not change it."""
    world = build_world(11, Population(firms=400))
    begin(world, Assumptions())
    return world


@pytest.fixture
def world(first_world: World) -> World:
    """A world of one's own."""
    return first_world.copy()


@pytest.fixture(scope="session")
def fresh_world(first_world: World) -> Callable[[], World]:
    """A function that gives a world of one's own: for tests of many examples."""

    def fresh() -> World:
        return first_world.copy()

    return fresh
