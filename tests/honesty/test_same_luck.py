"""Luck is keyed: it follows the agent, and not its row, its scenario or the worker."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim import luck
from sim.quarter.innovate import innovate
from sim.quarter.trade import trade
from sim.quarter.turn_over import replace_rows
from sim.quarter.turn_over.exits import exits, standing
from sim.run import Run
from sim.scenario import load
from sim.world.state import FIRM

SMALL = {"population.firms": "400", "horizon": "10", "burn_in.years": "1"}


def test_philox_meets_its_published_answers() -> None:
    """Random123's known answers for Philox4x32-10."""
    known = {
        (0, 0, 0, 0, 0, 0): (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8),
        (0xFFFFFFFF,) * 6: (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344, 0xA4093822, 0x299F31D0):
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    }  # fmt: skip
    for words, answer in known.items():
        assert luck.philox(*(np.uint64(word) for word in words)) == answer


@given(st.integers(0, 2**62), st.integers(0, 200), st.integers(0, 2**40))
def test_many_draws_at_a_time_are_those_one_by_one(seed: int, process: int, quarter: int) -> None:
    uid = np.array([0, 1, -7, 2**40 + 3, 2**62 + 5, 12, 13, 14, 15, 16], np.int64)
    one, other = luck.uniform_pairs(seed, process, uid, quarter)
    each = [luck.uniform_pair(seed, process, one_uid, quarter) for one_uid in uid]
    assert list(zip(one.tolist(), other.tolist(), strict=True)) == each


@given(st.integers(0, 2**62), st.integers(0, 200), st.lists(st.integers(0, 2**40), max_size=20))
def test_many_draws_each_at_its_own_quarter_are_those_one_by_one(
    seed: int, process: int, quarters: list[int]
) -> None:
    quarter = np.array(quarters, np.int64)
    uid = 2**40 - 7 * quarter
    one, other = luck.uniform_pairs_at(seed, process, uid, quarter)
    pairs = [luck.uniform_pair(seed, process, *at) for at in zip(uid, quarter, strict=True)]
    assert list(zip(one.tolist(), other.tolist(), strict=True)) == pairs
    each = [luck.normal(seed, process, *at) for at in zip(uid, quarter, strict=True)]
    np.testing.assert_allclose(luck.normals_at(seed, process, uid, quarter), each, rtol=1e-14)


def test_codes_of_processes_are_unique() -> None:
    codes = luck.process_codes()
    assert len(set(codes.values())) == len(codes)


@pytest.mark.parametrize("process", [luck.EXIT, luck.ARRIVAL, luck.PROJECT_QUALITY])
def test_draws_are_uniform_and_normal(process: int) -> None:
    """Kolmogorov–Smirnov at a false-alarm rate of 1e-5; neighbours are uncorrelated at 5 s.d."""
    uid = np.arange(200_000)
    u = luck.uniforms(11, process, uid, 5)
    assert stats.kstest(u, "uniform").pvalue > 1e-5
    assert stats.kstest(luck.normals(11, process, uid, 5), "norm").pvalue > 1e-5
    for other in (luck.uniforms(12, process, uid, 5), luck.uniforms(11, process, uid, 6), u[::-1]):
        assert abs(np.corrcoef(u[:100_000], other[:100_000])[0, 1]) < 5 / np.sqrt(100_000)


@given(rate=st.floats(0.0, 200.0), u=st.floats(1e-9, 1 - 1e-9))
def test_counts_rise_with_the_rate_and_with_luck(rate: float, u: float) -> None:
    count = luck.poisson_from_uniform(rate, u)
    assert count >= 0
    if rate + 1.0 < 40.0 or rate > 40.0:
        assert luck.poisson_from_uniform(rate + 1.0, u) >= count
    assert luck.poisson_from_uniform(rate, min(u + 1e-3, 1 - 1e-9)) >= count


