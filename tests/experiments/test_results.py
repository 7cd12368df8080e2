"""The folder of results: whole or not there, the same bytes each time."""

from __future__ import annotations

import errno
import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest
from fakes import fake, pair

from sim.experiments.comparison import Comparison
from sim.experiments.ensemble import run_ensemble
from sim.experiments.folder import Folder, FolderError, FolderTaken, default_folder
from sim.experiments.results import Results


def write(folder: Path, workers: int = 1, *, is_replaced: bool = False) -> Comparison:
    loaded = pair()
    with Results(folder, loaded, is_replaced=is_replaced) as results:
        found = run_ensemble(loaded, runs=3, years=2, workers=workers, sink=results, simulate=fake)
        study = Comparison(found)
        results.write_tables(study, "a test")
        results.finish()
    return study


def test_the_folder_has_what_it_promises(tmp_path: Path) -> None:
    write(tmp_path / "out")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [
        "accounts.csv",
        "columns.csv",
        "manifest.json",
        "outcomes.parquet",
        "paired.csv",
        "summary.csv",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_outcomes_are_rows_of_runs(tmp_path: Path) -> None:
    write(tmp_path / "out")
    table = pd.read_parquet(tmp_path / "out" / "outcomes.parquet")
    assert table.columns[:5].tolist() == ["scenario", "run", "year", "region", "sector"]
    assert table.run.unique().tolist() == [1, 2, 3]
    assert (table.dtypes.iloc[5:] == "float32").all()


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    digests = set()
    for name, workers in (("a", 1), ("b", 1), ("c", 2)):
        write(tmp_path / name, workers)
        content = (tmp_path / name / "outcomes.parquet").read_bytes()
        digests.add(hashlib.sha256(content).hexdigest())
    assert len(digests) == 1


def test_the_manifest_tells_how_to_do_it_again(tmp_path: Path) -> None:
    write(tmp_path / "out")
    made = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert made["command"] == "a test" and made["seed"] == 1 and made["runs"] == 3
    entry = made["scenarios"]["long_term"]
    assert entry["money"]["budget_m"] == pytest.approx(600)
    assert {"spent_m", "spent_present_value_m", "delivered_m"} <= entry["money"].keys()
    assert any("award_length: 10" in one["text"] for one in entry["files"].values())
    for one in entry["files"].values():
        assert hashlib.sha256(one["text"].encode()).hexdigest() == one["sha256"]
    content = (tmp_path / "out" / "outcomes.parquet").read_bytes()
    assert made["outcomes_sha256"] == hashlib.sha256(content).hexdigest()
    assert {"python", "numpy", "numba", "clustersim"} <= made["versions"].keys()


def test_tables_open_in_a_spreadsheet(tmp_path: Path) -> None:
    write(tmp_path / "out")
    raw = (tmp_path / "out" / "paired.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(tmp_path / "out" / "paired.csv")
    assert {"metric", "region", "year", "estimate", "low", "high"} <= set(table.columns)
    assert "£m a year" in set(table.unit)


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), Results(tmp_path / "deep" / "out", pair()):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    def full(path: Path) -> None:
        path.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with (
        pytest.raises(FolderError, match="the disk is full"),
        Folder(tmp_path / "out") as folder,
    ):
        folder.write("a.txt", full)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said_before_any_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match="cannot write the results to"):
        Results(tmp_path / "file" / "out", pair())


def test_an_existing_folder_is_replaced_only_if_told_so(tmp_path: Path) -> None:
    write(tmp_path / "out")
    (tmp_path / "out" / "old.txt").write_text("old")
    with pytest.raises(FolderTaken, match="--force"):
        write(tmp_path / "out")
    assert (tmp_path / "out" / "old.txt").exists()
    write(tmp_path / "out", is_replaced=True)
    assert not (tmp_path / "out" / "old.txt").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_of_something_else_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("years of work")
    with pytest.raises(FolderTaken, match="left alone"):
        write(tmp_path, is_replaced=True)
    assert (tmp_path / "thesis.doc").exists()


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write(tmp_path / "out")
    assert (tmp_path / "out" / "manifest.json").is_file()


def test_the_default_folder_is_always_new(tmp_path: Path) -> None:
    first = default_folder(["a", "b"], tmp_path)
    first.mkdir()
    second = default_folder(["a", "b"], tmp_path)
    assert first.name.startswith("a-vs-b-2") and second.name == f"{first.name}-2"
