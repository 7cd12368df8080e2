"""The data behind the picture equals the data of the run, quarter by quarter."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.experiments.comparison import Study
from sim.experiments.ensemble import run_ensemble
from sim.experiments.fitted import variants_of
from sim.experiments.results import Results
from sim.experiments.saved import ResultError
from sim.experiments.scenarios import load_all
from sim.run import Run
from sim.scenario import load
from sim.watch.futures import SERIES, area_ids, record
from sim.watch.packing import SCALE, from_log_code, log_code, pack, unpack
from sim.watch.reading import Recording
from sim.watch.recording import Recorder
from sim.watch.replay import is_same_run, recordings
from sim.watch.result import read_result
from sim.watch.spells import STILL, Spells
from sim.world.state import World

YEARS = 4
SMALL = {"population.firms": "400", "burn_in.years": "2", "horizon": "12"}


@pytest.fixture(scope="module")
def lived() -> tuple[Recording, list[World], Run]:
    """A recording, and copies of the world in every state, from a run of its own."""
    loaded = load("piecemeal", SMALL)
    run = Run.start(loaded.scenario, loaded.burn_in, 7, keep_ended=True).fork(loaded.scenario)
    states = [run.world.copy()]
    for _ in range(4 * YEARS):
        run.step()
        states.append(run.world.copy())
    message = record(loaded.scenario, loaded.burn_in, 7, YEARS)
    return Recording(message), states, run


def north(world: World) -> np.ndarray:
    return np.flatnonzero(world.regions.is_north[world.organisations.region])


def test_a_spell_is_closed_when_its_key_is_gone_and_may_begin_again() -> None:
    spells = Spells()
    for state, keys in enumerate([[5, 3], [3], [3, 5], [5]]):
        spells.observe(np.array(keys, np.int64), state)
    key, since, to = spells.table()
    assert key.tolist() == [3, 5, 5]
    assert since.tolist() == [0, 0, 2]
    assert to.tolist() == [3, 1, STILL]


def test_a_message_gives_back_what_was_packed() -> None:
    arrays = {
        "codes": np.array([5, 65535, 0, 700], np.uint16),
        "identities": np.array([2**62 + 1, -1]),
        "money": np.array([1.5, np.nan], np.float32),
        "nothing": np.zeros(0, np.int16),
    }
    head, found = unpack(pack({"title": "£ & <b>"}, arrays))
    assert head == {"title": "£ & <b>"}
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


def test_logarithms_keep_amounts_to_a_fiftieth_of_a_per_cent() -> None:
    amounts = np.geomspace(0.1, 2e7, 500)
    error = np.abs(from_log_code(log_code(amounts)) / amounts - 1.0)
    assert np.max(error) < 0.6 / SCALE * 1.1
    assert from_log_code(log_code(np.zeros(1)))[0] == 0.0


def test_who_lives_and_with_what_is_as_in_the_run(
    lived: tuple[Recording, list[World], Run],
) -> None:
    recording, states, _ = lived
    for state, world in enumerate(states):
        alive = np.flatnonzero((recording.born <= state) & (recording.died > state))
        rows = north(world)
        uid = recording.fixed("uid", alive)
        assert set(uid.tolist()) == set(world.organisations.uid[rows].tolist())
    for year in range(YEARS + 1):
        world, index = states[4 * year], recording.alive(year)
        row = world.row_of(recording.fixed("uid", index))
        for name in ("jobs", "researchers", "knowledge"):
            np.testing.assert_allclose(
                recording.amount(name, year, index),
                getattr(world.organisations, name)[row],
                rtol=5e-4,
                atol=1e-5,
            )


def test_ties_are_as_in_the_run(lived: tuple[Recording, list[World], Run]) -> None:
    recording, states, _ = lived
    uid = recording.arrays["organisation.uid"]
    for year in range(YEARS + 1):
        world = states[4 * year]
        source, target = recording.ties(year)
        seen = {frozenset(pair) for pair in zip(uid[source], uid[target], strict=True)}
        is_north = world.regions.is_north[world.organisations.region]
        t = world.ties
        inside = is_north[t.source_row] & is_north[t.target_row]
        there = {frozenset(p) for p in zip(t.source[inside], t.target[inside], strict=True)}
        assert seen == there
        assert seen


def test_money_and_gaps_are_as_in_the_run(lived: tuple[Recording, list[World], Run]) -> None:
    recording, states, _ = lived
    a = recording.arrays
    money = np.zeros(len(recording.born))
    for state, world in enumerate(states):
        now = a["grant.state"] == state
        money[a["grant.organisation"][now]] = a["grant.amount"][now]
        alive = np.flatnonzero((recording.born <= state) & (recording.died > state))
        row = world.row_of(recording.fixed("uid", alive))
        o = world.organisations
        paid = 4.0 * (o.grant_core + o.grant_research + o.grant_ties)[row]
        np.testing.assert_allclose(money[alive], paid, rtol=1e-6, atol=1e-9)
        in_gap = a["gap.organisation"][(a["gap.from"] <= state) & (a["gap.to"] > state)]
        np.testing.assert_array_equal(np.sort(in_gap), alive[o.is_in_gap[row]])
    assert len(a["gap.from"]) > 0


def test_every_award_of_the_north_is_told_with_its_dates(
    lived: tuple[Recording, list[World], Run],
) -> None:
    recording, states, run = lived
    a = recording.arrays
    uid = a["organisation.uid"]
    seen = {
        (int(uid[h]), int(s))
        for h, s in zip(a["award.holder"], a["award.start"], strict=True)
        if h >= 0
    }
    live = states[-1].awards
    known = set(uid.tolist())
    start = live.start - run.policy.start
    there = {
        (int(h), int(s)) for h, s in zip(live.holder, start, strict=True) if h >= 0 and h in known
    }
    assert there <= seen
    assert np.all(a["award.end"] >= a["award.announced"])
    assert np.any(a["award.outcome"] > 0)


def test_the_series_are_those_of_the_history(lived: tuple[Recording, list[World], Run]) -> None:
    recording, _, run = lived
    for area in (area_ids()[3], "north"):
        for name in SERIES:
            wanted = run.history.series(name, area)[: YEARS + 1].astype(np.float32)
            np.testing.assert_array_equal(recording.series(name, area), wanted)


def test_the_first_run_of_a_result_is_lived_again_as_it_was(tmp_path: Path) -> None:
    """Also where it was lived under a fitted set, and beyond the horizon of its scenario."""
    loaded = load_all(["long_term"], firms=300, overrides={"horizon": "10"})
    variants = variants_of(loaded[0].scenario.assumptions)[:2]
    with Results(tmp_path / "out", loaded) as results:
        ensemble = run_ensemble(
            loaded, runs=1, years=11, workers=1, sink=results, variants=variants
        )
        results.write_tables(Study(ensemble), "a test")
        results.finish()
    result = read_result(tmp_path / "out")
    assert result.scenarios[0].assumptions == variants[0]
    assert is_same_run(result, recordings(result))
    other = replace(result, seed=2)
    assert not is_same_run(other, recordings(other))
    with pytest.raises(ResultError, match="no future 'piecemeal'"):
        read_result(tmp_path / "out", "piecemeal")
    with pytest.raises(ResultError, match="not a folder of results"):
        read_result(tmp_path)


def test_watching_changes_nothing() -> None:
    loaded = load("long_term", SMALL)
    past = Run.start(loaded.scenario, loaded.burn_in, 3)
    plain, watched = past.fork(loaded.scenario), past.fork(loaded.scenario)
    recorder = Recorder(watched)
    for _ in range(6):
        plain.step()
        watched.step()
        recorder.observe(watched.world)
    assert plain.world.digest() == watched.world.digest()
