"""``clustersim sweep``: killed and resumed, dry, mistaken, and a failing run reproduced."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import sim
from sim.cli import app
from sim.experiments.future import Futures, IsStopped, Task, never, simulate
from sim.experiments.sweeps.plan import plan_of

ROOT = Path(__file__).parents[2]
FILE = """\
title: Tiny
scenarios: [long_term, piecemeal]
common:
  population: {firms: 150}
  burn_in: {years: 0}
design: sobol
points: 16
runs: 1
years: 2
keys:
  budget: {low: 100, high: 600}
  long_term:award_length: {low: 2, high: 10}
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.yaml").write_text(FILE, encoding="utf-8")
    return tmp_path


#: The command, which writes what it has lived at once: so it is killed in the midst of its runs.
WRITING = """\
from sim.experiments.sweeps import living
living.WRITING_INTERVAL = 0.01
from sim.cli import main
main()
"""


def start(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", WRITING, "sweep", "tiny.yaml", "-w", "1", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"},
    )


def call(*words: str) -> tuple[int, str]:
    """The command in this process: exit code, and all that it prints."""
    done = CliRunner().invoke(app, ["sweep", *words])
    return done.exit_code, done.output


def tables(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.is_file() and path.name != "manifest.json"
    }


def test_after_kill_9_it_goes_on_to_the_same_bytes(desk: Path) -> None:
    process = start("-q", "-o", "out")
    pieces = desk / "out" / "pieces"
    while not list(pieces.glob("*.npz")):
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.02)
    process.kill()
    process.communicate(timeout=60)
    assert process.returncode == -9
    kept = {path.name for path in pieces.glob("*.npz")}
    code, output = call("tiny.yaml", "-w", "1", "-o", "out")
    assert code == 0 and "are finished already and kept" in output
    assert kept < {path.name for path in pieces.glob("*.npz")}
    assert sim.sweep("tiny.yaml", workers=1, output="undisturbed").is_complete
    assert tables(desk / "out") == tables(desk / "undisturbed")
    assert len(pd.read_parquet(desk / "out" / "outcomes.parquet")) == 16 * 2 * 3


def pressing(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Futures:
    """The person presses Ctrl-C while the second point is lived, by the command's worker."""
    if task.scenarios[0].budget != 390.892:
        return simulate(task, index, seed, is_stopped)
    os.kill(os.getppid(), signal.SIGINT)
    time.sleep(60.0)
    raise AssertionError("the worker was not ended")


def test_after_ctrl_c_the_tables_are_of_what_is_finished(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = FILE.replace("firms: 150", "firms: 50").replace("years: 2", "years: 1")
    (desk / "tiny.yaml").write_text(text.replace("points: 16", "points: 4"), encoding="utf-8")
    monkeypatch.setattr(plan_of, "__defaults__", (pressing,))
    code, output = call("tiny.yaml", "-q", "-w", "1", "-o", "out")
    assert code == 130
    assert "2 of 8 runs were lived and are kept; the same command goes on from there" in output
    assert len(pd.read_parquet("out/outcomes.parquet")) == 2 * 2
    assert len(pd.read_csv("out/design.csv")) == 4


#: Futures that were begun in this process.
LIVED: list[tuple[str, int]] = []


def breaking(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Futures:
    """Of 300 a year, one long-term future fails."""
    for one in task.scenarios:
        LIVED.append((one.title, seed))
        if one.budget == 300 and seed == 1000004 and one.title == "Long-term":
            raise FloatingPointError("the world has ended")
    return simulate(task, index, seed, is_stopped)


def test_the_command_of_a_failure_reproduces_it(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_of, "__defaults__", (breaking,))
    text = FILE.replace("sobol\npoints: 16", "list\nat: [{budget: 200}, {budget: 300}]")
    text = text.replace("runs: 1", "runs: 2")
    (desk / "tiny.yaml").write_text(text.split("keys:")[0], encoding="utf-8")
    code, output = call("tiny.yaml", "-w", "1", "--set", "first_year=2027", "-o", "out")
    assert code == 0
    assert "1 failure; the most frequent cause, 1 time: FloatingPointError: the world" in output
    failed = pd.read_csv("out/failures.csv", encoding="utf-8-sig")
    assert failed[["point", "scenario", "run"]].to_numpy().tolist() == [[2, "long_term", 2]]
    words = shlex.split(failed.command[0])
    assert "--set=first_year=2027" in words
    code, output = call(*words[2:])
    assert code == 1 and "It fails: FloatingPointError: the world has ended" in output
    assert LIVED == [("Long-term", 1000004)]
    monkeypatch.setattr(plan_of, "__defaults__", (simulate,))
    code, output = call(*words[2:])
    assert code == 0 and "gva" in output
    code, output = call(*words[2:-1], "f00")
    assert code == 2 and "no run of tiny.yaml begins so" in output


def test_a_dry_run_says_what_it_takes_and_leaves_nothing(desk: Path) -> None:
    code, output = call("tiny.yaml", "--dry-run", "-w", "3")
    assert code == 0
    assert "16 points × 2 scenarios × 1 run: 32 runs of 2 years" in output
    assert "on 3 workers, and" in output and "of disk" in output
    assert {path.name for path in desk.iterdir()} == {"tiny.yaml"}


def test_a_mistake_names_file_line_and_remedy(desk: Path) -> None:
    (desk / "tiny.yaml").write_text(FILE.replace("budget:", "budgett:"), encoding="utf-8")
    code, output = call("tiny.yaml", "--dry-run")
    assert code == 2
    assert (
        output.strip()
        == "tiny.yaml:11:3: keys.budgett: there is no key 'budgett'; did you mean 'budget'?"
    )
    code, output = call("tinny.yaml")
    assert code == 2 and "did you mean 'tiny.yaml'?" in output
    (desk / "mine").mkdir()
    (desk / "mine" / "thesis.txt").write_text("mine")
    (desk / "tiny.yaml").write_text(FILE, encoding="utf-8")
    code, output = call("tiny.yaml", "-o", "mine")
    assert code == 2 and "is not the folder of a sweep" in output
