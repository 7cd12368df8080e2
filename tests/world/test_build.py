"""The first population: what it adds up to, and that a seed makes it to the bit."""

from __future__ import annotations

import numpy as np
import pytest

from sim.world import sources, targets
from sim.world.build import Population, build_world
from sim.world.firms import _fill
from sim.world.state import CATAPULT, FIRM, LABORATORY, World
from sim.world.strata import apportion, mean_size

SIZES = (50, 300, 2500, 20_000)


@pytest.fixture(scope="module", params=SIZES)
def world(request: pytest.FixtureRequest) -> World:
    return build_world(7, Population(firms=request.param))


def by_cell(world: World, name: str) -> np.ndarray:
    o = world.organisations
    firm = o.kind == FIRM
    out = np.zeros(world.cells.pool.shape)
    np.add.at(out, (o.region[firm], o.sector[firm]), (o.weight * getattr(o, name))[firm])
    return out


def test_jobs_and_gva_meet_regions_and_sectors(world: World) -> None:
    for name, target in (("jobs", targets.jobs()), ("gva", targets.gva())):
        for axis in (0, 1):
            np.testing.assert_allclose(
                by_cell(world, name).sum(axis=axis), target.sum(axis=axis), rtol=1e-6
            )


def test_jobs_of_every_cell_are_met_when_all_have_rows() -> None:
    np.testing.assert_allclose(
        by_cell(build_world(1, Population()), "jobs"), targets.jobs(), rtol=1e-9
    )


def test_business_research_meets_berd_less_the_background(world: World) -> None:
    o = world.organisations
    spent = np.bincount(o.region, np.where(o.kind == FIRM, 4 * o.weight * o.own_rd, 0.0))
    berd = np.array([r.berd for r in sources.regions()])
    np.testing.assert_allclose(spent, 0.65 * berd, rtol=1e-6)
    assert o.rd_intensity.max() <= 0.4501
    assert np.all((o.rd_intensity > 0) == (o.is_research_active & (o.kind == FIRM)))


def test_university_research_meets_herd(world: World) -> None:
    o = world.organisations
    income = np.where(o.kind == LABORATORY, 4 * o.weight * o.base_income, 0.0)
    herd = np.array([r.herd for r in sources.regions()])
    np.testing.assert_allclose(np.bincount(o.region, income), herd, rtol=1e-9)


def test_every_institution_is_there_once_with_its_kind_and_region() -> None:
    o = build_world(1, Population(firms=200)).organisations
    codes = {r.id: k for k, r in enumerate(sources.regions())}
    for code, institution in enumerate(sources.institutions()):
        rows = np.flatnonzero(o.institution == code)
        kind = LABORATORY if institution.kind == "university" else CATAPULT
        assert np.all(o.kind[rows] == kind)
        assert np.all(o.region[rows] == codes[institution.region])
        assert np.all(o.weight[rows] == 1.0)
        assert len(rows) == 1 if kind == CATAPULT else len(rows) >= 1


def test_the_same_seed_makes_the_same_world_and_another_does_not() -> None:
    population = Population(firms=400)
    first, again, other = (build_world(s, population) for s in (5, 5, 6))
    assert first.digest() == again.digest()
    assert first.digest() != other.digest()


def test_an_identity_is_the_same_kind_of_firm_under_every_seed() -> None:
    a, b = (build_world(s, Population(firms=1000)).organisations for s in (1, 2))
    for name in ("uid", "kind", "region", "sector", "institution", "weight", "ring"):
        assert np.array_equal(getattr(a, name), getattr(b, name)), name
    assert not np.array_equal(a.jobs, b.jobs)


def test_rows_are_sorted_by_region_and_ring_with_small_unique_identities(world: World) -> None:
    o = world.organisations
    assert np.all(np.diff(o.region + o.ring) > 0)
    assert np.array_equal(np.sort(o.uid), np.arange(1, len(o) + 1))


def test_background_is_positive(world: World) -> None:
    assert np.all(world.regions.background_jobs > 0)
    assert np.all(world.regions.background_gva_per_job > 0)


def test_more_rows_leave_the_totals_and_add_detail() -> None:
    worlds = [build_world(3, Population(firms=n)) for n in (500, 5000)]
    totals = [
        (w.organisations.weight * w.organisations.jobs)[w.organisations.kind == FIRM].sum()
        for w in worlds
    ]
    assert totals[0] == pytest.approx(totals[1], rel=0.01)
    firms = [w.organisations.weight[w.organisations.kind == FIRM].sum() for w in worlds]
    assert firms[0] == pytest.approx(firms[1], rel=0.01)
    assert [int((w.organisations.kind == FIRM).sum()) for w in worlds] == [500, 5000]


