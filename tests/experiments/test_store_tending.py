"""Looking after a store: what is damaged, what may go, and what is taken out of it."""

from __future__ import annotations

import os
import re
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from stored import assert_same, live, opened, two

from sim.experiments.fingerprint import model_version
from sim.experiments.folder import FolderError
from sim.experiments.store import Store, packs, tending
from sim.experiments.store.exporting import write
from sim.experiments.store.reading import outcomes
from sim.metrics.history import METRIC_NAMES, History


def flip(content: bytes) -> bytes:
    return content[:-9] + bytes([content[-9] ^ 4]) + content[-8:]


def more_areas(years: int) -> History:
    blank = History(years)
    blank.areas = (*blank.areas, "moon")
    return blank


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
