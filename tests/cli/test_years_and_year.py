"""``--years`` and ``--year`` together: a year of futures as long as those of ``compare``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.experiments.future import Task

WORDS = ["long_term", "piecemeal", "--firms", "60", "--years", "40", "--year", "10", "-q"]


class Planned(Exception):
    """What was planned; nothing is lived."""


def planned(monkeypatch: pytest.MonkeyPatch, lives: str, *words: str) -> Any:
    def stop(plan: Any, **_: object) -> None:
        raise Planned(plan)

    monkeypatch.setattr(lives, stop)
    monkeypatch.setenv("CLUSTERSIM_DEBUG", "1")
    done = CliRunner().invoke(app, [*words, *WORDS])
    assert isinstance(done.exception, Planned), done.output
    return done.exception.args[0]


def of_40_years(task: Task) -> bool:
    return task.years == 10 and [one.horizon for one in task.scenarios] == [40, 40]


def test_an_explanation_is_of_that_year_of_long_futures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ("explain", "--no-store", "--equalise")
    plan = planned(monkeypatch, "sim.experiments.attribution.attribute", *words)
    assert of_40_years(plan.task)
    assert any("over 40 years" in note for note in plan.notes)


def test_a_sensitivity_is_of_that_year_of_long_futures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    setting = planned(monkeypatch, "sim.experiments.sensitivity.lived", "sensitivity").setting
    assert of_40_years(setting.task)
    assert [one.scenario.horizon for one in setting.pair] == [40, 40]