def test_large_firms_of_the_north_stand_for_themselves() -> None:
    o = build_world(1, Population()).organisations
    large = (o.kind == FIRM) & (o.jobs >= 250) & (o.region < 11)
    assert large.sum() > 200
    assert np.all(o.weight[large] == 1.0)
    rest = (o.kind == FIRM) & (o.region >= 11)
    assert rest.sum() == round(0.12 * 2500)


def test_no_row_stands_for_less_than_one_organisation(world: World) -> None:
    assert world.organisations.weight.min() >= 1.0 - 1e-9


def test_ties_join_two_different_research_organisations_once(world: World) -> None:
    o, t = world.organisations, world.ties
    assert np.all(t.source < t.target)
    assert len(np.unique(np.column_stack([t.source, t.target]), axis=0)) == len(t)
    assert np.array_equal(o.uid[t.source_row], t.source)
    assert np.array_equal(o.uid[t.target_row], t.target)
    assert o.is_research_active[t.source_row].all() and o.is_research_active[t.target_row].all()
    degree = np.bincount(np.concatenate([t.source_row, t.target_row]), minlength=len(o))
    assert np.array_equal(degree, o.degree)
    assert 2.5 < degree[o.is_research_active].mean() < 3.5


def test_ties_prefer_the_near() -> None:
    world = build_world(1, Population(firms=5000))
    o, t = world.organisations, world.ties
    is_near = o.region[t.source_row] == o.region[t.target_row]
    active = np.bincount(o.region[o.is_research_active])
    by_chance = np.sum((active / active.sum()) ** 2)
    assert is_near.mean() > 1.5 * by_chance


def test_every_firm_has_a_supplier_and_none_is_its_own() -> None:
    world = build_world(1, Population())
    o, s = world.organisations, world.supplies
    assert np.all(s.supplier != s.buyer)
    assert len(np.unique(np.column_stack([s.supplier, s.buyer]), axis=0)) == len(s)
    n = np.bincount(s.buyer_row, minlength=len(o))
    assert np.all(n[o.kind == FIRM] >= 1) and np.all(n[o.kind != FIRM] == 0)
    assert n[(o.kind == FIRM) & (o.jobs >= 10)].mean() > 1.9


def test_the_start_is_steady() -> None:
    o = build_world(1, Population()).organisations
    active = o.is_research_active
    length = 4 * o.project_length[active]
    total = o.work_in_progress[active] + o.effort[active]
    np.testing.assert_allclose(total / length, o.effort[active])
    kept = 0.85**0.25 * o.knowledge[active] + o.effort[active]
    np.testing.assert_allclose(kept, o.knowledge[active])
    np.testing.assert_allclose(o.gva, np.where(o.kind == FIRM, o.jobs * np.exp(o.productivity), 0))


def test_the_share_of_young_firms_is_the_birth_rate() -> None:
    o = build_world(1, Population(firms=100_000)).organisations
    rates = np.array([s.birth_rate for s in sources.sectors()])
    small = (o.kind == FIRM) & (o.jobs < 50)
    weight, young = o.weight[small], o.born[small] > -4
    expected = np.average(rates[o.sector[small]], weights=weight)
    assert np.average(young, weights=weight) == pytest.approx(expected, abs=0.01)
    for s, rate in enumerate(rates):
        mine = o.sector[small] == s
        # A few hundred rows stand for a comparator's small sector: four standard errors.
        assert np.average(young[mine], weights=weight[mine]) == pytest.approx(rate, abs=0.06)
    assert np.all(o.born < 0)


def test_no_large_firm_is_young() -> None:
    o = build_world(1, Population()).organisations
    assert np.all(o.born[(o.kind == FIRM) & (o.jobs >= 250)] <= -40)


def test_apportion_keeps_total_bounds_and_proportion() -> None:
    measure = np.array([1.0, 2.0, 3.0, 100.0])
    rows = apportion(20, measure, np.ones(4, np.int64), np.array([50, 50, 50, 8]))
    assert rows.tolist() == [2, 4, 6, 8]
    assert apportion(2, measure, np.ones(4, np.int64), np.full(4, 9)).tolist() == [1, 1, 1, 1]


def test_mean_of_a_bounded_pareto() -> None:
    assert mean_size(1.0, 10.0, 1.0) == pytest.approx(np.log(10) * 10 / 9)
    x = np.linspace(1, 10, 400_001)
    density = x**-2.06
    assert mean_size(1.0, 10.0, 1.06) == pytest.approx(
        np.sum(x * density) / np.sum(density), rel=1e-4
    )


def test_research_is_filled_up_to_the_most_that_a_firm_does() -> None:
    filled = _fill(np.array([0.1, 0.2, 0.9]), np.array([10.0, 10.0, 10.0]), 9.0, 0.5)
    # 0.5 is the cap of the third; the other two share 4 in the proportion 1 : 2.
    np.testing.assert_allclose(filled, [4 / 30, 8 / 30, 0.5], rtol=1e-6)
    np.testing.assert_allclose(_fill(np.array([0.1]), np.array([10.0]), 8.0, 0.5), [0.8])