@pytest.mark.parametrize("rate", [0.3, 4.0, 80.0])
def test_counts_have_the_mean_and_variance_of_a_poisson(rate: float) -> None:
    """Mean within 5 standard errors; variance within 3 %."""
    counts = [
        luck.poisson_from_uniform(rate, u) for u in luck.uniforms(3, 1, np.arange(100_000), 0)
    ]
    assert abs(np.mean(counts) - rate) < 5 * np.sqrt(rate / len(counts))
    assert np.var(counts) == pytest.approx(rate, rel=0.03)


def test_entrants_identities_are_unique_and_apart_from_the_first_population() -> None:
    uids = {luck.child_uid(p, q, k) for p in range(1, 60) for q in range(20) for k in range(3)}
    assert len(uids) == 59 * 20 * 3
    assert min(uids) >= 1 << 62


@pytest.fixture(scope="module")
def futures() -> tuple[Run, Run]:
    long, short = load("long_term", SMALL), load("piecemeal", SMALL)
    past = Run.start(long.scenario, long.burn_in, 5)
    a, b = past.fork(long.scenario), past.fork(short.scenario)
    for run in (a, b):
        for _ in range(24):
            run.step()
    return a, b


def test_futures_begin_from_one_state() -> None:
    long, short = load("long_term", SMALL), load("piecemeal", SMALL)
    past = Run.start(long.scenario, long.burn_in, 5)
    a, b = past.fork(long.scenario).world, past.fork(short.scenario).world
    for table in ("organisations", "ties", "regions", "cells"):
        for column, values in getattr(a, table).items():
            np.testing.assert_array_equal(values, getattr(getattr(b, table), column))


def test_most_firms_live_and_die_alike_in_both_futures(futures: tuple[Run, Run]) -> None:
    """Luck by lineage: six years on, nearly all firms are the same ones in both futures."""
    a, b = (set(run.world.organisations.uid.tolist()) for run in futures)
    assert len(a & b) > 0.95 * max(len(a), len(b))
    born = {u for u in a & b if u >= 1 << 62}
    assert len(born) > 20


def test_the_same_seed_gives_the_same_bytes_and_another_does_not() -> None:
    loaded = load("long_term", SMALL)
    digests = []
    for seed in (5, 5, 6):
        run = Run.start(loaded.scenario, loaded.burn_in, seed).fork(loaded.scenario)
        for _ in range(8):
            run.step()
        digests.append(run.world.digest())
    assert digests[0] == digests[1] != digests[2]


def test_who_stands_beside_an_agent_does_not_touch_its_luck(futures: tuple[Run, Run]) -> None:
    """Without its first firms, a world lets the same others end and innovate in the same way."""
    run = futures[0]
    whole, part = run.world.copy(), run.world.copy()
    firms = np.flatnonzero(part.organisations.kind == FIRM)[:7]
    gone = np.zeros(len(part.organisations), np.bool_)
    gone[firms] = True
    replace_rows(part, gone, {name: values[:0] for name, values in part.organisations.items()})
    assumptions = run.scenario.assumptions
    outcomes = []
    for world in (whole, part):
        innovate(world, assumptions.innovate, assumptions.work)
        stand = standing(world, assumptions.turn_over.productivity_response)
        ends = exits(world, assumptions.turn_over, stand)
        trade(world, assumptions.trade.model_copy(update={"market_response": 0.0}))
        uid = world.organisations.uid.tolist()
        values = world.organisations.innovation_value.tolist()
        # Exports grow by the firm's own shock where markets do not respond.
        exports = world.organisations.exports.tolist()
        drawn = zip(ends.tolist(), values, exports, strict=True)
        outcomes.append(dict(zip(uid, drawn, strict=True)))
    shared = outcomes[0].keys() & outcomes[1].keys()
    assert len(shared) == len(whole.organisations) - 7
    assert sum(outcomes[0][uid][0] for uid in shared) > 3
    assert all(outcomes[0][uid] == outcomes[1][uid] for uid in shared)
