"""The command line: what it prints, its exit codes, what it leaves behind; some as a process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import ROOT, as_process, call

SMALL = ["--firms", "150", "--years", "1", "--workers", "1"]
HEAVY = ("numpy", "numba", "pandas", "pydantic", "matplotlib", "scipy", "mesa", "networkx")


def test_help_names_the_commands_and_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom sim.cli import main\nsys.argv = ['clustersim', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.strip().endswith("[]"), done.stdout[-300:]
    for name in ("run", "compare", "report", "check", "list", "schema", "explain", "export"):
        assert name in done.stdout


def test_version(tmp_path: Path) -> None:
    assert as_process("--version", cwd=tmp_path).stdout.startswith("clustersim 0.")


def test_compare_prints_the_answer_and_writes_the_folder(tmp_path: Path) -> None:
    done = as_process("compare", "long_term", "piecemeal", "-n", "2", *SMALL, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "value added of the North's clusters" in done.stdout
    for word in ("Budget", "Spent", "present value", "Delivered", "not a forecast"):
        assert word in done.stdout, word
    folders = list((tmp_path / "results").iterdir())
    assert len(folders) == 1 and folders[0].name.startswith("long_term-vs-piecemeal-2")
    made = json.loads((folders[0] / "manifest.json").read_text(encoding="utf-8"))
    assert made["command"].startswith("clustersim compare long_term piecemeal -n 2")


@pytest.mark.usefixtures("undrawn")
def test_a_blend_joins_the_comparison_quietly(tmp_path: Path) -> None:
    words = ["long_term", "piecemeal", "--blend", "0.3", "-n", "2", *SMALL, "-q", "-o", "out"]
    done = call("compare", *words, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    made = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert list(made["scenarios"]) == ["long_term", "piecemeal", "long_term~piecemeal@0.3"]


@pytest.mark.usefixtures("undrawn")
def test_unequal_money_is_said_on_the_terminal(tmp_path: Path) -> None:
    done = call("compare", "long_term", "no_policy", "-n", "1", *SMALL, cwd=tmp_path)
    assert done.stdout.startswith("NOT THE SAME MONEY")


def test_run_of_one_scenario_with_a_setting(tmp_path: Path) -> None:
    done = call("run", "long_term", "--set", "budget=100", *SMALL, "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    made = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert made["scenarios"]["long_term"]["settled"]["budget"] == 100


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["compare", "long_trem", "piecemeal"], "did you mean 'long_term'?"),
        (["compare", "long_term"], "two scenarios or more"),
        (["compare", "long_term", "long_term"], "different names"),
        (["compare", "long_term", "mixed", "no_policy", "--blend", "0.5"], "two scenarios"),
        (["compare", "long_term", "piecemeal", "-n", "0"], "--runs"),
        (["compare", "long_term", "piecemeal", "--blend", "2"], "--blend"),
        (["compare", "long_term", "piecemeal", "-o", "taken", "-n", "1"], "--force"),
        (["compare", "long_term", "piecemeal", "--force", "-o", ".", "-n", "1"], "left alone"),
        (["run", "long_term", "--set", "budget"], "KEY=VALUE"),
        (["run", "long_term", "--set", "bugdet=3"], "did you mean 'budget'?"),
        (["run", "long_term", "--firms", "3"], "at least 50"),
        (["run", "long_term", "piecemeal"], "use compare"),
        (["run", "missing.yaml"], "missing.yaml"),
        (["run", "broken.yaml"], "broken.yaml:2:1: broken YAML"),
        (["check", "world", "--firms", "3"], "between 50"),
        (["export", "long_term", "--format", "xls"], "csv or parquet"),
        (["explain", "money"], "quarter"),
        (["compare", "long_term", "piecemeal", "--sede", "1"], "--sede"),
    ],
)
def test_mistakes_are_answered_in_words(words: list[str], message: str, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "manifest.json").write_text("{}")
    (tmp_path / "broken.yaml").write_text("title: [unclosed\n")
    before = sorted(tmp_path.rglob("*"))
    done = call(*words, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert done.stdout == ""
    assert sorted(tmp_path.rglob("*")) == before


def test_a_mistake_ends_the_process_without_a_traceback(tmp_path: Path) -> None:
    done = as_process("run", "long_trem", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean 'long_term'?" in done.stderr and "Traceback" not in done.stderr


def test_an_unwritable_folder_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = call("run", "long_term", *SMALL, "-o", "file/out", cwd=tmp_path)
    assert done.returncode == 1
    assert "cannot write the results to file/out" in done.stderr


def test_check_tells_sound_scenarios(tmp_path: Path) -> None:
    done = call("check", "long_term", "piecemeal", cwd=tmp_path)
    assert done.returncode == 0
    assert "long_term: sound" in done.stdout and "£300m a year" in done.stdout


def test_check_world_prints_margins(tmp_path: Path) -> None:
    done = call("check", "world", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "BERD by region" in done.stdout and "matched margins are within 1%" in done.stdout


def test_list_schema_and_explain(tmp_path: Path) -> None:
    assert "piecemeal" in call("list", cwd=tmp_path).stdout
    assert "$schema" in json.loads(call("schema", cwd=tmp_path).stdout)
    explained = call("explain", "quarter", "--firms", "150", cwd=tmp_path).stdout
    places = [explained.index(name) for name in ("fund", "plan", "innovate", "turn over")]
    assert places == sorted(places)
    assert "grant_research" in explained and " ms" in explained


def test_export_writes_tables_and_networks(tmp_path: Path) -> None:
    words = ["long_term", "--firms", "150", "--years", "1", "--format", "parquet", "-o", "out"]
    done = call("export", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    names = {path.name for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert {"organisations.parquet", "awards.parquet", "ties.parquet", "manifest.json"} <= names
    assert {"collaboration.graphml", "collaboration.gexf", "supply.gexf"} <= names


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_keeps_what_is_finished(workers: str, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "sim.cli", "compare", "long_term", "piecemeal"),
            *("-n", "5000", "--firms", "50", "--years", "1", "--set", "burn_in.years=0"),
            *("-w", workers, "-o", "out"),
        ],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if any(path.stat().st_size for path in tmp_path.glob(".out-*/outcomes.parquet")):
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert "of 5000 runs are finished and kept" in err
    assert "INTERRUPTED" in out and "Traceback" not in err
    made = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert 1 <= made["runs"] < 5000 and made["is_complete"] is False
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
