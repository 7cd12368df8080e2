"""The store: the same bits come back, only what is missing is lived, nothing damaged is read."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from fakes import BLANK, account, interrupted, pair
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.experiments import fingerprint
from sim.experiments.ensemble import Ensemble, run_ensemble
from sim.experiments.fingerprint import model_version
from sim.experiments.folder import FolderError
from sim.experiments.future import Futures, IsStopped, Task, each, never
from sim.experiments.scenarios import load_all
from sim.experiments.store import Store, packs, tending
from sim.experiments.store.coding import Stored, decoded, encoded
from sim.experiments.store.exporting import write
from sim.experiments.store.keys import IN_QUARTERS, Keys
from sim.experiments.store.reading import outcomes
from sim.experiments.tasks import task_of
from sim.metrics.history import METRIC_NAMES, History
from sim.run import Run
from sim.scenario import Loaded

LIVED: list[tuple[int, float]] = []


def counted(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Futures:
    """Futures that depend on their scenario and seed alone; takes note of each that it lives."""
    n = len(METRIC_NAMES)
    shape = (task.years + 1, len(BLANK.areas), len(BLANK.sectors), n)
    values = []
    for scenario in task.of(index):
        LIVED.append((index, scenario.budget))
        rng = np.random.default_rng([seed, int(scenario.budget)])
        # Year by year, so that a longer future begins with the shorter one.
        values.append(np.stack([rng.normal(size=shape[1:]) for _ in range(shape[0])]))
        values[-1][:, 0, 0, :3] = np.nan
        values[-1][:, 1, 0, 0] = -0.0
    money = tuple(account(task, s) for s in range(len(task.scenarios)))
    whole = np.stack(values)
    names = tuple(("projects",) for _ in task.scenarios)
    return Futures(index, seed, whole.astype(np.float32), whole[:, :, :, -1], money, names)


def two(first: float = 300, second: float = 200) -> list[Loaded]:
    one, other = pair()
    change = {"budget": first}, {"budget": second}
    return [
        replace(one, scenario=one.scenario.model_copy(update=change[0])),
        replace(other, scenario=other.scenario.model_copy(update=change[1])),
    ]


def live(
    store: Store | None, loaded: list[Loaded] | None = None, runs: int = 3, years: int = 2
) -> Ensemble:
    LIVED.clear()
    return run_ensemble(
        loaded or two(), runs=runs, years=years, workers=1, simulate=counted, store=store
    )


def assert_same(one: Ensemble, other: Ensemble) -> None:
    assert one.totals.tobytes() == other.totals.tobytes()
    assert one.programmes == other.programmes
    for name in ("detail", "money"):
        for a, b in zip(getattr(one, name), getattr(other, name), strict=True):
            assert a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


def opened(folder: Path, said: list[str] | None = None) -> Store:
    return Store(folder, say=([] if said is None else said).append, spare=0)


def test_what_is_stored_is_not_lived_again_and_is_the_same_to_the_bit(tmp_path: Path) -> None:
    plain, first = live(None), live(opened(tmp_path))
    store = opened(tmp_path)
    again = live(store)
    assert LIVED == [] and (store.n_found, store.n_asked) == (3, 3)
    assert_same(plain, first)
    assert_same(plain, again)


def test_only_the_missing_scenarios_of_a_seed_are_lived(tmp_path: Path) -> None:
    live(opened(tmp_path), two(300, 200), runs=2)
    found = live(opened(tmp_path), two(300, 250), runs=3)
    assert LIVED == [(0, 250), (1, 250), (2, 300), (2, 250)]
    assert_same(found, live(None, two(300, 250), runs=3))
    # The one that was first is now second, under another name.
    one, other = two(250, 300)
    assert_same(live(opened(tmp_path), [one, other]), live(None, [one, other]))


def test_a_longer_run_answers_for_its_first_years_and_a_shorter_one_does_not(
    tmp_path: Path,
) -> None:
    live(opened(tmp_path), years=3)
    assert_same(live(opened(tmp_path), years=2), live(None, years=2))
    live(opened(tmp_path), years=2)
    assert LIVED == []
    assert_same(live(opened(tmp_path), years=5), live(None, years=5))


def test_a_pack_has_what_its_files_had(tmp_path: Path) -> None:
    plain = live(opened(tmp_path))
    assert opened(tmp_path).pack(fewest=7) == 0
    assert opened(tmp_path).pack(fewest=1) == 6
    assert not list(tmp_path.rglob("loose/*/*"))
    assert_same(live(opened(tmp_path)), plain)
    assert LIVED == []


@pytest.mark.skipif(os.name == "nt", reason="folders cannot be synced there")
def test_a_pack_is_on_the_disk_with_its_name_before_single_files_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(opened(tmp_path))
    home = tmp_path / model_version()
    synced: list[tuple[os.stat_result, bool, int]] = []

    def sync(descriptor: int) -> None:
        n_packs = len(list((home / "packs").glob("*")))
        synced.append((os.fstat(descriptor), n_packs == 1, len(list(home.glob("loose/*/*")))))

    monkeypatch.setattr(os, "fsync", sync)
    opened(tmp_path).pack(fewest=1)
    (pack,) = (home / "packs").iterdir()
    for path in (*pack.rglob("*"), pack):
        assert any(os.path.samestat(path.stat(), state) for state, *_ in synced), path
    of_packs = [rest for state, *rest in synced if os.path.samestat(pack.parent.stat(), state)]
    assert of_packs == [[True, 6]]


def test_a_reader_that_opened_the_store_before_the_packing_finds_its_runs(tmp_path: Path) -> None:
    plain = live(opened(tmp_path))
    early = opened(tmp_path)
    opened(tmp_path).pack(fewest=1)
    assert_same(live(early), plain)
    assert LIVED == []


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flip(content: bytes) -> bytes:
    return content[:-9] + bytes([content[-9] ^ 4]) + content[-8:]


@pytest.mark.parametrize("is_packed", [False, True])
@pytest.mark.parametrize("damage", [cut, flip])
def test_what_is_damaged_is_named_set_aside_and_lived_again(
    tmp_path: Path, damage: Callable[[bytes], bytes], is_packed: bool
) -> None:
    plain = live(opened(tmp_path))
    if is_packed:
        opened(tmp_path).pack(fewest=1)
    pattern = "runs.bin" if is_packed else "loose/*/*"
    path = next(iter(tmp_path.rglob(pattern)))
    path.write_bytes(damage(path.read_bytes()))
    said: list[str] = []
    assert_same(live(opened(tmp_path, said)), plain)
    assert LIVED and any(path.name in one for one in said)
    assert tending.damaged(tmp_path)
    silent: list[str] = []
    assert_same(live(opened(tmp_path, silent)), plain)
    assert LIVED == [] and silent == []


@pytest.mark.parametrize("name", ["index.parquet", "outcomes/north.parquet"])
def test_verify_finds_every_damaged_part_of_a_pack_once(tmp_path: Path, name: str) -> None:
    plain = live(opened(tmp_path))
    before = outcomes(opened(tmp_path))
    opened(tmp_path).pack(fewest=1)
    path = next(iter(tmp_path.rglob(name)))
    path.write_bytes(flip(path.read_bytes()))
    said: list[str] = []
    _, n_bad = tending.verify(tmp_path, said.append, lambda done, total, note: None)
    assert n_bad == 1 and str(path) in said[0]
    assert tending.verify(tmp_path, said.append, lambda done, total, note: None)[1] == 0
    assert_same(live(opened(tmp_path)), plain)
    after = outcomes(opened(tmp_path))
    order = ["key", "year"]
    pd.testing.assert_frame_equal(
        before.sort_values(order, ignore_index=True), after.sort_values(order, ignore_index=True)
    )


def test_a_store_that_cannot_be_written_says_so_once_and_the_runs_go_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    said: list[str] = []
    store = opened(tmp_path / "file" / "store", said)
    assert_same(live(store), live(None))
    assert len(said) == 1 and "takes no more runs" in said[0] and "not affected" in said[0]


def test_a_store_leaves_room_on_the_disk(tmp_path: Path) -> None:
    said: list[str] = []
    live(Store(tmp_path, say=said.append, spare=1 << 60))
    assert "is free" in said[0] and not list(tmp_path.rglob("*.parquet"))


def test_a_key_is_of_what_determines_a_run_and_of_nothing_else() -> None:
    loaded = two()
    usual = Keys(task_of(loaded, 2)).of(0, 1, 0)

    def key(seed: int = 1, years: int = 2, **changes: object) -> str:
        scenario = loaded[0].scenario.model_copy(update=changes)
        return Keys(task_of([replace(loaded[0], scenario=scenario)], years)).of(0, seed, 0)

    assert usual == key() == key(title="Other", description="words") == key(years=9)
    others = [key(budget=300.0000001), key(seed=2), key(horizon=26), key(years=26)]
    others.append(key(programmes=dict(reversed(loaded[0].scenario.programmes.items()))))
    burn_in = loaded[0].burn_in.model_copy(update={"budget": 1.0})
    others.append(Keys(task_of([replace(loaded[0], burn_in=burn_in)], 2)).of(0, 1, 0))
    others.append(Keys(task_of(loaded, 2), counted).of(0, 1, 0))
    assert len({usual, *others}) == len(others)  # a horizon of 26 is asked for in two ways


@pytest.mark.parametrize("lever", IN_QUARTERS)
@pytest.mark.parametrize("regime", ["long_term", "piecemeal"])
def test_a_lever_that_is_known_in_whole_quarters_is_read_in_nothing_finer(
    lever: str, regime: str
) -> None:
    loaded = load_all([regime], firms=150)[0]

    def lived(months: float) -> tuple[str, Run]:
        programmes = {
            name: one.model_copy(update={lever: months, "stage_gate": 1.0})
            for name, one in loaded.scenario.programmes.items()
        }
        changed = loaded.scenario.model_copy(update={"programmes": programmes})
        task = task_of([replace(loaded, scenario=changed)], 3)
        (run,) = each(task, 0, 1)
        return Keys(task).of(0, 1, 0), run

    runs = [lived(months) for months in (4.6, 7.4, 7.6)]
    keys, digests = zip(*((key, run.world.digest()) for key, run in runs), strict=True)
    assert keys[0] == keys[1] != keys[2]
    assert digests[0] == digests[1] != digests[2]


def test_variants_have_keys_of_their_own() -> None:
    assumptions = load_all(["long_term"])[0].scenario.assumptions
    shock = assumptions.shock.model_copy(update={"technology_rate": 0.5})
    other = assumptions.model_copy(update={"shock": shock})
    turns = Keys(task_of(pair(), 2, [assumptions, other]))
    plain = Keys(task_of(pair(), 2))
    assert turns.of(0, 5, 0) == turns.of(2, 5, 0) == plain.of(0, 5, 0) != turns.of(1, 5, 0)


def test_ctrl_c_keeps_what_is_finished_for_another_time(tmp_path: Path) -> None:
    found = run_ensemble(
        two(), runs=9, years=1, workers=1, simulate=interrupted, store=opened(tmp_path)
    )
    assert len(opened(tmp_path)) == 2 * found.runs > 0


@settings(max_examples=10, deadline=None)
@given(
    seed=st.integers(0, 2**62),
    years=st.integers(0, 3),
    programmes=st.lists(st.text(max_size=8), max_size=3, unique=True),
    is_sum=st.booleans(),
)
def test_coding_is_exact(seed: int, years: int, programmes: list[str], is_sum: bool) -> None:
    rng = np.random.default_rng(seed)
    bits = rng.integers(0, 2**32, (years + 1, 2, 3, 4), np.uint32)
    values, totals = bits.view(np.float32), rng.normal(size=(years + 1, 2, 4))
    if is_sum:
        values = values.copy()
        values[:, :, -1] = totals.astype(np.float32)
    money = rng.normal(size=(years + 1, len(programmes), 5))
    made = Stored("ab" * 20, seed, "name", "Título", values, totals, money, tuple(programmes))
    back = decoded(encoded(made))
    assert (back.key, back.seed, back.title, back.programmes) == (
        made.key,
        seed,
        "Título",
        tuple(programmes),
    )
    for name in ("values", "totals", "money"):
        assert getattr(back, name).tobytes() == getattr(made, name).tobytes(), name
        assert getattr(back, name).shape == getattr(made, name).shape


def test_prune_removes_what_was_asked_for_and_nothing_else(tmp_path: Path) -> None:
    live(opened(tmp_path))
    old = tmp_path / "0123456789abcdef"
    live(Store(tmp_path, say=print, spare=0, version=old.name))
    assert [one.futures for one in tending.shelves(tmp_path)] == [6, 6]
    chosen = tending.removals(tmp_path, is_old_version=True)
    assert len(chosen) == 6 and all(old in one.path.parents for one in chosen)
    tending.remove(tmp_path, chosen)
    assert [one.version for one in tending.shelves(tmp_path)] == [model_version()]
    paths = sorted(tmp_path.rglob("loose/*/*"))
    week_ago = time.time() - 7 * 86_400
    os.utime(paths[3], (week_ago, week_ago))
    assert [one.path for one in tending.removals(tmp_path, days=6)] == [paths[3]]
    size = sum(path.stat().st_size for path in paths)
    assert [one.path for one in tending.removals(tmp_path, size=size - 1)] == [paths[3]]
    assert tending.removals(tmp_path, size=size) == tending.removals(tmp_path, days=8) == []


def test_what_is_damaged_goes_before_sound_runs_where_a_store_is_to_be_small(
    tmp_path: Path,
) -> None:
    live(opened(tmp_path))
    size = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    bad = tmp_path / "damaged" / "file"
    bad.parent.mkdir()
    bad.write_bytes(bytes(2 * size))  # set aside last, so the youngest of all
    assert [one.path for one in tending.removals(tmp_path, size=size)] == [bad]
    assert len(tending.removals(tmp_path, size=size - 1)) == 2
    assert tending.removals(tmp_path, size=3 * size) == []
    assert [one.path for one in tending.removals(tmp_path, is_damaged=True)] == [bad]


def test_an_export_opens_in_pandas_excel_and_duckdb(tmp_path: Path) -> None:
    store = opened(tmp_path / "store")
    lived = live(store, runs=2)
    store.pack(fewest=1)
    live(store, runs=3)  # some in a pack, some in files of their own
    areas, metrics = ["north", "uk"], ["gva", "jobs"]
    for name in ("a.parquet", "a.csv"):
        assert write(store, tmp_path / name, areas, metrics) == 3 * 2 * 3 * 2
    parquet, csv = pd.read_parquet(tmp_path / "a.parquet"), pd.read_csv(tmp_path / "a.csv")
    assert list(parquet.columns) == [
        "scenario", "title", "seed", "key", "region", "year", "gva", "jobs"
    ]  # fmt: skip
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    np.testing.assert_allclose(parquet.gva, csv.gva, rtol=1e-6)
    row = parquet.query(
        f"scenario == 'long_term' and seed == {lived.seeds[1]} and region == 'uk' and year == 2"
    )
    expected = lived.series("jobs", "uk")[0, 1, 2]
    assert row.jobs.item() == np.float32(expected)
    import duckdb

    found = duckdb.sql(f"SELECT count(*), max(year) FROM '{tmp_path / 'a.parquet'}'").fetchall()
    assert found == [(36, 2)]
    assert pq.read_schema(tmp_path / "a.parquet").names == list(parquet.columns)


def test_a_future_that_was_lived_on_is_exported_once(tmp_path: Path) -> None:
    """Also where the shorter one and another under a second name are in the same pack."""
    for years in (1, 3):
        live(opened(tmp_path), runs=1, years=years)
    apart = [opened(tmp_path), opened(tmp_path)]
    assert len(apart[0]) == len(apart[1])  # both have looked: neither knows what the other adds
    for store, name in zip(apart, ("a", "b"), strict=True):
        one, other = two(250, 200)
        live(store, [replace(one, name=name), other], runs=1, years=3)
    assert opened(tmp_path).pack(fewest=1) == 6
    assert sorted(outcomes(opened(tmp_path), "north", ["gva"]).year) == sorted(3 * [0, 1, 2, 3])


def test_a_title_is_no_formula_in_a_spreadsheet(tmp_path: Path) -> None:
    one, other = two()
    scenario = one.scenario.model_copy(update={"title": "=1+1"})
    store = opened(tmp_path / "store")
    live(store, [replace(one, scenario=scenario), other], runs=1)
    write(store, tmp_path / "a.csv", ["north"], ["gva"])
    assert set(pd.read_csv(tmp_path / "a.csv").title) == {"'=1+1", "Piecemeal"}


def test_the_lines_of_the_page_open_an_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "store.md").read_text(encoding="utf-8")
    lines = dict(re.findall(r"^\| (pandas|DuckDB) \| `(.+)` \|$", page, re.MULTILINE))
    store = opened(tmp_path / "store")
    live(store)
    write(store, tmp_path / "runs.parquet", ["north"])
    monkeypatch.chdir(tmp_path)
    means = eval(lines["pandas"], {"pandas": pd})
    import duckdb

    rows = eval(lines["DuckDB"], {"duckdb": duckdb}).fetchall()
    assert len(means) == len(rows) == 2 * 3
    for scenario, year, mean in rows:
        assert mean == pytest.approx(means[scenario, year], rel=1e-5)


@pytest.mark.slow
def test_real_runs_come_back_to_the_bit_whole_in_part_and_for_fewer_years(tmp_path: Path) -> None:
    def real(store: Store | None, names: list[str], years: int) -> Ensemble:
        overrides = {"burn_in.years": "1"}
        loaded = load_all(names, firms=60, overrides=overrides)
        return run_ensemble(loaded, runs=2, years=years, workers=1, store=store)

    real(opened(tmp_path), ["long_term", "mixed"], 2)
    names = ["long_term", "piecemeal"]
    assert_same(real(opened(tmp_path), names, 1), real(None, names, 1))
    store = opened(tmp_path)
    assert_same(real(store, names, 1), real(None, names, 1))
    assert store.n_found == 2


def test_verify_leaves_tables_of_another_version_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its areas and metrics are its own: nobody writes them anew, or misses what it never had."""
    old = Store(tmp_path, say=print, spare=0, version="0123456789abcdef")
    live(old)
    old.pack(fewest=1)
    before = {path: path.read_bytes() for path in tmp_path.rglob("packs/*/*") if path.is_file()}
    monkeypatch.setattr(packs, "METRIC_NAMES", (*METRIC_NAMES, "a new one"))
    monkeypatch.setattr(packs, "History", more_areas)
    said: list[str] = []
    assert tending.verify(tmp_path, said.append, lambda done, total, note: None) == (6, 0)
    path = next(iter(tmp_path.rglob("outcomes/north.parquet")))
    path.write_bytes(flip(path.read_bytes()))
    assert tending.verify(tmp_path, said.append, lambda done, total, note: None) == (6, 1)
    assert len(said) == 1 and "of another version" in said[0] and str(path) in said[0]
    assert before == {path: path.read_bytes() for path in before}


def more_areas(years: int) -> History:
    blank = History(years)
    blank.areas = (*blank.areas, "moon")
    return blank


def test_a_pack_of_which_nothing_is_sound_is_left_out_of_an_export(tmp_path: Path) -> None:
    store = opened(tmp_path / "store")
    live(store, runs=1)
    store.pack(fewest=1)
    live(store, runs=2)
    for name in ("runs.bin", "outcomes/north.parquet"):
        path = next(iter(tmp_path.rglob(name)))
        path.write_bytes(b"?" * path.stat().st_size)
    assert set(outcomes(opened(tmp_path / "store"), "north", ["gva"]).seed) == {1000004}


def test_an_export_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    store = opened(tmp_path / "store")
    live(store, runs=1)
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FolderError, match="cannot write the results to"):
        write(store, tmp_path / "file" / "a.csv", ["north"], ["gva"])


def test_machines_that_do_not_calculate_alike_share_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = model_version()
    monkeypatch.setattr(fingerprint, "arithmetic_digest", lambda: "another processor")
    assert fingerprint.model_version.__wrapped__() != usual
