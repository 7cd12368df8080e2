"""Sweeps of made-up futures: tables by hand, workers, stops, damage, edits, failures, the store."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import signal
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.experiments import dispatch
from sim.experiments import workers as module
from sim.experiments.folder import FolderTaken
from sim.experiments.future import Futures, IsStopped, Simulate, Task, never
from sim.experiments.store import Store
from sim.experiments.sweeps.living import Outcome, live_all
from sim.experiments.sweeps.outlook import outlook_of
from sim.experiments.sweeps.pieces import DAMAGED, Pieces, locked
from sim.experiments.sweeps.plan import Plan, plan_of
from sim.experiments.sweeps.study import load
from sim.experiments.sweeps.tables import SweepStudy, write
from sim.report.sweep_words import before
from sim.scenario import ScenarioError
from tests.experiments.fakes import GVA, NORTH, fake

FILE = """\
title: Small
scenarios: [long_term, piecemeal]
common: {population: {firms: 150}}
design: grid
runs: 3
years: 6
metrics: [gva, jobs]
keys:
  budget: {values: [100, 200, 300]}
  long_term:award_length: {low: 2, high: 10, steps: 2}
"""


@pytest.fixture(autouse=True)
def compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "_is_compiled", lambda: True)


def made_up(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Futures:
    """In each year, GVA of the North is budget × year + award length + the seed's luck."""
    found = fake(task, index, seed, is_stopped)
    totals = found.totals.copy()
    for number, one in enumerate(task.scenarios):
        years = np.arange(task.years + 1)
        length = one.programmes["places"].award_length
        totals[number, :, NORTH, GVA] = one.budget * years + length + seed % 10
    return Futures(index, seed, found.values, totals, found.money, found.programmes)


