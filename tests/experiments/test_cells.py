"""A crossed experiment: cells by hand, levels pooled run by run, verdicts that stand, a figure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.experiments.cells import cells
from sim.experiments.experiment import ExperimentStudy, run_experiment
from sim.report.matrix_figure import matrix_figure
from sim.report.style import save
from sim.scenario import load_experiment
from sim.scenario.crossing import OF_CELLS

FILE = """\
title: Crossed
question: Which of the two?
figure: matrix
runs: 3
years: 1
common: {extends: long_term, population: {firms: 60}, burn_in: {years: 0}}
crossed:
  length: {long: {programmes: {projects: {award_length: 10}}}, short: {title: Short}}
  money: {more: {budget: 400}, less: {budget: 200}}
outcomes:
  known: {metric: knowledge}
findings:
  sure: {claim: Long is more, compare: [length.long, length.short], outcome: known, expect: above}
  faint: {claim: More is more, compare: [money.more, money.less], outcome: known, expect: above}
  none: {claim: Nothing is told, compare: [long-more, long-less], outcome: known, expect: above}
"""
VALUES = {
    "long-more": [9.0, 9.0, 12.0],
    "long-less": [7.0, 9.0, 12.0],
    "short-more": [3.0, 2.0, 3.0],
    "short-less": [1.0, 0.0, 1.0],
}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> ExperimentStudy:
    path = tmp_path_factory.mktemp("experiments") / "crossed.yaml"
    path.write_text(FILE, encoding="utf-8")
    return run_experiment(load_experiment(path), workers=1)


@pytest.fixture
def made_up(study: ExperimentStudy, monkeypatch: pytest.MonkeyPatch) -> ExperimentStudy:
    """The same study with other numbers in its arms."""
    assert study.ensemble is not None
    of_arms = np.array([VALUES[name] for name in study.ensemble.names])
    monkeypatch.setattr("sim.experiments.experiment.measured", lambda *_: of_arms)
    return ExperimentStudy(study.loaded, study.ensemble)


def test_a_cell_is_an_arm_less_the_mean_of_all_in_the_same_run(made_up: ExperimentStudy) -> None:
    table = cells(made_up)
    assert set(table.columns) == {"length", "money", *OF_CELLS}
    rows = table[table.outcome == "known"].set_index(["length", "money"])
    # The means of all arms are 5, 5 and 7: 4, 4 and 5 above, and t is 2.92 with 2 degrees.
    one = rows.loc[("long", "more")]
    assert (one.level, one.n, one.estimate) == (10.0, 3, pytest.approx(13 / 3))
    assert one.high - one.estimate == pytest.approx(2.919986 * (1 / 3) ** 0.5 / 3**0.5)
    assert rows.estimate.sum() == pytest.approx(0.0)


def test_a_level_is_the_mean_of_its_arms_run_by_run(made_up: ExperimentStudy) -> None:
    assert made_up.values["known"]["length.long"].tolist() == [8.0, 9.0, 12.0]
    assert made_up.title_of("length.short") == "Short" and made_up.title_of("money.less") == "less"


def test_a_verdict_stands_only_by_intervals_for_all_claims(made_up: ExperimentStudy) -> None:
    # Long less short: 6, 8, 10, t = 6.9. More less less: 2, 1, 1, t = 4.0. The quantile of one
    # claim is 2.9, that of three at once 5.3.
    assert [str(one.verdict) for one in made_up.results] == [
        "emerged", "emerged", "cannot be told",
    ]  # fmt: skip
    assert made_up.standing == (True, False, False)


def test_a_matrix_is_drawn(study: ExperimentStudy, tmp_path: Path) -> None:
    save(matrix_figure(study, "Which of the two?"), tmp_path / "matrix.png")
    assert (tmp_path / "matrix.png").stat().st_size > 1000
