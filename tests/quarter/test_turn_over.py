"""Turn over: who ends and begins, and that every pointer follows the organisations."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from turning import BARREN, USUAL, crowd, is_sorted, real_firms, usual
from worlds import add_awards, add_ties, points_right, small_world, sort_rows

from sim import luck
from sim.quarter import Assumptions, Policy, advance
from sim.quarter.turn_over import begin, replace_rows, turn_over
from sim.quarter.turn_over.entries import attraction, counts, entries
from sim.quarter.turn_over.exits import standing
from sim.world.state import FIRM, LABORATORY, World


def entrants_of(uids: list[int], regions: list[int]) -> dict[str, Any]:
    """Columns of new rows, in no order."""
    uid = np.array(uids, np.int64)
    return {
        "uid": uid,
        "region": np.array(regions, np.int64),
        "ring": luck.uniforms(0, luck.RING, uid, 0),
        "weight": np.ones(len(uid)),
    }


def wired_world(n: int, picks: list[int]) -> World:
    """``n`` firms in three regions with ties, supplies and awards between some of them."""
    rows = sort_rows({"uid": np.arange(1, n + 1), "region": np.arange(n) % 3})
    world = small_world(rows, n_regions=3)
    pairs = {(a % n, b % n) for a, b in itertools.pairwise(picks) if a % n != b % n}
    add_ties(world, *pairs)
    uid = world.organisations.uid
    ends = np.array(sorted(pairs), np.int64).reshape(-1, 2)
    world.supplies.append(
        {"supplier": uid[ends[:, 0]], "buyer": uid[ends[:, 1]], "supplier_row": ends[:, 0],
         "buyer_row": ends[:, 1]}
    )  # fmt: skip
    add_awards(world, [p % n for p in picks])
    world.awards.append({"holder": np.array([-1]), "holder_row": np.array([-1])})
    return world


def test_births_follow_their_rates() -> None:
    n = 2000
    world = crowd(n, born=-400, weight=5.0)
    world.cells.base_births[:] = [[400.0, 0.0], [100.0, 0.0]]
    world.cells.entrant_weight[:] = 2.0
    begin(world, USUAL)
    found = np.zeros((2, 2))
    for _ in range(20):
        one = world.copy()
        world.quarter += 1
        turn_over(one, USUAL)
        found += one.cells.births
    # Five years of quarters: a tenth of 10,000 firms a year have three in ten of their births as
    # spin-offs at home; of the background's, 0.68 come by luck and 0.002 from outside.
    assert found[1, 0] / 5 == pytest.approx(100 * 0.682, rel=0.2)
    assert found[0, 0] / 5 == pytest.approx(0.3 * 0.1 * 5 * n + 400 * 0.682, rel=0.1)


def test_laboratories_beget_spin_outs_in_proportion_to_spending() -> None:
    n = 4000
    world = crowd(n, kind=LABORATORY, spending=5.0)
    world.cells.base_births[:] = 0.0
    turn_over(world, USUAL)
    o = world.organisations
    out = o.parent >= 0
    # 0.01 spin-outs a £m.
    assert abs(out.sum() - 0.05 * n) < 4 * np.sqrt(0.05 * n)
    assert o.is_research_active[out].all() and np.all(o.kind[out] == FIRM)


def test_attraction_at_the_start_is_one_and_follows_growth() -> None:
    world = small_world({"region": [0, 1], "jobs": 100.0})
    begin(world, USUAL)
    np.testing.assert_allclose(attraction(world, USUAL), 1.0)
    world.cells.pool[0] *= 8.0
    # An eighth of the pool more counts a third in logs, to the power of a half: 8^(1/6).
    np.testing.assert_allclose(attraction(world, USUAL)[0], 8 ** (1 / 6))
    world.regions.congestion[0] = 0.2
    np.testing.assert_allclose(attraction(world, USUAL)[0], 8 ** (1 / 6) * np.exp(-0.1))


def test_counts_are_monotone_in_the_rate() -> None:
    rates = np.array([[0.0], [0.5], [2.0], [8.0]])
    found = [int(counts(1, luck.ENTRY, 3, rate)[0]) for rate in rates]
    assert found[0] == 0 and found[-1] > 0 and np.all(np.diff(found) >= 0)


@given(
    st.integers(2, 30),
    st.lists(st.integers(0, 1000), min_size=2, max_size=30),
    st.lists(st.sets(st.integers(0, 40)), min_size=1, max_size=4),
    st.lists(st.lists(st.integers(0, 2), max_size=8), min_size=4, max_size=4),
)
def test_every_pointer_follows_any_exits_and_entries(
    n: int, picks: list[int], exits: list[set[int]], births: list[list[int]]
) -> None:
    world = wired_world(n, picks)
    next_uid = 1000
    for leaving, regions in zip(exits, births, strict=False):
        o = world.organisations
        alive = set(o.uid.tolist())
        gone = np.isin(np.arange(len(o)), list(leaving))
        if gone.all():
            gone[0] = False
        lost = set(o.uid[gone].tolist())
        held = world.awards.holder.copy()
        was_there = world.awards.holder_row >= 0
        links = set(zip(world.ties.source.tolist(), world.ties.target.tolist(), strict=True))
        new = list(range(next_uid, next_uid + len(regions)))
        next_uid += len(regions)
        replace_rows(world, gone, entrants_of(new, regions))
        assert set(o.uid.tolist()) == (alive - lost) | set(new)
        assert is_sorted(world) and points_right(world)
        # Ties of survivors live on, others end; awards of exits point nowhere and stay in the book.
        after = set(zip(world.ties.source.tolist(), world.ties.target.tolist(), strict=True))
        assert after == {(a, b) for a, b in links if a not in lost and b not in lost}
        np.testing.assert_array_equal(world.awards.holder, held)
        there = was_there & ~np.isin(held, list(lost))
        np.testing.assert_array_equal(world.awards.holder_row >= 0, there)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 12))
def test_no_firm_is_lost_or_made(seed: int, quarters: int) -> None:
    world = wired_world(30, [1, 5, 9, 13, 2, 7])
    world.seed = seed
    world.organisations.weight[:] = 1.0 + np.arange(30) % 4
    world.cells.base_births[:] = 40.0
    world.cells.entrant_weight[:] = 2.0
    begin(world, USUAL)
    for _ in range(quarters):
        before = real_firms(world)
        turn_over(world, USUAL)
        world.quarter += 1
        np.testing.assert_allclose(
            real_firms(world), before + world.cells.births - world.cells.deaths, atol=1e-9
        )
        assert is_sorted(world) and points_right(world)
        uid = world.organisations.uid
        assert len(np.unique(uid)) == len(uid)


def test_buyers_find_a_supplier_again_and_never_themselves() -> None:
    world = small_world({"region": np.repeat([0, 1], 20)})
    turn_over(world, usual(**BARREN, hazard_older=0.0))
    s = world.supplies
    assert points_right(world) and np.all(s.supplier != s.buyer)
    served = np.isin(world.organisations.uid[world.organisations.born < 0], s.buyer)
    assert served.mean() > 0.9
    # A region 60 minutes off is e^(−40/60) as near as one's own: 0.34 of the suppliers.
    before = len(s)
    turn_over(world, usual(**BARREN, hazard_older=0.0))
    assert len(s) - before < 6


def test_new_suppliers_are_related_as_far_as_sectors_are() -> None:
    sector = np.arange(4000) % 2
    world = small_world({"region": np.zeros(4000, np.int64), "sector": sector})
    turn_over(world, usual(**BARREN, hazard_older=0.0))
    s, o = world.supplies, world.organisations
    same = o.sector[s.supplier_row] == o.sector[s.buyer_row]
    # Sectors are related by a half: two of three take their own.
    assert same.mean() == pytest.approx(2 / 3, abs=0.05)


def test_the_same_child_has_the_same_identity_in_two_futures(world: World) -> None:
    other = world.copy()
    # Another future: a tenth of the firms are gone, and money flows elsewhere.
    gone = (other.organisations.kind == FIRM) & (np.arange(len(other.organisations)) % 10 == 0)
    replace_rows(other, gone, entrants_of([], []))
    other.organisations.grant_research[::3] += 0.1
    here, there = (dict[int, int]() for _ in range(2))
    for one, children in ((world, here), (other, there)):
        first = set(one.organisations.uid.tolist())
        for _ in range(8):
            advance(one, Policy(), Assumptions())
            o = one.organisations
            born = o.parent >= 0
            children |= dict(zip(o.uid[born].tolist(), o.parent[born].tolist(), strict=True))
        assert len(children) > 5 and not first & set(children)
    both = here.keys() & there.keys()
    assert len(both) > 0.5 * min(len(here), len(there))
    assert all(here[child] == there[child] for child in both)


def test_children_of_one_parent_differ_by_quarter_and_ordinal() -> None:
    uids = {luck.child_uid(7, q, k) for q in range(50) for k in range(20)}
    assert len(uids) == 1000 and min(uids) >= 1 << 62


def test_inward_investments_are_few_and_large() -> None:
    world = crowd(1)
    world.cells.base_births[:] = [[160_000.0, 0.0], [0.0, 0.0]]
    world.cells.entrant_weight[:] = 40.0
    begin(world, USUAL)
    new = entries(world, usual(inward_share=0.5, spin_off_share=0.0), standing(world, 1.0))
    inward = new["weight"] == 4.0
    assert set(new["weight"].tolist()) == {40.0, 4.0}
    # Half of the jobs: 20,000 usual firms a quarter, and 2,000 of ten times their size.
    assert (40 * np.sum(~inward), 4 * np.sum(inward)) == pytest.approx((20_000, 2_000), rel=0.2)
    ratio = new["jobs"][inward].mean() / new["jobs"][~inward].mean()
    assert ratio == pytest.approx(10.0, rel=0.15)
    np.testing.assert_allclose(world.cells.births.sum(), new["weight"].sum())


def test_nobody_begins_research_in_a_sector_without_any() -> None:
    world = crowd(1)
    world.cells.base_births[:] = [[160_000.0, 0.0], [0.0, 0.0]]
    begin(world, USUAL)
    world.sectors.rd_intensity[:] = 0.0
    new = entries(world, usual(entrant_research=1.0), standing(world, 1.0))
    assert len(new["uid"]) > 100 and not new["is_research_active"].any()
    # Knowledge that is nothing would make its growth without end.
    assert np.all(new["base_knowledge"] > 0.0)


def test_a_spin_off_resembles_its_parent_by_half() -> None:
    n = 4000
    world = crowd(n, position_x=2.0, born=-400)
    # Better than their place was and is, as the nation's firms have been from the start.
    world.organisations.productivity[:] += 0.4
    world.sectors.firm_level_start[:] += 0.4
    world.cells.base_births[:] = 0.0
    world.sectors.birth_rate[:] = 1.0
    new = entries(world, USUAL, standing(world, 1.0))
    assert len(new["uid"]) > 300 and np.all(new["parent"] > 0)
    # Half of the parent's lead of 0.4, less the gap of entrants.
    lead = new["productivity"] - np.log(0.1)
    assert lead.mean() == pytest.approx(0.2 - 0.1, abs=4 * 0.25 / np.sqrt(len(lead)))
    assert np.all(np.abs(new["position_x"] - 2.0) <= 0.5 * 0.15 + 1e-12)
    np.testing.assert_allclose(new["gva"], new["jobs"] * np.exp(new["productivity"]))
