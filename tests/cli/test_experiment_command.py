"""``clustersim experiment``, as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
from command import call

FILE = """\
title: Short of money
question: Does money matter?
runs: 2
years: 2
common: {population: {firms: 150}, burn_in: {years: 0}}
arms:
  with_money: {extends: long_term, title: With money}
  without: {extends: no_policy, title: Without}
outcomes:
  research: {metric: rd_performed, title: Research performed, last_years: 2}
findings:
  pays: {claim: Money buys research, compare: [with_money, without], outcome: research,
         expect: above, source: "[51]"}
"""


def test_an_experiment_end_to_end(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(FILE, encoding="utf-8")
    done = call("experiment", "mine.yaml", "-w", "1", "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Money buys research:" in done.stdout
    assert "Value added, With money minus Without" in done.stdout
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {
        "experiment.md", "experiment.png", "experiment.svg", "findings.csv", "outcomes.csv",
        "manifest.json",
    }  # fmt: skip
    found = pd.read_csv(tmp_path / "out" / "findings.csv", encoding="utf-8-sig")
    assert found.verdict.tolist() == ["emerged"]
    made = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert (made["runs"], made["years"], made["verdicts"]) == (2, 2, {"pays": "emerged"})
    again = call("experiment", "mine.yaml", "-w", "1", "-o", "out", cwd=tmp_path)
    assert again.returncode == 2
    assert "out exists already: use --force" in again.stderr


def test_mistakes_in_several_files_are_told_before_anything_is_run(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FILE.replace("claim", "clam"), encoding="utf-8")
    done = call("experiment", "a.yaml", "concentrtion", cwd=tmp_path)
    assert done.returncode == 2
    assert "a.yaml:12:10: findings.pays.clam: unknown key; did you mean 'claim'?" in done.stderr
    assert "there is no experiment 'concentrtion'" in done.stderr
    assert "did you mean 'concentration'?" in done.stderr
    assert not (tmp_path / "results").exists()


def test_without_a_name_they_are_listed(tmp_path: Path) -> None:
    done = call("experiment", cwd=tmp_path)
    assert done.returncode == 0
    assert "concentration" in done.stdout
