"""The store on the command line: runs that are there already, status, verify, export, prune."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from sim.cli import app

SMALL = ["--firms", "150", "--years", "1", "--workers", "1", "--store", "runs"]


def call(*words: str) -> Result:
    return CliRunner().invoke(app, words)


@pytest.mark.slow
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
