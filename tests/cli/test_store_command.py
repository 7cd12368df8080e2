"""The store on the command line: runs that are there already, status, verify, export, prune."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import pytest
from click.testing import Result
from typer.testing import CliRunner

from sim.cli import app, stores
from sim.experiments.store import Store

SMALL = ["--firms", "150", "--years", "1", "--workers", "1", "--store", "runs"]


def call(*words: str) -> Result:
    return CliRunner().invoke(app, words)


@pytest.mark.slow
@pytest.mark.usefixtures("undrawn")
def test_a_run_is_kept_found_again_checked_exported_and_pruned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("first", "again"):
        done = call("run", "long_term", *SMALL, "--output", folder)
        assert done.exit_code == 0, done.stderr
        assert ("1 of 1 runs were in the store already" in done.stderr) == (folder == "again")
    one, other = (tmp_path / name / "outcomes.parquet" for name in ("first", "again"))
    assert one.read_bytes() == other.read_bytes()

    def store(*words: str) -> Result:
        return call("store", *words, "--store", "runs")

    assert store("export", "runs.csv", "--metric", "gva").exit_code == 0
    assert len((tmp_path / "runs.csv").read_text(encoding="utf-8-sig").splitlines()) == 3
    refused = store("export", "other.csv", "--metric", "gvaa")
    assert refused.exit_code == 2 and "did you mean 'gva'?" in refused.stderr
    path = next((tmp_path / "runs").rglob("loose/*/*"))
    path.write_bytes(path.read_bytes()[:1000])
    broken = store("verify")
    assert broken.exit_code == 1 and path.name in broken.stderr and "1 damaged" in broken.stdout
    assert all(one in store("status").stdout for one in ("(present)", "set aside: 1"))
    assert "Would remove 0 futures in 1" in store("prune", "--damaged").stdout
    assert list((tmp_path / "runs" / "damaged").iterdir())
    assert store("prune", "--damaged", "--yes").exit_code == 0
    assert not list((tmp_path / "runs" / "damaged").iterdir())


def test_the_store_in_the_cache_is_held_to_its_limit_and_one_that_is_named_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def filled(folder: Path) -> Store:
        store = Store(folder)
        for number, name in enumerate("ab"):
            path = store.home / "answers" / name / "one"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"x" * 600)
            os.utime(path, (number, number))
        return store

    monkeypatch.setattr(stores, "LIMIT", 1000)
    monkeypatch.delenv("CLUSTERSIM_STORE")
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda name: tmp_path / name)
    store = filled(tmp_path / "clustersim" / "store")
    stores.tell(store, is_quiet=True)
    assert [path.parent.name for path in store.home.rglob("one")] == ["b"]
    assert "--store or $CLUSTERSIM_STORE, has no limit" in " ".join(capsys.readouterr().err.split())
    named = filled(tmp_path / "mine")
    stores.tell(named, is_quiet=True)
    assert len(list(named.home.rglob("one"))) == 2
