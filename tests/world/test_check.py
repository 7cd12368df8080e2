"""The comparison of the start with the data."""

from __future__ import annotations

import numpy as np
import pytest

from sim.world.build import Population, build_world
from sim.world.check import Margin, margins, tail_index


def table(world_size: int) -> list[Margin]:
    population = Population(firms=world_size)
    return margins(build_world(11, population), population)


@pytest.mark.parametrize("n", [1000, 2500, 10_000])
def test_matched_margins_are_within_one_per_cent(n: int) -> None:
    rows = table(n)
    for margin in rows:
        if margin.is_matched:
            assert abs(margin.error) < 0.01, margin
    matched = {m.group for m in rows if m.is_matched}
    assert {"jobs by region", "GVA by sector", "firms by sector, large (250+)"} <= matched
    assert {"BERD by region, less the background", "HERD by region"} <= matched


def test_every_group_is_there_with_unique_names() -> None:
    rows = table(2500)
    names = [(m.group, m.name) for m in rows]
    assert len(set(names)) == len(names)
    assert sum(m.group == "jobs by region" for m in rows) == 13
    assert sum(m.group.startswith("firms by sector") for m in rows) == 44
    assert sum("named specialism" in m.group for m in rows) == 11
    assert sum("imputed" in m.note for m in rows) == 8


def test_too_few_rows_for_the_size_mix_are_reported() -> None:
    rows = [m for m in table(200) if m.group.startswith("firms by sector")]
    assert not any(m.is_matched for m in rows)
    assert all("too few rows" in m.note for m in rows)


def test_named_specialisms_stay_near_the_data() -> None:
    for margin in table(2500):
        if "named specialism" in margin.group:
            assert abs(margin.error) < 0.1, margin


def test_a_wrong_world_is_found() -> None:
    population = Population(firms=800)
    world = build_world(1, population)
    world.organisations.jobs[world.organisations.region == 3] *= 1.1
    wrong = {m.name: m.error for m in margins(world, population) if m.group == "jobs by region"}
    assert wrong["lancashire"] == pytest.approx(0.1)
    assert abs(wrong["cumbria"]) < 1e-9


def test_nothing_where_there_is_nothing_is_no_error() -> None:
    assert Margin("a region without a university", "HERD", "£m", 0.0, 0.0, True).error == 0.0
    assert np.isnan(Margin("one that has some", "HERD", "£m", 0.0, 1.0, True).error)


def test_tail_index_finds_the_exponent() -> None:
    world = build_world(1, Population(firms=800))
    o = world.organisations
    firms = np.flatnonzero(o.kind == 0)
    u = (np.arange(len(firms)) + 0.5) / len(firms)
    o.weight[firms] = 1.0
    o.jobs[firms] = 10.0 * u ** (-1.0 / 1.3)
    assert tail_index(world) == pytest.approx(1.3, rel=0.02)