def sometimes_failing(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Futures:
    """The second run of long awards fails where the budget is 200."""
    for one in task.scenarios:
        is_long = one.programmes["places"].award_length == 10
        if is_long and one.budget == 200 and seed % 10 == 4:
            raise ZeroDivisionError("a fault\nof the model")
    return made_up(task, index, seed, is_stopped)


def deadly(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Futures:
    """The same run ends its process."""
    try:
        return sometimes_failing(task, index, seed, is_stopped)
    except ZeroDivisionError:
        os.kill(os.getpid(), signal.SIGKILL)
        raise


def interrupted(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Futures:
    """The person presses Ctrl-C while a run of the second point is lived."""
    if task.scenarios[0].programmes["places"].award_length == 10 and index == 1:
        os.kill(os.getppid(), signal.SIGINT)
        time.sleep(60.0)
    return made_up(task, index, seed, is_stopped)


def plan(folder: Path, text: str = FILE, simulate: Simulate = made_up) -> Plan:
    (folder / "small.yaml").write_text(text, encoding="utf-8")
    return plan_of(load(folder / "small.yaml"), simulate)


def lived(
    here: Plan, folder: Path, workers: int = 1, store: Store | None = None
) -> tuple[SweepStudy, Outcome]:
    with locked(folder):
        pieces = Pieces(folder)
        outcome = live_all(here, pieces, workers=workers, store=store)
        return write(here, pieces, outcome, folder, "", []), outcome


def tables(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.is_file() and path.name != "manifest.json"
    }


def test_tables_by_hand(tmp_path: Path) -> None:
    study, outcome = lived(plan(tmp_path), tmp_path / "out")
    assert (outcome.n_done, outcome.is_complete, outcome.failures) == (27, True, [])
    assert list(study.design.columns) == ["point", "budget", "long_term:award_length"]
    assert study.design.to_numpy().tolist()[:3] == [[1, 100, 2], [2, 100, 10], [3, 200, 2]]
    rows = study.summary.query("metric == 'gva' and point == 4").set_index(["scenario", "year"])
    level = rows[rows.baseline.isna()]
    # Seeds end in 3, 4 and 5: luck is 4 in the mean, and its t interval half 2.92 · 1 / √3.
    assert level.loc[("long_term", 6), "estimate"] == 200 * 6 + 10 + 4
    assert level.loc[("long_term", 5), "high"] == pytest.approx(1014 + 2.919986 / 3**0.5)
    assert level.loc[("piecemeal", 6), "estimate"] == 200 * 6 + 2 + 4
    paired = rows[rows.baseline == "piecemeal"].loc[("long_term", 6)]
    assert (paired.estimate, paired.low, paired.high, paired.n) == (8, 8, 8, 3)
    assert paired["long_term:award_length"] == 10 and paired.unit == "£m a year"
    outcomes = study.outcomes
    assert len(outcomes) == 6 * 2 * 3 * 7
    one = outcomes.query("point == 3 and scenario == 'piecemeal' and run == 2 and year == 4")
    assert one[["gva", "seed", "region"]].to_numpy().tolist() == [[806.0, 1000004, "north"]]
    columns = pd.read_csv(tmp_path / "out" / "columns.csv", encoding="utf-8-sig")
    assert set(outcomes.columns) <= set(columns.column)
    made = json.loads((tmp_path / "out" / "manifest.json").read_text())
    content = (tmp_path / "out" / "outcomes.parquet").read_bytes()
    assert made["outcomes_sha256"] == hashlib.sha256(content).hexdigest()


def test_workers_change_no_byte(tmp_path: Path) -> None:
    here = plan(tmp_path)
    lived(here, tmp_path / "one", workers=1)
    lived(here, tmp_path / "two", workers=2)
    assert tables(tmp_path / "one") == tables(tmp_path / "two")


def test_what_was_stopped_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    lived(plan(tmp_path), tmp_path / "whole")
    _, outcome = lived(plan(tmp_path, simulate=interrupted), tmp_path / "out")
    assert not outcome.is_complete and 6 <= outcome.n_done < 27
    _, rest = lived(plan(tmp_path), tmp_path / "out")
    assert rest.is_complete and rest.n_done == 27 - outcome.n_done
    assert tables(tmp_path / "out") == tables(tmp_path / "whole")
    _, nothing = lived(plan(tmp_path), tmp_path / "out")
    assert nothing.n_done == 0 and nothing.is_complete


@pytest.mark.parametrize("damage", [lambda b: b[:-20], lambda b: b[:99] + b"?" + b[100:]])
def test_damage_is_found_named_and_made_good(tmp_path: Path, damage: object) -> None:
    here, out = plan(tmp_path), tmp_path / "out"
    lived(here, out)
    before = tables(out)
    piece = next((out / "pieces").glob("*.npz"))
    piece.write_bytes(damage(piece.read_bytes()))  # type: ignore[operator]
    (out / "pieces" / "torn.part").write_bytes(b"half")
    study, outcome = lived(here, out)
    assert outcome.n_done > 0 and study.is_complete
    made = json.loads((out / "manifest.json").read_text())
    assert made["pieces_set_aside"] == [piece.name]
    assert (out / "pieces" / DAMAGED / piece.name).exists()
    assert not (out / "pieces" / "torn.part").exists()
    assert tables(out) == before


def test_an_edited_file_keeps_what_is_still_the_same(tmp_path: Path) -> None:
    out = tmp_path / "out"
    lived(plan(tmp_path), out)
    edited = FILE.replace("[100, 200, 300]", "[300, 400]").replace("Small", "Smaller")
    pieces = Pieces(out)
    here = plan(tmp_path, edited)
    assert {point for point, *_ in here.jobs(pieces)} == {2, 3}
    study, outcome = lived(here, out)
    assert outcome.n_done == 3 * 3
    rows = study.summary.query("metric == 'gva' and year == 6 and scenario == 'piecemeal'")
    assert rows.estimate.tolist() == [1806, 1806, 2406, 2406]
    # More runs keep the first ones; other years keep none.
    more = plan(tmp_path, edited.replace("runs: 3", "runs: 4"))
    assert {run for _, run, _ in more.jobs(Pieces(out))} == {3}
    assert len(list(plan(tmp_path, edited.replace("years: 6", "years: 5")).jobs(Pieces(out)))) == 12


@pytest.mark.parametrize(
    ("simulate", "workers"), [(sometimes_failing, 1), (deadly, 1), (deadly, 2)]
)
def test_a_failing_run_is_put_down_and_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, simulate: Simulate, workers: int
) -> None:
    monkeypatch.setattr(module, "_TRIES", 1)
    here = plan(tmp_path, simulate=simulate)
    study, outcome = lived(here, tmp_path / "out", workers)
    assert study.is_complete and outcome.n_done == 27
    failed = study.failures
    row = failed[failed.scenario == "long_term"].iloc[0]
    assert (row.point, row.run, row.seed) == (4, 2, 1000004)
    n = study.summary.query("point == 4 and metric == 'gva' and year == 6 and baseline.isna()")
    assert n.set_index("scenario").n["long_term"] == 2
    words = shlex.split(row.command)
    assert words[:2] == ["clustersim", "sweep"] and words[-2] == "--only"
    assert here.job_of(words[-1]) == (3, 1, (0,))
    if simulate is sometimes_failing:
        assert len(failed) == 1 and row.cause == "ZeroDivisionError: a fault of the model"
    else:
        assert "worker" in row.cause
    # Mended, only what failed is lived; nothing of the failure is left.
    mended, rest = lived(plan(tmp_path), tmp_path / "out")
    assert rest.n_done == len(failed) and mended.failures.empty


def test_a_point_that_is_not_sound_is_put_down_before_anything_is_lived(tmp_path: Path) -> None:
    text = FILE.replace("high: 10", "high: 30")
    here = plan(tmp_path, text)
    assert [(one.point, one.number, one.run) for one in here.flaws] == [
        (1, 0, -1), (3, 0, -1), (5, 0, -1),
    ]  # fmt: skip
    study, outcome = lived(here, tmp_path / "out")
    assert outcome.n_done == 18 and len(study.failures) == 3
    assert "30 years is longer than the horizon of 25 years" in study.failures.cause[0]
    command = study.failures.command[0]
    assert command.startswith("clustersim check ") and "award_length=30" in command


def test_a_store_gives_what_it_has_and_takes_what_is_lived(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    lived(plan(tmp_path), tmp_path / "whole", store=store)
    assert (store.n_asked, store.n_found, len(store)) == (27, 0, 27)
    again = Store(tmp_path / "store")
    lived(plan(tmp_path), tmp_path / "out", store=again)
    assert again.n_found == 27
    assert tables(tmp_path / "out") == tables(tmp_path / "whole")


def test_the_run_that_was_lived_to_see_goes_into_the_store_too(tmp_path: Path) -> None:
    here, out, store = plan(tmp_path), tmp_path / "out", Store(tmp_path / "store", spare=0)
    with locked(out):
        pieces = Pieces(out)
        outlook = outlook_of(here, pieces, out, 1, is_whole=True)
        live_all(here, pieces, workers=1, store=store, first=outlook.trial)
    assert len(store) == 27


def test_a_first_run_that_kills_its_process_does_not_end_the_sweep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_TRIES", 1)
    here, out = plan(tmp_path, simulate=deadly_at_first), tmp_path / "out"
    with locked(out):
        pieces = Pieces(out)
        outlook = outlook_of(here, pieces, out, 2)
        assert np.isnan(outlook.seconds) and outlook.disk > 0
        assert "killed its process" in before(here, outlook, 2)[-1]
        outcome = live_all(here, pieces, workers=2, first=outlook.trial)
    assert outcome.n_done == 27 and outcome.is_complete
    assert {(one.point, one.run) for one in outcome.failures} == {(0, 0)}
    # Alone it is left for the next call, and kills that one no more.
    _, again = lived(here, out, workers=2)
    assert again.n_done == len(again.failures) == len(outcome.failures)


def deadly_at_first(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Futures:
    """The first run of the first point ends its process."""
    first = task.scenarios[0]
    if first.budget == 100 and first.programmes["places"].award_length == 2 and index == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return made_up(task, index, seed, is_stopped)


def test_what_two_scenarios_share_at_a_point_is_lived_once(tmp_path: Path) -> None:
    """Another name makes no other future; a point of which nothing is its own is never new."""
    (tmp_path / "same.yaml").write_text("extends: long_term\ntitle: Another\n")
    text = FILE.split("keys:")[0].replace("grid", "list").replace("piecemeal", "./same.yaml")
    text += "at: [{budget: 100}, {}, {}]\n"
    here = plan(tmp_path, text)
    assert here.own == ((0,), (0,), ()) and here.n_runs == 6
    study, outcome = lived(here, tmp_path / "out")
    assert outcome.n_done == 6 and study.is_complete
    rows = study.summary.query("metric == 'gva' and year == 6 and baseline == 'same'")
    assert rows.estimate.tolist() == [0.0, 0.0, 0.0] and rows.n.tolist() == [3, 3, 3]
    outlook = outlook_of(here, Pieces(tmp_path / "out"), tmp_path / "out", 1)
    assert (outlook.new, outlook.others, outlook.to_live) == ((), 0, 0)


def test_a_spreadsheet_takes_no_name_for_a_formula(tmp_path: Path) -> None:
    (tmp_path / "=1+1.yaml").write_text("extends: piecemeal\n")
    study, _ = lived(plan(tmp_path, FILE.replace("piecemeal", "./=1+1.yaml")), tmp_path / "out")
    raw = pd.read_csv(tmp_path / "out" / "summary.csv", encoding="utf-8-sig")
    assert set(raw.scenario) == {"long_term", "'=1+1"}
    assert set(study.summary.scenario) == {"long_term", "=1+1"}
    assert set(study.summary.baseline.dropna()) == {"=1+1"}


def test_no_runs_are_refused(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(FILE, encoding="utf-8")
    with pytest.raises(ValueError, match="runs must be at least 1, not 0"):
        load(tmp_path / "small.yaml", runs=0)


def test_more_runs_than_anybody_means_are_refused_on_the_command_line_too(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(FILE, encoding="utf-8")
    assert load(tmp_path / "small.yaml", runs=833_333).sweep.runs == 833_333
    found = r"small.yaml: runs: 6 points × 2 scenarios × 833,334 runs are 10,000,008; expected at"
    with pytest.raises(ScenarioError, match=found):
        load(tmp_path / "small.yaml", runs=833_334)


def test_another_folder_and_another_process_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    with pytest.raises(FolderTaken, match="not the folder of a sweep"), locked(tmp_path / "mine"):
        pass
    with (
        locked(tmp_path / "out"),
        pytest.raises(FolderTaken, match="another sweep is at work"),
        locked(tmp_path / "out"),
    ):
        pass


def test_what_points_share_fails_at_all_of_them(tmp_path: Path) -> None:
    study, _ = lived(plan(tmp_path, simulate=broken_short), tmp_path / "out")
    failed = study.failures[study.failures.scenario == "piecemeal"]
    assert failed[["point", "run"]].to_numpy().tolist() == [
        [point, run] for point in (3, 4) for run in (1, 2, 3)
    ]
    assert failed.command.nunique() == 3


def broken_short(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Futures:
    """Short awards out of a budget of 200 fail."""
    for one in task.scenarios:
        if one.programmes["places"].award_length == 2 and one.budget == 200:
            raise OverflowError("too short")
    return made_up(task, index, seed, is_stopped)
